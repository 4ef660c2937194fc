// Files of saved rooms in a real folder: written whole, taken once, and never in the way of a start.

import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { limits } from '@tickwire/shared';
import { pino } from 'pino';
import { afterEach, expect, test } from 'vitest';
import { SaveFolder } from './save-folder.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function open(): { folder: string; saves: SaveFolder; lines: { msg: string; file?: string }[] } {
  const parent = mkdtempSync(join(tmpdir(), 'tickwire-saves-'));
  folders.push(parent);
  const folder = join(parent, 'not', 'there', 'yet');
  const lines: { msg: string; file?: string }[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { folder, saves: new SaveFolder(folder, log), lines };
}

test('[GE9] a room is kept under its id, for this account only, and given back once', () => {
  const { folder, saves, lines } = open();
  expect(saves.keep(Uint8Array.of(1, 2, 3), 'abc_-9')).toBe(true);
  expect(saves.keep(Uint8Array.of(4), '../../etc/room')).toBe(true);
  expect(saves.keep(Uint8Array.of(5, 6), 'abc_-9')).toBe(true);
  const names = readdirSync(folder);
  expect(names.length).toBe(2);
  expect(names).toContain('abc_-9.room');
  expect(names.map((name) => statSync(join(folder, name)).mode & 0o077)).toEqual([0, 0]);
  const given: number[][] = [];
  expect(saves.restoreAll((file) => void given.push([...file]))).toBe(2);
  expect(given.sort()).toEqual([[4], [5, 6]]);
  expect(saves.restoreAll((file) => void given.push([...file]))).toBe(0);
  expect([readdirSync(folder), lines]).toEqual([[], []]);
});

test('[GE9] a file goes only when its room goes on: until then it is there', () => {
  const { folder, saves } = open();
  saves.keep(Uint8Array.of(1), 'a');
  saves.restoreAll(() => {
    expect(existsSync(join(folder, 'a.room'))).toBe(true);
    return undefined;
  });
  expect(existsSync(join(folder, 'a.room'))).toBe(false);
});

test('[GE10] what is of no use is kept aside with the reason, is not looked at again, and the rest goes on', () => {
  const { folder, saves, lines } = open();
  saves.keep(Uint8Array.of(1), 'good');
  saves.keep(Uint8Array.of(2), 'bad');
  saves.keep(Uint8Array.of(3), 'throws');
  mkdirSync(join(folder, 'folder.room'));
  writeFileSync(join(folder, 'huge.room'), '');
  truncateSync(join(folder, 'huge.room'), limits.savedRoomBytes + 10_000);
  writeFileSync(join(folder, 'half.room.part'), 'half');
  writeFileSync(join(folder, 'notes.txt'), 'hello');
  const seen: number[] = [];
  const take = ([first = 0]: Uint8Array): string | undefined => {
    seen.push(first);
    if (first === 3) throw new Error('it threw');
    return first === 2 ? 'it is bad' : undefined;
  };
  expect(saves.restoreAll(take)).toBe(1);
  expect(seen.sort()).toEqual([1, 2, 3]);
  expect(readdirSync(folder).sort()).toEqual(
    ['bad.room.kept-aside', 'folder.room.kept-aside', 'half.room.part', 'huge.room.kept-aside', 'notes.txt', 'throws.room.kept-aside'].sort(),
  );
  expect([...readFileSync(join(folder, 'bad.room.kept-aside'))]).toEqual([2]);
  expect(lines.map(({ msg }) => msg).sort()).toEqual(
    [
      'a saved room is kept aside: EISDIR: illegal operation on a directory, read',
      'a saved room is kept aside: it is bad',
      'a saved room is kept aside: it threw',
      `a saved room is kept aside: ${limits.savedRoomBytes + 10_000} bytes are more than the ${limits.savedRoomBytes} that a room may have`,
    ].sort(),
  );
  expect(lines.find(({ msg }) => msg.endsWith('bad'))?.file).toBe(join(folder, 'bad.room.kept-aside'));
  expect(saves.restoreAll(take)).toBe(0);
});

test('[GE11] a save that the disk does not take is no save: the one before stays, and the log says so', () => {
  const { folder, saves, lines } = open();
  saves.keep(Uint8Array.of(1), 'a');
  // A folder where the new file would be written: also an account that may do everything cannot.
  mkdirSync(join(folder, 'a.room.part'));
  expect(saves.keep(Uint8Array.of(2), 'a')).toBe(false);
  expect(lines.map(({ msg }) => msg)).toEqual([`the room could not be saved in ${folder}`]);
  expect(saves.keep(new Uint8Array(limits.savedRoomBytes + 1), 'a')).toBe(false);
  expect([...readFileSync(join(folder, 'a.room'))]).toEqual([1]);
});

test('[GE13] a save of a room that goes on never replaces the one that is kept for good, and its file stays when it is taken up', async () => {
  const { folder, saves, lines } = open();
  await saves.keepSoon(Uint8Array.of(1), 'a');
  expect(saves.restoreAll(() => undefined, true)).toBe(1);
  expect([...readFileSync(join(folder, 'a.room'))]).toEqual([1]);
  const under = saves.keepSoon(Uint8Array.of(2), 'a');
  expect(saves.keep(Uint8Array.of(3), 'a')).toBe(true);
  await under;
  expect([...readFileSync(join(folder, 'a.room'))]).toEqual([3]);
  saves.remove('a');
  saves.remove('a');
  expect([readdirSync(folder), lines]).toEqual([[], []]);
});
