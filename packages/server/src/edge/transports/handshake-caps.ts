// How many handshakes may be open at one time, of all clients and of one address, and how many may begin in a second. One for all transports of a server.
//
// Invariant: whoever took a place gives it back once, by calling what it was given. Units: milliseconds.

import { limits } from '@tickwire/shared';
import type { ServerLimits } from '../server-limits.ts';

export type HandshakeLimits = Pick<ServerLimits, 'handshakesOpen' | 'handshakesPerAddress' | 'offersPerSecond'>;

export class HandshakeCaps {
  readonly #most: HandshakeLimits;
  readonly #open = new Map<string, number>();
  #count = 0;
  #second = 0;
  #begun = 0;

  constructor(most: HandshakeLimits = limits) {
    this.#most = most;
  }

  /** Whether there is no place: asked before anything is spent on a request. */
  isFull(address: string, now: number): boolean {
    const { handshakesOpen, handshakesPerAddress, offersPerSecond } = this.#most;
    const second = Math.floor(now / 1000);
    if (second !== this.#second) this.#begun = 0;
    this.#second = second;
    return this.#count >= handshakesOpen || (this.#open.get(address) ?? 0) >= handshakesPerAddress || this.#begun >= offersPerSecond;
  }

  /** @param address as the limits count it. @returns what gives the place back, or null when there is none. */
  take(address: string, now: number): (() => void) | null {
    if (this.isFull(address, now)) return null;
    this.#begun++;
    this.#count++;
    this.#open.set(address, (this.#open.get(address) ?? 0) + 1);
    let isOpen = true;
    return () => {
      if (!isOpen) return;
      isOpen = false;
      this.#count--;
      const left = (this.#open.get(address) ?? 1) - 1;
      if (left > 0) this.#open.set(address, left);
      else this.#open.delete(address);
    };
  }
}
