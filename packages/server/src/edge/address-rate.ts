// How often each address asked in the ten seconds that run: for what does not pass Fastify, whose plugin counts the requests.
//
// Invariant: the table has a bound; when it is full, addresses that are not in it count as one. Units: milliseconds of the caller's clock.

import { limits } from '@tickwire/shared';

const windowMs = 10_000;

export class AddressRate {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #window = 0;

  /** @param most of one address in ten seconds. */
  constructor(most: number) {
    this.#most = most;
  }

  /** An address asks. @param address as the limits count it. @returns whether it may. */
  take(address: string, now: number): boolean {
    const window = Math.floor(now / windowMs);
    if (window !== this.#window) this.#counts.clear();
    this.#window = window;
    const name = this.#counts.has(address) || this.#counts.size < limits.addressesCounted ? address : '';
    const count = (this.#counts.get(name) ?? 0) + 1;
    this.#counts.set(name, count);
    return count <= this.#most;
  }
}
