// Chromium and a real server with NATs between them: whether they connect, and over which pair of candidates.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lab } from './lab.ts';
import { HTTP_PORT, type LabPlayer, LabPlayers, startServer, UDP_PORT } from './lab-player.ts';
import { natKinds } from './nat.ts';
import { startRelay } from './relay.ts';

describe('a server on a public address', () => {
  const lab = new Lab();
  let players: LabPlayers;
  const url = `http://${lab.serverAddress}:${HTTP_PORT}`;

  beforeAll(async () => {
    await lab.build({ delayMs: 10 });
    [players] = await Promise.all([LabPlayers.launch(lab), startServer(lab, { host: '::' })]);
  });

  afterAll(async () => {
    await players?.close();
    await lab.close();
  });

  test.each(natKinds)('[NA6] a client behind NAT %s connects to it directly, with no STUN server', async (nat) => {
    lab.setNat(nat);
    const joined = await players.join(url);
    expect(joined).toMatchObject({ transport: 'webrtc', path: { local: direct, remote: 'host', protocol: 'udp' } });
    expect(joined).not.toHaveProperty('path.relayProtocol');
  });

  test('[NA13] a client whose IPv4 lets no UDP pass connects over IPv6', async () => {
    lab.setNat('port-restricted');
    lab.blockUdp('ipv4');
    const player = await players.open(`http://[${lab.serverAddress6}]:${HTTP_PORT}`);
    expect(await player.join({ transport: 'webrtc' })).toMatchObject({ transport: 'webrtc', path: { remote: 'host', protocol: 'udp' } });
    const { offer } = await player.descriptions();
    expect(candidatesOf(offer)).toEqual([`${lab.serverAddress6} ${UDP_PORT} typ host`, `${lab.serverAddress} ${UDP_PORT} typ host`]);
    lab.blockUdp(false);
    await player.close();
  });

  test('[NA12] where UDP is blocked a client plays over a WebSocket within three seconds, and over UDP when it is not any more', async () => {
    lab.setNat('port-restricted');
    lab.blockUdp();
    const player = await players.open(url);
    const joined = await player.join();
    expect(joined).toMatchObject({ transport: 'websocket' });
    expect(joined.ms).toBeLessThan(3000);
    lab.blockUdp(false);
    // The attempt that runs gets through, or the next one, 5 s later.
    await expect.poll(async () => (await player.look()).path, { timeout: 15_000 }).toMatchObject({ local: direct, remote: 'host', protocol: 'udp' });
    await player.close();
  });

  test('[NA12] when UDP is blocked in the middle of a game, the game goes on over a WebSocket', async () => {
    const player = await players.open(url);
    expect(await player.join()).toMatchObject({ transport: 'webrtc' });
    lab.blockUdp();
    await expect.poll(async () => (await player.look()).transport, { timeout: 5000 }).toBe('websocket');
    await expect.poll(async () => (await player.look()).path).toBeUndefined();
    lab.blockUdp(false);
    await player.close();
  });
});

describe('a server behind a NAT with one forwarded UDP port', () => {
  const lab = new Lab();
  let players: LabPlayers;
  const url = `http://${lab.serverAddress}:${HTTP_PORT}`;

  beforeAll(async () => {
    await lab.build({ nat: 'port-restricted', delayMs: 10, serverPorts: { tcp: HTTP_PORT, udp: UDP_PORT } });
    [players] = await Promise.all([LabPlayers.launch(lab), startRelay(lab)]);
  });

  afterAll(async () => {
    await players?.close();
    await lab.close();
  });

  test('[NA9] nobody connects by WebRTC to one that does not know its outside address', async () => {
    const server = await startServer(lab);
    const { error } = await players.join(url, { timeoutMs: 2000, transport: 'webrtc' });
    expect([error?.code, error?.message]).toEqual([
      'no-data-channel',
      expect.stringContaining('advertises an address that this machine cannot reach'),
    ]);
    await server.kill();
  });

  test('[NA9] one that asked a STUN server for it is reached on its one port by all, and tells nothing of its network', async () => {
    const server = await startServer(lab, { advertiseAddress: 'auto', stunUrls: [`stun:${lab.relayAddress}:3478`] });
    const two = await Promise.all([players.open(url), players.open(url)]);
    for (const nat of natKinds) {
      lab.setNat(nat);
      for (const joined of await Promise.all(two.map((player) => player.join())))
        expect(joined).toMatchObject({ transport: 'webrtc', path: { local: direct, remote: 'host', protocol: 'udp' } });
    }
    const { offer, answer } = await (two[0] as LabPlayer).descriptions();
    expect(candidatesOf(offer)).toEqual([`${lab.serverAddress} ${UDP_PORT} typ host`]);
    expect(offer).not.toMatch(/10\.2\.|\.local/);
    // Chromium shows a page its own addresses once it was allowed a camera or a microphone: nobody asked for one.
    expect(answer).not.toContain(lab.clientAddress);
    for (const { complaints, close } of two) {
      expect(complaints).toEqual([]);
      await close();
    }
    await server.kill();
  });
});

function candidatesOf(sdp: string): string[] {
  return [...sdp.matchAll(/^a=candidate:\S+ \d+ udp \d+ (\S+ \d+ typ \w+)/gim)].map(([, place = '']) => place);
}

/** Behind a NAT Chromium learns of its outside address from the answers: which pair it counts as chosen depends on what comes first. */
const direct = expect.stringMatching(/^(host|prflx)$/);
