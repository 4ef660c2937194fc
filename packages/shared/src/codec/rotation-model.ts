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

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const { expected: expectedAtHand, velocities, contexts: contextsAtHand, offs } = atHand;

/** The most rotations that one entity has: one for each field. */
const rotationsMax = 64;
/** By rotation of the entity at hand, four numbers each: where it is expected, and its change between the bases in units. */
const expected = new Float64Array(rotationsMax * 4);
const changes = new Int32Array(rotationsMax * 4);
/** By rotation: which number is expected to be the largest, and which one is. */
const expectedLargest = new Int32Array(rotationsMax);
const largests = new Int32Array(rotationsMax);

/** Two rotations on the receiver's grid, where they were not. */
const newerCounts = new Int32Array(4);
const olderCounts = new Int32Array(4);

const firstContext = offContexts(numberClass.rotation);
const turnedContext = context.turned;

/**
 * Works out where a rotation is expected: turned on from the newer counts as from the older to the newer.
 * @returns the largest change of its numbers between the bases, in units.
 */
export function expectRotation({ at, grid }: RotationField, index: number, bases: Bases): number {
  const first = index * 4;
  const isNewerFine = isOnGrid(grid, bases.newer, bases.newerAt + at);
  const newer = isNewerFine ? bases.newer : toGrid(grid, bases.newer, bases.newerAt + at, newerCounts);
  const newerAt = isNewerFine ? bases.newerAt + at : 0;
  const x = newer[newerAt] as number;
  const y = newer[newerAt + 1] as number;
  const z = newer[newerAt + 2] as number;
  const w = newer[newerAt + 3] as number;
  if (bases.olderAt < 0) {
    changes.fill(0, first, first + 4);
    expectAt(index, x, y, z, w);
    return 0;
  }
  const isOlderFine = isOnGrid(grid, bases.older, bases.olderAt + at);
  const older = isOlderFine ? bases.older : toGrid(grid, bases.older, bases.olderAt + at, olderCounts);
  const olderAt = isOlderFine ? bases.olderAt + at : 0;
  const oldX = older[olderAt] as number;
  const oldY = older[olderAt + 1] as number;
  const oldZ = older[olderAt + 2] as number;
  const oldW = older[olderAt + 3] as number;
  const isTurnedOver = x * oldX + y * oldY + z * oldZ + w * oldW < 0;
  const stepX = isTurnedOver ? x + oldX : x - oldX;
  const stepY = isTurnedOver ? y + oldY : y - oldY;
  const stepZ = isTurnedOver ? z + oldZ : z - oldZ;
  const stepW = isTurnedOver ? w + oldW : w - oldW;
  const half = (1 << grid.shift) >> 1;
  const changeX = (stepX + half) >> grid.shift;
  const changeY = (stepY + half) >> grid.shift;
  const changeZ = (stepZ + half) >> grid.shift;
  const changeW = (stepW + half) >> grid.shift;
  changes[first] = changeX;
  changes[first + 1] = changeY;
  changes[first + 2] = changeZ;
  changes[first + 3] = changeW;
  const times = bases.newerAge / bases.span;
  const lineX = x + stepX * times;
  const lineY = y + stepY * times;
  const lineZ = z + stepZ * times;
  const lineW = w + stepW * times;
  // What stands is expected just where it is.
  const isStill = (stepX | stepY | stepZ | stepW) === 0;
  const scale = isStill ? 1 : grid.one / Math.sqrt(lineX * lineX + lineY * lineY + lineZ * lineZ + lineW * lineW);
  expectAt(index, lineX * scale, lineY * scale, lineZ * scale, lineW * scale);
  return Math.max(sizeOf(changeX), sizeOf(changeY), sizeOf(changeZ), sizeOf(changeW));
}

/** Notes where a rotation is expected, and which of its numbers is the largest: of two alike the first. */
function expectAt(index: number, x: number, y: number, z: number, w: number): void {
  const first = index * 4;
  expected[first] = x;
  expected[first + 1] = y;
  expected[first + 2] = z;
  expected[first + 3] = w;
  let largest = 0;
  let size = sizeOf(x);
  if (sizeOf(y) > size) {
    largest = 1;
    size = sizeOf(y);
  }
  if (sizeOf(z) > size) {
    largest = 2;
    size = sizeOf(z);
  }
  if (sizeOf(w) > size) largest = 3;
  expectedLargest[index] = largest;
}

/** Puts how far a row is off into the numbers at hand. @returns 0 when the rotation is as expected. */
export function measureRotation(plan: EntityPlan, index: number, row: Int32Array, rowAt: number, hasOlder: boolean, age: number): number {
  const { at, grid } = plan.rotations[index] as RotationField;
  const largest = largestOf(row, rowAt + at);
  const first = plan.lanes + index * 3;
  let any = largest - (expectedLargest[index] as number);
  expectNumbers(plan, index, largest, hasOlder, age);
  for (let lane = 0; lane < 3; lane++) {
    const off = unitOfCount(grid, row[rowAt + at + axisOf(lane, largest)] as number) - (expectedAtHand[first + lane] as number);
    offs[first + lane] = off;
    any |= off;
  }
  return any;
}

/** Which number is the largest, counted from the one that was expected to be. */
export function writeTurned(out: Symbols, index: number): void {
  out.symbol(turnedContext, ((largests[index] as number) - (expectedLargest[index] as number)) & 3);
}

export function readTurned(from: SymbolDecoder, plan: EntityPlan, index: number, hasOlder: boolean, age: number): void {
  expectNumbers(plan, index, ((expectedLargest[index] as number) + from.symbol(turnedContext)) & 3, hasOlder, age);
}

/** Puts a rotation into a row, off from where it is expected as the numbers at hand say. @returns false when that is none. */
export function takeNumbers(plan: EntityPlan, index: number, row: Int32Array, rowAt: number): boolean {
  const { at, grid } = plan.rotations[index] as RotationField;
  const { most, shift } = grid;
  const largest = largests[index] as number;
  const first = plan.lanes + index * 3;
  let isFine = true;
  for (let lane = 0; lane < 3; lane++) {
    let unit = (expectedAtHand[first + lane] as number) + (offs[first + lane] as number);
    if (unit < -most || unit >= most) {
      isFine = false;
      unit = 0;
    }
    row[rowAt + at + axisOf(lane, largest)] = unit << shift;
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

/** Which number a lane stands for: the largest has none. */
function axisOf(lane: number, largest: number): number {
  return lane + ((largest - lane - 1) >>> 31);
}

/** Puts the three numbers other than `largest` at hand. */
function expectNumbers({ lanes, rotations }: EntityPlan, index: number, largest: number, hasOlder: boolean, age: number): void {
  const { grid } = rotations[index] as RotationField;
  const isNegative = (expected[index * 4 + largest] as number) < 0;
  const first = lanes + index * 3;
  largests[index] = largest;
  for (let lane = 0; lane < 3; lane++) {
    const axis = axisOf(lane, largest);
    const change = changes[index * 4 + axis] as number;
    expectedAtHand[first + lane] = expectedUnit(grid, index * 4 + axis, isNegative);
    velocities[first + lane] = isNegative ? -change : change;
    contextsAtHand[first + lane] = offContext(firstContext, hasOlder ? activityOf(change) : 0, age);
  }
}

/** Where a number is expected, `isNegative` when the largest one is expected to be that: the largest is positive in a row. */
function expectedUnit(grid: RotationGrid, index: number, isNegative: boolean): number {
  const number = expected[index] as number;
  const unit = unitOfCount(grid, Math.round(isNegative ? -number : number));
  return unit < -grid.most ? -grid.most : unit;
}

/** Whether a row's three smaller counts lie on the grid: then the largest was completed from it before. */
function isOnGrid({ shift }: RotationGrid, rows: Int32Array, at: number): boolean {
  const mask = (1 << shift) - 1;
  const x = rows[at] as number;
  const y = rows[at + 1] as number;
  const z = rows[at + 2] as number;
  const w = rows[at + 3] as number;
  return (x & mask) + (y & mask) + (z & mask) + (w & mask) === (Math.max(x, y, z, w) & mask);
}

/** A row's rotation as its receiver has it: the three smaller counts on its grid, the largest worked out. */
export function toGrid(grid: RotationGrid, rows: Int32Array, at: number, into: Int32Array): Int32Array {
  const largest = largestOf(rows, at);
  for (let axis = 0; axis < 4; axis++) into[axis] = unitOfCount(grid, rows[at + axis] as number) << grid.shift;
  completeRow(grid, into, 0, largest);
  return into;
}

function sizeOf(number: number): number {
  return number < 0 ? -number : number;
}
