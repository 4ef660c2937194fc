// What stands between one client and the server on 127.0.0.1: requests go on, answers name the UDP relay's ports, WebSockets can be cut.
//
// Invariant: 127.0.0.1 only, and nothing of it is left after `close`.

import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { UdpRelay } from './udp-relay.ts';

export interface FlakyProxy {
  readonly url: string;
  /** Ends every WebSocket as a router does that restarts: without a word. */
  cutSockets(): void;
  close(): void;
}

/** @param port of the server. */
export async function openFlakyProxy(port: number, relay: UdpRelay): Promise<FlakyProxy> {
  const sockets = new Set<Socket>();
  const http = createServer(async (request, response) => {
    try {
      const { method = 'GET', url, headers } = request;
      const passed = ['authorization', 'content-type'].flatMap((name) =>
        typeof headers[name] === 'string' ? [[name, headers[name]] as [string, string]] : [],
      );
      const body = method === 'GET' ? null : await textOf(request);
      const answer = await fetch(`http://127.0.0.1:${port}${url}`, { method, headers: passed, body });
      const text = await relay.rewrite(await answer.text());
      response.writeHead(answer.status, { 'content-type': answer.headers.get('content-type') ?? 'text/plain' }).end(text);
    } catch (error) {
      response.writeHead(502).end(String(error));
    }
  });
  http.on('upgrade', (request: IncomingMessage, client: Socket, head: Buffer) => {
    const server = connect(port, '127.0.0.1');
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      sockets.add(one);
      one.setNoDelay(true);
      one.on('error', () => {});
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
    }
    const lines = [`GET ${request.url} HTTP/1.1`];
    for (let at = 0; at < request.rawHeaders.length; at += 2) lines.push(`${request.rawHeaders[at]}: ${request.rawHeaders[at + 1]}`);
    server.write(`${lines.join('\r\n')}\r\n\r\n`);
    server.write(head);
    client.pipe(server);
    server.pipe(client);
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const cutSockets = (): void => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    cutSockets,
    close() {
      cutSockets();
      http.closeAllConnections();
      http.close();
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
