// What clients are handed, and TURN credentials against known ones.

import { expect, test } from 'vitest';
import { makeIce, turnCredentials } from './ice-servers.ts';

const turn = { urls: 'turn:198.51.100.1:3478?transport=udp', secret: 'north', ttlSeconds: 300 };

test('[NA2] credentials are those of the REST scheme', () => {
  // printf '1433895918:user' | openssl dgst -sha1 -hmac north -binary | base64
  expect(turnCredentials('north', 'user', 1_433_895_918.7)).toEqual({ username: '1433895918:user', credential: '/gk4t5tUc08OpM3NjrVjHSFVNmY=' });
});

test('[NA2] each session gets relay credentials of its own, which end when they should', () => {
  let seconds = 1000;
  const ice = makeIce({ iceServers: [{ urls: 'stun:198.51.100.1' }], turn }, () => seconds);
  const first = ice('ada');
  expect(first).toEqual({
    iceServers: [{ urls: 'stun:198.51.100.1' }, { urls: [turn.urls], ...turnCredentials('north', 'ada', 1300) }],
    iceSeconds: 300,
  });
  expect(JSON.stringify(first)).not.toContain('north');
  seconds += 10;
  expect(ice('ada').iceServers?.[1]?.username).toBe('1310:ada');
  expect(ice('bob').iceServers?.[1]?.username).toBe('1310:bob');
});

test('[NA2] without options nothing is handed out; the policy is', () => {
  expect(makeIce({}, () => 0)('ada')).toEqual({});
  expect(makeIce({ turn, relayOnly: true }, () => 0)('ada').relayOnly).toBe(true);
});

test('[NA2] a relay that Chrome cannot use is warned of, and handed out', () => {
  const warnings: string[] = [];
  const urls = [turn.urls, 'turns:198.51.100.1:5349', 'turn:198.51.100.1:3478?transport=tcp'];
  const ice = makeIce(
    { turn: { ...turn, urls } },
    () => 0,
    (message) => warnings.push(message),
  );
  expect(warnings).toEqual([expect.stringContaining('turns:198.51.100.1:5349'), expect.stringContaining('transport=tcp')]);
  expect(ice('ada').iceServers?.[0]?.urls).toEqual(urls);
});

test.each([
  [{ turn: { ...turn, urls: [] } }, '1 to'],
  [{ turn: { ...turn, urls: 'relay.example' } }, 'turn:relay.example'],
  [{ turn: { ...turn, urls: 'stun:relay.example' } }, 'no address of a relay'],
  [{ turn: { ...turn, secret: '' } }, 'static-auth-secret'],
  [{ turn: { ...turn, ttlSeconds: 5 } }, '60 to 86400'],
  [{ relayOnly: true }, 'relayOnly needs a relay'],
  [{ iceServers: Array(9).fill({ urls: 'stun:198.51.100.1' }) }, 'At most 8'],
])('[NA2] %j is refused with what to do', (options, message) => {
  expect(() => makeIce(options, () => 0)).toThrow(message);
});
