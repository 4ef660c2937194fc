import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  activities,
  activityOf,
  ages,
  context,
  contextCount,
  contextFamilies,
  largeContext,
  neighbourOf,
  neighbours,
  numberClass,
  offContext,
  offContexts,
  shapeContext,
} from './contexts.ts';
import { contextPlaces, frequencySum } from './symbol-coder.ts';
import { codecTable } from './table.ts';

describe('contexts', () => {
  it('[CD40] the families of contexts lie one behind the other, and are all that there is', () => {
    let next = 0;
    for (const { first, symbols, by } of contextFamilies()) {
      expect(first).toBe(next * contextPlaces);
      expect([symbols > 1, symbols < contextPlaces]).toEqual([true, true]);
      next += by.reduce((product, size) => product * size, 1);
    }
    expect(next).toBe(contextCount);
    expect(contextFamilies().length).toBe(Object.keys(context).length);
  });

  it('[CD40] every kind of number, activity, age and neighbour has a context of its own, and so has every shape', () => {
    const offs: number[] = [];
    const shapes: number[] = [];
    for (const what of Object.values(numberClass))
      for (let activity = 0; activity < activities; activity++)
        for (let age = 0; age < ages; age++)
          for (let one = 0; one < neighbours; one++) offs.push(offContext(offContexts(what), activity, age) + one * contextPlaces);
    for (let activity = 0; activity < activities; activity++)
      for (let age = 0; age < ages; age++) for (const recent of [0, 1]) shapes.push(shapeContext(activity, age, recent));
    const inOrder = (first: number, count: number): number[] => Array.from({ length: count }, (_, index) => first + index * contextPlaces);
    expect(offs).toEqual(inOrder(context.off, 4 * activities * ages * neighbours));
    expect(shapes).toEqual(inOrder(context.shape, activities * ages * 2));
    expect(Object.values(numberClass).map(largeContext)).toEqual(inOrder(context.large, 4));
  });

  it('[CD40] activity and neighbour are the same in both directions and never fall with the size', () => {
    expect([0, 1, 2, 3, 4, 15, 16, 2 ** 31].map(activityOf)).toEqual([1, 2, 3, 3, 4, 4, 5, 5]);
    expect([0, 1, 2, 7, 8, 2 ** 31].map(neighbourOf)).toEqual([1, 2, 3, 3, 4, 4]);
    for (const change of [1, 2, 3, 4, 15, 16, 1e6]) {
      expect(activityOf(-change)).toBe(activityOf(change));
      expect(neighbourOf(-change)).toBe(neighbourOf(change));
    }
  });

  it('[CD41] the table has frequencies of at least 1 for the symbols of each context, which sum to 4096, written out in full', () => {
    const source = readFileSync(new URL('./table.ts', import.meta.url), 'utf8');
    const packed = [...source.matchAll(/^ {2}'([A-Za-z0-9+/]*)',$/gm)].map(([, part]) => part).join('');
    const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    const numbers = (packed.match(/../g) ?? []).map((two) => digits.indexOf(two.charAt(0)) * 64 + digits.indexOf(two.charAt(1)));
    let at = 0;
    for (const { first, symbols, by } of contextFamilies()) {
      for (let index = 0; index < by.reduce((product, size) => product * size, 1); index++) {
        const own = numbers.slice(at, at + symbols);
        expect(Math.min(...own)).toBeGreaterThanOrEqual(1);
        expect(own.reduce((sum, one) => sum + one, 0)).toBe(frequencySum);
        expect(numbers[at + symbols]).toBe(0);
        // What the coder looks up is what is written there.
        const starts = codecTable.starts.subarray(first + index * contextPlaces, first + index * contextPlaces + symbols + 1);
        for (const [symbol, frequency] of own.entries()) expect((starts[symbol + 1] as number) - (starts[symbol] as number)).toBe(frequency);
        at += symbols + 1;
      }
    }
    expect(at).toBe(numbers.length);
  });
});
