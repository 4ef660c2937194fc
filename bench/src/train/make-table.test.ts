import { codecTable, contextFamilies, contextPlaces, frequencySum, Symbols } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { SymbolCounts } from './count-symbols.ts';
import { makeTable } from './make-table.ts';
import { tableSource } from './table-source.ts';

const families = contextFamilies();
/** The largest family, and in it a context with its neighbours. */
const offs = families.reduce((most, family) => (sizeOf(family.by) > sizeOf(most.by) ? family : most));
const met = offs.first + 7 * contextPlaces;

function sizeOf(by: readonly number[]): number {
  return by.reduce((product, size) => product * size, 1);
}

/** Counts of one context: its symbol 3 a hundred times, its symbol 0 once. */
function counted(): SymbolCounts {
  const counts = new SymbolCounts();
  counts.during(() => {
    const symbols = new Symbols(codecTable);
    for (let time = 0; time < 100; time++) symbols.symbol(met, 3);
    symbols.symbol(met, 0);
    symbols.write(5, 10);
    expect(symbols.length).toBe(102);
  });
  return counts;
}

/** A table's frequencies by the place of the context. */
function frequenciesOf(table: readonly number[]): Map<number, number[]> {
  const byContext = new Map<number, number[]>();
  let at = 0;
  for (const { first, symbols, by } of families) {
    for (let index = 0; index < sizeOf(by); index++, at += symbols + 1) {
      byContext.set(first + index * contextPlaces, table.slice(at, at + symbols));
      expect(table[at + symbols]).toBe(0);
    }
  }
  expect(at).toBe(table.length);
  return byContext;
}

describe('training', () => {
  it('[BW17] counts each symbol in its context, and leaves the writer as it was, also when the run throws', () => {
    const { symbol } = Symbols.prototype;
    const { counts } = counted();
    expect([counts[met + 3], counts[met], counts.reduce((sum, count) => sum + count, 0)]).toEqual([100, 1, 101]);
    expect(() =>
      new SymbolCounts().during(() => {
        throw new Error('over');
      }),
    ).toThrow('over');
    expect(Symbols.prototype.symbol).toBe(symbol);
  });

  it('[BW18] a trained table thinks nothing impossible, and what came often likely, a little also where a context is like the one it came in', () => {
    const table = frequenciesOf(makeTable(counted()));
    for (const frequencies of table.values()) {
      expect(Math.min(...frequencies)).toBeGreaterThanOrEqual(1);
      expect(frequencies.reduce((sum, one) => sum + one, 0)).toBe(frequencySum);
    }
    const even = frequencySum / offs.symbols;
    const [own, alike] = [met, met + contextPlaces].map((context) => table.get(context)?.[3] as number) as [number, number];
    expect(own).toBeGreaterThan(frequencySum * 0.8);
    expect(alike).toBeGreaterThan(even * 2);
    // Nothing came in a context of another family.
    for (const frequency of table.get(families[0]?.first as number) as number[])
      expect(Math.abs(frequency - frequencySum / (families[0]?.symbols as number))).toBeLessThan(8);
  });

  it('[BW18] the source that is written has the table that was given', () => {
    const table = makeTable(counted());
    const source = tableSource(table);
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const packed = [...source.matchAll(/^ {2}'([A-Za-z0-9+/]*)',$/gm)].map(([, line]) => line).join('');
    const read = (packed.match(/../g) ?? []).map((two) => digits.indexOf(two.charAt(0)) * 64 + digits.indexOf(two.charAt(1)));
    expect(read).toEqual(table);
  });
});
