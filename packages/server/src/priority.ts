// Who waits when not everything that is due fits: one client's priorities, which grow as long as an entity waits.
//
// Invariant: each time something has to wait, every due entity gains its weight times the ticks since the snapshot before, and loses all when it is sent.
// So each is sent every sum(weights) / (own weight x records in a snapshot) snapshots, and none starves. A packet takes the most urgent that fit it, the
// next packet those after them; each is in the list's order. While everything fits, nothing of this runs, and no tick allocates once the arrays have
// grown. Units: costs in 1/256 bit, ticks; weights 1/64 to 64.
// Method: priority accumulator, as in G. Fiedler, "State Synchronization" (gafferongames.com); quickselect (C. A. R. Hoare, 1961), by cost.

import { limits } from '@tickwire/shared';
import { type DueList, despawnCost, type NamedRecords } from './due-list.ts';

/** How urgent the entity in a slot is to the client: at 2, it is sent twice as often as at 1. */
export type Weigh = (slot: number) => number;

const weightMax: number = limits.priorityMax;
/** What is gained is counted in 1/64. */
const gainParts = 64;
const gainMax = 2 ** 30;
/** The openings of a chosen few cost more than those of neighbours: gaps, bases of their own. Measured as packets are made, 12 bits at first. */
const firstOpening = 12 * 256;
const openingLeast = 128;
const openingMost = 40 * 256;

export class Priority implements NamedRecords {
  /** What the packet at hand takes: the first `count`, in the order of the list that they were chosen from. */
  slots: Int32Array = new Int32Array(0);
  handles: Int32Array = new Int32Array(0);
  bodies: Int32Array = new Int32Array(0);
  count = 0;
  /** Not everything fits. */
  isChoice = false;
  readonly #weigh: Weigh;
  /** By slot: what it gained since it was sent. */
  #gained = new Float64Array(0);
  #isClear = true;
  /** Gain and index of each due record in one number, so that they move as one. Those before `#from` have been sent. */
  #keys = new Float64Array(0);
  #from = 0;
  #isChosen = new Uint8Array(0);
  #openingCost: number = firstOpening;
  #bodiesCost = 0;
  #tick = -1;
  #elapsed = 1;
  #mustChoose = false;

  constructor(weigh: Weigh = () => 1) {
    this.#weigh = weigh;
  }

  /** Begins a snapshot: decides whether something must wait, and if so how urgent each record is. @param fits all of it fits, by its estimated cost. */
  begin(due: DueList, fits: boolean, slotCount: number, tick: number): void {
    this.#elapsed = this.#tick < 0 ? 1 : Math.max(1, tick - this.#tick);
    this.#tick = tick;
    this.isChoice = !fits || this.#mustChoose;
    this.#mustChoose = false;
    if (!this.isChoice) {
      // Everything is sent: nobody has waited.
      if (!this.#isClear) this.#gained.fill(0);
      this.#isClear = true;
      return;
    }
    this.#isClear = false;
    this.#grow(slotCount, due.count);
    this.#from = 0;
    for (let index = 0; index < due.count; index++) {
      const slot = due.slots[index] as number;
      // Despawns cost two bytes, and nothing is worse than to show what is gone.
      const weight = (due.bodies[index] as number) < 0 ? weightMax : this.#weigh(slot);
      const gain = (weight >= 1 / weightMax ? Math.min(weight, weightMax) : 1 / weightMax) * this.#elapsed;
      const gained = Math.min(gainMax, (this.#gained[slot] as number) + gain);
      this.#gained[slot] = gained;
      this.#keys[index] = Math.floor(gained * gainParts) * limits.worldSlots + (limits.worldSlots - 1 - index);
    }
  }

  /** Takes the most urgent records that no packet of this snapshot has, as many as fit; one at least, if there is one. @param costs by body. */
  take(due: DueList, costs: Int32Array, room: number): void {
    const to = this.#select(due, costs, room);
    const isChosen = this.#isChosen;
    isChosen.fill(0, 0, due.count);
    for (let place = this.#from; place < to; place++) isChosen[indexOf(this.#keys[place] as number)] = 1;
    this.count = 0;
    this.#bodiesCost = 0;
    for (let index = 0; index < due.count; index++) {
      if (isChosen[index] === 0) continue;
      this.slots[this.count] = due.slots[index] as number;
      this.handles[this.count] = due.handles[index] as number;
      this.bodies[this.count++] = due.bodies[index] as number;
      this.#bodiesCost += bodyCost(due, costs, index);
    }
  }

  /** What was taken is sent. @param cost of the segment that names it. */
  sent(cost: number): void {
    for (let index = 0; index < this.count; index++) this.#gained[this.slots[index] as number] = 0;
    this.#from += this.count;
    if (this.count < 8) return;
    const opening = Math.max(openingLeast, Math.min(openingMost, (cost - this.#bodiesCost) / this.count));
    this.#openingCost += (opening - this.#openingCost) / 4;
  }

  /** It was no choice, and yet the records from `from` on found no room: they go first next time. */
  missed(due: DueList, slotCount: number, from: number): void {
    if (from >= due.count) return;
    this.#grow(slotCount, due.count);
    this.#isClear = false;
    this.#mustChoose = true;
    for (let index = from; index < due.count; index++) this.#gained[due.slots[index] as number] = weightMax * this.#elapsed;
  }

  /** Puts the keys of the most urgent records that fit together in front of the others. @returns where they end. */
  #select(due: DueList, costs: Int32Array, room: number): number {
    const keys = this.#keys;
    const least = Math.min(due.count, this.#from + 1);
    let from = this.#from;
    let last = due.count - 1;
    let left = room;
    while (from <= last) {
      const pivot = middle(keys[from] as number, keys[(from + last) >> 1] as number, keys[last] as number);
      let place = from;
      let pivotAt = from;
      let cost = 0;
      for (let index = from; index <= last; index++) {
        const key = keys[index] as number;
        if (key < pivot) continue;
        if (key === pivot) pivotAt = place;
        else cost += this.#costAt(due, costs, key);
        keys[index] = keys[place] as number;
        keys[place++] = key;
      }
      // The pivot goes behind those that are more urgent.
      keys[pivotAt] = keys[place - 1] as number;
      keys[place - 1] = pivot;
      if (cost > left) {
        last = place - 2;
        continue;
      }
      left -= cost + this.#costAt(due, costs, pivot);
      if (left < 0) return Math.max(least, place - 1);
      from = place;
    }
    return Math.max(least, from);
  }

  #costAt(due: DueList, costs: Int32Array, key: number): number {
    return bodyCost(due, costs, indexOf(key)) + this.#openingCost;
  }

  #grow(slots: number, records: number): void {
    if (this.#gained.length < slots) {
      const larger = new Float64Array(slots * 2);
      larger.set(this.#gained);
      this.#gained = larger;
    }
    if (this.#keys.length >= records) return;
    this.#keys = new Float64Array(records * 2);
    this.#isChosen = new Uint8Array(records * 2);
    this.slots = new Int32Array(records * 2);
    this.handles = new Int32Array(records * 2);
    this.bodies = new Int32Array(records * 2);
  }
}

function bodyCost(due: DueList, costs: Int32Array, index: number): number {
  const body = due.bodies[index] as number;
  return body < 0 ? despawnCost : (costs[body] as number);
}

/** The index in the list that a key stands for. */
function indexOf(key: number): number {
  return limits.worldSlots - 1 - (key % limits.worldSlots);
}

function middle(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
