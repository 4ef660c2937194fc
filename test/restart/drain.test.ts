// A server's process that is told to end: real signals, real links. What its clients are told, how long it takes, and what is there when the next one starts.

import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientRoom, connect } from '@tickwire/client/node';
import type { TickwireError } from '@tickwire/shared';
import { afterEach, describe, expect, it } from 'vitest';
import { Child, pause } from '../e2e/child.ts';
import { game } from './drain-game.ts';

const children: Child[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) await child.kill();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function start(port: number, drainSeconds: number, ...saves: string[]): Promise<{ child: Child; url: string }> {
  const script = ['--conditions=@tickwire/source', '--import', 'tsx', 'test/restart/serve-drain.ts'];
  const child = new Child([process.execPath, ...script, String(port), String(drainSeconds), ...saves]);
  children.push(child);
  return { child, url: await child.address() };
}

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'tickwire-saves-'));
  folders.push(folder);
  return folder;
}

const joinFrom = (url: string) => connect(url, { bindAddress: '127.0.0.1' });
const endOf = (room: ClientRoom<typeof game>) => new Promise<string>((resolve) => room.onLeave((code) => resolve(code)));
const healthOf = async (url: string): Promise<[number, { status: string; rooms: number }]> => {
  const response = await fetch(`${url}/health`);
  return [response.status, (await response.json()) as { status: string; rooms: number }];
};
const until = async (what: () => boolean, limitMs = 5000): Promise<void> => {
  for (const end = performance.now() + limitMs; !what(); await pause(10))
    if (performance.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
};

describe('a server that is told to end', () => {
  it('[GE5] takes nobody any more, lets the match finish, and ends with status 0 as soon as the last room has ended', async () => {
    const { child, url } = await start(0, 60);
    const room = await joinFrom(url).joinOrCreate('match', game);
    const ended = endOf(room);
    const seconds: number[] = [];
    room.on('draining', (event) => seconds.push(event.seconds));
    const countdown: number[] = [];
    room.onDrain((left) => countdown.push(left));
    expect(await healthOf(url)).toMatchObject([200, { status: 'ok' }]);
    child.signal('SIGTERM');
    await until(() => seconds.length > 0);
    expect(seconds).toEqual([60]);
    expect(await healthOf(url)).toMatchObject([503, { status: 'draining', rooms: 1 }]);
    const refused = await joinFrom(url)
      .joinOrCreate('match', game)
      .catch((error: TickwireError) => error);
    expect(refused).toMatchObject({ code: 'server-draining', message: expect.stringContaining('Try again in a moment') });
    await pause(700);
    await until(() => countdown.length > 1);
    expect(room.ended).toBeUndefined();
    expect(countdown).toEqual([60, 59]);
    const before = performance.now();
    room.emit('finish', {});
    expect(await ended).toBe('room-closed');
    expect(await child.ended).toEqual({ status: 0, signal: null });
    expect(performance.now() - before).toBeLessThan(4000);
    expect(child.out).toContain('SIGTERM: the server ends in 60 s at the latest, or at once with a second signal');
  });

  it('[GE5] ends when the time is over, and at once at a second signal', async () => {
    for (const [drainSeconds, again] of [
      [2, false],
      [60, true],
    ] as const) {
      const { child, url } = await start(0, drainSeconds);
      const room = await joinFrom(url).joinOrCreate('match', game);
      const ended = endOf(room);
      const before = performance.now();
      child.signal('SIGINT');
      if (again) setTimeout(() => child.signal('SIGINT'), 500);
      expect(await ended).toBe('server-shutdown');
      expect(await child.ended).toEqual({ status: 0, signal: null });
      const tookMs = performance.now() - before;
      expect(tookMs).toBeGreaterThan(again ? 500 : 2000);
      expect(tookMs).toBeLessThan(again ? 4000 : 5500);
    }
  });

  it('[GE8] ends ten seconds later at the latest though the code of its game never returns', async () => {
    const { child, url } = await start(0, 0, newFolder());
    await joinFrom(url).joinOrCreate('stuck', game);
    const before = performance.now();
    child.signal('SIGTERM');
    expect(await child.ended).toEqual({ status: null, signal: 'SIGKILL' });
    expect(performance.now() - before).toBeLessThan(14_000);
  });

  it('[GE9] its rooms go on in the next process: under their ids, from their ticks; a file that is of no use is kept aside', async () => {
    const folder = newFolder();
    const first = await start(0, 0, folder);
    const room = await joinFrom(first.url).joinOrCreate('lasting', game);
    const dropped = new Promise((resolve) => room.onDrop(resolve));
    const added = new Promise((resolve) => room.on('added', resolve));
    room.emit('add', { number: 11 });
    await added;
    const { tick } = room.view;
    expect(tick).toBeGreaterThan(0);
    first.child.signal('SIGTERM');
    expect(await dropped).toBe('server-restart');
    expect(await first.child.ended).toEqual({ status: 0, signal: null });
    expect(readdirSync(folder)).toEqual([`${room.roomId}.room`]);
    writeFileSync(join(folder, 'other.room'), 'no room at all');

    const { child, url } = await start(Number(new URL(first.url).port), 0, folder);
    expect(url).toBe(first.url);
    expect(readdirSync(folder)).toEqual(['other.room.kept-aside']);
    expect(child.out).toContain('a saved room is kept aside: it is no saved room');
    const again = await joinFrom(url).joinById(room.roomId, game);
    await until(() => again.view.state !== undefined && again.view.all('walker').length === 2);
    expect(again.view.state?.sum).toBe(11);
    expect(again.view.tick).toBeGreaterThan(tick);
    expect(again.view.tick).toBeLessThan(tick + 60 * 8);
  });

  it('[GE13] saves its rooms every so often for the case that it crashes, and leaves no file of a room that has ended', async () => {
    const folder = newFolder();
    const first = await start(0, 0, folder, '0.3');
    const room = await joinFrom(first.url).joinOrCreate('lasting', game);
    const gone = await joinFrom(first.url).create('lasting', game);
    room.emit('add', { number: 11 });
    await until(() => readdirSync(folder).filter((name) => name.endsWith('.room')).length === 2);
    gone.leave();
    await until(() => !readdirSync(folder).includes(`${gone.roomId}.room`));
    await until(() => room.view.state.sum === 11);
    await pause(1000);
    await first.child.kill();

    const { url } = await start(Number(new URL(first.url).port), 0, folder, '0.3');
    expect(readdirSync(folder)).toContain(`${room.roomId}.room`);
    const again = await joinFrom(url).joinById(room.roomId, game);
    await until(() => again.view.all('walker').length === 2);
    expect(again.view.state.sum).toBe(11);
    await expect(joinFrom(url).joinById(gone.roomId, game)).rejects.toMatchObject({ code: 'no-such-id' });
  });
});
