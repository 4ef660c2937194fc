// The WebSocket gate against clients of all kinds, over real sockets on 127.0.0.1: who is let in, what is dropped, when a handshake ends, what a reader
// that has stalled is sent.

import { once } from 'node:events';
import { connect } from 'node:net';
import { type Link, limits, type TickwireError } from '@tickwire/shared';
import { afterEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { openWebsocketLink } from '../../packages/client/src/edge/node/websocket.ts';
import { HandshakeCaps } from '../../packages/server/src/edge/transports/handshake-caps.ts';
import type { WebsocketOptions } from '../../packages/server/src/edge/transports/websocket-gate.ts';
import { Recorder, until } from '../webrtc/recorder.ts';
import { type SocketServer, startSocketServer } from './socket-server.ts';

const closings: (() => unknown)[] = [];
const now = (): number => performance.now();
const READY = [1, 0xc1, 1];

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

async function start(options: Partial<WebsocketOptions<string>> = {}): Promise<{ server: SocketServer; served: Recorder[] }> {
  const served: Recorder[] = [];
  const server = await startSocketServer({ onLink: (link: Link, seat: string) => void served.push(new Recorder(link, seat)), ...options });
  closings.push(() => server.close());
  return { server, served };
}

/** A socket that says what the test says. */
function raw(server: SocketServer, protocols: string[] = ['tickwire', 'ada'], headers: Record<string, string> = {}) {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/tickwire/socket`, protocols, { headers });
  const frames: number[][] = [];
  const ended: { code?: number; status?: number } = {};
  socket.on('message', (data: Buffer) => void frames.push([...data]));
  socket.on('close', (code) => {
    ended.code = code;
  });
  socket.on('unexpected-response', (_request, response) => {
    ended.status = response.statusCode ?? 0;
    socket.terminate();
  });
  socket.on('error', () => {});
  closings.push(() => socket.terminate());
  return { socket, frames, ended, send: (...bytes: number[]) => socket.send(Uint8Array.from(bytes)) };
}

async function greeted(server: SocketServer) {
  const client = raw(server);
  await once(client.socket, 'open');
  client.send(...READY);
  await until('the server greets', () => client.frames.length > 0);
  return client;
}

test('[WS2] the client is open with its own greeting, without waiting for an answer', async () => {
  const { server, served } = await start();
  server.relay.network = { loss: 0, delayMs: 150 };
  const startMs = now();
  const client = new Recorder(await openWebsocketLink({ url: server.url, authorization: 'ada', now }));
  await until('the client opens', () => client.isOpen);
  // One round trip for the upgrade, and none for the greeting.
  expect(now() - startMs).toBeGreaterThan(290);
  expect(now() - startMs).toBeLessThan(550);
  expect(client.link.kind).toBe('websocket');
  client.link.send('reliable', Uint8Array.of(9), now());
  await until('the server hears it', () => (served[0]?.messages.length ?? 0) > 0);
  expect(served[0]?.seat).toBe('ada');
});

test('[WS3] a page of another origin is refused with 401', async () => {
  const { server, served } = await start({ isAllowed: (origin) => origin !== 'https://evil.example' });
  const client = raw(server, undefined, { origin: 'https://evil.example' });
  await until('the answer', () => client.ended.status !== undefined);
  expect([client.ended.status, served.length, server.gate.counters.foreign]).toEqual([401, 0, 1]);
});

test('[WS4] a client without a valid ticket is told by the close code, and over the rate of such answers by the status', async () => {
  // All in one second of its clock, however long they take.
  const { server } = await start({ now: () => 5 });
  const opening = openWebsocketLink({ url: server.url, authorization: 'no', now });
  await expect(opening).rejects.toMatchObject({ code: 'ticket-invalid' } satisfies Partial<TickwireError>);
  const clients = Array.from({ length: limits.socketRefusalsPerSecond * 2 + 5 }, () => raw(server, ['tickwire']));
  await until('all answers', () => clients.every(({ ended }) => ended.code !== undefined));
  expect(clients.some(({ ended }) => ended.status === 401)).toBe(true);
  expect(clients.filter(({ ended }) => (ended.code ?? 0) >= 4500).length).toBeGreaterThan(20);
  expect(server.gate.counters.handshakesNow).toBe(0);
});

test('[WS5] a socket that never greets is closed by the deadline, and its owner hears nothing of it', async () => {
  const { server, served } = await start({ handshakeMs: 100 });
  const client = raw(server);
  await until('the close', () => client.ended.code !== undefined);
  expect([client.ended.code, served.length]).toEqual([4010, 0]);
  expect(server.gate.counters).toMatchObject({ neverOpened: 1, handshakesNow: 0, opened: 0 });
});

test('[WS6] open handshakes are capped, and the cap frees itself', async () => {
  const { server } = await start({ caps: new HandshakeCaps({ ...limits, handshakesOpen: 2 }) });
  const first = [raw(server), raw(server)];
  for (const { socket } of first) await once(socket, 'open');
  await expect(openWebsocketLink({ url: server.url, authorization: 'ada', now })).rejects.toMatchObject({ code: 'too-many-requests' });
  first[0]?.socket.terminate();
  await until('the cap is free', () => server.gate.counters.handshakesNow < 2);
  const link = await openWebsocketLink({ url: server.url, authorization: 'ada', now });
  expect(link.kind).toBe('websocket');
});

test('[WS7] texts, frames without a lane and early messages are dropped and counted, and too many end the link', async () => {
  const { server, served } = await start();
  const early = raw(server);
  await once(early.socket, 'open');
  early.send(0, 5);
  const client = await greeted(server);
  client.socket.send('["emit", {}]');
  client.socket.send(new Uint8Array(0));
  client.send(7, 1, 2);
  client.socket.send(new Uint8Array(1 + limits.packetBytes + 1));
  client.send(0, 42);
  await until('the good one', () => (served[0]?.messages.length ?? 0) > 0);
  expect(served[0]?.messages.map(({ lane, bytes }) => [lane, ...bytes])).toEqual([['unreliable', 42]]);
  expect(server.gate.counters.ignored).toMatchObject({ text: 1, garbage: 2, oversized: 1, early: 1 });
  for (let count = 0; count < limits.strikes; count++) client.socket.send('text');
  await until('the end', () => client.ended.code !== undefined);
  expect(served[0]?.closedWith).toBe('protocol-error');
  expect(client.ended.code).toBe(4007);
});

test('[WS8] a frame larger than any message, and one that breaks the WebSocket protocol, end their link and nothing else', async () => {
  const { server, served } = await start();
  const [large, broken, honest] = [await greeted(server), await greeted(server), await greeted(server)];
  large.socket.send(new Uint8Array(1 + limits.reliableBytes + 1));
  // A masked frame with reserved bits.
  (broken.socket as unknown as { _socket: { write(bytes: Uint8Array): void } })._socket.write(Uint8Array.of(0xf2, 0x80, 0, 0, 0, 0));
  await until('both are gone', () => served.filter(({ closedWith }) => closedWith === 'protocol-error').length === 2);
  honest.send(1, 8);
  await until('the honest one is heard', () => served.some(({ messages }) => messages.length > 0));
  expect(server.gate.counters).toMatchObject({ linksNow: 1, threw: 0 });
});

test('[WS9] an upgrade that is none of ours, and one that is cut off in the middle, harm nobody', async () => {
  const { server } = await start({ authorize: (authorization) => new Promise((resolve) => setTimeout(() => resolve(authorization ?? null), 50)) });
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  socket.write(
    'GET /tickwire/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: tickwire, a\r\n\r\n',
  );
  await new Promise((resolve) => setTimeout(resolve, 10));
  socket.resetAndDestroy();
  const bare = connect(server.port, '127.0.0.1');
  bare.write('GET /tickwire/socket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  const [answer] = await once(bare, 'data');
  expect(String(answer)).toMatch(/^HTTP\/1.1 4/);
  await until('nothing is left', () => server.gate.counters.handshakesNow === 0);
});

test('[WS10] close codes travel both ways, and a connection that is cut is link-lost', async () => {
  const { server, served } = await start();
  const links: Recorder[] = [];
  for (let count = 0; count < 3; count++) {
    links.push(new Recorder(await openWebsocketLink({ url: server.url, authorization: 'ada', now })));
    await until('the server has it', () => served.length === links.length);
  }
  served[0]?.link.close('room-closed', now());
  links[1]?.link.close('left', now());
  await until('two are closed', () => links[0]?.closedWith !== undefined && served[1]?.closedWith !== undefined);
  server.relay.cut();
  await until('the third is', () => links[2]?.closedWith !== undefined && served[2]?.closedWith !== undefined);
  expect(links.map(({ closedWith }) => closedWith)).toEqual(['room-closed', 'left', 'link-lost']);
  expect(served.map(({ closedWith }) => closedWith)).toEqual(['room-closed', 'left', 'link-lost']);
});

test('[WS11] a closing gate tells its clients, refuses new ones, and leaves no socket, even of a client that does not answer', async () => {
  const { server } = await start();
  const link = new Recorder(await openWebsocketLink({ url: server.url, authorization: 'ada', now }));
  const deaf = await greeted(server);
  (deaf.socket as unknown as { _socket: { pause(): void } })._socket.pause();
  const startMs = now();
  await server.gate.close();
  expect(now() - startMs).toBeLessThan(2500);
  await until('the client hears it', () => link.closedWith !== undefined);
  expect(link.closedWith).toBe('server-shutdown');
  await expect(openWebsocketLink({ url: server.url, authorization: 'ada', now })).rejects.toMatchObject({ code: 'unreachable' });
});

test('[WS12] while more than a snapshot waits, unreliable messages are dropped at the sender, and what comes behind a stall is fresh', async () => {
  const { server, served } = await start();
  const client = new Recorder(await openWebsocketLink({ url: server.url, authorization: 'ada', now }));
  await until('the server has it', () => served.length > 0);
  const link = served[0]?.link as Link;
  server.relay.hold();
  // The buffers on the way take some megabytes. Then the socket takes one snapshot more.
  let sent = 0;
  for (let quiet = 0; quiet < 5; quiet = link.backlog('unreliable') > 0 ? quiet + 1 : 0) {
    while (link.send('unreliable', new Uint8Array(1100).fill(0xaa), now())) sent += 1;
    expect(link.backlog('unreliable')).toBeLessThanOrEqual(limits.socketBacklogBytes);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  expect(link.send('unreliable', new Uint8Array(1100), now())).toBe(false);
  expect(link.send('reliable', Uint8Array.of(1), now())).toBe(true);
  server.relay.release();
  await until('what was sent has come', () => client.on('unreliable').length === sent && client.on('reliable').length === 1);
  expect(link.send('unreliable', Uint8Array.of(2), now())).toBe(true);
  await until('the fresh one', () => client.on('unreliable').length > sent);
});

test('[WS13] a client that gives up its opening leaves no socket', async () => {
  const { server } = await start({ authorize: () => new Promise(() => {}) });
  const abort = new AbortController();
  const opening = openWebsocketLink({ url: server.url, authorization: 'ada', now, signal: abort.signal });
  await until('the server has it', () => server.gate.counters.handshakesNow === 1);
  expect(server.relay.ends).toBe(2);
  abort.abort();
  await expect(opening).rejects.toMatchObject({ code: 'left' });
  await until('it is closed', () => server.relay.ends === 0);
  const late = openWebsocketLink({ url: server.url, authorization: 'ada', now, timeoutMs: 50 });
  await expect(late).rejects.toMatchObject({ code: 'unreachable' });
  await until('it is closed', () => server.relay.ends === 0);
});

test('[HO15] clients of one address have so many handshakes and so many upgrades, and others are not touched', async () => {
  const addressOf = (request: { headers: Record<string, unknown> }): string => String(request.headers['x-test'] ?? '192.0.2.1');
  const caps = new HandshakeCaps({ ...limits, handshakesPerAddress: 2 });
  const { server } = await start({ addressOf, caps, upgradesPer10Seconds: 5 });
  const from = (address: string) => raw(server, undefined, { 'x-test': address });
  const silent = [from('2001:db8::1'), from('2001:db8::2')];
  for (const { socket } of silent) await once(socket, 'open');
  const third = from('2001:db8::3');
  await until('it is turned away', () => third.ended.code !== undefined);
  expect(server.gate.counters.capped).toBe(1);
  await once(from('2001:db8:0:1::1').socket, 'open');
  for (const { socket } of silent) socket.terminate();
  await until('the places are free', () => server.gate.counters.handshakesNow === 1);
  const more = [from('2001:db8::4'), from('2001:db8::5')];
  for (const { socket } of more) await once(socket, 'open');
  const sixth = from('2001:db8::6');
  await until('it is over the rate', () => sixth.ended.status !== undefined);
  expect(sixth.ended.status).toBe(429);
});

test('[HO15] pings, which are no messages, have a rate of their own, and a message has few fragments', async () => {
  const { server, served } = await start();
  const client = await greeted(server);
  for (let count = 0; count < limits.strikes + 5; count++) client.socket.ping();
  await until('the end', () => client.ended.code !== undefined);
  expect([client.ended.code, served[0]?.closedWith]).toEqual([4007, 'protocol-error']);
  const fragments = await greeted(server);
  for (let count = 0; count < 70; count++) fragments.socket.send(new Uint8Array(0), { binary: true, fin: false });
  await until('it is cut off', () => fragments.ended.code !== undefined);
  expect(server.gate.counters).toMatchObject({ linksNow: 0, threw: 0 });
});

test('[HO15] nothing more is read of a client that was ended for a flood', async () => {
  let heard = 0;
  const { server, served } = await start();
  const client = await greeted(server);
  await until('it is served', () => served.length === 1);
  const [link] = served;
  if (link) link.react = () => void (++heard === 10 && link.link.close('flood', now()));
  const startMs = now();
  const flooding = setInterval(() => {
    if (client.socket.readyState === client.socket.OPEN) for (let count = 0; count < 200; count++) client.send(0, 1);
  }, 5);
  await until('the end', () => client.ended.code !== undefined);
  clearInterval(flooding);
  expect(client.ended.code).toBe(4008);
  expect(now() - startMs).toBeLessThan(1400);
  expect(heard).toBe(10);
});
