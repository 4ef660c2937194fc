// The net panel in real Chromium, on the smallest example: it opens and closes, each figure moves when the simulator moves it, and nothing is left of it.
//
// One page, step by step: what a test leaves set is what the next begins with. Units: milliseconds; page pixels.

import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Child, pause } from './child.ts';
import { startHello } from './hello-play.ts';
import { WatchedBrowser, type WatchedPage } from './watched-browser.ts';

const presets = ['4G', 'Bad Wi-Fi', 'Train', 'Hotel'] as const;
const patienceMs = 20_000;

let server: Child;
let browser: WatchedBrowser;
let watched: WatchedPage;
let page: Page;
let panel: Locator;
const requests: string[] = [];

declare global {
  interface Window {
    /** What the panel's own script waits for: frames and timers. */
    panelWaits?: () => string[];
    stopPlay?: () => void;
  }
}

beforeAll(async () => {
  server = await startHello();
  browser = await WatchedBrowser.launch();
  watched = await browser.newPage({ viewport: { width: 1280, height: 800 }, permissions: ['clipboard-read', 'clipboard-write'] });
  page = watched.page;
  panel = page.locator('[data-tickwire-panel] section.panel');
  page.on('request', (request) => requests.push(request.url()));
  await page.addInitScript(watchWaits);
  await page.goto(await server.address());
  await page.getByText('1 here.').waitFor();
  await page.evaluate(play);
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

test('[PL9] F3 loads the panel and opens it; Escape, its button and F3 close it', async () => {
  expect(requests.filter((url) => url.includes('net-panel'))).toEqual([]);
  await page.keyboard.press('F3');
  await panel.waitFor();
  expect(requests.filter((url) => url.includes('net-panel'))).toHaveLength(1);
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'detached' });
  await page.keyboard.press('F3');
  await panel.getByRole('button', { name: 'Close' }).click();
  await panel.waitFor({ state: 'detached' });
  await page.keyboard.press('F3');
  await panel.waitFor();
  await page.keyboard.press('F3');
  await panel.waitFor({ state: 'detached' });
  await page.keyboard.press('F3');
  await panel.waitFor();
  expect(requests.filter((url) => url.includes('net-panel'))).toHaveLength(1);
});

test('[PL9] the keys of the game reach the game while the panel has the focus, and those typed into a control do not', async () => {
  const heard = await page.evaluateHandle(() => {
    const keys: string[] = [];
    addEventListener('keydown', ({ code, isTrusted }) => isTrusted && keys.push(code));
    return keys;
  });
  await page.keyboard.press('KeyW');
  await panel.getByRole('tab', { name: 'Simulator' }).click();
  await page.keyboard.press('KeyA');
  await panel.getByLabel('Latency, down').fill('40');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Digit1');
  expect(await heard.jsonValue()).toEqual(['KeyW', 'KeyA']);
  await panel.getByLabel('Latency, down').fill('0');
  await panel.getByRole('tab', { name: 'Graphs' }).click();
  await page.keyboard.press('ArrowRight');
  expect(await heard.jsonValue()).toEqual(['KeyW', 'KeyA', 'ArrowRight']);
  // By the keyboard alone: from tab to tab.
  await panel.getByRole('tab', { name: 'Graphs' }).focus();
  for (const name of ['Simulator', 'State', 'Session', 'Graphs']) {
    await page.keyboard.press('ArrowRight');
    expect(await panel.getByRole('tab', { name }).getAttribute('aria-selected')).toBe('true');
  }
});

test('[PL10] each figure moves when the simulator moves it', async () => {
  await set('Latency', 0);
  await pause(3500);
  const before = await figures();
  expect(before['Round trip']).toBeLessThan(80);
  await set('Latency', 150);
  await seen('Round trip', (value) => value > 290);
  await seen('Input lead', (value) => value > (before['Input lead'] ?? 0) + 100);
  await set('Latency', 0);
  await set('Jitter', 200);
  await seen('Jitter', (value) => value > 60);
  await seen('Interpolation delay', (value) => value > (before['Interpolation delay'] ?? 0) + 30);
  await set('Jitter', 0);
  await set('Loss', 25);
  await expect
    .poll(async () => (await text('Loss down, up')).split(',').every((share) => Number.parseInt(share, 10) >= 8), {
      timeout: patienceMs,
      interval: 100,
    })
    .toBe(true);
  await expect.poll(verdict, { timeout: patienceMs }).toMatch(/Your connection loses .* %.*; the framework added \d+ ms of delay/);
  await page.screenshot({ path: '.artifacts/e2e/panel-loss.png' });
  await set('Loss', 0);
  await seen('Loss down, up', (value) => value < 2);
  // What waits for the one thing that cannot go on: nothing comes, and the page's own moves are missed.
  await panel.getByRole('button', { name: 'Blackout' }).click();
  await seen('Snapshot age', (value) => value > 1500);
  expect(await verdict()).toMatch(/^Nothing has come from the server for \d\.\d s\./);
  await seen('Snapshot age', (value) => value < 300);
  await expect.poll(() => panel.getByRole('button', { name: 'Blackout 3 s' }).count()).toBe(1);
  const standStill = (): void => {
    for (const end = performance.now() + 400; performance.now() < end; );
  };
  await seen(
    'Frame, the longest',
    (value) => value >= 400,
    () => page.evaluate(standStill),
  );
  await expect.poll(verdict).toMatch(/This page (stood still for [4-9]|is slow: a frame takes )\d\d/);
  expect((await figures())['Bytes down']).toBeGreaterThan(0);
  expect((await figures())['Bytes up']).toBeGreaterThan(0);
});

test('[PL10] inputs that come too late are seen, and so is what is corrected for them', async () => {
  const counted = await page.evaluateHandle(() => {
    const most = { missing: 0, corrections: 0 };
    const root = document.querySelector('[data-tickwire-panel]')?.shadowRoot as ShadowRoot;
    const read = (title: string): number =>
      Number.parseFloat(
        [...root.querySelectorAll('.graph h3')].find((head) => head.textContent?.startsWith(title))?.querySelector('b')?.textContent ?? '0',
      );
    const look = (): void => {
      most.missing = Math.max(most.missing, read('Inputs missing'));
      most.corrections = Math.max(most.corrections, read('Corrections'));
      if (root.isConnected) setTimeout(look, 50);
    };
    look();
    return most;
  });
  for (let time = 0; time < 4 && (await counted.jsonValue()).corrections === 0; time++) {
    await setUp('Latency', 400);
    await pause(1500);
    await setUp('Latency', 0);
    await pause(1500);
  }
  expect((await counted.jsonValue()).missing).toBeGreaterThan(0);
  expect((await counted.jsonValue()).corrections).toBeGreaterThan(0);
});

test('[PL11] each preset is taken on, and play goes on over it', async () => {
  for (const preset of presets) {
    await panel.getByRole('combobox').selectOption(preset);
    await expect.poll(verdict).toContain(`The network simulator is on: ${preset}.`);
    await pause(2000);
    expect(await page.locator('body > p').textContent()).toContain('1 here.');
    await seen('Snapshot age', (value) => value < 700);
    await page.screenshot({ path: `.artifacts/e2e/panel-${preset.replace(/\W/g, '').toLowerCase()}.png` });
  }
  await panel.getByRole('combobox').selectOption('no trouble');
  await expect.poll(verdict).not.toContain('simulator');
});

test('[PL12] the state tree shows what is shown and what the server said, the ghosts are drawn, and the report is copied', async () => {
  await panel.getByRole('tab', { name: 'State' }).click();
  await panel.locator('summary', { hasText: 'square' }).click();
  const row = panel.locator('.tree tbody tr', { hasText: 'pos' });
  await row.waitFor();
  const cells = () => row.locator('td').allTextContents();
  await expect.poll(cells).toEqual([expect.stringMatching(/^x [\d.]+, y [\d.]+$/), expect.stringMatching(/^x [\d.]+, y [\d.]+$/), expect.anything()]);
  const [shownBefore] = await cells();
  await expect.poll(async () => (await cells())[0] !== shownBefore).toBe(true);
  // Late inputs were corrected in a test before.
  await expect.poll(cells).toEqual([expect.anything(), expect.anything(), expect.stringMatching(/^[\d.]+ s ago: x .* to x /)]);
  const without = await page.evaluate(whitePixels);
  await panel.getByLabel('Ghosts').check();
  await expect.poll(() => page.evaluate(whitePixels)).toBeGreaterThan(without + 60);
  await page.screenshot({ path: '.artifacts/e2e/panel-state.png' });
  await panel.getByLabel('Ghosts').uncheck();
  await panel.getByRole('tab', { name: 'Session' }).click();
  const session = panel.locator('tr', { hasText: 'Transport' });
  // After a blackout it may have gone over a WebSocket for a while.
  await expect.poll(() => session.locator('td').textContent(), { timeout: patienceMs }).toBe('webrtc');
  await panel.getByRole('button', { name: 'Copy report' }).click();
  await panel.getByRole('button', { name: 'Copied' }).waitFor();
  const report = await page.evaluate(() => navigator.clipboard.readText());
  for (const part of [
    /^Tickwire net report\n/,
    /Round trip +\d+/,
    /Path +\w+ to \w+ over udp/,
    /Drops, reconnects +0, 0/,
    /down: square +\d+/,
    /Chrom/,
  ])
    expect(report).toMatch(part);
  expect(report).not.toMatch(/\b127\.0\.0\.1\b|undefined|NaN/);
});

test('[PL9] on a phone it is a sheet at the bottom, and its upper edge can be dragged or moved by keys', async () => {
  await panel.getByRole('tab', { name: 'Graphs' }).click();
  await page.setViewportSize({ width: 390, height: 844 });
  const grip = panel.getByRole('separator');
  const height = async (): Promise<number> => (await panel.boundingBox())?.height ?? 0;
  const before = await height();
  expect((await panel.boundingBox())?.width).toBe(390);
  const box = (await grip.boundingBox()) ?? expect.fail();
  await page.mouse.move(box.x + box.width / 2, box.y + 4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y - 150, { steps: 4 });
  await page.mouse.up();
  expect(await height()).toBeGreaterThan(before + 100);
  await grip.focus();
  await page.keyboard.press('ArrowDown');
  expect(await height()).toBeLessThan(before + 150);
  await pause(300);
  await page.screenshot({ path: '.artifacts/e2e/panel-phone.png' });
  await page.setViewportSize({ width: 1280, height: 800 });
});

test('[PL13] closed in the middle of a bad network, nothing is left of it, and the connection is as good as it was', async () => {
  await panel.getByRole('combobox').selectOption('Train');
  await pause(500);
  expect(await page.evaluate(() => window.panelWaits?.())).not.toEqual([]);
  await page.keyboard.press('F3');
  await panel.waitFor({ state: 'detached' });
  // The links tell their new handler in a turn of their own.
  await pause(200);
  expect(await page.evaluate(() => [window.panelWaits?.(), document.querySelectorAll('[data-tickwire-panel]').length])).toEqual([[], 0]);
  await page.keyboard.press('F3');
  await panel.waitFor();
  await pause(2000);
  expect((await figures())['Round trip']).toBeLessThan(80);
  expect(await verdict()).not.toContain('simulator');
  await panel.getByRole('tab', { name: 'Session' }).click();
  await expect.poll(() => panel.locator('tr', { hasText: 'Fresh starts' }).locator('td').textContent()).toBe('0, codec faults 0');
});

test('[PL14] under the default policy of serve the page has nothing to complain of', async () => {
  await page.evaluate(() => window.stopPlay?.());
  expect(watched.complaints).toEqual([]);
  expect(await page.evaluate(() => window.probe.violations)).toEqual([]);
});

/** Sets a condition of both directions. */
async function set(label: string, value: number): Promise<void> {
  await panel.getByRole('tab', { name: 'Simulator' }).click();
  await panel.getByLabel('both directions alike').setChecked(true);
  await panel.getByLabel(`${label}, down`, { exact: true }).fill(String(value));
  await panel.getByRole('tab', { name: 'Graphs' }).click();
}

/** Of the way up alone. */
async function setUp(label: string, value: number): Promise<void> {
  await panel.getByLabel('both directions alike').evaluate((box) => {
    (box as HTMLInputElement).checked = false;
  });
  await panel.getByLabel(`${label}, up`, { exact: true }).evaluate((input, to) => {
    (input as HTMLInputElement).value = String(to);
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);
}

function verdict(): Promise<string> {
  return panel.getByRole('status').innerText();
}

async function text(title: string): Promise<string> {
  return (await panel.locator('.graph h3', { hasText: title }).locator('b').textContent()) ?? '';
}

async function figures(): Promise<Record<string, number>> {
  const heads = await panel
    .locator('.graph h3')
    .evaluateAll((list) => list.map((head) => [head.firstChild?.textContent ?? '', head.lastChild?.textContent ?? '']));
  return Object.fromEntries(heads.map(([title, value]) => [title, Number.parseFloat(value ?? '')]));
}

/** Waits until a figure is as it should be. @param before run each time before it is read, and some samples. */
async function seen(title: string, holds: (value: number) => boolean, before?: () => Promise<void>): Promise<void> {
  let value = Number.NaN;
  await expect
    .poll(
      async () => {
        await before?.();
        if (before) await pause(300);
        value = Number.parseFloat(await text(title));
        return holds(value);
      },
      { timeout: patienceMs, interval: 100, message: `${title} is ${value}` },
    )
    .toBe(true);
}

/** Runs in the page: keys that the game hears, another each 300 ms, so that something happens. */
function play(): void {
  const keys = ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp'];
  let turn = 0;
  const timer = setInterval(() => {
    dispatchEvent(new KeyboardEvent('keyup', { code: keys[turn % 4] ?? '' }));
    turn++;
    dispatchEvent(new KeyboardEvent('keydown', { code: keys[turn % 4] ?? '' }));
  }, 300);
  window.stopPlay = () => clearInterval(timer);
}

/** Runs in the page. */
function whitePixels(): number {
  const canvas = document.querySelector('canvas') as HTMLCanvasElement;
  const pixels = canvas.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
  let count = 0;
  for (let at = 0; at < pixels.length; at += 4) if (pixels[at] === 255 && pixels[at + 1] === 255 && pixels[at + 2] === 255) count++;
  return count;
}

/** Runs in the page, before its scripts: notes which frames and timers the panel's script asked for and has not had. */
function watchWaits(): void {
  const waits = new Map<string, string>();
  const isPanel = (): boolean => /net-panel/.test(new Error().stack ?? '');
  const { requestAnimationFrame: frame, cancelAnimationFrame: noFrame, setTimeout: timer, clearTimeout: noTimer, setInterval: interval } = window;
  window.requestAnimationFrame = (task) => {
    const id = frame((now) => {
      waits.delete(`frame ${id}`);
      task(now);
    });
    if (isPanel()) waits.set(`frame ${id}`, 'frame');
    return id;
  };
  window.cancelAnimationFrame = (id) => {
    waits.delete(`frame ${id}`);
    noFrame(id);
  };
  window.setTimeout = ((task: () => void, ms?: number) => {
    const id = timer(() => {
      waits.delete(`timer ${id}`);
      task();
    }, ms);
    if (isPanel()) waits.set(`timer ${id}`, 'timer');
    return id;
  }) as typeof window.setTimeout;
  window.clearTimeout = (id) => {
    waits.delete(`timer ${id}`);
    noTimer(id);
  };
  window.setInterval = ((task: () => void, ms?: number) => {
    if (isPanel()) waits.set('interval', 'interval');
    return interval(task, ms);
  }) as typeof window.setInterval;
  window.panelWaits = () => [...waits.values()];
}
