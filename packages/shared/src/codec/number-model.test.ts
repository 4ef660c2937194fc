import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activities, ages, groupOf, neighbours } from './contexts.ts';
import { readOff, writeOff } from './number-model.ts';
import { Decisions, encodeDecisions, RangeDecoder } from './range-coder.ts';
import { codecTable } from './table.ts';

interface Coded {
  readonly off: number;
  readonly what: number;
  readonly group: number;
  readonly velocity: number;
}

const ends = fc.nat(31).chain((bits) => fc.constantFrom(2 ** bits, 2 ** bits - 1, 2 ** bits + 1, 2 ** (bits + 1) - 1));
const off = fc.tuple(fc.oneof(ends, fc.nat(70), fc.nat(2 ** 32 - 1)), fc.boolean()).map(([size, negative]) => (negative ? 0 - size : size));
const number: fc.Arbitrary<Coded> = fc
  .tuple(off, fc.nat(3), fc.nat(activities - 1), fc.nat(ages - 1), fc.nat(neighbours - 1), fc.constantFrom(-1, 0, 1))
  .map(([size, what, activity, age, neighbour, velocity]) => ({ off: size, what, group: groupOf(what, activity, age, neighbour), velocity }));

function throughBytes(numbers: readonly Coded[]): number[] {
  const out = new Decisions();
  for (const one of numbers) writeOff(out, one.off, one.group, one.what, one.velocity);
  out.writeVar(77);
  const bytes = new Uint8Array(out.length * 2 + 16);
  const length = encodeDecisions(codecTable, out.list, 0, out.length, bytes, 0, bytes.length);
  const decoder = new RangeDecoder(codecTable);
  decoder.reset(bytes, 0, length);
  const read = numbers.map(({ group, what, velocity }) => readOff(decoder, group, what, velocity));
  expect([decoder.readVar(), decoder.failed]).toEqual([77, false]);
  return read;
}

describe('the number model', () => {
  it('[CD11] every magnitude of 32 bits comes back with its sign, in every group and whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 30, size: 'max' }), (numbers) => {
        expect(throughBytes(numbers)).toEqual(numbers.map((one) => one.off));
      }),
      { numRuns: 200 },
    );
    const all: Coded[] = [];
    for (let bits = 0; bits < 32; bits++)
      for (const size of [2 ** bits, 2 ** bits * 2 - 1, 2 ** bits + 2 ** (bits - 1)])
        for (const sign of [1, -1]) all.push({ off: Math.floor(size) * sign, what: 0, group: groupOf(0, 5, 0, 2), velocity: sign });
    expect(throughBytes(all)).toEqual(all.map((one) => one.off));
  });

  it('[CD11] what is as predicted takes one decision, and what is not takes two for its sign and two for each bit at most', () => {
    const decisions = (size: number): number => {
      const out = new Decisions();
      writeOff(out, size, groupOf(0, 3, 0, 0), 0, 1);
      return out.length;
    };
    expect(decisions(0)).toBe(1);
    for (let bits = 0; bits < 32; bits++) expect(decisions(2 ** bits)).toBeLessThanOrEqual(2 + 2 * bits + 1);
  });
});
