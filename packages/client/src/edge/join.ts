// Asking a server for a seat or for its rooms, over HTTP. The same in browsers and in Node.
//
// Invariant: every failure is a TickwireError whose message says what to do; a schema mismatch names what differs. Units: milliseconds.

import { type AnyGame, type RefusalCode, refusalMessages, TickwireError } from '@tickwire/shared';
import {
  describeDifference,
  type JoinMethod,
  type JoinRequest,
  type LinkOffer,
  type ListRequest,
  type Plain,
  protocolVersion,
  type Refusal,
  type RoomListing,
  type Seat,
} from '@tickwire/shared/internal';

/** The server has this long to answer: the ten seconds of its onAuth, and the way. */
const answerMs = 12_000;

/**
 * @param url the server's origin. @param login shown to the room's onAuth as a bearer token.
 * @throws TickwireError with the server's refusal, or `unreachable`.
 */
export async function requestSeat(
  url: string,
  game: AnyGame,
  method: JoinMethod,
  target: string,
  options: { readonly [key: string]: Plain },
  login?: string,
  wantsOffer = false,
): Promise<Seat> {
  const request: JoinRequest = { protocol: protocolVersion, schemaHash: game.hash, method, target, options, ...(wantsOffer && { offer: true }) };
  return (await ask(url, 'join', request, login, game)) as Seat;
}

/** The rooms of a name that are open to all, the oldest first. @throws TickwireError as `requestSeat`. */
export async function requestRooms(url: string, request: Partial<ListRequest> & { name: string }): Promise<RoomListing[]> {
  const { rooms } = (await ask(url, 'rooms', { protocol: protocolVersion, ...request })) as { rooms: RoomListing[] };
  return rooms;
}

async function ask(url: string, route: string, request: object, login?: string, game?: AnyGame): Promise<unknown> {
  let answer: unknown;
  let status = 0;
  try {
    const response = await fetch(`${url}/tickwire/${route}`, {
      method: 'POST',
      // As a text it needs no preflight, which is a round trip; with a login there is one anyway.
      headers:
        login === undefined
          ? { 'content-type': isForeign(url) ? 'text/plain' : 'application/json' }
          : { 'content-type': 'application/json', authorization: `Bearer ${login}` },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(answerMs),
    });
    status = response.status;
    answer = await response.json();
  } catch {
    throw new TickwireError('unreachable', status === 0 ? url + foreign(url) : notTickwire(url, status));
  }
  if (status === 200) return answer;
  const { code, detail, description } = (answer ?? {}) as Partial<Refusal>;
  if (code === undefined || !Object.hasOwn(refusalMessages, code)) throw new TickwireError('unreachable', notTickwire(url, status));
  throw new TickwireError(code as RefusalCode, game && description ? describeDifference(game.description, description) : detail);
}

function notTickwire(url: string, status: number): string {
  return `${url} answered with status ${status}, which is no answer of Tickwire: is it a Tickwire server?`;
}

/** Whether the server is of another origin than the page. */
function isForeign(url: string): boolean {
  const page = pageOrigin();
  return page !== undefined && page !== url;
}

/** Undefined in Node. */
function pageOrigin(): string | undefined {
  return (globalThis as { location?: { origin?: string } }).location?.origin;
}

/** A browser does not say whether a server was silent or does not take this page. */
function foreign(url: string): string {
  const page = pageOrigin();
  return !isForeign(url) ? '' : `, asked from a page of ${page}: if the server runs, give it serve({ origins: ['${page}'] })`;
}

/** The offer that came with a seat, for the first link; each other one asks for its own. */
export function takeOffer(seat: Seat): LinkOffer | undefined {
  const { offer } = seat;
  delete seat.offer;
  return offer;
}

/** The Authorization header that shows a seat to the signalling. */
export function seatAuthorization({ roomId, sessionId, token }: Seat): string {
  return `${roomId}.${sessionId}.${token}`;
}

/** The seat of an authorization: the token is all behind the second dot, since a ticket has dots of its own. @throws TickwireError when it is none. */
export function seatOf(authorization: string): Seat {
  const [, roomId, sessionId, token] = /^([^.]+)\.([^.]+)\.(.+)$/.exec(authorization) ?? [];
  if (!roomId || !sessionId || !token) throw new TickwireError('ticket-invalid', 'this is no reconnection token');
  return { roomId, sessionId, token };
}
