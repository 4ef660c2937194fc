// The game of the Firefox tests: a square that walks, and numbered notes that go to the server and come back to everyone.
//
// Units: those of the game's own fields.

import { defineGame, entity, event, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'fox',
  tickHz: 60,
  snapshotHz: 20,
  entities: { square: entity({ pos: f.vec2(0, 600, { wire: 1 / 8 }) }, { predict: 'owner' }) },
  input: { move: f.vec2(-1, 1, { step: 1 / 8 }) },
  events: { note: event({ number: f.uint(1_000_000) }), noted: event({ number: f.uint(1_000_000), from: f.string(64) }) },
  steps: {
    square(square, input, { dt }) {
      square.pos.x += input.move.x * 300 * dt;
      square.pos.y += input.move.y * 300 * dt;
    },
  },
});
