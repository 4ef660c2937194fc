// A snapshot as a plain object: a list of entities for each type, with whole numbers on the wire grid, a rotation packed into one.
//
// What codecs without a base are given: everything that the client sees, each time. Invariant: objects of one type have the same keys in the same order.
// Units: wire counts.

import { packQuat, unpackQuat } from './packed-quat.ts';
import { wireCount, wireValue } from './precision.ts';
import { type Trace, type TraceFrame, type TraceType, valuesOf } from './trace.ts';

export type SnapshotObject = Record<string, Record<string, number>[]>;

/** Key and first axis of each number that an entity is sent as. */
interface Part {
  readonly key: string;
  readonly axis: number;
  readonly isQuat: boolean;
}

export function partsOf(type: TraceType): Part[] {
  const parts: Part[] = [];
  let axis = 0;
  for (const { name, kind, axes } of type.fields) {
    const isQuat = kind === 'quat';
    for (let part = 0; part < (isQuat ? 1 : axes); part++)
      parts.push({ key: axes === 1 || isQuat ? name : ('xyz'[part] as string), axis: axis + part, isQuat });
    axis += axes;
  }
  return parts;
}

export function toObject(trace: Trace, parts: readonly (readonly Part[])[], frame: TraceFrame, view: Int32Array): SnapshotObject {
  const object: SnapshotObject = {};
  for (const { name } of trace.types) object[name] = [];
  for (const index of view) {
    const number = frame.types[index] as number;
    const type = trace.types[number] as TraceType;
    const entity: Record<string, number> = { id: frame.ids[index] as number };
    for (const { key, axis, isQuat } of parts[number] as readonly Part[]) {
      const at = index * trace.stride;
      entity[key] = isQuat
        ? packQuat(valuesOf(type, frame.rows, at), axis)
        : wireCount(type.units[axis] as TraceType['units'][number], frame.rows[at + axis] as number);
    }
    object[type.name]?.push(entity);
  }
  return object;
}

export function fromObject(trace: Trace, parts: readonly (readonly Part[])[], object: SnapshotObject): Map<number, readonly number[]> {
  const got = new Map<number, readonly number[]>();
  for (const [number, type] of trace.types.entries()) {
    for (const entity of object[type.name] ?? []) {
      const values = (parts[number] as readonly Part[]).flatMap(({ key, axis, isQuat }) =>
        isQuat ? unpackQuat(entity[key] as number) : wireValue(type.units[axis] as TraceType['units'][number], entity[key] as number),
      );
      got.set(entity['id'] as number, values);
    }
  }
  return got;
}
