// What one client is known to have received of each entity: of which ticks it acknowledged a state, and when it learnt that the entity was gone. A rewind
// draws from this what the client drew.
//
// Invariant: it follows the client's received world, record by record, whatever the server has made of the entity since. An ack that comes late counts for
// its own tick. Only the ticks of one history ring are told apart. Units: ticks; -1 is none. Two tables that grow with the world, by slots, and with what
// ended within the ticks of a ring; nothing else is allocated.

import { limits } from '@tickwire/shared';
import { type Form, form } from '@tickwire/shared/internal';

/**
 * The words of one stay of an entity in the client's world. `first` is the first tick that it had a state of, -1 when it never had; `newest` the last one;
 * `low` and `high` have a bit for each tick modulo 64, of the ring that ends with `newest`. `formSince`: since which tick it has this form. `end`: the tick
 * in which it learnt that the slot is empty.
 */
export const stay = { slot: 0, version: 1, form: 2, formSince: 3, first: 4, newest: 5, low: 6, high: 7, end: 8 } as const;
export const stayWords = 9;

const ring = limits.historyTicks;

export class Sight {
  /** By slot: what the client has there. */
  here: Int32Array = new Int32Array(0);
  /** What ended, the oldest first, from `endedFrom` on; a ring. */
  ended: Int32Array = new Int32Array(0);
  endedFrom = 0;
  endedCount = 0;

  /** One past the highest slot that the client has had anything in. */
  get slotCount(): number {
    return this.here.length / stayWords;
  }

  /** Where the ended stay of an index begins in `ended`, 0 for the oldest. */
  endedAt(index: number): number {
    return ((this.endedFrom + index) * stayWords) % this.ended.length;
  }

  /**
   * The client acknowledged a state of `tick`. @param isCurrent whether the entity is to be known to it in this form now, since `tick` or before: what is
   * the client's own is named to it also as others see it, and that changes nothing.
   */
  received(slot: number, version: number, seenAs: Form, tick: number, isCurrent: boolean): void {
    if (slot >= this.slotCount) this.#grow(slot + 1);
    const { here } = this;
    const at = slot * stayWords;
    if (tick <= (here[at + stay.end] as number)) return;
    const isHere = (here[at + stay.first] as number) >= 0;
    const newest = here[at + stay.newest] as number;
    if (!isHere || here[at + stay.version] !== version) {
      if (isHere && tick <= newest) return;
      if (isHere) this.#end(at, tick);
      here[at + stay.version] = version;
      here[at + stay.form] = seenAs;
      here[at + stay.formSince] = tick;
      here[at + stay.first] = tick;
      here[at + stay.newest] = tick;
      here[at + stay.low] = 0;
      here[at + stay.high] = 0;
    } else if (here[at + stay.form] !== seenAs) {
      const since = here[at + stay.formSince] as number;
      const changes = tick > newest && (seenAs !== form.seen || isCurrent);
      if (!changes && tick >= since) return;
      if (changes) {
        here[at + stay.form] = seenAs;
        here[at + stay.formSince] = tick;
      }
    }
    this.#mark(at, tick);
  }

  /** The client acknowledged that a slot was empty at `tick`. */
  gone(slot: number, tick: number): void {
    if (slot >= this.slotCount) this.#grow(slot + 1);
    const { here } = this;
    const at = slot * stayWords;
    if ((here[at + stay.first] as number) >= 0 && tick > (here[at + stay.newest] as number)) {
      this.#end(at, tick);
      here[at + stay.first] = -1;
    }
    if (tick > (here[at + stay.end] as number)) here[at + stay.end] = tick;
  }

  #mark(at: number, tick: number): void {
    const { here } = this;
    const newest = here[at + stay.newest] as number;
    if (tick < (here[at + stay.first] as number)) here[at + stay.first] = tick;
    if (tick > newest) {
      // What is a ring ago makes way.
      for (let between = Math.max(newest + 1, tick - ring + 1); between < tick; between++)
        here[wordOf(at, between)] = (here[wordOf(at, between)] as number) & ~bitOf(between);
      here[at + stay.newest] = tick;
    } else if (tick <= newest - ring) {
      return;
    }
    here[wordOf(at, tick)] = (here[wordOf(at, tick)] as number) | bitOf(tick);
  }

  /** Moves a stay to those that ended. What ended longer than a ring ago can be forgotten: no view is so old. */
  #end(at: number, tick: number): void {
    while (this.endedCount > 0 && (this.ended[this.endedAt(0) + stay.end] as number) < tick - ring) this.#forgetOldest();
    if (this.endedCount * stayWords === this.ended.length) {
      if (this.endedCount >= limits.worldSlots) this.#forgetOldest();
      else this.#growEnded();
    }
    const to = this.endedAt(this.endedCount++);
    for (let word = 0; word < stayWords; word++) this.ended[to + word] = this.here[at + word] as number;
    this.ended[to + stay.end] = tick;
  }

  #forgetOldest(): void {
    this.endedFrom = (this.endedFrom + 1) % (this.ended.length / stayWords);
    this.endedCount--;
  }

  #growEnded(): void {
    const larger = new Int32Array(Math.max(16 * stayWords, this.ended.length * 2));
    for (let index = 0; index < this.endedCount; index++) {
      const from = this.endedAt(index);
      for (let word = 0; word < stayWords; word++) larger[index * stayWords + word] = this.ended[from + word] as number;
    }
    this.ended = larger;
    this.endedFrom = 0;
  }

  #grow(slots: number): void {
    const from = this.slotCount;
    const size = Math.min(limits.worldSlots, Math.max(64, 2 ** Math.ceil(Math.log2(slots))));
    const larger = new Int32Array(size * stayWords);
    larger.set(this.here);
    for (let slot = from; slot < size; slot++) {
      larger[slot * stayWords + stay.slot] = slot;
      larger[slot * stayWords + stay.first] = -1;
      larger[slot * stayWords + stay.end] = -1;
    }
    this.here = larger;
  }
}

/** Whether the client had a state of `tick`, one of the last ring. */
export function hadState(table: Int32Array, at: number, tick: number): boolean {
  return ((table[wordOf(at, tick)] as number) & bitOf(tick)) !== 0;
}

function wordOf(at: number, tick: number): number {
  return at + ((tick & 32) === 0 ? stay.low : stay.high);
}

function bitOf(tick: number): number {
  return 1 << (tick & 31);
}
