// The WebSocket transport of the Node client (bots, tests): the browser's, on the class of `ws`. Node before 22 has none of its own.
//
// Invariant: as there. A socket that does not answer its close is cut off soon, so that it holds no process. Units: milliseconds, bytes.

import { type Link, SOCKET_FRAME_BYTES } from '@tickwire/shared';
import { type ClientOptions, WebSocket } from 'ws';
import { openWebsocketLink as openLink, type Socket, type WebsocketLinkOptions } from '../transports/websocket.ts';

/** Opens a link. Rejects with the same codes as the browser's. */
export function openWebsocketLink(options: WebsocketLinkOptions): Promise<Link> {
  return openLink(options, (url, protocols) => new WebSocket(url, protocols, socketOptions) as unknown as Socket, throwLater);
}

const socketOptions: ClientOptions & { closeTimeout: number } = { perMessageDeflate: false, maxPayload: SOCKET_FRAME_BYTES, closeTimeout: 1500 };

/** What the owner's code threw goes the way of every uncaught exception, outside the socket's event. */
function throwLater(error: unknown): void {
  setImmediate(() => {
    throw error;
  });
}
