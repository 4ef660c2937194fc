// The origin that a client sees of a server behind a relay: requests and WebSockets go on to the server, and answers name the relay's ports in place of the
// server's.
//
// `/` is an empty page, for a browser to join from. Invariant: 127.0.0.1 only.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { UdpRelay } from './udp-relay.ts';

export interface RelayProxy {
  readonly url: string;
  /** Whether WebSockets are let through. */
  takesSockets: boolean;
  /** Ends every WebSocket without a word. */
  cutSockets(): void;
  close(): Promise<void>;
}

/** @param target the server's origin. */
export async function openRelayProxy(target: string, relay: UdpRelay): Promise<RelayProxy> {
  const http = createServer(async (request, response) => {
    if (request.url === '/favicon.ico') return void response.end();
    if (request.url === '/') {
      // As strict as serve() is with its own page: WebSockets must be allowed by it.
      response.setHeader('content-security-policy', "default-src 'self'; object-src 'none'; base-uri 'none'");
      return void response.setHeader('content-type', 'text/html').end('<!doctype html><title>dark</title>');
    }
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
  const sockets = new Set<Duplex>();
  http.on('upgrade', (request, socket, head) => {
    if (proxy.takesSockets) join(target, request, socket, head, sockets);
    else socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const proxy: RelayProxy = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    takesSockets: true,
    cutSockets() {
      for (const socket of sockets) socket.destroy();
    },
    async close() {
      proxy.cutSockets();
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  return proxy;
}

/** Passes an upgrade on as it came, and then everything both ways. */
function join(target: string, request: IncomingMessage, client: Duplex, head: Buffer, sockets: Set<Duplex>): void {
  const server = connect({ port: Number(new URL(target).port), host: '127.0.0.1', noDelay: true });
  const headers = Array.from({ length: request.rawHeaders.length / 2 }, (_, index) => request.rawHeaders.slice(2 * index, 2 * index + 2).join(': '));
  server.write(`${request.method} ${request.url} HTTP/1.1\r\n${headers.join('\r\n')}\r\n\r\n`);
  server.write(head);
  for (const [from, to] of [
    [client, server],
    [server, client],
  ] as const) {
    sockets.add(from);
    from.pipe(to);
    from.on('error', () => {});
    from.on('close', () => {
      sockets.delete(from);
      to.destroy();
    });
  }
}

async function forward(target: string, request: IncomingMessage): Promise<Response> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const headers: Record<string, string> = {};
  for (const name of ['authorization', 'content-type', 'accept', 'origin'] as const) {
    const value = request.headers[name];
    if (value !== undefined) headers[name] = value;
  }
  const { method = 'GET' } = request;
  const body = method === 'GET' ? null : Buffer.concat(chunks).toString();
  return fetch(target + request.url, { method, headers, body });
}
