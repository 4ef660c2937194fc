// Real games in a real Firefox, against a real server process: players meet, walk and send events.
//
// Safari is not run: there is none on Linux. Units: milliseconds.

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { FirefoxBrowser, type FirefoxWindow } from '../engines/firefox-browser.ts';
import { sourceScript } from '../engines/page-bundle.ts';
import { Child, rootFolder } from './child.ts';
import type { FoxReport } from './fox-page.ts';
import { type Arrow, type HelloPage, playHello, startHello } from './hello-play.ts';

const pageFolder = join(rootFolder, '.artifacts/e2e/fox-page');
const arrows: { readonly [arrow in Arrow]: string } = { ArrowLeft: '\uE012', ArrowUp: '\uE013', ArrowRight: '\uE014', ArrowDown: '\uE015' };

let hello: Child;
let fox: Child;
let browser: FirefoxBrowser;
let script: string;

beforeAll(async () => {
  mkdirSync(pageFolder, { recursive: true });
  writeFileSync(join(pageFolder, 'index.html'), '<!doctype html><title>fox</title><link rel="icon" href="data:," />');
  script = await sourceScript(join(rootFolder, 'test/e2e/fox-page.ts'), 'fox');
  hello = await startHello();
  fox = new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'test/e2e/serve-fox.ts', pageFolder]);
  browser = await FirefoxBrowser.launch([await hello.address(), await fox.address()]);
  console.log(`browser: ${browser.name}`);
});

afterAll(async () => {
  await browser?.close();
  await hello?.kill();
  await fox?.kill();
});

test('[FX1] in hello two windows of Firefox show two squares, and each key press moves a square on both', async () => {
  const windows = [await browser.newWindow(), await browser.newWindow()] as const;
  await playHello(await hello.address(), helloPage(windows[0]), helloPage(windows[1]));
  expect(windows.map(({ complaints }) => complaints)).toEqual([[], []]);
  for (const window of windows) await window.goto('about:blank');
});

test('[FX2] over WebRTC in Firefox players see each other walk, and every event comes to everyone once and in order', () => playFox('webrtc', '{}'));

test('[FX3] the same over WebSockets', () => playFox('websocket', `{ transport: 'websocket' }`));

async function playFox(transport: string, options: string): Promise<void> {
  const url = await fox.address();
  const windows = [await browser.newWindow(), await browser.newWindow()] as const;
  for (const window of windows) {
    await window.goto(url);
    await window.run(`${script}; undefined`);
    await window.run(`fox.join(${options}).then(() => 'joined')`);
  }
  for (const [one, two] of [windows, [...windows].reverse() as unknown as typeof windows]) {
    await expect.poll(async () => (await reportOf(two)).squares.length, { timeout: 5000 }).toBe(2);
    await one.run('fox.walk(1)');
    await expect.poll(async () => (await reportOf(two)).squares.find(({ mine }) => !mine)?.x, { timeout: 5000 }).toBeGreaterThan(350);
    await one.run('fox.walk(0)');
  }
  for (const window of windows) await window.run('fox.send(100)');
  const numbers = Array.from({ length: 100 }, (_, number) => number);
  const [one, two] = [await reportOf(windows[0]), await reportOf(windows[1])];
  for (const window of windows)
    await expect.poll(async () => (await reportOf(window)).notes, { timeout: 5000 }).toEqual({ [one.sessionId]: numbers, [two.sessionId]: numbers });
  expect([one.transport, two.transport]).toEqual([transport, transport]);
  expect(windows.map(({ complaints }) => complaints)).toEqual([[], []]);
  for (const window of windows) await window.goto('about:blank');
}

async function reportOf(window: FirefoxWindow): Promise<FoxReport> {
  return JSON.parse(String(await window.run('fox.report()'))) as FoxReport;
}

function helloPage(window: FirefoxWindow): HelloPage {
  return {
    open: (url) => window.goto(url),
    read: async (expression) => String(await window.run(expression)),
    down: (key) => window.key('keyDown', arrows[key]),
    up: (key) => window.key('keyUp', arrows[key]),
  };
}
