import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from './bits.ts';

/** A width of 0 to 32 bits and a value that fits it, the largest one often. */
const field = fc
  .integer({ min: 0, max: 32 })
  .chain((bits) => fc.tuple(fc.oneof(fc.integer({ min: 0, max: 2 ** bits - 1 }), fc.constant(2 ** bits - 1)), fc.constant(bits)));

const word = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 2 ** 32 - 1 }));

describe('BitWriter and BitReader', () => {
  it('[BT1] values come back at every width, with nothing between them and zeros to fill the last byte', () => {
    fc.assert(
      fc.property(fc.array(field, { maxLength: 60 }), (fields) => {
        const bits = fields.reduce((sum, [, width]) => sum + width, 0);
        const writer = new BitWriter(256);
        for (const [value, width] of fields) writer.write(value, width);
        expect(writer.bitLength).toBe(bits);
        expect(writer.byteLength).toBe(Math.ceil(bits / 8));
        const bytes = writer.finish();
        expect(bytes.length).toBe(Math.ceil(bits / 8));
        const reader = readerOf(bytes);
        expect(fields.map(([, width]) => reader.read(width))).toEqual(fields.map(([value]) => value));
        expect(reader.bitsLeft).toBe(bytes.length * 8 - bits);
        expect(reader.read(reader.bitsLeft)).toBe(0);
        expect(reader.failed).toBe(false);
      }),
    );
  });

  it('[BT1] the first value stands in the lowest bits of the first byte', () => {
    const writer = new BitWriter(16);
    writer.write(0b101, 3);
    writer.write(0b1, 1);
    writer.write(0xabc, 12);
    writer.write(0x12345678, 32);
    writer.write(1, 1);
    expect([...writer.finish()]).toEqual([0xcd, 0xab, 0x78, 0x56, 0x34, 0x12, 0x01]);
  });

  it('[BT1] a writer that was reset writes as a new one', () => {
    const writer = new BitWriter(8);
    writer.write(0xfff, 12);
    writer.reset();
    writer.write(1, 4);
    expect([...writer.finish()]).toEqual([1]);
  });

  it('[BT2] what does not fit its width throws and writes nothing', () => {
    const writer = new BitWriter(64);
    writer.write(5, 3);
    for (let bits = 0; bits <= 32; bits++) {
      for (const bad of [2 ** bits, -1, 2 ** 32, 2 ** 32 + 1, 0.5, Number.NaN, Number.POSITIVE_INFINITY, -(2 ** 31)]) {
        expect(() => writer.write(bad, bits), `${bad} in ${bits} bits`).toThrow(RangeError);
      }
    }
    for (const bad of [-1, 0.5, 2 ** 32, Number.NaN]) expect(() => writer.writeVar(bad), `${bad}`).toThrow(RangeError);
    expect(writer.bitLength).toBe(3);
  });

  it('[BT3] an integer of variable length takes 5 bits for each 4 of its own, and comes back', () => {
    fc.assert(
      fc.property(fc.array(word, { maxLength: 30 }), fc.integer({ min: 0, max: 7 }), (values, offset) => {
        const writer = new BitWriter(256);
        writer.write(0, offset);
        for (const value of values) {
          const before = writer.bitLength;
          writer.writeVar(value);
          expect(writer.bitLength - before).toBe(5 * Math.max(1, Math.ceil(value.toString(2).length / 4)));
        }
        const reader = readerOf(writer.finish());
        reader.read(offset);
        expect(values.map(() => reader.readVar())).toEqual(values);
        expect(reader.failed).toBe(false);
      }),
    );
  });

  it('[BT6] a buffer that is full throws, at the last bits too, and keeps what it has', () => {
    for (const bits of [1, 3, 8]) {
      const writer = new BitWriter(2);
      writer.write(0xabcd, 16);
      expect(() => {
        writer.write(1, bits);
        writer.finish();
      }).toThrow(RangeError);
    }
    const exact = new BitWriter(2);
    exact.write(0xabcd, 16);
    expect([...exact.finish()]).toEqual([0xcd, 0xab]);
    expect([...exact.finish()]).toEqual([0xcd, 0xab]);
  });

  it('[BT7] a read past the end gives 0 and fails, from then on until reset, and never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.array(fc.integer({ min: -1, max: 32 }), { minLength: 1, maxLength: 60 }), (bytes, widths) => {
        const reader = readerOf(bytes);
        let left = bytes.length * 8;
        for (const width of widths) {
          const before = reader.failed;
          const value = width < 0 ? reader.readVar() : reader.read(width);
          expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
          if (width >= 0) {
            if (width > left) expect([value, reader.failed, reader.bitsLeft]).toEqual([0, true, 0]);
            else expect(value < 2 ** width).toBe(true);
          }
          if (before) expect(reader.failed).toBe(true);
          left = reader.bitsLeft;
        }
        reader.reset(bytes);
        expect([reader.failed, reader.bitsLeft]).toEqual([false, bytes.length * 8]);
      }),
    );
  });

  it('[BT7] an integer of variable length that ends too early or never is 0 and fails', () => {
    const early = readerOf(Uint8Array.of(0xff));
    expect([early.readVar(), early.failed]).toEqual([0, true]);
    const endless = readerOf(new Uint8Array(64).fill(0xff));
    expect([endless.readVar(), endless.failed, endless.bitsLeft]).toEqual([0, true, 64 * 8 - 40]);
  });

  it('[BT8] a reader of a part of an array sees nothing outside it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(20), fc.nat(20), (bytes, one, other) => {
        const from = Math.min(one, other, bytes.length);
        const to = Math.min(Math.max(one, other), bytes.length);
        const reader = new BitReader();
        reader.reset(bytes, from, to);
        expect(reader.bitsLeft).toBe((to - from) * 8);
        const read: number[] = [];
        while (reader.bitsLeft > 0) read.push(reader.read(8));
        expect(read).toEqual([...bytes.subarray(from, to)]);
        expect([reader.read(1), reader.failed]).toEqual([0, true]);
      }),
    );
  });
});

function readerOf(bytes: Uint8Array): BitReader {
  const reader = new BitReader();
  reader.reset(bytes);
  return reader;
}
