// Films a fight of bots in the arena, with one player whose hand is this file: docs/images/arena.png and arena.gif. Run by `npm run film`; needs
// ImageMagick's `convert` and gifsicle.
//
// The film is real time as Chromium showed it. The picture and the four seconds are those with the most going on around the player.
// Units: milliseconds, page pixels, arena units.

import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { buildArenaPage } from './arena-server.ts';
import { Child, pause, rootFolder } from './child.ts';
import { WatchedBrowser } from './watched-browser.ts';

const width = 1280;
const height = 800;
const players = 10;
const FILM_MS = 40_000;
const GIF_MS = 4000;
const gifFrameMs = 80;
const gifWidth = 640;
const gifColours = 128;
/** Around the player; the screen shows 660 at the most. */
const nearUnits = 480;

interface Frame {
  readonly png: Buffer;
  readonly at: number;
  /** How much goes on. */
  readonly life: number;
}

interface Around {
  readonly life: number;
  readonly target: { readonly x: number; readonly y: number } | undefined;
  readonly me: { readonly x: number; readonly y: number } | undefined;
}

await buildArenaPage();
const pageFolder = join(rootFolder, '.artifacts/e2e/arena-page');
const server = new Child([
  process.execPath,
  '--conditions=@tickwire/source',
  '--import',
  'tsx',
  'test/e2e/serve-crowd.ts',
  pageFolder,
  String(players),
]);
const browser = await WatchedBrowser.launch();
try {
  const { page } = await browser.newPage({ viewport: { width, height } });
  // tsx writes this around the functions that it hands to the page.
  await page.addInitScript('globalThis.__name = (named) => named');
  await page.goto(`${await server.address()}/?name=Ada&play=quick`);
  await page.waitForFunction(() => window.arena?.view().me !== undefined, undefined, { timeout: 20_000 });
  await page.evaluate(noteBlasts, nearUnits);
  const frames = await film(page);
  const folder = join(rootFolder, 'docs/images');
  const best = frames.reduce((one, other) => (other.life > one.life ? other : one));
  writeFileSync(join(folder, 'arena.png'), best.png);
  writeGif(liveliest(frames), join(folder, 'arena.gif'));
  console.log(`${frames.length} frames in ${FILM_MS / 1000} s; the picture has ${best.life} things going on`);
} finally {
  await browser.close();
  await server.kill();
}

/** Plays, and keeps what the page shows. */
async function film(page: Page): Promise<Frame[]> {
  const frames: Frame[] = [];
  let life = 0;
  const session = await page.context().newCDPSession(page);
  session.on('Page.screencastFrame', ({ data, sessionId, metadata }) => {
    frames.push({ png: Buffer.from(data, 'base64'), at: (metadata.timestamp ?? 0) * 1000, life });
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
  });
  await page.mouse.move(width / 2, height / 2);
  await page.mouse.down();
  await pause(6000);
  await session.send('Page.startScreencast', { format: 'png', maxWidth: width, maxHeight: height });
  const held = new Set<string>();
  for (let turn = 0, endMs = performance.now() + FILM_MS; performance.now() < endMs; turn++) {
    const around = await page.evaluate(lookAround, nearUnits);
    life = around.life;
    await steer(page, around, turn, held);
    await pause(30);
  }
  await session.send('Page.stopScreencast');
  return frames;
}

/** Aims at the nearest, goes where he is and around him, dashes and swaps now and then. */
async function steer(page: Page, { me, target }: Around, turn: number, held: Set<string>): Promise<void> {
  const goal = target ?? { x: 1000, y: 750 };
  const [dx, dy] = [goal.x - (me?.x ?? 1000), goal.y - (me?.y ?? 750)];
  const distance = Math.hypot(dx, dy) || 1;
  const around = target && distance < 330 ? (turn % 80 < 40 ? 1 : -1) : 0;
  const [x, y] = around === 0 ? [dx, dy] : [-dy * around, dx * around];
  const wanted = new Set<string>();
  if (Math.abs(x) > 0.35 * distance) wanted.add(x > 0 ? 'KeyD' : 'KeyA');
  if (Math.abs(y) > 0.35 * distance) wanted.add(y > 0 ? 'KeyS' : 'KeyW');
  for (const key of held) if (!wanted.has(key)) await page.keyboard.up(key);
  for (const key of wanted) if (!held.has(key)) await page.keyboard.down(key);
  held.clear();
  for (const key of wanted) held.add(key);
  await page.mouse.move(width / 2 + (240 * dx) / distance, height / 2 + (240 * dy) / distance);
  if (turn % 45 === 20) await page.keyboard.press('Space');
  if (turn % 60 === 30) await page.keyboard.press('KeyQ');
}

/** Runs in the page. */
function noteBlasts(near: number): void {
  const { room } = window.arena;
  room?.on('blast', ({ at }) => {
    const me = room.view.mine('player');
    if (me && Math.hypot(at.x - me.pos.x, at.y - me.pos.y) < near) document.body.dataset['blastAt'] = String(performance.now());
  });
}

/** Runs in the page. */
function lookAround(near: number): Around {
  const { room } = window.arena;
  const me = room?.view.mine('player');
  if (!room || !me || me.hp === 0) return { life: 0, target: undefined, me: undefined };
  const far = ({ pos }: { readonly pos: { readonly x: number; readonly y: number } }) => Math.hypot(pos.x - me.pos.x, pos.y - me.pos.y);
  const others = room.view.all('player').filter((one) => !one.mine && one.hp > 0);
  const target = others.sort((one, other) => far(one) - far(other))[0];
  const count = (things: readonly { readonly pos: { readonly x: number; readonly y: number } }[]) => things.filter((one) => far(one) < near).length;
  const life =
    2 * count(others) + 2 * count(room.view.all('rocket')) + 2 * count(room.view.all('ball')) + others.filter((one) => one.dash > 0).length;
  return { life, target: target && { ...target.pos }, me: { ...me.pos } };
}

/** The stretch of the film with the most life in it. */
function liveliest(frames: readonly Frame[]): Frame[] {
  let best: Frame[] = [];
  let most = -1;
  for (const first of frames) {
    const stretch = frames.filter(({ at }) => at >= first.at && at < first.at + GIF_MS);
    const life = stretch.reduce((sum, one) => sum + (one.life > 0 ? one.life : -20), 0) / stretch.length;
    if (life <= most || (stretch.at(-1)?.at ?? 0) < first.at + GIF_MS - 300) continue;
    most = life;
    best = stretch;
  }
  return best;
}

function writeGif(frames: readonly Frame[], path: string): void {
  const folder = join(rootFolder, '.artifacts/film');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const start = frames[0]?.at ?? 0;
  for (let number = 0; number < GIF_MS / gifFrameMs; number++) {
    const shown = frames.filter(({ at }) => at <= start + number * gifFrameMs).at(-1);
    if (shown) writeFileSync(join(folder, `${String(number).padStart(3, '0')}.png`), shown.png);
  }
  const raw = join(folder, 'raw.gif');
  const delay = String(gifFrameMs / 10);
  execFileSync('convert', [
    '-delay',
    delay,
    join(folder, '*.png'),
    '-resize',
    String(gifWidth),
    '+dither',
    '-colors',
    String(gifColours),
    '-loop',
    '0',
    raw,
  ]);
  execFileSync('gifsicle', ['-O3', '--lossy=30', '--colors', String(gifColours), raw, '-o', path]);
}
