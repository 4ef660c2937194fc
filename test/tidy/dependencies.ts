// Holds what the sources import against what the package.json files declare.
//
// A package's own sources may use its dependencies and peers only: that is all a user gets. Tests, and folders that are never published, may use the
// development dependencies of the root as well. Invariant: a published package declares nothing that its sources do not import.

import { builtinModules } from 'node:module';
import { isTest } from './file-shape.ts';
import type { Manifest } from './repository.ts';
import type { SourceFile } from './source-file.ts';

export function undeclared(files: SourceFile[], manifests: Manifest[]): string[] {
  const root = manifests.find(({ folder }) => folder === '');
  return files.flatMap((file) => {
    const owner = ownerOf(file.path, manifests);
    if (!owner) return [`${file.path}: belongs to no package.json`];
    const free = isTest(file.path) || !isPublished(owner);
    const declared = new Set([
      owner.name,
      ...Object.keys(owner.dependencies),
      ...(free ? Object.keys({ ...owner.devDependencies, ...root?.devDependencies }) : []),
    ]);
    return file.imports
      .map(({ specifier, line }) => ({ name: packageOf(specifier), line }))
      .filter(({ name }) => name !== undefined && !declared.has(name))
      .map(({ name, line }) => `${file.path}:${line}: ${name} is not declared in ${owner.folder || 'the root'}/package.json`);
  });
}

export function unused(files: SourceFile[], manifests: Manifest[]): string[] {
  return manifests.filter(isPublished).flatMap((manifest) => {
    const imported = new Set(
      files
        .filter(({ path }) => path.startsWith(`${manifest.folder}/src/`) && !isTest(path))
        .flatMap((file) => file.imports.map(({ specifier }) => packageOf(specifier))),
    );
    return Object.keys(manifest.dependencies)
      .filter((name) => !imported.has(name))
      .map((name) => `${manifest.folder}/package.json: ${name} is declared and never imported`);
  });
}

function ownerOf(path: string, manifests: Manifest[]): Manifest | undefined {
  return manifests.filter(({ folder }) => folder === '' || path.startsWith(`${folder}/`)).sort((a, b) => b.folder.length - a.folder.length)[0];
}

function isPublished(manifest: Manifest): boolean {
  return manifest.folder.startsWith('packages/');
}

/** The package of an import; undefined for a relative path and for a module of Node. */
function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:') || builtinModules.includes(specifier)) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}
