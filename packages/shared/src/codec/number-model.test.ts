import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { activities, ages, context, largeContext, neighbourOf, offContext, offContexts } from './contexts.ts';
import { atHand, readNumbers, writeNumbers } from './number-model.ts';
import { contextPlaces, largeSymbol, SymbolDecoder, SymbolEncoder, Symbols } from './symbol-coder.ts';
import { codecTable } from './table.ts';

interface Coded {
  readonly off: number;
  readonly what: number;
  readonly context: number;
  readonly velocity: number;
}

const ends = fc.nat(30).chain((bits) => fc.constantFrom(2 ** bits, 2 ** bits - 1, Math.min(2 ** bits + 1, 2 ** 31 - 1), 2 ** (bits + 1) - 1));
const off = fc.tuple(fc.oneof(ends, fc.nat(70), fc.nat(2 ** 31 - 1)), fc.boolean()).map(([size, negative]) => (negative ? 0 - size : size));
const number: fc.Arbitrary<Coded> = fc
  .tuple(off, fc.nat(3), fc.nat(activities - 1), fc.nat(ages - 1), fc.constantFrom(-9, -1, 0, 1, 9))
  .map(([size, what, activity, age, velocity]) => ({ off: size, what, context: offContext(offContexts(what), activity, age), velocity }));

/** By number at hand: the context of its length, should it be large. */
const larges = new Int32Array(192);

function takeInHand(numbers: readonly Coded[], isRead: boolean): void {
  for (const [index, one] of numbers.entries()) {
    atHand.offs[index] = isRead ? 12345 : one.off;
    atHand.contexts[index] = one.context;
    larges[index] = largeContext(one.what);
    atHand.velocities[index] = one.velocity;
  }
}

function decoderOf({ list, length }: Symbols): SymbolDecoder {
  const bytes = new Uint8Array(length * 4 + 16);
  const encoder = new SymbolEncoder();
  encoder.begin(bytes, 0, bytes.length);
  encoder.put(list, 0, length);
  const decoder = new SymbolDecoder(codecTable);
  decoder.reset(bytes, 0, encoder.finish());
  return decoder;
}

function throughBytes(numbers: readonly Coded[]): number[] {
  const out = new Symbols(codecTable);
  takeInHand(numbers, false);
  writeNumbers(out, larges, numbers.length);
  out.writeVar(77);
  const decoder = decoderOf(out);
  takeInHand(numbers, true);
  readNumbers(decoder, larges, numbers.length);
  expect([decoder.readVar(), decoder.failed, decoder.done]).toEqual([77, false, true]);
  return [...atHand.offs.subarray(0, numbers.length)];
}

/** Symbols of a number alone. */
function symbolsOf(one: number, velocity: number): number {
  const out = new Symbols(codecTable);
  takeInHand([{ off: one, what: 0, context: offContext(offContexts(0), 3, 0), velocity }], false);
  writeNumbers(out, larges, 1);
  return out.length;
}

describe('the number model', () => {
  it('[CD42] every distance of 31 bits comes back with its sign, in every context, however the number was changing and whatever stands beside it', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 60, size: 'max' }), (numbers) => {
        expect(throughBytes(numbers)).toEqual(numbers.map((one) => one.off));
      }),
      { numRuns: 300 },
    );
    const all: Coded[] = [];
    for (let size = 1; size < 70; size++)
      for (const sign of [1, -1])
        for (const velocity of [1, 0, -1]) all.push({ off: size * sign, what: 0, context: offContext(offContexts(0), 5, 0), velocity });
    for (let from = 0; from < all.length; from += 100) {
      const some = all.slice(from, from + 100);
      expect(throughBytes(some)).toEqual(some.map((one) => one.off));
    }
  });

  it('[CD42] what is as predicted takes one symbol, and so does each distance up to 3; up to 63 two, and no distance more than five', () => {
    for (const velocity of [-1, 0, 1]) {
      expect(symbolsOf(0, velocity)).toBe(1);
      for (const size of [1, 2, 3]) for (const sign of [-1, 1]) expect(symbolsOf(size * sign, velocity)).toBe(1);
      for (let size = 4; size < 64; size++) expect(symbolsOf(size, velocity)).toBe(2);
      for (const size of [64, 4095, 4096, 2 ** 24, 2 ** 31 - 1]) expect(symbolsOf(size, velocity)).toBeLessThanOrEqual(5);
    }
  });

  it('[CD42] a number is read in the context that its neighbour gives, as single symbols would be', () => {
    fc.assert(
      fc.property(fc.array(number, { maxLength: 20 }), (numbers) => {
        const out = new Symbols(codecTable);
        takeInHand(numbers, false);
        writeNumbers(out, larges, numbers.length);
        const decoder = decoderOf(out);
        let neighbour = 0;
        for (const one of numbers) {
          const symbol = decoder.symbol(one.context + neighbour * contextPlaces);
          const size = Math.abs(one.off);
          expect(symbol === 0).toBe(size === 0);
          if (symbol >= largeSymbol) decoder.read(decoder.symbol(largeContext(one.what)) + 6);
          else if (size >= 4) decoder.read(Math.floor(Math.log2(size)) - 1);
          if (size > 0) expect((symbol & 1) === 1).toBe(one.off < 0 === one.velocity < 0);
          neighbour = neighbourOf(one.off);
        }
        expect(decoder.done).toBe(true);
      }),
    );
  });

  it('[CD42] a distance that no two units have fails', () => {
    const out = new Symbols(codecTable);
    out.symbol(context.off, largeSymbol);
    out.symbol(context.large, 25);
    out.write(5, 31);
    const decoder = decoderOf(out);
    takeInHand([{ off: 0, what: 0, context: context.off, velocity: 0 }], true);
    readNumbers(decoder, larges, 1);
    expect(decoder.failed).toBe(true);
  });
});
