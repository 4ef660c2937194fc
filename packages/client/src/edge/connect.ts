// connect(): joining rooms of a server from a browser, over WebRTC, or over a WebSocket where that is not to be had.
//
// Invariant: a join that failed leaves nothing open. The room's frames are driven by the page unless the caller drives them. Units: milliseconds.

import type { Transport } from '../link-keeper.ts';
import { ClientIce, type IceChoice } from './client-ice.ts';
import { type Connection, connection } from './connection.ts';
import type { OpenLink } from './dialer.ts';
import { takeOffer } from './join.ts';
import { TokenStore } from './token-store.ts';
import { openWebrtcLink } from './transports/webrtc.ts';
import { openWebsocketLink } from './transports/websocket.ts';

export interface ConnectOptions extends IceChoice {
  /** `'auto'`: a frame for each animation frame of the page. `'manual'`: the caller calls `room.frame(now)`, as inside an engine's own loop. */
  loop?: 'auto' | 'manual';
  /**
   * What links are made of. `'auto'`: WebRTC, and a WebSocket where UDP is blocked, from the start or in the middle of a game; back to WebRTC as soon as that
   * works. The others for tests and special cases: a WebSocket is late with everything behind each lost packet. Default `'auto'`.
   */
  transport?: Transport;
  /**
   * `'sessionStorage'`: a page that is loaded again goes on with its session, if `joinOrCreate` finds it there; a duplicated tab takes the session over.
   * Default: each load is another player, and a page that goes leaves the room.
   */
  resume?: 'sessionStorage';
  /** From the seat to the open link, at most 8000, which is the default. */
  timeoutMs?: number;
  /**
   * Whether steps are stopped that call `Math.random`, `Date.now` or `performance.now`, and predictions that do not come true are printed (`room.onDrift`).
   * Default: on a page of this machine.
   */
  development?: boolean;
}

/**
 * A server to join rooms of. Nothing is sent before the first join.
 * @param url the server's origin. Default: where the page came from.
 */
export function connect(url: string = location.origin, options: ConnectOptions = {}): Connection {
  const { timeoutMs } = options;
  const timeout = timeoutMs === undefined ? {} : { timeoutMs };
  return connection({
    url,
    loop: options.loop ?? 'auto',
    transport: options.transport ?? 'auto',
    wantsOffer: options.transport !== 'websocket' && typeof RTCPeerConnection !== 'undefined',
    open(seat) {
      const ice = new ClientIce(url, seat, options, performance.now());
      const webrtc: OpenLink = async (opening) =>
        openWebrtcLink({ ...opening, ...timeout, ...(await ice.use(opening.authorization, opening.now)), offer: takeOffer(seat) });
      // A WebSocket shows the player's address, so there is none where only a relay may see it.
      if (ice.relayOnly && options.transport === 'websocket')
        throw new TypeError(
          "connect(): a WebSocket would show the player's address, and only a relay may see it (relayOnly): leave out transport: 'websocket'",
        );
      if (ice.relayOnly) return { webrtc };
      return { ...(typeof RTCPeerConnection === 'undefined' ? {} : { webrtc }), websocket: (opening) => openWebsocketLink(opening) };
    },
    tokens: options.resume === undefined ? undefined : (key) => new TokenStore(key),
    development: options.development ?? /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname),
  });
}
