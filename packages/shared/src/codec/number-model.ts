// A number as symbols: how far it is from what was predicted. One symbol says direction and size, even bits say the rest of a size that spans several.
//
// Invariant: readOff takes exactly what writeOff wrote, with the same context. Integers only. Units: wire units of the number's own grid.
// Method: Elias-gamma classes with half steps, as the residual classes of lossless audio and image codecs have them, with static frequencies.

import { context, lengthsMax, sizes } from './contexts.ts';
import type { SymbolDecoder, Symbols } from './symbol-coder.ts';

/** The symbol of sizes that have none of their own: 64 and more. */
const large = sizes - 1;
const largeBits = 6;

/** @param off from the prediction. @param at the number's context. @param what its class. @param velocity the change between its bases: most numbers are off against or along it. */
export function writeOff(out: Symbols, off: number, at: number, what: number, velocity: number): void {
  if (off === 0) {
    out.symbol(at, 0);
    return;
  }
  const against = off < 0 === velocity < 0 ? 0 : 1;
  const size = Math.abs(off);
  const length = 31 - Math.clz32(size);
  if (length >= largeBits) {
    out.symbol(at, 1 + 2 * large + against);
    out.symbol(context.large + what * (lengthsMax + 1), length - largeBits);
    out.write(size - 2 ** length, length);
    return;
  }
  const half = length === 0 ? 0 : (size >>> (length - 1)) & 1;
  const sized = length === 0 ? 0 : 2 * length - 1 + half;
  out.symbol(at, 1 + 2 * sized + against);
  if (length > 1) out.write(size & ((1 << (length - 1)) - 1), length - 1);
}

export function readOff(from: SymbolDecoder, at: number, what: number, velocity: number): number {
  const symbol = from.symbol(at);
  if (symbol === 0) return 0;
  const isNegative = velocity < 0 === ((symbol & 1) === 1);
  const sized = (symbol - 1) >>> 1;
  let size = 1;
  if (sized === large) {
    const length = from.symbol(context.large + what * (lengthsMax + 1)) + largeBits;
    size = 2 ** Math.min(31, length) + from.read(Math.min(31, length));
  } else if (sized > 0) {
    const length = (sized + 1) >>> 1;
    const half = (sized + 1) & 1;
    size = (2 + half) << (length - 1);
    if (length > 1) size += from.read(length - 1);
  }
  return isNegative ? -size : size;
}
