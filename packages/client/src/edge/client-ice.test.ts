// When credentials are fetched again, against a server of our own.

import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { ClientIce } from './client-ice.ts';

const relay = (name: string) => ({ urls: ['turn:198.51.100.1'], username: name, credential: 'x' });
const seat = { roomId: 'r', sessionId: 's', token: 't', iceServers: [relay('first')], iceSeconds: 600 };

let clock = 0;
let requests: IncomingMessage[] = [];
let status = 200;
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

test('[NA11] the credentials of the join are used until less than a minute is left of them, then fresh ones', async () => {
  const ice = await held();
  clock = 540_000;
  expect(await use(ice)).toEqual({ iceServers: [relay('first')], relayOnly: false });
  expect(requests).toHaveLength(0);
  clock = 540_001;
  expect(await use(ice)).toEqual({ iceServers: [relay('again')], relayOnly: false });
  expect(requests.map(({ url, headers }) => [url, headers.authorization])).toEqual([['/tickwire/ice', 'r.s.t']]);
  clock = 1_080_000;
  expect(await use(ice)).toEqual({ iceServers: [relay('again')], relayOnly: false });
  expect(requests).toHaveLength(1);
});

test('[NA11] without an answer the old ones are used', async () => {
  const ice = await held();
  clock = 700_000;
  status = 401;
  expect((await use(ice)).iceServers).toEqual([relay('first')]);
  const alone = new ClientIce('http://127.0.0.1:1', seat, {}, 0);
  expect((await use(alone)).iceServers).toEqual([relay('first')]);
});

test("[NA11] a client's own servers stand in place of all others, and either end may demand a relay", async () => {
  const own = await held({ iceServers: [] });
  clock = 700_000;
  expect(await use(own)).toEqual({ iceServers: [], relayOnly: false });
  expect(requests).toHaveLength(0);
  expect(new ClientIce('', seat, { relayOnly: true }, 0).relayOnly).toBe(true);
  expect(new ClientIce('', { ...seat, relayOnly: true }, { relayOnly: false }, 0).relayOnly).toBe(true);
});

function use(ice: ClientIce): ReturnType<ClientIce['use']> {
  return ice.use('r.s.t', () => clock);
}

async function held(own: ConstructorParameters<typeof ClientIce>[2] = {}): Promise<ClientIce> {
  clock = 0;
  requests = [];
  status = 200;
  const server = createServer((request, response) => {
    requests.push(request);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ iceServers: [relay('again')], iceSeconds: 600 }));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new ClientIce(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, seat, own, clock);
}
