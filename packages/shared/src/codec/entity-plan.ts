// What the codec does with a layout's fields for one kind of receiver, as tables of numbers: made once, read for every entity.
//
// A lane is a number that moves: it is coded as units of the receiver's grid, off from where it was expected. A rotation has three of its own, behind those
// of single words. Everything else is held: it stays until it changes.
// Invariant: every word of the layout is in one lane, one rotation, one held field or one hidden one. Units: words, and units of the plan's precision.

import type { Kind, Precision } from '../schema/kind.ts';
import type { Layout } from '../schema/layout.ts';
import type { RotationGrid } from '../schema/rotations.ts';
import { largeContext, numberClass, offContexts } from './contexts.ts';

export interface HeldField {
  readonly at: number;
  readonly kind: Kind<unknown>;
}

export interface RotationField {
  readonly at: number;
  readonly grid: RotationGrid;
}

export interface EntityPlan {
  readonly layout: Layout;
  readonly precision: Precision;
  /** The most bits of a whole state. */
  readonly wholeBits: number;
  /** Lanes of single words, and `laneWords` for each: see `laneAt`. */
  readonly lanes: number;
  readonly table: Int32Array;
  /** By lane, those of rotations behind the others: the context of a large number's length. */
  readonly larges: Int32Array;
  readonly rotations: readonly RotationField[];
  readonly held: readonly HeldField[];
  /** The words of all held fields. */
  readonly heldWords: Int32Array;
  /** Words of the fields that this receiver is not sent: it keeps its base's. */
  readonly hidden: Int32Array;
}

/**
 * The words of a lane in its plan's table: its word in a row, where the contexts of its class begin, words in a unit, half of that, its shift where it is a
 * power of two (else -1), the largest unit and word, which bits of a unit count (those below a turn, or all), and how far left a difference of units is
 * shifted so that a turn is all of 32 bits (0 where there is no turn).
 */
export const laneAt = { word: 0, contexts: 1, ratio: 2, half: 3, shift: 4, unitMax: 5, wordMax: 6, mask: 7, wrap: 8 } as const;
export const laneWords = 9;

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const { ratio: ratioAt, half: halfAt, shift: shiftAt, wordMax: wordMaxAt, mask: maskAt, wrap: wrapAt } = laneAt;

/** In which precision, and whether with the owner's fields, by layout. */
const plans = new WeakMap<Layout, (EntityPlan | undefined)[]>();

export function planOf(layout: Layout, precision: Precision, owner: boolean): EntityPlan {
  let known = plans.get(layout);
  if (!known) {
    known = [undefined, undefined, undefined, undefined];
    plans.set(layout, known);
  }
  const index = (precision === 'step' ? 2 : 0) + (owner ? 1 : 0);
  let plan = known[index];
  if (!plan) {
    plan = makePlan(layout, precision, owner);
    known[index] = plan;
  }
  return plan;
}

/** The plans of a game's types, three for each: by type number times 3 and a record's form. */
export function plansOf(types: readonly { readonly layout: Layout }[]): EntityPlan[] {
  return types.flatMap(({ layout }) => [planOf(layout, 'wire', false), planOf(layout, 'step', false), planOf(layout, 'step', true)]);
}

/** The unit of a lane's word. @param at where the lane begins in its plan's table. */
export function unitOf(table: Int32Array, at: number, word: number): number {
  const shift = table[at + shiftAt] as number;
  const half = table[at + halfAt] as number;
  return (shift >= 0 ? (word + half) >>> shift : Math.floor((word + half) / (table[at + ratioAt] as number))) & (table[at + maskAt] as number);
}

/** The word of a lane's unit, which is in range. */
export function wordOf(table: Int32Array, at: number, unit: number): number {
  // Half a unit above the largest word at most, so below 2^32.
  const word = Math.imul(unit, table[at + ratioAt] as number) >>> 0;
  const most = table[at + wordMaxAt] as number;
  return word < most ? word : most;
}

/** The shorter way from one unit of a lane to another; forwards where both are as short. */
export function differenceOf(table: Int32Array, at: number, from: number, to: number): number {
  const wrap = table[at + wrapAt] as number;
  return 0 - (((from - to) << wrap) >> wrap);
}

function makePlan(layout: Layout, precision: Precision, owner: boolean): EntityPlan {
  const moving: { readonly word: number; readonly kind: Kind<unknown> }[] = [];
  const rotations: RotationField[] = [];
  const held: HeldField[] = [];
  const hidden: number[] = [];
  for (const { kind, at } of layout.fields) {
    const words = Array.from({ length: kind.words }, (_, word) => at + word);
    if (kind.ownerOnly && !owner) hidden.push(...words);
    else if (kind.axis?.goesOn) moving.push(...words.map((word) => ({ word, kind })));
    else if (kind.rotation) rotations.push({ at, grid: kind.rotation[precision] });
    else held.push({ at, kind });
  }
  const ratioOf = ({ axis }: Kind<unknown>): number => (precision === 'wire' ? (axis?.ratio ?? 1) : 1);
  return {
    layout,
    precision,
    wholeBits: layout.bitsMax(precision, owner) + layout.fields.length,
    lanes: moving.length,
    table: Int32Array.from(
      moving.flatMap(({ word, kind }) => {
        const { axis } = kind;
        const ratio = ratioOf(kind);
        const turn = axis?.turn?.[precision];
        // In the order of `laneAt`.
        const grid = [offContexts(axis?.what ?? 0), ratio, ratio >>> 1, shiftOf(ratio), axis?.max[precision] ?? 0, axis?.max.step ?? 0];
        return [word, ...grid, turn ? turn - 1 : -1, turn ? Math.clz32(turn - 1) : 0];
      }),
    ),
    larges: Int32Array.of(
      ...moving.map(({ kind }) => largeContext(kind.axis?.what ?? 0)),
      ...rotations.flatMap(() => [0, 1, 2].map(() => largeContext(numberClass.rotation))),
    ),
    rotations,
    held,
    heldWords: Int32Array.from(held.flatMap(({ at, kind }) => Array.from({ length: kind.words }, (_, word) => at + word))),
    hidden: Int32Array.from(hidden),
  };
}

function shiftOf(ratio: number): number {
  return 2 ** (31 - Math.clz32(ratio)) === ratio ? 31 - Math.clz32(ratio) : -1;
}
