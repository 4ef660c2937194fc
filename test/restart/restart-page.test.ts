// A server that ends and starts again under a page of a real Chromium: it goes on by itself, without a reload.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child, pause, rootFolder } from '../e2e/child.ts';
import { WatchedBrowser, type WatchedPage } from '../e2e/watched-browser.ts';
import { sourceScript } from '../engines/page-bundle.ts';
import type { RestartReport } from './restart-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'tickwire-restart-'));
const saves = join(folder, 'saves');
let browser: WatchedBrowser;
let watched: WatchedPage;
let server: Child;

beforeAll(async () => {
  writeFileSync(join(folder, 'page.js'), await sourceScript(join(rootFolder, 'test/restart/restart-page.ts'), 'restart'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Restart</title><script src="page.js"></script>');
  browser = await WatchedBrowser.launch();
});
afterAll(async () => {
  await browser?.close();
  await server?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test('[GE12] a page goes on in the next process: the same page, player and world, every event once and in order', async () => {
  const url = await start(0);
  watched = await browser.newPage();
  await watched.page.goto(url);
  await watched.page.evaluate('restart.join()');
  await until(async () => (await report()).echoed.length > 20);
  const before = await report();
  server.signal('SIGTERM');
  expect(await server.ended).toEqual({ status: 0, signal: null });
  await start(Number(new URL(url).port));
  const listensAt = performance.now();
  await until(async () => (await report()).tick > before.tick + 10);
  // Its keeper waits longer and longer between attempts, 5 s at most.
  expect(performance.now() - listensAt).toBeLessThan(7000);
  await pause(1000);
  await watched.page.evaluate('restart.hush()');
  await until(async () => (await report()).echoed.length === (await report()).sent);
  const { ended, sent, echoed, walkers, x, tick, pageMs } = await report();
  expect([ended, walkers, pageMs]).toEqual([undefined, 1, before.pageMs]);
  expect(echoed).toEqual(Array.from({ length: sent }, (_, index) => index + 1));
  // A walker walks a hundredth a tick, also on a page that predicts it.
  expect((x - before.x) / 0.01).toBeGreaterThan((tick - before.tick) * 0.8);
  expect((x - before.x) / 0.01).toBeLessThan((tick - before.tick) * 1.2 + 60);
  // The browser itself complains on its console of each attempt that found no server.
  expect(watched.complaints.filter((complaint) => !complaint.startsWith('console'))).toEqual([]);
});

async function start(port: number): Promise<string> {
  const script = ['--conditions=@tickwire/source', '--import', 'tsx', 'test/restart/serve-drain.ts'];
  server = new Child([process.execPath, ...script, String(port), '0', saves, '3600', folder]);
  return server.address();
}

function report(): Promise<RestartReport> {
  return watched.page.evaluate('restart.report()');
}

async function until(what: () => Promise<boolean>, limitMs = 10_000): Promise<void> {
  for (const end = performance.now() + limitMs; !(await what()); await pause(20))
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
}
