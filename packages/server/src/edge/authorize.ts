// What authorises making a link, whatever kind it is: the text `roomId.sessionId.token`, where the token is the ticket of a seat that waits or a session's
// current reconnection token.
//
// Invariants: any text from the network is taken and answered with a seat or with null; a seat that shows itself here is alive, so its time begins anew.

import { limits } from '@tickwire/shared';
import type { Seat } from '@tickwire/shared/internal';
import type { Lobby } from '../lobby.ts';
import { isTicket, type Tickets } from './tickets.ts';

/** @param origin the Origin header of the request. */
export type Authorize = (authorization: string | undefined, origin: string | undefined) => Promise<Seat | null>;

export function makeAuthorize(lobby: Lobby, tickets: Tickets, now: () => number): Authorize {
  return async (authorization, origin) => {
    const seat = readAuthorization(authorization);
    // What no seat has is refused before anything is spent on its signature.
    if (!seat || !lobby.knows(seat)) return null;
    if (isTicket(seat.token) && !((await tickets.isValid(seat, origin)) && lobby.knows(seat))) return null;
    lobby.heard(seat, now());
    return seat;
  };
}

/** Characters of the longest: two names, a token and the dots between them. */
export const authorizationLength: number = limits.nameBytes * 2 + limits.tokenBytes + 2;

/** The token is all behind the second dot: a ticket has dots of its own. */
export function readAuthorization(text: string | undefined): Seat | null {
  if (text === undefined || text.length > authorizationLength) return null;
  const [, roomId, sessionId, token] = /^([\w-]+)\.([\w-]+)\.([\w.-]+)$/.exec(text) ?? [];
  return roomId && sessionId && token ? { roomId, sessionId, token } : null;
}
