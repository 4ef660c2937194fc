// A room in a Phaser scene in Chromium: objects that come, move, go and are used again, and scenes that end and begin. The room is local, in the same page.
//
// Units: milliseconds; the yard's own, which are page pixels.

import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pageModule } from '../engines/page-bundle.ts';
import { rootFolder } from './child.ts';
import type { YardReport } from './phaser-page.ts';
import { WatchedBrowser, type WatchedPage } from './watched-browser.ts';

const origin = 'http://yard.example';
let browser: WatchedBrowser;
let watched: WatchedPage;

beforeAll(async () => {
  const page = await pageModule(join(rootFolder, 'test/e2e/phaser-page.ts'));
  browser = await WatchedBrowser.launch();
  watched = await browser.newPage({ viewport: { width: 660, height: 380 } });
  await watched.page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') {
      const body = '<!doctype html><title>Yard</title><body style="margin:0"><script type="module" src="/page.js"></script>';
      return route.fulfill({ contentType: 'text/html', body });
    }
    if (pathname === '/page.js') return route.fulfill({ contentType: 'text/javascript', body: page.code });
    return route.fulfill({ status: 204 });
  });
  await watched.page.goto(origin);
  await watched.page.waitForFunction(() => window.yardScene?.report().tank !== undefined);
});

afterAll(() => browser?.close());

test('[PH8] the adapter brings nothing of Phaser, and the main entry nothing of the adapter', async () => {
  const [adapter, main] = await Promise.all(
    ['phaser.ts', '../index.ts'].map((entry) => pageModule(join(rootFolder, 'packages/client/src/edge', entry))),
  );
  const ours = (chunk: { readonly moduleIds: readonly string[] } | undefined): string[] =>
    (chunk?.moduleIds ?? []).map((id) => id.replace(/^.*\/(packages|node_modules)\//, ''));
  expect(ours(adapter)).toEqual(['client/src/edge/phaser/bound.ts', 'client/src/edge/phaser/scene-net.ts', 'client/src/edge/phaser.ts']);
  expect(ours(main).filter((id) => id.includes('phaser'))).toEqual([]);
  console.log(`  the adapter: ${adapter?.code.length} bytes, minified`);
});

test('[PH1] [PH2] [PH4] entities come, move and go in a scene of Phaser, each drawn where its entity is in the same frame', async () => {
  await balls(12);
  const before = await report();
  expect(before).toMatchObject({ balls: 12, shown: 12, made: 12 });
  await watched.page.keyboard.down('KeyD');
  await watched.page.waitForFunction((x) => (window.yardScene.report().tank?.x ?? 0) > x + 60, before.tank?.x ?? 0);
  // On its way: what is rendered is the place of this frame.
  expect(await watched.page.evaluate(() => window.yardScene.colourAtTank())).toBe(0xff8000);
  await watched.page.screenshot({ path: '.artifacts/e2e/phaser.png' });
  await watched.page.keyboard.up('KeyD');
  await balls(3);
  const after = await report();
  expect(after).toMatchObject({ balls: 3, shown: 3, farthest: 0, starts: 1 });
  expect(after.tank?.rotation).toBeGreaterThan(0.4);
  expect(after.rttMs).toBeGreaterThan(20);
});

test('[PH3] objects are used again', async () => {
  for (const count of [9, 0, 12, 5]) await balls(count);
  expect(await report()).toMatchObject({ made: 12, shown: 5, objects: 13, farthest: 0 });
});

test('[PH6] a scene that begins anew ten times holds what it held the first time', async () => {
  const first = await report();
  for (let starts = first.starts + 1; starts <= first.starts + 10; starts++) {
    await watched.page.evaluate(() => window.yardScene.restart());
    await watched.page.waitForFunction((count) => window.yardScene.report().starts === count && window.yardScene.report().shown === 5, starts);
  }
  expect(await report()).toMatchObject({ made: 5, objects: 6, listeners: first.listeners, farthest: 0 });
  const { told } = await report();
  await balls(4);
  expect((await report()).told).toBe(told + 1);
});

test('[PH1] [PH6] a scene that is paused or over frames nothing; the next one shows the game as it has become', async () => {
  for (const [end, begin] of [
    ['pause', 'resume'],
    ['stop', 'start'],
  ] as const) {
    await watched.page.evaluate((how) => window.yardScene[how](), end);
    await pageFrames(2);
    const { frames } = await report();
    await pageFrames(5);
    expect(await report()).toMatchObject({ frames, objects: end === 'stop' ? 0 : 6 });
    await watched.page.evaluate((how) => window.yardScene[how](), begin);
    await watched.page.waitForFunction((count) => window.yardScene.report().frames > count + 3, frames);
    expect(await report()).toMatchObject({ shown: 4, farthest: 0 });
  }
  expect(watched.complaints).toEqual([]);
});

function report(): Promise<YardReport> {
  return watched.page.evaluate(() => window.yardScene.report());
}

/** Asks for so many balls and waits until they are in view. */
async function balls(count: number): Promise<void> {
  await watched.page.evaluate((wanted) => window.yardScene.balls(wanted), count);
  await watched.page.waitForFunction((wanted) => window.yardScene.report().balls === wanted, count);
  await pageFrames(2);
}

async function pageFrames(count: number): Promise<void> {
  for (let frame = 0; frame < count; frame++) await watched.page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
}
