// The import table of docs/ARCHITECTURE.md: reads it, and holds every import of every source against it.
//
// Invariant: an import that no row allows is an offence, and so is a file that no row covers: the table cannot be silently incomplete.
// The table's own introduction in docs/ARCHITECTURE.md says how a row is chosen and what its words mean.

import { posix } from 'node:path';
import { isTest } from './file-shape.ts';
import type { SourceFile } from './source-file.ts';

export interface ImportRow {
  folder: string;
  mayImport: string[];
}

/** The rows under the heading `## Import table`. */
export function readImportTable(markdown: string): ImportRow[] {
  const section = markdown.split(/^## /m).find((part) => part.startsWith('Import table'));
  if (!section) throw new Error('docs/ARCHITECTURE.md has no section "## Import table"');
  return section
    .split('\n')
    .map((line) => /^\|\s*`([^`]+)`\s*\|(.*)\|\s*$/.exec(line))
    .filter((match) => match !== null)
    .map((match) => ({ folder: match[1] ?? '', mayImport: [...(match[2] ?? '').matchAll(/`([^`]+)`/g)].map((word) => word[1] ?? '') }));
}

export function forbiddenImports(files: SourceFile[], rows: ImportRow[]): string[] {
  return files.flatMap((file) => {
    const row = rowOf(file.path, rows);
    if (!row) return [`${file.path}: no row of the import table covers it`];
    return file.imports
      .filter(({ specifier }) => !mayImport(file.path, row, specifier, rows))
      .map(({ specifier, line }) => `${file.path}:${line}: ${row.folder} may not import ${specifier}`);
  });
}

function mayImport(path: string, row: ImportRow, specifier: string, rows: ImportRow[]): boolean {
  const allowed = isTest(path) ? [...row.mayImport, ...(rows.find(({ folder }) => folder === '*.test.ts')?.mayImport ?? [])] : row.mayImport;
  if (!specifier.startsWith('.')) return allowed.some((word) => matchesPackage(specifier, word));
  const target = posix.join(posix.dirname(path), specifier);
  const targetRow = rowOf(target, rows);
  // `test` allows all of test, but `packages/server/src` does not allow the row of its edge: the target's own row must be named, or a folder above all rows.
  return (
    targetRow === row || allowed.some((word) => word === targetRow?.folder || (holds(word, target) && !rows.some(({ folder }) => folder === word)))
  );
}

/** The row of the longest folder that holds the path. */
function rowOf(path: string, rows: ImportRow[]): ImportRow | undefined {
  return rows.filter(({ folder }) => holds(folder, path)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

function holds(folder: string, path: string): boolean {
  return path === folder || path.startsWith(`${folder}/`);
}

function matchesPackage(specifier: string, word: string): boolean {
  return word.endsWith('*') ? specifier.startsWith(word.slice(0, -1)) : specifier === word || specifier.startsWith(`${word}/`);
}
