// The count of each address, on a clock that the test holds in its hand.

import { limits } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { AddressRate } from './address-rate.ts';

test('[WS16] an address may ask so often in ten seconds, whatever the others do', () => {
  const rate = new AddressRate(3);
  const asks = (address: string, now: number): boolean[] => Array.from({ length: 5 }, () => rate.take(address, now));
  expect(asks('a', 0)).toEqual([true, true, true, false, false]);
  expect(asks('b', 9999)).toEqual([true, true, true, false, false]);
  expect(asks('a', 10_000)).toEqual([true, true, true, false, false]);
});

test('[WS16] when more addresses ask than are counted, those that are not in the table count as one', () => {
  const rate = new AddressRate(2);
  for (let number = 0; number < limits.addressesCounted; number++) expect(rate.take(`address ${number}`, 0)).toBe(true);
  expect(['x', 'y', 'z'].map((address) => rate.take(address, 0))).toEqual([true, true, false]);
  expect(rate.take('address 7', 0)).toBe(true);
  expect(rate.take('z', 10_000)).toBe(true);
});
