// The states of one entity as they arrived from the server: what deltas are read against, and what the view is drawn from.
//
// Invariant: states are in the order of their ticks, one for each tick at most. None is dropped that the server may still use as a base: it only uses
// ones at or after the newest base that it named. Units: ticks. Grows to `limits.clientStates`, then the oldest goes.
// All states stand in one table, each a row with its tick, since when it has held and its form behind it; dropping the oldest moves nothing.

import type { EntityId } from '@tickwire/shared';
import { limits } from '@tickwire/shared';
import type { EntityType, Form, SpawnOrigin } from '@tickwire/shared/internal';

export class ReceivedEntity {
  readonly id: EntityId;
  readonly type: EntityType;
  /** Known of what this client predicts, or has predicted, and a step has made. */
  origin: SpawnOrigin | undefined;
  count = 0;
  /** The form of the newest state: whether this client sees, shares or owns the entity now. */
  form: Form = 0;
  /** From this tick on the states say something else than at the last frame; -1 when nothing is new. Taken back by who draws. */
  changedFrom = -1;
  /** States by `rowAt`. */
  rows: Int32Array;
  readonly #stride: number;
  readonly #words: number;
  /** Where the oldest state begins. */
  #start = 0;
  #newestBase = -1;
  /** From when the oldest state stands for those that were dropped before it: the same state, in the same form. -1 while none was dropped. */
  #standsFrom = -1;

  /** @param rows a table that another entity of this type let go. */
  constructor(id: EntityId, type: EntityType, origin: SpawnOrigin | undefined, rows?: Int32Array) {
    this.id = id;
    this.type = type;
    this.origin = origin;
    this.#words = type.layout.words;
    this.#stride = this.#words + noteWords;
    this.rows = rows ?? new Int32Array(firstCapacity * this.#stride);
  }

  /** Forgets all states and lets the table go: nothing is to arrive of this entity any more. */
  release(): Int32Array {
    const { rows } = this;
    this.rows = noRows;
    this.count = 0;
    return rows;
  }

  /** Where a state's row begins in `rows`. */
  rowAt(index: number): number {
    return this.#start + index * this.#stride;
  }

  tickAt(index: number): number {
    return this.rows[this.#start + index * this.#stride + this.#words] as number;
  }

  /** Since when a state has held; equal to its tick when it changed then. */
  sinceAt(index: number): number {
    return this.rows[this.#start + index * this.#stride + this.#words + 1] as number;
  }

  formAt(index: number): Form {
    return this.rows[this.#start + index * this.#stride + this.#words + 2] as Form;
  }

  get newestTick(): number {
    return this.count === 0 ? -1 : this.tickAt(this.count - 1);
  }

  /** Index of the newest state at or before `tick`, or -1. The server names a base by any tick through which its state held. */
  indexAt(tick: number): number {
    const { rows } = this;
    let index = this.count - 1;
    let at = this.#start + index * this.#stride + this.#words;
    while (index >= 0 && (rows[at] as number) > tick) {
      index--;
      at -= this.#stride;
    }
    return index;
  }

  /**
   * Index of the state that is a base at `tick`, or -1, looking from the front: states from before the older base are gone, so bases are among the first.
   * The state of that very time may be gone: the oldest that is left stands for it, if it is the same one. @param from an index at or before.
   */
  baseIndex(tick: number, from = 0): number {
    const { rows, count } = this;
    const stride = this.#stride;
    let index = from - 1;
    let at = this.#start + from * stride + this.#words;
    while (index + 1 < count && (rows[at] as number) <= tick) {
      index++;
      at += stride;
    }
    return index < 0 && this.#standsFrom >= 0 && this.#standsFrom <= tick ? 0 : index;
  }

  /** Where the state at `tick` begins in `rows`, or -1: the state of that tick, or an older one that was at rest and is not known to have changed. */
  rowFor(tick: number): number {
    const index = this.indexAt(tick);
    if (index < 0) return -1;
    const isExact = this.tickAt(index) === tick;
    const rests = this.sinceAt(index) < this.tickAt(index);
    return isExact || rests ? this.rowAt(index) : -1;
  }

  /** The server used the state at `baseTick`: it will not use older ones. `viewTick` is what the view still needs. */
  prune(baseTick: number, viewTick: number): void {
    if (baseTick > this.#newestBase) this.#newestBase = baseTick;
    const keep = this.baseIndex(this.#newestBase < viewTick ? this.#newestBase : viewTick);
    if (keep > 0) this.#dropOldest(keep);
  }

  /** Puts in a state from `row`. A second one for the same tick is ignored, and one from before what was dropped. */
  insert(tick: number, since: number, form: Form, row: Int32Array, from: number): void {
    const index = this.indexAt(tick) + 1;
    if (index > 0 && this.tickAt(index - 1) === tick) return;
    // It would be taken for those that are gone.
    if (index === 0 && this.#standsFrom >= 0) return;
    if (this.count === limits.clientStates) {
      if (index === 0) return;
      this.#dropOldest(1);
      this.insert(tick, since, form, row, from);
      return;
    }
    const stride = this.#stride;
    const words = this.#words;
    if (this.#start + (this.count + 1) * stride > this.rows.length) this.#makeRoom();
    const { rows } = this;
    const at = this.#start + index * stride;
    if (index < this.count) rows.copyWithin(at + stride, at, this.#start + this.count * stride);
    for (let word = 0; word < words; word++) rows[at + word] = row[from + word] as number;
    rows[at + words] = tick;
    rows[at + words + 1] = since;
    rows[at + words + 2] = form;
    if (index === this.count) this.form = form;
    const changed = index > 0 ? this.tickAt(index - 1) : tick;
    if (this.changedFrom < 0 || changed < this.changedFrom) this.changedFrom = changed;
    this.count++;
  }

  #dropOldest(number: number): void {
    const since = this.sinceAt(number);
    let same = number;
    while (same > 0 && this.tickAt(same - 1) >= since && this.formAt(same - 1) === this.formAt(number)) same--;
    if (same > 0 || this.#standsFrom < 0) this.#standsFrom = this.tickAt(same);
    this.#start += number * this.#stride;
    this.count -= number;
  }

  /** Moves the states to the front, into a larger table when more than half of this one is in use. */
  #makeRoom(): void {
    const { rows } = this;
    const end = this.#start + this.count * this.#stride;
    if (this.count * this.#stride * 2 > rows.length) {
      this.rows = new Int32Array(rows.length * 2);
      this.rows.set(rows.subarray(this.#start, end));
    } else {
      rows.copyWithin(0, this.#start, end);
    }
    this.#start = 0;
  }
}

const noRows = new Int32Array(0);
/** Behind a state's row: its tick, since when it has held, its form. */
const noteWords = 3;
/** States that an entity has room for at first: 8 at 20 Hz is 400 ms. */
const firstCapacity = 8;
