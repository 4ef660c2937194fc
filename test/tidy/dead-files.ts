// Finds source files that nothing leads to.
//
// Roots: what a package.json exports or runs, HTML pages and configuration files; tests too, but not for the sources of packages.
// From there on every import counts, and every string that is the path of a source: relative to the file (`new URL('./bots.ts', import.meta.url)`) or to the root of the repository.

import { posix } from 'node:path';
import { isTest } from './file-shape.ts';
import type { Manifest, Repository, TextFile } from './repository.ts';
import type { SourceFile } from './source-file.ts';

export function deadFiles({ sources, manifests, texts }: Repository): string[] {
  const byPath = new Map(sources.map((file) => [file.path, file]));
  const entries = [
    ...sources.filter(({ path }) => path.endsWith('.config.ts')).map(({ path }) => path),
    ...manifests.flatMap(entriesOf),
    ...texts.filter(({ path }) => path.endsWith('.html')).flatMap(scriptsOf),
  ];
  const alive = reachedFrom(entries, byPath);
  const tested = reachedFrom([...entries, ...sources.map(({ path }) => path).filter(isTest)], byPath);
  return sources.filter(({ path }) => !(isPackageSource(path) ? alive : tested).has(path)).map(({ path }) => `${path}: nothing leads to it`);
}

/** What a package ships is alive only if a user can reach it; a test alone does not keep it. */
function isPackageSource(path: string): boolean {
  return /^packages\/[^/]+\/src\//.test(path) && !isTest(path);
}

function reachedFrom(roots: string[], byPath: Map<string, SourceFile>): Set<string> {
  const reached = new Set<string>();
  const waiting = [...roots];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const file = byPath.get(path);
    if (!file || reached.has(path)) continue;
    reached.add(path);
    waiting.push(...pathsNamedBy(file, byPath));
  }
  return reached;
}

/** Sources that a package.json names: by the source condition of its exports, or as a word of a script (a built file stands for its source). */
function entriesOf(manifest: Manifest): string[] {
  const exported = strings(manifest.exports).filter((path) => path.includes('/src/'));
  const run = Object.values(manifest.scripts).flatMap((script) => script.split(/[\s'"=]+/));
  const builtFrom = run.filter((word) => /\/?dist\/.*\.js$/.test(word)).flatMap(sourcesOfBuilt);
  return [...exported, ...run, ...builtFrom].map((path) => posix.join(manifest.folder, path));
}

/** examples/arena/dist/server/server.js comes from src/server.ts: the part after dist is tried with one folder less each time. */
function sourcesOfBuilt(built: string): string[] {
  const [folder = '', rest = ''] = built.split(/dist\/(.*)/s);
  const parts = rest.replace(/\.js$/, '.ts').split('/');
  return parts.map((_, from) => `${folder}src/${parts.slice(from).join('/')}`);
}

function strings(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(strings) : [];
}

function scriptsOf(page: TextFile): string[] {
  const folder = posix.dirname(page.path);
  return [...page.text.matchAll(/<script[^>]*\bsrc=["']([^"']+)["']/g)].map((match) => posix.join(folder, match[1] ?? ''));
}

function pathsNamedBy(file: SourceFile, byPath: Map<string, SourceFile>): string[] {
  const folder = posix.dirname(file.path);
  const named = [...file.imports.map(({ specifier }) => specifier), ...file.literals].filter((text) => /\.(ts|mjs|js)$/.test(text));
  return named.flatMap((text) => [posix.join(folder, text), posix.normalize(text)].filter((path) => byPath.has(path)));
}
