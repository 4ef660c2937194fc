// How much of one client is taken: messages and bytes of each lane, and the events in them; and when it is a flood.
//
// The unreliable lane is counted by the second: what is too much is dropped, for the next packet says it all again. The reliable lane cannot leave anything
// out, since the rest would make no sense: its allowances fill at the rate and hold what an honest client may have saved up in a dark time, all of its
// outbox; beyond that the client is ended. Invariant: nothing that a peer sends makes this grow. Units: milliseconds, bytes.

import { type Lane, limits } from '@tickwire/shared';

/** A client that goes on sending over the rate limit for this many seconds is a flood. */
const floodSeconds = 3;

export class RateLimit {
  #second = 0;
  #messages = 0;
  #bytes = 0;
  #overSeconds = 0;
  readonly #reliable = new Allowance(limits.reliablePerSecond, limits.outboxMessages);
  readonly #reliableBytes = new Allowance(limits.reliableBytesPerSecond, limits.outboxBytes);
  readonly #events = new Allowance(limits.eventsPerSecond, limits.eventsWaiting);

  /** A message came. @returns whether it is taken, dropped, or one too many. */
  take(lane: Lane, bytes: number, now: number): 'taken' | 'dropped' | 'flood' {
    if (lane === 'unreliable') return this.#takeUnreliable(bytes, now);
    const isTaken = this.#reliable.take(1, now) && this.#reliableBytes.take(bytes, now);
    return isTaken ? 'taken' : 'flood';
  }

  /** A reliable message had so many events. @returns false when they are too many. */
  takeEvents(count: number, now: number): boolean {
    return this.#events.take(count, now);
  }

  #takeUnreliable(bytes: number, now: number): 'taken' | 'dropped' | 'flood' {
    const second = Math.floor(now / 1000);
    if (second !== this.#second) {
      const over = this.#messages > limits.unreliablePerSecond || this.#bytes > limits.unreliableBytesPerSecond;
      this.#overSeconds = over && second === this.#second + 1 ? this.#overSeconds + 1 : 0;
      this.#second = second;
      this.#messages = 0;
      this.#bytes = 0;
    }
    this.#messages++;
    this.#bytes += bytes;
    if (this.#messages > limits.unreliableFlood) return 'flood';
    if (this.#messages <= limits.unreliablePerSecond && this.#bytes <= limits.unreliableBytesPerSecond) return 'taken';
    return this.#overSeconds >= floodSeconds ? 'flood' : 'dropped';
  }
}

/** Fills at a rate up to a most; starts full. */
class Allowance {
  readonly #perSecond: number;
  readonly #most: number;
  #left: number;
  #at = Number.NEGATIVE_INFINITY;

  constructor(perSecond: number, most: number) {
    this.#perSecond = perSecond;
    this.#most = most;
    this.#left = most;
  }

  take(amount: number, now: number): boolean {
    this.#left = Math.min(this.#most, this.#left + (Math.max(0, now - this.#at) / 1000) * this.#perSecond);
    this.#at = now;
    if (this.#left < amount) return false;
    this.#left -= amount;
    return true;
  }
}
