// What strangers, hostile peers and failing owners may try at the gate. Each test ends with an honest client that still gets a link.
//
// Plain geckos.io 3.1 dies of the first two: the whole process, so that this file would not even fail but vanish.

import { limits } from '@tickwire/shared';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWebrtcLink } from '../../packages/client/src/edge/node/webrtc.ts';
import { HandshakeCaps } from '../../packages/server/src/edge/transports/handshake-caps.ts';
import { type GateServer, type GateServerOptions, startGateServer } from './gate-server.ts';
import { openRawPeer, postAnswer, postOffer, type RawOffer } from './raw-peer.ts';
import { now, numbered, pause, Recorder, until } from './recorder.ts';

let gate: GateServer;

beforeEach(() => start({}));

afterEach(async () => {
  const honest = new Recorder(await openWebrtcLink({ url: gate.url, authorization: 'honest', bindAddress: '127.0.0.1', now }));
  await until('the honest client opens', () => honest.isOpen);
  await gate.close();
});

test('[WR10] an answer that is not one is refused with 400 and the server lives', async () => {
  const offer = await offerOf('mallory');
  const answer = { type: 'answer', sdp: offer.localDescription.sdp };
  const bodies: unknown[] = [{}, '', 'null', '[]', '"answer"', '{"sdp":', { sdp: {}, type: 'answer' }, { sdp: '', type: 'answer' }];
  bodies.push({ ...answer, type: 'offer' }, { ...answer, sdp: `${answer.sdp}m=audio 9 UDP/TLS/RTP/SAVPF 0\r\n` });
  bodies.push(
    { ...answer, sdp: answer.sdp.replace(/a=fingerprint.*\r\n/, '') },
    { ...answer, sdp: answer.sdp.replace(/a=ice-pwd:.*/, 'a=ice-pwd:') },
  );
  for (const body of bodies) expect((await postAnswer(gate.url, offer.id, body)).status, JSON.stringify(body).slice(0, 60)).toBe(400);
  expect(gate.transport.counters.badRequests).toBe(bodies.length);
  expect((await postAnswer(gate.url, offer.id, 'x'.repeat(20_000))).status).toBe(413);
});

test('[WR11] texts, among them `null` and forged geckos events, are dropped and counted', async () => {
  const peer = await openRawPeer(gate.url, 'mallory');
  const server = await gate.linkOf('mallory');
  const texts = ['null', '{"disconnect":"closed"}', '{"rawMessage":[1,2,3]}', '{"dropped":1}', '{}', '[]', '1', ''];
  for (const text of texts) peer.unreliable.sendMessage(text);
  for (const text of texts) peer.reliable.sendMessage(text);
  peer.reliable.sendMessageBinary(numbered(7));
  await until('the honest message', () => server.messages.length === 1);
  await until('all texts', () => gate.transport.counters.ignored.text === 2 * texts.length);
  expect(server.calls).toEqual(['opened', 'received']);
});

test('[WR12] messages over the size of their lane and malformed link messages are dropped and counted', async () => {
  const peer = await openRawPeer(gate.url, 'mallory');
  const server = await gate.linkOf('mallory');
  peer.unreliable.sendMessageBinary(new Uint8Array(limits.packetBytes + 1));
  peer.reliable.sendMessageBinary(new Uint8Array(limits.reliableBytes + 1));
  peer.reliable.sendMessageBinary(new Uint8Array(200_000));
  const garbage = [[0xc1], [0xc1, 1], [0xc1, 1, 0], [0xc1, 2], [0xc1, 2, 1, 1], [0xc1, 9]];
  for (const bytes of garbage) peer.reliable.sendMessageBinary(Uint8Array.from(bytes));
  peer.reliable.sendMessageBinary(numbered(7));
  await until('the honest message', () => server.messages.length === 1);
  expect(server.on('reliable')).toEqual([numbered(7)]);
  expect(gate.transport.counters.ignored).toMatchObject({ oversized: 3, garbage: garbage.length });
});

test('[WR13] a peer that goes on sending what it must not is closed with `protocol-error`', async () => {
  const peer = await openRawPeer(gate.url, 'mallory');
  const server = await gate.linkOf('mallory');
  for (let count = 0; count < limits.strikes + 30; count++) peer.reliable.sendMessage('null');
  await until('the link closes', () => server.closedWith !== undefined);
  expect(server.calls).toEqual(['opened', 'closed protocol-error']);
  expect(gate.transport.counters.ignored.text).toBe(limits.strikes);
  await until('the peer is cut off', () => peer.isGone());
});

test('[HO17] a peer that goes on after it was ended is cut off as soon as its code has had its time', async () => {
  const peer = await openRawPeer(gate.url, 'mallory');
  const server = await gate.linkOf('mallory');
  server.react = () => server.link.close('flood', now());
  const flooding = setInterval(() => {
    if (peer.unreliable.isOpen()) for (let count = 0; count < 20; count++) peer.unreliable.sendMessageBinary(numbered(count));
  }, 5);
  await until('the link closes', () => server.closedWith === 'flood');
  const closedMs = now();
  await until('the peer is cut off', () => peer.isGone());
  clearInterval(flooding);
  expect(now() - closedMs).toBeLessThan(1300);
  expect([peer.texts.includes('c10208'), server.messages.length]).toEqual([true, 1]);
});

test('[WR14] a channel that nobody asked for is closed and counted', async () => {
  const peer = await openRawPeer(gate.url, 'mallory');
  const server = await gate.linkOf('mallory');
  const foreign = [peer.connection.createDataChannel('geckos.io'), peer.connection.createDataChannel('more', { unordered: true })];
  let closed = 0;
  for (const channel of foreign) {
    channel.onClosed(() => {
      closed += 1;
    });
  }
  await until('they are closed', () => closed === 2);
  expect(gate.transport.counters.ignored['foreign-channel']).toBe(2);
  expect(server.calls).toEqual(['opened']);
});

test('[WR15] messages before the greeting are dropped, and such a link never opens', async () => {
  const peer = await openRawPeer(gate.url, 'mallory', false);
  peer.reliable.sendMessageBinary(numbered(1));
  peer.unreliable.sendMessageBinary(numbered(2));
  await until('both are counted', () => gate.transport.counters.ignored.early === 2);
  expect(gate.served).toEqual([]);
});

test('[WR16] offers that nobody answers, and answers that nobody greets, are closed by the deadline and counted', async () => {
  await restart({ handshakeMs: 400 });
  const offers = await Promise.all(['eve', 'eve', 'mallory'].map(offerOf));
  const silent = await openRawPeer(gate.url, 'trudy', false);
  expect(gate.transport.counters).toMatchObject({ offered: 4, handshakesNow: 4 });
  await until('the deadline', () => gate.transport.counters.handshakesNow === 0, 2000);
  expect(gate.transport.counters).toMatchObject({ neverOpened: 4, opened: 0, linksNow: 0 });
  for (const { id } of offers) expect((await fetch(`${gate.url}/.wrtc/v2/connections/${id}/additional-candidates`)).status).toBe(404);
  await until('the silent peer is cut off', () => silent.isGone());
  expect(silent.texts).toEqual(['c1020a']);
});

test('[WR17] no WebRTC resource is made without a ticket', async () => {
  for (const authorization of [undefined, 'no']) expect((await postOffer(gate.url, authorization)).status).toBe(401);
  expect(gate.transport.counters).toMatchObject({ unauthorized: 2, offered: 0, handshakesNow: 0 });
});

test('[WR18] a connection is known by an id that nobody can guess; any other id gets nothing', async () => {
  const offer = await offerOf('ada');
  expect(offer.id).toMatch(/^[\w-]{24}$/);
  const other = `${offer.id.slice(0, -1)}${offer.id.endsWith('A') ? 'B' : 'A'}`;
  const connections = `${gate.url}/.wrtc/v2/connections`;
  const answer = { type: 'answer', sdp: offer.localDescription.sdp };
  expect((await postAnswer(gate.url, other, answer)).status).toBe(404);
  expect((await fetch(`${connections}/${other}/additional-candidates`)).status).toBe(404);
  expect((await fetch(`${connections}/${other}/close`, { method: 'POST' })).status).toBe(200);
  expect(gate.transport.counters.handshakesNow).toBe(1);
  expect((await fetch(`${connections}/${offer.id}/close`, { method: 'POST' })).status).toBe(200);
  expect(gate.transport.counters.handshakesNow).toBe(0);
});

test('[WR19] a flood of offers is capped for all and for one ticket, and the caps free themselves', async () => {
  await restart({ caps: new HandshakeCaps({ ...limits, handshakesOpen: 6 }), handshakeMs: 500 });
  const oneTicket = await Promise.all(Array.from({ length: 10 }, () => postOffer(gate.url, 'mallory')));
  expect(countOf(oneTicket, 200)).toBe(4);
  const manyTickets = await Promise.all(Array.from({ length: 20 }, (_, index) => postOffer(gate.url, `seat${index}`)));
  expect(countOf(manyTickets, 200)).toBe(2);
  expect([countOf(oneTicket, 429), countOf(manyTickets, 429)]).toEqual([6, 18]);
  expect(gate.transport.counters).toMatchObject({ capped: 24, handshakesNow: 6 });
  await until('the deadline', () => gate.transport.counters.handshakesNow === 0, 2000);
  expect((await postOffer(gate.url, 'mallory')).status).toBe(200);
});

test('[WR36] clients of one address may have so many handshakes open, and the server makes so many offers in a second', async () => {
  await restart({ caps: new HandshakeCaps({ ...limits, handshakesPerAddress: 3 }), handshakeMs: 500 });
  const from = (address: string, seat: string) =>
    postOffer(gate.url, undefined, { headers: { authorization: seat, 'x-forwarded-for': address, 'content-type': 'application/json' } });
  // A /64 of IPv6 is one address.
  const ofOne = await Promise.all(Array.from({ length: 5 }, (_, index) => from(`2001:db8::${index + 1}`, `a${index}`)));
  expect([countOf(ofOne, 200), countOf(ofOne, 429)]).toEqual([3, 2]);
  expect((await from('2001:db8:0:1::1', 'other')).status).toBe(200);
  await until('the deadline', () => gate.transport.counters.handshakesNow === 0, 2000);
  expect((await from('2001:db8::9', 'a')).status).toBe(200);

  let clock = 10_000;
  await restart({ caps: new HandshakeCaps({ ...limits, offersPerSecond: 5 }), now: () => clock });
  const inOneSecond = await Promise.all(Array.from({ length: 8 }, (_, index) => postOffer(gate.url, `seat${index}`)));
  expect([countOf(inOneSecond, 200), countOf(inOneSecond, 429)]).toEqual([5, 3]);
  clock += 1000;
  expect((await postOffer(gate.url, 'later')).status).toBe(200);
});

test('[WR20] an owner that throws, in any of its callbacks, harms nobody else', async () => {
  await restart({
    authorize(authorization) {
      if (authorization === 'bad-authorize') throw new Error('authorize, on purpose');
      return authorization ?? null;
    },
    onLink(link, seat) {
      if (seat === 'bad-on-link') throw new Error('onLink, on purpose');
      const recorder = new Recorder(link, seat);
      gate.served.push(recorder);
      recorder.react = () => {
        if (seat === 'bad-handler') throw new Error('handler, on purpose');
      };
    },
    log() {
      throw new Error('log, on purpose');
    },
  });
  expect((await postOffer(gate.url, 'bad-authorize')).status).toBe(500);
  const refused = new Recorder(await openWebrtcLink({ url: gate.url, authorization: 'bad-on-link', bindAddress: '127.0.0.1', now }));
  await until('the link is refused', () => refused.closedWith !== undefined);
  expect(refused.calls).toEqual(['opened', 'closed room-error']);
  const peer = await openRawPeer(gate.url, 'bad-handler');
  const server = await gate.linkOf('bad-handler');
  peer.reliable.sendMessageBinary(numbered(1));
  await until('the link closes', () => server.closedWith !== undefined);
  expect(server.closedWith).toBe('protocol-error');
  expect(gate.transport.counters.threw).toBe(3);
});

test('[WR21] a query, an unknown content type and an empty JSON body are no reason to refuse an offer', async () => {
  const headers = { authorization: 'ada', 'content-type': 'application/x-unknown' };
  const odd = await fetch(`${gate.url}/.wrtc/v2/connections?cache=no`, { method: 'POST', headers, body: 'anything' });
  expect(odd.status).toBe(200);
  expect((await postOffer(gate.url, 'ada')).status).toBe(200);
  expect((await postOffer(gate.url, 'ada', { body: 'x'.repeat(2000) })).status).toBe(413);
});

test('[WR22] answering a flood whose sender has gone throws nothing', async () => {
  const peer = await openRawPeer(gate.url, 'mallory');
  const server = await gate.linkOf('mallory');
  server.react = ({ bytes }) => void server.link.send('unreliable', bytes, now());
  for (let number = 0; number < 5000; number++) peer.unreliable.sendMessageBinary(numbered(number % 60_000, 200));
  peer.close();
  await until('the link is lost', () => server.closedWith !== undefined);
  await pause(20);
  expect(server.calls.at(-1)).toBe('closed link-lost');
  expect(gate.transport.counters.threw).toBe(0);
});

async function start(options: GateServerOptions): Promise<void> {
  gate = await startGateServer(options);
}

async function restart(options: GateServerOptions): Promise<void> {
  await gate.close();
  await start(options);
}

async function offerOf(authorization: string): Promise<RawOffer> {
  return (await (await postOffer(gate.url, authorization)).json()) as RawOffer;
}

function countOf(answers: Response[], status: number): number {
  return answers.filter((answer) => answer.status === status).length;
}
