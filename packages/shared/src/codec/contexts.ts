// The contexts of the codec: what a symbol can depend on, numbered. A table has one frequency for each symbol of each context.
//
// A context's number is the place of its first symbol in the table. Invariant: both ends number contexts alike; a change here is a change of the wire. Nothing depends on a game: a context says what kind of number it is, how fast it was changing, and how old the base is.

import { contextPlaces, numberSymbols } from './symbol-coder.ts';

/** What a coded number is: a position, a direction, a count that jumps, a part of a rotation. */
export const numberClass = { position: 0, direction: 1, count: 2, rotation: 3 } as const;

/** How much the number changed between the two bases: unknown (one base), not at all, by 1, 2 to 3, 4 to 15, more. */
export const activities = 6;
/** How old the newest base is: 1, 2, 3, or more snapshot intervals. */
export const ages = 4;
/** What the number before it in this entity was off by: none before it, nothing, 1, 2 to 7, more. */
export const neighbours = 5;

/** Lengths in bits of a number too large for a size of its own. */
export const lengthsMax = 26;

/** Of a record's opening: whether a gap comes before it, and what it is: one of five. */
export const openingSymbols = 10;
/** Lengths in bits of a gap between slots. */
export const gapSymbols = 14;
/** Of a change: whether it rests, whether a moving number is off, and whether a held field changed. */
export const shapeSymbols = 8;

interface Family {
  /** How many symbols each of its contexts has. */
  readonly symbols: number;
  /** What its contexts depend on, the innermost last. */
  readonly by: readonly number[];
}

type FamilyName = 'opening' | 'gap' | 'shape' | 'off' | 'large' | 'turned' | 'held' | 'notInitial' | 'rest';

/** The families of contexts, in the order of their numbers. */
const families: Readonly<Record<FamilyName, Family>> = {
  /** [gap before] how a record opens. */
  opening: { symbols: openingSymbols, by: [2] },
  /** [gap before] the length of a gap in bits. */
  gap: { symbols: gapSymbols, by: [2] },
  /** [activity of the entity][age][a held field changed between the bases] a change's shape. */
  shape: { symbols: shapeSymbols, by: [activities, ages, 2] },
  /** [class][activity][age][neighbour] how far a number is off. */
  off: { symbols: numberSymbols, by: [4, activities, ages, neighbours] },
  /** [class] the length in bits of a large one. */
  large: { symbols: lengthsMax, by: [4] },
  /** Which number of a rotation is the largest, counted from the one that was expected. */
  turned: { symbols: 4, by: [1] },
  /** [changed between the bases] whether this held field changed. */
  held: { symbols: 2, by: [2] },
  /** Whether a field of a new entity differs from its initial value. */
  notInitial: { symbols: 2, by: [1] },
  /** Whether a whole state rests. */
  rest: { symbols: 2, by: [1] },
};

/** Where each family of contexts begins. */
export const context: Readonly<Record<FamilyName, number>> = placeFamilies();

/** Contexts in all. */
export const contextCount: number = Object.values(families).reduce((sum, family) => sum + contextsOf(family), 0);

function contextsOf({ by }: Family): number {
  return by.reduce((product, size) => product * size, 1);
}

function placeFamilies(): Record<FamilyName, number> {
  const places = {} as Record<FamilyName, number>;
  let next = 0;
  for (const [name, family] of Object.entries(families)) {
    places[name as FamilyName] = next;
    next += contextsOf(family) * contextPlaces;
  }
  return places;
}

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const ageStep = neighbours * contextPlaces;
const activityStep = ages * ageStep;
const firstShape = context.shape;
const shapeStep = 2 * contextPlaces;
const shapeActivityStep = ages * shapeStep;
const places: number = contextPlaces;

/** The first context of a class of numbers. */
export function offContexts(what: number): number {
  return context.off + what * activities * ages * neighbours * contextPlaces;
}

/** The context of a number that follows none, whose class begins at `first`; those of numbers that follow one are the next. */
export function offContext(first: number, activity: number, age: number): number {
  return first + activity * activityStep + age * ageStep;
}

/** The context of the length of a large number. */
export function largeContext(what: number): number {
  return context.large + what * contextPlaces;
}

/** The context of a change's shape. */
export function shapeContext(activity: number, age: number, recent: number): number {
  return firstShape + activity * shapeActivityStep + age * shapeStep + recent * places;
}

const smallActivities = Uint8Array.from({ length: 16 }, (_, size) => (size < 2 ? size + 1 : size < 4 ? 3 : 4));

/** The activity of a change between the bases, in units of the wire. */
export function activityOf(change: number): number {
  const size = change < 0 ? -change : change;
  return size < 16 ? (smallActivities[size] as number) : 5;
}

/** What a number tells of the next one. */
export function neighbourOf(off: number): number {
  const size = Math.abs(off);
  return size < 2 ? size + 1 : size < 8 ? 3 : 4;
}

/** A family of contexts for training: where it begins, its symbols, and what its contexts depend on. */
export interface ContextFamily extends Family {
  readonly first: number;
}

/** Every family. */
export function contextFamilies(): ContextFamily[] {
  return (Object.keys(families) as FamilyName[]).map((name) => ({ first: context[name], ...families[name] }));
}
