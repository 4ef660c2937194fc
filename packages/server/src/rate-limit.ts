// How many messages a member may send in a second, on each lane.
//
// Invariant: a message too many on the unreliable lane costs that message; on the reliable lane it ends the member, and so does a flood that goes on.
// Units: milliseconds of the room's clock; seconds are those of that clock.

import { type Lane, limits } from '@tickwire/shared';

/** A client that goes on sending more than the rate limit for this many seconds is a flood. */
const floodSeconds = 3;

export class RateLimit {
  #second = 0;
  #unreliableInSecond = 0;
  #reliableInSecond = 0;
  #overSeconds = 0;

  /** Counts a message. `over`: it is to be dropped. `flood`: its sender is to go. */
  take(lane: Lane, now: number): 'within' | 'over' | 'flood' {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      const over = this.#unreliableInSecond > limits.unreliablePerSecond;
      this.#overSeconds = over && second === this.#second + 1 ? this.#overSeconds + 1 : 0;
      this.#second = second;
      this.#unreliableInSecond = 0;
      this.#reliableInSecond = 0;
    }
    if (lane === 'unreliable') {
      if (++this.#unreliableInSecond <= limits.unreliablePerSecond) return 'within';
      return this.#overSeconds >= floodSeconds ? 'flood' : 'over';
    }
    // A reliable message cannot be left out: the ones behind it would make no sense. Twice the rate ends the client.
    return ++this.#reliableInSecond <= limits.reliablePerSecond * 2 ? 'within' : 'flood';
  }
}
