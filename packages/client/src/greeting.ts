// The client's side of the handshake on one link: it says hello when the link opens, waits for the welcome, and hands over everything that comes after.
//
// Invariant: nothing but a welcome is taken from a link that has not had one, and it is taken once. Units: milliseconds.

import { type CloseCode, type Lane, type Link, TickwireError } from '@tickwire/shared';
import { parseWelcome, unpackPlain, type Welcome } from '@tickwire/shared/internal';

/** What the room does with a link. */
export interface Greeted {
  /** The hello to say. */
  hello(now: number): Uint8Array;
  /** @param roundTripMs how long the server took to answer. */
  welcomed(link: Link, welcome: Welcome, roundTripMs: number, now: number): void;
  received(link: Link, lane: Lane, bytes: Uint8Array, now: number): void;
  closed(link: Link, code: CloseCode, wasWelcomed: boolean, now: number): void;
}

/** @returns a promise that is kept when the server has said welcome, and rejected when the link ended before. */
export function greet(link: Link, room: Greeted): Promise<void> {
  let helloAt = 0;
  let isWelcome = false;
  return new Promise((resolve, reject) => {
    link.listen({
      opened(now) {
        helloAt = now;
        link.send('reliable', room.hello(now), now);
      },
      received(lane, bytes, now) {
        if (isWelcome) room.received(link, lane, bytes, now);
        else if (lane === 'reliable') {
          const welcome = parseWelcome(unpackPlain(bytes) ?? []);
          if (!welcome) {
            link.close('protocol-error', now);
            return;
          }
          isWelcome = true;
          room.welcomed(link, welcome, now - helloAt, now);
          resolve();
        }
      },
      closed(code, now) {
        reject(new TickwireError(code));
        room.closed(link, code, isWelcome, now);
      },
    });
  });
}
