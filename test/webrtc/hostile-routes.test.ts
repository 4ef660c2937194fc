// Bodies, headers and paths that no client sends, to every route of a server: answered with what is wrong with them, never with 500, and nothing is kept.
//
// A failure of fast-check prints its seed and the smallest request that shows it. Requests over HTTP on 127.0.0.1.

import { Room, type ServeOptions, serve } from '@tickwire/server';
import { defineGame, limits } from '@tickwire/shared';
import { protocolVersion, type Seat } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { postAnswer, postOffer, type RawOffer } from './raw-peer.ts';

const game = defineGame({ name: 'routes', tickHz: 20, snapshotHz: 20, entities: {} });

class RoutesRoom extends Room<typeof game> {}

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

const rooms = { routes: { game, room: RoutesRoom } };
const options: ServeOptions = { rooms, port: 0, host: '127.0.0.1', signals: false, survive: false, logLevel: 'silent', requestsPer10Seconds: 1e6 };

const right = { protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'routes', options: {} };

test('[HO12] no body stops a route or is answered with 500', async () => {
  const server = await serve({ ...options, limits: { requestsPerSecond: 1e6 } });
  open.push(server);
  const seat = (await (await post(`${server.url}/tickwire/join`, JSON.stringify(right))).json()) as Seat;
  const authorization = `${seat.roomId}.${seat.sessionId}.${seat.token}`;
  const offer = (await (await postOffer(server.url, authorization)).json()) as RawOffer;
  const paths = [
    '/tickwire/join',
    '/tickwire/rooms',
    '/.wrtc/v2/connections',
    ...['remote-description', 'close', 'additional-candidates'].map(ofOffer),
  ];
  function ofOffer(end: string): string {
    return `/.wrtc/v2/connections/${offer.id}/${end}`;
  }
  const hostile = fc.oneof(fc.jsonValue(), fc.constantFrom(null, -1, 1e308, '', '__proto__', [], {}), fc.string({ unit: 'binary', maxLength: 80 }));
  // A right request in which one thing is wrong gets further than noise.
  const nearly = fc.tuple(fc.constantFrom(...Object.keys(right)), hostile).map(([key, value]) => ({ ...right, [key]: value }));
  const answers = fc.record({ type: fc.oneof(fc.constant('answer'), hostile), sdp: fc.oneof(spoiltSdp(offer.localDescription.sdp), hostile) });
  const body = fc.oneof(
    nearly.map(text),
    answers.map(text),
    fc.json(),
    fc.string({ unit: 'binary', maxLength: 200 }),
    fc.constant('x'.repeat(90_000)),
  );
  const method = fc.constantFrom('POST', 'POST', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS');
  const contentType = fc.constantFrom(
    'application/json',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'x/y; charset=utf-16',
  );
  const { rooms: before } = server.lobby;
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...paths), method, contentType, body, async (path, how, type, sent) => {
      const { status } = await fetch(server.url + path, { method: how, headers: { 'content-type': type, authorization }, body: sent });
      expect(status, `${how} ${path}`).not.toBe(500);
    }),
    { numRuns: 400 },
  );
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(before.size).toBeLessThan(20);
});

test('[HO12] neither does a header or a path', async () => {
  const server = await serve({ ...options, limits: { requestsPerSecond: 1e6 } });
  open.push(server);
  const header = fc.string({
    unit: fc.oneof(fc.integer({ min: 0x20, max: 0x7e }), fc.integer({ min: 0xa0, max: 0xff })).map((code) => String.fromCharCode(code)),
    maxLength: 3000,
  });
  const nearTicket = fc
    .array(fc.oneof(fc.constantFrom('', 'a', '..', 'x'.repeat(limits.nameBytes + 1)), header), { maxLength: 5 })
    .map((parts) => parts.join('.'));
  const path = fc.string({ unit: fc.constantFrom('/', '.', '%2e', '%00', '%', '..', '?', '#', 'a', '%ff', 'close', ';'), maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.oneof(header, nearTicket), path, async (authorization, end) => {
      const offered = await fetch(`${server.url}/.wrtc/v2/connections`, { method: 'POST', headers: { authorization } });
      expect(offered.status).toBe(401);
      const { status } = await fetch(`${server.url}/.wrtc/v2/connections/${end}`, { method: 'POST', headers: { authorization } });
      expect(status, end).not.toBe(500);
    }),
    { numRuns: 200 },
  );
  expect(server.counters.webrtc).toMatchObject({ offered: 0, handshakesNow: 0 });
  expect(server.lobby.rooms.size).toBe(0);
});

test('[HO11] an answer that is spoilt is taken or refused, and the native parser lives', async () => {
  const server = await serve({
    ...options,
    limits: { requestsPerSecond: 1e6, offersPerSecond: 1e6, handshakesOpen: 1e6, handshakesPerAddress: 1e6 },
  });
  open.push(server);
  let [taken, refused] = [0, 0];
  await fc.assert(
    fc.asyncProperty(spoiltSdp(answerSdp), async (sdp) => {
      const seat = (await (await post(`${server.url}/tickwire/join`, JSON.stringify(right))).json()) as Seat;
      const offer = (await (await postOffer(server.url, `${seat.roomId}.${seat.sessionId}.${seat.token}`)).json()) as RawOffer;
      const { status } = await postAnswer(server.url, offer.id, { type: 'answer', sdp });
      expect([200, 400, 413]).toContain(status);
      if (status === 200) taken++;
      else refused++;
      await post(`${server.url}/.wrtc/v2/connections/${offer.id}/close`, '');
    }),
    { numRuns: 60 },
  );
  expect([taken > 5, refused > 5]).toEqual([true, true]);
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});

/** What a libdatachannel client answers, with a fingerprint of zeros. */
const answerSdp = [
  'v=0',
  'o=rtc 1 0 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=group:BUNDLE 0',
  'a=msid-semantic:WMS *',
  'a=setup:active',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  'a=ice-options:ice2,trickle',
  `a=fingerprint:sha-256 ${Array(32).fill('00').join(':')}`,
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'c=IN IP4 0.0.0.0',
  'a=mid:0',
  'a=sendrecv',
  'a=sctp-port:5000',
  'a=max-message-size:262144',
  '',
].join('\r\n');

/** A session description with a line or two of it spoilt, doubled or left out. */
function spoiltSdp(sdp: string): fc.Arbitrary<string> {
  const lines = sdp.split('\r\n');
  const odd = fc.constantFrom(
    'a=sctp-port:99999999',
    'a=max-message-size:-1',
    'a=setup:holdconn',
    'a=ice-lite',
    'a=fingerprint:md5 00',
    'a=mid:',
    'm=',
    'v=0',
  );
  const other = fc.oneof(odd, fc.constantFrom(...lines), fc.string({ maxLength: 60 }), fc.constant(`a=ice-ufrag:${'u'.repeat(4000)}`));
  const at = fc.nat(lines.length - 1);
  const changed = fc.tuple(at, other, fc.constantFrom(0, 1)).map(([index, line, cut]) => lines.toSpliced(index, cut, line));
  const less = at.map((index) => lines.toSpliced(index, 1));
  return fc.oneof(changed, less).map((some) => some.join('\r\n'));
}

function text(value: unknown): string {
  return JSON.stringify(value);
}

function post(url: string, body: string): Promise<Response> {
  return fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
}
