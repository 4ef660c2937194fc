// A folder outside the repository where the published packages are built from their sources, packed, and installed as a user would have them.
//
// Owns the folder until `remove`. Invariant: no network; what npm would fetch is linked from the repository's node_modules, and only what the packed
// package.json declares. Nothing here sees the @tickwire/source condition or a dist folder of the repository.

import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export interface PackedPackage {
  /** Folder name in packages/. */
  folder: string;
  name: string;
  /** Import names: `@tickwire/client`, `@tickwire/client/node`. */
  entries: string[];
  tarball: string;
  /** Paths in the tarball. */
  files: string[];
}

export interface Stage {
  packages: PackedPackage[];
  /** A project folder with all packages installed. */
  consumer: string;
  remove(): void;
}

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const modules = join(root, 'node_modules');

export function makeStage(folders: string[]): Stage {
  const stage = realpathSync(mkdtempSync(join(tmpdir(), 'tickwire-packaging-')));
  const remove = () => rmSync(stage, { recursive: true, force: true });
  try {
    buildPackages(stage, folders);
    const packages = folders.map((folder) => packPackage(stage, folder));
    const consumer = join(stage, 'consumer');
    for (const packed of packages) install(packed, consumer);
    link(join(modules, '@types/node'), join(consumer, 'node_modules/@types/node'));
    return { packages, consumer, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

/** Runs Node with these arguments and gives its status and everything it printed. */
export function runNode(args: string[], cwd: string): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });
  return { status, output: stdout + stderr };
}

/** A script below node_modules of the repository. */
export function tool(path: string): string {
  return join(modules, path);
}

/** As the repository builds them, from a copy without anybody's build output. */
function buildPackages(stage: string, folders: string[]): void {
  cpSync(join(root, 'tsconfig.base.json'), join(stage, 'tsconfig.base.json'));
  for (const folder of folders) {
    const made = join(root, 'packages', folder, 'dist');
    cpSync(join(root, 'packages', folder), join(stage, 'packages', folder), { recursive: true, filter: (path) => path !== made });
    for (const name of Object.keys(dependenciesOf(join(root, 'packages', folder)))) linkDependency(name, stage);
  }
  for (const folder of folders) link(join(stage, 'packages', folder), join(stage, 'node_modules/@tickwire', folder));
  for (const types of ['@types/node', '@types/ws']) link(join(modules, types), join(stage, 'node_modules', types));
  // Every project but the one for tests, which names vitest.
  const projects = folders.flatMap((folder) =>
    ['core', 'edge', 'node'].map((half) => join('packages', folder, `tsconfig.${half}.json`)).filter((path) => existsSync(join(stage, path))),
  );
  const { status, output } = runNode([tool('typescript/bin/tsc'), '-b', ...projects], stage);
  if (status !== 0) throw new Error(`tsc -b failed:\n${output}`);
}

function packPackage(stage: string, folder: string): PackedPackage {
  const source = join(stage, 'packages', folder);
  const npm = spawnSync('npm', ['pack', '--json', '--offline', '--pack-destination', stage], {
    cwd: source,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (npm.status !== 0) throw new Error(`npm pack failed:\n${npm.stderr}`);
  const [packed] = JSON.parse(npm.stdout) as { filename: string; files: { path: string }[] }[];
  if (!packed) throw new Error(`npm pack printed no package:\n${npm.stdout}`);
  const { name, exports } = JSON.parse(readFileSync(join(source, 'package.json'), 'utf8')) as { name: string; exports: Record<string, unknown> };
  return {
    folder,
    name,
    entries: Object.keys(exports).map((entry) => name + entry.slice(1)),
    tarball: join(stage, packed.filename),
    files: packed.files.map(({ path }) => path),
  };
}

function install(packed: PackedPackage, consumer: string): void {
  const target = join(consumer, 'node_modules', packed.name);
  mkdirSync(target, { recursive: true });
  const tar = spawnSync('tar', ['-xzf', packed.tarball, '-C', target, '--strip-components=1'], { encoding: 'utf8' });
  if (tar.status !== 0) throw new Error(`tar failed:\n${tar.stderr}`);
  for (const name of Object.keys(dependenciesOf(target))) linkDependency(name, consumer);
}

function dependenciesOf(folder: string): Record<string, string> {
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    Record<string, string> | undefined
  >;
  return { ...dependencies, ...peerDependencies };
}

function linkDependency(name: string, folder: string): void {
  if (!name.startsWith('@tickwire/')) link(join(modules, name), join(folder, 'node_modules', name));
}

function link(target: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
