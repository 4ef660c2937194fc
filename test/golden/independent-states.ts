// The independent decoder's memory: the states of packets that were taken (docs/PROTOCOL.md section 11.3).
//
// Owns the bases of deltas, and the handles. Invariant: changed only by a packet that was read whole; of an entity it keeps the state that the newest
// of the older bases named so far means and every later one, 64 at most.

import type { Raw } from './independent-raw.ts';

export type Form = 'seen' | 'shared' | 'owned';

export interface EntityState {
  slot: number;
  tick: number;
  /** Since when it has held. */
  since: number;
  version: number;
  type: number;
  form: Form;
  /** One for each field of the type. */
  raws: Raw[];
}

/** A state, and for a delta the tick of its older base (or its only one); null when both bases are one state, and tell nothing. */
export interface StateNews {
  state: EntityState;
  isDelta: boolean;
  olderBase: number | null;
}

/** What one packet adds. */
export interface News {
  states: StateNews[];
  /** Slots that are empty now. */
  despawned: number[];
  /** The slots that handles have from now on; null for an end. */
  handles: Map<number, number | null>;
}

/** A delta against a state that is not here: the packet is dropped, and nothing is wrong with it. */
export class MissingBase extends Error {}

export class KnownStates {
  readonly #bySlot = new Map<number, StatesOfOne>();
  readonly #emptyAt = new Map<number, number>();
  readonly #handles = new Map<number, { slot: number | null; tick: number }>();

  /** The state that a delta means by a tick. */
  base(slot: number, tick: number): EntityState {
    const state = this.#bySlot.get(slot)?.at(tick);
    if (!state) throw new MissingBase(`slot ${slot} at tick ${tick}`);
    return state;
  }

  /** The slot that a packet of `tick` means; null for a handle that is not known, or that was given or ended later. */
  slotOf(handle: number, tick: number): number | null {
    const given = this.#handles.get(handle);
    return handle === 0 ? 0 : given && given.tick <= tick ? given.slot : null;
  }

  take({ states, despawned, handles }: News, tick: number): void {
    for (const slot of despawned) this.#despawn(slot, tick);
    for (const news of states) this.#add(news);
    for (const [handle, slot] of handles) if ((this.#handles.get(handle)?.tick ?? -1) <= tick) this.#handles.set(handle, { slot, tick });
  }

  #despawn(slot: number, tick: number): void {
    if ((this.#bySlot.get(slot)?.newest.tick ?? -1) < tick) this.#bySlot.delete(slot);
    this.#emptyAt.set(slot, Math.max(tick, this.#emptyAt.get(slot) ?? -1));
  }

  #add({ state, isDelta, olderBase }: StateNews): void {
    const known = this.#bySlot.get(state.slot);
    if (!isDelta && state.tick <= (this.#emptyAt.get(state.slot) ?? -1)) return;
    if (isDelta && (!known || (state.form === 'seen' && known.newest.form !== 'seen'))) return;
    if (!known || known.newest.version !== state.version || known.newest.type !== state.type) {
      if (!isDelta && (known?.newest.tick ?? -1) < state.tick) this.#bySlot.set(state.slot, new StatesOfOne(state));
      return;
    }
    known.add(state);
    if (isDelta) known.drop(olderBase);
  }
}

/** The states of one entity, the oldest first. */
class StatesOfOne {
  #states: EntityState[];
  /** The newest of the older bases that deltas named. */
  #named = -1;
  /** From this tick on the oldest state stands for itself and for those before it that were dropped; null while none was. */
  #standsFrom: number | null = null;

  constructor(first: EntityState) {
    this.#states = [first];
  }

  get newest(): EntityState {
    return this.#states.at(-1) as EntityState;
  }

  at(tick: number): EntityState | undefined {
    const standsFrom = this.#standsFrom ?? Number.POSITIVE_INFINITY;
    return this.#states.findLast((state) => state.tick <= tick) ?? (tick >= standsFrom ? this.#states[0] : undefined);
  }

  /** The first of two states for one tick is kept. One that is older than all is not, once any was dropped. */
  add(state: EntityState): void {
    if (this.#states.some(({ tick }) => tick === state.tick)) return;
    const isOldest = this.#states.every(({ tick }) => tick > state.tick);
    if (isOldest && (this.#standsFrom !== null || this.#states.length === MAX_STATES)) return;
    if (this.#states.length === MAX_STATES) {
      this.#dropFirst(1);
      this.add(state);
      return;
    }
    this.#states = [...this.#states, state].sort((a, b) => a.tick - b.tick);
  }

  /** Drops what no delta will name, now that one named this older base, or told nothing. */
  drop(olderBase: number | null): void {
    this.#named = Math.max(this.#named, olderBase ?? -1);
    this.#dropFirst(this.#states.findLastIndex(({ tick }) => tick <= this.#named));
  }

  #dropFirst(count: number): void {
    const oldest = this.#states[count];
    if (count < 1 || !oldest) return;
    const dropped = this.#states.slice(0, count);
    const other = dropped.findLastIndex(({ tick, form }) => tick < oldest.since || form !== oldest.form);
    // When all of them were the same state, so was what they stood for.
    if (other >= 0 || this.#standsFrom === null) this.#standsFrom = this.#states[other + 1]?.tick ?? oldest.tick;
    this.#states = this.#states.slice(count);
  }
}

const MAX_STATES = 64;
