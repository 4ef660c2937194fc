// A server with the WebSocket gate on 127.0.0.1 behind a TCP relay, and what it hands out.
//
// Any authorization is a seat, except `no`. Invariant: everything is closed by `close`.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Link } from '@tickwire/shared';
import { WebsocketGate, type WebsocketOptions } from '../../packages/server/src/edge/transports/websocket-gate.ts';
import { TcpRelay } from './tcp-relay.ts';

export interface SocketServer {
  /** Behind the relay. */
  readonly url: string;
  readonly port: number;
  readonly gate: WebsocketGate<string>;
  readonly relay: TcpRelay;
  close(): Promise<void>;
}

export async function startSocketServer(
  options: Partial<WebsocketOptions<string>> & { onLink(link: Link, seat: string): void },
): Promise<SocketServer> {
  const gate = new WebsocketGate<string>({
    isAllowed: () => true,
    authorize: (authorization) => (authorization === undefined || authorization === 'no' ? null : authorization),
    now: () => performance.now(),
    ...options,
  });
  const http = createServer();
  http.on('upgrade', (request, socket, head) => {
    if (!gate.take(request, socket, head)) socket.destroy();
  });
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  const relay = await TcpRelay.open(port, 20260801, { loss: 0, delayMs: 0 });
  return {
    url: `http://127.0.0.1:${relay.port}`,
    port,
    gate,
    relay,
    async close() {
      await Promise.all([gate.close(), relay.close()]);
      http.close();
      await once(http, 'close');
    },
  };
}
