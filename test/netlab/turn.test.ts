// Chromium and a real server with a relay beside them: players whose addresses the server must not see, and credentials that are not in order.

import type { IceServer } from '@tickwire/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { turnCredentials } from '../../packages/server/src/edge/ice-servers.ts';
import { Lab } from './lab.ts';
import { HTTP_PORT, LabPlayers, startServer } from './lab-player.ts';
import { RELAY_SECRET, startRelay } from './relay.ts';

const lab = new Lab();
const url = `http://${lab.serverAddress}:${HTTP_PORT}`;
const relay = `turn:${lab.relayAddress}:3478?transport=udp`;
let players: LabPlayers;

beforeAll(async () => {
  await lab.build({ nat: 'port-restricted', delayMs: 10 });
  [players] = await Promise.all([LabPlayers.launch(lab), startServer(lab, { turn: { urls: relay, secret: RELAY_SECRET } }), startRelay(lab)]);
});

afterAll(async () => {
  await players?.close();
  await lab.close();
});

test('[NA8] with a relay and valid credentials a player connects through it, and by nothing else if told so', async () => {
  const joined = await players.join(url, { iceServers: [relayServer(600)], relayOnly: true });
  expect(joined).toMatchObject({ transport: 'webrtc', path: { local: 'relay', remote: 'host', protocol: 'udp', relayProtocol: 'udp' } });
});

test('[NA8] a player who asks for nothing but privacy gets the relay and its credentials from the game server', async () => {
  const joined = await players.join(url, { relayOnly: true });
  expect(joined).toMatchObject({ transport: 'webrtc', path: { local: 'relay', remote: 'host', protocol: 'udp', relayProtocol: 'udp' } });
});

test.each([
  ['expired', relayServer(-1)],
  ['made with another secret', relayServer(600, 'another secret')],
])('[NA8] with credentials that are %s it fails at once, and says which relay it was', async (_what, server) => {
  const { error, ms } = await players.join(url, { iceServers: [server], relayOnly: true });
  expect(error?.code).toBe('no-data-channel');
  expect(error?.message).toContain(`the relay ${relay} answered 401 Unauthorized: its credentials are wrong, or have expired`);
  expect(ms).toBeLessThan(3000);
});

test('[NA8] where a relay is not the only way, one that refuses does no harm', async () => {
  const joined = await players.join(url, { iceServers: [relayServer(-1)] });
  expect(joined).toMatchObject({ transport: 'webrtc', path: { remote: 'host', protocol: 'udp' } });
});

test('[NA8] through a relay only, and with none known, it fails at once', async () => {
  const { error, ms } = await players.join(url, { iceServers: [], relayOnly: true });
  expect(error?.message).toContain('none is known: give the server `turn`');
  expect(ms).toBeLessThan(1000);
});

function relayServer(seconds: number, secret = RELAY_SECRET): IceServer {
  return { urls: relay, ...turnCredentials(secret, 'ada', Date.now() / 1000 + seconds) };
}
