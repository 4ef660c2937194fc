// What a frame of the arena costs in script with 32 players who play as bots do: from the room's packets to the last call of the renderer.
//
// Units: milliseconds.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArena, seen } from './arena-page.ts';
import { buildArenaPage } from './arena-server.ts';
import { Child, pause, rootFolder } from './child.ts';
import { onlyScript, traceFrames } from './frame-trace.ts';
import { WatchedBrowser } from './watched-browser.ts';

const players = 32;
const MEASURE_MS = 6000;
/** The gates; the aims are half of them. */
const medianMsMax = 4;
const p99MsMax = 8;

let server: Child;
let browser: WatchedBrowser;

beforeAll(async () => {
  await buildArenaPage();
  const page = join(rootFolder, '.artifacts/e2e/arena-page');
  server = new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'test/e2e/serve-crowd.ts', page, String(players)]);
  browser = await WatchedBrowser.launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

test(`[PH10] a frame of the arena with 32 players takes ${medianMsMax} ms of script in the median and ${p99MsMax} at p99, at most`, async () => {
  const { page, complaints } = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  await page.addInitScript(onlyScript);
  await openArena(page, await server.address(), 'Ada');
  await page.mouse.move(900, 300);
  await page.mouse.down();
  await pause(2000);
  const times = await traceFrames(page, MEASURE_MS);
  expect((await seen(page)).players).toHaveLength(players);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  console.log(`  ${times.length} frames: median ${at(0.5).toFixed(2)} ms, p99 ${at(0.99).toFixed(2)} ms, worst ${at(1).toFixed(2)} ms`);
  expect(times.length).toBeGreaterThan(MEASURE_MS / 50);
  expect(at(0.5)).toBeLessThanOrEqual(medianMsMax);
  expect(at(0.99)).toBeLessThanOrEqual(p99MsMax);
  expect(complaints).toEqual([]);
});
