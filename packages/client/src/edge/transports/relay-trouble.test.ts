// What is said of relays that fail. The real events are those of the network lab.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { hasRelay, relayTrouble } from './relay-trouble.ts';

const url = 'turn:198.51.100.10:3478?transport=udp';

test('[NA7] a relay that fails is named, with what it said', () => {
  expect(relayTrouble({ url, errorCode: 401, errorText: 'Unauthorized.' })).toBe(
    `the relay ${url} answered 401 Unauthorized: its credentials are wrong, or have expired (is the clock of the server right?)`,
  );
  expect(relayTrouble({ url, errorCode: 486, errorText: 'Allocation Quota Reached' })).toBe(`the relay ${url} answered 486 Allocation Quota Reached`);
  expect(relayTrouble({ url, errorCode: 701, errorText: 'TURN allocate request timed out.' })).toBe(`the relay ${url} did not answer`);
  expect(relayTrouble({ url: 'stun:198.51.100.10:3478', errorCode: 701, errorText: '' })).toBeUndefined();
});

test('[NA7] a relay is known by its scheme', () => {
  expect(hasRelay(undefined)).toBe(false);
  expect(hasRelay([{ urls: 'stun:198.51.100.10' }])).toBe(false);
  expect(hasRelay([{ urls: ['stun:198.51.100.10', 'turns:198.51.100.10'] }])).toBe(true);
});

test('[NA14] no source of the client asks for a device, a medium or a permission', () => {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts'));
  expect(sources).toContain(join('edge', 'transports', 'webrtc.ts'));
  const asking = /mediaDevices|getUserMedia|getDisplayMedia|permissions\.|geolocation|requestPermission|addTransceiver|addTrack/;
  expect(sources.filter((path) => asking.test(readFileSync(join(folder, path), 'utf8')))).toEqual([]);
});
