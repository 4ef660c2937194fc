// How often each address did something in ten seconds, for what does not come through Fastify and its rate limit: upgrades to WebSocket.
//
// Invariant: so many addresses are known at most (`limits.addressesWatched`); the one that was counted first is forgotten for the next.
// Units: milliseconds.

import { limits } from '@tickwire/shared';

const windowMs = 10_000;

interface Counted {
  readonly since: number;
  count: number;
}

export class AddressRate {
  readonly #most: number;
  readonly #counted = new Map<string, Counted>();

  constructor(perTenSeconds: number) {
    this.#most = perTenSeconds;
  }

  /** @param address as the limits count it. @returns whether it may. */
  take(address: string, now: number): boolean {
    let counted = this.#counted.get(address);
    if (!counted || now - counted.since >= windowMs) {
      this.#counted.delete(address);
      const [first] = this.#counted.keys();
      if (first !== undefined && this.#counted.size >= limits.addressesWatched) this.#counted.delete(first);
      counted = { since: now, count: 0 };
      this.#counted.set(address, counted);
    }
    return ++counted.count <= this.#most;
  }
}
