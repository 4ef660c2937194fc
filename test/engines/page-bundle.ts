// Scripts for pages, built from the sources by Vite: one classic script that puts what its entry exports into a global, or one module as a game's page has it.
//
// Invariant: nothing is written to disk and nothing is served; a page gets the text. A property test's `vitest` is page-vitest.ts here.

import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';

/** A module that exists in no file. */
const entryId = 'tickwire:page';
/** Sources, not what was built of them; the rest as Vite has it. */
const conditions = ['@tickwire/source', 'module', 'browser', 'development|production'];
const pageVitest = fileURLToPath(new URL('./page-vitest.ts', import.meta.url));

/** A script with all exports of a source. */
export function sourceScript(path: string, global: string): Promise<string> {
  return pageScript(`export * from ${JSON.stringify(path)};`, global);
}

/** A script that runs a test file: its one export is `runTests` of page-vitest.ts. */
export function testScript(path: string, global: string): Promise<string> {
  return pageScript(`import ${JSON.stringify(path)}; export { runTests } from ${JSON.stringify(pageVitest)};`, global);
}

/** One module, built as a game's page is built: what Rolldown says of it, and its code. @throws Error when it comes in several files. */
export async function pageModule(path: string): Promise<Rolldown.OutputChunk> {
  const built = await build({
    configFile: false,
    logLevel: 'error',
    resolve: { conditions },
    build: {
      write: false,
      target: 'es2022',
      modulePreload: false,
      chunkSizeWarningLimit: 4000,
      // What a library exports is kept.
      rolldownOptions: { input: path, preserveEntrySignatures: 'strict' },
    },
  });
  const { output } = built as Rolldown.RolldownOutput;
  if (output.length !== 1) throw new Error(`${path} was built into ${output.length} files`);
  return output[0];
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
      conditions,
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
