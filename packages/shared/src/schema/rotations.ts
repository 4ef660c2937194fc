// Rotations in space: unit quaternions { x, y, z, w }, sent as three of their numbers and which one is left out.
//
// A row has all four as counts, the largest made positive (q and -q are the same rotation) and worked out from the other three, so that both ends have it
// alike. Invariant: the largest count is alone the largest; taking a coarse row's units gives them back. Units: counts of 1 / `one`; a unit of the wire is
// a power of two of counts. Integers and + - * / sqrt only (law 12).
// Method: smallest three (G. Fiedler 2015, "Snapshot Compression"); blending after A. Kapoulkine 2015, "Approximating slerp".

import { type Kind, makeKind, wrongValue } from './kind.ts';
import { rotationMotion } from './motion.ts';
import { headBytes, numberBytesMax } from './packed-size.ts';

export interface Quat {
  x: number;
  y: number;
  z: number;
  w: number;
}

export interface QuatOptions {
  /** Bits of each of the three smaller numbers in the simulation, 6 to 20. Default 16. */
  step?: number;
  /** The same for others, 4 to `step`. Default: `step`. With 10 a rotation is off by less than 0.005 radians. */
  wire?: number;
}

/** A rotation's numbers on the grid of one precision: units, from -`most` to `most` - 1 for each of the smaller three. */
export interface RotationGrid {
  /** Counts in 1, and its square. */
  readonly one: number;
  readonly square: number;
  /** Counts in a unit are 2^shift. */
  readonly shift: number;
  readonly most: number;
  /** Counts in a unit of the wire, less 1: the bits that none of three numbers has which came over the wire. */
  readonly mask: number;
}

/** What the codec must know of a rotation's row, which has four words, each at most `one` in size. */
export interface Rotation {
  readonly step: RotationGrid;
  readonly wire: RotationGrid;
}

const axes = ['x', 'y', 'z', 'w'] as const;
const numbers = new Float64Array(4);

/** A rotation. Any length but 0 is taken; the sign of all four together has no meaning. */
export function quat(options: QuatOptions = {}): Kind<Quat> {
  const bits = options.step ?? Math.max(16, options.wire ?? 0);
  const wireBits = options.wire ?? bits;
  if (bits < 6 || bits > 20 || wireBits < 4 || wireBits > bits || bits % 1 !== 0 || wireBits % 1 !== 0) {
    throw new RangeError(`quat: step ${bits} must be 6 to 20 bits, and wire ${wireBits} 4 or more and at most that`);
  }
  const text = `quat step ${bits} wire ${wireBits} bits`;
  const half = 2 ** (bits - 1);
  const one = half * Math.sqrt(2);
  const square = 2 * half * half;
  const rotation: Rotation = {
    step: { one, square, shift: 0, most: half, mask: 2 ** (bits - wireBits) - 1 },
    wire: { one, square, shift: bits - wireBits, most: 2 ** (wireBits - 1), mask: 2 ** (bits - wireBits) - 1 },
  };
  const store = (value: Quat, row: Int32Array, at: number): void => {
    if (!takeNumbers(value, one)) throw wrongValue(text, value);
    if (!isRow(rotation.step, row, at)) fromNumbers(rotation.step, row, at);
  };
  const load = (row: Int32Array, at: number, into?: Quat): Quat => {
    const value = into ?? { x: 0, y: 0, z: 0, w: 1 };
    value.x = (row[at] as number) / one;
    value.y = (row[at + 1] as number) / one;
    value.z = (row[at + 2] as number) / one;
    value.w = (row[at + 3] as number) / one;
    return value;
  };
  return makeKind<Quat>({
    text,
    words: 4,
    rotation,
    numbers: rotationMotion(one, 2 ** (bits - wireBits)),
    bitsMax: (precision) => 2 + 3 * (precision === 'step' ? bits : wireBits),
    packedBytesMax: headBytes(4) + 4 * numberBytesMax,
    initial: () => ({ x: 0, y: 0, z: 0, w: Math.round(one) / one }),
    store,
    load,
    same(a, aAt, b, bAt, precision) {
      const grid = rotation[precision];
      const largest = largestOf(a, aAt);
      if (largest !== largestOf(b, bAt)) return false;
      for (let axis = 0; axis < 4; axis++) {
        if (axis === largest) continue;
        if (unitOfCount(grid, a[aAt + axis] as number) !== unitOfCount(grid, b[bAt + axis] as number)) return false;
      }
      return true;
    },
    write(out, row, at, precision) {
      const largest = largestOf(row, at);
      const width = precision === 'step' ? bits : wireBits;
      const grid = rotation[precision];
      out.write(largest, 2);
      for (let axis = 0; axis < 4; axis++) if (axis !== largest) out.write(unitOfCount(grid, row[at + axis] as number) + grid.most, width);
    },
    read(from, row, at, precision) {
      const width = precision === 'step' ? bits : wireBits;
      const grid = rotation[precision];
      const largest = from.read(2);
      for (let axis = 0; axis < 4; axis++) if (axis !== largest) row[at + axis] = (from.read(width) - grid.most) << grid.shift;
      if (!completeRow(grid, row, at, largest)) from.failed = true;
    },
    blend(a, aAt, b, bAt, t, into) {
      if (t >= 1) return load(b, bAt, into);
      if (t <= 0 || isSameRow(a, aAt, b, bAt)) return load(a, aAt, into);
      let dot = 0;
      for (let axis = 0; axis < 4; axis++) dot += (a[aAt + axis] as number) * (b[bAt + axis] as number);
      const bent = bentTime(t, size(dot) / square);
      let squares = 0;
      for (let axis = 0; axis < 4; axis++) {
        const from = a[aAt + axis] as number;
        const to = dot < 0 ? -(b[bAt + axis] as number) : (b[bAt + axis] as number);
        numbers[axis] = from + (to - from) * bent;
        squares += (numbers[axis] as number) * (numbers[axis] as number);
      }
      const value = into ?? { x: 0, y: 0, z: 0, w: 1 };
      const length = Math.sqrt(squares);
      value.x = (numbers[0] as number) / length;
      value.y = (numbers[1] as number) / length;
      value.z = (numbers[2] as number) / length;
      value.w = (numbers[3] as number) / length;
      return value;
    },
    pack: (value) => axes.map((axis) => value[axis]),
    unpack(plain) {
      if (!Array.isArray(plain) || plain.length !== 4) return undefined;
      const [x, y, z, w] = plain as number[];
      if (!takeNumbers({ x, y, z, w } as Quat, one)) return undefined;
      const row = new Int32Array(4);
      if (!isRow(rotation.step, row, 0)) fromNumbers(rotation.step, row, 0);
      return load(row, 0);
    },
  });
}

function isSameRow(a: Int32Array, aAt: number, b: Int32Array, bAt: number): boolean {
  return a[aAt] === b[bAt] && a[aAt + 1] === b[bAt + 1] && a[aAt + 2] === b[bAt + 2] && a[aAt + 3] === b[bAt + 3];
}

/** Which of a row's four counts is the largest. */
export function largestOf(row: Int32Array, at: number): number {
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if ((row[at + axis] as number) > (row[at + largest] as number)) largest = axis;
  return largest;
}

/** A count of one of the smaller three as units. */
export function unitOfCount({ shift, most }: RotationGrid, count: number): number {
  const unit = (count + ((1 << shift) >> 1)) >> shift;
  return unit < most ? unit : most - 1;
}

/**
 * Works out the largest count from the other three, which stand in the row, rounded to the grid.
 * @returns false, with the row of no rotation at all, when no rotation has these three.
 */
export function completeRow({ one, square, mask }: RotationGrid, row: Int32Array, at: number, largest: number): boolean {
  let rest = square;
  let most = 0;
  let bits = 0;
  for (let axis = 0; axis < 4; axis++) {
    if (axis === largest) continue;
    const count = row[at + axis] as number;
    rest -= count * count;
    bits |= count;
    const large = count < 0 ? -count : count;
    if (large > most) most = large;
  }
  const count = rest > 0 ? Math.round(Math.sqrt(rest)) : 0;
  // Rounding takes the three up by half a unit each, and so the largest down by one and a half; on the wire grid that comes after it was so on the fine one.
  const slack = (bits & mask) === 0 ? 3 * mask + 6 : 3;
  if (count < most - slack) {
    row.fill(0, at, at + 4);
    row[at + 3] = Math.round(one);
    return false;
  }
  row[at + largest] = count > most ? count : most + 1;
  return true;
}

/** Puts a quaternion's numbers into `numbers`, in counts. @returns false for what is none. */
function takeNumbers(value: Quat, one: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { x, y, z, w } = value;
  if (typeof x !== 'number' || typeof y !== 'number' || typeof z !== 'number' || typeof w !== 'number') return false;
  numbers[0] = x * one;
  numbers[1] = y * one;
  numbers[2] = z * one;
  numbers[3] = w * one;
  let squares = 0;
  for (let axis = 0; axis < 4; axis++) squares += (numbers[axis] as number) * (numbers[axis] as number);
  return squares > 0 && squares < Number.POSITIVE_INFINITY;
}

/** Whether `numbers` are a row's counts already, not rounded a second time; the row has them then. */
function isRow(grid: RotationGrid, row: Int32Array, at: number): boolean {
  const largest = largestNumber();
  if ((numbers[largest] as number) < 0) return false;
  for (let axis = 0; axis < 4; axis++) {
    const number = numbers[axis] as number;
    const count = Math.round(number);
    if (number - count > 1e-6 || count - number > 1e-6) return false;
    if (axis !== largest && (count >= grid.most || count < -grid.most)) return false;
    row[at + axis] = count;
  }
  const count = row[at + largest] as number;
  return completeRow(grid, row, at, largest) && row[at + largest] === count;
}

/** Rounds `numbers`, a quaternion of any length, to a row. */
function fromNumbers(grid: RotationGrid, row: Int32Array, at: number): void {
  const largest = largestNumber();
  let squares = 0;
  for (let axis = 0; axis < 4; axis++) squares += (numbers[axis] as number) * (numbers[axis] as number);
  const scale = ((numbers[largest] as number) < 0 ? -1 : 1) * (grid.one / Math.sqrt(squares));
  for (let axis = 0; axis < 4; axis++) {
    const count = Math.round((numbers[axis] as number) * scale);
    row[at + axis] = count < grid.most ? count : grid.most - 1;
  }
  completeRow(grid, row, at, largest);
}

function largestNumber(): number {
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if (size(numbers[axis] as number) > size(numbers[largest] as number)) largest = axis;
  return largest;
}

function size(number: number): number {
  return number < 0 ? -number : number;
}

/** The time at which a straight line between two quaternions, brought to length 1, is where turning evenly is at `t`. */
function bentTime(t: number, dot: number): number {
  const a = 1.0904 + dot * (-3.2452 + dot * (3.55645 - dot * 1.43519));
  const b = 0.848013 + dot * (-1.06021 + dot * 0.215638);
  const middle = t - 0.5;
  return t + t * middle * (t - 1) * (a * middle * middle + b);
}
