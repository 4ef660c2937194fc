// How the values of a kind move, for kinds that have a between: what is drawn along a curve, beyond the newest state or beside what is known is made of it.
//
// Invariant: nothing of it is recorded, compared or sent; + - * / only, so that a client and a server on any engine get the same picture (law 12).
// Units: a value's own, as numbers one behind the other: one, an axis each, or the four of a rotation. An offset is as many numbers:
// how far to go, the shorter way round where there is a turn. Of a rotation's only three are used: its modified Rodrigues parameters
// (T. F. Wiener 1962), the axis times the tangent of a quarter of the turn, which can be scaled and are never endless.

import { kept } from './kind.ts';

export interface Motion {
  /** `line`: numbers that are summed. `turn`: a direction. `rotation`: a quaternion. */
  readonly along: 'line' | 'turn' | 'rotation';
  /** Numbers of a value, and of an offset. */
  readonly size: number;
  /** From the least value to the largest; endless where there is no turn and no range. */
  readonly range: number;
  /** What others are sent at finest, in the numbers of an offset: less is not seen. 0 where there is no grid. */
  readonly finest: number;
  /** The value in a row, as numbers. */
  read(row: Int32Array, at: number, numbers: Float64Array, to: number): void;
  /** A value as the game has it, as numbers. */
  put(value: unknown, numbers: Float64Array, to: number): void;
  /** The value of numbers; an object is filled. */
  take(numbers: Float64Array, from: number, value: unknown): unknown;
  /** Makes an offset: what brings the numbers at `from` to those at `to`. They all stand in one array. */
  offset(numbers: Float64Array, from: number, to: number, offset: number): void;
  /** Moves the numbers at `at` by a share of an offset, and keeps them in the range. */
  move(numbers: Float64Array, at: number, offsets: Float64Array, offset: number, share: number): void;
}

/** One number, as a field of its own. */
export function numberMotion(min: number, max: number, finest: number, numberOf: (word: number) => number): Motion {
  return {
    ...line(1, min, max, finest, numberOf),
    put(value, numbers, to) {
      numbers[to] = value as number;
    },
    take: (numbers, from, value) => kept(numbers[from] as number, value as number | undefined),
  };
}

/** A vector of two or three axes. */
export function vectorMotion(axes: number, min: number, max: number, finest: number, numberOf: (word: number) => number): Motion {
  const isSpace = axes === 3;
  return {
    ...line(axes, min, max, finest, numberOf),
    put(value, numbers, to) {
      const { x, y } = value as { x: number; y: number };
      numbers[to] = x;
      numbers[to + 1] = y;
      if (isSpace) numbers[to + 2] = (value as { z: number }).z;
    },
    take(numbers, from, value) {
      const vector = value as { x: number; y: number; z: number };
      vector.x = numbers[from] as number;
      vector.y = numbers[from + 1] as number;
      if (isSpace) vector.z = numbers[from + 2] as number;
      return vector;
    },
  };
}

/** A direction in radians, from -pi up to pi. */
export function angleMotion(finest: number, radiansOf: (word: number) => number): Motion {
  return {
    along: 'turn',
    size: 1,
    range: turn,
    finest,
    read(row, at, numbers, to) {
      numbers[to] = radiansOf(row[at] as number);
    },
    put(value, numbers, to) {
      numbers[to] = value as number;
    },
    take: (numbers, from, value) => kept(numbers[from] as number, value as number | undefined),
    offset(numbers, from, to, offset) {
      numbers[offset] = wrapped((numbers[to] as number) - (numbers[from] as number));
    },
    move(numbers, at, offsets, offset, share) {
      numbers[at] = wrapped((numbers[at] as number) + (offsets[offset] as number) * share);
    },
  };
}

/** A rotation, of which a row has four counts of 1 / `one`, and others are sent every so many of them. */
export function rotationMotion(one: number, wire: number): Motion {
  return {
    along: 'rotation',
    size: 4,
    range: Number.POSITIVE_INFINITY,
    // A number of a quaternion is about half of the turn, and one of an offset a quarter.
    finest: wire / one / 2,
    read(row, at, numbers, to) {
      for (let axis = 0; axis < 4; axis++) numbers[to + axis] = (row[at + axis] as number) / one;
    },
    put(value, numbers, to) {
      const { x, y, z, w } = value as Rotated;
      numbers[to] = x;
      numbers[to + 1] = y;
      numbers[to + 2] = z;
      numbers[to + 3] = w;
    },
    take(numbers, from, value) {
      const quat = value as Rotated;
      quat.x = numbers[from] as number;
      quat.y = numbers[from + 1] as number;
      quat.z = numbers[from + 2] as number;
      quat.w = numbers[from + 3] as number;
      return quat;
    },
    offset(numbers, from, to, offset) {
      turnInto(numbers, to, -(numbers[from] as number), -(numbers[from + 1] as number), -(numbers[from + 2] as number), numbers[from + 3] as number);
      // The sign of all four together has no meaning; the one with w above 0 is the shorter way.
      const scale = product.w < 0 ? -1 / (1 - product.w) : 1 / (1 + product.w);
      numbers[offset] = product.x * scale;
      numbers[offset + 1] = product.y * scale;
      numbers[offset + 2] = product.z * scale;
      numbers[offset + 3] = 0;
    },
    move(numbers, at, offsets, offset, share) {
      const x = (offsets[offset] as number) * share;
      const y = (offsets[offset + 1] as number) * share;
      const z = (offsets[offset + 2] as number) * share;
      const square = x * x + y * y + z * z;
      const scale = 2 / (1 + square);
      const w = (1 - square) / (1 + square);
      times(
        x * scale,
        y * scale,
        z * scale,
        w,
        numbers[at] as number,
        numbers[at + 1] as number,
        numbers[at + 2] as number,
        numbers[at + 3] as number,
      );
      numbers[at] = product.x;
      numbers[at + 1] = product.y;
      numbers[at + 2] = product.z;
      numbers[at + 3] = product.w;
    },
  };
}

interface Rotated {
  x: number;
  y: number;
  z: number;
  w: number;
}

const turn = 6.283185307179586;
const product: Rotated = { x: 0, y: 0, z: 0, w: 1 };

function wrapped(radians: number): number {
  return radians - turn * Math.floor(radians / turn + 0.5);
}

function line(
  size: number,
  min: number,
  max: number,
  finest: number,
  numberOf: (word: number) => number,
): Pick<Motion, 'along' | 'size' | 'range' | 'finest' | 'read' | 'offset' | 'move'> {
  return {
    along: 'line',
    size,
    range: max - min,
    finest,
    read(row, at, numbers, to) {
      for (let axis = 0; axis < size; axis++) numbers[to + axis] = numberOf(row[at + axis] as number);
    },
    offset(numbers, from, to, offset) {
      for (let axis = 0; axis < size; axis++) numbers[offset + axis] = (numbers[to + axis] as number) - (numbers[from + axis] as number);
    },
    move(numbers, at, offsets, offset, share) {
      for (let axis = 0; axis < size; axis++) {
        const moved = (numbers[at + axis] as number) + (offsets[offset + axis] as number) * share;
        numbers[at + axis] = moved < min ? min : moved > max ? max : moved;
      }
    },
  };
}

/** Puts the quaternion at `at` times another into `product`. */
function turnInto(numbers: Float64Array, at: number, x: number, y: number, z: number, w: number): void {
  times(numbers[at] as number, numbers[at + 1] as number, numbers[at + 2] as number, numbers[at + 3] as number, x, y, z, w);
}

function times(ax: number, ay: number, az: number, aw: number, bx: number, by: number, bz: number, bw: number): void {
  product.x = aw * bx + ax * bw + ay * bz - az * by;
  product.y = aw * by - ax * bz + ay * bw + az * bx;
  product.z = aw * bz + ax * by - ay * bx + az * bw;
  product.w = aw * bw - ax * bx - ay * by - az * bz;
}
