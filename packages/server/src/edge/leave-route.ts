// The route by which a page says that it goes: nothing that it sends over its link then is sure to get out.
//
// `POST /tickwire/leave` with what authorises making a link as its text, which is what `navigator.sendBeacon` can send; answered with 204.
// Invariant: who may make no link for a session cannot end it either. Units: bytes.

import type { FastifyInstance } from 'fastify';
import type { Lobby } from '../lobby.ts';
import { type Authorize, authorizationLength } from './authorize.ts';

/** @param authorize the one check that every transport uses. */
export function addLeaveRoute(app: FastifyInstance, lobby: Lobby, authorize: Authorize): void {
  app.post('/tickwire/leave', { bodyLimit: authorizationLength }, async ({ body, headers }, reply) => {
    const seat = await authorize(typeof body === 'string' ? body : undefined, headers.origin);
    if (seat === null) return reply.status(401).send({ code: 'ticket-invalid' });
    lobby.leave(seat, performance.now());
    return reply.status(204).send();
  });
}
