// A server's process ends in the middle of a game and another takes its place: real processes on one port, real links, players who notice a pause.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientRoom, connect } from '@tickwire/client/node';
import { afterEach, expect, it } from 'vitest';
import { Child, pause } from '../e2e/child.ts';
import { game } from './drain-game.ts';

const children: Child[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

it('[GE12] its players go on in the next process: no event is lost, doubled or reordered, either way, and the world is as it was', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-restart-'));
  folders.push(folder);
  const first = await start(0, folder);
  const players = [await enter(first.url), await enter(first.url)];
  const sending = setInterval(() => {
    for (const player of players) player.say();
  }, 40);
  await pause(600);
  first.child.signal('SIGTERM');
  expect(await first.child.ended).toMatchObject({ status: 0 });
  const tick = players[0]?.room.view.tick ?? 0;
  expect(tick).toBeGreaterThan(20);
  // What is said while nobody is there arrives as well.
  await pause(300);
  const second = await start(Number(new URL(first.url).port), folder);
  await until(() => players.every(({ reconnects }) => reconnects === 1), 15_000);
  await pause(500);
  clearInterval(sending);
  const said = players.reduce((sum, player) => sum + player.said, 0);
  await until(() => players.every(({ told }) => told.at(-1)?.number === said));
  for (const [index, { room, told, said: own }] of players.entries()) {
    const from = told[0]?.number ?? 0;
    expect(told.map(({ number }) => number)).toEqual(Array.from(told, (_, at) => from + at));
    const mine = told.filter(({ by }) => by === room.sessionId);
    expect(mine.map(({ count }) => count)).toEqual(Array.from({ length: own }, (_, at) => at + 1));
    expect(room.ended, `player ${index}`).toBeUndefined();
  }
  const sum = players.reduce((total, player) => total + player.sumSaid(), 0);
  await until(() => players.every(({ room }) => room.view.state?.sum === sum));
  expect(players[0]?.room.view.tick).toBeGreaterThan(tick);
  expect([...new Set(players.map(({ room }) => room.roomId))]).toHaveLength(1);
  second.child.signal('SIGTERM');
  expect(await second.child.ended).toMatchObject({ status: 0 });
});

interface Player {
  readonly room: ClientRoom<typeof game>;
  readonly told: { number: number; by: string; count: number }[];
  said: number;
  reconnects: number;
  say(): void;
  sumSaid(): number;
}

async function enter(url: string): Promise<Player> {
  const room = await connect(url, { bindAddress: '127.0.0.1' }).joinOrCreate('lasting', game);
  const player: Player = {
    room,
    told: [],
    said: 0,
    reconnects: 0,
    say: () => room.emit('add', { number: ++player.said }),
    sumSaid: () => (player.said * (player.said + 1)) / 2,
  };
  room.on('added', (event) => void player.told.push({ ...event }));
  room.onReconnect(() => void player.reconnects++);
  return player;
}

async function start(port: number, saveDir: string): Promise<{ child: Child; url: string }> {
  const script = ['--conditions=@tickwire/source', '--import', 'tsx', 'test/restart/serve-drain.ts'];
  const child = new Child([process.execPath, ...script, String(port), '0', saveDir]);
  children.push(child);
  return { child, url: await child.address() };
}

async function until(what: () => boolean, limitMs = 5000): Promise<void> {
  for (const end = performance.now() + limitMs; !what(); await pause(10))
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
}
