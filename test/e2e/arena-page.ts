// The arena's page as a player uses it: open, walk, aim, say something; and what it shows.
//
// Everything is done with keys, mouse and thumbs, and read from the page or from its read-only `window.arena`.
// Units: arena units, page pixels, milliseconds.

import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { SeenArena, SeenPlayer } from '../../examples/arena/src/client/test-hook.ts';

/** Opens the page past its title and waits until its own player is there. */
export async function openArena(page: Page, url: string, name: string): Promise<void> {
  await page.goto(`${url}/?name=${encodeURIComponent(name)}&play=quick`);
  await untilPlaying(page);
}

export async function untilPlaying(page: Page): Promise<void> {
  await page.waitForFunction(() => window.arena?.view().phase === 'playing' && window.arena.view().me !== undefined, undefined, { timeout: 20_000 });
}

export function seen(page: Page): Promise<SeenArena> {
  return page.evaluate(() => window.arena.view());
}

export async function ownPlayer(page: Page): Promise<SeenPlayer> {
  const { me } = await seen(page);
  if (!me) throw new Error('the page has no player of its own');
  return me;
}

/** Waits until a page sees exactly these names. */
export async function untilNamesAre(page: Page, names: readonly string[], patienceMs = 5000): Promise<void> {
  const wanted = [...names].sort();
  await expect.poll(async () => (await seen(page)).players.map(({ name }) => name).sort(), { timeout: patienceMs, interval: 25 }).toEqual(wanted);
}

/** Says a line as a player does: Enter, the text, Enter. */
export async function say(page: Page, text: string): Promise<void> {
  await page.keyboard.press('Enter');
  await page.keyboard.insertText(text);
  await page.keyboard.press('Enter');
}

/** What the scoreboard says while Tab is held. */
export async function scoreboard(page: Page): Promise<string> {
  await page.keyboard.down('Tab');
  await page.locator('#scoreboard').waitFor({ state: 'visible' });
  // The next frame fills it.
  await page.waitForFunction(() => document.querySelectorAll('#scoreboard-rows tr').length === window.arena.view().players.length);
  const text = await page.locator('#scoreboard').innerText();
  await page.keyboard.up('Tab');
  return text;
}

/** Walks along one axis until the coordinate is reached. A player that is already there presses nothing. */
export async function walk(page: Page, axis: 'x' | 'y', goal: number): Promise<void> {
  const from = (await ownPlayer(page))[axis];
  if (Math.abs(goal - from) < nearEnough) return;
  const key = { x: ['KeyA', 'KeyD'], y: ['KeyW', 'KeyS'] }[axis][goal > from ? 1 : 0] as string;
  await page.keyboard.down(key);
  await page.waitForFunction(
    ([along, at, direction]) => ((window.arena.view().me?.[along] ?? at) - at) * direction >= 0,
    [axis, goal, Math.sign(goal - from)] as const,
    { timeout: 15_000 },
  );
  await page.keyboard.up(key);
}

/** Walks to a height of the corridor between the long bar and the pillars on the left, from any spawn point, touching no wall. */
export async function walkIntoCorridor(page: Page, y: number): Promise<void> {
  const start = await ownPlayer(page);
  if (start.y > 600 && start.y < 900) await walk(page, 'y', 490);
  await walk(page, 'x', corridorX);
  await walk(page, 'y', y);
}

/** Points the mouse at a place of the arena, as seen from the own player in the middle of the page. */
export async function aimAt(page: Page, target: { readonly x: number; readonly y: number }): Promise<void> {
  const { x, y } = await ownPlayer(page);
  const { width, height } = page.viewportSize() ?? { width: 0, height: 0 };
  const length = Math.hypot(target.x - x, target.y - y);
  await page.mouse.move(width / 2 + (200 * (target.x - x)) / length, height / 2 + (200 * (target.y - y)) / length);
}

/** What the screen over the page says, once it is there. */
export async function screenText(page: Page, patienceMs: number): Promise<{ title: string; text: string; button: string }> {
  await page.locator('#screen-button').waitFor({ state: 'visible', timeout: patienceMs });
  const read = (id: string): Promise<string> => page.locator(id).innerText();
  return { title: await read('#screen-title'), text: await read('#screen-text'), button: await read('#screen-button') };
}

/** Free of walls from top to bottom of the map. */
const corridorX = 570;
/** A few ticks of walking. */
const nearEnough = 20;
