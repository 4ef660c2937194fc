// Whether what one client predicts can always fit one packet: checked when control is given, by the largest records that the types allow.
//
// Invariant: a group that passes is never too large later, unless more that everyone predicts is spawned. Units: bits, bytes.

import { type AnyGame, limits } from '@tickwire/shared';
import { frameBytesMax, type World } from '@tickwire/shared/internal';

/** Bytes of a packet that the prediction group may not take: head and frame, and the ends of what was predicted. */
const groupReserveBytes = 96;
/** A record's opening, identity, rest and origin at most. */
const groupRecordBits = 128;

/** Ends of what was predicted that stand with the group at most: 20 bits each. More of them go with the segment. */
export const groupEndsMax = 12;
/** The bits that the group may take. */
export const groupBitsMax: number = (limits.packetBytes - groupReserveBytes - frameBytesMax) * 8;

/** @throws RangeError that says what to do when the entities that `isOwned` names, and what everyone predicts, could outgrow a packet. */
export function checkPredictionGroup(world: World<AnyGame>, isOwned: (slot: number) => boolean): void {
  const bits = groupBits(world, isOwned);
  if (bits <= groupBitsMax) return;
  throw new RangeError(
    `control(): with this entity the client would predict up to ${Math.ceil(bits / 8)} bytes, and its prediction group must fit one packet (${groupBitsMax / 8} bytes): control fewer entities, or give them smaller fields`,
  );
}

/** The most bits that the entities that `isOwned` names, and what everyone predicts, can take. */
export function groupBits(world: World<AnyGame>, isOwned: (slot: number) => boolean): number {
  let bits = 0;
  for (let slot = 1; slot < world.slotCount; slot++) {
    if (!world.at(slot)) continue;
    const type = world.game.types[world.typeAt(slot)];
    if (!type || !(isOwned(slot) || type.predict === 'everyone')) continue;
    bits += groupRecordBits + type.layout.fields.length + type.layout.bitsMax('step', isOwned(slot));
  }
  return bits;
}
