// What one client must hear of in one snapshot: what is due, each with the body of its record, in the order of the numbers that the client knows it by.
//
// Invariant: an entity is due until the client has acknowledged its newest state, or that it rests; a despawn is due until acknowledged. A state that
// holds and is on its way is not due until that is judged lost. What the client predicts is in the prediction group, everything else in the list.
// Reused arrays only. Units: slots, ticks.

import { limits } from '@tickwire/shared';
import { type Form, form } from '@tickwire/shared/internal';
import type { Flight } from './flight.ts';
import { groupEndsMax } from './prediction-group.ts';
import { entry, entryWords, keyOf, type Replica, versionOfKey } from './replica.ts';
import type { TickTable } from './tick-table.ts';

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

// The engine looks an imported name up at every use and compiles a module's own constants in: what the loop over all slots needs is this module's own.
const seenForm = form.seen;
const words: number = entryWords;
const { base: baseWord, older: olderWord, rest: restWord } = entry;

const noBodies = new Int32Array(0);
/** Below every base. */
const none = -(2 ** 31);

/** An opening takes less than a bit most of the time; a change of bases two bytes. Units: 1/256 bit. */
export const openingCost = 256;
export const despawnCost: number = 14 * 256;

/** Records that a segment names: slots, the handles that the client knows them by, and their bodies; below 0 a despawn, which says so by itself. */
export interface NamedRecords {
  readonly slots: Int32Array;
  readonly handles: Int32Array;
  readonly bodies: Int32Array;
}

export class DueList implements NamedRecords {
  /** What is due: the slot, the handle that the client knows it by (unless `isWhole`), and its body; below 0 a despawn, which says so by itself. */
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
  #groupEnds = 0;
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
    this.#groupEnds = 0;
    this.isWhole = !visible;
    const mark = ++this.#mark;
    for (const slot of viewer.controls) {
      this.#owned[slot] = mark;
      // What was taken under control just now is not known as seen any more.
      if (replica.entries[slot * entryWords + entry.key] === this.#table.keys[slot]) replica.enterOwned(slot, tick);
    }
    if (!visible) {
      this.#gather(viewer, undefined, slotCount, tick);
      return;
    }
    const marks = this.#marks;
    const { slots, count } = visible;
    for (let index = 0; index < count; index++) marks[slots[index] as number] = mark;
    replica.giveHandles(slots, count);
    this.#gather(viewer, replica.slotOfHandle, Math.max(1, replica.handleEnd), tick);
  }

  /**
   * As `#look` at every slot, or at that of every handle. What most entities have in common is asked here, without a call: known as they are, and with the
   * client's newest bases. Those that the client's Replica and the table know as such by their masks are due.
   */
  #gather(viewer: Viewer, slotOfHandle: Int32Array | undefined, end: number, tick: number): void {
    const { replica, flight } = viewer;
    const { seen, ringFrom, moving, entered, tickBefore } = this.#table;
    const { entries, usual, newestTick, previousTick } = replica;
    const { slots, handles, bodies } = this;
    const marks = this.#marks;
    const mark = this.#mark;
    const isUsual = newestTick >= ringFrom && previousTick >= ringFrom;
    const usualBodies = isUsual ? this.#table.pairOf(seenForm, newestTick, previousTick).bodies : noBodies;
    // No base is below none: where there is no usual pair, nothing has it.
    const usualBase = isUsual ? newestTick : none;
    const hasMasks = isUsual && !slotOfHandle && replica.gatheredTick === tickBefore;
    let known = 0;
    let count = 0;
    for (let number = 0; number < end; number++) {
      if (hasMasks && (number & 31) === 0) {
        const word = number >>> 5;
        known = (usual[word] as number) & (moving[word] as number) & ~(entered[word] as number);
      }
      const slot = slotOfHandle ? (slotOfHandle[number] as number) : number;
      if (((known >>> number) & 1) !== 0) {
        const body = usualBodies[slot] as number;
        slots[count] = slot;
        bodies[count++] = body !== 0 ? body - 1 : this.#bodyFor(replica, slot, seenForm);
        continue;
      }
      if (slot === 0 && number > 0) continue;
      const at = slot * words;
      const key = slotOfHandle && marks[slot] !== mark ? 0 : (seen[slot * 2] as number);
      if (entries[at] !== key) {
        this.count = count;
        this.#look(replica, flight, slot, number, key !== 0, tick);
        count = this.count;
        continue;
      }
      if (key === 0) continue;
      const since = seen[slot * 2 + 1] as number;
      if ((entries[at + restWord] as number) >= since) continue;
      if (since < tick && flight.carries(slot, since, replica.baseOf(slot))) continue;
      const isNewest = entries[at + baseWord] === usualBase && entries[at + olderWord] === previousTick;
      const body = isNewest ? (usualBodies[slot] as number) : 0;
      slots[count] = slot;
      if (slotOfHandle) handles[count] = number;
      bodies[count++] = body !== 0 ? body - 1 : this.#bodyFor(replica, slot, seenForm);
    }
    this.count = count;
    replica.gatheredTick = tick;
  }

  /** How many records from `from` on, `most` at the most, cost about `costMax` together. */
  fitting(from: number, most: number, costMax: number): number {
    const { costs } = this.#table;
    const { bodies } = this;
    const opened = openingCost;
    let cost = 0;
    for (let index = from; index < from + most; index++) {
      const body = bodies[index] as number;
      cost += body < 0 ? despawnCost : (costs[body] as number) + opened;
      if (cost > costMax) return index - from;
    }
    return most;
  }

  /** What a slot has to say to a client. @param isVisible an entity lives there and the client is to see it. */
  #look(replica: Replica, flight: Flight, slot: number, handle: number, isVisible: boolean, tick: number): void {
    const table = this.#table;
    const { entries } = replica;
    const at = slot * entryWords;
    const known = entries[at + entry.key] as number;
    if (!isVisible) {
      if (known === 0) return;
      if (known > 0) replica.leave(slot, tick);
      const isNamed = this.isWhole || replica.isLeavingNamed(slot);
      // What the client predicts ends with the group that it is missing from: absence alone would say that it rests.
      if (replica.isLeavingGroup(slot) && this.#groupEnds++ < groupEndsMax) this.#addToGroup(slot, despawnOf(slot, versionOfKey(known), true));
      else this.#add(slot, handle, despawnOf(slot, versionOfKey(known), isNamed));
      return;
    }
    const publicKey = table.keys[slot] as number;
    const version = versionOfKey(publicKey);
    const seenAs: Form = this.#owned[slot] === this.#mark ? form.owned : (((publicKey - 1) & 3) as Form);
    if (known !== keyOf(version, seenAs)) replica.enter(slot, version, seenAs, tick);
    const since = table.sinceAs(slot, seenAs);
    const isDue = (entries[at + entry.rest] as number) < since;
    if (seenAs === form.seen) {
      // Of what it predicts, absence would say that it rests as last acknowledged: only what is seen is left out while it is on its way.
      if (isDue && !flight.carries(slot, since, replica.baseOf(slot))) this.#add(slot, handle, this.#bodyFor(replica, slot, seenAs));
      return;
    }
    if (isDue) this.#addToGroup(slot, this.#bodyFor(replica, slot, seenAs));
    if (seenAs === form.owned && this.isWhole) this.#addOwnAsSeen(replica, slot, handle);
  }

  /**
   * A client that sees everything is told of its own entity also as all others are: their segment is its segment then, coded once. It is left out where the
   * bases could not be the same ones: those that were named of what is its own say which states the client still has.
   */
  #addOwnAsSeen(replica: Replica, slot: number, handle: number): void {
    const base = replica.baseOf(slot);
    const older = replica.olderOf(slot);
    if ((replica.seenRests[slot] as number) >= (this.#table.seenSince[slot] as number)) return;
    if (!this.#isBase(slot, form.owned, base) || (older >= 0 && !this.#isBase(slot, form.owned, older))) return;
    const body = this.#bodyFor(replica, slot, form.seen);
    if (this.#table.newerTick(body) >= 0) this.#add(slot, handle, body);
  }

  /**
   * The body for what a client holds of an entity. Where a state held until one of the client's two newest ticks, the base is named by that tick: most
   * entities then have the same bases, whenever they last moved, and clients that are as far away share more.
   */
  #bodyFor(replica: Replica, slot: number, seenAs: Form): number {
    const table = this.#table;
    const { newestTick, previousTick } = replica;
    const base = replica.baseOf(slot);
    const older = replica.olderOf(slot);
    if (!this.#isBase(slot, seenAs, base)) return table.body(slot, seenAs, -1, -1);
    const newer = this.#heldAt(slot, seenAs, newestTick, base) ? newestTick : this.#heldAt(slot, seenAs, previousTick, base) ? previousTick : base;
    const isOlder = this.#isBase(slot, seenAs, older);
    if (!isOlder && older >= 0) replica.dropOlder(slot);
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

  /** Keeps the group by slot, though it may be gathered by handle. */
  #addToGroup(slot: number, body: number): void {
    let at = this.groupCount++;
    for (; at > 0 && (this.group[at - 1] as number) > slot; at--) {
      this.group[at] = this.group[at - 1] as number;
      this.groupBodies[at] = this.groupBodies[at - 1] as number;
    }
    this.group[at] = slot;
    this.groupBodies[at] = body;
  }

  #add(slot: number, handle: number, body: number): void {
    this.slots[this.count] = slot;
    this.handles[this.count] = handle;
    this.bodies[this.count++] = body;
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

/** A despawn has no body; what it says stands in its place, so that equal ones are known as equal. @param isNamed the client knows its number. */
function despawnOf(slot: number, version: number, isNamed: boolean): number {
  return -1 - ((version * limits.worldSlots + slot) * 2 + (isNamed ? 0 : 1));
}

/** Whether the client knows a despawn by its number alone. */
export function isNamedDespawn(body: number): boolean {
  return (body & 1) !== 0;
}

/** The key that a client's Replica has while a despawn waits for its ack. */
export function despawnKey(body: number, slot: number): number {
  return -1 - (((-1 - body) >>> 1) - slot) / limits.worldSlots;
}
