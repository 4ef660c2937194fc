// @tickwire/client/node: the client in Node, over real WebRTC through node-datachannel: for bots, load tests and end-to-end tests.
//
// A process may use it in one thread only: node-datachannel crashes in two. Units: milliseconds.

import { type Connection, connection } from './connection.ts';
import { openWebrtcLink } from './node/webrtc.ts';

export interface NodeConnectOptions {
  /** `'auto'`: a frame every 16 ms. `'manual'`: the caller calls `room.frame(now)`. */
  loop?: 'auto' | 'manual';
  /** Local address for the UDP socket. Tests and benches: 127.0.0.1. */
  bindAddress?: string;
  /** From the seat to the open link. Default 8000. */
  timeoutMs?: number;
  /** As in @tickwire/client. Default: unless NODE_ENV is `production`. */
  development?: boolean;
}

/** A server to join rooms of, as `connect` of @tickwire/client. @param url the server's origin. */
export function connect(url: string, options: NodeConnectOptions = {}): Connection {
  const development = options.development ?? process.env['NODE_ENV'] !== 'production';
  return connection(
    url,
    options.loop ?? 'auto',
    (origin, authorization, now) =>
      openWebrtcLink({
        url: origin,
        authorization,
        now,
        ...(options.bindAddress === undefined ? {} : { bindAddress: options.bindAddress }),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      }),
    development,
  );
}

export { ClientRoom } from '../client-room.ts';
export type { Connection, JoinOptions, ListOptions } from './connection.ts';
