// Turns counts into a table: a frequency for each symbol of each context. A context that was seldom met leans on the ones that are like it.
//
// Invariant: the frequencies of a context sum to 4096, and none is 0: nothing is ever thought impossible.
// Method: additive smoothing towards the pooled counts of the contexts that agree in all but the innermost of what they depend on, and so outwards, as in
// back-off language models.

import { type ContextFamily, contextFamilies, contextPlaces, frequencySum } from '@tickwire/shared/internal';
import type { SymbolCounts } from './count-symbols.ts';

/** Symbols that a pool is worth against a context's own. */
const poolWeight = 12;

/** @returns the frequencies of each context's symbols, with a 0 behind each context's last. */
export function makeTable({ counts }: SymbolCounts): number[] {
  const table: number[] = [];
  for (const family of contextFamilies()) {
    const contexts = family.by.reduce((product, size) => product * size, 1);
    for (let index = 0; index < contexts; index++) table.push(...frequenciesOf(chancesOf(counts, family, index, family.by.length)), 0);
  }
  return table;
}

/** The chances of a context's symbols, knowing the outermost `depth` of what it depends on. */
function chancesOf(counts: Float64Array, family: ContextFamily, index: number, depth: number): number[] {
  const { symbols, by, first } = family;
  if (depth < 0) return new Array<number>(symbols).fill(1 / symbols);
  const pooled = by.slice(depth).reduce((product, size) => product * size, 1);
  const from = Math.floor(index / pooled) * pooled;
  const own = new Array<number>(symbols).fill(0);
  for (let context = from; context < from + pooled; context++)
    for (let symbol = 0; symbol < symbols; symbol++)
      own[symbol] = (own[symbol] as number) + (counts[first + context * contextPlaces + symbol] as number);
  const total = own.reduce((sum, count) => sum + count, 0);
  const wider = chancesOf(counts, family, index, depth - 1);
  return own.map((count, symbol) => (count + poolWeight * (wider[symbol] as number)) / (total + poolWeight));
}

/** Whole frequencies with the right sum; what rounding leaves over goes to the likeliest. */
function frequenciesOf(chances: readonly number[]): number[] {
  const whole = chances.map((chance) => Math.max(1, Math.round(chance * frequencySum)));
  const likeliest = chances.indexOf(Math.max(...chances));
  const sum = whole.reduce((total, one) => total + one, 0);
  whole[likeliest] = (whole[likeliest] as number) + frequencySum - sum;
  return whole;
}
