// `npm run bench -- soak` for minutes: twenty clients that come and go, beside the hidden tabs of `test/tabs`; and the same with a fault, which it must find.

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const root = fileURLToPath(new URL('../..', import.meta.url));

interface Gate {
  readonly name: string;
  readonly value: number;
  readonly ok: boolean;
}

interface Ended {
  readonly lived: { readonly failures: object };
  readonly gates: Gate[];
  readonly status: number | null;
}

test('[SK2] a server that clients join, play in and leave for minutes holds no more at the end than before they came, and no more and more meanwhile', async () => {
  const { lived, gates, status } = await soak('--minutes', '3');
  // Compared whole, so that a failure shows what was measured.
  expect(lived.failures).toEqual({});
  expect(gates.filter(({ ok }) => !ok)).toEqual([]);
  expect([gates.length, status]).toEqual([9, 0]);
});

test('[SK3] with memory that is kept for each client that left, its gates say so, and the others do not', async () => {
  const { lived, gates, status } = await soak('--minutes', '0.75', '--plant-leak', 'heap');
  expect(lived.failures).toEqual({});
  expect(gates.filter(({ ok }) => !ok).map(({ name }) => name)).toContain('heap grows for certain by');
  expect(gates.filter(({ ok, name }) => !ok && !name.includes('grows'))).toEqual([]);
  expect(status).toBe(1);
});

test('[SK3] with a timer that is kept for each, too', async () => {
  const { gates, status } = await soak('--minutes', '0.5', '--plant-leak', 'handles');
  expect(gates.find(({ name }) => name.startsWith('resources'))).toMatchObject({ ok: false });
  expect(status).toBe(1);
});

/** Ends with the test's process at the latest: the bench ends itself when its time is over. */
function soak(...options: string[]): Promise<Ended> {
  const bench = ['--conditions=@tickwire/source', '--import', 'tsx', 'bench/src/main.ts', 'soak', '--clients', '20', '--json'];
  const child = spawn(process.execPath, [...bench, ...options], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] });
  const kill = (): boolean => child.kill('SIGTERM');
  process.once('exit', kill);
  let out = '';
  child.stdout.on('data', (text) => {
    out += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      process.off('exit', kill);
      try {
        resolve({ ...(JSON.parse(out) as Ended), status });
      } catch {
        reject(new Error(`it ended with status ${status} and printed no report: ${out}`));
      }
    });
  });
}
