// A game without a server in a page in Chromium: built by Vite as a game's page is, and handed to the page as two files; whatever else it asks for is a fault.
//
// Units: milliseconds; the yard's own.

import { fileURLToPath } from 'node:url';
import type { Rolldown } from 'vite';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageModule } from '../engines/page-bundle.ts';
import { pause } from './child.ts';
import type { YardReport } from './local-page.ts';
import { WatchedBrowser } from './watched-browser.ts';

const origin = 'http://yard.example';
/** As strict as a page with one script can be. */
const policy = "default-src 'none'; script-src 'self'";
const PLAY_MS = 3000;

let chunk: Rolldown.OutputChunk;
let browser: WatchedBrowser;

beforeAll(async () => {
  chunk = await pageModule(fileURLToPath(new URL('./local-page.ts', import.meta.url)));
  browser = await WatchedBrowser.launch();
});

afterAll(() => browser?.close());

test('[LP9] the page has nothing in it that is of Node or of WebRTC', () => {
  const foreign = chunk.moduleIds.filter((id) =>
    /node:|browser-external|@geckos|node-datachannel|fastify|pino|packages\/(server|client)\/src\/edge\//.test(id),
  );
  expect(foreign.map((id) => id.replace(/.*\/packages\//, 'packages/'))).toEqual(['packages/client/src/edge/frame-loop.ts']);
  expect([chunk.imports, chunk.dynamicImports]).toEqual([[], []]);
  expect(chunk.code).not.toMatch(/RTCPeerConnection|\bnode:|\beval\(|new Function\(/);
});

test('[LP9] two players in one page play over bad Wi-Fi, without a server and without a word of the page', async () => {
  const { page, complaints } = await browser.newPage({ viewport: { width: 680, height: 400 } });
  const asked: string[] = [];
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    asked.push(pathname);
    if (pathname === '/') {
      const body = '<!doctype html><title>Yard</title><body><script type="module" src="/page.js"></script>';
      return route.fulfill({ contentType: 'text/html', headers: { 'content-security-policy': policy }, body });
    }
    if (pathname === '/page.js') return route.fulfill({ contentType: 'text/javascript', body: chunk.code });
    return route.fulfill({ status: 204 });
  });
  await page.goto(origin);
  // Not waitForFunction: it would have to evaluate text in the page.
  await expect.poll(() => page.evaluate('globalThis.yard !== undefined'), { timeout: 5000 }).toBe(true);
  await page.keyboard.down('KeyD');
  await pause(PLAY_MS);
  await page.keyboard.up('KeyD');
  await page.screenshot({ path: '.artifacts/e2e/local.png' });
  const report = (await page.evaluate('yard.report()')) as YardReport;
  expect(report).toMatchObject({ strollers: 12, asked: 2, ended: undefined, stats: { transport: 'memory' } });
  expect(report.players.map(({ name, mine }) => `${name} ${mine}`)).toEqual(['Ada true', 'Bob false']);
  // 120 units a second from 40 on, from the first frame with the key.
  expect(report.players[0]?.pos.x).toBeGreaterThan(300);
  expect(report.players[1]?.pos.x).toBeGreaterThan(80);
  expect(report.way).toBeGreaterThan(200);
  expect(report.stats.packetsLost).toBeGreaterThan(0);
  expect(report.stats.rttMs).toBeGreaterThan(40);
  await page.evaluate('yard.close()');
  expect(((await page.evaluate('yard.report()')) as YardReport).ended).toBe('room-closed');
  expect(complaints).toEqual([]);
  expect(await page.evaluate(() => [window.probe.violations, window.probe.connections.length])).toEqual([[], 0]);
  expect(asked.filter((path) => path !== '/favicon.ico')).toEqual(['/', '/page.js']);
  console.log(
    `  ${report.frames} frames, ${report.stats.packetsReceived} packets, ${report.stats.packetsLost} lost, longest stretch ${report.stretch.toFixed(1)}, ${(chunk.code.length / 1000).toFixed(0)} kB`,
  );
});
