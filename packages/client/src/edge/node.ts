// @tickwire/client/node: the client in Node, over real WebRTC through node-datachannel or a WebSocket of `ws`: for bots, load tests and end-to-end tests.
//
// A process may use it in one thread only: node-datachannel crashes in two. Units: milliseconds.

import type { Transport } from '../link-keeper.ts';
import { ClientIce, type IceChoice } from './client-ice.ts';
import { type Connection, connection } from './connection.ts';
import type { OpenLink } from './dialer.ts';
import { takeOffer } from './join.ts';
import { openWebrtcLink } from './node/webrtc.ts';
import { openWebsocketLink } from './node/websocket.ts';

export interface NodeConnectOptions extends IceChoice {
  /** `'auto'`: a frame every 16 ms. `'manual'`: the caller calls `room.frame(now)`. */
  loop?: 'auto' | 'manual';
  /** Local address for the UDP socket. Tests and benches: 127.0.0.1. */
  bindAddress?: string;
  /** As in @tickwire/client. */
  transport?: Transport;
  /** From the seat to the open link, at most 8000, which is the default. */
  timeoutMs?: number;
  /** As in @tickwire/client. Default: unless NODE_ENV is `production`. */
  development?: boolean;
}

/** A server to join rooms of, as `connect` of @tickwire/client. @param url the server's origin. */
export function connect(url: string, options: NodeConnectOptions = {}): Connection {
  const { bindAddress, timeoutMs } = options;
  const webrtc = { ...(bindAddress === undefined ? {} : { bindAddress }), ...(timeoutMs === undefined ? {} : { timeoutMs }) };
  return connection({
    url,
    loop: options.loop ?? 'auto',
    transport: options.transport ?? 'auto',
    wantsOffer: options.transport !== 'websocket',
    open(seat) {
      const ice = new ClientIce(url, seat, options, performance.now());
      const openWebrtc: OpenLink = async (opening) =>
        openWebrtcLink({ ...opening, ...webrtc, ...(await ice.use(opening.authorization, opening.now)), offer: takeOffer(seat) });
      return { webrtc: openWebrtc, ...(ice.relayOnly ? {} : { websocket: (opening) => openWebsocketLink(opening) }) };
    },
    development: options.development ?? process.env['NODE_ENV'] !== 'production',
  });
}

export { ClientRoom } from '../client-room.ts';
export type { Connection, JoinOptions, ListOptions } from './connection.ts';
