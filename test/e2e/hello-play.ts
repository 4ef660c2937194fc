// The smallest example in two pages: its own build, its own server file, played by keys. It has no hook for tests, so what it shows is read from its picture.
//
// The same in any browser: a test lends its pages as `HelloPage`. Units: pixels of the canvas.

import { expect } from 'vitest';
import { Child, run } from './child.ts';

export interface Square {
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

export type Arrow = 'ArrowLeft' | 'ArrowRight' | 'ArrowUp' | 'ArrowDown';

/** A page of some browser with the example in it. */
export interface HelloPage {
  open(url: string): Promise<void>;
  /** Runs an expression in the page; its value is a string. */
  read(expression: string): Promise<string>;
  down(key: Arrow): Promise<void>;
  up(key: Arrow): Promise<void>;
}

/** Builds the page anew and starts the server. */
export async function startHello(): Promise<Child> {
  await run([process.execPath, 'node_modules/vite/bin/vite.js', 'build', 'examples/hello', '--logLevel', 'error']);
  return new Child([process.execPath, '--conditions=@tickwire/source', '--import', 'tsx', 'examples/hello/src/server.ts'], {
    environment: { PORT: '0' },
  });
}

/** Two pages meet, and each moves its square on both. */
export async function playHello(url: string, one: HelloPage, two: HelloPage): Promise<void> {
  await one.open(url);
  await says(one, '1 here.');
  // Chance gives places and colours: another go for the one in a hundred that cannot be told apart.
  for (let time = 0; time < 5; time++) {
    await two.open(url);
    await says(one, '2 here.');
    await says(two, '2 here.');
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
}

/** A page that was left keeps its place for 20 s. */
function says(page: HelloPage, words: string): Promise<void> {
  return expect.poll(() => page.read('document.body.innerText'), { timeout: 30_000, interval: 50 }).toContain(words);
}

/** Holds an arrow key on one of the pages until the other shows it. @returns the squares afterwards, as both pages show them. */
async function press(one: HelloPage, two: HelloPage, pressed: HelloPage, before: readonly Square[]): Promise<Square[]> {
  const key = freeKey(before) ?? 'ArrowDown';
  await pressed.down(key);
  const watching = pressed === one ? two : one;
  await expect.poll(async () => moved(before, await squaresOf(watching)).length, { timeout: 3000, interval: 20 }).toBeGreaterThan(0);
  await pressed.up(key);
  return agreed(one, two);
}

/** Waits until both pages show the same picture, and it stands. */
async function agreed(one: HelloPage, two: HelloPage): Promise<Square[]> {
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
function freeKey(squares: readonly Square[]): Arrow | undefined {
  const isFree = (holds: (square: Square) => boolean) => squares.every(holds);
  if (isFree(({ x }) => x < 400)) return 'ArrowRight';
  if (isFree(({ x }) => x > 200)) return 'ArrowLeft';
  if (isFree(({ y }) => y < 400)) return 'ArrowDown';
  if (isFree(({ y }) => y > 200)) return 'ArrowUp';
  return undefined;
}

async function squaresOf(page: HelloPage): Promise<Square[]> {
  return JSON.parse(await page.read(`JSON.stringify((${readSquares})())`)) as Square[];
}

/** Runs in the page: each colour that covers as much as the inside of a square, with its top left corner. White is the frame of the own one. */
function readSquares(): Square[] {
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
}
