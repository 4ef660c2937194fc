// The states of one entity as they arrived from the server: what deltas are read against, and what the view is drawn from.
//
// Invariant: states are in the order of their ticks, one for each tick at most. None is dropped that the server may still use as a base: it only uses
// ones at or after the newest base that it named. Units: ticks. Grows to `limits.clientStates`, then the oldest goes.

import type { EntityId } from '@tickwire/shared';
import { limits } from '@tickwire/shared';
import type { EntityType, Form, SpawnOrigin } from '@tickwire/shared/internal';

export class ReceivedEntity {
  readonly id: EntityId;
  readonly type: EntityType;
  readonly origin: SpawnOrigin | undefined;
  count = 0;
  rows: Int32Array;
  #ticks = new Int32Array(firstCapacity);
  /** Since when each state has held; equal to its tick when it changed then. */
  #since = new Int32Array(firstCapacity);
  #forms = new Uint8Array(firstCapacity);
  #capacity = firstCapacity;
  #newestBase = -1;

  constructor(id: EntityId, type: EntityType, origin: SpawnOrigin | undefined) {
    this.id = id;
    this.type = type;
    this.origin = origin;
    this.rows = new Int32Array(firstCapacity * type.layout.words);
  }

  tickAt(index: number): number {
    return this.#ticks[index] as number;
  }

  sinceAt(index: number): number {
    return this.#since[index] as number;
  }

  get newestTick(): number {
    return this.count === 0 ? -1 : this.tickAt(this.count - 1);
  }

  /** The form of the newest state: whether this client sees, shares or owns the entity now. */
  get form(): Form {
    return (this.count === 0 ? 0 : this.#forms[this.count - 1]) as Form;
  }

  /** Index of the newest state at or before `tick`, or -1. */
  indexAt(tick: number): number {
    let index = this.count - 1;
    while (index >= 0 && this.tickAt(index) > tick) index--;
    return index;
  }

  /** Index of the state that is a base at `tick`, or -1. Its form is that of the record that names it. */
  baseIndex(tick: number): number {
    const index = this.indexAt(tick);
    return index >= 0 && this.tickAt(index) === tick ? index : -1;
  }

  formAt(index: number): Form {
    return this.#forms[index] as Form;
  }

  /** Where the state at `tick` begins in `rows`, or -1: the state of that tick, or an older one that was at rest and is not known to have changed. */
  rowFor(tick: number): number {
    const index = this.indexAt(tick);
    if (index < 0) return -1;
    const isExact = this.tickAt(index) === tick;
    const rests = this.sinceAt(index) < this.tickAt(index);
    return isExact || rests ? index * this.type.layout.words : -1;
  }

  /** The server used the state at `baseTick`: it will not use older ones. `viewTick` is what the view still needs. */
  prune(baseTick: number, viewTick: number): void {
    this.#newestBase = Math.max(this.#newestBase, baseTick);
    const keep = this.indexAt(Math.min(this.#newestBase, viewTick));
    if (keep > 0) this.#dropOldest(keep);
  }

  /** Puts in a state from `row`. A second one for the same tick is ignored. */
  insert(tick: number, since: number, form: Form, row: Int32Array, at: number): void {
    const { words } = this.type.layout;
    const index = this.indexAt(tick) + 1;
    if (index > 0 && this.tickAt(index - 1) === tick) return;
    if (this.count === limits.clientStates) {
      if (index === 0) return;
      this.#dropOldest(1);
      this.insert(tick, since, form, row, at);
      return;
    }
    if (this.count === this.#capacity) this.#grow();
    this.#ticks.copyWithin(index + 1, index, this.count);
    this.#since.copyWithin(index + 1, index, this.count);
    this.#forms.copyWithin(index + 1, index, this.count);
    this.rows.copyWithin((index + 1) * words, index * words, this.count * words);
    this.#ticks[index] = tick;
    this.#since[index] = since;
    this.#forms[index] = form;
    for (let word = 0; word < words; word++) this.rows[index * words + word] = row[at + word] as number;
    this.count++;
  }

  #dropOldest(number: number): void {
    const { words } = this.type.layout;
    this.#ticks.copyWithin(0, number, this.count);
    this.#since.copyWithin(0, number, this.count);
    this.#forms.copyWithin(0, number, this.count);
    this.rows.copyWithin(0, number * words, this.count * words);
    this.count -= number;
  }

  #grow(): void {
    this.#capacity = Math.min(limits.clientStates, this.#capacity * 2);
    this.#ticks = copyInto(new Int32Array(this.#capacity), this.#ticks);
    this.#since = copyInto(new Int32Array(this.#capacity), this.#since);
    this.#forms = copyInto(new Uint8Array(this.#capacity), this.#forms);
    this.rows = copyInto(new Int32Array(this.#capacity * this.type.layout.words), this.rows);
  }
}

/** States that an entity has room for at first: 8 at 20 Hz is 400 ms. */
const firstCapacity = 8;

function copyInto<Table extends Int32Array | Uint8Array>(to: Table, from: Table): Table {
  to.set(from);
  return to;
}
