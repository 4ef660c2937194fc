// Each tidy check on a small repository that breaks its rule, and beside it one that does not: a check that cannot fail protects nothing.

import { describe, expect, test } from 'vitest';
import { ruleOffences, unnumberedTests } from './behaviour-rules.ts';
import { deadFiles } from './dead-files.ts';
import { undeclared, unused } from './dependencies.ts';
import { badlyNamed, exportStars, heldBackTests, machinePaths, tooLong, withoutHeader } from './file-shape.ts';
import { forbiddenImports, readImportTable } from './import-table.ts';
import { readManifest } from './repository.ts';
import { parseSource, type SourceFile } from './source-file.ts';
import { projectsNotRun, testsOutsideProjects } from './test-projects.ts';

const table = readImportTable(
  [
    '## Import table',
    '| folder | may import |',
    '|---|---|',
    '| `packages/a/src` | `msgpackr` |',
    '| `packages/a/src/edge` | `packages/a/src`, `node:*`, `@fastify/*` |',
    '| `test` | `packages`, `@tickwire/*` |',
    '| `*.test.ts` | `vitest` |',
    '## Next',
    '| `packages/a/src` | `everything` |',
  ].join('\n'),
);

describe('the shape of a file', () => {
  test('[TD1] a file of 401 lines is found, one of 400 is not', () => {
    expect(tooLong([source('a.ts', 'void 0;\n'.repeat(400))])).toEqual([]);
    expect(tooLong([source('a.ts', 'void 0;\n'.repeat(401))])).toHaveLength(1);
  });

  test('[TD2] headers of 2 and of 11 lines are found in sources of packages, and nowhere else', () => {
    const header = (lines: number) => `${'// words\n'.repeat(lines)}\nvoid 0;`;
    const lines = (path: string, count: number) => withoutHeader([source(path, header(count))]).length;
    expect([2, 3, 10, 11].map((count) => lines('packages/a/src/x.ts', count))).toEqual([1, 0, 0, 1]);
    expect(['packages/a/src/index.ts', 'packages/a/src/x.test.ts', 'bench/src/x.ts'].map((path) => lines(path, 0))).toEqual([0, 0, 0]);
  });

  test('[TD3] camelCase files, empty words and exports with empty words are found', () => {
    expect(badlyNamed([source('bench/src/bit-writer.test.ts', 'export const bitWriter = 1, helped = 2;')])).toEqual([]);
    expect(badlyNamed([source('bench/src/bitWriter.ts')])).toHaveLength(1);
    expect(badlyNamed([source('bench/utils/x.ts'), source('bench/bit-helper.ts')])).toHaveLength(2);
    expect(badlyNamed([source('bench/x.ts', 'export class RoomManager {}\nexport const x = 1; export { x as mathUtils };')])).toHaveLength(2);
  });

  test('[TD4] export * is found with its line', () => {
    expect(exportStars([source('a.ts', "// export * from './b.ts'\nexport { b } from './b.ts';\nexport * from './c.ts';")])).toEqual([
      'a.ts:3: export *; list the names',
    ]);
  });

  test('[TD6] paths of a home folder are found, paths of a web page are not', () => {
    const paths = ['home/ada/x', 'Users/ada', 'tmp/x', 'assets/x.png', 'health'].map((path) => ({ path: 'a.md', text: `first\nsee /${path}` }));
    expect(machinePaths(paths).map((line) => line.slice(0, 8))).toEqual(['a.md:2: ', 'a.md:2: ', 'a.md:2: ']);
  });

  test('[TD7] only, skip and todo are found however the test is written', () => {
    const held = [
      "test.only('a', f)",
      "it.skip('a', f)",
      "describe.todo('a')",
      "test.skip.each([1])('a', f)",
      "test.concurrent.only('a', f)",
      "it.skipIf(x)('a', f)",
    ];
    expect(held.map((call) => heldBackTests([source('a.test.ts', call)]).length)).toEqual(held.map(() => 1));
    expect(heldBackTests([source('a.test.ts', "test('only this', f); list.skip(2); // test.only('a', f)")])).toEqual([]);
  });
});

describe('imports', () => {
  const offences = (path: string, specifier: string) => forbiddenImports([source(path, `import { x } from '${specifier}';`)], table).length;

  test('[TD5] imports outside the row are found, whatever their form', () => {
    expect(offences('packages/a/src/x.ts', 'node:fs')).toBe(1);
    expect(offences('packages/a/src/x.ts', './edge/serve.ts')).toBe(1);
    expect(offences('packages/a/src/x.ts', '../../b/src/y.ts')).toBe(1);
    expect(offences('packages/a/src/edge/x.ts', 'fastify')).toBe(1);
    expect(offences('elsewhere/x.ts', './y.ts')).toBe(1);
    for (const form of [
      "import type { x } from 'ws';",
      "export { x } from 'ws';",
      "await import('ws');",
      "type X = import('ws').X;",
      "import 'ws';",
    ]) {
      expect(forbiddenImports([source('packages/a/src/x.ts', form)], table), form).toHaveLength(1);
    }
  });

  test('[TD5] imports inside the row are allowed', () => {
    expect(offences('packages/a/src/x.ts', './deep/y.ts')).toBe(0);
    expect(offences('packages/a/src/x.ts', 'msgpackr/unpack')).toBe(0);
    expect(offences('packages/a/src/x.test.ts', 'vitest')).toBe(0);
    expect(offences('packages/a/src/edge/x.ts', '../room.ts')).toBe(0);
    expect(offences('packages/a/src/edge/x.ts', '@fastify/cors')).toBe(0);
    expect(offences('test/sim/x.ts', '../../packages/a/src/edge/x.ts')).toBe(0);
    expect(offences('test/sim/x.ts', '@tickwire/server')).toBe(0);
  });

  test('[TD10] an undeclared package is found, and a declared one that nobody imports', () => {
    const root = readManifest('package.json', '{ "name": "root", "devDependencies": { "vitest": "1" } }');
    const pack = readManifest(
      'packages/a/package.json',
      '{ "name": "@x/a", "dependencies": { "msgpackr": "1" }, "peerDependencies": { "pino": "1" } }',
    );
    const files = [
      source('packages/a/src/x.ts', "import 'msgpackr/pack'; import 'node:fs'; import type { V } from 'vitest'; import '@fastify/cors';"),
      source('packages/a/src/x.test.ts', "import 'vitest'; import 'ws';"),
    ];
    expect(undeclared(files, [root, pack]).map((line) => line.split(' ')[1])).toEqual(['vitest', '@fastify/cors', 'ws']);
    expect(unused(files, [root, pack])).toEqual(['packages/a/package.json: pino is declared and never imported']);
  });

  test('[TD8] a file that nothing leads to is found; imports, URLs, pages and scripts lead to files', () => {
    const manifests = [
      readManifest('packages/a/package.json', '{ "exports": { ".": { "@tickwire/source": "./src/index.ts" } } }'),
      readManifest('package.json', '{ "scripts": { "bench": "tsx bench/main.ts", "start": "exec node game/dist/server/server.js" } }'),
    ];
    const sources = [
      source('packages/a/src/index.ts', "export { x } from './x.ts'; export type { Y } from './y.ts';"),
      source('packages/a/src/x.ts'),
      source('packages/a/src/y.ts'),
      source('packages/a/src/lost.ts', "import './x.ts';"),
      source('packages/a/src/lost.test.ts', "import './lost.ts';"),
      source('test/stepper.ts'),
      source('test/a.sim.ts', "import './stepper.ts';"),
      source('bench/main.ts', "fork(new URL('./bots.ts', import.meta.url)); spawn('node', ['bench/child.ts']);"),
      source('bench/bots.ts'),
      source('bench/child.ts'),
      source('game/src/server.ts'),
      source('game/src/page.ts'),
    ];
    const texts = [{ path: 'game/index.html', text: '<script type="module" src="/src/page.ts"></script>' }];
    expect(deadFiles({ sources, manifests, texts })).toEqual(['packages/a/src/lost.ts: nothing leads to it']);
  });
});

describe('tests and rules', () => {
  const behaviour = '# Behaviour\n\n- **AA1** One.\n- **AA2** Two.\nsee **AA3**';

  test('[TD9] a rule without a test, a test without a rule and a rule numbered twice are found', () => {
    const one = source('packages/a/src/x.test.ts', `${testCall('AA1')} ${testCall('AA9')}`);
    const offences = ruleOffences(`${behaviour}\n- **AA1** Again.`, [one]).map((line) => line.replaceAll(/[[\]]/g, ''));
    expect(offences).toEqual([
      'docs/BEHAVIOUR.md: AA1 is numbered twice',
      'docs/BEHAVIOUR.md: no test carries AA2',
      'packages/a/src/x.test.ts: AA9 is no rule of docs/BEHAVIOUR.md',
    ]);
    expect(unnumberedTests([one, source('a.test.ts', "test('plain', f)")])).toHaveLength(1);
  });

  test('[TD9] names of shared suites and of loops count', () => {
    const suite = source('test/contract/suite.ts', `export const cases = ['${bracket('AA1')} from a table'];`);
    const loop = source('packages/a/src/x.test.ts', `for (const n of [1]) test(\`${bracket('AA2')} with \${n}\`, f);`);
    expect(ruleOffences(behaviour, [suite, loop])).toEqual([]);
  });

  test('[TD11] a test file that no project runs is found, and a project that npm test leaves out', () => {
    const projects = [
      { name: 'unit', include: ['packages/**/*.test.ts'] },
      { name: 'sim', include: ['test/**/*.sim.ts'] },
    ];
    const files = ['packages/a/src/x.test.ts', 'test/net/x.sim.ts', 'test/x.test.ts', 'packages/a/src/x.test-d.ts'].map((path) => source(path));
    expect(testsOutsideProjects(files, projects)).toEqual(['test/x.test.ts: run by no project of vitest.config.ts']);
    expect(projectsNotRun(projects, source('scripts/test.mjs', "run('unit');"))).toEqual(['scripts/test.mjs: does not run the project sim']);
  });
});

function source(path: string, text = 'void 0;'): SourceFile {
  return parseSource(path, text);
}

/** Put together here, so that no string of this file looks like the name of a test. */
function bracket(rule: string): string {
  return `[${rule}]`;
}

function testCall(rule: string): string {
  return `test('${bracket(rule)} does it', f);`;
}
