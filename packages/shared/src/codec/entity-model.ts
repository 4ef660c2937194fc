// An entity's change as decisions: what is off from where the two newest states that both ends hold would take it.
//
// Moving numbers are predicted along the straight line through the bases; one decision says that all of them are as predicted. Everything else is held:
// one decision says that none of it changed. Invariant: readChange gives the row that writeChange was given, at its precision, on the same bases.
// Units: ticks for ages; words for rows. Integers and + - * / only (law 12).

import type { Axis, Kind, Precision } from '../schema/kind.ts';
import type { Layout } from '../schema/layout.ts';
import { activityOf, ages, context, groupOf } from './contexts.ts';
import { readOff, writeOff } from './number-model.ts';
import type { Decisions, RangeDecoder } from './range-coder.ts';

/** Two states that both ends hold: rows and where they begin. `olderAt` is -1 when there is one only. */
export interface Bases {
  newer: Int32Array;
  newerAt: number;
  older: Int32Array;
  olderAt: number;
  /** Ticks from the newer to the state that is coded, and from the older to the newer. */
  newerAge: number;
  span: number;
  /** Ticks between snapshots. */
  interval: number;
}

/** The words that one entity's moving numbers have, made once for a layout, precision and owner. */
interface Plan {
  readonly moving: readonly { readonly at: number; readonly axis: Axis }[];
  readonly held: readonly { readonly at: number; readonly kind: Kind<unknown> }[];
  /** Fields that only the owner is sent: a reader who is not the owner keeps the base's. */
  readonly hidden: readonly { readonly at: number; readonly words: number }[];
}

const plans = new WeakMap<Layout, { owner: Plan; others: Plan }>();

/** Whether nothing that moves did so between the bases: 1 or 0. */
export function stillness(layout: Layout, bases: Bases, precision: Precision, owner: boolean): number {
  return entityActivity(planOf(layout, owner).moving, bases, precision) === 1 ? 1 : 0;
}

export function writeChange(out: Decisions, layout: Layout, row: Int32Array, at: number, bases: Bases, precision: Precision, owner: boolean): void {
  const { moving, held } = planOf(layout, owner);
  const age = ageOf(bases);
  if (moving.length > 0) {
    const activity = entityActivity(moving, bases, precision);
    let anyOff = 0;
    for (const { at: word, axis } of moving) {
      if (axis.units(row[at + word] as number, precision) === expected(axis, bases, word, precision)) continue;
      anyOff = 1;
      break;
    }
    out.bit(context.anyOff + activity * ages + age, anyOff);
    if (anyOff === 1) {
      let neighbour = 0;
      for (const { at: word, axis } of moving) {
        const off = offOf(axis, axis.units(row[at + word] as number, precision), expected(axis, bases, word, precision), precision);
        const change = changeOf(axis, bases, word, precision);
        writeOff(out, off, numberGroup(axis, bases, change, age, neighbour), axis.what, Math.sign(change));
        neighbour = off === 0 ? 1 : 2;
      }
    }
  }
  if (held.length === 0) return;
  let anyHeld = 0;
  let anyRecent = 0;
  for (const { at: field, kind } of held) {
    if (!kind.same(row, at + field, bases.newer, bases.newerAt + field, precision)) anyHeld = 1;
    if (isRecent(kind, bases, field, precision)) anyRecent = 1;
  }
  out.bit(context.anyHeld + anyRecent, anyHeld);
  if (anyHeld === 0) return;
  for (const { at: field, kind } of held) {
    const changed = kind.same(row, at + field, bases.newer, bases.newerAt + field, precision) ? 0 : 1;
    out.bit(context.held + (isRecent(kind, bases, field, precision) ? 1 : 0), changed);
    if (changed === 1) writeHeld(out, kind, row, at + field, bases, field, precision, age);
  }
}

export function readChange(
  from: RangeDecoder,
  layout: Layout,
  row: Int32Array,
  at: number,
  bases: Bases,
  precision: Precision,
  owner: boolean,
): void {
  const { moving, held, hidden } = planOf(layout, owner);
  const age = ageOf(bases);
  for (const { at: word, words } of hidden) copyWords(bases.newer, bases.newerAt + word, row, at + word, words);
  if (moving.length > 0) {
    const activity = entityActivity(moving, bases, precision);
    const anyOff = from.bit(context.anyOff + activity * ages + age);
    let neighbour = 0;
    for (const { at: word, axis } of moving) {
      let off = 0;
      if (anyOff === 1) {
        const change = changeOf(axis, bases, word, precision);
        off = readOff(from, numberGroup(axis, bases, change, age, neighbour), axis.what, Math.sign(change));
        neighbour = off === 0 ? 1 : 2;
      }
      row[at + word] = axis.word(bounded(from, axis, expected(axis, bases, word, precision) + off, precision), precision);
    }
  }
  if (held.length === 0) return;
  let anyRecent = 0;
  for (const { at: field, kind } of held) if (isRecent(kind, bases, field, precision)) anyRecent = 1;
  const anyHeld = from.bit(context.anyHeld + anyRecent);
  for (const { at: field, kind } of held) {
    const changed = anyHeld === 1 && from.bit(context.held + (isRecent(kind, bases, field, precision) ? 1 : 0)) === 1;
    if (changed) readHeld(from, kind, row, at + field, bases, field, precision, age);
    else copyWords(bases.newer, bases.newerAt + field, row, at + field, kind.words);
  }
}

/** The contexts of a number that changed by `change` between the bases; with one base that is not known. */
function numberGroup(axis: Axis, bases: Bases, change: number, age: number, neighbour: number): number {
  return groupOf(axis.what, bases.olderAt < 0 ? 0 : activityOf(change), age, neighbour);
}

/** A count that jumped says by how much; anything else is written whole. */
function writeHeld(
  out: Decisions,
  kind: Kind<unknown>,
  row: Int32Array,
  at: number,
  bases: Bases,
  field: number,
  precision: Precision,
  age: number,
): void {
  const { axis } = kind;
  if (!axis) {
    kind.write(out, row, at, precision);
    return;
  }
  for (let word = 0; word < kind.words; word++) {
    const off = axis.units(row[at + word] as number, precision) - axis.units(bases.newer[bases.newerAt + field + word] as number, precision);
    const change = changeOf(axis, bases, field + word, precision);
    writeOff(out, off, numberGroup(axis, bases, change, age, 0), axis.what, Math.sign(change));
  }
}

function readHeld(
  from: RangeDecoder,
  kind: Kind<unknown>,
  row: Int32Array,
  at: number,
  bases: Bases,
  field: number,
  precision: Precision,
  age: number,
): void {
  const { axis } = kind;
  if (!axis) {
    kind.read(from, row, at, precision);
    return;
  }
  for (let word = 0; word < kind.words; word++) {
    const change = changeOf(axis, bases, field + word, precision);
    const off = readOff(from, numberGroup(axis, bases, change, age, 0), axis.what, Math.sign(change));
    const units = axis.units(bases.newer[bases.newerAt + field + word] as number, precision) + off;
    row[at + word] = axis.word(bounded(from, axis, units, precision), precision);
  }
}

/** Where the straight line through the bases is at the coded tick, in units; the newer base where there is no line. */
function expected(axis: Axis, bases: Bases, word: number, precision: Precision): number {
  const units = axis.units(bases.newer[bases.newerAt + word] as number, precision);
  if (bases.olderAt < 0 || bases.span <= 0) return units;
  const line = units + Math.round((changeOf(axis, bases, word, precision) * bases.newerAge) / bases.span);
  const turn = axis.turn?.[precision];
  if (turn !== undefined) return ((line % turn) + turn) % turn;
  return Math.max(0, Math.min(axis.max[precision], line));
}

/** From the older base to the newer, in units; the shorter way round where numbers wrap. */
function changeOf(axis: Axis, bases: Bases, word: number, precision: Precision): number {
  if (bases.olderAt < 0) return 0;
  const units = axis.units(bases.newer[bases.newerAt + word] as number, precision);
  return offOf(axis, units, axis.units(bases.older[bases.olderAt + word] as number, precision), precision);
}

function offOf(axis: Axis, units: number, from: number, precision: Precision): number {
  const turn = axis.turn?.[precision];
  if (turn === undefined) return units - from;
  const ahead = (((units - from) % turn) + turn) % turn;
  return ahead > turn / 2 ? ahead - turn : ahead;
}

/** Units that a reader got, brought into range: out of it, no correct peer wrote them. */
function bounded(from: RangeDecoder, axis: Axis, units: number, precision: Precision): number {
  const turn = axis.turn?.[precision];
  if (turn !== undefined) return ((units % turn) + turn) % turn;
  if (units >= 0 && units <= axis.max[precision]) return units;
  from.failed = true;
  return 0;
}

function entityActivity(moving: Plan['moving'], bases: Bases, precision: Precision): number {
  if (bases.olderAt < 0) return 0;
  let most = 1;
  for (const { at: word, axis } of moving) most = Math.max(most, activityOf(changeOf(axis, bases, word, precision)));
  return most;
}

function isRecent(kind: Kind<unknown>, bases: Bases, field: number, precision: Precision): boolean {
  return bases.olderAt >= 0 && !kind.same(bases.newer, bases.newerAt + field, bases.older, bases.olderAt + field, precision);
}

function ageOf({ newerAge, interval }: Bases): number {
  return Math.min(ages - 1, Math.max(0, Math.ceil(newerAge / interval) - 1));
}

function copyWords(from: Int32Array, fromAt: number, to: Int32Array, toAt: number, count: number): void {
  for (let word = 0; word < count; word++) to[toAt + word] = from[fromAt + word] as number;
}

function planOf(layout: Layout, owner: boolean): Plan {
  let both = plans.get(layout);
  if (!both) {
    both = { owner: makePlan(layout, true), others: makePlan(layout, false) };
    plans.set(layout, both);
  }
  return owner ? both.owner : both.others;
}

function makePlan(layout: Layout, owner: boolean): Plan {
  const moving: { at: number; axis: Axis }[] = [];
  const held: { at: number; kind: Kind<unknown> }[] = [];
  const hidden: { at: number; words: number }[] = [];
  for (const { kind, at } of layout.fields) {
    if (kind.ownerOnly && !owner) hidden.push({ at, words: kind.words });
    else if (kind.axis?.goesOn) for (let word = 0; word < kind.words; word++) moving.push({ at: at + word, axis: kind.axis });
    else held.push({ at, kind });
  }
  return { moving, held, hidden };
}
