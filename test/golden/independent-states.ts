// The independent decoder's memory: the states of packets that were taken (docs/PROTOCOL.md section 11.3).
//
// Owns the bases of deltas, and the handles. Invariant: changed only by a packet that was read whole; of an entity it keeps the state that the oldest
// base named last means and every later one, 64 at most, and of two states for one tick the first.

import type { Raw } from './independent-raw.ts';

export type Form = 'seen' | 'shared' | 'owned';

export interface EntityState {
  slot: number;
  tick: number;
  version: number;
  type: number;
  form: Form;
  /** One for each field of the type. */
  raws: Raw[];
}

/** What one packet adds. */
export interface News {
  states: { state: EntityState; isDelta: boolean }[];
  /** Slots that are empty now. */
  despawned: number[];
  /** The oldest base that a delta named, by slot. */
  oldest: Map<number, number>;
  /** The slots that handles have from now on; null for an end. */
  handles: Map<number, number | null>;
}

/** A delta against a state that is not here: the packet is dropped, and nothing is wrong with it. */
export class MissingBase extends Error {}

export class KnownStates {
  readonly #bySlot = new Map<number, EntityState[]>();
  readonly #emptyAt = new Map<number, number>();
  readonly #handles = new Map<number, { slot: number | null; tick: number }>();

  /** The state that a delta means by a tick. */
  base(slot: number, tick: number): EntityState {
    const state = this.#bySlot.get(slot)?.findLast((known) => known.tick <= tick);
    if (!state) throw new MissingBase(`slot ${slot} at tick ${tick}`);
    return state;
  }

  /** Null for a handle that is not known. */
  slotOf(handle: number): number | null {
    return handle === 0 ? 0 : (this.#handles.get(handle)?.slot ?? null);
  }

  take({ states, despawned, oldest, handles }: News, tick: number): void {
    for (const slot of despawned) this.#despawn(slot, tick);
    for (const news of states) this.#add(news);
    for (const [slot, base] of oldest) this.#prune(slot, base);
    for (const [handle, slot] of handles) if ((this.#handles.get(handle)?.tick ?? -1) <= tick) this.#handles.set(handle, { slot, tick });
  }

  #despawn(slot: number, tick: number): void {
    if ((this.#bySlot.get(slot)?.at(-1)?.tick ?? -1) < tick) this.#bySlot.delete(slot);
    this.#emptyAt.set(slot, Math.max(tick, this.#emptyAt.get(slot) ?? -1));
  }

  #add({ state, isDelta }: { state: EntityState; isDelta: boolean }): void {
    const known = this.#bySlot.get(state.slot) ?? [];
    const newest = known.at(-1);
    if (!isDelta && state.tick <= (this.#emptyAt.get(state.slot) ?? -1)) return;
    if (isDelta && (!newest || (state.form === 'seen' && newest.form !== 'seen'))) return;
    if (newest && (newest.version !== state.version || newest.type !== state.type)) {
      if (newest.tick < state.tick && !isDelta) this.#bySlot.set(state.slot, [state]);
      return;
    }
    if (known.some(({ tick }) => tick === state.tick)) return;
    const sorted = [...known, state].sort((a, b) => a.tick - b.tick);
    this.#bySlot.set(state.slot, sorted.slice(-MAX_STATES));
  }

  #prune(slot: number, base: number): void {
    const known = this.#bySlot.get(slot) ?? [];
    this.#bySlot.set(
      slot,
      known.slice(
        Math.max(
          0,
          known.findLastIndex(({ tick }) => tick <= base),
        ),
      ),
    );
  }
}

const MAX_STATES = 64;
