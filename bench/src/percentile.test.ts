import { expect, test } from 'vitest';
import { percentile } from './percentile.ts';

test('[BE3] a percentile is the sample of the nearest rank, and NaN without samples', () => {
  const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
  expect([0, 1, 50, 95, 99, 100].map((percent) => percentile(hundred, percent))).toEqual([1, 1, 50, 95, 99, 100]);
  expect([50, 99].map((percent) => percentile([7], percent))).toEqual([7, 7]);
  expect(percentile([], 50)).toBeNaN();
});
