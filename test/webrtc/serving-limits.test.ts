// What the HTTP side of serve() takes from one address and from all, how long it waits for slow sockets, and what it survives of its own game.
//
// Rates and caps are given small where an option allows it. Units: milliseconds.

import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect } from '@tickwire/client/node';
import { type GameServer, Room, type ServeOptions, serve } from '@tickwire/server';
import { defineGame, limits } from '@tickwire/shared';
import { protocolVersion } from '@tickwire/shared/internal';
import { afterEach, describe, expect, it } from 'vitest';
import { Child } from '../e2e/child.ts';
import { until } from './recorder.ts';
import { throwingGame } from './throwing-server.ts';

const game = defineGame({ name: 'limits', tickHz: 20, snapshotHz: 20, entities: {} });

const answerAuth: (() => void)[] = [];

class SlowRoom extends Room<typeof game> {
  static override onAuth(): Promise<boolean> {
    return new Promise((resolve) => answerAuth.push(() => resolve(true)));
  }
}

class QuickRoom extends Room<typeof game> {}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const resolve of answerAuth.splice(0)) resolve();
  for (const one of open.splice(0)) await one.close();
});

async function start(options: Partial<ServeOptions> = {}): Promise<GameServer> {
  const rooms = { slow: { game, room: SlowRoom }, quick: { game, room: QuickRoom } };
  const server = await serve({ rooms, port: 0, host: '127.0.0.1', signals: false, survive: false, logLevel: 'silent', ...options });
  open.push(server);
  return server;
}

function join(url: string, target: string, from = ''): Promise<Response> {
  const body = JSON.stringify({
    protocol: protocolVersion,
    schemaHash: game.hash,
    method: target === 'slow' ? 'joinOrCreate' : 'create',
    target,
    options: {},
  });
  return fetch(`${url}/tickwire/join`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(from !== '' && { 'x-forwarded-for': from }) },
    body,
  });
}

const statuses = async (answers: Promise<Response>[]): Promise<number[]> => (await Promise.all(answers)).map(({ status }) => status).sort();

describe('requests', () => {
  it('[HO7] one address has a rate, by its proxy if there is one; all together have one; others are not touched', async () => {
    const behind = await start({ requestsPer10Seconds: 3, trustProxy: true });
    const at = (from: string, times: number): Promise<number[]> => statuses(Array.from({ length: times }, () => join(behind.url, 'nowhere', from)));
    expect(await at('198.51.100.1', 5)).toEqual([404, 404, 404, 429, 429]);
    expect(await at('198.51.100.2', 1)).toEqual([404]);
    expect([await at('2001:db8::1', 2), await at('2001:db8::2', 2), await at('2001:db8:0:1::', 1)]).toEqual([[404, 404], [404, 429], [404]]);
    expect(behind.counters.requests).toMatchObject({ overAddressRate: 3, inFlight: 0 });

    // Without a proxy nobody chooses an address.
    const direct = await start({ requestsPer10Seconds: 3 });
    const asked = await statuses(['198.51.100.1', '198.51.100.2', '198.51.100.3', '198.51.100.4'].map((from) => join(direct.url, 'nowhere', from)));
    expect(asked).toEqual([404, 404, 404, 429]);

    const busy = await start({ limits: { requestsPerSecond: 5 }, trustProxy: true });
    await pause(1000 - (performance.now() % 1000) + 5);
    const answers = await Promise.all(Array.from({ length: 8 }, (_, index) => join(busy.url, 'nowhere', `198.51.100.${index}`)));
    expect(answers.map(({ status }) => status).sort()).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
    const refused = answers.find(({ status }) => status === 429);
    expect([refused?.headers.get('retry-after'), await refused?.json()]).toEqual(['1', { code: 'too-many-requests' }]);
    expect((await fetch(`${busy.url}/health`)).status).toBe(200);
  });

  it('[HO7] requests that wait for an answer are capped for one address, and give their places back', async () => {
    const { url, counters } = await start({ requestsPer10Seconds: 1000, trustProxy: true });
    const waiting = Array.from({ length: limits.requestsInFlightPerAddress }, () => join(url, 'slow', '198.51.100.1'));
    await until('all wait in onAuth', () => answerAuth.length === waiting.length);
    expect((await join(url, 'quick', '198.51.100.1')).status).toBe(429);
    expect((await join(url, 'quick', '198.51.100.2')).status).toBe(200);
    expect(counters.requests).toMatchObject({ overInFlight: 1, inFlight: waiting.length });
    for (const resolve of answerAuth.splice(0)) resolve();
    expect(await statuses(waiting)).toEqual(Array(waiting.length).fill(200));
    await until('all are answered', () => counters.requests.inFlight === 0);
    expect((await join(url, 'quick', '198.51.100.1')).status).toBe(200);
  });
});

describe('sockets', () => {
  it('[HO8] slow and silent sockets are closed, one address has so many, and others are served', async () => {
    const { url, port, counters } = await start();
    const sockets: Socket[] = [];
    const openSocket = async (text: string, localAddress = '127.0.0.1'): Promise<Socket> => {
      const socket = createConnection({ port, host: '127.0.0.1', localAddress }).on('error', () => {});
      sockets.push(socket);
      await once(socket, 'connect');
      socket.write(text);
      return socket;
    };
    const head = 'POST /tickwire/join HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\n';
    const slow = [
      await openSocket(''),
      await openSocket('POST /tick'),
      await openSocket(head),
      await openSocket(`${head}content-length: 1000\r\n\r\n{`),
    ];
    const startedAt = performance.now();
    const closedAfter = slow.map(async (socket, index) => {
      // A byte now and then keeps no socket alive.
      const dripping = index > 0 ? setInterval(() => socket.write('x'), 400) : undefined;
      await once(socket.resume(), 'close');
      clearInterval(dripping);
      return performance.now() - startedAt;
    });
    for (let count = 0; count < limits.socketsPerAddress + 20; count++) await openSocket('', '127.0.0.2');
    await until('the last are closed', () => counters.sockets?.overAddress === 20);
    expect((await join(url, 'quick')).status).toBe(200);
    // Node looks once a second.
    for (const ms of await Promise.all(closedAfter)) expect(ms).toBeLessThan(limits.requestMs + 3000);
    for (const socket of sockets) socket.destroy();
  });
});

describe('a game that throws where nobody looks', () => {
  it('[HO9] is logged, and the server goes on', async () => {
    const command = [process.execPath, '--import', 'tsx', '--conditions=@tickwire/source', 'test/webrtc/throwing-server.ts', '--serve'] as const;
    const child = new Child([...command]);
    open.push({ close: async () => void child.signal('SIGKILL') });
    const url = await child.address();
    const joinFrom = () => connect(url, { bindAddress: '127.0.0.1' }).create('throwing', throwingGame);
    const [room, other] = [await joinFrom(), await joinFrom()];
    let pongs = 0;
    for (const one of [room, other]) one.on('ping', () => pongs++);
    room.emit('fail', { how: 'reject' });
    room.emit('fail', { how: 'timer' });
    await until('both are logged', () => /without an owner/.test(child.out + child.errors) && /a timer of the game/.test(child.out + child.errors));
    room.emit('ping', { number: 1 });
    await until('the room goes on', () => pongs === 1);

    const ended = new Promise<string>((resolve) => room.onLeave((code) => resolve(code)));
    room.emit('fail', { how: 'handler' });
    expect(await ended).toBe('room-error');
    await until('it is logged', () => /an async handler/.test(child.out + child.errors));
    other.emit('ping', { number: 1 });
    await until('the other room goes on', () => pongs === 2);
    other.leave();
  });
});
