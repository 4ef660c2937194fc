// The independent decoder's quaternions: their four counts (docs/PROTOCOL.md section 8.3).
//
// Owns the form of a `quat` as a Raw: the place of the largest number, then the units of the other three. Invariant: four counts are always completed
// from three that lie on the grid of their precision.

import { type Precision, type Raw, Unreadable } from './independent-raw.ts';
import type { QuatKind } from './independent-schema.ts';

/** A Raw at step precision as one at wire precision. */
export function coarseQuat(kind: QuatKind, raw: Raw): Raw {
  const [largest] = raw as number[];
  const counts = countsOf(kind, 'step', raw);
  return [largest ?? 0, ...others(largest ?? 0).map((i) => unitOfCount(kind, 'wire', counts[i] ?? 0))];
}

/** The four counts, in the order x, y, z, w. */
export function countsOf(kind: QuatKind, precision: Precision, raw: Raw): number[] {
  const [largest = 0, ...units] = raw as number[];
  const unit = 2 ** shiftOf(kind, precision);
  const counts = [0, 0, 0, 0];
  for (const [i, place] of others(largest).entries()) counts[place] = (units[i] ?? 0) * unit;
  const three = others(largest).map((place) => counts[place] ?? 0);
  const rest = 2 * 2 ** (kind.stepBits - 1) * 2 ** (kind.stepBits - 1) - three.reduce((sum, count) => sum + count * count, 0);
  const root = rest > 0 ? Math.floor(Math.sqrt(rest) + 0.5) : 0;
  const most = Math.max(...three.map(Math.abs));
  const coarsest = 2 ** (kind.stepBits - kind.wireBits);
  const slack = three.every((count) => count % coarsest === 0) ? 3 * coarsest + 3 : 3;
  if (root < most - slack) throw new Unreadable('three numbers that no rotation has');
  counts[largest] = root > most ? root : most + 1;
  return counts;
}

export function oneOf({ stepBits }: QuatKind): number {
  return 2 ** (stepBits - 1) * Math.SQRT2;
}

export function unitOfCount(kind: QuatKind, precision: Precision, count: number): number {
  const unit = 2 ** shiftOf(kind, precision);
  const most = 2 ** ((precision === 'step' ? kind.stepBits : kind.wireBits) - 1) - 1;
  return Math.min(most, Math.floor((count + Math.floor(unit / 2)) / unit));
}

export function shiftOf({ stepBits, wireBits }: QuatKind, precision: Precision): number {
  return precision === 'step' ? 0 : stepBits - wireBits;
}

/** The places of the numbers that are not the largest. */
export function others(largest: number): number[] {
  return [0, 1, 2, 3].filter((i) => i !== largest);
}
