// What one client must hear of in one snapshot: what is due, each with the body of its record, in the order of the numbers that the client knows it by.
//
// Invariant: an entity is due until the client has acknowledged its newest state, or that it rests; a despawn is due until acknowledged. What the client
// predicts is in the prediction group, everything else in the list. Reused arrays only. Units: slots, ticks.

import { limits } from '@tickwire/shared';
import { type Form, form } from '@tickwire/shared/internal';
import { entry, entryWords, keyOf, type Replica, versionOfKey } from './replica.ts';
import type { TickTable } from './tick-table.ts';

/** Whose list it is. */
export interface Viewer {
  readonly replica: Replica;
  /** Slots of the entities that it controls. */
  readonly controls: ReadonlySet<number>;
  /** The slots that it may see; undefined for all of them. */
  readonly visible: VisibleSlots | undefined;
}

/** Slots in a table that is used again: the first `count` of it. */
export interface VisibleSlots {
  readonly slots: Int32Array;
  readonly count: number;
}

/** An opening takes less than a bit most of the time; a change of bases two bytes. Units: 1/256 bit. */
export const openingCost = 256;
export const despawnCost: number = 14 * 256;

export class DueList {
  /** What is due: the slot, the number that the client knows it by, and its body; below 0 a despawn, which says so by itself. */
  slots: Int32Array = new Int32Array(64);
  handles: Int32Array = new Int32Array(64);
  bodies: Int32Array = new Int32Array(64);
  count = 0;
  /** About what all of it costs, in 1/256 bit. */
  cost = 0;
  /** The client sees the whole world, and knows everything by its slot. */
  isWhole = true;
  /** The prediction group, likewise; by slots. */
  group: Int32Array = new Int32Array(64);
  groupBodies: Int32Array = new Int32Array(64);
  groupCount = 0;
  readonly #table: TickTable;
  /** By slot, the last gathering in which it was visible, and in which the client controlled it. */
  #marks = new Int32Array(64);
  #owned = new Int32Array(64);
  #mark = 0;

  constructor(table: TickTable) {
    this.#table = table;
  }

  /** Collects everything that is due for a client in the tick of the table. */
  gather(viewer: Viewer, tick: number): void {
    const { replica, visible } = viewer;
    const { slotCount } = this.#table;
    if (this.slots.length < slotCount * 2) this.#grow(slotCount * 2);
    replica.grow(slotCount);
    this.count = 0;
    this.groupCount = 0;
    this.cost = 0;
    this.isWhole = !visible;
    const mark = ++this.#mark;
    for (const slot of viewer.controls) this.#owned[slot] = mark;
    if (!visible) {
      this.#gatherWhole(replica, viewer.controls, tick);
      return;
    }
    const marks = this.#marks;
    for (let index = 0; index < visible.count; index++) {
      const slot = visible.slots[index] as number;
      marks[slot] = mark;
      replica.giveHandle(slot);
    }
    const handles = replica.slotOfHandle;
    const end = Math.max(1, replica.handleEnd);
    for (let handle = 0; handle < end; handle++) {
      const slot = handles[handle] as number;
      if (slot !== 0 || handle === 0) this.#look(replica, slot, handle, marks[slot] === mark, tick);
    }
  }

  /** As `#look` at every slot. What most entities have in common is asked here, without a call: known as they are, and with the client's newest bases. */
  #gatherWhole(replica: Replica, controls: ReadonlySet<number>, tick: number): void {
    const table = this.#table;
    const { slotCount, keys, seenSince } = table;
    const { entries, newestTick, previousTick } = replica;
    const { slots, bodies } = this;
    const { costs } = table;
    // What was taken under control just now is not known as seen any more.
    for (const slot of controls) if (entries[slot * entryWords + entry.key] === keys[slot]) this.#look(replica, slot, slot, true, tick);
    this.groupCount = 0;
    this.count = 0;
    this.cost = 0;
    const usual = newestTick >= table.ringFrom && previousTick >= table.ringFrom ? table.pairOf(form.seen, newestTick, previousTick) : undefined;
    for (let slot = 0; slot < slotCount; slot++) {
      const at = slot * entryWords;
      const key = keys[slot] as number;
      if (entries[at + entry.key] !== key || ((key - 1) & 3) !== form.seen) {
        this.#look(replica, slot, slot, key !== 0, tick);
        continue;
      }
      if (key === 0 || (entries[at + entry.rest] as number) >= (seenSince[slot] as number)) continue;
      const known =
        usual && entries[at + entry.base] === newestTick && entries[at + entry.older] === previousTick ? (usual.bodies[slot] as number) : 0;
      const number = known !== 0 ? known - 1 : this.#bodyFor(replica, slot, form.seen);
      slots[this.count] = slot;
      bodies[this.count++] = number;
      this.cost += (costs[number] as number) + openingCost;
    }
  }

  /** What a slot has to say to a client. @param isVisible an entity lives there and the client is to see it. */
  #look(replica: Replica, slot: number, handle: number, isVisible: boolean, tick: number): void {
    const table = this.#table;
    const { entries } = replica;
    const at = slot * entryWords;
    const known = entries[at + entry.key] as number;
    if (!isVisible) {
      if (known === 0) return;
      if (known > 0) replica.leave(slot, tick);
      this.#add(slot, handle, despawnOf(slot, versionOfKey(known)));
      return;
    }
    const publicKey = table.keys[slot] as number;
    const version = versionOfKey(publicKey);
    const seenAs: Form = this.#owned[slot] === this.#mark ? form.owned : (((publicKey - 1) & 3) as Form);
    if (known !== keyOf(version, seenAs)) replica.enter(slot, version, seenAs, tick);
    const isDue = (entries[at + entry.rest] as number) < table.sinceAs(slot, seenAs);
    if (seenAs === form.seen) {
      if (isDue) this.#add(slot, handle, this.#bodyFor(replica, slot, seenAs));
      return;
    }
    if (isDue) this.#addToGroup(slot, this.#bodyFor(replica, slot, seenAs));
    // A client that sees everything is told of its own entity also as all others are: their segment is its segment then, coded once.
    if (seenAs === form.owned && this.isWhole && (entries[at + entry.base] as number) >= 0) {
      const isSeenDue = (entries[at + entry.seenRest] as number) < (table.seenSince[slot] as number);
      const body = isSeenDue ? this.#bodyFor(replica, slot, form.seen) : -1;
      if (body >= 0 && table.newerTick(body) >= 0) this.#add(slot, handle, body);
    }
  }

  /**
   * The body for what a client holds of an entity. Where a state held until one of the client's two newest ticks, the base is named by that tick: most
   * entities then have the same bases, whenever they last moved, and clients that are as far away share more.
   */
  #bodyFor(replica: Replica, slot: number, seenAs: Form): number {
    const table = this.#table;
    const { entries, newestTick, previousTick } = replica;
    const at = slot * entryWords;
    const base = entries[at + entry.base] as number;
    const older = entries[at + entry.older] as number;
    if (!this.#isBase(slot, seenAs, base)) return table.body(slot, seenAs, -1, -1);
    const newer = this.#heldAt(slot, seenAs, newestTick, base) ? newestTick : this.#heldAt(slot, seenAs, previousTick, base) ? previousTick : base;
    const isOlder = this.#isBase(slot, seenAs, older);
    const isUsual =
      previousTick < newer && (previousTick >= base || (isOlder && (previousTick === older || this.#heldAt(slot, seenAs, previousTick, older))));
    return table.body(slot, seenAs, newer, isUsual ? previousTick : isOlder ? older : -1);
  }

  /** Whether the server still has the state that a client has of this tick. */
  #isBase(slot: number, seenAs: Form, tick: number): boolean {
    return tick >= this.#table.ringFrom || (tick >= 0 && tick >= this.#table.baseFrom(slot, seenAs));
  }

  /** Whether the state that a client has of tick `from` is still the entity's state at `tick`, which the client had a packet of. */
  #heldAt(slot: number, seenAs: Form, tick: number, from: number): boolean {
    return tick > from && tick >= this.#table.ringFrom && this.#table.heldSince(slot, tick, seenAs) <= from;
  }

  #add(slot: number, handle: number, body: number): void {
    this.slots[this.count] = slot;
    this.handles[this.count] = handle;
    this.bodies[this.count++] = body;
    this.cost += body < 0 ? despawnCost : (this.#table.costs[body] as number) + openingCost;
  }

  /** The group goes by slots, also where handles are asked in their own order. */
  #addToGroup(slot: number, body: number): void {
    const { group, groupBodies } = this;
    let at = this.groupCount++;
    for (; at > 0 && (group[at - 1] as number) > slot; at--) {
      group[at] = group[at - 1] as number;
      groupBodies[at] = groupBodies[at - 1] as number;
    }
    group[at] = slot;
    groupBodies[at] = body;
  }

  #grow(size: number): void {
    this.slots = new Int32Array(size);
    this.handles = new Int32Array(size);
    this.bodies = new Int32Array(size);
    this.group = new Int32Array(size);
    this.groupBodies = new Int32Array(size);
    this.#marks = new Int32Array(size);
    this.#owned = new Int32Array(size);
  }
}

/** A despawn has no body; what it says stands in its place, so that equal ones are known as equal. */
function despawnOf(slot: number, version: number): number {
  return -1 - (version * limits.worldSlots + slot);
}

/** The key that a client's Replica has while a despawn waits for its ack. */
export function despawnKey(number: number, slot: number): number {
  return -1 - (-1 - number - slot) / limits.worldSlots;
}
