import { expect, test } from 'vitest';
import { measureRewind } from './rewind-cpu.ts';

test('[RW13] what a rewind costs is measured: with every player looked at, one, and none', () => {
  const cost = measureRewind(8, 1);
  expect(cost).toMatchObject({ players: 8, rewinds: 8 * 60 });
  // Everyone but who has not been heard of yet: nobody is hidden in the arena.
  expect(cost.shown).toBeGreaterThan(7.5);
  for (const ns of [cost.medianNs, cost.getNs, cost.emptyNs]) expect(ns).toBeGreaterThan(0);
  expect(cost.p99Ns).toBeGreaterThanOrEqual(cost.medianNs);
  expect(cost.perPlayerNs * cost.shown).toBeCloseTo(cost.medianNs, 3);
});
