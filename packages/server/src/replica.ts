// What one client is known to hold, entity by entity: the server's memory of its acknowledgements. Everything that is sent is decided by this table.
//
// Invariant: `baseTick` is the newest tick of which this client acknowledged a record of this entity since the episode began, `olderTick` the one before
// it; an episode begins when the entity enters the client's view, changes its form, or everything is forgotten. Bases only grow within an episode (the client drops older states).
// Joining, coming into view and a lost base are one path: no base. A client that sees a part of the world knows its entities by handles, small numbers
// of its own; one that sees everything, by their slots. Units: ticks; -1 is none. Grows with the world, by slots.

import type { Form } from '@tickwire/shared/internal';
import { markedForm, markedSlot, marksDespawn, marksRest } from './record-log.ts';

/** Of a slot: the client knows nothing of it; knows it or is to know it; is to forget it. */
export const status = { unknown: 0, present: 1, leaving: 2 } as const;

/** The words of a slot's entry: what stands together is read together. `restTick` is the newest tick of which the client acknowledged that the entity rests. */
export const entry = { status: 0, version: 1, form: 2, episodeTick: 3, baseTick: 4, olderTick: 5, restTick: 6, handle: 7 } as const;
export const entryWords = 8;

export class Replica {
  /** By slot, `entryWords` each. Only this class writes to them. */
  entries: Int32Array = new Int32Array(0);
  /** By handle: its slot, 0 for a free one; and handles in use are below `handleEnd`. Handle 0 is slot 0 always: the room's state. */
  slotOfHandle: Int32Array = new Int32Array(0);
  handleEnd = 0;
  /** The lowest handle that may be free. */
  #freeFrom = 1;

  /** Makes room for slots below `slotCount`. */
  grow(slotCount: number): void {
    if (slotCount * entryWords <= this.entries.length) return;
    const size = Math.max(64, 2 ** Math.ceil(Math.log2(slotCount)));
    this.entries = copyInto(new Int32Array(size * entryWords), this.entries);
    this.slotOfHandle = copyInto(new Int32Array(size), this.slotOfHandle);
  }

  /** The entity in a slot is to be known to the client in this form: an episode begins. */
  enter(slot: number, version: number, seenAs: Form, tick: number): void {
    const at = slot * entryWords;
    this.entries[at + entry.status] = status.present;
    this.entries[at + entry.version] = version;
    this.entries[at + entry.form] = seenAs;
    this.#begin(at, tick);
  }

  /** Whatever the client knows in this slot is to go. */
  leave(slot: number, tick: number): void {
    this.entries[slot * entryWords + entry.status] = status.leaving;
    this.entries[slot * entryWords + entry.episodeTick] = tick;
  }

  /** Gives a slot its handle, the lowest that is free, unless it has one: it keeps it until the client has forgotten the slot. */
  giveHandle(slot: number): void {
    const at = slot * entryWords + entry.handle;
    if (this.entries[at] !== 0 || slot === 0) return;
    let handle = this.#freeFrom;
    while (this.slotOfHandle[handle] !== 0) handle++;
    this.#freeFrom = handle + 1;
    this.slotOfHandle[handle] = slot;
    this.entries[at] = handle;
    if (handle >= this.handleEnd) this.handleEnd = handle + 1;
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
      if (entries[at + entry.version] !== records[index + 1] || tick < (entries[at + entry.episodeTick] as number)) continue;
      if (marksDespawn(marks)) {
        if (entries[at + entry.status] === status.leaving) this.#drop(at);
        continue;
      }
      if (entries[at + entry.status] !== status.present || entries[at + entry.form] !== markedForm(marks)) continue;
      const newest = entries[at + entry.baseTick] as number;
      const older = entries[at + entry.olderTick] as number;
      if (tick > newest) {
        entries[at + entry.olderTick] = newest;
        entries[at + entry.baseTick] = tick;
      } else if (tick < newest && older >= 0 && tick > older) {
        // Only ever forward: below a base that was named the client keeps nothing.
        entries[at + entry.olderTick] = tick;
      }
      if (marksRest(marks) && tick > (entries[at + entry.restTick] as number)) entries[at + entry.restTick] = tick;
    }
  }

  /** The client lost its states: everything present begins anew, without a base. */
  forget(tick: number): void {
    for (let at = 0; at < this.entries.length; at += entryWords) if (this.entries[at + entry.status] !== status.unknown) this.#begin(at, tick);
  }

  #begin(at: number, tick: number): void {
    this.entries[at + entry.episodeTick] = tick;
    this.entries[at + entry.baseTick] = -1;
    this.entries[at + entry.olderTick] = -1;
    this.entries[at + entry.restTick] = -1;
  }

  #drop(at: number): void {
    this.entries[at + entry.status] = status.unknown;
    const handle = this.entries[at + entry.handle] as number;
    if (handle === 0) return;
    this.entries[at + entry.handle] = 0;
    this.slotOfHandle[handle] = 0;
    if (handle < this.#freeFrom) this.#freeFrom = handle;
  }
}

function copyInto(to: Int32Array, from: Int32Array): Int32Array {
  to.set(from);
  return to;
}
