// Asking a server for a seat, over HTTP. The same in browsers and in Node.
//
// Invariant: every failure is a TickwireError whose message says what to do; a schema mismatch names what differs. Units: milliseconds.

import { type AnyGame, type RefusalCode, refusalMessages, TickwireError } from '@tickwire/shared';
import {
  describeDifference,
  type JoinMethod,
  type JoinRequest,
  type LinkOffer,
  type Plain,
  protocolVersion,
  type Refusal,
  type Seat,
} from '@tickwire/shared/internal';

/** The server has this long to answer. */
const answerMs = 10_000;

/** @param url the server's origin. @throws TickwireError with the server's refusal, or `unreachable`. */
export async function requestSeat(
  url: string,
  game: AnyGame,
  method: JoinMethod,
  target: string,
  options: { readonly [key: string]: Plain },
  wantsOffer = false,
): Promise<Seat> {
  const request: JoinRequest = { protocol: protocolVersion, schemaHash: game.hash, method, target, options, ...(wantsOffer && { offer: true }) };
  let answer: unknown;
  let status = 0;
  try {
    const response = await fetch(`${url}/tickwire/join`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(answerMs),
    });
    status = response.status;
    answer = await response.json();
  } catch {
    throw new TickwireError('unreachable', status === 0 ? url : `${url} answered with status ${status} and no join answer: is it a Tickwire server?`);
  }
  if (status === 200) return answer as Seat;
  const { code, detail, description } = answer as Partial<Refusal>;
  if (code === undefined || !(code in refusalMessages))
    throw new TickwireError('unreachable', `${url} answered with status ${status}: is it a Tickwire server?`);
  throw new TickwireError(code as RefusalCode, description ? describeDifference(game.description, description) : detail);
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
