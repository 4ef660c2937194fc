import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readRoomFile, writeRoomFile } from './room-file.ts';

const file = { name: 'arena', roomId: 'r1', options: { map: 'east' }, schemaHash: 'h', tick: 7, bytes: Uint8Array.of(1, 2, 3) };

test('[GE11] a file is read as it was written; of what is spoilt or cut nothing is taken', () => {
  const written = writeRoomFile(file);
  expect(readRoomFile(written)).toEqual(file);
  for (let length = 0; length < written.length; length++) expect(readRoomFile(written.slice(0, length))).toBeTypeOf('string');
  fc.assert(
    fc.property(fc.array(fc.nat(255), { maxLength: 300 }), (numbers) => {
      const bytes = Uint8Array.from(numbers);
      expect(readRoomFile(bytes)).toBeTypeOf('string');
      const read = readRoomFile(writeRoomFile({ ...file, bytes }));
      expect(typeof read === 'string' ? read : [...read.bytes]).toEqual(numbers);
    }),
  );
  fc.assert(
    fc.property(fc.nat(written.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const spoilt = Uint8Array.from(written, (byte, index) => (index === at ? byte ^ by : byte));
      const read = readRoomFile(spoilt);
      if (typeof read !== 'string') expect(read.bytes).toEqual(file.bytes);
    }),
  );
});
