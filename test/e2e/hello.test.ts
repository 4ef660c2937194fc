// The smallest example in two pages: its own build, its own server file. It has no hook for tests, so what it shows is read from its picture.
//
// Units: pixels of the canvas.

import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child, run } from './child.ts';
import { WatchedBrowser } from './watched-browser.ts';

interface Square {
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

let server: Child;
let browser: WatchedBrowser;

beforeAll(async () => {
  await run([process.execPath, 'node_modules/vite/bin/vite.js', 'build', 'examples/hello', '--logLevel', 'error']);
  server = new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'examples/hello/src/server.ts'], {
    environment: { PORT: '0' },
  });
  browser = await WatchedBrowser.launch();
});

afterAll(async () => {
  await browser?.close();
  await server?.kill();
});

test('[EE22] in hello two pages show two squares, and each key press moves a square on both', async () => {
  const url = await server.address();
  const watched = [await browser.newPage(), await browser.newPage()] as const;
  const [one, two] = [watched[0].page, watched[1].page];
  await one.goto(url);
  await one.getByText('1 here.').waitFor();
  // Chance gives places and colours: another go for the one in a hundred that cannot be told apart.
  for (let time = 0; time < 5; time++) {
    await two.goto(url);
    await one.getByText('2 here.').waitFor();
    await two.getByText('2 here.').waitFor();
    const squares = await squaresOf(one);
    if (areApart(squares) && freeKey(squares)) break;
  }
  const start = await agreed(one, two);
  expect(start).toHaveLength(2);

  const afterOne = await press(one, two, one, start);
  const [mine] = moved(start, afterOne);
  expect(moved(start, afterOne)).toHaveLength(1);

  const afterTwo = await press(one, two, two, afterOne);
  expect(moved(afterOne, afterTwo)).toHaveLength(1);
  expect(moved(afterOne, afterTwo)).not.toEqual([mine]);

  await one.screenshot({ path: '.artifacts/e2e/hello.png' });
  for (const { page, complaints } of watched) {
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => window.probe.violations)).toEqual([]);
  }
});

/** Holds an arrow key on one of the pages until the other shows it. @returns the squares afterwards, as both pages show them. */
async function press(one: Page, two: Page, pressed: Page, before: readonly Square[]): Promise<Square[]> {
  const key = freeKey(before) ?? 'ArrowDown';
  await pressed.keyboard.down(key);
  const watching = pressed === one ? two : one;
  await expect.poll(async () => moved(before, await squaresOf(watching)).length, { timeout: 3000, interval: 20 }).toBeGreaterThan(0);
  await pressed.keyboard.up(key);
  return agreed(one, two);
}

/** Waits until both pages show the same picture, and it stands. */
async function agreed(one: Page, two: Page): Promise<Square[]> {
  let before: Square[] = [];
  await expect
    .poll(
      async () => {
        const [byOne, byTwo, last] = [await squaresOf(one), await squaresOf(two), before];
        before = byOne;
        return moved(byOne, byTwo, 2).length + moved(byOne, last, 0).length + Number(byOne.length !== last.length);
      },
      { timeout: 5000, interval: 100 },
    )
    .toBe(0);
  return before;
}

/** Colours of the squares that are elsewhere. */
function moved(from: readonly Square[], to: readonly Square[], morePixels = 20): string[] {
  const isNear = (a: Square, b: Square) => a.colour === b.colour && Math.abs(a.x - b.x) <= morePixels && Math.abs(a.y - b.y) <= morePixels;
  return from.filter((square) => !to.some((other) => isNear(square, other))).map(({ colour }) => colour);
}

function areApart([a, b]: readonly Square[]): boolean {
  return a !== undefined && b !== undefined && (Math.abs(a.x - b.x) > 120 || Math.abs(a.y - b.y) > 120);
}

/** An arrow key in whose direction every square has room. */
function freeKey(squares: readonly Square[]): string | undefined {
  const isFree = (holds: (square: Square) => boolean) => squares.every(holds);
  if (isFree(({ x }) => x < 400)) return 'ArrowRight';
  if (isFree(({ x }) => x > 200)) return 'ArrowLeft';
  if (isFree(({ y }) => y < 400)) return 'ArrowDown';
  if (isFree(({ y }) => y > 200)) return 'ArrowUp';
  return undefined;
}

/** Each colour that covers as much as the inside of a square, with its top left corner. White is the frame of the own one. */
function squaresOf(page: Page): Promise<Square[]> {
  return page.evaluate(() => {
    const canvas = document.querySelector('canvas') as HTMLCanvasElement;
    const { width, height } = canvas;
    const pixels = canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray();
    const found = new Map<string, { count: number; x: number; y: number }>();
    for (let at = 0; at < pixels.length; at += 4) {
      if (pixels[at + 3] !== 255) continue;
      const colour = `${pixels[at]} ${pixels[at + 1]} ${pixels[at + 2]}`;
      const [x, y] = [(at / 4) % width, Math.floor(at / 4 / width)];
      const square = found.get(colour) ?? { count: 0, x, y };
      found.set(colour, { count: square.count + 1, x: Math.min(square.x, x), y: Math.min(square.y, y) });
    }
    return [...found]
      .filter(([colour, { count }]) => count > 800 && colour !== '255 255 255')
      .map(([colour, { x, y }]) => ({ colour, x, y }))
      .sort((a, b) => (a.colour < b.colour ? -1 : 1));
  });
}
