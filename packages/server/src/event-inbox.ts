// Events of one client that wait for the room's handlers: some are handled as they come, the rest with the ticks that follow, in order.
//
// So one client costs the room a bounded number of handler calls a tick, however many events one message holds (16 kB hold 5,000 of the smallest), and
// what an honest client had saved up in a dark time is spread over ticks. Invariant: no event is left out or overtaken; how many may wait is decided by
// the rate limit, which lets in half of what leaves here. Units: ticks.

import { limits } from '@tickwire/shared';

/** Events of a client handled in a tick at least: more than any honest frame holds. */
const least = 16;

interface EventTaker<M> {
  event(member: M, event: unknown[], now: number): void;
}

export class EventInbox {
  readonly #perTick: number;
  #waiting: unknown[][] = [];
  #handled = 0;

  constructor(tickHz: number) {
    this.#perTick = Math.max(least, Math.ceil((2 * limits.eventsPerSecond) / tickHz));
  }

  add(events: readonly unknown[][]): void {
    for (const event of events) this.#waiting.push(event);
  }

  /** Hands the room what waits, as far as this tick's share goes. */
  handle<M extends { readonly isHere: boolean }>(member: M, room: EventTaker<M>, now: number): void {
    // One of them may end this client or its room.
    while (member.isHere && this.#handled < this.#perTick) {
      const event = this.#waiting.shift();
      if (!event) return;
      this.#handled++;
      room.event(member, event, now);
    }
  }

  /** A tick begins: it has a share of its own. */
  renew(): void {
    this.#handled = 0;
  }

  /** As plain data: what waits was acknowledged, so that nobody will send it again. */
  save(): unknown[][] {
    return [...this.#waiting];
  }

  restore(saved: unknown[][]): void {
    this.#waiting = [...saved];
  }
}
