import fc from 'fast-check';
import { expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { entityId, type Slot, slotBits, slotOf, versionBits, versionOf } from './entity-id.ts';

it('[WD1] an id is a slot and a version in 30 bits, and gives both back', () => {
  expect(2 ** slotBits).toBe(limits.worldSlots);
  expect(slotBits + versionBits).toBe(30);
  fc.assert(
    fc.property(fc.nat(limits.worldSlots - 1), fc.nat(200_000), (slot, version) => {
      const id = entityId(slot as Slot, version);
      expect([slotOf(id), versionOf(id)]).toEqual([slot, version % 65_536]);
      expect(id >= 0 && id < 2 ** 30).toBe(true);
    }),
  );
});
