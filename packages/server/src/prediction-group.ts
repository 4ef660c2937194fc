// Whether what one client predicts can always fit one packet: checked when control is given, by the largest records that the types allow.
//
// Invariant: a group that passes is never too large later, unless more that everyone predicts is spawned. Units: bits, bytes.

import { type AnyGame, limits } from '@tickwire/shared';
import { frameBytesMax, type World } from '@tickwire/shared/internal';

/** Bytes of a packet that the prediction group may not take: head and frame. */
const groupReserveBytes = 64;
/** A record's opening, identity, rest and origin at most. */
const groupRecordBits = 128;

/** @throws RangeError that says what to do when the entities that `isOwned` names, and what everyone predicts, could outgrow a packet. */
export function checkPredictionGroup(world: World<AnyGame>, isOwned: (slot: number) => boolean): void {
  let bits = 0;
  for (let slot = 1; slot < world.slotCount; slot++) {
    if (!world.at(slot)) continue;
    const type = world.game.types[world.typeAt(slot)];
    if (!type || !(isOwned(slot) || type.predict === 'everyone')) continue;
    bits += groupRecordBits + type.layout.fields.length + type.layout.bitsMax('step', isOwned(slot));
  }
  const bytesMax = limits.packetBytes - groupReserveBytes - frameBytesMax;
  if (bits <= bytesMax * 8) return;
  throw new RangeError(
    `control(): with this entity the client would predict up to ${Math.ceil(bits / 8)} bytes, and its prediction group must fit one packet (${bytesMax} bytes): control fewer entities, or give them smaller fields`,
  );
}
