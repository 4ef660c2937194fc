// The built page of a game, served beside it: its files from a folder, texts compressed once and kept.
//
// A game's script is the longest part of a first visit: TCP begins with about 14 kB, doubles with each round trip, and three kilobytes of text are one on
// the wire. Invariant: what is kept is bounded, in number and in bytes; a file that changes is compressed anew. Units: bytes.

import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Smaller is one packet anyway; larger is no text that a page waits for. */
const textBytes = { min: 1400, max: 4_000_000 };
const filesKept = 200;
const textTypes = /^(text\/|application\/(javascript|json|wasm|manifest\+json)|image\/svg)/;

/** Of the same effort: some 30 ms for 200 kB, once. */
const encoders: { readonly [encoding: string]: (text: Buffer) => Promise<Buffer> } = {
  br: (text) => promisify(brotliCompress)(text, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (text) => promisify(gzip)(text, { level: 9 }),
};

/** Serves the files of a folder at `/`. @param policy the Content-Security-Policy, or false for none. */
export async function addPage(app: FastifyInstance, folder: string, policy: string | false): Promise<void> {
  const kept = new Map<string, { readonly etag: unknown; readonly body: Buffer }>();
  await app.register(async (pages) => {
    pages.addHook('onSend', (request, reply, payload) => compressed(kept, request, reply, payload));
    await pages.register(fastifyStatic, {
      root: resolve(folder),
      setHeaders(reply) {
        if (policy !== false) reply.header('content-security-policy', policy);
        reply.header('x-content-type-options', 'nosniff');
      },
    });
  });
}

async function compressed(
  kept: Map<string, { readonly etag: unknown; readonly body: Buffer }>,
  request: FastifyRequest,
  reply: FastifyReply,
  payload: unknown,
): Promise<unknown> {
  const { 'content-type': type, 'content-length': length, etag } = reply.getHeaders();
  if (request.method !== 'GET' || reply.statusCode !== 200 || !textTypes.test(String(type))) return payload;
  reply.header('vary', [reply.getHeader('vary'), 'accept-encoding'].flat().filter(Boolean).join(', '));
  const accepted = String(request.headers['accept-encoding'] ?? '').split(/[\s,]+/);
  const encoding = Object.keys(encoders).find((name) => accepted.includes(name));
  const isStream = typeof (payload as Readable | null)?.pipe === 'function';
  if (!encoding || !isStream || etag === undefined || Number(length) < textBytes.min || !(Number(length) <= textBytes.max)) return payload;
  const key = `${encoding} ${request.url.split('?')[0]}`;
  let file = kept.get(key);
  if (file?.etag !== etag) {
    file = { etag, body: await (encoders[encoding] as (text: Buffer) => Promise<Buffer>)(await buffer(payload as Readable)) };
    if (kept.size >= filesKept) kept.clear();
    kept.set(key, file);
  } else {
    (payload as Readable).destroy();
  }
  reply.header('content-encoding', encoding);
  reply.removeHeader('content-length');
  return file.body;
}
