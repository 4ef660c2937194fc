// Scripts for pages, built from the sources by Vite: one classic script that puts what its entry exports into a global.
//
// Invariant: nothing is written to disk and nothing is served; a page gets the text. A property test's `vitest` is page-vitest.ts here.

import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/** A module that exists in no file. */
const entryId = 'tickwire:page';
const pageVitest = fileURLToPath(new URL('./page-vitest.ts', import.meta.url));

/** A script with all exports of a source. */
export function sourceScript(path: string, global: string): Promise<string> {
  return pageScript(`export * from ${JSON.stringify(path)};`, global);
}

/** A script that runs a test file: its one export is `runTests` of page-vitest.ts. */
export function testScript(path: string, global: string): Promise<string> {
  return pageScript(`import ${JSON.stringify(path)}; export { runTests } from ${JSON.stringify(pageVitest)};`, global);
}

/** @param entry the text of a module, which names its sources by their paths. @param global the name under which the page has its exports. */
async function pageScript(entry: string, global: string): Promise<string> {
  const built = (await build({
    configFile: false,
    logLevel: 'error',
    plugins: [
      {
        name: 'entry',
        enforce: 'pre',
        resolveId: (id) => (id.endsWith(entryId) ? entryId : null),
        load: (id) => (id === entryId ? entry : null),
        // Tests compare bytes as Node's Buffers where that is faster.
        transform: (code, id) => (id.endsWith('.test.ts') && code.includes('Buffer.') ? `const Buffer = Uint8Array;\n${code}` : null),
      },
    ],
    resolve: {
      conditions: ['@tickwire/source', 'module', 'browser', 'development|production'],
      alias: { vitest: pageVitest },
    },
    build: {
      write: false,
      minify: false,
      target: 'es2022',
      lib: { entry: entryId, name: global, formats: ['iife'], fileName: 'page' },
      // A test file exports nothing: it is there for its effects, which its package denies.
      rolldownOptions: { output: { exports: 'named' }, treeshake: false },
    },
  })) as Rolldown.RolldownOutput[];
  const chunk = built[0]?.output[0];
  if (chunk?.type !== 'chunk') throw new Error(`no script came of: ${entry}`);
  return chunk.code;
}
