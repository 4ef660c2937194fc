// The HTTP routes of a server: joining, listing rooms, and whether it is alive.
//
// `POST /tickwire/join` takes a JoinRequest as JSON and answers with a seat, `POST /tickwire/rooms` a ListRequest and answers with rooms; both with a refusal
// and the status that fits it otherwise. `GET /health` answers 200,
// or 503 when the server is about to stop and takes nobody any more.
// Invariant: bodies are small and checked; a refusal never shows a stack. Units: bytes.

import type { RefusalCode } from '@tickwire/shared';
import { limits } from '@tickwire/shared';
import type { JoinRequest, LinkOffer, Refusal, Seat } from '@tickwire/shared/internal';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type JoinContext, type Lobby, versionMismatch } from '../lobby.ts';
import type { IceFor } from './ice-servers.ts';
import { joinBody, listBody } from './join-schema.ts';
import type { OriginCheck } from './origins.ts';

/** A join request's body: options and a few names. */
const joinBodyBytes = limits.optionsBytes * 3 + 1024;

const statusOf: { readonly [Code in RefusalCode]?: number } = {
  'bad-request': 400,
  unauthorized: 403,
  'origin-refused': 403,
  'unknown-room': 404,
  'no-such-id': 404,
  'no-room': 404,
  'version-mismatch': 409,
  'schema-mismatch': 409,
  'room-full': 409,
  'room-locked': 409,
  'too-many-requests': 429,
  'room-failed': 500,
  'server-full': 503,
  'server-draining': 503,
};

/** Makes a WebRTC offer for a seat, where that may be done. */
export type OfferFor = (seat: Seat, address: string) => Promise<LinkOffer | undefined>;

/** @param wake told when a seat was given: there may be a new room. @param iceFor what goes with a seat. */
export function addJoinRoutes(app: FastifyInstance, lobby: Lobby, wake: () => void, iceFor: IceFor = () => ({}), offerFor?: OfferFor): void {
  app.register(async (routes) => {
    // What Fastify itself refuses (a body too large, no JSON or not as its schema says, too many requests) is a refusal like the others.
    routes.setErrorHandler((error: { statusCode?: number; message: string; validation?: unknown }, { body }, reply) => {
      const status = error.statusCode ?? 500;
      // How a body of another version looks, the schema does not know.
      const mismatch = error.validation ? versionMismatch(body) : undefined;
      if (mismatch) return refuse(reply, lobby.refuse('version-mismatch', mismatch).refusal);
      const code: RefusalCode = status === 429 ? 'too-many-requests' : status < 500 ? 'bad-request' : 'room-failed';
      return reply.status(status).send(lobby.refuse(code, status < 500 ? error.message : undefined).refusal);
    });
    // What a page of another origin can send without a preflight. Foreign pages are refused by their origin, not by the type of their texts.
    routes.removeContentTypeParser('text/plain');
    routes.addContentTypeParser('text/plain', { parseAs: 'string' }, routes.getDefaultJsonParser('error', 'error'));
    routes.post('/tickwire/join', { bodyLimit: joinBodyBytes, schema: { body: joinBody } }, async (request, reply) => {
      const answer = await lobby.join(request.body, contextOf(request), () => performance.now());
      if (!answer.seat) return refuse(reply, answer.refusal);
      wake();
      const wantsOffer = (request.body as Partial<JoinRequest>).offer === true;
      const offer = wantsOffer ? await offerFor?.(answer.seat, request.ip) : undefined;
      return { ...answer.seat, ...iceFor(answer.seat.sessionId), ...(offer && { offer }) };
    });
    routes.post('/tickwire/rooms', { bodyLimit: joinBodyBytes, schema: { body: listBody } }, async (request, reply) => {
      const answer = lobby.list(request.body);
      if (!answer.rooms) return refuse(reply, answer.refusal);
      return { rooms: answer.rooms.map((room) => ({ ...room, createdAt: Math.round(performance.timeOrigin + room.createdAt) })) };
    });
  });
  app.get('/health', async (_request, reply) => {
    let clients = 0;
    for (const room of lobby.rooms.values()) clients += room.members.size;
    if (lobby.isDraining) reply.status(503);
    return { status: lobby.isDraining ? 'draining' : 'ok', rooms: lobby.rooms.size, clients, uptimeSeconds: Math.floor(process.uptime()) };
  });
}

/** Refuses, in front of every route of Tickwire, what comes from a page of a foreign origin. */
export function refuseForeignPages(app: FastifyInstance, isAllowed: OriginCheck): void {
  app.addHook('onRequest', async (request, reply) => {
    const { headers } = request;
    if (!isOfTickwire(request) || isAllowed(headers.origin, headers.host)) return;
    return refuse(reply, { code: 'origin-refused', detail: `the page is from ${headers.origin?.slice(0, limits.originBytes)}` });
  });
}

/** Judged by the route that was found, not by the path as it was sent: `/%74ickwire/join` finds the same one. */
export function isOfTickwire({ routeOptions, url }: FastifyRequest): boolean {
  return /^\/(tickwire|\.wrtc)\//.test(routeOptions.url ?? url);
}

function refuse(reply: FastifyReply, refusal: Refusal): FastifyReply {
  return reply.status(statusOf[refusal.code] ?? 400).send(refusal);
}

function contextOf({ ip, headers }: FastifyRequest): JoinContext {
  const token = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1];
  return { address: ip, headers, origin: headers.origin, token };
}
