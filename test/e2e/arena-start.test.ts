// `npm start` as a person runs it: one address to open, one clear line when the port is taken, and an end within two seconds of Ctrl-C.
//
// It builds into the example's own folder, as the command does. Units: milliseconds.

import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Child } from './child.ts';

let port: number;
let started: Child;
let url: string;
/** What the build had to say. */
let saidSoFar: string;

beforeAll(async () => {
  port = await freePort();
  started = new Child(['npm', 'start'], { environment: { PORT: String(port) }, asGroup: true });
  url = await started.address(120_000);
  saidSoFar = started.errors;
});

afterAll(() => started?.kill());

test('[EE19] npm start prints one address, and the page, the health check and the game are there', async () => {
  expect(started.out.match(/http:/g)).toHaveLength(1);
  expect(new URL(url).port).toBe(String(port));
  const page = await fetch(url);
  expect(page.status).toBe(200);
  expect(await page.text()).toContain('<title>Tickwire Arena</title>');
  expect(await (await fetch(new URL('/health', url))).json()).toMatchObject({ status: 'ok' });
  const join = await fetch(new URL('/tickwire/join', url), { method: 'POST', headers: { 'content-type': 'application/json' }, body: '{}' });
  expect(await join.json()).toMatchObject({ code: 'bad-request' });
});

test('[EE20] a taken port ends the server with one line that names the port and the way out', async () => {
  const second = new Child([process.execPath, 'examples/arena/dist/server/server.js'], { environment: { PORT: String(port) } });
  const { status } = await second.ended;
  expect(status).toBeGreaterThan(0);
  expect(second.errors).toMatch(new RegExp(`^Port ${port} is taken.*PORT=\\d+.*\\n$`));
  expect(second.out).toBe('');
});

test('[EE21] Ctrl-C ends npm start cleanly within two seconds', async () => {
  const signalledAt = performance.now();
  // To every process of the terminal's group, as the terminal sends it. (npm passes it on as well: the server gets it twice.)
  started.signal('SIGINT');
  // Status 0 says that it came to its own end, with everyone told: the signal alone would have left no status.
  expect(await started.ended).toEqual({ status: 0, signal: null });
  expect(performance.now() - signalledAt).toBeLessThan(2000);
  await expect(fetch(new URL('/health', url))).rejects.toThrow();
  expect(started.errors).toBe(saidSoFar);
});

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (address && typeof address === 'object' ? resolve(address.port) : reject(new Error('no port'))));
    });
  });
}
