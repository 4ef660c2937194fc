// Tickets: the tokens of seats, signed (JWT, HS256), so that a seat is bound to its room, its session, the origin of the page that asked, and a time.
//
// A ticket says what it is for and until when; whether its seat still waits, the lobby knows. Invariants: only HS256 is read, whatever a ticket says of
// itself; checking takes any text and never throws; a ticket fits `limits.tokenBytes`. Units: milliseconds (JWT: seconds).

import { randomBytes } from 'node:crypto';
import { limits } from '@tickwire/shared';
import type { Seat } from '@tickwire/shared/internal';
import { jwtVerify, SignJWT } from 'jose';

/** A secret of at least 32 bytes, as text or bytes. Several: the first signs, all are accepted, so that a key can be replaced while servers run. */
export type TicketKey = string | Uint8Array | readonly (string | Uint8Array)[];

export interface TicketOptions {
  /** Default: a random one, which nobody else has and which ends with the process. */
  key?: TicketKey | undefined;
  /** Milliseconds since 1970. */
  clock(): number;
}

export class Tickets {
  readonly #keys: readonly [Uint8Array, ...Uint8Array[]];
  readonly #clock: () => number;

  /** @throws Error when a key is too short. */
  constructor({ key, clock }: TicketOptions) {
    this.#keys = key === undefined ? [randomBytes(keyBytes)] : keysOf(key);
    this.#clock = clock;
  }

  /** A ticket for a seat, good for `limits.ticketMs`. */
  sign(roomId: string, sessionId: string, origin: string | undefined): Promise<string> {
    const now = this.#clock();
    return new SignJWT({ origin: origin ?? '' })
      .setProtectedHeader({ alg: algorithm })
      .setAudience(roomId)
      .setSubject(sessionId)
      .setIssuedAt(new Date(now))
      .setExpirationTime(new Date(now + limits.ticketMs))
      .sign(this.#keys[0]);
  }

  /** Whether the token of this seat is a ticket for it, made for a page of this origin, and not too old. */
  async isValid({ roomId, sessionId, token }: Seat, origin: string | undefined): Promise<boolean> {
    if (token.length > limits.tokenBytes) return false;
    const currentDate = new Date(this.#clock());
    for (const key of this.#keys) {
      try {
        const { payload } = await jwtVerify(token, key, {
          algorithms: [algorithm],
          audience: roomId,
          subject: sessionId,
          requiredClaims,
          currentDate,
        });
        return payload['origin'] === (origin ?? '');
      } catch {
        // Signed with another key, or no ticket for this: both are no.
      }
    }
    return false;
  }
}

/** The tickets of a server. Without a key it gets a random one, and `say` is told what to set. @throws Error when a key is too short. */
export function openTickets(key: TicketKey | undefined, isProduction: boolean, say: (level: 'info' | 'warn', message: string) => void): Tickets {
  const advice = `Tickets of seats are signed with a random key. Set serve({ ticketKey }) to a secret of at least ${keyBytes} bytes`;
  if (key === undefined && isProduction) say('warn', `${advice}, the same in every process of this server and in its next start.`);
  else if (key === undefined) say('info', `${advice} in production.`);
  return new Tickets({ key, clock: Date.now });
}

/** A reconnection token is no JWT: it has no dot. */
export function isTicket(token: string): boolean {
  return token.includes('.');
}

function keysOf(key: TicketKey): [Uint8Array, ...Uint8Array[]] {
  const keys = (typeof key === 'string' || key instanceof Uint8Array ? [key] : key).map((one) =>
    typeof one === 'string' ? new TextEncoder().encode(one) : one,
  );
  const [first, ...others] = keys;
  if (!first || keys.some(({ length }) => length < keyBytes))
    throw new Error(`ticketKey must have at least ${keyBytes} bytes: make one with \`openssl rand -base64 33\` and keep it out of the sources`);
  return [first, ...others];
}

const algorithm = 'HS256';
/** As many bits as the hash: what RFC 7518 asks of HS256. */
const keyBytes = 32;
const requiredClaims = ['aud', 'sub', 'exp', 'origin'];
