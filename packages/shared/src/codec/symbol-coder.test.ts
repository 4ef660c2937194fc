import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decisions, encodeDecisions, evenContext, RangeDecoder } from './range-coder.ts';

/** Zeros that an encoder leaves out at most, and that a decoder takes for granted. */
const zerosLeftOut = 56;
const zerosTaken = 64;
const FOREIGN = 0xa5;

const contexts = 8;
const probability = fc.oneof(fc.constantFrom(1, 4095, 16, 4080, 2048), fc.integer({ min: 1, max: 4095 }));
/** Context 0 is even in every table; the rest is anything. */
const table = fc.array(probability, { minLength: contexts - 1, maxLength: contexts - 1 }).map((rest) => Uint16Array.from([2048, ...rest]));

interface Run {
  readonly context: number;
  readonly bit: number;
  readonly times: number;
}
const times = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 1, max: 4 }) }, { weight: 1, arbitrary: fc.integer({ min: 1, max: 300 }) });
const runs = fc.array(fc.record({ context: fc.nat(contexts - 1), bit: fc.nat(1), times }), { maxLength: 120, size: 'max' });

function decided(list: readonly Run[]): Decisions {
  const decisions = new Decisions();
  for (const { context, bit, times: count } of list) for (let index = 0; index < count; index++) decisions.bit(context, bit);
  return decisions;
}

/** Encodes with room to spare. */
function coded(probabilities: Uint16Array, { list, length }: Decisions, from = 0): Uint8Array {
  const out = new Uint8Array(length * 2 + 16);
  const bytes = encodeDecisions(probabilities, list, from, length, out, 0, out.length);
  return out.slice(0, bytes);
}

/** What decisions narrow the whole range to, in exact numbers: from `low` on, `range` wide, in units of 256^-bytes. */
function exactly(probabilities: Uint16Array, { list, length }: Decisions): { low: bigint; range: bigint; bytes: number } {
  let low = 0n;
  let range = 0xffffffffn;
  let bytes = 4;
  for (const decision of list.subarray(0, length)) {
    const bound = (range >> 12n) * BigInt(probabilities[decision >>> 1] as number);
    low += (decision & 1) === 0 ? 0n : bound;
    range = (decision & 1) === 0 ? bound : range - bound;
    for (; range < 1n << 24n; bytes++) {
      low <<= 8n;
      range <<= 8n;
    }
  }
  return { low, range, bytes };
}

/** The fewest bytes, followed by zeros without end, that lie within a range. */
function fewestBytes({ low, range, bytes }: { low: bigint; range: bigint; bytes: number }): number[] {
  const rounded = (count: number): bigint => {
    const unit = BigInt(8 * (bytes - count));
    return (low + (1n << unit) - 1n) >> unit;
  };
  let [least, most] = [0, bytes];
  while (least < most) {
    const count = (least + most) >> 1;
    if (rounded(count) << BigInt(8 * (bytes - count)) < low + range) most = count;
    else least = count + 1;
  }
  const hex = rounded(least)
    .toString(16)
    .padStart(least * 2, '0');
  return least === 0 ? [] : (hex.match(/../g) as string[]).map((digits) => Number.parseInt(digits, 16));
}

describe('the range coder', () => {
  it('[CD1] what was decided is decoded, thousands of decisions long and however likely they were', () => {
    let longest = 0;
    fc.assert(
      fc.property(table, runs, fc.nat(300), (probabilities, list, skipped) => {
        const decisions = decided(list);
        longest = Math.max(longest, decisions.length);
        const from = Math.min(skipped, decisions.length);
        const bytes = coded(probabilities, decisions, from);
        const decoder = new RangeDecoder(probabilities);
        decoder.reset(bytes, 0, bytes.length);
        for (let index = from; index < decisions.length; index++) {
          const decision = decisions.list[index] as number;
          if (decoder.bit(decision >>> 1) !== (decision & 1)) throw new Error(`decision ${index} of ${decisions.length} is wrong`);
        }
        expect(decoder.failed).toBe(false);
      }),
      { numRuns: 150 },
    );
    expect(longest).toBeGreaterThan(2000);
  });

  it('[CD2] the bytes are the fewest that say it, found by exact arithmetic; of zeros at the end 56 are left out at most', () => {
    fc.assert(
      fc.property(table, runs, (probabilities, list) => {
        const decisions = decided(list);
        const range = exactly(probabilities, decisions);
        const wanted = fewestBytes(range);
        while (wanted.length < range.bytes - zerosLeftOut) wanted.push(0);
        expect([...coded(probabilities, decisions)]).toEqual(wanted);
      }),
      { numRuns: 60 },
    );
    // A carry through several bytes: the upper half of an even decision's range, then a step across its end.
    const carrying = Array.from({ length: 400 }, (_, index) => ({ context: index % 40 === 39 ? 1 : 0, bit: 1, times: 1 }));
    const decisions = decided(carrying);
    const probabilities = Uint16Array.from([2048, 4095]);
    expect([...coded(probabilities, decisions)]).toEqual(fewestBytes(exactly(probabilities, decisions)));
  });

  it('[CD3] it gives -1 when the bytes do not fit, else the same bytes wherever they begin, and touches nothing around them', () => {
    fc.assert(
      fc.property(table, runs, fc.nat(5), (probabilities, list, at) => {
        const decisions = decided(list);
        const bytes = coded(probabilities, decisions);
        const zeros = exactly(probabilities, decisions).bytes - bytes.length;
        let least = -1;
        for (const room of [...[-6, -2, -1, 0, 1, 2, 3, 4].map((more) => Math.max(0, bytes.length + more)), bytes.length + zeros]) {
          const out = new Uint8Array(at + room + 3).fill(FOREIGN);
          const length = encodeDecisions(probabilities, decisions.list, 0, decisions.length, out, at, at + room);
          expect([...out.subarray(0, at), ...out.subarray(at + room)]).toEqual(Array(at + 3).fill(FOREIGN));
          if (length < 0 && least < 0) continue;
          if (least < 0) least = room;
          expect(Buffer.from(out.subarray(at, at + Math.max(0, length)))).toEqual(Buffer.from(bytes));
        }
        // Zeros that would be left out may need their room first.
        expect(least).toBeGreaterThanOrEqual(bytes.length);
        expect(least).toBeLessThanOrEqual(bytes.length + zeros);
      }),
      { numRuns: 60 },
    );
    const decisions = new Decisions();
    for (const byte of [1, 2, 3, 255, 254]) decisions.write(byte, 8);
    const fits = [0, 1, 2, 3, 4, 5].map((end) =>
      encodeDecisions(Uint16Array.of(2048), decisions.list, 0, decisions.length, new Uint8Array(9), 0, end),
    );
    expect(fits).toEqual([-1, -1, -1, -1, -1, 5]);
  });

  it('[CD4] any bytes are decoded without a throw, and bytes outside of the part that was given have no say', () => {
    fc.assert(
      fc.property(
        table,
        fc.uint8Array({ maxLength: 40 }),
        fc.array(fc.nat(contexts - 1), { maxLength: 700, size: 'max' }),
        fc.nat(9),
        (p, bytes, asked, at) => {
          const alone = new RangeDecoder(p);
          alone.reset(bytes, 0, bytes.length);
          const amid = new RangeDecoder(p);
          amid.reset(Uint8Array.from([...Array(at).fill(FOREIGN), ...bytes, ...Array(99).fill(FOREIGN)]), at, at + bytes.length);
          for (const context of asked) {
            const bit = alone.bit(context);
            expect(bit === 0 || bit === 1).toBe(true);
            expect([amid.bit(context), amid.failed]).toEqual([bit, alone.failed]);
          }
          expect([typeof alone.read(32), typeof alone.readVar()]).toEqual(['number', 'number']);
        },
      ),
    );
  });

  it('[CD5] a decoder fails 64 bytes beyond the end, not before, until the next reset', () => {
    for (const length of [0, 1, 7, 100]) {
      const decoder = new RangeDecoder(Uint16Array.of(2048));
      const bytes = new Uint8Array(length).fill(0x35);
      decoder.reset(bytes, 0, length);
      expect(decoder.bitsLeft).toBe((length + zerosTaken - 4) * 8);
      for (let bit = 0; bit < (length + zerosTaken - 4) * 8 - 8; bit++) decoder.bit(evenContext);
      expect(decoder.failed).toBe(false);
      for (let bit = 0; bit < 24; bit++) decoder.bit(evenContext);
      expect(decoder.failed).toBe(true);
      decoder.reset(bytes, 0, length);
      expect(decoder.failed).toBe(false);
    }
    const endless = new RangeDecoder(Uint16Array.of(1));
    endless.reset(new Uint8Array(40).fill(0xff), 0, 40);
    expect([endless.readVar(), endless.failed]).toEqual([0, true]);
  });

  it('[CD6] long runs of zeros at the end are read back in full, and a text in them is not taken for one that is cut off', () => {
    for (const zeros of [1, 50, 60, 64, 70, 500, 1000]) {
      const decisions = new Decisions();
      decisions.write(zeros, 10);
      for (let index = 0; index < zeros; index++) decisions.write(0, 8);
      const bytes = coded(Uint16Array.of(2048), decisions);
      const decoder = new RangeDecoder(Uint16Array.of(2048));
      decoder.reset(bytes, 0, bytes.length);
      expect(decoder.read(10)).toBe(zeros);
      expect(decoder.bitsLeft).toBeGreaterThanOrEqual(zeros * 8);
      for (let index = 0; index < zeros; index++) expect(decoder.read(8)).toBe(0);
      expect([zeros, decoder.failed]).toEqual([zeros, false]);
    }
  });

  it('[CD7] a decision of context 0 costs one bit; numbers of a width and of any length come back', () => {
    const value = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1), fc.constantFrom(0, 15, 16, 2 ** 31, 2 ** 32 - 1));
    fc.assert(
      fc.property(fc.array(fc.tuple(value, fc.nat(32)), { maxLength: 200, size: 'max' }), (values) => {
        const decisions = new Decisions();
        for (const [number, bits] of values) decisions.write(bits === 32 ? number : (number % 2 ** bits) >>> 0, bits);
        expect(decisions.length).toBe(values.reduce((sum, [, bits]) => sum + bits, 0));
        expect(decisions.list.subarray(0, decisions.length).every((decision) => decision >>> 1 === evenContext)).toBe(true);
        expect(coded(Uint16Array.of(2048), decisions).length).toBeLessThanOrEqual(Math.ceil(decisions.length / 8) + 1);
        for (const [number] of values) decisions.writeVar(number);
        const bytes = coded(Uint16Array.of(2048), decisions);
        const decoder = new RangeDecoder(Uint16Array.of(2048));
        decoder.reset(bytes, 0, bytes.length);
        for (const [number, bits] of values) expect(decoder.read(bits)).toBe(bits === 32 ? number : number % 2 ** bits);
        for (const [number] of values) expect(decoder.readVar()).toBe(number);
        expect(decoder.failed).toBe(false);
      }),
    );
    const random = decided(Array.from({ length: 8000 }, (_, index) => ({ context: 0, bit: ((index * 0x9e3779b1) >>> 13) & 1, times: 1 })));
    expect(Math.abs(coded(Uint16Array.of(2048), random).length - 1000)).toBeLessThanOrEqual(1);
  });

  it('[CD8] decisions appended from a list, or from a part of it, are those decisions', () => {
    fc.assert(
      fc.property(runs, runs, fc.nat(400), fc.nat(400), (first, second, a, b) => {
        const decisions = decided(first);
        const other = decided(second);
        const [from, to] = [Math.min(a, b, other.length), Math.min(Math.max(a, b), other.length)];
        const wanted = [...decisions.list.subarray(0, decisions.length), ...other.list.subarray(from, to)];
        decisions.append(other.list, from, to);
        expect([...decisions.list.subarray(0, decisions.length)]).toEqual(wanted);
        decisions.reset();
        expect(decisions.length).toBe(0);
      }),
    );
  });
});
