// One entity in a snapshot: the head of its record. The fields follow, whole or as a delta (schema/layout.ts).
//
// A record says something about this one entity only; an entity that is not named is not spoken of (law 4). Three operations: `full` needs no
// base, `delta` names the tick of a state that the receiver acknowledged, `despawn` ends the entity for this receiver.
// Invariant: readRecord takes exactly what writeRecord wrote. Units: ages are ticks before the packet's tick.

import type { BitReader, BitWriter } from '../bits.ts';

export const operation = { delta: 0, full: 1, despawn: 2 } as const;

/**
 * In which form a receiver has an entity. `seen`: on the wire grid, without owner fields. `shared`: on the step grid, predicted by everyone.
 * `owned`: on the step grid, with owner fields; the receiver controls it.
 */
export const form = { seen: 0, shared: 1, owned: 2 } as const;
export type Form = 0 | 1 | 2;

/** The head of a record; one object is reused for all. Which members count depends on the operation. */
export interface Record {
  slot: number;
  operation: number;
  /** full, despawn */
  version: number;
  /** full */
  type: number;
  form: Form;
  /** full and owned: the spawn's key, or -1. */
  originKey: number;
  originAge: number;
  originNumber: number;
  /** delta */
  baseAge: number;
  /** full, delta: since how many ticks the state has held; 0 for a state that changed in the packet's tick, which is no rest. */
  restAge: number;
}

export function emptyRecord(): Record {
  return { slot: 0, operation: 0, version: 0, type: 0, form: 0, originKey: -1, originAge: 0, originNumber: 0, baseAge: 0, restAge: 0 };
}

/** @param slotBefore the slot of the record before in this group or segment, -1 for the first: slots ascend, and the gap is sent. */
export function writeRecord(out: BitWriter, record: Record, slotBefore: number, isPrivate: boolean): void {
  out.writeVar(record.slot - slotBefore - 1);
  out.write(record.operation, 2);
  if (record.operation !== operation.delta) out.write(record.version, 16);
  if (record.operation === operation.despawn) return;
  if (record.operation === operation.full) {
    out.write(record.type, 6);
    if (isPrivate) writePrivate(out, record);
  } else {
    out.writeVar(record.baseAge);
  }
  out.write(record.restAge > 0 ? 1 : 0, 1);
  if (record.restAge > 0) out.writeVar(record.restAge);
}

export function readRecord(from: BitReader, record: Record, slotBefore: number, isPrivate: boolean): void {
  record.slot = slotBefore + 1 + from.readVar();
  record.operation = from.read(2);
  record.version = record.operation === operation.delta ? 0 : from.read(16);
  record.form = form.seen;
  record.originKey = -1;
  record.baseAge = 0;
  record.restAge = 0;
  if (record.operation === operation.despawn) return;
  if (record.operation > operation.despawn) from.failed = true;
  if (record.operation === operation.full) {
    record.type = from.read(6);
    if (isPrivate) readPrivate(from, record);
  } else {
    record.baseAge = from.readVar();
  }
  if (from.read(1) === 1) record.restAge = from.readVar();
}

function writePrivate(out: BitWriter, record: Record): void {
  const owned = record.form === form.owned;
  out.write(owned ? 1 : 0, 1);
  if (!owned) return;
  out.write(record.originKey >= 0 ? 1 : 0, 1);
  if (record.originKey < 0) return;
  out.write(record.originKey, 16);
  out.writeVar(record.originAge);
  out.writeVar(record.originNumber);
}

function readPrivate(from: BitReader, record: Record): void {
  record.form = from.read(1) === 1 ? form.owned : form.shared;
  if (record.form !== form.owned || from.read(1) === 0) return;
  record.originKey = from.read(16);
  record.originAge = from.readVar();
  record.originNumber = from.readVar();
}
