// The tail of a distribution, from few values and from many, against the truth.

import { Random } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { LateTail } from './late-tail.ts';

/** Three uniform numbers: bell-shaped, sd 2/3 of a tick for a width of 4. */
const bell = (random: Random, width: number): number => ((random.next() + random.next() + random.next()) / 3) * width;

const sources: [name: string, draw: (random: Random) => number][] = [
  ['no jitter', () => 7.3],
  ['jitter of 2.4 ticks', (random) => bell(random, 2.4)],
  ['jitter of 12 ticks', (random) => bell(random, 12)],
  ['5 % loss of packets a tick apart', (random) => lost(random, 0.05, 1) + bell(random, 2.4)],
  ['5 % loss of packets two ticks apart', (random) => lost(random, 0.05, 2) + bell(random, 2.4)],
  ['a long tail', (random) => -2 * Math.log(1 - random.next())],
];

function lost(random: Random, loss: number, ticks: number): number {
  let late = 0;
  while (random.chance(loss)) late += ticks;
  return late;
}

/** What a share exceeds, counted. */
function counted(draw: (random: Random) => number, share: number): number {
  const random = new Random(99);
  const all = Array.from({ length: 300_000 }, () => draw(random)).sort((a, b) => b - a);
  return all[Math.floor(share * all.length)] as number;
}

describe('LateTail', () => {
  for (const [name, draw] of sources) {
    it(`[TM1] of ${name} a share is told well, seen or not`, () => {
      for (const share of [0.5, 0.25, 0.05, 1e-2, 1e-3, 3e-4]) {
        const truth = counted(draw, share);
        for (const seen of [1000, 20_000]) {
          const random = new Random(5);
          const tail = new LateTail(3600);
          for (let count = 0; count < seen; count++) tail.add(draw(random), 1);
          const told = tail.exceededBy(share);
          // A quarter of a tick is a bucket; the exponential tail is longer than that of a bell, and its length is known to a tenth or so.
          expect(told, `${share} of ${seen}`).toBeGreaterThan(truth - 0.6 - truth * 0.15);
          expect(told, `${share} of ${seen}`).toBeLessThan(truth + 0.6 + truth * 0.35);
        }
      }
    });
  }

  it('[TM1] a span is each value in it, by its length; values far out are clipped, and old ones are forgotten', () => {
    const tail = new LateTail(1000);
    for (let count = 0; count < 300; count++) tail.addSpan(2, 5);
    expect(tail.added).toBeCloseTo(900);
    expect(tail.exceededBy(0.5)).toBeCloseTo(3.5, 1);
    expect(tail.exceededBy(0.1)).toBeCloseTo(4.7, 1);
    expect(tail.exceededBy(1e-3)).toBeLessThan(5.5);
    tail.addSpan(6, 6);
    tail.addSpan(Number.NaN, 9);
    tail.add(1e9, 1);
    tail.add(-1e9, 1);
    expect(tail.exceededBy(0.5)).toBeCloseTo(3.5, 1);
    for (let count = 0; count < 9000; count++) tail.add(1, 1);
    expect(tail.exceededBy(0.01)).toBeLessThan(1.3);
    tail.clear();
    expect(tail.added).toBe(0);
  });
});
