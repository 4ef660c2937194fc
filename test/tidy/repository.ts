// The repository on disk, loaded once for the tidy checks: parsed sources, package.json files and all other text files.
//
// Invariant: nothing that a build, a test or an editor made is read (dist, node_modules, folders that start with a dot except .ci).

import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSource, type SourceFile } from './source-file.ts';

export interface TextFile {
  path: string;
  text: string;
}

export interface Manifest {
  /** Folder of the package.json; empty for the root. */
  folder: string;
  name: string;
  scripts: Record<string, string>;
  exports: unknown;
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
}

export interface Repository {
  sources: SourceFile[];
  manifests: Manifest[];
  /** Everything with a text, sources and package.json files included. */
  texts: TextFile[];
}

export const rootFolder: string = join(dirname(fileURLToPath(import.meta.url)), '..', '..');

export function loadRepository(): Repository {
  const texts = filesBelow(rootFolder)
    .filter((path) => textEndings.test(path))
    .map((path) => ({ path: relative(rootFolder, path).split(sep).join('/'), text: readFileSync(path, 'utf8') }));
  return {
    texts,
    sources: texts.filter(({ path }) => /\.(ts|mjs)$/.test(path)).map(({ path, text }) => parseSource(path, text)),
    manifests: texts.filter(({ path }) => /(^|\/)package\.json$/.test(path)).map(({ path, text }) => readManifest(path, text)),
  };
}

/** The text of one file of the repository, which must be there. */
export function textOf(repository: Repository, path: string): string {
  const file = repository.texts.find((candidate) => candidate.path === path);
  if (!file) throw new Error(`${path} is missing`);
  return file.text;
}

export function readManifest(path: string, text: string): Manifest {
  const json = JSON.parse(text) as Record<string, unknown>;
  const record = (key: string) => (json[key] ?? {}) as Record<string, string>;
  return {
    folder: path.replace(/\/?package\.json$/, ''),
    name: String(json['name']),
    scripts: record('scripts'),
    exports: json['exports'],
    dependencies: { ...record('dependencies'), ...record('peerDependencies'), ...record('optionalDependencies') },
    devDependencies: record('devDependencies'),
  };
}

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.isDirectory()) return isForeign(entry.name) ? [] : filesBelow(join(folder, entry.name));
    return entry.isFile() ? [join(folder, entry.name)] : [];
  });
}

/** Folders that a build made, and those of editors and other tools. */
function isForeign(folder: string): boolean {
  return ['node_modules', 'dist', 'coverage'].includes(folder) || (folder.startsWith('.') && folder !== '.ci');
}

const textEndings = /(\.(ts|mjs|js|json|md|html|css|grit|yml|yaml|sh|txt)|\.gitignore|\.ci\/run|LICENSE)$/;
