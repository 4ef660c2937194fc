// How the browser tests choose their browser, on folders made for the purpose.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { findChromium } from '../../scripts/chromium.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tickwire-chromium-'));
const given = program('given', 'my-browser');
const onPath = program('bin', 'google-chrome');
const notExecutable = join(folder, 'given', 'notes.txt');
writeFileSync(notExecutable, '');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('[TD14] CHROME_PATH wins over PATH, and a wrong one finds nothing', () => {
  expect(findChromium({ CHROME_PATH: given, PATH: join(folder, 'bin') })).toBe(given);
  expect(findChromium({ CHROME_PATH: notExecutable, PATH: join(folder, 'bin') })).toBeUndefined();
  expect(findChromium({ CHROME_PATH: join(folder, 'nothing'), PATH: join(folder, 'bin') })).toBeUndefined();
});

test('[TD14] without CHROME_PATH the first known name on PATH is taken', () => {
  const folders = [join(folder, 'given'), join(folder, 'bin')].join(delimiter);
  const found = findChromium({ PATH: folders });
  // A Mac's own Chrome comes before PATH.
  if (process.platform === 'darwin') expect(found).toBeTypeOf('string');
  else expect(found).toBe(onPath);
});

function program(where: string, name: string): string {
  const path = join(folder, where, name);
  mkdirSync(join(folder, where), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}
