// The independent decoder's memory: the states of packets that were taken (docs/PROTOCOL.md section 11.3).
//
// Owns the bases of deltas, and the handles. Invariant: changed only by a packet that was read whole; of an entity it keeps the state that the newest
// of the older bases named so far means and every later one, 64 at most, and of two states for one tick the first.

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
  readonly #bySlot = new Map<number, EntityState[]>();
  /** By slot: the newest of the older bases that deltas of its entity named. */
  readonly #named = new Map<number, number>();
  readonly #emptyAt = new Map<number, number>();
  readonly #handles = new Map<number, { slot: number | null; tick: number }>();

  /** The state that a delta means by a tick. */
  base(slot: number, tick: number): EntityState {
    const known = this.#bySlot.get(slot) ?? [];
    const state = known.findLast((one) => one.tick <= tick) ?? known[0];
    if (!state || state.since > tick) throw new MissingBase(`slot ${slot} at tick ${tick}`);
    return state;
  }

  /** Null for a handle that is not known. */
  slotOf(handle: number): number | null {
    return handle === 0 ? 0 : (this.#handles.get(handle)?.slot ?? null);
  }

  take({ states, despawned, handles }: News, tick: number): void {
    for (const slot of despawned) this.#despawn(slot, tick);
    for (const news of states) this.#add(news);
    for (const [handle, slot] of handles) if ((this.#handles.get(handle)?.tick ?? -1) <= tick) this.#handles.set(handle, { slot, tick });
  }

  #despawn(slot: number, tick: number): void {
    if ((this.#bySlot.get(slot)?.at(-1)?.tick ?? -1) < tick) this.#forget(slot);
    this.#emptyAt.set(slot, Math.max(tick, this.#emptyAt.get(slot) ?? -1));
  }

  #add({ state, isDelta, olderBase }: StateNews): void {
    const known = this.#bySlot.get(state.slot) ?? [];
    const newest = known.at(-1);
    if (!isDelta && state.tick <= (this.#emptyAt.get(state.slot) ?? -1)) return;
    if (isDelta && (!newest || (state.form === 'seen' && newest.form !== 'seen'))) return;
    if (newest && (newest.version !== state.version || newest.type !== state.type)) {
      if (newest.tick >= state.tick || isDelta) return;
      this.#forget(state.slot);
      this.#bySlot.set(state.slot, [state]);
      return;
    }
    const isFirst = known.every(({ tick }) => tick !== state.tick);
    const sorted = isFirst ? [...known, state].sort((a, b) => a.tick - b.tick) : known;
    this.#bySlot.set(state.slot, sorted.slice(-MAX_STATES));
    if (isDelta) this.#prune(state.slot, olderBase);
  }

  #prune(slot: number, olderBase: number | null): void {
    const base = Math.max(olderBase ?? -1, this.#named.get(slot) ?? -1);
    this.#named.set(slot, base);
    const known = this.#bySlot.get(slot) ?? [];
    const kept = known.findLastIndex(({ tick }) => tick <= base);
    this.#bySlot.set(slot, known.slice(Math.max(0, kept)));
  }

  #forget(slot: number): void {
    this.#bySlot.delete(slot);
    this.#named.delete(slot);
  }
}

const MAX_STATES = 64;
