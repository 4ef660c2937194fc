// A rotation's change as symbols: how far three of its numbers are from where turning on as before would take them, and which number is left out.
//
// The quaternion is taken along the straight line through the bases and brought back to its length, which for the turns between snapshots is turning
// evenly. Invariant: both ends work from the same whole counts, those of the receiver's grid, so they expect the same; readRotation gives the counts that
// writeRotation was given. Units: counts and units of the rotation's grid. Integers and + - * / sqrt only (law 12).

import type { Precision } from '../schema/kind.ts';
import { completeRow, largestOf, type Rotation, unitOfCount } from '../schema/rotations.ts';
import { activityOf, context, neighbourOf, numberClass, offContext, offContexts } from './contexts.ts';
import type { Bases } from './entity-model.ts';
import type { EntityPlan, RotationField } from './entity-plan.ts';
import { readOff, writeOff } from './number-model.ts';
import type { SymbolDecoder, Symbols } from './symbol-coder.ts';

/** Rotations of one entity that are kept at a time. */
const rotationsMax = 64;
/** By rotation of the entity at hand, four numbers each: where it is expected, and its change between the bases in units. */
const expected = new Float64Array(rotationsMax * 4);
const changes = new Int32Array(rotationsMax * 4);
/** By rotation: which number is expected to be the largest; which one is, counted from there; and how far off the other three are. */
const expectedLargest = new Int32Array(rotationsMax);
const turned = new Int32Array(rotationsMax);
const offs = new Int32Array(rotationsMax * 3);

/** Two rotations on the receiver's grid. */
const newerCounts = new Int32Array(4);
const olderCounts = new Int32Array(4);

const contexts = offContexts(numberClass.rotation);

/** Works out where a rotation is expected. @returns the largest change of its numbers between the bases, in units. */
export function expectRotation({ rotations, precision }: EntityPlan, index: number, bases: Bases): number {
  const { at, of } = rotations[index] as RotationField;
  const first = index * 4;
  toGrid(of, precision, bases.newer, bases.newerAt + at, newerCounts);
  for (let axis = 0; axis < 4; axis++) {
    expected[first + axis] = newerCounts[axis] as number;
    changes[first + axis] = 0;
  }
  let most = 0;
  if (bases.olderAt >= 0) {
    toGrid(of, precision, bases.older, bases.olderAt + at, olderCounts);
    most = goOn(of, first, bases.newerAge / bases.span, of.ratio[precision]);
  }
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if (sizeOf(expected[first + axis] as number) > sizeOf(expected[first + largest] as number)) largest = axis;
  expectedLargest[index] = largest;
  return most;
}

/** @returns 0 when the rotation is as expected. */
export function measureRotation({ rotations, precision }: EntityPlan, index: number, row: Int32Array, rowAt: number): number {
  const { at, of } = rotations[index] as RotationField;
  const largest = largestOf(row, rowAt + at);
  const step = (largest - (expectedLargest[index] as number)) & 3;
  turned[index] = step;
  let any = step;
  for (let lane = 0; lane < 3; lane++) {
    const axis = lane < largest ? lane : lane + 1;
    const off = unitOfCount(of, row[rowAt + at + axis] as number, precision) - expectedUnit(of, precision, index, largest, axis);
    offs[index * 3 + lane] = off;
    any |= off;
  }
  return any;
}

/** Writes what was measured. @returns what the last number tells of the next. */
export function writeRotation(out: Symbols, index: number, hasOlder: boolean, age: number, neighbour: number): number {
  let told = neighbour;
  const step = turned[index] as number;
  const largest = ((expectedLargest[index] as number) + step) & 3;
  out.symbol(context.turned, step);
  for (let lane = 0; lane < 3; lane++) {
    const change = changeOf(index, largest, lane < largest ? lane : lane + 1);
    const off = offs[index * 3 + lane] as number;
    writeOff(out, off, offContext(contexts, hasOlder ? activityOf(change) : 0, age, told), numberClass.rotation, change);
    told = neighbourOf(off);
  }
  return told;
}

/** Puts a rotation into a row: as expected, or off by what is read. @returns what the last number tells of the next. */
export function readRotation(
  from: SymbolDecoder,
  { rotations, precision }: EntityPlan,
  index: number,
  row: Int32Array,
  rowAt: number,
  isOff: boolean,
  hasOlder: boolean,
  age: number,
  neighbour: number,
): number {
  const { at, of } = rotations[index] as RotationField;
  const ratio = of.ratio[precision];
  const most = of.most[precision];
  let told = neighbour;
  const largest = ((expectedLargest[index] as number) + (isOff ? from.symbol(context.turned) : 0)) & 3;
  for (let lane = 0; lane < 3; lane++) {
    const axis = lane < largest ? lane : lane + 1;
    let unit = expectedUnit(of, precision, index, largest, axis);
    if (isOff) {
      const change = changeOf(index, largest, axis);
      const off = readOff(from, offContext(contexts, hasOlder ? activityOf(change) : 0, age, told), numberClass.rotation, change);
      told = neighbourOf(off);
      unit += off;
      if (unit < -most || unit >= most) {
        from.failed = true;
        unit = 0;
      }
    }
    row[rowAt + at + axis] = unit * ratio;
  }
  if (!completeRow(of, row, rowAt + at, largest, ratio)) from.failed = true;
  return told;
}

/** Turns on from the newer counts as from the older to the newer, `times` as far. @returns the largest change between them, in units. */
function goOn(of: Rotation, first: number, times: number, ratio: number): number {
  let dot = 0;
  for (let axis = 0; axis < 4; axis++) dot += (newerCounts[axis] as number) * (olderCounts[axis] as number);
  let most = 0;
  let squares = 0;
  let moves = 0;
  for (let axis = 0; axis < 4; axis++) {
    const newer = newerCounts[axis] as number;
    const step = dot < 0 ? newer + (olderCounts[axis] as number) : newer - (olderCounts[axis] as number);
    const line = newer + step * times;
    moves |= step;
    squares += line * line;
    expected[first + axis] = line;
    const change = Math.round(step / ratio);
    changes[first + axis] = change;
    if (sizeOf(change) > most) most = sizeOf(change);
  }
  if (moves === 0 || squares === 0) return most;
  const scale = of.one / Math.sqrt(squares);
  for (let axis = 0; axis < 4; axis++) expected[first + axis] = (expected[first + axis] as number) * scale;
  return most;
}

/** Where a number is expected when `largest` is the one left out, and so positive. */
function expectedUnit(of: Rotation, precision: Precision, index: number, largest: number, axis: number): number {
  const number = expected[index * 4 + axis] as number;
  const unit = unitOfCount(of, Math.round((expected[index * 4 + largest] as number) < 0 ? -number : number), precision);
  return unit < -of.most[precision] ? -of.most[precision] : unit;
}

function changeOf(index: number, largest: number, axis: number): number {
  const change = changes[index * 4 + axis] as number;
  return (expected[index * 4 + largest] as number) < 0 ? -change : change;
}

/** A row's rotation as its receiver has it: the three smaller counts on its grid, the largest worked out. */
function toGrid(of: Rotation, precision: Precision, rows: Int32Array, at: number, into: Int32Array): void {
  const ratio = of.ratio[precision];
  const largest = largestOf(rows, at);
  let isOnGrid = true;
  for (let axis = 0; axis < 4; axis++) {
    const count = rows[at + axis] as number;
    into[axis] = count;
    if (axis === largest || (count & (ratio - 1)) === 0) continue;
    into[axis] = unitOfCount(of, count, precision) * ratio;
    isOnGrid = false;
  }
  // What lies on the grid was completed from it before.
  if (!isOnGrid) completeRow(of, into, 0, largest, ratio);
}

function sizeOf(number: number): number {
  return number < 0 ? -number : number;
}
