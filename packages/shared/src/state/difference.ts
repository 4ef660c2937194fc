// In which field two states of an entity differ first, in words for people: for tools that look for what is not the same on both ends.
//
// Invariant: says something exactly where any word differs. Units: words of rows; values as games have them.

import type { Layout } from '../schema/layout.ts';

export interface FieldDifference {
  /** The field, and of a vector or rotation which number: `pos.x`. */
  readonly field: string;
  readonly first: unknown;
  readonly second: unknown;
}

/** @param counts whether a field is of interest, by the word at which it begins and how many it has. Default: every one. */
export function firstDifference(
  layout: Layout,
  first: Int32Array,
  firstAt: number,
  second: Int32Array,
  secondAt: number,
  counts: (at: number, words: number) => boolean = () => true,
): FieldDifference | undefined {
  for (const { name, kind, at } of layout.fields) {
    let differs = false;
    for (let word = at; word < at + kind.words; word++) if (first[firstAt + word] !== second[secondAt + word]) differs = true;
    if (differs && counts(at, kind.words)) return inside(name, kind.load(first, firstAt + at), kind.load(second, secondAt + at));
  }
  return undefined;
}

/** A value as text, such as `3.25`. */
export function valueText(value: unknown): string {
  return typeof value === 'object'
    ? JSON.stringify(value instanceof Uint8Array ? [...value] : value)
    : typeof value === 'string'
      ? `'${value}'`
      : String(value);
}

/** The part of two values that differs: a number of a vector, an item of a list; the whole where no part is alike. */
function inside(field: string, first: unknown, second: unknown): FieldDifference {
  if (isRecord(first) && isRecord(second)) {
    for (const key of Object.keys(first))
      if (key in second && valueText(first[key]) !== valueText(second[key])) return inside(`${field}.${key}`, first[key], second[key]);
  }
  return { field, first, second };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
