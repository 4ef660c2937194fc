// serve() and attach() over real HTTP and real WebRTC on 127.0.0.1: what a client is told, and what the server survives.

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect as connectTcp } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@tickwire/client/node';
import { attach, type Client, type GameServer, Room, type ServeOptions, serve } from '@tickwire/server';
import { defineGame, entity, event, f, type TickwireError } from '@tickwire/shared';
import { protocolVersion, type Seat } from '@tickwire/shared/internal';
import { afterEach, describe, expect, it } from 'vitest';

const parts = {
  name: 'serving',
  tickHz: 60,
  snapshotHz: 20,
  entities: { thing: entity({ at: f.uint(100) }) },
  events: { ping: event({ number: f.uint(100) }), crash: event({ now: f.bool() }) },
} as const;
const game = defineGame(parts);
const otherGame = defineGame({ ...parts, entities: { thing: entity({ at: f.uint(200) }) } });

class ServingRoom extends Room<typeof game> {
  override maxClients = 2;
  override onCreate(): void {
    this.on('ping', (client: Client<typeof game>, { number }) => client.emit('ping', { number: number + 1 }));
    this.on('crash', () => {
      throw new Error('a bug in the game');
    });
  }
}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

async function start(options: Partial<ServeOptions> = {}): Promise<GameServer> {
  const server = await serve({
    rooms: { serving: { game, room: ServingRoom } },
    port: 0,
    host: '127.0.0.1',
    signals: false,
    logLevel: 'silent',
    ...options,
  });
  open.push(server);
  return server;
}

const joinFrom = (url: string) => connect(url, { bindAddress: '127.0.0.1' });
const refusal = (joining: Promise<unknown>): Promise<TickwireError> =>
  joining.then(
    () => Promise.reject(new Error('the join was not refused')),
    (error: TickwireError) => error,
  );

describe('serve', () => {
  it('[SV1] answers a join with a seat or with a refusal that says what is wrong', async () => {
    const { url } = await start();
    const room = await joinFrom(url).joinOrCreate('serving', game);
    expect(room.sessionId.length).toBeGreaterThan(20);
    const pong = new Promise<number>((resolve) => room.on('ping', ({ number }) => resolve(number)));
    room.emit('ping', { number: 4 });
    expect(await pong).toBe(5);

    const unknown = await refusal(joinFrom(url).joinOrCreate('nowhere', game));
    expect([unknown.code, unknown.message]).toEqual(['unknown-room', expect.stringContaining("asked for 'nowhere', the server has serving")]);
    const schema = await refusal(joinFrom(url).joinOrCreate('serving', otherGame));
    expect(schema.code).toBe('schema-mismatch');
    expect(schema.message).toContain('only the client has "entity thing, field at: uint 200"');
    expect(schema.message).toContain('only the server has "entity thing, field at: uint 100"');
    await joinFrom(url).joinById(room.roomId, game);
    expect((await refusal(joinFrom(url).joinById(room.roomId, game))).code).toBe('room-full');
    expect((await refusal(joinFrom(url).joinById('no-such-room', game))).code).toBe('no-such-id');

    const post = async (body: string): Promise<[number, { code?: string }]> => {
      const response = await fetch(`${url}/tickwire/join`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
      return [response.status, (await response.json()) as { code?: string }];
    };
    const request = { protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'serving', options: {} };
    expect(await post(JSON.stringify({ ...request, protocol: 999 }))).toMatchObject([409, { code: 'version-mismatch' }]);
    expect(await post(JSON.stringify({ ...request, method: 'steal' }))).toMatchObject([400, { code: 'bad-request' }]);
    expect(await post(JSON.stringify({ ...request, options: { name: 'x'.repeat(10_000) } }))).toMatchObject([400, { code: 'bad-request' }]);
    expect((await post('{ not json'))[0]).toBe(400);
    expect((await post(JSON.stringify({ ...request, options: { name: 'x'.repeat(100_000) } })))[0]).toBe(413);
  });

  it('[SV2] says at /health that it lives', async () => {
    const { url } = await start();
    await joinFrom(url).joinOrCreate('serving', game);
    expect(await (await fetch(`${url}/health`)).json()).toMatchObject({ status: 'ok', rooms: 1, clients: 1 });
  });

  it('[SV3] tells in one line that a port is taken', async () => {
    const { port } = await start();
    const error = await start({ port }).then(
      () => new Error('it started'),
      (reason: Error) => reason,
    );
    expect(error.message).toBe(`Port ${port} is taken by another program. Stop that program, or choose another port (PORT=${port + 1}).`);
  });

  it('[SV4] attach leaves the other paths of a server alone', async () => {
    const http = createServer((request, response) => response.end(`the user's own ${request.url}`));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
    const attached = await attach(http, { rooms: { serving: { game, room: ServingRoom } }, bindAddress: '127.0.0.1', logLevel: 'silent' });
    open.push(attached, { close: async () => void http.close() });
    expect(await (await fetch(`${url}/shop`)).text()).toBe("the user's own /shop");
    const room = await joinFrom(url).joinOrCreate('serving', game);
    expect(room.stats.transport).toBe('webrtc');
    room.leave();
  });

  it('[WS14] plays over a WebSocket on the same port, and leaves the upgrades of other paths to whoever listens', async () => {
    const http = createServer();
    http.on('upgrade', (request, socket) => {
      if (request.url === '/reload') socket.end('HTTP/1.1 204 of the user\r\n\r\n');
    });
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    const { port } = http.address() as AddressInfo;
    const attached = await attach(http, { rooms: { serving: { game, room: ServingRoom } }, bindAddress: '127.0.0.1', logLevel: 'silent' });
    open.push(attached, { close: async () => void http.close() });
    for (const url of [`http://127.0.0.1:${port}`, (await start()).url]) {
      const room = await connect(url, { transport: 'websocket' }).joinOrCreate('serving', game);
      expect(room.stats.transport).toBe('websocket');
      const pong = new Promise<number>((resolve) => room.on('ping', ({ number }) => resolve(number)));
      room.emit('ping', { number: 4 });
      expect(await pong).toBe(5);
      const ended = new Promise<string>((resolve) => room.onLeave((code) => resolve(code)));
      if (!url.endsWith(String(port))) await open.at(-1)?.close();
      else room.leave();
      expect(await ended).toBe(url.endsWith(String(port)) ? 'left' : 'server-shutdown');
    }
    const other = connectTcp(port, '127.0.0.1');
    other.write('GET /reload HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
    expect(String((await once(other, 'data'))[0])).toContain('204 of the user');
    expect(attached.counters.websocket).toMatchObject({ opened: 1 });
  });

  it('[SV5] a room that throws ends for its clients only', async () => {
    const { url, lobby } = await start();
    const first = await joinFrom(url).create('serving', game);
    const second = await joinFrom(url).create('serving', game);
    const ended = new Promise<string>((resolve) => first.onLeave((code) => resolve(code)));
    first.emit('crash', { now: true });
    expect(await ended).toBe('room-error');
    expect([...lobby.rooms.keys()]).toEqual([second.roomId]);
    const pong = new Promise<number>((resolve) => second.on('ping', ({ number }) => resolve(number)));
    second.emit('ping', { number: 1 });
    expect(await pong).toBe(2);
  });

  it('[SV6] a closing server tells its clients and stops within two seconds', async () => {
    const server = await start();
    const room = await joinFrom(server.url).joinOrCreate('serving', game);
    const ended = new Promise<string>((resolve) => room.onLeave((code) => resolve(code)));
    const before = performance.now();
    await server.close();
    expect(performance.now() - before).toBeLessThan(2000);
    expect(await ended).toBe('server-shutdown');
    expect((await refusal(joinFrom(server.url).joinOrCreate('serving', game))).code).toBe('unreachable');
  });

  it('[SV7] serves a page under a policy without eval', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'tickwire-page-'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>A page</title>');
    const { url } = await start({ staticDir: folder });
    const response = await fetch(url);
    expect(await response.text()).toContain('A page');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'self'");
    expect(policy).not.toContain('unsafe-eval');
    await rm(folder, { recursive: true });
  });

  it('[SV8] a join that finds no server, or something else, is unreachable', async () => {
    expect((await refusal(joinFrom('http://127.0.0.1:1').joinOrCreate('serving', game))).message).toContain('http://127.0.0.1:1');
    const http = createServer((_request, response) => response.writeHead(404).end('<h1>Not here</h1>'));
    http.listen(0, '127.0.0.1');
    await once(http, 'listening');
    open.push({ close: async () => void http.close() });
    const wrong = await refusal(joinFrom(`http://127.0.0.1:${(http.address() as AddressInfo).port}`).joinOrCreate('serving', game));
    expect([wrong.code, wrong.message]).toEqual(['unreachable', expect.stringContaining('is it a Tickwire server?')]);
  });

  it('[SV9] refuses an address that asks too often', async () => {
    const { url } = await start({ requestsPer10Seconds: 5 });
    const codes: string[] = [];
    for (let count = 0; count < 8; count++) codes.push((await refusal(joinFrom(url).joinOrCreate('nowhere', game))).code);
    expect(codes.slice(0, 5)).toEqual(Array(5).fill('unknown-room'));
    expect(codes.slice(5)).toEqual(Array(3).fill('too-many-requests'));
    // Another spelling of the path is no way around it.
    expect((await fetch(`${url}/%74ickwire/join`, { method: 'POST' })).status).toBe(429);
  });

  it('[NA10] hands out relays with the seat, and again to whoever may make a link', async () => {
    const turn = { urls: 'turn:198.51.100.1:3478?transport=udp', secret: 'a secret', ttlSeconds: 300 };
    const { url } = await start({ iceServers: [{ urls: 'stun:198.51.100.1' }], turn, relayOnly: true });
    const request = { protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'serving', options: {} };
    const headers = { 'content-type': 'application/json' };
    const joined = await fetch(`${url}/tickwire/join`, { method: 'POST', headers, body: JSON.stringify(request) });
    const seat = (await joined.json()) as Seat;
    const [endsAt, name] = seat.iceServers?.[1]?.username?.split(':') ?? [];
    expect(seat).toMatchObject({ iceServers: [{ urls: 'stun:198.51.100.1' }, { urls: [turn.urls] }], iceSeconds: 300, relayOnly: true });
    expect(name).toBe(seat.sessionId);
    expect(Math.abs(Number(endsAt) - Date.now() / 1000 - 300)).toBeLessThan(10);

    const ask = (authorization: string) => fetch(`${url}/tickwire/ice`, { headers: { authorization } });
    const again = (await (await ask(`${seat.roomId}.${seat.sessionId}.${seat.token}`)).json()) as Seat;
    expect(again).toEqual({ iceServers: [seat.iceServers?.[0], expect.objectContaining({ urls: [turn.urls] })], iceSeconds: 300, relayOnly: true });
    expect(again.iceServers?.[1]?.username).toMatch(new RegExp(`^\\d+:${seat.sessionId}$`));
    for (const wrong of ['', `${seat.roomId}.${seat.sessionId}.wrong`]) {
      const refused = await ask(wrong);
      expect([refused.status, await refused.json()]).toEqual([401, { code: 'ticket-invalid' }]);
    }
  });

  it('[NA14] what a player is answered holds nothing of where others are, nor of their connections', async () => {
    const { url } = await start();
    const first = await joinFrom(url).create('serving', game);
    const ask = async (route: string, body: object): Promise<string> => {
      const headers = { 'content-type': 'application/json', 'x-forwarded-for': '203.0.113.9' };
      const response = await fetch(`${url}/tickwire/${route}`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ protocol: protocolVersion, ...body }),
      });
      expect(response.status).toBe(200);
      return response.text();
    };
    const list = await ask('rooms', { name: 'serving' });
    expect(Object.keys((JSON.parse(list) as { rooms: object[] }).rooms[0] ?? {}).sort()).toEqual([
      'clients',
      'createdAt',
      'isLocked',
      'maxClients',
      'metadata',
      'name',
      'roomId',
    ]);
    const join = await ask('join', { schemaHash: game.hash, method: 'joinById', target: first.roomId, options: {} });
    expect(Object.keys(JSON.parse(join) as object).sort()).toEqual(['roomId', 'sessionId', 'token']);
    for (const text of [list, join]) {
      expect(text).not.toContain(first.sessionId);
      expect(text).not.toMatch(/\d+\.\d+\.\d+\.\d+|::/);
    }
  });
});
