// The sockets of a server that is ours: how many there may be, and how long each may take to say what it wants.
//
// Against clients that open sockets and say nothing, or a byte a second: Node waits five minutes for a request, and for ever on an idle socket's count.
// Invariant: sockets that were upgraded (WebSocket) count as long as they are open. Units: milliseconds.

import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { limits } from '@tickwire/shared';
import { networkOf } from '../network-of.ts';
import type { ServerLimits } from './server-limits.ts';

export interface SocketCounters {
  /** Closed at once: their address has as many as it may. */
  overAddress: number;
  /** Closed at once: the server has as many as it may. */
  overServer: number;
}

/** What `fastify` is given when it makes its server. */
export const socketOptions: { readonly requestTimeout: number; readonly http: ServerOptions } = {
  requestTimeout: limits.requestMs,
  http: {
    headersTimeout: limits.requestMs,
    // How often Node looks for sockets that are over their time; its default is 30 s.
    connectionsCheckingInterval: 1000,
  },
};

/** @param isProxied all sockets come from a proxy, which counts the addresses itself. */
export function limitSockets(server: Server, most: ServerLimits, isProxied: boolean): Readonly<SocketCounters> {
  const counters: SocketCounters = { overAddress: 0, overServer: 0 };
  const open = new Map<string, number>();
  server.maxConnections = most.sockets;
  server.on('drop', () => void counters.overServer++);
  if (isProxied) return counters;
  server.on('connection', (socket: Socket) => {
    const address = networkOf(socket.remoteAddress ?? '');
    const count = open.get(address) ?? 0;
    if (count >= most.socketsPerAddress) {
      counters.overAddress++;
      socket.destroy();
      return;
    }
    open.set(address, count + 1);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  });
  return counters;
}
