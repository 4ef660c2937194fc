// The page of a game as visitors get it: compressed where they take it, whole otherwise.
//
// A real Fastify without a port; files in a temporary folder. Units: bytes.

import { mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { addPage } from './page.ts';

const script = `export const words = ${JSON.stringify(Array.from({ length: 2000 }, (_, number) => `word ${number % 50}`))};`;

let folder: string;
let app: FastifyInstance;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'tickwire-page-'));
  writeFileSync(join(folder, 'script.js'), script);
  writeFileSync(join(folder, 'small.js'), 'export {};');
  writeFileSync(join(folder, 'picture.png'), Buffer.alloc(5000, 1));
  app = fastify();
  await addPage(app, folder, "default-src 'self'");
});

afterEach(async () => {
  await app.close();
  rmSync(folder, { recursive: true, force: true });
});

const get = (url: string, encoding?: string, method: 'GET' | 'HEAD' = 'GET') =>
  app.inject({ method, url, headers: encoding === undefined ? {} : { 'accept-encoding': encoding } });

test.each([
  ['gzip, deflate', 'gzip', gunzipSync],
  ['gzip, deflate, br', 'br', brotliDecompressSync],
] as const)('[BC5] to a browser that takes "%s" a text comes as %s, again and again', async (accepted, encoding, decompress) => {
  for (let time = 0; time < 3; time++) {
    const { headers, rawPayload, statusCode } = await get('/script.js?v=1', accepted);
    expect([statusCode, headers['content-encoding'], headers['content-type']]).toEqual([200, encoding, expect.stringContaining('javascript')]);
    expect(Number(headers['content-length'])).toBe(rawPayload.length);
    expect(rawPayload.length).toBeLessThan(script.length / 4);
    expect(decompress(rawPayload).toString()).toBe(script);
    expect(headers['vary']).toContain('accept-encoding');
    expect(headers['content-security-policy']).toBe("default-src 'self'");
  }
});

test('[BC5] who takes no such encoding, and files that are small or no text, get them as they are', async () => {
  for (const answer of [await get('/script.js'), await get('/script.js', 'identity')]) {
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.payload).toBe(script);
  }
  for (const url of ['/small.js', '/picture.png']) expect((await get(url, 'gzip')).headers['content-encoding']).toBeUndefined();
  const head = await get('/script.js', 'gzip', 'HEAD');
  expect([head.statusCode, head.payload]).toEqual([200, '']);
  const part = await app.inject({ url: '/script.js', headers: { 'accept-encoding': 'gzip', range: 'bytes=0-9' } });
  expect([part.statusCode, part.payload]).toEqual([206, script.slice(0, 10)]);
});

test('[BC5] a file that changed is compressed anew, and one that did not is not sent again', async () => {
  const first = await get('/script.js', 'gzip');
  const again = await app.inject({ url: '/script.js', headers: { 'accept-encoding': 'gzip', 'if-none-match': String(first.headers['etag']) } });
  expect(again.statusCode).toBe(304);
  const changed = `${script}\nexport const more = 1;`;
  writeFileSync(join(folder, 'script.js'), changed);
  utimesSync(join(folder, 'script.js'), new Date(), new Date(Date.now() + 5000));
  expect(gunzipSync((await get('/script.js', 'gzip')).rawPayload).toString()).toBe(changed);
});
