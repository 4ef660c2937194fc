// The independent decoder's memory: the states of packets that were taken (docs/PROTOCOL.md section 11.3).
//
// Owns the bases of deltas. Invariant: changed only by a packet that was read whole; of an entity it keeps the oldest base that was named last
// and every later state, 64 at most, and of two states for one tick the first.

import type { Raw } from './independent-fields.ts';

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
  states: EntityState[];
  despawned: { slot: number; version: number }[];
  /** The oldest base that a delta named, by slot. */
  oldest: Map<number, number>;
}

/** A delta against a state that is not here: the packet is dropped, and nothing is wrong with it. */
export class MissingBase extends Error {}

export class KnownStates {
  readonly #bySlot = new Map<number, EntityState[]>();

  /** The state that a delta names. */
  base(slot: number, tick: number, list: 'group' | 'segment'): EntityState {
    const state = this.#bySlot.get(slot)?.find((known) => known.tick === tick);
    if (!state || (state.form === 'seen') !== (list === 'segment')) throw new MissingBase(`slot ${slot} at tick ${tick}`);
    return state;
  }

  take({ states, despawned, oldest }: News): void {
    for (const [slot, tick] of oldest) this.#keep(slot, (state) => state.tick >= tick);
    for (const { slot, version } of despawned) this.#keep(slot, (state) => state.version !== version);
    for (const state of states) this.#add(state);
  }

  #add(state: EntityState): void {
    const known = this.#bySlot.get(state.slot) ?? [];
    const newest = known.at(-1);
    if (newest && newest.version !== state.version) {
      if (newest.tick < state.tick) this.#bySlot.set(state.slot, [state]);
      return;
    }
    if (known.some(({ tick }) => tick === state.tick)) return;
    const sorted = [...known, state].sort((a, b) => a.tick - b.tick);
    this.#bySlot.set(state.slot, sorted.slice(-MAX_STATES));
  }

  #keep(slot: number, isKept: (state: EntityState) => boolean): void {
    this.#bySlot.set(slot, (this.#bySlot.get(slot) ?? []).filter(isKept));
  }
}

const MAX_STATES = 64;
