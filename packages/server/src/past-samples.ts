// The states of one entity that a client had, made again from the history: what the client interpolates between, for the same interpolation here.
//
// Invariant: word for word the rows that the client received, on the wire grid where it only sees the entity; none is older than the oldest tick that is
// allowed: what was received before is taken as it was then. Rows are made at their first use. One object serves all entities; its tables grow to a ring of the
// largest row. Units: ticks.

import { limits } from '@tickwire/shared';
import { type EntityPlan, form, type Life, planOf, rowOfLife, type Samples, sinceOfLife, toWireRow } from '@tickwire/shared/internal';
import { hadState, stay } from './sight.ts';

/** Snapshots lost in a row, at most, that a state stands for. */
const gapsMax = 4;

export class PastSamples implements Samples {
  count = 0;
  rows: Int32Array = new Int32Array(0);
  readonly #ticks = new Int32Array(limits.historyTicks + 2);
  readonly #isMade = new Uint8Array(limits.historyTicks + 2);
  #life: Life | undefined;
  #plan: EntityPlan | undefined;
  #isOwner = false;
  readonly #gapTicks: number;

  /** @param intervalTicks ticks between snapshots. */
  constructor(intervalTicks: number) {
    this.#gapTicks = gapsMax * intervalTicks;
  }

  /**
   * Takes the states of a stay. @param knownTick what the client had: states up to this tick. @param oldestTick no state is older.
   * @param seenTo beyond what it had, the states of every tick up to this one: what it was to see.
   */
  take(table: Int32Array, at: number, life: Life, knownTick: number, oldestTick: number, seenTo: number): void {
    const { layout } = life.type;
    this.#life = life;
    this.#isOwner = table[at + stay.form] === form.owned;
    this.#plan = table[at + stay.form] === form.seen ? planOf(layout, 'wire', false) : undefined;
    if (this.rows.length < this.#ticks.length * layout.words) this.rows = new Int32Array(this.#ticks.length * layout.words);
    this.count = 0;
    const first = table[at + stay.first] as number;
    const newest = table[at + stay.newest] as number;
    const ringFrom = Math.max(life.lastTick, newest) - limits.historyTicks + 1;
    const oldest = Math.min(Math.max(oldestTick, ringFrom), life.lastTick);
    const to = Math.min(newest, knownTick, life.lastTick);
    let tick = Math.max(oldest + 1, first, ringFrom);
    while (tick <= to && !hadState(table, at, tick)) tick++;
    if (first <= oldest) this.#add(tick <= to ? this.#startOf(table, at, Math.max(ringFrom, first, tick - this.#gapTicks), oldest) : oldest);
    for (; tick <= to; tick++) if (hadState(table, at, tick)) this.#add(tick);
    for (tick = Math.max(oldest, first, knownTick) + 1; tick <= seenTo && tick <= life.lastTick; tick++) this.#add(tick);
  }

  /** The state from which an entity was on its way at the oldest tick: as received, if that is no longer before the next one than snapshots lost in a row explain. */
  #startOf(table: Int32Array, at: number, from: number, oldest: number): number {
    for (let tick = oldest; tick >= from; tick--) if (hadState(table, at, tick)) return tick;
    return oldest;
  }

  rowAt(index: number): number {
    const life = this.#life as Life;
    const { words } = life.type.layout;
    const at = index * words;
    if (this.#isMade[index] === 1) return at;
    this.#isMade[index] = 1;
    const from = rowOfLife(life, this.#ticks[index] as number);
    if (this.#plan) toWireRow(this.#plan, life.rows, from, this.rows, at);
    else for (let word = 0; word < words; word++) this.rows[at + word] = life.rows[from + word] as number;
    return at;
  }

  tickAt(index: number): number {
    return this.#ticks[index] as number;
  }

  sinceAt(index: number): number {
    return sinceOfLife(this.#life as Life, this.#ticks[index] as number, this.#isOwner);
  }

  indexAt(tick: number): number {
    let index = this.count - 1;
    while (index >= 0 && (this.#ticks[index] as number) > tick) index--;
    return index;
  }

  #add(tick: number): void {
    this.#ticks[this.count] = tick;
    this.#isMade[this.count++] = 0;
  }
}
