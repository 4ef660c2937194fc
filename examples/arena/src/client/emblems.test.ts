// The marks that tell players apart without colours.

import { expect, test } from 'vitest';
import { colourCount } from '../schema.ts';
import { emblems } from './emblems.ts';
import { playerColours } from './palette.ts';
import { emblemOf } from './textures.ts';

test('[PH13] every colour that a player may wear has a mark of its own', () => {
  expect(playerColours).toHaveLength(colourCount);
  const marks = playerColours.map((_, colour) => emblemOf(colour));
  expect(new Set(marks).size).toBe(colourCount);
  expect(new Set(emblems.map(strokesOf)).size).toBe(colourCount);
});

/** What is called on a pen, with its numbers. */
function strokesOf(draw: (pen: CanvasRenderingContext2D) => void): string {
  const calls: string[] = [];
  const pen = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...numbers: number[]) =>
          void calls.push(`${String(name)} ${numbers.map(Math.round)}`),
    },
  );
  draw(pen as CanvasRenderingContext2D);
  return calls.join('\n');
}
