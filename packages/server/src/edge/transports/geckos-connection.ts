// A connection that geckos.io makes, taken over as soon as it is whole.
//
// geckos looks for the offer of a new connection every 50 ms, though libdatachannel has it in the call that makes the channel; so we do not wait for geckos
// but for the moment in which it puts the channel into its connection. Its inside is reached by name, which the pinned version makes safe.
// Invariant: geckos' table of connections forgets each one, whatever becomes of it: its owner here is the peer. Units: milliseconds.

import type { GeckosServer } from '@geckos.io/server';
import WebRTCConnection from '@geckos.io/server/lib/wrtc/webrtcConnection.js';

/** Has geckos make a connection with its channel. Rejects when the platform has no more to give (descriptors, ports). */
export function makeConnection({ connectionsManager: manager }: GeckosServer): Promise<WebRTCConnection> {
  return new Promise((resolve, reject) => {
    // geckos reads the request only in its authorization callback, in whose place we hand on what the new connection is to be known by.
    Object.assign(manager, { getUserData: async (_authorization: unknown, userData: unknown) => userData });
    manager.createConnection(undefined, new Ordered(resolve) as never, undefined as never).then(
      ({ connection, status }) => {
        if (connection) manager.connections.delete(connection.id);
        else reject(new Error(`geckos made no connection (status ${status})`));
      },
      (error: unknown) => reject(error instanceof Error ? error : new Error('geckos made no connection in its time')),
    );
  });
}

/** The mark of a connection that somebody waits for. */
class Ordered {
  readonly whole: (connection: WebRTCConnection) => void;

  constructor(whole: (connection: WebRTCConnection) => void) {
    this.whole = whole;
  }
}

const init = WebRTCConnection.prototype.init;
WebRTCConnection.prototype.init = function (this: WebRTCConnection) {
  const { userData } = this;
  if (userData instanceof Ordered) {
    Object.defineProperty(this, 'channel', {
      configurable: true,
      set: (value: WebRTCConnection['channel']) => {
        Object.defineProperty(this, 'channel', { value, writable: true, configurable: true });
        userData.whole(this);
      },
    });
  }
  return init.call(this);
};
