// An entity's change as symbols: what is off from where the two newest states that both ends hold would take it.
//
// Moving numbers are predicted along the straight line through the bases. One symbol says the shape of the change: whether it rests, whether a moving number
// is off, whether a held field changed. Invariant: readChange gives the row that writeChange was given, at its precision, on the same bases.
// Units: ticks for ages; words for rows. Integers and + - * / only (law 12).

import type { Kind, Precision } from '../schema/kind.ts';
import { activityOf, ages, context, largeContext, offContext, offContexts, shapeContext } from './contexts.ts';
import { differenceOf, type EntityPlan, type HeldField, laneAt, laneWords, type RotationField, unitOf, wordOf } from './entity-plan.ts';
import { atHand, readNumbers, writeNumbers } from './number-model.ts';
import { expectRotation, measureRotation, readTurned, takeExpected, takeNumbers, writeTurned } from './rotation-model.ts';
import { contextPlaces, type SymbolDecoder, type Symbols } from './symbol-coder.ts';

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

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own: what is needed for each number is.
const { word: wordAt, contexts: contextsAt, unitMax: unitMaxAt, mask: maskAt } = laneAt;
const lane: number = laneWords;
const places: number = contextPlaces;
const oldest: number = ages;
const firstHeld = context.held;
const { expected, velocities, contexts: contextsAtHand, offs } = atHand;

/** The bits of a change's shape. */
const shape = { off: 1, held: 2, rest: 4 } as const;

/** @param restAge since how many ticks the state has held; 0 for one that changed in the packet's tick, which is no rest. */
export function writeChange(out: Symbols, plan: EntityPlan, row: Int32Array, at: number, bases: Bases, restAge: number): void {
  const age = ageOf(bases);
  const activity = expect(plan, bases, age);
  const recent = anyRecent(plan, bases);
  // A rest that began at or before the newer base says that nothing has changed since.
  const isSame = restAge >= bases.newerAge;
  const isOff = !isSame && measureOffs(plan, row, at, bases.olderAt >= 0, age);
  const isHeld = !isSame && anyChanged(plan, row, at, bases);
  const rest = restAge > 0 ? shape.rest : 0;
  out.symbol(shapeContext(activity, age, recent), rest + (isOff ? shape.off : 0) + (isHeld ? shape.held : 0));
  if (rest) out.writeVar(restAge - 1);
  if (isOff) writeLanes(out, plan);
  if (isHeld) writeHeldFields(out, plan, row, at, bases, age);
}

/** Puts the row into `row` from `at` on. @returns the age of its rest, 0 for none. */
export function readChange(from: SymbolDecoder, plan: EntityPlan, row: Int32Array, at: number, bases: Bases): number {
  const age = ageOf(bases);
  const activity = expect(plan, bases, age);
  const { newer, newerAt } = bases;
  const { hidden, held } = plan;
  const told = from.symbol(shapeContext(activity, age, anyRecent(plan, bases)));
  const restAge = (told & shape.rest) !== 0 ? from.readVar() + 1 : 0;
  if (restAge >= bases.newerAge) {
    const { words } = plan.layout;
    for (let word = 0; word < words; word++) row[at + word] = newer[newerAt + word] as number;
    return restAge;
  }
  copyWords(hidden, row, at, newer, newerAt);
  copyWords(plan.heldWords, row, at, newer, newerAt);
  if ((told & shape.off) !== 0) readLanes(from, plan, row, at, bases.olderAt >= 0, age);
  else goOn(from, plan, row, at);
  if ((told & shape.held) === 0) return restAge;
  for (let index = 0; index < held.length; index++) {
    const field = held[index] as HeldField;
    if (from.symbol(heldContext(field, bases, plan)) === 1) readHeld(from, plan, field, row, at, bases, age);
  }
  return restAge;
}

function copyWords(words: Int32Array, row: Int32Array, at: number, from: Int32Array, fromAt: number): void {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as number;
    row[at + word] = from[fromAt + word] as number;
  }
}

/** Works out where each lane is expected. @returns the activity of the entity: of its lane that changed most. */
function expect({ lanes, table, rotations }: EntityPlan, bases: Bases, age: number): number {
  const { newer, newerAt, older, olderAt, newerAge, span } = bases;
  const hasOlder = olderAt >= 0;
  let most = 0;
  for (let index = 0, at = 0; index < lanes; index++, at += lane) {
    const word = table[at + wordAt] as number;
    const unit = unitOf(table, at, newer[newerAt + word] as number);
    const change = hasOlder ? differenceOf(table, at, unitOf(table, at, older[olderAt + word] as number), unit) : 0;
    velocities[index] = change;
    expected[index] = change === 0 ? unit : onLine(table, at, unit, span === newerAge ? change : Math.round((change * newerAge) / span));
    contextsAtHand[index] = offContext(table[at + contextsAt] as number, hasOlder ? activityOf(change) : 0, age);
    const size = change < 0 ? -change : change;
    if (size > most) most = size;
  }
  for (let index = 0; index < rotations.length; index++) {
    const size = expectRotation(rotations[index] as RotationField, index, bases);
    if (size > most) most = size;
  }
  return hasOlder ? activityOf(most) : 0;
}

/** Where a lane is after a change, in range. */
function onLine(table: Int32Array, at: number, unit: number, change: number): number {
  const line = (unit + change) & (table[at + maskAt] as number);
  const most = table[at + unitMaxAt] as number;
  return line < 0 ? 0 : line > most ? most : line;
}

/** @returns whether any lane is not where it was expected. */
function measureOffs(plan: EntityPlan, row: Int32Array, rowAt: number, hasOlder: boolean, age: number): boolean {
  const { lanes, table, rotations } = plan;
  let any = 0;
  for (let index = 0, at = 0; index < lanes; index++, at += lane) {
    const unit = unitOf(table, at, row[rowAt + (table[at + wordAt] as number)] as number);
    const off = differenceOf(table, at, expected[index] as number, unit);
    offs[index] = off;
    any |= off;
  }
  for (let index = 0; index < rotations.length; index++) any |= measureRotation(plan, index, row, rowAt, hasOlder, age);
  return any !== 0;
}

function writeLanes(out: Symbols, plan: EntityPlan): void {
  const { lanes, rotations } = plan;
  for (let index = 0; index < rotations.length; index++) writeTurned(out, index);
  writeNumbers(out, plan.larges, lanes + 3 * rotations.length);
}

function readLanes(from: SymbolDecoder, plan: EntityPlan, row: Int32Array, rowAt: number, hasOlder: boolean, age: number): void {
  const { lanes, table, rotations } = plan;
  for (let index = 0; index < rotations.length; index++) readTurned(from, plan, index, hasOlder, age);
  readNumbers(from, plan.larges, lanes + 3 * rotations.length);
  for (let index = 0, at = 0; index < lanes; index++, at += lane) {
    let unit = ((expected[index] as number) + (offs[index] as number)) & (table[at + maskAt] as number);
    if (unit < 0 || unit > (table[at + unitMaxAt] as number)) {
      from.failed = true;
      unit = 0;
    }
    row[rowAt + (table[at + wordAt] as number)] = wordOf(table, at, unit);
  }
  for (let index = 0; index < rotations.length; index++) if (!takeNumbers(plan, index, row, rowAt)) from.failed = true;
}

/** Everything that moves is where it was expected. */
function goOn(from: SymbolDecoder, plan: EntityPlan, row: Int32Array, rowAt: number): void {
  const { lanes, table, rotations } = plan;
  for (let index = 0, at = 0; index < lanes; index++, at += lane)
    row[rowAt + (table[at + wordAt] as number)] = wordOf(table, at, expected[index] as number);
  for (let index = 0; index < rotations.length; index++) if (!takeExpected(plan, index, row, rowAt)) from.failed = true;
}

/** A unit that a reader got: out of its range, no correct peer wrote it. */
function inRange(from: SymbolDecoder, unit: number, most: number, turn: number): number {
  if (turn !== 0) return unit & (turn - 1);
  if (unit >= 0 && unit <= most) return unit;
  from.failed = true;
  return 0;
}

function anyChanged(plan: EntityPlan, row: Int32Array, at: number, bases: Bases): boolean {
  const { held, precision } = plan;
  if (areWordsSame(plan.heldWords, row, at, bases.newer, bases.newerAt)) return false;
  for (let index = 0; index < held.length; index++) {
    const { kind, at: field } = held[index] as HeldField;
    if (!isSame(kind, row, at + field, bases.newer, bases.newerAt + field, precision)) return true;
  }
  return false;
}

function writeHeldFields(out: Symbols, plan: EntityPlan, row: Int32Array, at: number, bases: Bases, age: number): void {
  const { held, precision } = plan;
  for (let index = 0; index < held.length; index++) {
    const field = held[index] as HeldField;
    const changed = !isSame(field.kind, row, at + field.at, bases.newer, bases.newerAt + field.at, precision);
    out.symbol(heldContext(field, bases, plan), changed ? 1 : 0);
    if (changed) writeHeld(out, plan, field, row, at, bases, age);
  }
}

/** A count that jumped says by how much; anything else is written whole. */
function writeHeld(out: Symbols, plan: EntityPlan, { kind, at: field }: HeldField, row: Int32Array, at: number, bases: Bases, age: number): void {
  const { axis } = kind;
  if (!axis) {
    kind.write(out, row, at + field, plan.precision);
    return;
  }
  expectHeld(kind, field, bases, plan, age);
  for (let word = 0; word < kind.words; word++)
    offs[word] = axis.units(row[at + field + word] as number, plan.precision) - (expected[word] as number);
  writeNumbers(out, heldLarges, kind.words);
}

function readHeld(
  from: SymbolDecoder,
  plan: EntityPlan,
  { kind, at: field }: HeldField,
  row: Int32Array,
  at: number,
  bases: Bases,
  age: number,
): void {
  const { axis } = kind;
  if (!axis) {
    kind.read(from, row, at + field, plan.precision);
    return;
  }
  expectHeld(kind, field, bases, plan, age);
  readNumbers(from, heldLarges, kind.words);
  for (let word = 0; word < kind.words; word++) {
    const unit = (expected[word] as number) + (offs[word] as number);
    row[at + field + word] = axis.word(inRange(from, unit, axis.max[plan.precision], axis.turn?.[plan.precision] ?? 0), plan.precision);
  }
}

/** By word of a held field: the context of a large number's length. */
const heldLarges = new Int32Array(3);

/** A held number is expected where it was, and so are the others of its field. */
function expectHeld({ axis, words }: Kind<unknown>, field: number, bases: Bases, { precision }: EntityPlan, age: number): void {
  if (!axis) return;
  for (let word = 0; word < words; word++) {
    const unit = axis.units(bases.newer[bases.newerAt + field + word] as number, precision);
    const change = bases.olderAt < 0 ? 0 : unit - axis.units(bases.older[bases.olderAt + field + word] as number, precision);
    expected[word] = unit;
    velocities[word] = change;
    contextsAtHand[word] = offContext(offContexts(axis.what), bases.olderAt < 0 ? 0 : activityOf(change), age);
    heldLarges[word] = largeContext(axis.what);
  }
}

function heldContext({ kind, at }: HeldField, bases: Bases, plan: EntityPlan): number {
  return firstHeld + (isRecent(kind, at, bases, plan) ? places : 0);
}

function anyRecent(plan: EntityPlan, bases: Bases): number {
  const { held, heldWords } = plan;
  if (bases.olderAt < 0 || areWordsSame(heldWords, bases.newer, bases.newerAt, bases.older, bases.olderAt)) return 0;
  for (let index = 0; index < held.length; index++) {
    const { kind, at } = held[index] as HeldField;
    if (isRecent(kind, at, bases, plan)) return 1;
  }
  return 0;
}

function isRecent(kind: Kind<unknown>, at: number, bases: Bases, plan: EntityPlan): boolean {
  return bases.olderAt >= 0 && !isSame(kind, bases.newer, bases.newerAt + at, bases.older, bases.olderAt + at, plan.precision);
}

function areWordsSame(words: Int32Array, a: Int32Array, aAt: number, b: Int32Array, bAt: number): boolean {
  for (let index = 0; index < words.length; index++) {
    const word = words[index] as number;
    if (a[aAt + word] !== b[bAt + word]) return false;
  }
  return true;
}

/** Whether a held field is the same in two rows: equal words need no asking. */
function isSame(kind: Kind<unknown>, a: Int32Array, aAt: number, b: Int32Array, bAt: number, precision: Precision): boolean {
  for (let word = 0; word < kind.words; word++) if (a[aAt + word] !== b[bAt + word]) return kind.same(a, aAt, b, bAt, precision);
  return true;
}

function ageOf({ newerAge, interval }: Bases): number {
  const intervals = Math.ceil(newerAge / interval);
  return intervals < 1 ? 0 : intervals > oldest ? oldest - 1 : intervals - 1;
}
