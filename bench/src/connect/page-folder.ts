// The pages of the suite, built by Vite as any game's page is: one small document and one script each.
//
// Invariant: what is measured is the sources as they are now; nothing is left of an older build.

import { fileURLToPath } from 'node:url';
import { build } from 'vite';

/** Builds both pages. @returns the folder, whose `index.html` is ours and `rival.html` plain geckos.io's. */
export async function buildPages(): Promise<string> {
  const root = fileURLToPath(new URL('./page/', import.meta.url));
  const outDir = fileURLToPath(new URL('../../../.artifacts/bench/connect-page/', import.meta.url));
  // Each by itself: no page waits for what it shares with the other.
  for (const page of ['index.html', 'rival.html']) {
    await build({
      configFile: false,
      root,
      logLevel: 'error',
      resolve: { conditions: ['@tickwire/source', 'module', 'browser', 'development|production'] },
      build: { outDir, emptyOutDir: page === 'index.html', target: 'es2022', modulePreload: false, rolldownOptions: { input: `${root}${page}` } },
    });
  }
  return outDir;
}
