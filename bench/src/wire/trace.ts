// A trace: the states that a game went through, tick by tick, made once from a seed and given to every codec alike.
//
// A state is a row of whole numbers, one an axis, counted on the axis's `step` grid (the simulation's); what a receiver must be able to tell apart is
// `wire`, a whole number of steps, and it is stated here once for all codecs. Invariant: the same seed gives the same rows in every engine:
// generators use integers and + - * / sqrt only. Units: ticks; counts of `step`; radians for angles.

import type { TraceField } from './fields.ts';
import { quatError, type Unit, unitsOf } from './precision.ts';

export type TraceName = 'arena' | 'crowd' | 'bodies';

export interface TraceType {
  readonly name: string;
  readonly fields: readonly TraceField[];
  /** One for each number of a row. */
  readonly units: readonly Unit[];
}

/** All entities at one tick, by ascending id. `rows` has `stride` numbers an entity. */
export interface TraceFrame {
  readonly ids: Int32Array;
  readonly types: Uint8Array;
  readonly rows: Int32Array;
}

export interface Trace {
  readonly name: TraceName;
  readonly tickHz: number;
  readonly snapshotHz: number;
  readonly types: readonly TraceType[];
  readonly stride: number;
  /** By tick, from 0. A snapshot is taken every tickHz / snapshotHz ticks. */
  readonly frames: readonly TraceFrame[];
  /** Clients of the room this trace stands for. */
  readonly clients: number;
  /** Which entities a client sees at a snapshot: indexes into that frame, ascending; undefined when every client sees all. */
  readonly views: readonly (readonly Int32Array[])[] | undefined;
}

export function traceType(name: string, fields: readonly TraceField[]): TraceType {
  return { name, fields, units: unitsOf(fields) };
}

export function strideOf(types: readonly TraceType[]): number {
  return types.reduce((most, { units }) => (units.length > most ? units.length : most), 0);
}

export function ticksPerSnapshot(trace: Trace): number {
  return trace.tickHz / trace.snapshotHz;
}

export function snapshotCount(trace: Trace): number {
  return Math.floor((trace.frames.length - 1) / ticksPerSnapshot(trace)) + 1;
}

export function frameOf(trace: Trace, snapshot: number): TraceFrame {
  return trace.frames[snapshot * ticksPerSnapshot(trace)] as TraceFrame;
}

/** The indexes of what a client sees at a snapshot. */
export function viewOf(trace: Trace, client: number, snapshot: number): Int32Array {
  return trace.views?.[client]?.[snapshot] ?? everyIndex(frameOf(trace, snapshot).ids.length);
}

/** The same states, seen by every client without one entity of its own: no two clients can be sent the same bytes. */
export function withOwnViews(trace: Trace): Trace {
  const views = Array.from({ length: trace.clients }, (_, client) =>
    Array.from({ length: snapshotCount(trace) }, (_, snapshot) => {
      const { ids } = frameOf(trace, snapshot);
      return Int32Array.from(everyIndex(ids.length)).filter((index) => ids[index] !== client);
    }),
  );
  return { ...trace, views };
}

/** The first so many snapshots. */
export function shortened(trace: Trace, snapshots: number): Trace {
  return { ...trace, frames: trace.frames.slice(0, (snapshots - 1) * ticksPerSnapshot(trace) + 1) };
}

/** Numbers of a row as the game has them. */
export function valuesOf(type: TraceType, rows: Int32Array, at: number): number[] {
  return type.units.map(({ min, step }, axis) => min + (rows[at + axis] as number) * step);
}

/** What is wrong with received values, or undefined when each is within the required precision of the row. */
export function faultOf(type: TraceType, rows: Int32Array, at: number, got: readonly number[]): string | undefined {
  const want = valuesOf(type, rows, at);
  let axis = 0;
  for (const field of type.fields) {
    for (let part = 0; part < field.axes && field.kind !== 'quat'; part++) {
      const unit = type.units[axis + part] as Unit;
      let off = Math.abs((got[axis + part] as number) - (want[axis + part] as number));
      if (field.kind === 'angle') off = Math.min(off, Math.abs(turn - off));
      if (!(off <= unit.wire * 0.5001)) return `${type.name}.${field.name}: ${got[axis + part]} for ${want[axis + part]}`;
    }
    if (field.kind === 'quat' && !(quatError(got, want, axis) <= field.wire)) return `${type.name}.${field.name}: ${got} for ${want}`;
    axis += field.axes;
  }
  return undefined;
}

const turn = 6.283185307179586;

let indexes = new Int32Array(0);

/** 0 to count - 1, the same array for all as long as nobody writes to it. */
function everyIndex(count: number): Int32Array {
  if (indexes.length < count) indexes = Int32Array.from({ length: count * 2 }, (_, index) => index);
  return indexes.subarray(0, count);
}
