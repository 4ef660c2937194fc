// How many requests the server takes in front of all its routes: from one address, from all, and at one time.
//
// A request that waits (for a slow body, for the room's onAuth, for an answer to an offer) is counted until it is answered, so all of these have bounds.
// Invariant: a request over a limit costs nothing but its refusal, with 429 and the code `too-many-requests`; pages and other paths of the app are not counted.
// Units: seconds.

import rateLimit from '@fastify/rate-limit';
import { limits, type RefusalCode } from '@tickwire/shared';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { networkOf } from '../network-of.ts';
import { isOfTickwire } from './join-route.ts';
import type { ServerLimits } from './server-limits.ts';

/** Totals since the start, except the one marked as present. */
export interface RequestCounters {
  /** Refused because their address had asked too often. */
  overAddressRate: number;
  /** Refused because all together had. */
  overRate: number;
  /** Refused because too many were being answered. */
  overInFlight: number;
  /** Present: requests being answered. */
  inFlight: number;
}

/** To be called before the routes are added. @param most what is taken at a time. @param per10Seconds requests of one address in ten seconds. */
export async function addRequestRates(
  app: FastifyInstance,
  most: ServerLimits,
  per10Seconds: number = limits.requestsPer10Seconds,
): Promise<Readonly<RequestCounters>> {
  const counters: RequestCounters = { overAddressRate: 0, overRate: 0, overInFlight: 0, inFlight: 0 };
  const inFlight = new Map<string, number>();
  let second = 0;
  let inSecond = 0;
  // Before the rate of one address, whose table of addresses the rest then need not be in.
  app.addHook('onRequest', async (request, reply) => {
    if (!isOfTickwire(request)) return;
    const now = Math.floor(performance.now() / 1000);
    if (now !== second) inSecond = 0;
    second = now;
    if (++inSecond > most.requestsPerSecond) {
      counters.overRate++;
      return refuse(reply);
    }
    const address = networkOf(request.ip);
    const waiting = inFlight.get(address) ?? 0;
    if (waiting >= most.requestsInFlightPerAddress || counters.inFlight >= most.requestsInFlight) {
      counters.overInFlight++;
      return refuse(reply);
    }
    inFlight.set(address, waiting + 1);
    counters.inFlight++;
    // `close` comes after every answer, and when the client has gone before it: hooks of the answer would not.
    reply.raw.once('close', () => {
      counters.inFlight--;
      const left = (inFlight.get(address) ?? 1) - 1;
      if (left > 0) inFlight.set(address, left);
      else inFlight.delete(address);
    });
  });
  await app.register(rateLimit, {
    max: per10Seconds,
    timeWindow: 10_000,
    keyGenerator: (request) => networkOf(request.ip),
    allowList: (request) => !isOfTickwire(request),
    onExceeded: () => void counters.overAddressRate++,
    errorResponseBuilder: () => ({ statusCode: 429, ...tooMany }),
  });
  return counters;
}

const tooMany = { code: 'too-many-requests' } satisfies { code: RefusalCode };

function refuse(reply: FastifyReply): FastifyReply {
  return reply.code(429).header('retry-after', '1').send(tooMany);
}
