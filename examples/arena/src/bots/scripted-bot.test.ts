import { expect, test } from 'vitest';
import { botInput } from './scripted-bot.ts';

test('[AR15] a bot does the same in the same tick, and two bots do not do the same', () => {
  const run = (seed: number) => Array.from({ length: 300 }, (_, tick) => botInput(tick, seed));
  expect(run(1)).toEqual(run(1));
  expect(run(1)).not.toEqual(run(2));
});

test('[AR15] every bot walks in many directions, stands at times, and shoots some of the time', () => {
  for (let seed = 0; seed < 10; seed++) {
    const inputs = Array.from({ length: 3000 }, (_, tick) => botInput(tick, seed));
    const directions = new Set(inputs.map(({ move }) => `${move?.x} ${move?.y}`));
    expect(directions.size).toBeGreaterThan(6);
    const firing = inputs.filter(({ fire }) => fire).length / inputs.length;
    expect(firing).toBeGreaterThan(0.4);
    expect(firing).toBeLessThan(0.8);
    for (const { move } of inputs) expect(Math.hypot(move?.x ?? 0, move?.y ?? 0)).toBeLessThanOrEqual(1.000001);
  }
});
