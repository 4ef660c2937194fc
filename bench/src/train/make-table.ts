// Turns counts into a table: one probability a context. A context that was seldom met leans on the ones that are like it.
//
// Invariant: context 0 stays even; every probability is 16 to 4080 of 4096, so that nothing is ever thought impossible.
// Method: additive smoothing towards the pooled counts of the family, as in back-off language models.

import { type ContextFamily, contextFamilies } from '@tickwire/shared/internal';
import type { DecisionCounts } from './count-decisions.ts';

/** Answers that a pool is worth against a context's own. */
const poolWeight = 12;
const least = 16;

export function makeTable(counts: DecisionCounts): Uint16Array {
  const table = new Uint16Array(counts.zeros.length).fill(2048);
  for (const family of contextFamilies()) fillFamily(table, counts, family);
  return table;
}

/** Pools contexts that agree in their innermost index (which question of the number it is), then in nothing else. */
function fillFamily(table: Uint16Array, counts: DecisionCounts, { first, count, inner }: ContextFamily): void {
  const poolZeros = new Float64Array(inner);
  const poolOnes = new Float64Array(inner);
  for (let index = 0; index < count; index++) {
    poolZeros[index % inner] = (poolZeros[index % inner] as number) + (counts.zeros[first + index] as number);
    poolOnes[index % inner] = (poolOnes[index % inner] as number) + (counts.ones[first + index] as number);
  }
  for (let index = 0; index < count; index++) {
    const pooled = ((poolZeros[index % inner] as number) + 1) / ((poolZeros[index % inner] as number) + (poolOnes[index % inner] as number) + 2);
    const zeros = (counts.zeros[first + index] as number) + poolWeight * pooled;
    const total = (counts.zeros[first + index] as number) + (counts.ones[first + index] as number) + poolWeight;
    table[first + index] = Math.max(least, Math.min(4096 - least, Math.round((4096 * zeros) / total)));
  }
}
