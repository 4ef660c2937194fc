import { limits } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { AddressRate } from './address-rate.ts';

test('[HO15] an address may so many times in ten seconds, and others are not touched; so many addresses are known', () => {
  const rate = new AddressRate(3);
  const times = (address: string, count: number, now: number): boolean[] => Array.from({ length: count }, () => rate.take(address, now));
  expect(times('a', 5, 0)).toEqual([true, true, true, false, false]);
  expect(times('b', 1, 1)).toEqual([true]);
  expect(times('a', 1, 9999)).toEqual([false]);
  expect(times('a', 4, 10_000)).toEqual([true, true, true, false]);
  for (let index = 0; index < limits.addressesWatched; index++) rate.take(`other ${index}`, 10_001);
  // It was forgotten, and begins anew.
  expect(times('a', 1, 10_002)).toEqual([true]);
});
