// A number as decisions: how far it is from what was predicted. Sign and magnitude, the magnitude by its length in bits and then its bits.
//
// Invariant: readOff takes exactly what writeOff wrote, with the same group. Integers only. Units: wire units of the number's own grid.
// Method: Golomb's codes with a context for each step, as in CABAC (Marpe, Schwarz, Wiegand 2003), with fixed probabilities.

import { context, lengthsMax } from './contexts.ts';
import type { Decisions, RangeDecoder } from './range-coder.ts';

/** Longest magnitude: a difference of two 31-bit numbers. */
const bitsMax = 32;

/** @param off from the prediction. @param velocity sign of the expected change, -1, 0 or 1. */
export function writeOff(out: Decisions, off: number, group: number, what: number, velocity: number): void {
  out.bit(context.off + group, off === 0 ? 0 : 1);
  if (off === 0) return;
  out.bit(context.sign + group * 3 + velocity + 1, off < 0 ? 1 : 0);
  writeMagnitude(out, Math.abs(off), group, what);
}

export function readOff(from: RangeDecoder, group: number, what: number, velocity: number): number {
  if (from.bit(context.off + group) === 0) return 0;
  const negative = from.bit(context.sign + group * 3 + velocity + 1) === 1;
  const magnitude = readMagnitude(from, group, what);
  return negative ? -magnitude : magnitude;
}

function writeMagnitude(out: Decisions, magnitude: number, group: number, what: number): void {
  const length = 31 - Math.clz32(magnitude);
  for (let at = 0; at < length; at++) out.bit(context.longer + group * lengthsMax + Math.min(at, lengthsMax - 1), 1);
  if (length < bitsMax - 1) out.bit(context.longer + group * lengthsMax + Math.min(length, lengthsMax - 1), 0);
  if (length === 0) return;
  out.bit(context.second + what * lengthsMax + Math.min(length, lengthsMax - 1), (magnitude >>> (length - 1)) & 1);
  if (length > 1) out.write(magnitude & ((1 << (length - 1)) - 1), length - 1);
}

function readMagnitude(from: RangeDecoder, group: number, what: number): number {
  let length = 0;
  while (length < bitsMax - 1 && from.bit(context.longer + group * lengthsMax + Math.min(length, lengthsMax - 1)) === 1) length++;
  if (length === 0) return 1;
  const second = from.bit(context.second + what * lengthsMax + Math.min(length, lengthsMax - 1));
  const low = length > 1 ? from.read(length - 1) : 0;
  return 2 ** length + second * 2 ** (length - 1) + low;
}
