// GuessLimit: how many wrong room codes each network address may try, so that a code short enough to be said aloud cannot be found by trying.
//
// Counts an IPv6 address with its /64, which one machine has whole. Invariant: memory is bounded (`limits.addressesWatched`); the count of an address begins
// anew a minute after its first wrong code. Units: milliseconds of the caller's clock.

import { limits } from '@tickwire/shared';
import { networkOf } from './network-of.ts';

const minuteMs = 60_000;

export class GuessLimit {
  /** By network, the one that began first at the front. */
  readonly #wrong = new Map<string, { since: number; count: number }>();

  /** Whether this address may try a code. */
  allows(address: string, now: number): boolean {
    const seen = this.#wrong.get(networkOf(address));
    return !seen || now - seen.since >= minuteMs || seen.count < limits.wrongCodesPerMinute;
  }

  /** It was wrong. */
  add(address: string, now: number): void {
    const network = networkOf(address);
    const seen = this.#wrong.get(network);
    if (seen && now - seen.since < minuteMs) {
      seen.count++;
      return;
    }
    this.#wrong.delete(network);
    if (this.#wrong.size >= limits.addressesWatched) this.#wrong.delete(this.#wrong.keys().next().value as string);
    this.#wrong.set(network, { since: now, count: 1 });
  }

  get size(): number {
    return this.#wrong.size;
  }
}
