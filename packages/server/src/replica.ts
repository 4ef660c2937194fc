// What one client is known to hold, entity by entity: the server's memory of its acknowledgements. Everything that is sent is decided by this table.
//
// Invariant: `baseTick` is the newest tick of which this client acknowledged a record of this entity since the episode began, `olderTick` the one before
// it; an episode begins when the entity enters the client's view, changes its form, or everything is forgotten. Bases only grow within an episode (the client drops older states).
// Joining, coming into view and a lost base are one path: no base. A client that sees a part of the world knows its entities by handles, small numbers
// of its own; one that sees everything, by their slots. Units: ticks; -1 is none. Grows with the world, by slots.

import { type Form, form } from '@tickwire/shared/internal';

/** Of a slot: the client knows nothing of it; knows it or is to know it; is to forget it. */
export const status = { unknown: 0, present: 1, leaving: 2 } as const;

export class Replica {
  /** By slot. Only this class writes to them. */
  status: Uint8Array = new Uint8Array(0);
  version: Uint16Array = new Uint16Array(0);
  form: Uint8Array = new Uint8Array(0);
  baseTick: Int32Array = new Int32Array(0);
  olderTick: Int32Array = new Int32Array(0);
  /** The newest tick of which the client acknowledged that the entity rests: it need not hear of it as long as that holds. */
  restTick: Int32Array = new Int32Array(0);
  /** By handle: its slot, 0 for a free one; and handles in use are below `handleEnd`. Handle 0 is slot 0 always: the room's state. */
  slotOfHandle: Int32Array = new Int32Array(0);
  handleEnd = 0;
  #handleOf = new Int32Array(0);
  #episodeTick = new Int32Array(0);
  /** The lowest handle that may be free. */
  #freeFrom = 1;

  /** Makes room for slots below `slotCount`. */
  grow(slotCount: number): void {
    if (slotCount <= this.status.length) return;
    const size = Math.max(64, 2 ** Math.ceil(Math.log2(slotCount)));
    this.status = copyInto(new Uint8Array(size), this.status);
    this.version = copyInto(new Uint16Array(size), this.version);
    this.form = copyInto(new Uint8Array(size), this.form);
    this.baseTick = copyInto(new Int32Array(size), this.baseTick);
    this.olderTick = copyInto(new Int32Array(size), this.olderTick);
    this.restTick = copyInto(new Int32Array(size), this.restTick);
    this.slotOfHandle = copyInto(new Int32Array(size), this.slotOfHandle);
    this.#handleOf = copyInto(new Int32Array(size), this.#handleOf);
    this.#episodeTick = copyInto(new Int32Array(size), this.#episodeTick);
  }

  /** The entity in a slot is to be known to the client in this form: an episode begins. */
  enter(slot: number, version: number, seenAs: Form, tick: number): void {
    this.status[slot] = status.present;
    this.version[slot] = version;
    this.form[slot] = seenAs;
    this.#begin(slot, tick);
  }

  /** Whatever the client knows in this slot is to go. */
  leave(slot: number, tick: number): void {
    this.status[slot] = status.leaving;
    this.#episodeTick[slot] = tick;
  }

  /** The handle of a slot that the client knows, given at its first use and kept until the client has forgotten the slot. */
  handleOf(slot: number): number {
    const known = this.#handleOf[slot] as number;
    if (known !== 0 || slot === 0) return known;
    let handle = this.#freeFrom;
    while (this.slotOfHandle[handle] !== 0) handle++;
    this.#freeFrom = handle + 1;
    this.slotOfHandle[handle] = slot;
    this.#handleOf[slot] = handle;
    if (handle >= this.handleEnd) this.handleEnd = handle + 1;
    return handle;
  }

  /** The client acknowledged a packet of `tick`: what it named, two numbers a record as in `recordMarks`. Acks of an earlier episode mean nothing: the client may have dropped what they speak of. */
  acknowledge(records: Int32Array, count: number, tick: number): void {
    const { baseTick, olderTick, restTick } = this;
    for (let at = 0; at < count * 2; at += 2) {
      const marks = records[at] as number;
      const slot = marks & slotMask;
      if (this.version[slot] !== records[at + 1] || tick < (this.#episodeTick[slot] as number)) continue;
      if ((marks & despawnMark) !== 0) {
        if (this.status[slot] === status.leaving) this.#drop(slot);
        continue;
      }
      if (this.status[slot] !== status.present || this.form[slot] !== marks >>> formShift) continue;
      const newest = baseTick[slot] as number;
      if (tick > newest) {
        olderTick[slot] = newest;
        baseTick[slot] = tick;
      } else if (tick < newest && (olderTick[slot] as number) >= 0 && tick > (olderTick[slot] as number)) {
        // Only ever forward: below a base that was named the client keeps nothing.
        olderTick[slot] = tick;
      }
      if ((marks & restMark) !== 0 && tick > (restTick[slot] as number)) restTick[slot] = tick;
    }
  }

  /** The client lost its states: everything present begins anew, without a base. */
  forget(tick: number): void {
    for (let slot = 0; slot < this.status.length; slot++) if (this.status[slot] !== status.unknown) this.#begin(slot, tick);
  }

  #begin(slot: number, tick: number): void {
    this.#episodeTick[slot] = tick;
    this.baseTick[slot] = -1;
    this.olderTick[slot] = -1;
    this.restTick[slot] = -1;
  }

  #drop(slot: number): void {
    this.status[slot] = status.unknown;
    const handle = this.#handleOf[slot] as number;
    if (handle === 0) return;
    this.#handleOf[slot] = 0;
    this.slotOfHandle[handle] = 0;
    if (handle < this.#freeFrom) this.#freeFrom = handle;
  }
}

const slotMask = 0x3fff;
const restMark = 1 << 14;
const despawnMark = 1 << 15;
const formShift = 16;

/** The first number that notes a record of an entity; the second is its version. */
export function recordMarks(slot: number, seenAs: number, rests: boolean): number {
  return slot | (rests ? restMark : 0) | (seenAs << formShift);
}

export function despawnMarks(slot: number): number {
  return slot | despawnMark | (form.seen << formShift);
}

function copyInto<Table extends Uint8Array | Uint16Array | Int32Array>(to: Table, from: Table): Table {
  to.set(from);
  return to;
}
