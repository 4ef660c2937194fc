import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HashSink, hashWord, hashWords } from './hash.ts';

const word = fc.oneof(fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }), fc.constantFrom(0, 1, -1, 2 ** 31 - 1, -(2 ** 31)));

describe('Hash', () => {
  it('[HS1] the hash of words is the mixing step of MurmurHash3, computed apart with big integers', () => {
    fc.assert(
      fc.property(word, fc.array(word, { maxLength: 20 }), (seed, words) => {
        expect(hashWords(seed, Int32Array.from(words), 0, words.length)).toBe(words.reduce(mixed, seed));
      }),
    );
  });

  it('[HS1] known hashes: both ends, and rooms saved long ago, must agree on them', () => {
    expect([hashWord(0, 0), hashWord(0, 1), hashWord(1, 0), hashWord(-1, -1)]).toEqual([-430675100, 651101558, -430634140, -1203112466]);
    expect(hashWords(7, Int32Array.of(1, 2, 3), 0, 3)).toBe(758399118);
  });

  it('[HS2] the hash depends on every word, on their order and on the seed, and on no word beside them', () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 2, maxLength: 12 }), fc.nat(), word, word, (words, pick, other, seed) => {
        const index = pick % words.length;
        const rows = Int32Array.from([11, ...words, 22]);
        const hash = hashWords(seed, rows, 1, words.length);
        rows[0] = 33;
        rows[words.length + 1] = 44;
        expect(hashWords(seed, rows, 1, words.length)).toBe(hash);
        if (words[index] !== other) expect(hashWords(seed, Int32Array.from(words.with(index, other)), 0, words.length)).not.toBe(hash);
        const reversed = words.toReversed();
        if (reversed.join() !== words.join()) expect(hashWords(seed, Int32Array.from(reversed), 0, words.length)).not.toBe(hash);
        if (other !== seed) expect(hashWords(other, rows, 1, words.length)).not.toBe(hash);
      }),
    );
  });
  it('[HS3] the hash of what is written depends on every number, its width and their order, is 16 bits, and begins anew after a reset', () => {
    const numbers = fc.array(fc.tuple(fc.nat(1000), fc.integer({ min: 10, max: 32 })), { minLength: 2, maxLength: 10 });
    const sink = new HashSink();
    const hashOf = (list: readonly (readonly [number, number])[]): number => {
      sink.reset();
      for (const [value, bits] of list) sink.write(value, bits);
      return sink.value;
    };
    let alike = 0;
    let tried = 0;
    fc.assert(
      fc.property(numbers, fc.nat(9), (list, pick) => {
        const hash = hashOf(list);
        const index = pick % list.length;
        const [value, bits] = list[index] as [number, number];
        expect(hash).toBe(folded(list));
        expect(hash >= 0 && hash <= 0xffff).toBe(true);
        expect(hashOf(list)).toBe(hash);
        for (const other of [list.with(index, [value + 1, bits]), list.with(index, [value, bits + 1]), list.slice(1)]) {
          tried++;
          if (hashOf(other) === hash) alike++;
        }
      }),
      { numRuns: 500 },
    );
    // Of 16 bits one in 65,536 is alike by chance.
    expect(tried).toBe(1500);
    expect(alike).toBeLessThan(3);
  });
});

function folded(list: readonly (readonly [number, number])[]): number {
  const hash = list.reduce((seed, [value, bits]) => mixed(seed, value + bits), 0) >>> 0;
  return (hash % 65_536) ^ Math.floor(hash / 65_536);
}

/** One round of MurmurHash3_x86_32 on unsigned integers, as a signed one. */
function mixed(seed: number, next: number): number {
  const turn = (value: bigint, by: bigint) => BigInt.asUintN(32, (value << by) | (value >> (32n - by)));
  const times = (value: bigint, by: bigint) => BigInt.asUintN(32, value * by);
  const k = times(turn(times(BigInt.asUintN(32, BigInt(next)), 0xcc9e2d51n), 15n), 0x1b873593n);
  const h = turn(BigInt.asUintN(32, BigInt(seed)) ^ k, 13n);
  return Number(BigInt.asIntN(32, times(h, 5n) + 0xe6546b64n));
}
