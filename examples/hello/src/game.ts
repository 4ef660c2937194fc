// What exists and how it moves. The server and the page both import this file.
import { defineGame, entity, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'hello',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    square: entity({ pos: f.vec2(0, 600, { wire: 1 / 8 }), hue: f.uint(359) }, { predict: 'owner' }),
  },
  input: { move: f.vec2(-1, 1, { step: 1 / 8 }) },
  steps: {
    square(square, input, { dt }) {
      square.pos.x += input.move.x * 300 * dt;
      square.pos.y += input.move.y * 300 * dt;
    },
  },
});
