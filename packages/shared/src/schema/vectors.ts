// Vector kinds: { x, y } and { x, y, z }, every axis on the same grid.
//
// Invariant: one word an axis, in the order x, y, z. Interpolated linearly, axis by axis.
// Units: the game's own.

import { numberClass } from '../codec/contexts.ts';
import { type Grid, type GridOptions, gridAxis, gridBits, makeGrid, quantise, readCount, sameCount, valueAt, writeCount } from './grid.ts';
import { type Kind, makeKind, wrongValue } from './kind.ts';
import { vectorMotion } from './motion.ts';
import { gridBytesMax, headBytes } from './packed-size.ts';

export interface Vec2 {
  x: number;
  y: number;
}

export interface Vec3 {
  x: number;
  y: number;
  z: number;
}

/** A point or direction in the plane, each axis from `min` to `max`. */
export function vec2(min: number, max: number, options?: GridOptions): Kind<Vec2> {
  const grid = makeGrid('vec2', min, max, options);
  return vector<Vec2>(grid, ['x', 'y'], () => ({ x: 0, y: 0 }), {
    store: (value, row, at) => storePlane(grid, value, row, at),
    record: (value, row, at) => recordPlane(grid, value, row, at),
    load: (row, at, into) => loadPlane(grid, row, at, into ?? { x: 0, y: 0 }),
    blend: (a, aAt, b, bAt, t, into) => blendPlane(grid, a, aAt, b, bAt, t, into ?? { x: 0, y: 0 }),
  });
}

/** A point or direction in space, each axis from `min` to `max`. */
export function vec3(min: number, max: number, options?: GridOptions): Kind<Vec3> {
  const grid = makeGrid('vec3', min, max, options);
  return vector<Vec3>(grid, ['x', 'y', 'z'], () => ({ x: 0, y: 0, z: 0 }), {
    store(value, row, at) {
      storePlane(grid, value, row, at);
      row[at + 2] = quantise(grid, value.z);
    },
    record(value, row, at) {
      recordPlane(grid, value, row, at);
      const z = quantise(grid, value.z);
      row[at + 2] = z;
      value.z = valueAt(grid, z);
      return value;
    },
    load(row, at, into) {
      const value = loadPlane(grid, row, at, into ?? { x: 0, y: 0, z: 0 });
      value.z = valueAt(grid, row[at + 2] as number);
      return value;
    },
    blend(a, aAt, b, bAt, t, into) {
      const value = blendPlane(grid, a, aAt, b, bAt, t, into ?? { x: 0, y: 0, z: 0 });
      value.z = between(grid, a[aAt + 2] as number, b[bAt + 2] as number, t);
      return value;
    },
  });
}

// Every entity's position every tick and every frame: by names, not by a list of them, so that the engine writes each number where it is.

function storePlane(grid: Grid, value: Vec2, row: Int32Array, at: number): void {
  if (typeof value !== 'object' || value === null) throw wrongValue(grid.text, value);
  row[at] = quantise(grid, value.x);
  row[at + 1] = quantise(grid, value.y);
}

function recordPlane<Vec extends Vec2>(grid: Grid, value: Vec, row: Int32Array, at: number): Vec {
  if (typeof value !== 'object' || value === null) throw wrongValue(grid.text, value);
  const x = quantise(grid, value.x);
  const y = quantise(grid, value.y);
  row[at] = x;
  row[at + 1] = y;
  value.x = valueAt(grid, x);
  value.y = valueAt(grid, y);
  return value;
}

function loadPlane<Vec extends Vec2>(grid: Grid, row: Int32Array, at: number, value: Vec): Vec {
  value.x = valueAt(grid, row[at] as number);
  value.y = valueAt(grid, row[at + 1] as number);
  return value;
}

function blendPlane<Vec extends Vec2>(grid: Grid, a: Int32Array, aAt: number, b: Int32Array, bAt: number, t: number, value: Vec): Vec {
  value.x = between(grid, a[aAt] as number, b[bAt] as number, t);
  value.y = between(grid, a[aAt + 1] as number, b[bAt + 1] as number, t);
  return value;
}

function between(grid: Grid, from: number, to: number, t: number): number {
  return valueAt(grid, from + (to - from) * t);
}

function vector<Vec extends { [Axis in keyof Vec]: number }>(
  grid: Grid,
  axes: readonly (keyof Vec)[],
  make: () => Vec,
  parts: Pick<Kind<Vec>, 'store' | 'record' | 'load' | 'blend'>,
): Kind<Vec> {
  const words = axes.length;
  const nearest = grid.min > 0 ? grid.min : grid.max < 0 ? grid.max : 0;
  const set = (value: Vec, axis: number, to: number): void => {
    value[axes[axis] as keyof Vec] = to as Vec[keyof Vec];
  };
  return makeKind<Vec>({
    text: grid.text,
    words,
    axis: gridAxis(grid, numberClass.position, true),
    numbers: vectorMotion(words, grid.min, grid.max, grid.step * grid.ratio, (word) => valueAt(grid, word)),
    bitsMax: (precision) => words * gridBits(grid, precision),
    packedBytesMax: headBytes(words) + words * gridBytesMax(grid),
    initial() {
      const value = make();
      for (let axis = 0; axis < words; axis++) set(value, axis, nearest);
      return value;
    },
    ...parts,
    same(a, aAt, b, bAt, precision) {
      for (let axis = 0; axis < words; axis++) {
        if (!sameCount(grid, a[aAt + axis] as number, b[bAt + axis] as number, precision)) return false;
      }
      return true;
    },
    write(out, row, at, precision) {
      for (let axis = 0; axis < words; axis++) writeCount(grid, out, row[at + axis] as number, precision);
    },
    read(from, row, at, precision) {
      for (let axis = 0; axis < words; axis++) row[at + axis] = readCount(grid, from, precision);
    },
    pack: (value) => axes.map((axis) => value[axis]),
    unpack(plain) {
      if (!Array.isArray(plain) || plain.length !== words) return undefined;
      const value = make();
      for (let axis = 0; axis < words; axis++) {
        const part: unknown = plain[axis];
        if (typeof part !== 'number' || !Number.isFinite(part)) return undefined;
        set(value, axis, valueAt(grid, quantise(grid, part)));
      }
      return value;
    },
  });
}
