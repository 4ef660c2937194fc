// The screens of the arena in real Chromium: title, rooms, refusals, what lies over a game, menu, sound, result; by keyboard and by their names.
//
// One server without bots and with short matches, and mostly the same page from test to test, in this order. Each screen is kept as a picture.
// Units: page pixels, milliseconds.

import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownPlayer, scoreboard, screenText, seen, untilNamesAre, untilPlaying } from './arena-page.ts';
import { ArenaServer, buildArenaPage } from './arena-server.ts';
import { pause, rootFolder } from './child.ts';
import { WatchedBrowser, type WatchedPage } from './watched-browser.ts';

const pictures = join(rootFolder, '.artifacts/e2e');

let server: ArenaServer;
let browser: WatchedBrowser;
let ada: Page;
let bob: Page;
const watched: WatchedPage[] = [];

beforeAll(async () => {
  mkdirSync(pictures, { recursive: true });
  await buildArenaPage();
  [server, browser] = await Promise.all([ArenaServer.start(), WatchedBrowser.launch()]);
  watched.push(await browser.newPage({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] }));
  watched.push(await browser.newPage({ viewport: { width: 800, height: 600 }, reducedMotion: 'reduce' }));
  [ada, bob] = watched.map(({ page }) => page) as [Page, Page];
  await ada.goto(server.url);
  await untilTitle(ada);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

test('[SX1] everything on the title has a name and is reached by Tab, in the order in which it is read', async () => {
  await ada.getByRole('heading', { name: 'Tickwire Arena' }).waitFor();
  await ada.getByText('Nobody plays at the moment.').waitFor();
  // Where Enter plays at once.
  expect(await focused(ada)).toBe('button Quick play');
  await ada.screenshot({ path: picture('arena-title.png') });
  const stops: string[] = [];
  for (let count = 0; count < 7; count++) {
    await ada.keyboard.press('Tab');
    stops.push(await focused(ada));
  }
  expect(stops).toEqual([
    'button Create a private room',
    'input Room code',
    'button Join',
    'button Refresh',
    'button How to play',
    'button Sound on',
    // Around, past the browser's own.
    expect.stringMatching(/^(body|input Your name)/),
  ]);
  for (const name of ['Quick play', 'Create a private room', 'Join', 'Refresh', 'How to play', 'Sound on'])
    expect(await ada.getByRole('button', { name, exact: true }).count()).toBe(1);
  for (const name of ['Your name', 'Room code']) expect(await ada.getByRole('textbox', { name }).count()).toBe(1);
  expect(await ada.getByRole('list', { name: 'Open rooms' }).count()).toBeLessThanOrEqual(1);
});

test('[SX2] how to play is a dialog that Escape closes, and the focus is back where it was', async () => {
  await ada.getByRole('button', { name: 'How to play' }).focus();
  await ada.keyboard.press('Enter');
  const help = ada.getByRole('dialog', { name: 'How to play' });
  await help.waitFor();
  await ada.screenshot({ path: picture('arena-help.png') });
  await ada.keyboard.press('Escape');
  await help.waitFor({ state: 'hidden' });
  expect(await focused(ada)).toBe('button How to play');
});

test('[SX3] Enter in the name plays at once under that name, and the address brings a reload back into the game under it', async () => {
  await ada.getByRole('textbox', { name: 'Your name' }).focus();
  await ada.keyboard.insertText('Ada');
  await ada.keyboard.press('Enter');
  await untilPlaying(ada);
  expect((await ownPlayer(ada)).name).toBe('Ada');
  expect(new URL(ada.url()).search).toBe('?play=quick');
  await ada.reload();
  await untilPlaying(ada);
  // The one before may have its place for a moment still, and then the name has a number.
  expect((await ownPlayer(ada)).name).toMatch(/^Ada/);
  await leave(ada);
  expect(new URL(ada.url()).search).toBe('');
  expect(await ada.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('Ada');
});

test('[SX4] the list shows who plays where, and its button goes into that room', async () => {
  await bob.goto(`${server.url}/?name=Bob&play=quick`);
  await untilPlaying(bob);
  const join = ada.getByRole('button', { name: /^Join: arena \d+, 1 player, playing/ });
  await join.waitFor({ timeout: 8000 });
  await ada.screenshot({ path: picture('arena-rooms.png') });
  await join.click();
  await untilPlaying(ada);
  await untilNamesAre(ada, ['Ada', 'Bob']);
  expect(new URL(ada.url()).hash).toBe(`#${await ada.evaluate(() => window.arena.room?.roomId)}`);
});

test('[SX5] Tab shows the scores while it is held, the clock does until it is pressed again, both with names and columns', async () => {
  const text = await scoreboard(ada);
  for (const word of ['Player', 'Score', 'Deaths', 'Ada', 'Bob', 'you']) expect(text).toContain(word);
  expect(await ada.locator('#scoreboard').isVisible()).toBe(false);
  const clock = bob.getByRole('button', { name: 'Scores' });
  await clock.click();
  await bob.getByRole('row', { name: /Ada/ }).waitFor();
  expect(await clock.getAttribute('aria-expanded')).toBe('true');
  await bob.screenshot({ path: picture('arena-scores.png') });
  await clock.click();
  await bob.locator('#scoreboard').waitFor({ state: 'hidden' });
});

test('[SX6] over the game stand health, weapon, rockets, clock, place and the connection with what it runs over', async () => {
  const hud = ada.getByRole('main', { name: 'Arena' });
  expect(await hud.locator('#vitals-text').innerText()).toBe('100');
  expect(await hud.locator('#rockets').innerText()).toBe('2');
  expect(await hud.locator('#weapon-rifle').getAttribute('class')).toContain('inHand');
  expect(await hud.getByRole('timer').innerText()).toMatch(/^[45]:\d\d$/);
  expect(await hud.locator('#match-place').innerText()).toBe('1st of 2');
  expect(await hud.locator('#status').innerText()).toMatch(/^\d+ ms · UDP/);
  await ada.screenshot({ path: picture('arena-hud.png') });
});

test('[SX7] Escape opens the menu over a game that goes on: it steers nothing meanwhile, copies an invitation, and resumes', async () => {
  await ada.keyboard.press('Escape');
  const menu = ada.getByRole('dialog', { name: 'Menu' });
  await menu.waitFor();
  expect(await focused(ada)).toBe('button Resume');
  await ada.screenshot({ path: picture('arena-menu.png') });
  const { x } = await ownPlayer(ada);
  const { frames } = await seen(ada);
  await ada.keyboard.down('KeyD');
  await pause(300);
  await ada.keyboard.up('KeyD');
  expect((await ownPlayer(ada)).x).toBe(x);
  expect((await seen(ada)).frames).toBeGreaterThan(frames);
  await menu.getByRole('button', { name: 'Copy invite link' }).click();
  await menu.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await ada.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/#${await ada.evaluate(() => window.arena.room?.roomId)}`);
  await ada.keyboard.press('Escape');
  await menu.waitFor({ state: 'hidden' });
  await bob.keyboard.press('Escape');
  await bob.getByRole('button', { name: 'Resume' }).click();
  await bob.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('[SX8] shots are heard; once muted nothing is, also after a reload, until sound is on again', async () => {
  const shoot = async () => {
    await ada.mouse.move(700, 300);
    await ada.mouse.down();
    await pause(250);
    await ada.mouse.up();
  };
  const shotsHeard = async () => (await seen(ada)).sounds['shot'] ?? 0;
  await expect
    .poll(async () => {
      await shoot();
      return shotsHeard();
    })
    .toBeGreaterThan(0);
  await ada.keyboard.press('KeyM');
  const before = await shotsHeard();
  await shoot();
  expect(await shotsHeard()).toBe(before);
  await ada.reload();
  await untilPlaying(ada);
  await shoot();
  expect((await seen(ada)).sounds).toEqual({});
  await ada.keyboard.press('Escape');
  await ada.getByRole('button', { name: 'Sound off' }).click();
  await ada.getByRole('button', { name: 'Sound on' }).waitFor();
  await ada.keyboard.press('Escape');
  await expect
    .poll(async () => {
      await shoot();
      return shotsHeard();
    })
    .toBeGreaterThan(0);
});

test('[SX9] leaving goes back to the title, from where the same name plays again', async () => {
  await leave(ada);
  expect((await seen(ada)).phase).toBe('title');
  expect(await ada.locator('#hud').isVisible()).toBe(false);
  await untilNamesAre(bob, ['Bob']);
});

test('[SX10] a private room shows its code; who types it comes in, however it is typed, and so does who follows the link', async () => {
  await ada.getByRole('button', { name: 'Create a private room' }).click();
  const dialog = ada.getByRole('dialog', { name: 'Your private room' });
  await dialog.waitFor({ timeout: 15_000 });
  const code = await dialog.getByRole('status', { name: 'Room code' }).innerText();
  expect(code).toMatch(/^[2-9A-Z]{6}$/);
  await ada.screenshot({ path: picture('arena-invite.png') });
  await dialog.getByRole('button', { name: 'Copy code' }).click();
  await dialog.getByRole('button', { name: 'Copied' }).waitFor();
  expect(await ada.evaluate(() => navigator.clipboard.readText())).toBe(code);
  await dialog.getByRole('button', { name: 'Copy link' }).click();
  await expect.poll(() => ada.evaluate(() => navigator.clipboard.readText())).toBe(`${server.url}/#${code}`);
  await dialog.getByRole('button', { name: 'Play' }).click();
  await dialog.waitFor({ state: 'hidden' });
  await leave(bob);
  // It is not in the list.
  await bob.getByRole('button', { name: 'Refresh' }).click();
  await pause(300);
  expect(await bob.getByRole('button', { name: /^Join: arena.*1 player/ }).count()).toBe(0);
  await bob.getByRole('textbox', { name: 'Room code' }).fill(` ${code.slice(0, 3).toLowerCase()} ${code.slice(3)}`);
  await bob.keyboard.press('Enter');
  await untilPlaying(bob);
  await untilNamesAre(ada, ['Ada', 'Bob']);
  await leave(bob);
  await bob.goto(`${server.url}/?name=Bob`);
  await untilTitle(bob);
  await bob.goto(`${server.url}/?name=Bob#${code}`);
  await untilPlaying(bob);
  await untilNamesAre(ada, ['Ada', 'Bob']);
  expect(await bob.getByRole('dialog').count()).toBe(0);
});

test('[SX11] a join that is refused says why, with a button that helps: another room, the title, the page anew', async () => {
  await leave(bob);
  await bob.getByRole('textbox', { name: 'Room code' }).fill('222222');
  await bob.keyboard.press('Enter');
  expect(await screenText(bob, 5000)).toMatchObject({ title: 'No such room', button: 'Back to the title' });
  await bob.screenshot({ path: picture('arena-refused.png') });
  await bob.keyboard.press('Enter');
  await untilTitle(bob);
  const refused = async (code: string) => {
    await bob.route('**/tickwire/join', (route) => route.fulfill({ status: 409, json: { code } }), { times: 1 });
    await bob.getByRole('button', { name: 'Quick play' }).click();
    return screenText(bob, 5000);
  };
  expect(await refused('schema-mismatch')).toMatchObject({ title: 'The game was updated', button: 'Reload the page' });
  await bob.getByRole('button', { name: 'Back to the title' }).click();
  expect(await refused('server-full')).toMatchObject({ title: 'The server is full', button: 'Try again' });
  await bob.getByRole('button', { name: 'Back to the title' }).click();
  expect(await refused('room-full')).toMatchObject({ title: 'The room is full', button: 'Another room' });
  await bob.getByRole('button', { name: 'Another room' }).click();
  await untilPlaying(bob);
  await leave(bob);
});

test('[SX12] a join that takes long says so and can be called off', async () => {
  let letGo = (): void => {};
  await bob.route(
    '**/tickwire/join',
    async (route) => {
      await new Promise<void>((resolve) => {
        letGo = resolve;
      });
      await route.abort();
    },
    { times: 1 },
  );
  await bob.getByRole('button', { name: 'Quick play' }).click();
  await bob.getByRole('heading', { name: 'Joining' }).waitFor();
  await bob.getByRole('heading', { name: 'Still joining' }).waitFor({ timeout: 6000 });
  await bob.screenshot({ path: picture('arena-joining.png') });
  await bob.getByRole('button', { name: 'Back to the title' }).click();
  await untilTitle(bob);
  letGo();
});

test('[SX13] where there is no WebRTC the game comes over a WebSocket, and says so', async () => {
  const other = await browser.newPage({ viewport: { width: 640, height: 400 } });
  watched.push(other);
  await other.page.addInitScript(() => Object.defineProperty(window, 'RTCPeerConnection', { value: undefined }));
  await other.page.goto(`${server.url}/?name=Cy&play=quick`);
  await untilPlaying(other.page);
  await expect.poll(() => other.page.locator('#status').innerText()).toMatch(/ms · WebSocket/);
  await other.close();
});

test('[SX14] who wants less motion sees none that the game does not need', async () => {
  await bob.getByRole('button', { name: 'Quick play' }).click();
  await untilPlaying(bob);
  await bob.evaluate(() => {
    const line = document.createElement('li');
    document.getElementById('chat-log')?.append(line);
    document.getElementById('banner')?.removeAttribute('hidden');
  });
  expect(await bob.evaluate(() => document.getAnimations().length)).toBe(0);
  await leave(bob);
});

test('[SX15] a match ends with who has won, the ranking and the time to the next one, which begins with nothing scored', async () => {
  const short = await ArenaServer.start({ matchSeconds: 4 });
  try {
    await ada.goto(`${short.url}/?name=Ada&play=quick`);
    await untilPlaying(ada);
    const result = ada.getByRole('status', { name: 'Result' });
    await result.waitFor({ timeout: 8000 });
    expect(await result.getByRole('heading').innerText()).toBe('Nobody scored');
    expect(await result.innerText()).toMatch(/You are 1st of 1, with 0 points\.[\s\S]*Next match in \d+ s/);
    await ada.screenshot({ path: picture('arena-result.png') });
    await result.waitFor({ state: 'hidden', timeout: 14_000 });
    expect(await ada.locator('#banner').innerText()).toMatch(/Fight!/);
    expect((await seen(ada)).match).toBe('play');
    expect(await ada.getByRole('timer').innerText()).toMatch(/^0:0[34]$/);
  } finally {
    await short.kill();
  }
});

test('[SX16] in all of this no page has an error on its console, and the server nothing to warn of', () => {
  const ofTests = /Failed to load resource.*tickwire|WebSocket connection|Failed to fetch/;
  expect(watched.flatMap(({ complaints }) => complaints).filter((text) => !ofTests.test(text))).toEqual([]);
  expect(server.log).toBe('');
});

async function untilTitle(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Quick play' }).waitFor({ timeout: 10_000 });
}

/** With keys alone. */
async function leave(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Menu' }).waitFor();
  await page.getByRole('button', { name: 'Leave the room' }).focus();
  await page.keyboard.press('Enter');
  await untilTitle(page);
}

/** What has the focus: its kind and its name. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const { activeElement } = document;
    const name =
      activeElement instanceof HTMLInputElement ? (activeElement.labels?.[0]?.textContent ?? '') : (activeElement?.textContent?.trim() ?? '');
    return activeElement === document.body ? 'body' : `${activeElement?.localName} ${name}`;
  });
}

function picture(name: string): string {
  return join(pictures, name);
}
