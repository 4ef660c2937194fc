// What one client is known to hold, entity by entity: the server's memory of its acknowledgements. Everything that is sent is decided by this table.
//
// Invariant: `baseTick` is the newest tick of which this client acknowledged a record of this entity since the episode began, `olderTick` the one before
// it; an episode begins when the entity enters the client's view, changes its form, or everything is forgotten. Bases only grow within an episode (the client drops older states).
// Joining, coming into view and a lost base are one path: no base. Units: ticks; -1 is none. Grows with the world, by slots.

import type { Form } from '@tickwire/shared/internal';

const unknown = 0;
const present = 1;
const leaving = 2;

export class Replica {
  #status = new Uint8Array(0);
  #version = new Uint16Array(0);
  #form = new Uint8Array(0);
  #episodeTick = new Int32Array(0);
  #baseTick = new Int32Array(0);
  #olderTick = new Int32Array(0);
  #restTick = new Int32Array(0);
  /** The slots of which the client knows anything, in no order, and where each stands in the list. */
  #known = new Int32Array(0);
  #place = new Int32Array(0);
  #knownCount = 0;

  /** Makes room for slots below `slotCount`. */
  grow(slotCount: number): void {
    if (slotCount <= this.#status.length) return;
    const size = Math.max(64, 2 ** Math.ceil(Math.log2(slotCount)));
    this.#status = copyInto(new Uint8Array(size), this.#status);
    this.#version = copyInto(new Uint16Array(size), this.#version);
    this.#form = copyInto(new Uint8Array(size), this.#form);
    this.#episodeTick = copyInto(new Int32Array(size), this.#episodeTick);
    this.#baseTick = copyInto(new Int32Array(size), this.#baseTick);
    this.#olderTick = copyInto(new Int32Array(size), this.#olderTick);
    this.#restTick = copyInto(new Int32Array(size), this.#restTick);
    this.#known = copyInto(new Int32Array(size), this.#known);
    this.#place = copyInto(new Int32Array(size), this.#place);
  }

  /** The entity in a slot is to be known to the client in this form; begins an episode when it was not. */
  enter(slot: number, version: number, form: Form, tick: number): void {
    if (this.#status[slot] === present && this.#version[slot] === version && this.#form[slot] === form) return;
    if (this.#status[slot] === unknown) {
      this.#place[slot] = this.#knownCount;
      this.#known[this.#knownCount++] = slot;
    }
    this.#status[slot] = present;
    this.#version[slot] = version;
    this.#form[slot] = form;
    this.#episodeTick[slot] = tick;
    this.#baseTick[slot] = -1;
    this.#olderTick[slot] = -1;
    this.#restTick[slot] = -1;
  }

  /** Whatever the client knows in this slot is to go. @returns whether it knows anything, and so must be told. */
  leave(slot: number, tick: number): boolean {
    if (this.#status[slot] === present) {
      this.#status[slot] = leaving;
      this.#episodeTick[slot] = tick;
    }
    return this.#status[slot] === leaving;
  }

  /** The client need not hear of this entity: it acknowledged that it rests, and it has not changed since. */
  isSilent(slot: number, since: number): boolean {
    return (this.#restTick[slot] as number) >= since;
  }

  baseTick(slot: number): number {
    return this.#baseTick[slot] as number;
  }

  /** The tick before `baseTick` of which the client acknowledged a record, or -1. */
  olderTick(slot: number): number {
    return this.#olderTick[slot] as number;
  }

  /** The version that the client has or had in a slot. */
  version(slot: number): number {
    return this.#version[slot] as number;
  }

  /** The client acknowledged a record. Acks of an earlier episode mean nothing: the client may have dropped what they speak of. */
  acknowledge(slot: number, version: number, form: Form, tick: number, rested: boolean, despawned: boolean): void {
    if (this.#version[slot] !== version || tick < (this.#episodeTick[slot] as number)) return;
    if (despawned) {
      if (this.#status[slot] === leaving) this.#drop(slot);
      return;
    }
    if (this.#status[slot] !== present || this.#form[slot] !== form) return;
    const newest = this.#baseTick[slot] as number;
    if (tick > newest) {
      this.#olderTick[slot] = newest;
      this.#baseTick[slot] = tick;
    } else if (tick < newest && (this.#olderTick[slot] as number) >= 0 && tick > (this.#olderTick[slot] as number)) {
      // Only ever forward: below a base that was named the client keeps nothing.
      this.#olderTick[slot] = tick;
    }
    if (rested && tick > (this.#restTick[slot] as number)) this.#restTick[slot] = tick;
  }

  /** How many slots the client knows anything of, and which, in no order. */
  get knownCount(): number {
    return this.#knownCount;
  }

  knownAt(index: number): number {
    return this.#known[index] as number;
  }

  /** The client lost its states: everything present begins anew, without a base. */
  forget(tick: number): void {
    for (let slot = 0; slot < this.#status.length; slot++) {
      if (this.#status[slot] === unknown) continue;
      this.#episodeTick[slot] = tick;
      this.#baseTick[slot] = -1;
      this.#olderTick[slot] = -1;
      this.#restTick[slot] = -1;
    }
  }

  #drop(slot: number): void {
    this.#status[slot] = unknown;
    const last = this.#known[--this.#knownCount] as number;
    const place = this.#place[slot] as number;
    this.#known[place] = last;
    this.#place[last] = place;
  }
}

function copyInto<Table extends Uint8Array | Uint16Array | Int32Array>(to: Table, from: Table): Table {
  to.set(from);
  return to;
}
