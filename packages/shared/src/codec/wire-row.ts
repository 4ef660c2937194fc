// A recorded row as it is for those who only see the entity: on the wire grid, without the owner's fields. The server's own copy of what a client received.
//
// Invariant: the words are those that reading what `write` wrote at wire precision gives, whatever the kinds are.
// Units: words.

import { BitReader, BitWriter } from '../bits.ts';
import { type EntityPlan, type HeldField, laneAt, laneWords, type RotationField, unitOf, wordOf } from './entity-plan.ts';
import { toGrid } from './rotation-model.ts';

/** @param plan of the layout at wire precision, for others than the owner. */
export function toWireRow(plan: EntityPlan, from: Int32Array, fromAt: number, into: Int32Array, intoAt: number): void {
  const { lanes, table, rotations, heldWords, hidden, layout } = plan;
  for (let lane = 0; lane < lanes * laneWords; lane += laneWords) {
    const at = table[lane + laneAt.word] as number;
    into[intoAt + at] = wordOf(table, lane, unitOf(table, lane, from[fromAt + at] as number));
  }
  for (let index = 0; index < rotations.length; index++) {
    const { at, grid } = rotations[index] as RotationField;
    toGrid(grid, from, fromAt + at, counts);
    for (let axis = 0; axis < 4; axis++) into[intoAt + at + axis] = counts[axis] as number;
  }
  for (let index = 0; index < heldWords.length; index++)
    into[intoAt + (heldWords[index] as number)] = from[fromAt + (heldWords[index] as number)] as number;
  for (let index = 0; index < hidden.length; index++) into[intoAt + (hidden[index] as number)] = layout.initialRow[hidden[index] as number] as number;
  const coarse = coarseOf(plan);
  for (let index = 0; index < coarse.length; index++) readBack(coarse[index] as HeldField, into, intoAt);
}

/** A field with numbers inside of something else goes the way that it goes on the wire. */
function readBack({ kind, at }: HeldField, row: Int32Array, rowAt: number): void {
  const bytes = Math.ceil(kind.bitsMax('wire') / 8) + 8;
  if (writer.bytes.length < bytes) writer = new BitWriter(bytes * 2);
  writer.reset();
  kind.write(writer, row, rowAt + at, 'wire');
  reader.reset(writer.bytes, 0, writer.end());
  kind.read(reader, row, rowAt + at, 'wire');
}

/** The held fields that hold numbers with two grids, by what their kinds say. */
function coarseOf(plan: EntityPlan): readonly HeldField[] {
  let fields = coarseFields.get(plan);
  if (!fields) {
    fields = plan.held.filter(({ kind }) => kind.axis === undefined && /\bwire\b/.test(kind.text));
    coarseFields.set(plan, fields);
  }
  return fields;
}

const coarseFields = new WeakMap<EntityPlan, readonly HeldField[]>();
const counts = new Int32Array(4);
let writer = new BitWriter(256);
const reader = new BitReader();
