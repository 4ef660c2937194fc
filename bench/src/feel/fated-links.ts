// Two links in one process whose packets meet given fates, on the caller's clock.
//
// Invariant: arrivals are delivered in order of time, then of sending; reliable messages arrive once and in order. Only `advance` calls handlers.
// Units: milliseconds of the caller's clock; bytes of payload.

import { type CloseCode, type Lane, type Link, type LinkHandler, limits } from '@tickwire/shared';
import { type Fates, lost, reliableArrival } from './fates.ts';

export interface FatedLinks {
  readonly server: Link;
  readonly client: Link;
  /** Delivers what is due. */
  advance(now: number): void;
  /** When something is due next. */
  nextAt(): number;
  /** Payload of both lanes, sent so far. */
  bytesDown(): number;
  bytesUp(): number;
}

export function fatedLinks(down: Fates, up: Fates): FatedLinks {
  const server = new FatedLink(down);
  const client = new FatedLink(up);
  let isOpen = false;
  return {
    server,
    client,
    advance(now) {
      if (!isOpen && server.handler && client.handler) {
        isOpen = true;
        server.handler.opened(now);
        client.handler.opened(now);
      }
      while (isOpen && Math.min(server.nextAt, client.nextAt) <= now) {
        const [from, to] = server.nextAt <= client.nextAt ? [server, client] : [client, server];
        from.deliverTo(to, now);
      }
    },
    nextAt: () => Math.min(server.nextAt, client.nextAt),
    bytesDown: () => server.bytes,
    bytesUp: () => client.bytes,
  };
}

interface Flight {
  readonly lane: Lane;
  readonly bytes: Uint8Array;
  readonly atMs: number;
}

class FatedLink implements Link {
  readonly kind = 'memory';
  handler: LinkHandler | undefined;
  bytes = 0;
  readonly #fates: Fates;
  /** By arrival. */
  readonly #flights: Flight[] = [];
  #reliableAt = 0;

  constructor(fates: Fates) {
    this.#fates = fates;
  }

  get nextAt(): number {
    return this.#flights[0]?.atMs ?? Number.POSITIVE_INFINITY;
  }

  listen(handler: LinkHandler): void {
    this.handler = handler;
  }

  send(lane: Lane, bytes: Uint8Array, now: number): boolean {
    this.bytes += bytes.length;
    const delay = this.#fates.delayMs(now);
    if (lane === 'unreliable' && delay === lost) return true;
    if (lane === 'reliable') this.#reliableAt = Math.max(this.#reliableAt, reliableArrival(this.#fates, now, 0));
    const atMs = lane === 'reliable' ? this.#reliableAt : now + delay;
    let index = this.#flights.length;
    while (index > 0 && (this.#flights[index - 1] as Flight).atMs > atMs) index--;
    this.#flights.splice(index, 0, { lane, bytes: bytes.slice(), atMs });
    return true;
  }

  backlog(): number {
    return 0;
  }

  maxBytes(lane: Lane): number {
    return lane === 'unreliable' ? limits.packetBytes : limits.reliableBytes;
  }

  close(code: CloseCode): void {
    throw new Error(`the bench's link was closed: ${code}`);
  }

  deliverTo(other: FatedLink, now: number): void {
    const flight = this.#flights.shift();
    if (flight) other.handler?.received(flight.lane, flight.bytes, now);
  }
}
