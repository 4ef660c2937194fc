// The two lanes over a bad network: a relay on 127.0.0.1 between the Node client and the gate, with a seed.
//
// SCTP bundles what it sends, so a lost packet is not one lost message: the assertions are about shares and orders, never about single ones.

import { afterEach, expect, test } from 'vitest';
import { openWebrtcLink } from '../../packages/client/src/edge/node/webrtc.ts';
import { type GateServer, startGateServer } from './gate-server.ts';
import { now, numbered, numberOf, pause, Recorder, until } from './recorder.ts';
import { type RelayNetwork, UdpRelay } from './udp-relay.ts';

interface Lossy {
  readonly gate: GateServer;
  readonly relay: UdpRelay;
  readonly client: Recorder;
  readonly server: Recorder;
}

const closings: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

test('[WR23] at 5 % loss the unreliable lane loses messages for good and later ones do not wait for them', async () => {
  const { relay, client, server } = await joinedOver(23, { loss: 0, delayMs: 25 });
  relay.network = { loss: 0.05, delayMs: 25 };
  const COUNT = 400;
  for (const [from, to] of [
    [server, client],
    [client, server],
  ] as const) {
    const sentMs: number[] = [];
    for (let number = 0; number < COUNT; number++) {
      sentMs.push(now());
      from.link.send('unreliable', numbered(number, 100), now());
      await pause(8);
    }
    await pause(1000);
    const lateMs = new Map(to.messages.map(({ bytes, atMs }) => [numberOf(bytes), atMs - (sentMs[numberOf(bytes)] ?? 0)]));
    const lost = sentMs.map((_, number) => number).filter((number) => !lateMs.has(number));
    expect(lost.length).toBeGreaterThan(2);
    expect(lost.length).toBeLessThan(COUNT * 0.15);
    // A lane that waited for a lost message would be late by a retransmission (200 ms and more) with the five after it.
    const followers = lost.flatMap((number) => [1, 2, 3, 4, 5].map((step) => lateMs.get(number + step))).filter((late) => late !== undefined);
    expect(followers.length).toBeGreaterThan(10);
    expect(quantile(followers, 0.5)).toBeLessThan(25 + 40);
    expect(quantile(followers, 0.9)).toBeLessThan(25 + 120);
    expect(new Set(to.messages.map(({ bytes }) => numberOf(bytes))).size).toBe(to.messages.length);
  }
});

test('[WR24] at 5 % loss the reliable lane delivers everything once and in order, both ways, beside a busy unreliable lane', async () => {
  const { relay, client, server } = await joinedOver(24, { loss: 0, delayMs: 25 });
  relay.network = { loss: 0.05, delayMs: 25 };
  const COUNT = 250;
  const numbers = Array.from({ length: COUNT }, (_, number) => number);
  for (const number of numbers) {
    for (const end of [client, server]) {
      expect(end.link.send('reliable', numbered(number, 120), now())).toBe(true);
      end.link.send('unreliable', numbered(number, 200), now());
    }
    await pause(10);
  }
  await until('everything reliable', () => [client, server].every((end) => end.on('reliable').length >= COUNT), 20_000);
  await pause(100);
  expect(relay.counters.lost).toBeGreaterThan(10);
  for (const end of [client, server]) expect(end.on('reliable').map(numberOf)).toEqual(numbers);
});

test('[WR25] a link survives a second of darkness, and nothing reliable is lost in it', async () => {
  const { relay, client, server } = await joinedOver(25, { loss: 0, delayMs: 10 });
  relay.blackout(1000);
  for (let number = 0; number < 50; number++) {
    for (const end of [client, server]) end.link.send('reliable', numbered(number), now());
    await pause(20);
  }
  await until('everything reliable', () => [client, server].every((end) => end.messages.length >= 50), 20_000);
  for (const end of [client, server]) {
    expect(end.on('reliable').map(numberOf)).toEqual(Array.from({ length: 50 }, (_, number) => number));
    expect(end.closedWith).toBeUndefined();
  }
});

test('[WR26] a close code gets through loss', async () => {
  const { relay, client, server } = await joinedOver(26, { loss: 0, delayMs: 10 });
  relay.network = { loss: 0.3, delayMs: 10 };
  server.link.close('room-closed', now());
  await until('the client hears it', () => client.closedWith !== undefined);
  expect(client.closedWith).toBe('room-closed');
});

async function joinedOver(seed: number, network: RelayNetwork): Promise<Lossy> {
  const relay = new UdpRelay(seed, network);
  const gate = await startGateServer({ prepare: (app) => app.addHook('onSend', async (_request, _reply, body) => relay.rewrite(String(body))) });
  closings.push(
    () => relay.close(),
    () => gate.close(),
  );
  const client = new Recorder(await openWebrtcLink({ url: gate.url, authorization: 'ada', bindAddress: '127.0.0.1', now }));
  const server = await gate.linkOf('ada');
  await until('the client opens', () => client.isOpen);
  expect(relay.counters.passed).toBeGreaterThan(0);
  return { gate, relay, client, server };
}

function quantile(values: number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(share * sorted.length)] ?? Number.NaN;
}
