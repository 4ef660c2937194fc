// The smallest example in two pages of Chromium.
//
// What is played is in hello-play.ts.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Child } from './child.ts';
import { type HelloPage, playHello, startHello } from './hello-play.ts';
import { WatchedBrowser } from './watched-browser.ts';

let server: Child;
let browser: WatchedBrowser;

beforeAll(async () => {
  server = await startHello();
  browser = await WatchedBrowser.launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

test('[EE22] [NA14] in hello two pages show two squares, each key press moves a square on both, and nobody is asked for a permission', async () => {
  const watched = [await browser.newPage(), await browser.newPage()] as const;
  const [one, two] = [watched[0].page, watched[1].page];
  await playHello(await server.address(), helloPage(one), helloPage(two));
  await one.screenshot({ path: '.artifacts/e2e/hello.png' });
  for (const { page, complaints } of watched) {
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => window.probe.violations)).toEqual([]);
    expect(await page.evaluate(() => window.probe.asked)).toEqual([]);
    expect(await page.evaluate(() => navigator.mediaDevices.enumerateDevices().then(() => window.probe.asked))).toEqual(['enumerateDevices']);
  }
});

function helloPage(page: Page): HelloPage {
  return {
    open: async (url) => void (await page.goto(url)),
    read: (expression) => page.evaluate(expression),
    down: (key) => page.keyboard.down(key),
    up: (key) => page.keyboard.up(key),
  };
}
