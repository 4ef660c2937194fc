// Vector kinds: { x, y } and { x, y, z }, every axis on the same grid.
//
// Invariant: one word an axis, in the order x, y, z. Interpolated linearly, axis by axis.
// Units: the game's own.

import { numberClass } from '../codec/contexts.ts';
import { type Grid, type GridOptions, gridAxis, gridBits, makeGrid, quantise, readCount, sameCount, valueAt, writeCount } from './grid.ts';
import { type Kind, makeKind, wrongValue } from './kind.ts';

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
  const record = (value: Vec2, row: Int32Array, at: number): Vec2 => recordPlane(grid, value, row, at);
  return vector(grid, ['x', 'y'], () => ({ x: 0, y: 0 }), record);
}

/** A point or direction in space, each axis from `min` to `max`. */
export function vec3(min: number, max: number, options?: GridOptions): Kind<Vec3> {
  const grid = makeGrid('vec3', min, max, options);
  return vector(
    grid,
    ['x', 'y', 'z'],
    () => ({ x: 0, y: 0, z: 0 }),
    (value, row, at) => {
      recordPlane(grid, value, row, at);
      const z = quantise(grid, value.z);
      row[at + 2] = z;
      value.z = valueAt(grid, z);
      return value;
    },
  );
}

/** Every entity's position every tick: by names, not by a list of them. */
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

function vector<Vec extends { [Axis in keyof Vec]: number }>(
  grid: Grid,
  axes: readonly (keyof Vec)[],
  make: () => Vec,
  record: Kind<Vec>['record'],
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
    bitsMax: (precision) => words * gridBits(grid, precision),
    initial() {
      const value = make();
      for (let axis = 0; axis < words; axis++) set(value, axis, nearest);
      return value;
    },
    store(value, row, at) {
      if (typeof value !== 'object' || value === null) throw wrongValue(grid.text, value);
      for (let axis = 0; axis < words; axis++) row[at + axis] = quantise(grid, value[axes[axis] as keyof Vec]);
    },
    record,
    load(row, at, into) {
      const value = into ?? make();
      for (let axis = 0; axis < words; axis++) set(value, axis, valueAt(grid, row[at + axis] as number));
      return value;
    },
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
    blend(a, aAt, b, bAt, t, into) {
      const value = into ?? make();
      for (let axis = 0; axis < words; axis++) {
        const from = a[aAt + axis] as number;
        set(value, axis, valueAt(grid, from + ((b[bAt + axis] as number) - from) * t));
      }
      return value;
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
