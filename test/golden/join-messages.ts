// The golden joins: the request as the client's code sends it, and the answers of the server's route, without a socket between them.
//
// Invariant: ids are fixed, so that the answers are. JSON is golden for its names and values; spaces and the order of keys have no meaning.

import { Lobby, Room } from '@tickwire/server/core';
import { protocolVersion } from '@tickwire/shared/internal';
import fastify from 'fastify';
import { requestSeat } from '../../packages/client/src/edge/join.ts';
import { addJoinRoutes } from '../../packages/server/src/edge/join-route.ts';
import { type Golden, golden } from './golden.ts';
import { type GoldenGame, goldenGame } from './golden-game.ts';

export const seat = { roomId: 'cm9vbS1pZC1vZi1nb2xkZW4_', sessionId: 'c2Vzc2lvbi1pZC1vZi1BZGE_', token: 'dG9rZW4tb2YtQWRhLXNlY3JldA--' };

export async function joinMessages(): Promise<Golden[]> {
  const request = await clientRequest();
  const body = {
    protocol: protocolVersion,
    schemaHash: goldenGame.hash,
    method: 'joinOrCreate',
    target: 'golden',
    options: { name: 'Ada', level: 3 },
  };
  const given = await serverAnswer(request, 200);
  const unknown = await serverAnswer(Buffer.from(JSON.stringify({ ...body, target: 'chess' })), 404);
  const mismatch = await serverAnswer(Buffer.from(JSON.stringify({ ...body, schemaHash: '0123456789abcdef' })), 409);
  return [
    golden('join-request', request, { http: 'POST /tickwire/join', body }),
    golden('join-seat', given, { status: 200, body: seat }),
    golden('join-unknown-room', unknown, { status: 404, body: { code: 'unknown-room', detail: "asked for 'chess', the server has golden" } }),
    golden('join-schema-mismatch', mismatch, { status: 409, body: { code: 'schema-mismatch', description: goldenGame.description } }),
  ];
}

/** The body that the client's code gives to fetch. */
async function clientRequest(): Promise<Uint8Array> {
  let body = '';
  await withFetch(
    async (_url, init) => {
      body = String(init?.body);
      return Response.json(seat);
    },
    () => requestSeat('http://golden.example', goldenGame, 'joinOrCreate', 'golden', { name: 'Ada', level: 3 }),
  );
  return Buffer.from(body);
}

/** What the server's route answers. @throws when that has another status. */
async function serverAnswer(payload: Uint8Array, status: number): Promise<Uint8Array> {
  const ids = [seat.sessionId, seat.token, seat.roomId];
  const lobby = new Lobby({
    rooms: { golden: { game: goldenGame, room: class extends Room<GoldenGame> {} } },
    newId: () => ids.shift() ?? 'none',
    newSeed: () => 1,
    onError(error) {
      throw error;
    },
  });
  const app = fastify();
  addJoinRoutes(app, lobby, () => {});
  const reply = await app.inject({
    method: 'POST',
    url: '/tickwire/join',
    headers: { 'content-type': 'application/json' },
    payload: Buffer.from(payload),
  });
  await app.close();
  if (reply.statusCode !== status) throw new Error(`the join was answered with status ${reply.statusCode}, not ${status}: ${reply.payload}`);
  return reply.rawPayload;
}

/** Runs something while `fetch` is another function. */
export async function withFetch<Result>(replacement: typeof fetch, run: () => Promise<Result>): Promise<Result> {
  const original = globalThis.fetch;
  globalThis.fetch = replacement;
  try {
    return await run();
  } finally {
    globalThis.fetch = original;
  }
}
