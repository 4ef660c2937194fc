// The HTTP routes of a server: joining, and whether it is alive.
//
// `POST /tickwire/join` takes a JoinRequest as JSON and answers with a seat, or with a refusal and the status that fits it. `GET /health` answers 200.
// Invariant: bodies are small and checked; a refusal never shows a stack. Units: bytes.

import type { RefusalCode } from '@tickwire/shared';
import { limits } from '@tickwire/shared';
import type { JoinRequest, LinkOffer, Seat } from '@tickwire/shared/internal';
import type { FastifyInstance } from 'fastify';
import type { Lobby } from '../lobby.ts';
import type { IceFor } from './ice-servers.ts';

/** A join request's body: options and a few names. */
const joinBodyBytes = limits.optionsBytes * 3 + 1024;

const statusOf: { readonly [Code in RefusalCode]?: number } = {
  'bad-request': 400,
  unauthorized: 403,
  'unknown-room': 404,
  'no-such-id': 404,
  'version-mismatch': 409,
  'schema-mismatch': 409,
  'room-full': 409,
  'too-many-requests': 429,
  'room-failed': 500,
  'server-full': 503,
};

/** Makes a WebRTC offer for a seat, where that may be done. */
export type OfferFor = (seat: Seat, address: string) => Promise<LinkOffer | undefined>;

/** @param wake told when a seat was given: there may be a new room. @param iceFor what goes with a seat. */
export function addJoinRoutes(app: FastifyInstance, lobby: Lobby, wake: () => void, iceFor: IceFor = () => ({}), offerFor?: OfferFor): void {
  app.register(async (routes) => {
    // What Fastify itself refuses (a body too large, no JSON, too many requests) is a refusal like the others.
    routes.setErrorHandler((error: { statusCode?: number; message: string }, _request, reply) => {
      const status = error.statusCode ?? 500;
      const code: RefusalCode = status === 429 ? 'too-many-requests' : status < 500 ? 'bad-request' : 'room-failed';
      return reply.status(status).send({ code, ...(status < 500 ? { detail: error.message } : {}) });
    });
    routes.post('/tickwire/join', { bodyLimit: joinBodyBytes }, async (request, reply) => {
      const answer = await lobby.join(request.body, { address: request.ip, headers: request.headers }, () => performance.now());
      if (answer.seat) {
        wake();
        const wantsOffer = (request.body as Partial<JoinRequest>).offer === true;
        const offer = wantsOffer ? await offerFor?.(answer.seat, request.ip) : undefined;
        return { ...answer.seat, ...iceFor(answer.seat.sessionId), ...(offer && { offer }) };
      }
      return reply.status(statusOf[answer.refusal.code] ?? 400).send(answer.refusal);
    });
  });
  app.get('/health', async () => {
    let clients = 0;
    for (const room of lobby.rooms.values()) clients += room.members.size;
    return { status: 'ok', rooms: lobby.rooms.size, clients, uptimeSeconds: Math.floor(process.uptime()) };
  });
}
