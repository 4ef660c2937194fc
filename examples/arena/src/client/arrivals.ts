// Who came and who went between two frames. Those who appear while the first states arrive did not come; they were there.
//
// Units: milliseconds.

import type { EntityId } from '@tickwire/shared';

export class Arrivals {
  #names: Map<EntityId, string> | undefined;
  #settledAt = 0;

  update(players: readonly { readonly id: EntityId; readonly name: string }[], now: number): { came: string[]; went: string[] } {
    if (!this.#names) this.#settledAt = now + settleMs;
    const before = this.#names && now >= this.#settledAt ? this.#names : new Map(players.map(({ id, name }) => [id, name]));
    const came = players.filter(({ id }) => !before.has(id)).map(({ name }) => name);
    const here = new Set(players.map(({ id }) => id));
    const went = [...before].filter(([id]) => !here.has(id)).map(([, name]) => name);
    if (before !== this.#names || came.length > 0 || went.length > 0) this.#names = new Map(players.map(({ id, name }) => [id, name]));
    return { came, went };
  }
}

/** A large world takes a few snapshots to arrive. */
const settleMs = 1000;
