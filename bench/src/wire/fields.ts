// The kinds of field that the traces' games have, with the precision that each needs.
//
// Units: steps and wires in the field's own unit; angles in bits of a turn.

/** A field of a game: `axes` numbers on one grid. An angle wraps; a quaternion is x, y, z, w of a rotation, and `wire` is the angle by which it may be off. */
export interface TraceField {
  readonly name: string;
  readonly kind: 'fixed' | 'uint' | 'angle' | 'quat';
  readonly axes: 1 | 2 | 3 | 4;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  readonly wire: number;
}

/** A point: `axes` numbers between `min` and `max`. */
export function point(name: string, axes: 2 | 3, min: number, max: number, wire: number): TraceField {
  return { name, kind: 'fixed', axes, min, max, step: 1 / 1024, wire };
}

export function uint(name: string, max: number): TraceField {
  return { name, kind: 'uint', axes: 1, min: 0, max, step: 1, wire: 1 };
}

/** A direction, 16 bits in the simulation and 8 for those who look at it: 1.4 degrees. */
export function angle(name: string): TraceField {
  return { name, kind: 'angle', axes: 1, min: 0, max: turn, step: turn / 65_536, wire: turn / 256 };
}

/** A rotation that may be off by 0.005 rad (0.29 degrees): what 3 x 10 bits of the smallest three are good for. */
export function quat(name: string): TraceField {
  return { name, kind: 'quat', axes: 4, min: -1, max: 1, step: 1 / 16_384, wire: 0.005 };
}

const turn = 6.283185307179586;
