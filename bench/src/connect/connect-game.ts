// The game of the connect suite: a square a player, and a marker that moves in every tick.
//
// It is as small as the smallest example: the suite measures connecting, not a game. The marker is there so that every snapshot has something to show.
// Units: those of the game's own fields.

import { defineGame, entity, f } from '@tickwire/shared';

export const roomName = 'connect';

export const game = defineGame({
  name: 'bench-connect',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    square: entity({ pos: f.vec2(0, 600, { wire: 1 / 8 }) }, { predict: 'owner' }),
    marker: entity({ at: f.uint(599) }),
  },
  input: { move: f.vec2(-1, 1, { step: 1 / 8 }) },
  steps: {
    square(square, input, { dt }) {
      square.pos.x += input.move.x * 300 * dt;
      square.pos.y += input.move.y * 300 * dt;
    },
  },
});
