// The origin that a client sees of a server behind a relay: requests go on to the server, and answers name the relay's ports in place of the server's.
//
// `/` is an empty page, for a browser to join from. Invariant: 127.0.0.1 only.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UdpRelay } from './udp-relay.ts';

export interface RelayProxy {
  readonly url: string;
  close(): Promise<void>;
}

/** @param target the server's origin. */
export async function openRelayProxy(target: string, relay: UdpRelay): Promise<RelayProxy> {
  const http = createServer(async (request, response) => {
    if (request.url === '/favicon.ico') return void response.end();
    if (request.url === '/') return void response.setHeader('content-type', 'text/html').end('<!doctype html><title>dark</title>');
    try {
      const answer = await forward(target, request);
      response.statusCode = answer.status;
      response.setHeader('content-type', answer.headers.get('content-type') ?? 'text/plain');
      response.end(await relay.rewrite(await answer.text()));
    } catch (error) {
      response.statusCode = 502;
      response.end(String(error));
    }
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async close() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
}

async function forward(target: string, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const name of ['authorization', 'content-type', 'accept'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const { method = 'GET' } = request;
  const body = method === 'GET' ? null : Buffer.concat(chunks).toString();
  return fetch(target + request.url, { method, headers, body });
}
