import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Plain, packPlain, unpackAny, unpackPlain } from './plain.ts';

const { plain } = fc.letrec<{ plain: Plain }>((tie) => ({
  plain: fc.oneof(
    { maxDepth: 3 },
    fc.constant(null),
    fc.boolean(),
    fc.integer(),
    fc.maxSafeInteger(),
    fc.double({ noNaN: true }),
    fc.string({ unit: 'grapheme' }),
    fc.uint8Array(),
    fc.array(tie('plain'), { maxLength: 6 }),
    // msgpackr reads `__proto__` under another name, so that no message can set a prototype.
    fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== '__proto__'),
      tie('plain'),
      { maxKeys: 5, noNullPrototype: true },
    ),
  ),
}));

describe('Plain messages', () => {
  it('[MS7] a message comes back from its bytes, whatever was packed and read before it', () => {
    fc.assert(
      fc.property(fc.array(plain, { maxLength: 5 }), fc.uint8Array({ maxLength: 20 }), (message, garbage) => {
        const bytes = packPlain(message);
        const kept = Uint8Array.from(bytes);
        unpackAny(garbage);
        packPlain({ other: message, more: 1 });
        // No message shares bytes with a later one, and none depends on an earlier one.
        expect([...bytes]).toEqual([...kept]);
        expect([...packPlain(message)]).toEqual([...kept]);
        expect(asArrays(unpackPlain(kept))).toEqual(asArrays(message));
      }),
    );
  });

  it('[MS7] objects are maps with their names: msgpack of others reads them', () => {
    expect([...packPlain([{ a: 1 }])]).toEqual([0x91, 0x81, 0xa1, 0x61, 1]);
    expect([...packPlain([6, 300, 'x', null, true])]).toEqual([0x95, 6, 0xcd, 1, 44, 0xa1, 0x78, 0xc0, 0xc3]);
  });

  it('[MS8] no message sets a prototype', () => {
    const [read] = unpackPlain(packPlain([JSON.parse('{"__proto__":{"isAdmin":true}}')])) as [{ isAdmin?: boolean }];
    expect([read.isAdmin, Object.getPrototypeOf(read)]).toEqual([undefined, Object.prototype]);
  });

  it('[MS8] any bytes are read without a throw, and what is no array is no message', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.uint8Array({ maxLength: 60 }),
          plain.map((value) => Uint8Array.from(packPlain(value))),
        ),
        (bytes) => {
          const value = unpackAny(bytes);
          const message = unpackPlain(bytes);
          expect(message === undefined).toBe(!Array.isArray(value));
        },
      ),
      { numRuns: 3000 },
    );
    for (const bytes of [
      [],
      [0xc1],
      [0x80],
      [5],
      [0x92, 1],
      [0x91, 1, 1],
      [0xdd, 0xff, 0xff, 0xff, 0xff],
      [0xc6, 0x7f, 0xff, 0xff, 0xff],
      [0xdf, 0xff, 0xff, 0xff, 0xff],
    ]) {
      expect(unpackPlain(Uint8Array.from(bytes)), `${bytes}`).toBeUndefined();
    }
    expect(unpackPlain(Uint8Array.of(0x91, 5))).toEqual([5]);
  });

  it('[MS8] arrays within arrays to the last byte of a message end it without a throw, and the next one is read', () => {
    for (const nested of [0x91, 0x81, 0xdc]) {
      unpackAny(new Uint8Array(16_384).fill(nested));
      expect(unpackPlain(Uint8Array.of(0x92, 1, 2))).toEqual([1, 2]);
    }
  });
});

/** With every byte array as a plain one, since Node gives Buffers. */
function asArrays(value: unknown): unknown {
  if (value instanceof Uint8Array) return [...value];
  if (Array.isArray(value)) return value.map(asArrays);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, asArrays(one)]));
  return Object.is(value, -0) ? 0 : value;
}
