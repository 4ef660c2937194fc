import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { activities, activityOf, ages, context, contextCount, contextFamilies, groupOf, neighbours, numberClass } from './contexts.ts';
import { evenContext } from './range-coder.ts';
import { codecTable } from './table.ts';

describe('contexts', () => {
  it('[CD9] the families of contexts lie one behind the other after context 0, and are all that there is', () => {
    let next = evenContext + 1;
    for (const { first, count, inner } of contextFamilies()) {
      expect(first).toBe(next);
      expect([count > 0, count % inner]).toEqual([true, 0]);
      next += count;
    }
    expect(next).toBe(contextCount);
    expect(contextFamilies().length).toBe(Object.keys(context).length);
    // A decision is `context * 2 + bit` in 16 bits.
    expect(contextCount * 2).toBeLessThanOrEqual(0x10000);
  });

  it('[CD9] every kind of number, activity, age and neighbour has a group of its own', () => {
    const groups = new Set<number>();
    for (const what of Object.values(numberClass))
      for (let activity = 0; activity < activities; activity++)
        for (let age = 0; age < ages; age++) for (let one = 0; one < neighbours; one++) groups.add(groupOf(what, activity, age, one));
    const off = contextFamilies().find(({ first }) => first === context.off);
    expect(groups.size).toBe(off?.count);
    expect([Math.min(...groups), Math.max(...groups)]).toEqual([0, groups.size - 1]);
  });

  it('[CD9] the activity of a change is the same in both directions and never falls with its size', () => {
    expect([0, 1, 2, 3, 4, 15, 16, 2 ** 31].map(activityOf)).toEqual([1, 2, 3, 3, 4, 4, 5, 5]);
    for (const change of [1, 2, 3, 4, 15, 16, 1e6]) expect(activityOf(-change)).toBe(activityOf(change));
  });

  it('[CD10] the table has one probability for each context, written out in full, of 16 to 4080; context 0 is even', () => {
    expect(codecTable.length).toBe(contextCount);
    expect(codecTable[evenContext]).toBe(2048);
    expect([Math.min(...codecTable), Math.max(...codecTable)]).toEqual([16, 4080]);
    const source = readFileSync(new URL('./table.ts', import.meta.url), 'utf8');
    const packed = [...source.matchAll(/^ {2}'([A-Za-z0-9+/]*)',$/gm)].map(([, part]) => part).join('');
    expect(packed.length).toBe(contextCount * 2);
  });
});
