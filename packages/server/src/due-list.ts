// What one client must hear of in one snapshot: what is due, each with the body of its record, in the order of the numbers that the client knows it by.
//
// Invariant: an entity is due until the client has acknowledged its newest state, or that it rests; a despawn is due until acknowledged. A state that
// holds and is on its way is not due until that is judged lost. What the client predicts is in the prediction group, everything else in the list. Reused arrays only. Units: slots, ticks.

import { limits } from '@tickwire/shared';
import { form } from '@tickwire/shared/internal';
import type { Flight } from './flight.ts';
import { entry, entryWords, type Replica, status } from './replica.ts';
import type { Pair, TickTable } from './tick-table.ts';

/** Whose list it is. */
export interface Viewer {
  readonly replica: Replica;
  readonly flight: Flight;
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

/** Records that a segment names: slots, the numbers that the client knows them by, and their bodies; below 0 a despawn, which says so by itself. */
export interface NamedRecords {
  readonly slots: Int32Array;
  readonly handles: Int32Array;
  readonly bodies: Int32Array;
}

export class DueList implements NamedRecords {
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
    viewer.flight.grow(slotCount);
    this.count = 0;
    this.groupCount = 0;
    this.cost = 0;
    this.isWhole = !visible;
    const mark = ++this.#mark;
    for (const slot of viewer.controls) this.#owned[slot] = mark;
    if (!visible) {
      this.#gatherWhole(replica, viewer.flight, tick);
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
      if (slot !== 0 || handle === 0) this.#look(replica, viewer.flight, slot, handle, marks[slot] === mark, tick);
    }
  }

  /** As `#look` at every slot. What most entities have in common is asked here, without a call: known as they are, and with the bases of the one before. */
  #gatherWhole(replica: Replica, flight: Flight, tick: number): void {
    const table = this.#table;
    const { slotCount, isLive, versions, everyone, since, baseFrom } = table;
    const { entries } = replica;
    const owned = this.#owned;
    const mark = this.#mark;
    const whole = table.pairOf(form.seen, -1, -1);
    let pair: Pair = whole;
    for (let slot = 0; slot < slotCount; slot++) {
      const at = slot * entryWords;
      if (isLive[slot] === 0) {
        const known = entries[at + entry.status] as number;
        if (known === status.unknown) continue;
        if (known === status.leaving) {
          this.#add(slot, slot, despawnOf(slot, entries[at + entry.version] as number));
          continue;
        }
      }
      const isPlain =
        isLive[slot] === 1 &&
        entries[at + entry.status] === status.present &&
        entries[at + entry.version] === versions[slot] &&
        entries[at + entry.form] === form.seen &&
        everyone[slot] === 0 &&
        owned[slot] !== mark;
      if (isPlain) {
        if ((entries[at + entry.restTick] as number) >= (since[slot] as number)) continue;
        let newer = entries[at + entry.baseTick] as number;
        if (flight.carries(slot, since[slot] as number, entries[at + entry.episodeTick] as number, newer)) continue;
        const from = baseFrom[slot] as number;
        let older = entries[at + entry.olderTick] as number;
        if (older < from) older = -1;
        if (newer < from) newer = -1;
        let of = newer < 0 ? whole : pair;
        if (of.newer !== newer || of.older !== older) {
          of = table.pairOf(form.seen, newer, older);
          pair = of;
        }
        const known = of.bodies[slot] as number;
        this.#add(slot, slot, known !== 0 ? known - 1 : table.body(slot, form.seen, newer, older));
        continue;
      }
      this.#look(replica, flight, slot, slot, isLive[slot] === 1, tick);
    }
  }

  /** What a slot has to say to a client. @param isVisible an entity lives there and the client is to see it. */
  #look(replica: Replica, flight: Flight, slot: number, handle: number, isVisible: boolean, tick: number): void {
    const table = this.#table;
    const { entries } = replica;
    const at = slot * entryWords;
    const known = entries[at + entry.status] as number;
    if (!isVisible) {
      if (known === status.unknown) return;
      if (known === status.present) replica.leave(slot, tick);
      this.#add(slot, handle, despawnOf(slot, entries[at + entry.version] as number));
      return;
    }
    const version = table.versions[slot] as number;
    const seenAs = this.#owned[slot] === this.#mark ? form.owned : table.everyone[slot] === 1 ? form.shared : form.seen;
    if (known !== status.present || entries[at + entry.version] !== version || entries[at + entry.form] !== seenAs)
      replica.enter(slot, version, seenAs, tick);
    if ((entries[at + entry.restTick] as number) >= (table.since[slot] as number)) return;
    // Of what it predicts, absence would say that it rests as last acknowledged: only what is seen may be left out.
    const newer = entries[at + entry.baseTick] as number;
    if (seenAs === form.seen && flight.carries(slot, table.since[slot] as number, entries[at + entry.episodeTick] as number, newer)) return;
    const from = table.baseFrom[slot] as number;
    const older = entries[at + entry.olderTick] as number;
    const body = newer >= from ? table.body(slot, seenAs, newer, older >= from ? older : -1) : table.body(slot, seenAs, -1, -1);
    if (seenAs === form.seen) {
      this.#add(slot, handle, body);
    } else {
      this.group[this.groupCount] = slot;
      this.groupBodies[this.groupCount++] = body;
    }
  }

  #add(slot: number, handle: number, body: number): void {
    this.slots[this.count] = slot;
    this.handles[this.count] = handle;
    this.bodies[this.count++] = body;
    this.cost += body < 0 ? despawnCost : (this.#table.costs[body] as number) + openingCost;
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

/** The version that a despawn names. */
export function despawnedVersion(number: number, slot: number): number {
  return (-1 - number - slot) / limits.worldSlots;
}
