// Links between the Node client and the gate on 127.0.0.1: how they open, carry and close.

import { limits, TickwireError } from '@tickwire/shared';
import type { FastifyInstance } from 'fastify';
import { afterEach, expect, test } from 'vitest';
import { openWebrtcLink } from '../../packages/client/src/edge/node/webrtc.ts';
import { HandshakeCaps } from '../../packages/server/src/edge/transports/handshake-caps.ts';
import { type GateServer, type GateServerOptions, startGateServer } from './gate-server.ts';
import { openNativePair } from './native-pair.ts';
import { getCandidates, openRawPeer, postAnswer, postOffer, type RawOffer } from './raw-peer.ts';
import { now, numbered, numberOf, pause, Recorder, until } from './recorder.ts';
import { UdpRelay } from './udp-relay.ts';

const closings: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closings.splice(0).reverse()) await close();
});

test('[WR1] a client with a ticket opens a link, and both lanes carry messages both ways', async () => {
  const { client, server } = await joined();
  expect(client.link.kind).toBe('webrtc');
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    for (const lane of ['unreliable', 'reliable'] as const) {
      expect(from.link.send(lane, Uint8Array.of(1, 2, 3), now())).toBe(true);
      await until(`${lane} message`, () => to.on(lane).length === 1);
      expect(to.on(lane)).toEqual([Uint8Array.of(1, 2, 3)]);
    }
  }
});

test('[NA5] a link of the Node client knows its path', async () => {
  const { client } = await joined();
  await until('the path', () => client.link.path?.(now()) !== undefined);
  expect(client.link.path?.(now())).toEqual({ local: 'host', remote: 'host', protocol: 'udp', rttMs: expect.any(Number) });
});

test('[WR2] the owner gets the link before `opened`, and nothing passes before both ends can hear it', async () => {
  const sentEarly: boolean[] = [];
  const recorders: Recorder[] = [];
  const server = await started({
    onLink(link) {
      sentEarly.push(link.send('reliable', numbered(1), now()));
      recorders.push(new Recorder(link));
      expect(recorders[0]?.calls).toEqual([]);
    },
  });
  const client = new Recorder(await open(server, 'ada'));
  expect(client.calls).toEqual([]);
  await until('both open', () => client.isOpen && recorders[0]?.isOpen === true);
  expect(sentEarly).toEqual([false]);
  expect(client.messages).toEqual([]);
});

test.each([
  [0, 0],
  [20, 0],
  [300, 0],
  [0, 20],
  [0, 300],
])(
  '[WR3] nothing is lost when the host takes up its channels %i ms late and the client makes its own %i ms late',
  async (hostLateMs, clientLateMs) => {
    const pair = await openNativePair({ hostLateMs, clientLateMs });
    closings.push(pair.close);
    const both = [pair.host, pair.client];
    await until('both open', () => both.every((end) => end.isOpen));
    for (let number = 0; number < 100; number++) {
      for (const end of both) for (const lane of ['reliable', 'unreliable'] as const) end.link.send(lane, numbered(number), now());
    }
    await until('all messages', () => both.every((end) => end.messages.length === 200));
    const numbers = Array.from({ length: 100 }, (_, number) => number);
    for (const end of both) {
      expect(end.on('reliable').map(numberOf)).toEqual(numbers);
      expect(
        end
          .on('unreliable')
          .map(numberOf)
          .sort((a, b) => a - b),
      ).toEqual(numbers);
    }
  },
);

test('[WR4] a close at either end reaches the other with its code', async () => {
  const first = await joined();
  first.client.link.close('left', now());
  await until('the server hears it', () => first.server.closedWith !== undefined);
  const second = await joined();
  second.server.link.close('kicked', now());
  await until('the client hears it', () => second.client.closedWith !== undefined);
  await pause(50);
  expect([first.client.calls, first.server.calls]).toEqual([
    ['opened', 'closed left'],
    ['opened', 'closed left'],
  ]);
  expect([second.client.calls, second.server.calls]).toEqual([
    ['opened', 'closed kicked'],
    ['opened', 'closed kicked'],
  ]);
  expect(second.gate.transport.counters).toMatchObject({ opened: 1, closed: 1, linksNow: 0 });
});

test('[WR5] a peer whose connection goes without a code is `link-lost`', async () => {
  const gate = await started();
  const peer = await openRawPeer(gate.url, 'ada');
  const server = await gate.linkOf('ada');
  peer.close();
  await until('the server hears it', () => server.closedWith !== undefined);
  expect(server.calls).toEqual(['opened', 'closed link-lost']);
});

test('[WR6] the transport closes with `server-shutdown` for every link, refuses new ones and leaves no connection', async () => {
  const gate = await started();
  const clients = [new Recorder(await open(gate, 'ada')), new Recorder(await open(gate, 'bob'))];
  await until('all open', () => gate.served.length === 2 && clients.every((client) => client.isOpen));
  await gate.transport.close();
  await until('the clients hear it', () => clients.every((client) => client.closedWith !== undefined));
  expect(clients.map((client) => client.closedWith)).toEqual(['server-shutdown', 'server-shutdown']);
  expect(gate.transport.counters).toMatchObject({ linksNow: 0, handshakesNow: 0, closed: 2 });
  await expect(open(gate, 'eve')).rejects.toMatchObject({ code: 'unreachable' });
});

test('[WR6] closing the app closes the transport, and no request is left hanging', async () => {
  let app: FastifyInstance | undefined;
  const gate = await started({
    prepare: (made) => {
      app = made;
    },
  });
  const client = new Recorder(await open(gate, 'ada'));
  await until('the client opens', () => client.isOpen);
  const { id } = (await (await postOffer(gate.url, 'bob')).json()) as RawOffer;
  const hanging = getCandidates(gate.url, id);
  await pause(20);
  await app?.close();
  expect(await hanging).toEqual([]);
  await until('the client hears it', () => client.closedWith === 'server-shutdown');
});

test('[WR7] a link that its owner closes at once carries nothing: the client’s ends with that code', async () => {
  const gate = await started({ onLink: (link) => link.close('never-opened', now()) });
  const client = new Recorder(await open(gate, 'ada'));
  await until('the client hears it', () => client.closedWith !== undefined);
  expect(client.calls).toEqual(['opened', 'closed never-opened']);
});

test('[WR8] opening fails with `ticket-invalid`, `too-many-requests`, or `unreachable` when nobody answers', async () => {
  const gate = await started({ caps: new HandshakeCaps({ ...limits, handshakesOpen: 1 }) });
  await expect(open(gate, 'no')).rejects.toMatchObject({ code: 'ticket-invalid' });
  await postOffer(gate.url, 'somebody');
  await expect(open(gate, 'ada')).rejects.toMatchObject({ code: 'too-many-requests' });
  await gate.close();
  await expect(open(gate, 'ada')).rejects.toMatchObject({ code: 'unreachable' });
  await expect(open(gate, 'ada')).rejects.toBeInstanceOf(TickwireError);
});

test('[WR9] where UDP is blocked, opening fails with `no-data-channel` in its time and the server is freed', async () => {
  const relay = new UdpRelay(9, { loss: 1, delayMs: 0 });
  closings.push(() => relay.close());
  const gate = await started({ prepare: (app) => app.addHook('onSend', async (_request, _reply, body) => relay.rewrite(String(body))) });
  const startMs = now();
  await expect(open(gate, 'ada', 600)).rejects.toMatchObject({ code: 'no-data-channel' });
  expect(now() - startMs).toBeLessThan(900);
  await until('the handshake is freed', () => gate.transport.counters.handshakesNow === 0);
  expect(gate.transport.counters.neverOpened).toBe(0);
});

test('[WR27] a near client gets candidates once its answer is in, one waiting request at a time; a far one gets them with the offer', async () => {
  const gate = await started();
  const near = (await (await postOffer(gate.url, 'ada')).json()) as RawOffer;
  const far = (await (await postOffer(gate.url, 'bob', { headers: { authorization: 'bob', 'x-forwarded-for': '203.0.113.5' } })).json()) as RawOffer;
  expect(near.localDescription.sdp).not.toContain('candidate:');
  expect(far.localDescription.sdp).toMatch(/a=candidate:.* 127\.0\.0\.1 \d+ typ host/);
  let arrived: unknown;
  const waiting = getCandidates(gate.url, near.id).then((candidates) => {
    arrived = candidates;
    return candidates;
  });
  await pause(100);
  expect(arrived).toBeUndefined();
  expect(await getCandidates(gate.url, near.id)).toEqual([]);
  // Any valid answer will do: another server's offer has all that one needs.
  await postAnswer(gate.url, near.id, { type: 'answer', sdp: far.localDescription.sdp.replace('a=setup:actpass', 'a=setup:active') });
  expect((await waiting)[0]?.candidate).toMatch(/candidate:.* 127\.0\.0\.1 \d+ typ host/);
});

test('[WR28] clients are told the advertised address where the server has one', async () => {
  const gate = await started({ advertised: { ipv4: '203.0.113.77' } });
  const far = (await (await postOffer(gate.url, 'bob', { headers: { authorization: 'bob', 'x-forwarded-for': '203.0.113.5' } })).json()) as RawOffer;
  expect(far.localDescription.sdp).toMatch(/a=candidate:.* 203\.0\.113\.77 \d+ typ host/);
  expect(far.localDescription.sdp).not.toMatch(/a=candidate:.* 127\.0\.0\.1 /);
});

test('[NA4] an offer names the advertised address and no other, whether its candidates come with it or later', async () => {
  const gate = await started({ advertised: { ipv4: '203.0.113.77' } });
  const offers = ['203.0.113.5', '10.0.0.1'].map(async (ip) =>
    (await postOffer(gate.url, ip, { headers: { authorization: ip, 'x-forwarded-for': ip } })).json(),
  );
  for (const { localDescription } of (await Promise.all(offers)) as RawOffer[]) {
    const addresses = localDescription.sdp.replace(/^o=.*$/m, '').match(/\d+\.\d+\.\d+\.\d+/g) ?? [];
    expect(new Set([...addresses, '0.0.0.0', '203.0.113.77'])).toEqual(new Set(['0.0.0.0', '203.0.113.77']));
    expect(localDescription.sdp).not.toContain('.local');
  }
});

async function started(options?: GateServerOptions): Promise<GateServer> {
  const gate = await startGateServer(options);
  closings.push(() => gate.close());
  return gate;
}

function open(gate: GateServer, authorization: string, timeoutMs = 8000): ReturnType<typeof openWebrtcLink> {
  return openWebrtcLink({ url: gate.url, authorization, timeoutMs, bindAddress: '127.0.0.1', now });
}

async function joined(): Promise<{ gate: GateServer; client: Recorder; server: Recorder }> {
  const gate = await started();
  const client = new Recorder(await open(gate, 'ada'));
  const server = await gate.linkOf('ada');
  await until('the client opens', () => client.isOpen);
  return { gate, client, server };
}
