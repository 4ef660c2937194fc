// connect(): joining rooms of a server from a browser, over WebRTC.
//
// Invariant: a join that failed leaves nothing open. The room's frames are driven by the page unless the caller drives them. Units: milliseconds.

import type { IceServer } from '@tickwire/shared';
import { type Connection, connection } from './connection.ts';
import { openWebrtcLink } from './transports/webrtc.ts';

export interface ConnectOptions {
  /** `'auto'`: a frame for each animation frame of the page. `'manual'`: the caller calls `room.frame(now)`, as inside an engine's own loop. */
  loop?: 'auto' | 'manual';
  /** STUN and TURN servers. A client of a public server needs none. */
  iceServers?: IceServer[];
  /** Only through a TURN server: the game server does not see the player's address. */
  relayOnly?: boolean;
  /** From the seat to the open link. Default 8000. */
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
  const development = options.development ?? /^(localhost|127\.0\.0\.1|\[::1\])$/.test(location.hostname);
  return connection(
    url,
    options.loop ?? 'auto',
    (origin, authorization, now) =>
      openWebrtcLink({
        url: origin,
        authorization,
        now,
        ...(options.iceServers === undefined ? {} : { iceServers: options.iceServers }),
        ...(options.relayOnly === undefined ? {} : { relayOnly: options.relayOnly }),
        ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
      }),
    development,
  );
}
