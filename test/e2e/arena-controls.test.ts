// The arena in the hands: keyboard and mouse, a gamepad (a stub of the browser's own interface), and thumbs, on a phone upright and on its side.
//
// What counts is what the player does in the arena, read from the page. Units: arena units, page pixels, milliseconds.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openArena, ownPlayer, seen, untilPlaying } from './arena-page.ts';
import { ArenaServer, buildArenaPage } from './arena-server.ts';
import { pause, rootFolder } from './child.ts';
import { WatchedBrowser, type WatchedPage } from './watched-browser.ts';

const pictures = join(rootFolder, '.artifacts/e2e');

/** Free of walls, and far enough from the edges to be in the middle of every screen: a pointer above it is above the player. */
const openPlace = { x: 1000, y: 1000 } as const;

let server: ArenaServer;
let browser: WatchedBrowser;
const watched: WatchedPage[] = [];
let page: Page;

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildArenaPage();
  [server, browser] = await Promise.all([ArenaServer.start({ startsAt: openPlace }), WatchedBrowser.launch()]);
  const desk = await browser.newPage({ viewport: { width: 640, height: 400 } });
  watched.push(desk);
  page = desk.page;
  await page.addInitScript(stubGamepad);
  await openArena(page, server.url, 'Ada');
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

test('[SX17] letters and arrows walk, and what is held is let go of when the window loses the focus', async () => {
  for (const [keys, axis] of [
    [['KeyD', 'KeyA', 'ArrowRight', 'ArrowLeft'], 'x'],
    [['KeyS', 'KeyW', 'ArrowDown', 'ArrowUp'], 'y'],
  ] as const) {
    for (const [index, key] of keys.entries()) {
      await page.keyboard.down(key);
      await moves(page, axis, index % 2 === 0 ? 1 : -1);
      await page.keyboard.up(key);
    }
  }
  await page.keyboard.down('KeyD');
  await moves(page, 'x', 1);
  await page.evaluate(() => window.dispatchEvent(new Event('blur')));
  await stands(page);
  await page.keyboard.up('KeyD');
});

test('[SX18] the mouse aims, its button shoots, Space and Shift dash, Q and the right button change the weapon', async () => {
  await page.mouse.move(320, 100);
  await expect.poll(async () => angleOf(page)).toBeCloseTo(-Math.PI / 2, 0);
  const { shots } = await shotsOf(page);
  // Shorter than a frame.
  await page.mouse.down();
  await page.mouse.up();
  await expect.poll(async () => (await shotsOf(page)).shots).not.toBe(shots);
  expect((await ownPlayer(page)).weapon).toBe('rifle');
  await page.keyboard.press('KeyQ');
  await expect.poll(async () => (await ownPlayer(page)).weapon).toBe('launcher');
  await expect.poll(() => page.locator('#weapon-launcher').getAttribute('class')).toContain('inHand');
  await page.mouse.down({ button: 'right' });
  await page.mouse.up({ button: 'right' });
  await expect.poll(async () => (await ownPlayer(page)).weapon).toBe('rifle');
  for (const key of ['Space', 'ShiftLeft']) {
    await page.keyboard.down('KeyS');
    await dashes(page, () => page.keyboard.press(key));
    await page.keyboard.up('KeyS');
    // Until it may be done again.
    await page.waitForFunction(() => document.getElementById('hud')?.classList.contains('ready'), undefined, { timeout: 4000 });
  }
  expect(await page.locator('#hint').innerText()).toMatch(/WASD.*Space/);
});

test('[SX19] a gamepad plays: sticks walk and aim, a trigger shoots, A dashes, X changes the weapon; the hints are its own', async () => {
  await gamepad(page, { axes: [0, 0, 0, 0] });
  await page.evaluate(() => window.dispatchEvent(new Event('gamepadconnected')));
  const way = (await ownPlayer(page)).x < 1000 ? 1 : -1;
  await gamepad(page, { axes: [way, 0, 0, 0] });
  await moves(page, 'x', way);
  await expect.poll(() => page.locator('#hint').innerText()).toMatch(/Left stick.*Right stick/);
  expect((await seen(page)).device).toBe('gamepad');
  // Who only walks looks where he goes; the right stick says otherwise.
  await expect.poll(async () => Math.cos(await angleOf(page)) * way).toBeGreaterThan(0.9);
  await gamepad(page, { axes: [0.05, -0.08, 0, 0.9] });
  await expect.poll(async () => angleOf(page)).toBeCloseTo(Math.PI / 2, 1);
  // A stick that does not quite rest.
  await stands(page);
  const { shots } = await shotsOf(page);
  await gamepad(page, { axes: [0, 0, 0, 0.9], buttons: { 7: 0.8 } });
  await expect.poll(async () => (await shotsOf(page)).shots).not.toBe(shots);
  await gamepad(page, { axes: [0, 0, 0, 0], buttons: { 2: 1 } });
  await expect.poll(async () => (await ownPlayer(page)).weapon).toBe('launcher');
  await gamepad(page, { axes: [-way, 0, 0, 0] });
  await dashes(page, () => gamepad(page, { axes: [-way, 0, 0, 0], buttons: { 0: 1 } }));
  await gamepad(page, {});
  await page.screenshot({ path: join(pictures, 'arena-gamepad.png') });
});

test('[SX20] a gamepad goes through the menus: Start opens, the cross and the stick move, A chooses, B goes back; Back shows the scores', async () => {
  const press = async (button: number) => {
    await gamepad(page, { buttons: { [button]: 1 } });
    await page.waitForTimeout(80);
    await gamepad(page, {});
    await page.waitForTimeout(80);
  };
  const focused = () => page.evaluate(() => document.activeElement?.textContent);
  await gamepad(page, { buttons: { 8: 1 } });
  await page.locator('#scoreboard').waitFor({ state: 'visible' });
  await gamepad(page, {});
  await page.locator('#scoreboard').waitFor({ state: 'hidden' });
  await press(9);
  await page.getByRole('dialog', { name: 'Menu' }).waitFor();
  expect(await focused()).toBe('Resume');
  await press(13);
  expect(await focused()).toBe('Sound on');
  await gamepad(page, { axes: [0, 1, 0, 0] });
  await page.waitForTimeout(150);
  await gamepad(page, {});
  await page.waitForTimeout(80);
  // A step, however long it is pushed.
  expect(await focused()).toBe('How to play');
  await press(0);
  await page.getByRole('dialog', { name: 'How to play' }).waitFor();
  await press(1);
  await page.getByRole('dialog', { name: 'How to play' }).waitFor({ state: 'hidden' });
  await press(12);
  await press(12);
  expect(await focused()).toBe('Resume');
  const { x, y } = await ownPlayer(page);
  await press(0);
  await page.getByRole('dialog', { name: 'Menu' }).waitFor({ state: 'hidden' });
  await pause(200);
  // The press was the menu's and none of the game's.
  expect(await ownPlayer(page)).toMatchObject({ x, y, dash: 0 });
  await press(9);
  await press(12);
  expect(await focused()).toBe('Leave the room');
  await press(0);
  await page.getByRole('button', { name: 'Quick play' }).waitFor();
  await press(0);
  await untilPlaying(page);
});

test.each([
  ['upright', 390, 844],
  ['on its side', 844, 390],
])('[SX21] on a phone %s thumbs walk, aim, shoot, dash and change the weapon, and nothing sticks out', async (_how, width, height) => {
  const phone = await browser.newPage({ viewport: { width, height }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
  watched.push(phone);
  const hand = phone.page;
  await hand.goto(server.url);
  await hand.getByRole('button', { name: 'Quick play' }).waitFor();
  expect(await sticksOut(hand)).toEqual([]);
  await hand.screenshot({ path: join(pictures, `arena-title-${width}.png`) });
  await hand.getByRole('button', { name: 'Quick play' }).tap();
  await untilPlaying(hand);
  expect((await seen(hand)).device).toBe('touch');
  await expect.poll(() => hand.locator('#hint').innerText()).toMatch(/thumb/);
  const touch = await hand.context().newCDPSession(hand);
  const left = { x: 100, y: height - 130, id: 1 };
  const right = { x: width - 100, y: height - 130, id: 2 };
  const way = (await ownPlayer(hand)).x < 1000 ? 1 : -1;
  await thumbs(touch, 'touchStart', [left]);
  await thumbs(touch, 'touchMove', [{ ...left, x: left.x + 40 * way }]);
  await moves(hand, 'x', way);
  const { shots } = await shotsOf(hand);
  await thumbs(touch, 'touchStart', [{ ...left, x: left.x + 40 * way }, right]);
  await thumbs(touch, 'touchMove', [
    { ...left, x: left.x + 40 * way },
    { ...right, y: right.y - 40 },
  ]);
  await expect.poll(async () => angleOf(hand)).toBeCloseTo(-Math.PI / 2, 1);
  await expect.poll(async () => (await shotsOf(hand)).shots).not.toBe(shots);
  await hand.screenshot({ path: join(pictures, `arena-phone-${width}.png`) });
  await thumbs(touch, 'touchEnd', []);
  await stands(hand);
  await hand.getByRole('button', { name: 'Change weapon' }).tap();
  await expect.poll(async () => (await ownPlayer(hand)).weapon).toBe('launcher');
  await thumbs(touch, 'touchStart', [left]);
  await thumbs(touch, 'touchMove', [{ ...left, x: left.x - 40 * way }]);
  const button = await hand.getByRole('button', { name: 'Dash' }).boundingBox();
  const on = { x: (button?.x ?? 0) + 20, y: (button?.y ?? 0) + 20, id: 3 };
  await dashes(hand, () => thumbs(touch, 'touchStart', [{ ...left, x: left.x - 40 * way }, on]));
  await thumbs(touch, 'touchEnd', []);
  expect(await sticksOut(hand)).toEqual([]);
  await hand.getByRole('button', { name: 'Scores' }).tap();
  await hand.locator('#scoreboard').waitFor({ state: 'visible' });
  await hand.getByRole('button', { name: 'Menu' }).tap();
  await hand.getByRole('dialog', { name: 'Menu' }).waitFor();
  await phone.close();
});

test('[SX22] no page had an error on its console', () => {
  expect(watched.flatMap(({ complaints }) => complaints)).toEqual([]);
});

/** Waits until the own player goes along an axis. */
async function moves(on: Page, axis: 'x' | 'y', sign: number): Promise<void> {
  const from = (await ownPlayer(on))[axis];
  await expect.poll(async () => ((await ownPlayer(on))[axis] - from) * sign, { timeout: 3000, interval: 20 }).toBeGreaterThan(8);
}

/** Waits until it stands. */
async function stands(on: Page): Promise<void> {
  let last = Number.NaN;
  await expect
    .poll(
      async () => {
        const { x, y } = await ownPlayer(on);
        const has = x + y === last;
        last = x + y;
        return has;
      },
      { timeout: 3000, interval: 60 },
    )
    .toBe(true);
}

/** Does something and expects a dash of it. */
async function dashes(on: Page, act: () => Promise<void>): Promise<void> {
  const seenOne = on.waitForFunction(() => (window.arena.view().me?.dash ?? 0) > 0, undefined, { timeout: 3000, polling: 'raf' });
  await act();
  await seenOne;
}

async function angleOf(on: Page): Promise<number> {
  const { aim } = await ownPlayer(on);
  return Math.atan2(Math.sin(aim), Math.cos(aim));
}

function shotsOf(on: Page): Promise<{ shots: number }> {
  return on.evaluate(() => ({ shots: window.arena.room?.view.mine('player')?.shots ?? -1 }));
}

interface Pad {
  axes?: readonly number[];
  /** How far a button is pressed, by its number in the standard mapping. */
  buttons?: Readonly<Record<number, number>>;
}

declare global {
  interface Window {
    pad: Pad | undefined;
  }
}

/** Runs in the page before its own scripts. */
function stubGamepad(): void {
  navigator.getGamepads = () => {
    const { pad } = window;
    if (!pad) return [];
    const buttons = Array.from({ length: 17 }, (_, number) => {
      const value = pad.buttons?.[number] ?? 0;
      return { pressed: value > 0.5, touched: value > 0, value };
    });
    const stub = {
      connected: true,
      index: 0,
      id: 'stub',
      mapping: 'standard',
      axes: pad.axes ?? [0, 0, 0, 0],
      buttons,
      timestamp: performance.now(),
    };
    return [stub as unknown as Gamepad];
  };
}

async function gamepad(on: Page, pad: Pad): Promise<void> {
  await on.evaluate((next) => {
    window.pad = next;
  }, pad);
}

async function thumbs(
  touch: CDPSession,
  type: 'touchStart' | 'touchMove' | 'touchEnd',
  touchPoints: { x: number; y: number; id: number }[],
): Promise<void> {
  await touch.send('Input.dispatchTouchEvent', { type, touchPoints });
}

/** What reaches beyond the page, or lies on a button of the page. */
function sticksOut(on: Page): Promise<string[]> {
  return on.evaluate(() => {
    const out: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) out.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const one of document.querySelectorAll('#hud > *, #title button, #title input')) {
      const { left, right, top, width } = one.getBoundingClientRect();
      if (width > 0 && (left < 0 || right > innerWidth || top < 0)) out.push(`${one.id}: ${left} to ${right}`);
    }
    return out;
  });
}
