// What one client must hear of in one snapshot: what is due, each with the body of its record, in the order of the numbers that the client knows it by.
//
// Invariant: an entity is due until the client has acknowledged its newest state, or that it rests; a despawn is due until acknowledged. What the client
// predicts is in the prediction group, everything else in the list. Reused arrays only. Units: slots, ticks.

import { limits } from '@tickwire/shared';
import { form } from '@tickwire/shared/internal';
import { type Replica, status } from './replica.ts';
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

export class DueList {
  /** What is due: the slot, the number that the client knows it by, and its body; below 0 a despawn, which says so by itself. */
  slots: Int32Array = new Int32Array(64);
  handles: Int32Array = new Int32Array(64);
  bodies: Int32Array = new Int32Array(64);
  count = 0;
  /** The client sees the whole world, and knows everything by its slot. */
  isWhole = true;
  /** The prediction group, likewise; by slots. */
  group: Int32Array = new Int32Array(64);
  groupBodies: Int32Array = new Int32Array(64);
  groupCount = 0;
  readonly #table: TickTable;
  /** By slot, the last gathering in which it was visible, and whether the client controls it. */
  #marks = new Int32Array(64);
  #mark = 0;

  constructor(table: TickTable) {
    this.#table = table;
  }

  /** Collects everything that is due for a client in the tick of the table. */
  gather(viewer: Viewer, tick: number): void {
    const table = this.#table;
    const { replica, visible } = viewer;
    const { slotCount } = table;
    if (this.slots.length < slotCount * 2) this.#grow(slotCount * 2);
    replica.grow(slotCount);
    this.count = 0;
    this.groupCount = 0;
    this.isWhole = !visible;
    if (!visible) {
      for (let slot = 0; slot < slotCount; slot++) this.#look(viewer, slot, slot, table.isLive[slot] === 1, tick);
      return;
    }
    const mark = ++this.#mark;
    const marks = this.#marks;
    for (let index = 0; index < visible.count; index++) {
      const slot = visible.slots[index] as number;
      marks[slot] = mark;
      replica.handleOf(slot);
    }
    const handles = replica.slotOfHandle;
    const end = Math.max(1, replica.handleEnd);
    for (let handle = 0; handle < end; handle++) {
      const slot = handles[handle] as number;
      if (slot !== 0 || handle === 0) this.#look(viewer, slot, handle, marks[slot] === mark, tick);
    }
  }

  /** What a slot has to say to a client. @param isVisible an entity lives there and the client is to see it. */
  #look(viewer: Viewer, slot: number, handle: number, isVisible: boolean, tick: number): void {
    const table = this.#table;
    const { replica } = viewer;
    if (!isVisible) {
      if (replica.status[slot] === status.unknown) return;
      if (replica.status[slot] === status.present) replica.leave(slot, tick);
      this.#add(slot, handle, despawnOf(slot, replica.version[slot] as number));
      return;
    }
    const version = table.versions[slot] as number;
    const seenAs = viewer.controls.size > 0 && viewer.controls.has(slot) ? form.owned : table.everyone[slot] === 1 ? form.shared : form.seen;
    if (replica.status[slot] !== status.present || replica.version[slot] !== version || replica.form[slot] !== seenAs) replica.enter(slot, version, seenAs, tick);
    if ((replica.restTick[slot] as number) >= (table.since[slot] as number)) return;
    const from = table.baseFrom[slot] as number;
    const newer = replica.baseTick[slot] as number;
    const older = replica.olderTick[slot] as number;
    const number = newer >= from ? table.body(slot, seenAs, newer, older >= from ? older : -1) : table.body(slot, seenAs, -1, -1);
    if (seenAs === form.seen) {
      this.#add(slot, handle, number);
    } else {
      this.group[this.groupCount] = slot;
      this.groupBodies[this.groupCount++] = number;
    }
  }

  #add(slot: number, handle: number, number: number): void {
    this.slots[this.count] = slot;
    this.handles[this.count] = handle;
    this.bodies[this.count++] = number;
  }

  #grow(size: number): void {
    this.slots = new Int32Array(size);
    this.handles = new Int32Array(size);
    this.bodies = new Int32Array(size);
    this.group = new Int32Array(size);
    this.groupBodies = new Int32Array(size);
    const marks = new Int32Array(size);
    marks.set(this.#marks);
    this.#marks = marks;
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
