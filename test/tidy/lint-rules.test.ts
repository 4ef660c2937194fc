// The lint bans of biome.json, each on a few lines that break it: a ban whose folder pattern matches nothing would stay silent for ever.

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { rootFolder } from './repository.ts';

const folder = mkdtempSync(join(tmpdir(), 'tickwire-lint-'));

beforeAll(() => {
  cpSync(join(rootFolder, 'biome.json'), join(folder, 'biome.json'));
  cpSync(join(rootFolder, 'scripts/lint'), join(folder, 'scripts/lint'), { recursive: true });
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const clock = 'reads no clock';
const exact = 'the same in every engine';
const globalBan = 'Do not use the global variable';
const platform = 'imports no platform';

test.each([
  ['packages/shared/src/x.ts', 'export const x: number = Date.now();', clock],
  ['packages/server/src/room/x.ts', 'export const x: () => number = Math.random;', clock],
  ['packages/client/src/x.ts', 'export const x: number = performance.now();', clock],
  ['packages/shared/src/x.ts', 'export const x: number = Math.sin(1);', exact],
  ['packages/shared/src/x.ts', 'const { cos } = Math;\nexport const x: number = cos(1);', exact],
  ['packages/shared/src/x.ts', 'export function x(a: number): number {\n  return a ** 3;\n}', 'A power is not the same'],
  ['packages/server/src/x.ts', 'setTimeout(() => {}, 1);', globalBan],
  ['packages/client/src/x.ts', 'export const x: unknown = globalThis;', globalBan],
  ['packages/shared/src/x.ts', "import 'node:fs';", platform],
  ['packages/server/src/x.ts', "import './edge/serve.ts';", platform],
  ['packages/client/src/x.ts', "import '@tickwire/server';", 'through @tickwire/shared only'],
  ['packages/server/src/edge/x.ts', "import '@tickwire/client';", 'never import each other'],
  ['packages/client/src/edge/x.ts', "import '@tickwire/server';", 'never import each other'],
  ['bench/src/x.ts', 'export default 1;', 'Avoid default exports'],
  ['bench/src/x.ts', "export * from './y.ts';", 'export all'],
])('[TD12] %s: %s', (path, code, message) => {
  expect(lint(path, code)).toContain(message);
});

test.each([
  ['packages/server/src/edge/x.ts', "import 'node:fs';\nexport const x: number = Date.now() + Math.random();"],
  ['packages/shared/src/x.test.ts', 'export const x: number = Date.now() + Math.sin(1);'],
  ['packages/shared/src/x.ts', 'export const x: number = Math.max(1, Math.round(Math.sqrt(2)));'],
  ['packages/server/src/x.ts', 'export const x: number = Math.hypot(1, 2);'],
  ['vitest.config.ts', 'export default 1;'],
])('[TD12] allowed: %s: %s', (path, code) => {
  expect(lint(path, code)).toBe('');
});

/** What the linter says about a file with this path and text; empty when it has nothing to say. */
function lint(path: string, code: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${code}\n`);
  const biome = join(rootFolder, 'node_modules/@biomejs/biome/bin/biome');
  const { status, stdout, stderr } = spawnSync(process.execPath, [biome, 'lint', '--vcs-enabled=false', path], { cwd: folder, encoding: 'utf8' });
  rmSync(file);
  return status === 0 ? '' : stdout + stderr;
}
