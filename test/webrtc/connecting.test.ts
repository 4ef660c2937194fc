// The offer that comes with a seat: a round trip less for those who ask, and nothing for anybody else.
//
// serve() and the gate over real HTTP and WebRTC on 127.0.0.1.

import { connect } from '@tickwire/client/node';
import { type GameServer, Room, type ServeOptions, serve } from '@tickwire/server';
import { defineGame, entity, f, limits } from '@tickwire/shared';
import { protocolVersion, type Seat } from '@tickwire/shared/internal';
import { afterEach, expect, test, vi } from 'vitest';
import { requestSeat } from '../../packages/client/src/edge/join.ts';
import { HandshakeCaps } from '../../packages/server/src/edge/transports/handshake-caps.ts';
import { startGateServer } from './gate-server.ts';

const game = defineGame({ name: 'offers', tickHz: 60, snapshotHz: 20, entities: { thing: entity({ at: f.uint(100) }) } });

class OffersRoom extends Room<typeof game> {}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  for (const one of open.splice(0)) await one.close();
});

test('[BC2] a join over WebRTC makes no request for an offer: it came with the seat', async () => {
  const { url, counters } = await start();
  const asked = vi.spyOn(globalThis, 'fetch');
  const room = await connect(url, { bindAddress: '127.0.0.1', transport: 'webrtc' }).joinOrCreate('offers', game);
  const paths = asked.mock.calls.map(([address]) => new URL(String(address)).pathname.replace(/connections\/[^/]+/, 'connections/ID'));
  expect(paths.filter((path) => !path.endsWith('/additional-candidates'))).toEqual(['/tickwire/join', '/.wrtc/v2/connections/ID/remote-description']);
  expect(counters.webrtc).toMatchObject({ offered: 1, opened: 1, handshakesNow: 0 });
  room.leave();
});

test('[BC3] no connection is made for a join that does not ask or is refused', async () => {
  const { url, counters } = await start();
  const plain = await join(url, {});
  expect([plain.status, 'offer' in plain.answer]).toEqual([200, false]);
  expect((await join(url, { offer: 1 })).answer).not.toHaveProperty('offer');
  expect((await join(url, { offer: true, schemaHash: 'another' })).status).toBe(409);
  expect((await join(url, { offer: true, target: 'nowhere' })).status).toBe(404);
  expect(counters.webrtc).toMatchObject({ offered: 0, handshakesNow: 0 });
  const { answer } = await join(url, { offer: true });
  expect((answer as Seat).offer).toMatchObject({
    id: expect.any(String),
    localDescription: { type: 'offer', sdp: expect.stringContaining('m=application') },
  });
  expect(counters.webrtc).toMatchObject({ offered: 1, handshakesNow: 1 });
});

test('[BC3] where the caps on handshakes are reached, and while the server closes, there is no offer', async () => {
  const gate = await startGateServer({ caps: new HandshakeCaps({ ...limits, handshakesOpen: 2 }), handshakesPerTicket: 1 });
  open.push(gate);
  expect(await gate.transport.offerTo('ada', 'ada', '127.0.0.1')).toBeDefined();
  expect(await gate.transport.offerTo('ada', 'ada', '127.0.0.1')).toBeUndefined();
  expect(await gate.transport.offerTo('bob', 'bob', '127.0.0.1')).toBeDefined();
  expect(await gate.transport.offerTo('eve', 'eve', '127.0.0.1')).toBeUndefined();
  expect(gate.transport.counters).toMatchObject({ offered: 2, capped: 2, handshakesNow: 2 });
  void gate.transport.close();
  expect(await gate.transport.offerTo('ada', 'ada', '127.0.0.1')).toBeUndefined();
});

test('[BC7] a page of another origin joins with a text, which needs no preflight, and is refused by its origin alone', async () => {
  const { url } = await start({ origins: ['https://page.example'] });
  const request = { protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'offers', options: {} };
  const post = async (origin: string, body: string): Promise<number> =>
    (await fetch(`${url}/tickwire/join`, { method: 'POST', headers: { 'content-type': 'text/plain', origin }, body })).status;
  expect(await post('https://page.example', JSON.stringify(request))).toBe(200);
  expect(await post('https://other.example', JSON.stringify(request))).toBe(403);
  expect(await post('https://page.example', 'no JSON')).toBe(400);
  const asked = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('not sent'));
  const typeFrom = async (page: string | undefined, login?: string): Promise<unknown> => {
    vi.stubGlobal('location', page === undefined ? undefined : { origin: page });
    await requestSeat(url, game, 'joinOrCreate', 'offers', {}, login).catch(() => {});
    return new Headers(asked.mock.lastCall?.[1]?.headers).get('content-type');
  };
  expect(await typeFrom('https://page.example')).toBe('text/plain');
  expect(await typeFrom('https://page.example', 'a login')).toBe('application/json');
  expect(await typeFrom(url)).toBe('application/json');
  expect(await typeFrom(undefined)).toBe('application/json');
});

async function start(options: Partial<ServeOptions> = {}): Promise<GameServer> {
  const server = await serve({
    rooms: { offers: { game, room: OffersRoom } },
    port: 0,
    host: '127.0.0.1',
    signals: false,
    logLevel: 'silent',
    ...options,
  });
  open.push(server);
  return server;
}

async function join(url: string, more: object): Promise<{ status: number; answer: object }> {
  const body = JSON.stringify({ protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'offers', options: {}, ...more });
  const response = await fetch(`${url}/tickwire/join`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
  return { status: response.status, answer: (await response.json()) as object };
}
