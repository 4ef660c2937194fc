// What happens to people who play: their network becomes another one, their laptop sleeps. Real Chromium, real addresses, processes that really stand still.
//
// Units: milliseconds.

import { afterAll, beforeAll, expect, test } from 'vitest';
import { pause } from '../e2e/child.ts';
import { Lab } from './lab.ts';
import { HTTP_PORT, LabPlayers, startServer } from './lab-player.ts';

/** Longer than the ten seconds after which a server drops a silent client, shorter than the twenty for which it is kept. */
const asleepMs = 14_000;
const backMs = 3000;

const lab = new Lab();
const url = `http://${lab.serverAddress}:${HTTP_PORT}`;
let players: LabPlayers;

beforeAll(async () => {
  await lab.build({ nat: 'port-restricted', delayMs: 20 });
  [players] = await Promise.all([LabPlayers.launch(lab), startServer(lab)]);
});

afterAll(async () => {
  lab.setAsleep(false);
  await players?.close();
  await lab.close();
});

test.each(['webrtc', 'websocket', 'auto'] as const)(
  '[NA15] a player whose address becomes another one goes on with the session within three seconds (%s)',
  async (transport) => {
    const player = await players.open(url);
    const joined = await player.join({ transport });
    expect(joined.error).toBeUndefined();
    await pause(500);
    lab.moveClient();
    const startMs = performance.now();
    // Until then the picture may go on from what is known.
    await pause(700);
    await expect.poll(async () => (await player.look()).stillMs, { timeout: 10_000, interval: 50 }).toBeLessThan(100);
    const tookMs = performance.now() - startMs;
    await pause(500);
    const after = await player.look();
    console.log(`${transport}: another address, the picture goes on after ${Math.round(tookMs)} ms, over ${after.transport}`);
    expect(tookMs).toBeLessThan(backMs);
    expect([after.sessionId, after.stillMs < 100]).toEqual([joined.error ? '' : joined.sessionId, true]);
    await player.close();
  },
);

test('[NA16] a laptop that slept for longer than its link lives goes on with its session within three seconds', async () => {
  const player = await players.open(url);
  const joined = await player.join();
  expect(joined.error).toBeUndefined();
  await pause(500);
  lab.setAsleep(true);
  await pause(asleepMs);
  lab.setAsleep(false);
  const startMs = performance.now();
  await expect.poll(async () => (await player.look()).stillMs, { timeout: 10_000, interval: 50 }).toBeLessThan(100);
  const tookMs = performance.now() - startMs;
  await pause(1000);
  const after = await player.look();
  console.log(`asleep for ${asleepMs} ms, back after ${Math.round(tookMs)} ms over ${after.transport}`);
  expect(tookMs).toBeLessThan(backMs);
  expect([after.sessionId, after.stillMs < 100]).toEqual([joined.error ? '' : joined.sessionId, true]);
  await player.close();
});
