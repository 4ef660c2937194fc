// The codec in real browsers of two engines beside Node: the same bits from the same seed, and the property tests' own bodies.
//
// Units: milliseconds.

import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { f, Random } from '@tickwire/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodecRun, runCodec } from './codec-run.ts';
import { engineKinds } from './engine-kinds.ts';
import { type EnginePage, openChromium } from './engine-page.ts';
import { openFirefox } from './firefox-page.ts';
import { sourceScript, testScript } from './page-bundle.ts';
import type { PageResult } from './page-vitest.ts';

const SEEDS = [1, 2, 3, 4];
const CASES = 2000;
const shared = fileURLToPath(new URL('../../packages/shared/src/', import.meta.url));
const codecRun = fileURLToPath(new URL('./codec-run.ts', import.meta.url));

/** Tests that draw their values by fast-check and need nothing of Node. */
const propertyFiles = ['', 'codec/', 'schema/', 'state/']
  .flatMap((folder) => readdirSync(shared + folder).map((file) => folder + file))
  .filter((file) => file.endsWith('.test.ts'))
  .filter((file) => {
    const text = readFileSync(shared + file, 'utf8');
    return text.includes("from 'fast-check'") && !text.includes("from 'node:");
  });

const inNode = SEEDS.map((seed) => runCodec(seed, CASES));

test('[EN1] in Node every state comes back as it was quantised, and any bytes are read', () => {
  expect(inNode.flatMap(({ faults }) => faults)).toEqual([]);
  expect(new Set(inNode.map(({ hash }) => hash)).size).toBe(SEEDS.length);
  for (const { bytes } of inNode) expect(bytes).toBeGreaterThan(CASES * 10);
});

test('[EN4] every kind of field that a game can use is tried', () => {
  // Buttons and presses are of inputs, which no snapshot has.
  const names = Object.keys(f).filter((name) => name !== 'button' && name !== 'press');
  const tried = new Set(engineKinds.map(({ kind }) => /^[a-z0-9]+/.exec(kind.text)?.[0]));
  expect(names.filter((name) => !tried.has(name.replace('enumOf', 'enum')))).toEqual([]);
});

test('[FK27] kinds read their bits in the parts in which they wrote them', () => {
  const random = new Random(23);
  for (const { kind, value } of engineKinds) {
    for (let time = 0; time < 100; time++) {
      const row = new Int32Array(kind.words);
      kind.store(value(random), row, 0);
      for (const precision of ['step', 'wire'] as const) {
        const parts: [value: number, bits: number][] = [];
        // 0 stands for a number of variable length.
        kind.write({ write: (part, bits) => void parts.push([part, bits]), writeVar: (part) => void parts.push([part, 0]) }, row, 0, precision);
        const next = (bits: number): number => {
          const [part, width] = parts.shift() ?? [0, -1];
          expect([kind.text, bits]).toEqual([kind.text, width]);
          return part;
        };
        kind.read({ failed: false, bitsLeft: 10_000, read: next, readVar: () => next(0) }, new Int32Array(kind.words), 0, precision);
        expect([kind.text, ...parts]).toEqual([kind.text]);
      }
    }
  }
});

describe.each([
  ['Chromium', openChromium],
  ['Firefox', openFirefox],
] as const)('%s', (_name, open) => {
  let page: EnginePage;

  beforeAll(async () => {
    page = await open();
    console.log(`engine: ${page.name}`);
  });

  afterAll(() => page?.close());

  test('[EN2] the codec writes the same bytes and reads the same values as in Node, to the last bit', async () => {
    await page.clear();
    await page.run(`${await sourceScript(codecRun, 'engine')}; undefined`);
    const runs: CodecRun[] = [];
    for (const seed of SEEDS) runs.push(JSON.parse(String(await page.run(`JSON.stringify(engine.runCodec(${seed}, ${CASES}))`))));
    expect(runs).toEqual(inNode);
  });

  test.each(propertyFiles)('[EN3] the properties of %s hold', async (file) => {
    await page.clear();
    await page.run(`${await testScript(shared + file, 'engine')}; undefined`);
    const { passed, failed } = JSON.parse(String(await page.run('engine.runTests(20261).then(JSON.stringify)'))) as PageResult;
    expect(failed).toEqual([]);
    expect(passed).toBeGreaterThan(0);
  });
});
