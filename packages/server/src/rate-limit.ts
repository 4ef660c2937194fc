// How many messages of one client are taken in a second, on each lane, and when it is a flood.
//
// Invariant: nothing that a peer sends makes this grow. Units: milliseconds.

import { type Lane, limits } from '@tickwire/shared';

/** A client that goes on sending over the rate limit for this many seconds is a flood. */
const floodSeconds = 3;

export class RateLimit {
  #second = 0;
  #unreliable = 0;
  #reliable = 0;
  #overSeconds = 0;

  /** A message came. @returns whether it is taken, dropped, or one too many. */
  take(lane: Lane, now: number): 'taken' | 'dropped' | 'flood' {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      const over = this.#unreliable > limits.unreliablePerSecond;
      this.#overSeconds = over && second === this.#second + 1 ? this.#overSeconds + 1 : 0;
      this.#second = second;
      this.#unreliable = 0;
      this.#reliable = 0;
    }
    if (lane === 'unreliable') {
      if (++this.#unreliable <= limits.unreliablePerSecond) return 'taken';
      return this.#overSeconds >= floodSeconds ? 'flood' : 'dropped';
    }
    // A reliable message cannot be left out: the ones behind it would make no sense. Twice the rate ends the client.
    return ++this.#reliable <= limits.reliablePerSecond * 2 ? 'taken' : 'flood';
  }
}
