// A number as symbols: how far it is from what was predicted. One symbol says direction and size, even bits say the rest of a size that spans several.
//
// Invariant: readNumbers takes exactly what writeNumbers wrote, with the same contexts. Integers only. Units: wire units of the number's own grid.
// Method: Elias-gamma classes with half steps, as the residual classes of lossless audio and image codecs have them, with static frequencies.

import { neighbourOf } from './contexts.ts';
import { contextPlaces, largeBits, largeSymbol, type SymbolDecoder, type Symbols } from './symbol-coder.ts';

/** The most numbers that one entity has: 64 fields of three. */
const numbersMax = 192;

/** The numbers of the entity at hand, one behind the other: where each is expected, its context, how it was changing, how far off it is. */
export const atHand: {
  readonly expected: Int32Array;
  readonly contexts: Int32Array;
  readonly velocities: Int32Array;
  readonly offs: Int32Array;
} = {
  expected: new Int32Array(numbersMax),
  contexts: new Int32Array(numbersMax),
  velocities: new Int32Array(numbersMax),
  offs: new Int32Array(numbersMax),
};

/** Writes how far off the numbers at hand are. @param larges by number: the context of its length, should it be large. */
export function writeNumbers(out: Symbols, larges: Int32Array, count: number): void {
  const { contexts, velocities, offs } = atHand;
  let neighbour = 0;
  for (let index = 0; index < count; index++) {
    const off = offs[index] as number;
    writeNumber(out, off, (contexts[index] as number) + neighbour * contextPlaces, larges[index] as number, velocities[index] as number);
    neighbour = neighbourOf(off);
  }
}

/** Reads how far off the numbers at hand are. */
export function readNumbers(from: SymbolDecoder, larges: Int32Array, count: number): void {
  from.numbers(atHand.contexts, larges, atHand.velocities, atHand.offs, count);
}

function writeNumber(out: Symbols, off: number, context: number, large: number, velocity: number): void {
  if (off === 0) {
    out.symbol(context, 0);
    return;
  }
  const against = off < 0 === velocity < 0 ? 0 : 1;
  const size = off < 0 ? -off : off;
  const length = 31 - Math.clz32(size);
  if (length >= largeBits) {
    out.symbol(context, largeSymbol + against);
    out.symbol(large, length - largeBits);
    out.write(size - (1 << length), length);
    return;
  }
  const half = length === 0 ? 0 : (size >>> (length - 1)) & 1;
  const sized = length === 0 ? 0 : 2 * length - 1 + half;
  out.symbol(context, 1 + 2 * sized + against);
  if (length > 1) out.write(size & ((1 << (length - 1)) - 1), length - 1);
}
