// What one client is known to hold, entity by entity: the server's memory of its acknowledgements. Everything that is sent is decided by this table.
//
// Invariant: `base` is the newest tick of which this client acknowledged a record of this entity since the episode began, `older` the one before it;
// an episode begins when the entity enters the client's view, changes its form, or everything is forgotten. Bases only grow within an episode (the client
// drops older states). Joining, coming into view and a lost base are one path: no base. A client that sees a part of the world knows its entities by
// handles, small numbers of its own; one that sees everything, by their slots. Units: ticks; -1 is none. Grows with the world, by slots.

import { type Form, form } from '@tickwire/shared/internal';
import { markedSlot, marksDespawn, marksRest } from './record-log.ts';

/**
 * The words of a slot's entry: what stands together is read together. `key` says what the client has or is to have: 0 for nothing, `keyOf` an entity in a
 * form, below 0 `leavingKey`: it is to forget it. `base` is below 0 where there is none: `-1 - tick` of the beginning of the episode. `rest` is the newest
 * tick of which the client acknowledged that the entity rests.
 */
export const entry = { key: 0, base: 1, older: 2, rest: 3 } as const;
export const entryWords = 4;

/** An entity of this version in this form, as one number above 0. */
export function keyOf(version: number, seenAs: Form): number {
  return ((version << 2) | seenAs) + 1;
}

export function versionOfKey(key: number): number {
  return key < 0 ? -1 - key : (key - 1) >>> 2;
}

function leavingKey(version: number): number {
  return -1 - version;
}

/** In place of the older base of what is leaving: it was in the prediction group. */
const leavingGroup = -2;

export class Replica {
  /** By slot, `entryWords` each. Only this class writes to them. */
  entries: Int32Array = new Int32Array(0);
  /** By slot: the newest tick of which the client acknowledged that its own entity rests as others see it. */
  seenRests: Int32Array = new Int32Array(0);
  /** By slot: its handle, 0 for none. */
  #handles: Int32Array = new Int32Array(0);
  /** By handle: its slot, 0 for a free one; and handles in use are below `handleEnd`. Handle 0 is slot 0 always: the room's state. */
  slotOfHandle: Int32Array = new Int32Array(0);
  handleEnd = 0;
  /** The two newest ticks of which the client acknowledged a packet, the newest first: what most entities have as their bases. */
  newestTick = -1;
  previousTick = -1;
  /** The lowest handle that may be free. */
  #freeFrom = 1;

  /** Makes room for slots below `slotCount`. */
  grow(slotCount: number): void {
    if (slotCount * entryWords <= this.entries.length) return;
    const size = Math.max(64, 2 ** Math.ceil(Math.log2(slotCount)));
    this.entries = copyInto(new Int32Array(size * entryWords), this.entries);
    this.seenRests = copyInto(new Int32Array(size), this.seenRests);
    this.#handles = copyInto(new Int32Array(size), this.#handles);
    this.slotOfHandle = copyInto(new Int32Array(size), this.slotOfHandle);
  }

  /** The entity in a slot is to be known to the client in this form: an episode begins. */
  enter(slot: number, version: number, seenAs: Form, tick: number): void {
    this.entries[slot * entryWords + entry.key] = keyOf(version, seenAs);
    this.#begin(slot, tick);
  }

  /** The same entity is to be known as the client's own. */
  enterOwned(slot: number, tick: number): void {
    this.enter(slot, versionOfKey(this.entries[slot * entryWords + entry.key] as number), form.owned, tick);
  }

  /** Whatever the client knows in this slot is to go. */
  leave(slot: number, tick: number): void {
    const at = slot * entryWords;
    const key = this.entries[at + entry.key] as number;
    const isSeen = ((key - 1) & 3) === form.seen;
    const isNamed = (this.entries[at + entry.base] as number) >= 0 && isSeen;
    this.entries[at + entry.key] = leavingKey(versionOfKey(key));
    this.#begin(slot, tick);
    if (isNamed) this.entries[at + entry.older] = 0;
    if (!isSeen) this.entries[at + entry.older] = leavingGroup;
  }

  /** Whether what is leaving a slot was in the client's prediction group. */
  isLeavingGroup(slot: number): boolean {
    return this.entries[slot * entryWords + entry.older] === leavingGroup;
  }

  /** Whether the client knows what is leaving a slot by its handle: it acknowledged a state that was named by it. What it predicts it knows by slot. */
  isLeavingNamed(slot: number): boolean {
    return this.entries[slot * entryWords + entry.older] === 0;
  }

  /** Gives a slot its handle, the lowest that is free, unless it has one: it keeps it until the client has forgotten the slot. */
  giveHandle(slot: number): void {
    if (this.#handles[slot] !== 0 || slot === 0) return;
    let handle = this.#freeFrom;
    while (this.slotOfHandle[handle] !== 0) handle++;
    this.#freeFrom = handle + 1;
    this.slotOfHandle[handle] = slot;
    this.#handles[slot] = handle;
    if (handle >= this.handleEnd) this.handleEnd = handle + 1;
  }

  /** The client acknowledged a packet of `tick`, whatever was in it. */
  acknowledgeTick(tick: number): void {
    if (tick > this.newestTick) {
      this.previousTick = this.newestTick;
      this.newestTick = tick;
    } else if (tick < this.newestTick && tick > this.previousTick) {
      this.previousTick = tick;
    }
  }

  /**
   * The client acknowledged a packet of `tick`: what it named, `records` from `from` up to `to` as in a RecordLog. Acks of an earlier episode mean nothing:
   * the client may have dropped what they speak of.
   */
  acknowledge(records: Int32Array, from: number, to: number, tick: number): void {
    const { entries } = this;
    for (let index = from; index < to; index += 2) {
      const marks = records[index] as number;
      const slot = markedSlot(marks);
      const at = slot * entryWords;
      if (entries[at + entry.key] !== records[index + 1]) {
        if (marksRest(marks)) this.#acknowledgeSeen(slot, records[index + 1] as number, tick);
        continue;
      }
      const newest = entries[at + entry.base] as number;
      if (newest < 0 && tick < -1 - newest) continue;
      if (marksDespawn(marks)) {
        this.#drop(slot);
      } else if (tick > newest) {
        entries[at + entry.older] = newest < 0 ? -1 : newest;
        entries[at + entry.base] = tick;
      } else if (tick < newest && tick > (entries[at + entry.older] as number) && (entries[at + entry.older] as number) >= 0) {
        // Only ever forward: below a base that was named the client keeps nothing.
        entries[at + entry.older] = tick;
      }
      if (marksRest(marks) && tick > (entries[at + entry.rest] as number)) entries[at + entry.rest] = tick;
    }
  }

  /** The older base is too old to be named, so `base` is named alone and the client drops what is before it: acks that come late bring nothing between back. */
  dropOlder(slot: number): void {
    this.entries[slot * entryWords + entry.older] = -1;
  }

  /** The client lost its states: everything present begins anew, without a base. */
  forget(tick: number): void {
    for (let slot = 0; slot < this.seenRests.length; slot++) if (this.entries[slot * entryWords + entry.key] !== 0) this.#begin(slot, tick);
    this.newestTick = -1;
    this.previousTick = -1;
  }

  /** The client's own entity, named as others see it, and at rest for them. */
  #acknowledgeSeen(slot: number, key: number, tick: number): void {
    const isOwn = this.entries[slot * entryWords + entry.key] === key + form.owned - form.seen;
    if (isOwn && tick > (this.seenRests[slot] as number)) this.seenRests[slot] = tick;
  }

  #begin(slot: number, tick: number): void {
    const at = slot * entryWords;
    this.entries[at + entry.base] = -1 - tick;
    this.entries[at + entry.older] = -1;
    this.entries[at + entry.rest] = -1;
    // Acks of before count for nothing. That it may have rested since long does not matter: the client needs no word of it.
    this.seenRests[slot] = tick - 1;
  }

  #drop(slot: number): void {
    this.entries[slot * entryWords + entry.key] = 0;
    const handle = this.#handles[slot] as number;
    if (handle === 0) return;
    this.#handles[slot] = 0;
    this.slotOfHandle[handle] = 0;
    if (handle < this.#freeFrom) this.#freeFrom = handle;
  }
}

function copyInto(to: Int32Array, from: Int32Array): Int32Array {
  to.set(from);
  return to;
}
