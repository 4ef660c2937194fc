// What one client is known to hold, entity by entity: the server's memory of its acknowledgements. Everything that is sent is decided by this table.
//
// Invariant: `base` is the newest tick of which this client acknowledged a record of this entity since the episode began, `older` the one before it;
// an episode begins when the entity enters the client's view, changes its form, or everything is forgotten. Bases only grow within an episode (the client
// drops older states). Joining, coming into view and a lost base are one path: no base. A client that sees a part of the world knows its entities by
// handles, small numbers of its own; one that sees everything, by their slots. Units: ticks; -1 is none. Grows with the world, by slots.
//
// What most entities have in common is said once: where a slot's bit in `usual` is set, its bases are the client's two newest ticks, whatever its entry says.

import { type Form, form } from '@tickwire/shared/internal';
import { markedSlot, marksDespawn, marksRest } from './record-log.ts';
import type { Sight } from './sight.ts';
import { countSlots, lowestSlot, maskWords } from './slot-mask.ts';

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

function formOfKey(key: number): Form {
  return ((key - 1) & 3) as Form;
}

function leavingKey(version: number): number {
  return -1 - version;
}

const noMasks = new Int32Array(0);
// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const entrySize: number = entryWords;
const { key: keyWord, base: baseWord, older: olderWord, rest: restWord } = entry;
/** In place of the older base of what is leaving: it was in the prediction group. */
const leavingGroup = -2;

export class Replica {
  /** What the client has received, whatever it means for bases: for a room that rewinds. */
  readonly sight: Sight | undefined;
  /** By slot, `entryWords` each. Only this class writes to them. */
  entries: Int32Array = new Int32Array(0);
  /** By slot: the newest tick of which the client acknowledged that its own entity rests as others see it. */
  seenRests: Int32Array = new Int32Array(0);
  /** By slot: its handle, 0 for none. */
  #handles: Int32Array = new Int32Array(0);
  /** By handle: its slot, 0 for a free one; and handles in use are below `handleEnd`. Handle 0 is slot 0 always: the room's state. */
  slotOfHandle: Int32Array = new Int32Array(0);
  handleEnd = 0;
  /** A mask of the slots whose `base` is `newestTick` and whose `older` is `previousTick`; their entries are behind until `#settle`. Of shared segments only. */
  usual: Int32Array = new Int32Array(0);
  /** The tick in which what is due was gathered last. */
  gatheredTick = -1;
  /** The two newest ticks of which the client acknowledged a packet, the newest first: what most entities have as their bases. */
  newestTick = -1;
  previousTick = -1;
  /** The lowest handle that may be free. */
  #freeFrom = 1;

  /** @param sight takes note of everything that the client acknowledges. */
  constructor(sight?: Sight) {
    this.sight = sight;
  }

  /** Makes room for slots below `slotCount`. */
  grow(slotCount: number): void {
    if (slotCount * entrySize <= this.entries.length) return;
    const size = Math.max(64, 2 ** Math.ceil(Math.log2(slotCount)));
    this.entries = copyInto(new Int32Array(size * entrySize), this.entries);
    this.usual = copyInto(new Int32Array(maskWords(size)), this.usual);
    this.seenRests = copyInto(new Int32Array(size), this.seenRests);
    this.#handles = copyInto(new Int32Array(size), this.#handles);
    this.slotOfHandle = copyInto(new Int32Array(size), this.slotOfHandle);
  }

  /** The newest tick of which the client acknowledged what is in a slot, or below 0. */
  baseOf(slot: number): number {
    return this.#isUsual(slot) ? this.newestTick : (this.entries[slot * entrySize + baseWord] as number);
  }

  /** The tick before it, or -1. */
  olderOf(slot: number): number {
    return this.#isUsual(slot) ? this.previousTick : (this.entries[slot * entrySize + olderWord] as number);
  }

  /** The entity in a slot is to be known to the client in this form: an episode begins. */
  enter(slot: number, version: number, seenAs: Form, tick: number): void {
    this.entries[slot * entrySize + keyWord] = keyOf(version, seenAs);
    this.#begin(slot, tick);
  }

  /** The same entity is to be known as the client's own. */
  enterOwned(slot: number, tick: number): void {
    this.enter(slot, versionOfKey(this.entries[slot * entrySize + keyWord] as number), form.owned, tick);
  }

  /** Whatever the client knows in this slot is to go. */
  leave(slot: number, tick: number): void {
    const at = slot * entrySize;
    const key = this.entries[at + keyWord] as number;
    const isSeen = ((key - 1) & 3) === form.seen;
    const isNamed = this.baseOf(slot) >= 0 && isSeen;
    this.entries[at + keyWord] = leavingKey(versionOfKey(key));
    this.#begin(slot, tick);
    if (isNamed) this.entries[at + olderWord] = 0;
    if (!isSeen) this.entries[at + olderWord] = leavingGroup;
  }

  /** Whether what is leaving a slot was in the client's prediction group. */
  isLeavingGroup(slot: number): boolean {
    return this.entries[slot * entrySize + olderWord] === leavingGroup;
  }

  /** Whether the client knows what is leaving a slot by its handle: it acknowledged a state that was named by it. What it predicts it knows by slot. */
  isLeavingNamed(slot: number): boolean {
    return this.entries[slot * entrySize + olderWord] === 0;
  }

  /** Gives slots their handles, each the lowest that is free, unless they have one: a slot keeps it until the client has forgotten it. */
  giveHandles(slots: Int32Array, count: number): void {
    const handles = this.#handles;
    for (let index = 0; index < count; index++) {
      const slot = slots[index] as number;
      if (handles[slot] === 0 && slot !== 0) this.#giveHandle(slot);
    }
  }

  #giveHandle(slot: number): void {
    let handle = this.#freeFrom;
    while (this.slotOfHandle[handle] !== 0) handle++;
    this.#freeFrom = handle + 1;
    this.slotOfHandle[handle] = slot;
    this.#handles[slot] = handle;
    if (handle >= this.handleEnd) this.handleEnd = handle + 1;
  }

  /**
   * The client acknowledged a packet of `tick`, whatever was in it. @param masks of a RecordLog, from `at` on, for what the packet's segment named: states that
   * change go on as usual.
   */
  acknowledgeTick(tick: number, masks: Int32Array = noMasks, at = 0, words = 0): void {
    if (tick > this.newestTick) {
      this.#keepUsual(masks, at, words);
      this.previousTick = this.newestTick;
      this.newestTick = tick;
    } else if (tick < this.newestTick && tick > this.previousTick) {
      // An entity that has one base only keeps that alone.
      this.#keepUsual(masks, at, this.previousTick < 0 ? 0 : words);
      this.previousTick = tick;
    }
  }

  /** Whatever the masks do not name as changing keeps the bases that it has, in its entry. */
  #keepUsual(masks: Int32Array, at: number, words: number): void {
    const { usual } = this;
    for (let word = 0; word < usual.length; word++) {
      const were = usual[word] as number;
      if (were === 0) continue;
      const are = word < words ? were & (masks[at + 2 * word + 1] as number) : 0;
      if (are === were) continue;
      for (let rest = were & ~are; rest !== 0; rest &= rest - 1) this.#settle(word * 32 + lowestSlot(rest));
      usual[word] = are;
    }
  }

  /**
   * The client acknowledged a packet of `tick`, in `acknowledgeTick` first: what it named, `records` from `from` up to `to` as in a RecordLog. Acks of an earlier episode mean nothing:
   * the client may have dropped what they speak of.
   */
  acknowledge(records: Int32Array, from: number, to: number, tick: number): void {
    for (let index = from; index < to; index += 2) this.#acknowledge(records[index] as number, records[index + 1] as number, tick);
  }

  /** As `acknowledge`, of records in the order of their slots, which the masks from `at` on name: those that go on as usual need no look. */
  acknowledgeSegment(records: Int32Array, from: number, tick: number, masks: Int32Array, at: number, words: number): void {
    const { usual, entries, sight } = this;
    let first = from;
    for (let word = 0; word < words; word++) {
      const named = masks[at + 2 * word] as number;
      const goesOn = named & (usual[word] as number) & (masks[at + 2 * word + 1] as number);
      for (let rest = sight ? named : named & ~goesOn; rest !== 0; rest &= rest - 1) {
        const place = lowestSlot(rest);
        const index = first + 2 * countSlots(named & ((1 << place) - 1));
        const key = records[index + 1] as number;
        if (((goesOn >>> place) & 1) === 1) {
          sight?.received(word * 32 + place, versionOfKey(key), formOfKey(key), tick, true);
          continue;
        }
        this.#acknowledge(records[index] as number, key, tick);
        const entryAt = (word * 32 + place) * entrySize;
        const isKnown = entries[entryAt + keyWord] === key;
        if (isKnown && entries[entryAt + baseWord] === this.newestTick && entries[entryAt + olderWord] === this.previousTick)
          usual[word] = (usual[word] as number) | (1 << place);
      }
      first += 2 * countSlots(named);
    }
  }

  #acknowledge(marks: number, key: number, tick: number): void {
    const { entries } = this;
    const slot = markedSlot(marks);
    const at = slot * entrySize;
    this.#settle(slot);
    const newest = entries[at + baseWord] as number;
    const isCurrent = entries[at + keyWord] === key;
    if (this.sight) {
      if (marksDespawn(marks)) this.sight.gone(slot, tick);
      else this.sight.received(slot, versionOfKey(key), formOfKey(key), tick, isCurrent && (newest >= 0 || tick >= -1 - newest));
    }
    if (!isCurrent) {
      if (marksRest(marks)) this.#acknowledgeSeen(slot, key, tick);
      return;
    }
    if (newest < 0 && tick < -1 - newest) return;
    if (marksDespawn(marks)) {
      this.#drop(slot);
    } else if (tick > newest) {
      entries[at + olderWord] = newest < 0 ? -1 : newest;
      entries[at + baseWord] = tick;
    } else if (tick < newest && tick > (entries[at + olderWord] as number) && (entries[at + olderWord] as number) >= 0) {
      // Only ever forward: below a base that was named the client keeps nothing.
      entries[at + olderWord] = tick;
    }
    if (marksRest(marks) && tick > (entries[at + restWord] as number)) entries[at + restWord] = tick;
  }

  /** The older base is too old to be named, so `base` is named alone and the client drops what is before it: acks that come late bring nothing between back. */
  dropOlder(slot: number): void {
    this.#settle(slot);
    this.entries[slot * entrySize + olderWord] = -1;
  }

  /** The client lost its states: everything present begins anew, without a base. */
  forget(tick: number): void {
    for (let slot = 0; slot < this.seenRests.length; slot++) if (this.entries[slot * entrySize + keyWord] !== 0) this.#begin(slot, tick);
    this.newestTick = -1;
    this.previousTick = -1;
  }

  /** The client's own entity, named as others see it, and at rest for them. */
  #acknowledgeSeen(slot: number, key: number, tick: number): void {
    const isOwn = this.entries[slot * entrySize + keyWord] === key + form.owned - form.seen;
    if (isOwn && tick > (this.seenRests[slot] as number)) this.seenRests[slot] = tick;
  }

  #isUsual(slot: number): boolean {
    return (((this.usual[slot >>> 5] as number) >>> (slot & 31)) & 1) === 1;
  }

  /** Brings a slot's entry up to date: it has bases of its own from here on. */
  #settle(slot: number): void {
    if (!this.#isUsual(slot)) return;
    const at = slot * entrySize;
    this.usual[slot >>> 5] = (this.usual[slot >>> 5] as number) & ~(1 << (slot & 31));
    this.entries[at + baseWord] = this.newestTick;
    this.entries[at + olderWord] = this.previousTick;
  }

  #begin(slot: number, tick: number): void {
    const at = slot * entrySize;
    this.#settle(slot);
    this.entries[at + baseWord] = -1 - tick;
    this.entries[at + olderWord] = -1;
    this.entries[at + restWord] = -1;
    // Acks of before count for nothing. That it may have rested since long does not matter: the client needs no word of it.
    this.seenRests[slot] = tick - 1;
  }

  #drop(slot: number): void {
    this.entries[slot * entrySize + keyWord] = 0;
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
