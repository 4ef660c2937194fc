// Who waits when not everything that is due fits: one client's priorities, which grow as long as an entity waits.
//
// Invariant: each time something has to wait, every due entity gains its weight times the ticks since the snapshot before, and loses all when it is sent.
// So each is sent every sum(weights) / (own weight x records in a snapshot) snapshots, and none starves. Chosen is the most urgent that fits; the list
// stays in its order. While everything fits, nothing of this runs. Units: costs in 1/256 bit, ticks; weights 1/64 to 64.
// Method: priority accumulator, as in G. Fiedler, "State Synchronization" (gafferongames.com); quickselect (C. A. R. Hoare, 1961), by cost.

import { limits } from '@tickwire/shared';
import { type DueList, despawnCost } from './due-list.ts';

/** How urgent the entity in a slot is to the client: at 2, it is sent twice as often as at 1. */
export type Weigh = (slot: number) => number;

const weightMax: number = limits.priorityMax;
/** Despawns cost two bytes, and an entity that is gone and still shown is the worst of states. */
const despawnWeight = 8;
/** What is gained is counted in 1/64. */
const gainParts = 64;
const gainMax = 2 ** 30;
/** The openings of a chosen few cost more than those of neighbours: gaps, bases of their own. Measured as packets are made, 12 bits at first. */
const firstOpening = 12 * 256;
const openingLeast = 128;
const openingMost = 40 * 256;

export class Priority {
  /** What a record's opening is expected to cost among the chosen. */
  openingCost: number = firstOpening;
  /** The list at hand is a choice. */
  isChoice = false;
  readonly #weigh: Weigh;
  /** By slot: what it gained since it was sent. */
  #gained = new Float64Array(0);
  #isClear = true;
  /** By place: gain and index in one number, so that they are told apart and moved as one. */
  #keys = new Float64Array(0);
  #isChosen = new Uint8Array(0);
  #tick = -1;
  /** What the chosen of the last snapshot cost that found no room after all. */
  #shortCost = 0;

  constructor(weigh: Weigh = () => 1) {
    this.#weigh = weigh;
  }

  /** Leaves in the list what may be sent now, in the list's order. @param costs by body. @param room for records. */
  choose(due: DueList, costs: Int32Array, slotCount: number, room: number, tick: number): void {
    const elapsed = Math.max(1, tick - (this.#tick < 0 ? tick - 1 : this.#tick));
    this.#tick = tick;
    this.isChoice = due.cost > room || this.#shortCost > 0;
    if (!this.isChoice) {
      // Everything is sent: nobody has waited.
      if (!this.#isClear) this.#gained.fill(0);
      this.#isClear = true;
      return;
    }
    this.#isClear = false;
    this.#grow(slotCount, due.count);
    for (let index = 0; index < due.count; index++) {
      const slot = due.slots[index] as number;
      const weight = (due.bodies[index] as number) < 0 ? despawnWeight : this.#weigh(slot);
      const gained = Math.min(gainMax, (this.#gained[slot] as number) + (weight >= 1 / weightMax ? Math.min(weight, weightMax) : 1 / weightMax) * elapsed);
      this.#gained[slot] = gained;
      this.#keys[index] = Math.floor(gained * gainParts) * limits.worldSlots + (limits.worldSlots - 1 - index);
    }
    this.#keep(due, costs, this.#select(due, costs, room - this.#shortCost));
    this.#shortCost = 0;
  }

  /** Records `from` up to `to` of the list are sent. @param cost of the segment that names them. */
  sent(due: DueList, costs: Int32Array, from: number, to: number, cost: number): void {
    if (this.#isClear) return;
    let bodies = 0;
    for (let index = from; index < to; index++) {
      this.#gained[due.slots[index] as number] = 0;
      bodies += bodyCost(due, costs, index);
    }
    if (to - from < 8) return;
    const opening = Math.max(openingLeast, Math.min(openingMost, (cost - bodies) / (to - from)));
    this.openingCost += (opening - this.openingCost) / 4;
  }

  /** Records from `from` on found no room: next time so much less is chosen, and they are before all others. */
  missed(due: DueList, costs: Int32Array, from: number): void {
    for (let index = from; index < due.count; index++) this.#shortCost += bodyCost(due, costs, index) + this.openingCost;
  }

  /** Puts the keys of the most urgent records that fit the room together in front. @returns how many; one at least. */
  #select(due: DueList, costs: Int32Array, room: number): number {
    const keys = this.#keys;
    let from = 0;
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
      if (left < 0) return Math.max(1, place - 1);
      from = place;
    }
    return Math.max(1, from);
  }

  #costAt(due: DueList, costs: Int32Array, key: number): number {
    return bodyCost(due, costs, indexOf(key)) + this.openingCost;
  }

  /** Takes all but the first `count` keys' records out of the list. */
  #keep(due: DueList, costs: Int32Array, count: number): void {
    const isChosen = this.#isChosen;
    isChosen.fill(0, 0, due.count);
    for (let place = 0; place < count; place++) isChosen[indexOf(this.#keys[place] as number)] = 1;
    let kept = 0;
    let cost = 0;
    for (let index = 0; index < due.count; index++) {
      if (isChosen[index] === 0) continue;
      due.slots[kept] = due.slots[index] as number;
      due.handles[kept] = due.handles[index] as number;
      due.bodies[kept] = due.bodies[index] as number;
      cost += bodyCost(due, costs, kept++) + this.openingCost;
    }
    due.count = kept;
    due.cost = cost;
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
