// What is read of a server's ICE servers.

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { limits } from '../limits.ts';
import { readIce } from './ice.ts';

const relay = { urls: ['turn:198.51.100.1:3478?transport=udp'], username: '2000000000:ada', credential: 'c2VjcmV0' };

test('[NA1] ICE servers are read as they were handed out', () => {
  const answer = { iceServers: [{ urls: 'stun:[2001:db8::1]:3478' }, relay], iceSeconds: 600, relayOnly: true };
  expect(readIce(answer)).toEqual({ ...answer, iceServers: [{ urls: ['stun:[2001:db8::1]:3478'] }, relay] });
  expect(readIce({ roomId: 'r', sessionId: 's', token: 't' })).toEqual({});
});

test('[NA1] what a peer connection would throw on is left out', () => {
  const wrong = [
    { urls: 'http://example.org' },
    { urls: ['turn:', 7, ''] },
    { urls: 'turn:198.51.100.1' },
    { urls: 'turn:198.51.100.1', username: 'a' },
    null,
    'stun:198.51.100.1',
  ];
  expect(readIce({ iceServers: wrong, iceSeconds: 'long', relayOnly: 'yes' })).toEqual({});
  const mixed = { urls: ['stun:198.51.100.1', 'turn:198.51.100.1'] };
  expect(readIce({ iceServers: [mixed] })).toEqual({ iceServers: [{ urls: ['stun:198.51.100.1'] }] });
  expect(readIce({ iceServers: Array(100).fill(relay) }).iceServers).toHaveLength(limits.iceServers);
});

test('[NA1] any answer is read without a throw', () => {
  const server = fc.record({ urls: fc.anything(), username: fc.anything(), credential: fc.anything() }, { requiredKeys: [] });
  fc.assert(
    fc.property(
      fc.oneof(fc.anything(), fc.record({ iceServers: fc.array(fc.oneof(fc.anything(), server)), iceSeconds: fc.anything() })),
      (answer) => {
        for (const { urls } of readIce(answer).iceServers ?? []) expect(Array.isArray(urls)).toBe(true);
      },
    ),
  );
});
