// A rotation's change as symbols: how far three of its numbers are from where turning on as before would take them, and which number is left out.
//
// The quaternion is taken along the straight line through the bases and brought back to its length, which for the turns between snapshots is turning
// evenly. Invariant: both ends work from the same whole counts, those of the receiver's grid, so they expect the same. The three numbers stand behind the
// entity's single words in the numbers at hand. Units: counts and units of the rotation's grid. Integers and + - * / sqrt only (law 12).

import { completeRow, largestOf, type RotationGrid, unitOfCount } from '../schema/rotations.ts';
import { activityOf, context, numberClass, offContext, offContexts } from './contexts.ts';
import type { Bases } from './entity-model.ts';
import type { EntityPlan, RotationField } from './entity-plan.ts';
import { atHand } from './number-model.ts';
import type { SymbolDecoder, Symbols } from './symbol-coder.ts';

/** The most rotations that one entity has: one for each field. */
const rotationsMax = 64;
/** By rotation of the entity at hand, four numbers each: where it is expected, and its change between the bases in units. */
const expected = new Float64Array(rotationsMax * 4);
const changes = new Int32Array(rotationsMax * 4);
/** By rotation: which number is expected to be the largest, and which one is. */
const expectedLargest = new Int32Array(rotationsMax);
const largests = new Int32Array(rotationsMax);

/** Two rotations on the receiver's grid. */
const newerCounts = new Int32Array(4);
const olderCounts = new Int32Array(4);

const contexts = offContexts(numberClass.rotation);

/** Works out where a rotation is expected. @returns the largest change of its numbers between the bases, in units. */
export function expectRotation({ rotations }: EntityPlan, index: number, bases: Bases): number {
  const { at, grid } = rotations[index] as RotationField;
  const first = index * 4;
  let most = 0;
  toGrid(grid, bases.newer, bases.newerAt + at, newerCounts);
  if (bases.olderAt >= 0) {
    toGrid(grid, bases.older, bases.olderAt + at, olderCounts);
    most = goOn(grid, first, bases.newerAge / bases.span);
  } else {
    for (let axis = 0; axis < 4; axis++) {
      expected[first + axis] = newerCounts[axis] as number;
      changes[first + axis] = 0;
    }
  }
  let largest = 0;
  let size = sizeOf(expected[first] as number);
  for (let axis = 1; axis < 4; axis++) {
    const other = sizeOf(expected[first + axis] as number);
    if (other <= size) continue;
    largest = axis;
    size = other;
  }
  expectedLargest[index] = largest;
  return most;
}

/** Puts how far a row is off into the numbers at hand. @returns 0 when the rotation is as expected. */
export function measureRotation(plan: EntityPlan, index: number, row: Int32Array, rowAt: number, hasOlder: boolean, age: number): number {
  const { at, grid } = plan.rotations[index] as RotationField;
  const largest = largestOf(row, rowAt + at);
  const first = plan.lanes + index * 3;
  let any = largest - (expectedLargest[index] as number);
  expectNumbers(plan, index, largest, hasOlder, age);
  for (let lane = 0; lane < 3; lane++) {
    const off = unitOfCount(grid, row[rowAt + at + (lane < largest ? lane : lane + 1)] as number) - (atHand.expected[first + lane] as number);
    atHand.offs[first + lane] = off;
    any |= off;
  }
  return any;
}

/** Which number is the largest, counted from the one that was expected to be. */
export function writeTurned(out: Symbols, index: number): void {
  out.symbol(context.turned, ((largests[index] as number) - (expectedLargest[index] as number)) & 3);
}

export function readTurned(from: SymbolDecoder, plan: EntityPlan, index: number, hasOlder: boolean, age: number): void {
  expectNumbers(plan, index, ((expectedLargest[index] as number) + from.symbol(context.turned)) & 3, hasOlder, age);
}

/** Puts a rotation into a row, off from where it is expected as the numbers at hand say. @returns false when that is none. */
export function takeNumbers(plan: EntityPlan, index: number, row: Int32Array, rowAt: number): boolean {
  const { at, grid } = plan.rotations[index] as RotationField;
  const largest = largests[index] as number;
  const first = plan.lanes + index * 3;
  let isFine = true;
  for (let lane = 0; lane < 3; lane++) {
    let unit = (atHand.expected[first + lane] as number) + (atHand.offs[first + lane] as number);
    if (unit < -grid.most || unit >= grid.most) {
      isFine = false;
      unit = 0;
    }
    row[rowAt + at + (lane < largest ? lane : lane + 1)] = unit << grid.shift;
  }
  return completeRow(grid, row, rowAt + at, largest) && isFine;
}

/** Puts a rotation into a row just where it is expected. @returns false when that is none. */
export function takeExpected({ rotations }: EntityPlan, index: number, row: Int32Array, rowAt: number): boolean {
  const { at, grid } = rotations[index] as RotationField;
  const largest = expectedLargest[index] as number;
  const isNegative = (expected[index * 4 + largest] as number) < 0;
  for (let axis = 0; axis < 4; axis++) if (axis !== largest) row[rowAt + at + axis] = expectedUnit(grid, index * 4 + axis, isNegative) << grid.shift;
  return completeRow(grid, row, rowAt + at, largest);
}

/** Turns on from the newer counts as from the older to the newer, `times` as far. @returns the largest change between them, in units. */
function goOn({ one, shift }: RotationGrid, first: number, times: number): number {
  let dot = 0;
  for (let axis = 0; axis < 4; axis++) dot += (newerCounts[axis] as number) * (olderCounts[axis] as number);
  const half = (1 << shift) >> 1;
  let most = 0;
  let squares = 0;
  let moves = 0;
  for (let axis = 0; axis < 4; axis++) {
    const newer = newerCounts[axis] as number;
    const older = olderCounts[axis] as number;
    const step = dot < 0 ? newer + older : newer - older;
    const line = newer + step * times;
    moves |= step;
    squares += line * line;
    expected[first + axis] = line;
    const change = (step + half) >> shift;
    changes[first + axis] = change;
    const size = change < 0 ? -change : change;
    if (size > most) most = size;
  }
  // What stands is expected just where it is.
  const scale = moves === 0 ? 1 : one / Math.sqrt(squares);
  for (let axis = 0; axis < 4; axis++) expected[first + axis] = (expected[first + axis] as number) * scale;
  return most;
}

/** Puts the three numbers other than `largest` at hand. */
function expectNumbers({ lanes, rotations }: EntityPlan, index: number, largest: number, hasOlder: boolean, age: number): void {
  const { grid } = rotations[index] as RotationField;
  const isNegative = (expected[index * 4 + largest] as number) < 0;
  const first = lanes + index * 3;
  largests[index] = largest;
  for (let lane = 0; lane < 3; lane++) {
    const axis = lane < largest ? lane : lane + 1;
    const change = changes[index * 4 + axis] as number;
    atHand.expected[first + lane] = expectedUnit(grid, index * 4 + axis, isNegative);
    atHand.velocities[first + lane] = isNegative ? -change : change;
    atHand.contexts[first + lane] = offContext(contexts, hasOlder ? activityOf(change) : 0, age);
  }
}

/** Where a number is expected, `isNegative` when the largest one is expected to be that: the largest is positive in a row. */
function expectedUnit(grid: RotationGrid, index: number, isNegative: boolean): number {
  const number = expected[index] as number;
  const unit = unitOfCount(grid, Math.round(isNegative ? -number : number));
  return unit < -grid.most ? -grid.most : unit;
}

/** A row's rotation as its receiver has it: the three smaller counts on its grid, the largest worked out. */
export function toGrid(grid: RotationGrid, rows: Int32Array, at: number, into: Int32Array): void {
  const mask = (1 << grid.shift) - 1;
  const largest = largestOf(rows, at);
  let isOnGrid = true;
  for (let axis = 0; axis < 4; axis++) {
    const count = rows[at + axis] as number;
    into[axis] = count;
    if (axis === largest || (count & mask) === 0) continue;
    into[axis] = unitOfCount(grid, count) << grid.shift;
    isOnGrid = false;
  }
  // What lies on the grid was completed from it before.
  if (!isOnGrid) completeRow(grid, into, 0, largest);
}

function sizeOf(number: number): number {
  return number < 0 ? -number : number;
}
