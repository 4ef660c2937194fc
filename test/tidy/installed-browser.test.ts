// How the browser tests choose their browsers, on folders made for the purpose.

import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findChromium } from '../../scripts/chromium.mjs';
import { findFirefox } from '../../scripts/firefox.mjs';
import { whatToDo } from '../../scripts/installed-browser.mjs';

const folder = mkdtempSync(join(tmpdir(), 'tickwire-browsers-'));
const given = program('given', 'my-browser');
const notExecutable = join(folder, 'given', 'notes.txt');
writeFileSync(notExecutable, '');

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['CHROME_PATH', findChromium, 'google-chrome'],
  ['FIREFOX_PATH', findFirefox, 'firefox-esr'],
] as const)('%s', (variable, find, name) => {
  const onPath = program('bin', name);

  test('[TD14] the variable wins over PATH, and a wrong one finds nothing', () => {
    expect(find({ [variable]: given, PATH: join(folder, 'bin') })).toBe(given);
    expect(find({ [variable]: notExecutable, PATH: join(folder, 'bin') })).toBeUndefined();
    expect(find({ [variable]: join(folder, 'nothing'), PATH: join(folder, 'bin') })).toBeUndefined();
  });

  test('[TD14] without the variable the first known name on PATH is taken', () => {
    const folders = [join(folder, 'given'), join(folder, 'bin')].join(delimiter);
    const found = find({ PATH: folders });
    // A Mac's own browser comes before PATH.
    if (process.platform === 'darwin') expect(found).toBeTypeOf('string');
    else expect(found).toBe(onPath);
  });
});

test('[TD14] who has no browser is told what to install, and who has set a wrong path that it is wrong', () => {
  const install = { darwin: 'brew install it', win32: 'winget install it', other: 'apt-get install it' };
  const browser = { name: 'Some Browser', variable: 'SOME_PATH', namesOnPath: [], macApplications: [], windowsPrograms: [], packages: [], install };
  expect(whatToDo(browser, {}, 'darwin')).toMatch(/Some Browser.*\n {2}brew install it\n {2}SOME_PATH=<path of the executable> npm test/);
  expect(whatToDo(browser, {}, 'linux')).toContain('apt-get install it');
  expect(whatToDo(browser, { SOME_PATH: '/nowhere' }, 'linux')).toContain('SOME_PATH is /nowhere, which is not an executable file');
});

function program(where: string, name: string): string {
  const path = join(folder, where, name);
  mkdirSync(join(folder, where), { recursive: true });
  writeFileSync(path, '#!/bin/sh\n');
  chmodSync(path, 0o755);
  return path;
}
