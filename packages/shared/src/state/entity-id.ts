// An entity's id: a slot of the world and the version of its use, in one number.
//
// Invariant: two entities alive at once never share a slot; an id is not given again until its slot was used 65,536 times more.
// Units: slot 0 to 16383 (14 bits), version 0 to 65535 (16 bits); an id is below 2^30, a small integer in every engine.

/** Names an entity for its whole life, the same at both ends. */
export type EntityId = number & { readonly brand: 'entity-id' };

/** A place in the world's tables, used again by later entities. */
export type Slot = number & { readonly brand: 'slot' };

export const slotBits = 14;
export const versionBits = 16;

/** Whether a client made up this id for a spawn that it predicted: slot 0 is the room's state, whose version is 0. */
export function isGuest(id: EntityId): boolean {
  return id !== 0 && (id & 0x3fff) === 0;
}

export function entityId(slot: Slot, version: number): EntityId {
  return (((version & 0xffff) << slotBits) | slot) as EntityId;
}

export function slotOf(id: EntityId): Slot {
  return (id & 0x3fff) as Slot;
}

export function versionOf(id: EntityId): number {
  return (id >>> slotBits) & 0xffff;
}
