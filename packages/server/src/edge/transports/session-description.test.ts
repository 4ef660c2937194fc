// What is read of an answer, and what clients see of our candidates.

import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isNear } from './near-address.ts';
import { ANSWER_BYTES, advertiseCandidates, advertiseDescription, readAnswer } from './session-description.ts';

const candidateLine = 'a=candidate:1 1 UDP 2122317823 172.18.0.4 40730 typ host';

const sdp = [
  'v=0',
  'o=- 1 2 IN IP4 127.0.0.1',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=ice-ufrag:abcd',
  'a=ice-pwd:0123456789012345678901',
  'a=fingerprint:sha-256 AA',
  candidateLine,
  'a=end-of-candidates',
  '',
].join('\r\n');

test('[WR29] nothing of the candidates in an answer reaches the native library', () => {
  const read = readAnswer(JSON.stringify({ type: 'answer', sdp }));
  expect(read).toContain('a=ice-ufrag:abcd\r\n');
  expect(read).not.toContain('candidate');
  expect(read?.endsWith('\r\n')).toBe(true);
  expect(readAnswer(JSON.stringify({ type: 'answer', sdp: sdp.replaceAll('\r\n', '\n') }))).toBe(read);
});

test('[NA4] the address that an offer has for peers without ICE is told to nobody', () => {
  const offer = sdp.replace('a=ice-ufrag', 'c=IN IP6 fd00::4\r\na=ice-ufrag').replace('application 9', 'application 40730');
  const told = advertiseDescription(offer, undefined);
  expect(told).toContain('\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\nc=IN IP4 0.0.0.0\r\n');
  expect(told).not.toContain('fd00');
});

const relayed = 'candidate:2 1 UDP 1 198.51.100.7 3478 typ relay raddr 0.0.0.0 rport 0';

test('[WR28] only host candidates get the advertised address', () => {
  const advertised = { ipv4: '203.0.113.77' };
  expect(advertiseCandidates([candidateLine], advertised)).toEqual(['a=candidate:1 1 UDP 2122317823 203.0.113.77 40730 typ host']);
  expect(advertiseCandidates([candidateLine.slice(2), relayed], advertised)).toEqual([
    'candidate:1 1 UDP 2122317823 203.0.113.77 40730 typ host',
    relayed,
  ]);
  expect(advertiseDescription(sdp, undefined)).toBe(sdp);
  expect(advertiseDescription(sdp, advertised)).toBe(sdp.replace('172.18.0.4', '203.0.113.77'));
});

test('[NA4] with an advertised address no address of the machine is told, whatever its interfaces are', () => {
  const host = (address: string) => `a=candidate:1 1 UDP 2122317823 ${address} 40730 typ host`;
  const lines = ['172.18.0.4', '10.0.0.7', 'fd00::4', '2001:db8::4'].map(host);
  expect(advertiseCandidates(lines, { ipv4: '203.0.113.77' })).toEqual([host('203.0.113.77')]);
  expect(advertiseCandidates(lines, { ipv6: '2001:db8::77' })).toEqual([host('2001:db8::77')]);
  expect(advertiseCandidates(lines, { ipv4: '203.0.113.77', ipv6: '2001:db8::77' })).toEqual([host('203.0.113.77'), host('2001:db8::77')]);
});

test('[WR27] near are loopback, private and link-local addresses, and those of our own networks, in either family', () => {
  const near = [
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.1.1',
    'fd00::2',
    'fe80::1%eth0',
  ];
  const far = ['8.8.8.8', '172.32.0.1', '192.169.0.1', '2001:db8::1', '::ffff:8.8.8.8', '', 'localhost'];
  expect(near.filter((address) => !isNear(address))).toEqual([]);
  expect(far.filter(isNear)).toEqual([]);
  const own = Object.values(networkInterfaces()).flatMap((addresses) => addresses?.map(({ address }) => address) ?? []);
  expect(own.filter((address) => !isNear(address))).toEqual([]);
});

test('[HO11] whatever stands in an answer, what is read has one section, no candidates and a bounded length, or is nothing', () => {
  const lines = sdp.split('\r\n');
  const line = fc.oneof(
    fc.constantFrom(
      ...lines,
      'm=audio 9 RTP 0',
      'm=application 9 X',
      `a=${'x'.repeat(9000)}`,
      'a=candidate',
      ' a=candidate:1 1 UDP 1 10.0.0.1 1 typ host',
    ),
    fc.string({ unit: 'binary', maxLength: 40 }),
  );
  const text = fc.tuple(fc.array(line, { maxLength: 14 }), fc.constantFrom('\r\n', '\n', '\r', '')).map(([some, end]) => some.join(end));
  // Mostly right, so that some are read.
  const nearly = fc.tuple(fc.nat(lines.length - 1), line).map(([at, other]) => lines.with(at, other).join('\r\n'));
  let read = 0;
  const check = (body: string): void => {
    const answer = readAnswer(body);
    if (answer === null) return;
    read++;
    expect(answer.length).toBeLessThanOrEqual(2 * ANSWER_BYTES + 2);
    expect(answer.match(/^m=/gm)).toHaveLength(1);
    expect(answer).not.toMatch(/^a=candidate:/m);
  };
  // About one in five is read.
  fc.assert(
    fc.property(fc.oneof(text, nearly), (one) => check(JSON.stringify({ type: 'answer', sdp: one }))),
    { numRuns: 400 },
  );
  fc.assert(fc.property(fc.oneof(fc.json(), fc.string({ unit: 'binary' })), check));
  expect(read).toBeGreaterThan(10);
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (one) => Array.isArray(advertiseCandidates([one], { ipv4: '203.0.113.77' }))));
});
