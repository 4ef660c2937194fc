// One end of a link under test: notes what it sends unreliably, can hold that back, and can be cut at any one of its reliable messages.
//
// Invariant: nothing but what was asked for changes what the link does. Units: milliseconds of virtual time.

import { type Lane, type Link, limits } from '@tickwire/shared';
import type { Traffic } from './traffic.ts';

/** What the server sends unreliably before `untilMs` waits, and leaves then, all at once: as from the send queue of an SCTP stack after a dark time. */
export interface Stall {
  untilMs: number;
  readonly waiting: Uint8Array[];
}

/** Where a link breaks: at the message of this number on a lane, counted from 1, that this end sends. */
export interface CutPoint {
  readonly lane: Lane;
  readonly message: number;
  /** `before`: it is lost with the link. `after`: it has left, and the link breaks when it is there. */
  readonly when: 'before' | 'after';
  cut(): void;
}

export function measured(link: Link, traffic: Traffic, stall?: Stall, cutPoint?: CutPoint): Link {
  let messages = 0;
  return {
    kind: link.kind,
    listen: (handler) => link.listen(handler),
    send(lane: Lane, bytes: Uint8Array, now: number): boolean {
      if (lane === 'unreliable') traffic.note(bytes, now);
      if (bytes.length > (lane === 'unreliable' ? limits.packetBytes : limits.reliableBytes))
        throw new Error(`${lane} message of ${bytes.length} bytes`);
      if (stall && lane === 'unreliable' && now < stall.untilMs) {
        stall.waiting.push(bytes.slice());
        return true;
      }
      const isCut = lane === cutPoint?.lane && ++messages === cutPoint.message;
      if (isCut && cutPoint.when === 'before') {
        cutPoint.cut();
        return true;
      }
      return link.send(lane, bytes, now);
    },
    backlog: (lane) => link.backlog(lane),
    maxBytes: (lane) => link.maxBytes(lane),
    close: (code, now) => link.close(code, now),
  };
}

/** The other end of a link that breaks when a message has arrived there. */
export function cutOnArrival(link: Link, { lane, message, cut }: CutPoint): Link {
  let messages = 0;
  return {
    kind: link.kind,
    listen: (handler) =>
      link.listen({
        opened: (now) => handler.opened(now),
        received(from, bytes, now) {
          handler.received(from, bytes, now);
          if (from === lane && ++messages === message) cut();
        },
        closed: (code, now) => handler.closed(code, now),
      }),
    send: (to, bytes, now) => link.send(to, bytes, now),
    backlog: (of) => link.backlog(of),
    maxBytes: (of) => link.maxBytes(of),
    close: (code, now) => link.close(code, now),
  };
}
