// What plays where WebRTC does not, in real Chromium against a real server in a process of its own: without WebRTC, with UDP blocked from the start, and with
// UDP that dies in the middle of a game and comes back.
//
// The page's candidates point at a relay, its HTTP at a proxy. Units: milliseconds.

import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { sourceScript } from '../engines/page-bundle.ts';
import { openRelayProxy, type RelayProxy } from '../webrtc/relay-proxy.ts';
import { UdpRelay } from '../webrtc/udp-relay.ts';
import { Child, pause, rootFolder } from './child.ts';
import type { FallbackReport } from './fallback-page.ts';
import { WatchedBrowser, type WatchedPage } from './watched-browser.ts';

/** The gates of the issue. */
const BLOCKED_MS = 3000;
const DEAD_MS = 3000;
const FOREVER_MS = 1e9;

let browser: WatchedBrowser;
let script: string;
let server: Child;
let relay: UdpRelay;
let proxy: RelayProxy;
let watched: WatchedPage;

beforeAll(async () => {
  server = new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'test/e2e/serve-fallback.ts']);
  script = await sourceScript(join(rootFolder, 'test/e2e/fallback-page.ts'), 'fallback');
  browser = await WatchedBrowser.launch();
});

afterAll(async () => {
  await browser?.close();
  await server.kill();
});

beforeEach(async () => {
  relay = new UdpRelay(1, { loss: 0, delayMs: 10 });
  proxy = await openRelayProxy(await server.address(), relay);
  watched = await browser.newPage();
});

afterEach(async () => {
  await watched.close();
  await proxy.close();
  relay.close();
});

test('[KP19] without WebRTC in the browser the game plays over a WebSocket', async () => {
  await watched.page.addInitScript('delete globalThis.RTCPeerConnection');
  const playMs = await joined();
  console.log(`no WebRTC: in play after ${Math.round(playMs)} ms`);
  await expectPlaying('websocket', 2000);
  expect(watched.complaints).toEqual([]);
});

test("[KP20] `transport: 'websocket'` makes no peer connection", async () => {
  await watched.page.addInitScript('globalThis.RTCPeerConnection = class { constructor() { throw new Error("no peer connection was wanted"); } }');
  await joined("{ transport: 'websocket' }");
  await expectPlaying('websocket', 1000);
  expect(await watched.page.evaluate("fallback.failure({ transport: 'websocket', relayOnly: true })")).toMatch(/leave out transport: 'websocket'/);
  expect(watched.complaints).toEqual([]);
});

test('[KP21] with UDP blocked a page is in play within 3 s', async () => {
  relay.blackout(FOREVER_MS);
  const playMs = await joined();
  console.log(`UDP blocked: in play after ${Math.round(playMs)} ms (gate ${BLOCKED_MS}, aim 2000)`);
  expect(playMs).toBeLessThan(BLOCKED_MS);
  await expectPlaying('websocket', 1000);
});

test('[KP22] [KP23] when UDP dies mid-game the next state is shown within 3 s, the session stays, and when it is back the game goes over WebRTC again', async () => {
  await joined();
  await pause(1500);
  expect((await report()).transport).toBe('webrtc');
  const { sessionId } = await report();
  const fromMs: number = await watched.page.evaluate('fallback.nowMs()');
  relay.blackout(FOREVER_MS);
  await until('the WebSocket', async () => (await report()).transport === 'websocket');
  await pause(500);
  const gapMs: number = await watched.page.evaluate(`fallback.longestGapMs(${fromMs})`);
  console.log(`UDP dies mid-game: the next state is shown after ${Math.round(gapMs)} ms (gate ${DEAD_MS}, aim 2000)`);
  expect(gapMs).toBeLessThan(DEAD_MS);
  relay.blackout(0);
  const backMs: number = await watched.page.evaluate('fallback.nowMs()');
  await until('WebRTC again', async () => (await report()).transport === 'webrtc', 20_000);
  const healedMs = (await watched.page.evaluate<number>('fallback.nowMs()')) - backMs;
  const upgradeGapMs: number = await watched.page.evaluate(`fallback.longestGapMs(${backMs})`);
  console.log(`UDP is back: on WebRTC after ${Math.round(healedMs)} ms, the longest time without a newer state ${Math.round(upgradeGapMs)} ms`);
  expect(upgradeGapMs).toBeLessThan(500);
  const after = await expectPlaying('webrtc', 1000);
  expect([after.sessionId, after.clock?.joins, after.clock?.leaves]).toEqual([sessionId, 1, 0]);
  expect(watched.complaints).toEqual([]);
});

test('[KP24] where neither WebRTC nor a WebSocket gets through, the message names both', async () => {
  relay.blackout(FOREVER_MS);
  proxy.takesSockets = false;
  await watched.page.goto(proxy.url);
  await watched.page.evaluate(`${script}; undefined`);
  const message: string = await watched.page.evaluate('fallback.failure({ timeoutMs: 3000 })');
  expect(message).toMatch(/^no-data-channel: No WebRTC data channel .*UDP may be blocked.*A WebSocket was tried too/);
});

test('[KP28] a connection that is cut is made anew at once, with the same session', async () => {
  await joined("{ transport: 'websocket' }");
  await pause(1000);
  const { sessionId } = await report();
  const fromMs: number = await watched.page.evaluate('fallback.nowMs()');
  proxy.cutSockets();
  await until('the way back', async () => (await report()).drops.includes('back'));
  await pause(500);
  const gapMs: number = await watched.page.evaluate(`fallback.longestGapMs(${fromMs})`);
  console.log(`a WebSocket is cut: the next state is shown after ${Math.round(gapMs)} ms`);
  expect(gapMs).toBeLessThan(1000);
  const after = await expectPlaying('websocket', 500);
  expect([after.sessionId, after.clock?.joins, after.drops]).toEqual([sessionId, 1, ['link-lost', 'back']]);
});

test("[KP29] with `resume: 'sessionStorage'` a page that is loaded again goes on with its session; without it, it is another player", async () => {
  await joined("{ resume: 'sessionStorage' }, 'joinOrCreate'");
  const first = await report();
  await joined("{ resume: 'sessionStorage' }, 'joinOrCreate'");
  const second = await report();
  // The room may have had players of earlier tests: it lives for a second when the last of them has gone.
  expect([second.sessionId, second.clock?.joins, second.clock?.leaves]).toEqual([first.sessionId, first.clock?.joins, first.clock?.leaves]);
  expect(second.clock?.joins).toBeGreaterThan(0);
  await joined("{}, 'joinOrCreate'");
  expect((await report()).sessionId).not.toBe(first.sessionId);
});

async function joined(options = '{}'): Promise<number> {
  await watched.page.goto(proxy.url);
  await watched.page.evaluate(`${script}; undefined`);
  return watched.page.evaluate(`fallback.join(${options})`);
}

function report(): Promise<FallbackReport> {
  return watched.page.evaluate('fallback.report()');
}

/** Plays for a while, then expects every event both ways to have come once and in order. */
async function expectPlaying(transport: string, ms: number): Promise<FallbackReport> {
  await pause(ms);
  await watched.page.evaluate('fallback.hush()');
  await until('all that was said is told', async () => {
    const { said, told, clock } = await report();
    return told >= said && (clock?.heard ?? 0) >= said;
  });
  await pause(200);
  const last = await report();
  expect(last.said).toBeGreaterThan(ms / 200);
  expect(last).toMatchObject({ transport, ended: undefined, told: last.said, toldWrong: 0, clock: { heard: last.said, wrong: 0, leaves: 0 } });
  return last;
}

async function until(what: string, holds: () => Promise<boolean>, patienceMs = 10_000): Promise<void> {
  for (const endMs = performance.now() + patienceMs; !(await holds()); await pause(50))
    if (performance.now() > endMs) throw new Error(`waited ${patienceMs} ms for ${what}: ${JSON.stringify(await report())}`);
}
