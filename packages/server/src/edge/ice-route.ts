// The route by which a client gets fresh relay credentials: those of its join answer have run out when it connects again after some time.
//
// `GET /tickwire/ice` with what authorises making a link in the Authorization header. Invariant: whoever may make no link gets no credentials.

import type { Seat } from '@tickwire/shared/internal';
import type { FastifyInstance } from 'fastify';
import type { IceFor } from './ice-servers.ts';

/** @param authorize the one check that every transport uses. */
export function addIceRoute(
  app: FastifyInstance,
  authorize: (authorization: string | undefined, origin: string | undefined) => Seat | null | Promise<Seat | null>,
  iceFor: IceFor,
): void {
  app.get('/tickwire/ice', async ({ headers: { authorization, origin } }, reply) => {
    const seat = await authorize(authorization, origin);
    if (seat === null) return reply.status(401).send({ code: 'ticket-invalid' });
    return reply.header('cache-control', 'no-store').send(iceFor(seat.sessionId));
  });
}
