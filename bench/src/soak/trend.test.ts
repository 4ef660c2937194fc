// Trends of made series: what is level, what grows, and what a few wild points may not hide.

import { Random } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { type Point, trendOf } from './trend.ts';

function series(seed: number, slope: number, noise: number, count = 60): Point[] {
  const dice = new Random(seed);
  // Noise as memory has it: mostly near, sometimes far off on one side.
  return Array.from({ length: count }, (_, x) => ({ x, y: 1000 + slope * x + dice.range(-noise, noise) + (dice.chance(0.1) ? 8 * noise : 0) }));
}

test('[SK1] a line is its slope, whatever the order of its points; fewer than three have none', () => {
  const line = series(1, 2.5, 0);
  expect(trendOf(line)).toEqual({ slope: 2.5, low: 2.5, high: 2.5 });
  expect(trendOf(line.toReversed())).toEqual(trendOf(line));
  expect(trendOf(line.slice(0, 2)).slope).toBeNaN();
});

test('[SK1] of 200 level series the lower bound is above nothing in no more than ten, of 200 that grow it says so in all but two', () => {
  let alarms = 0;
  let misses = 0;
  for (let seed = 1; seed <= 200; seed++) {
    if (trendOf(series(seed, 0, 100)).low > 0) alarms++;
    // In all of it half as much as the noise is wide, both ways.
    if (trendOf(series(seed, 3, 100)).low <= 0) misses++;
  }
  expect(alarms).toBeLessThanOrEqual(10);
  expect(misses).toBeLessThanOrEqual(2);
});

test('[SK1] a third of wild points moves the slope little', () => {
  const points = series(7, 5, 1, 90).map((point, index) => (index % 3 === 0 ? { ...point, y: 1e9 } : point));
  const { slope } = trendOf(points);
  expect(Math.abs(slope)).toBeLessThan(1e7);
  const { slope: fewer } = trendOf(points.filter((_, index) => index % 3 !== 0 || index % 4 === 0));
  expect(fewer).toBeGreaterThan(4.5);
  expect(fewer).toBeLessThan(5.5);
});
