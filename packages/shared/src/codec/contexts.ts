// The contexts of the codec: what a decision can depend on, numbered. A table has one probability for each.
//
// Invariant: both ends number contexts alike; a change here is a change of the wire. Nothing depends on a game: a context says what kind of number it
// is, how fast it was changing, and how old the base is.

import { evenContext } from './range-coder.ts';

/** What a coded number is: a position, a direction, a count that jumps, a part of a rotation. */
export const numberClass = { position: 0, direction: 1, count: 2, rotation: 3 } as const;

/** How much the number changed between the two bases: unknown (one base), not at all, by 1, 2 to 3, 4 to 15, more. */
export const activities = 6;
/** How old the newest base is: 1, 2, 3, or more snapshot intervals. */
export const ages = 4;
/** What the word before it in this entity did: none before it, as predicted, or not. */
export const neighbours = 3;

const groups = 4 * activities * ages * neighbours;
/** Bit lengths of a magnitude that have contexts of their own. */
export const lengthsMax = 16;

type Family =
  | 'off'
  | 'sign'
  | 'longer'
  | 'second'
  | 'anyOff'
  | 'anyHeld'
  | 'held'
  | 'notInitial'
  | 'gap'
  | 'longGap'
  | 'notDelta'
  | 'despawn'
  | 'ownBases'
  | 'rest';

/** The families of contexts, in the order of their numbers, and how many each has. */
const families: Readonly<Record<Family, number>> = {
  /** [group] whether a number is off its prediction. */
  off: groups,
  /** [group][sign of the velocity + 1] its sign. */
  sign: groups * 3,
  /** [group][length] whether the magnitude is longer than this. */
  longer: groups * lengthsMax,
  /** [class][length] the highest bit under the leading one. */
  second: 4 * lengthsMax,
  /** [activity][age] whether any moving number of an entity is off. */
  anyOff: activities * ages,
  /** [changed between the bases] whether any held field changed. */
  anyHeld: 2,
  /** [changed between the bases] whether this held field changed. */
  held: 2,
  /** Whether a field of a new entity differs from its initial value. */
  notInitial: 1,
  /** [gap before was not 0] whether the gap to the slot before is not 0; and [length] whether its length in bits is more. */
  gap: 2,
  longGap: lengthsMax,
  /** Whether a record is no delta, and if so, whether it is a despawn. */
  notDelta: 1,
  despawn: 1,
  /** Whether a delta names bases of its own. */
  ownBases: 1,
  /** [any activity] whether the state has rested. */
  rest: 2,
};

/** Where each family of contexts begins. */
export const context: Readonly<Record<Family, number>> = placeFamilies();

/** Contexts in all: the length of a table. */
export const contextCount: number = Object.values(families).reduce((sum, count) => sum + count, evenContext + 1);

function placeFamilies(): Record<Family, number> {
  const places = {} as Record<Family, number>;
  let next = evenContext + 1;
  for (const [family, count] of Object.entries(families)) {
    places[family as Family] = next;
    next += count;
  }
  return places;
}

/** The group of a number's contexts. */
export function groupOf(what: number, activity: number, age: number, neighbour: number): number {
  return ((what * activities + activity) * ages + age) * neighbours + neighbour;
}

/** The activity of a change between the bases, in units of the wire. */
export function activityOf(change: number): number {
  const size = Math.abs(change);
  return size === 0 ? 1 : size === 1 ? 2 : size < 4 ? 3 : size < 16 ? 4 : 5;
}

/** A family of contexts for training: where it begins, how many it has, and how many the innermost index has. */
export interface ContextFamily {
  readonly first: number;
  readonly count: number;
  readonly inner: number;
}

/** Every family. */
export function contextFamilies(): ContextFamily[] {
  const inner: Partial<Record<Family, number>> = { sign: 3, longer: lengthsMax, second: lengthsMax, off: neighbours };
  return (Object.keys(families) as Family[]).map((family) => ({ first: context[family], count: families[family], inner: inner[family] ?? 1 }));
}
