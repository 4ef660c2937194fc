// How exactly a receiver must know a number: the grid of one axis, and how far two rotations are apart.
//
// Invariant: `wire` is a whole number of steps. Units: those of the field; a rotation's error is an angle in radians.

import type { TraceField } from './fields.ts';

/** One axis of a field. */
export interface Unit {
  readonly field: TraceField;
  readonly min: number;
  readonly step: number;
  readonly wire: number;
  /** Steps in a wire unit. */
  readonly ratio: number;
  /** Wire counts that there are. */
  readonly wireCounts: number;
  /** Bits for a wire count. */
  readonly bits: number;
}

/**
 * The grid on which three numbers of a rotation, the largest left out, keep it within 0.005 rad in the worst case (all four are 1/2: the error of the
 * fourth is three times that of the others). Also about what 10 bits for each of the smallest three give.
 */
export const quatWire: number = 23 / 16_384;

export function unitsOf(fields: readonly TraceField[]): Unit[] {
  return fields.flatMap((field) => Array.from({ length: field.axes }, () => unitOf(field)));
}

/** The count on the wire grid that is nearest to a count of steps. */
export function wireCount(unit: Unit, count: number): number {
  const wire = unit.ratio === 1 ? count : Math.floor((count + unit.ratio / 2) / unit.ratio);
  return unit.field.kind === 'angle' && wire === unit.wireCounts ? 0 : wire;
}

/** The value that a wire count stands for. */
export function wireValue(unit: Unit, wire: number): number {
  return unit.min + wire * unit.wire;
}

/** The angle between two rotations, each x, y, z, w from `at`. Either sign of a quaternion is the same rotation; lengths need not be exactly 1. */
export function quatError(a: readonly number[], b: readonly number[], at: number): number {
  const [ax, ay, az, aw] = unitLength(a, at);
  const [bx, by, bz, bw] = unitLength(b, at);
  // The vector part of a * conjugate(b): its length is the sine of half the angle, and for such small angles the half angle itself.
  const x = -aw * bx + ax * bw - ay * bz + az * by;
  const y = -aw * by + ay * bw - az * bx + ax * bz;
  const z = -aw * bz + az * bw - ax * by + ay * bx;
  return 2 * Math.sqrt(x * x + y * y + z * z);
}

function unitLength(from: readonly number[], at: number): [number, number, number, number] {
  const [x, y, z, w] = from.slice(at, at + 4) as [number, number, number, number];
  const length = Math.sqrt(x * x + y * y + z * z + w * w);
  return [x / length, y / length, z / length, w / length];
}

function unitOf(field: TraceField): Unit {
  const wire = field.kind === 'quat' ? quatWire : field.wire;
  const wraps = field.kind === 'angle' ? 0 : 1;
  const wireCounts = Math.round((field.max - field.min) / wire) + wraps;
  return { field, min: field.min, step: field.step, wire, ratio: Math.round(wire / field.step), wireCounts, bits: 32 - Math.clz32(wireCounts - 1) };
}
