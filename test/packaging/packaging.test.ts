// The published packages as their users get them: packed, checked by publint and attw, installed, loaded and type-checked.

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { publint } from 'publint';
import { formatMessage } from 'publint/utils';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { makeStage, type PackedPackage, runNode, type Stage, tool } from './stage.ts';

const folders = ['shared', 'server', 'client', 'local'];

let stage: Stage;

beforeAll(() => {
  stage = makeStage(folders);
});

afterAll(() => stage?.remove());

describe.each(folders)('%s', (folder) => {
  test('[PK1] publint has nothing to say', async () => {
    const { messages, pkg } = await publint({ pack: { tarball: bytesOf(packed(folder).tarball) }, strict: true });
    expect(pkg['name']).toBe(packed(folder).name);
    expect(messages.map((message) => formatMessage(message, pkg, { color: false }))).toEqual([]);
  });

  test('[PK2] the types of every entry resolve as ES modules', () => {
    const args = [packed(folder).tarball, '--profile', 'esm-only', '--no-definitely-typed', '--no-color', '--format', 'ascii'];
    const { status, output } = runNode([tool('@arethetypeswrong/cli/dist/index.js'), ...args], stage.consumer);
    expect(status, output).toBe(0);
  });

  test('[PK3] the tarball holds sources, built files and the licence, no tests and no build state', () => {
    const { files } = packed(folder);
    const sources = files.filter((path) => path.startsWith('src/')).map((path) => path.slice('src/'.length, -'.ts'.length));
    expect(files).toContain('LICENSE');
    expect(sources).toContain('index');
    const built = sources.flatMap((name) => [`dist/${name}.js`, `dist/${name}.d.ts`]);
    expect(built.filter((path) => !files.includes(path))).toEqual([]);
    expect(files.filter((path) => /\.test\b|\.test-d\b|tsbuildinfo/.test(path))).toEqual([]);
  });

  test('[PK4] every entry loads in Node from an installed package', () => {
    for (const entry of packed(folder).entries) {
      const code = `const names = Object.keys(await import('${entry}')); if (names.length === 0) throw new Error('nothing is exported'); process.exit(0);`;
      const { status, output } = runNode(['--input-type=module', '-e', code], stage.consumer);
      expect(status, `${entry}: ${output}`).toBe(0);
    }
  });

  test.each(['NodeNext', 'Bundler'])('[PK4] every entry type-checks with module resolution %s', (moduleResolution) => {
    const module = moduleResolution === 'Bundler' ? 'Preserve' : moduleResolution;
    const options = { module, moduleResolution, lib: ['ES2023', 'DOM', 'DOM.Iterable'], types: ['node'] };
    expect(typeErrors(`${folder}-${moduleResolution}`, packed(folder).entries, options)).toEqual([]);
  });
});

test('[PK5] the shared package needs neither DOM nor Node types', () => {
  const options = { module: 'NodeNext', moduleResolution: 'NodeNext', lib: ['ES2023'], types: [] };
  expect(typeErrors('shared-alone', packed('shared').entries, options)).toEqual([]);
});

/** Errors in the consumer's file and in our declarations; those of other packages are theirs. */
function typeErrors(name: string, entries: string[], options: object): string[] {
  const project = join(stage.consumer, name);
  mkdirSync(project);
  const imports = entries.map(
    (entry, index) => `import * as entry${index} from '${entry}';\nexport const names${index}: string[] = Object.keys(entry${index});\n`,
  );
  writeFileSync(join(project, 'consumer.ts'), imports.join(''));
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: 'module' }));
  const compilerOptions = { target: 'ES2023', strict: true, exactOptionalPropertyTypes: true, skipLibCheck: false, noEmit: true, ...options };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }));
  const { output } = runNode([tool('typescript/bin/tsc'), '-p', project, '--pretty', 'false'], stage.consumer);
  return output.split('\n').filter((line) => /error TS/.test(line) && (line.includes('consumer.ts') || line.includes('@tickwire/')));
}

function packed(folder: string): PackedPackage {
  const found = stage.packages.find((candidate) => candidate.folder === folder);
  if (!found) throw new Error(`${folder} was not packed`);
  return found;
}

function bytesOf(path: string): ArrayBuffer {
  return new Uint8Array(readFileSync(path)).buffer;
}
