// A node-datachannel channel as one lane of a ChannelLink; the server and the Node client use it, each with its own copy of the library.
//
// Invariant: no exception leaves a native callback, because one that does aborts the process before any JavaScript handler runs.
// The shapes are structural, so that this package needs no native library and no platform types.

import type { ChannelLink, LanePort } from './channel-link.ts';
import type { Lane } from './link.ts';

/** What this needs of node-datachannel's DataChannel. */
export interface NativeChannel {
  isOpen(): boolean;
  bufferedAmount(): number;
  sendMessageBinary(bytes: Uint8Array): boolean;
  onOpen(callback: () => void): void;
  onMessage(callback: (message: string | ArrayBuffer | Uint8Array) => void): void;
  onClosed(callback: () => void): void;
  onError(callback: (error: string) => void): void;
}

/** The clock of the edge, and what it does with an exception that would have reached the native library. */
export interface NativeEdge {
  now(): number;
  threw(error: unknown): void;
}

export function nativeLane(channel: NativeChannel): LanePort {
  return {
    isOpen: () => channel.isOpen(),
    backlog: () => channel.bufferedAmount(),
    // `false` of the native call means "queued", which is sent as far as we are concerned; it throws on a closed channel.
    send: (bytes) => void channel.sendMessageBinary(bytes),
  };
}

/** Feeds everything that the channel reports into the link. Messages that came before wait in the native queue until this sets the callback. */
export function feedNativeLane(link: ChannelLink, lane: Lane, channel: NativeChannel, edge: NativeEdge): void {
  const guarded = guard(edge);
  channel.onOpen(guarded(() => link.laneOpened(edge.now())));
  channel.onClosed(guarded(() => link.lost(edge.now())));
  channel.onError(guarded(() => {}));
  channel.onMessage(
    guarded((message: string | ArrayBuffer | Uint8Array) => {
      if (typeof message === 'string') link.ignore('text', edge.now());
      else link.receive(lane, plainBytes(message), edge.now());
    }),
  );
  guarded(() => link.laneOpened(edge.now()))();
}

/** Makes callbacks that may be given to the native library. */
export function guard(edge: NativeEdge): <Args extends unknown[]>(callback: (...args: Args) => void) => (...args: Args) => void {
  return (callback) =>
    (...args) => {
      try {
        callback(...args);
      } catch (error) {
        edge.threw(error);
      }
    };
}

/** A Buffer shares memory on `slice`, where a Uint8Array copies: handlers get the plain kind. */
function plainBytes(message: ArrayBuffer | Uint8Array): Uint8Array {
  return message instanceof ArrayBuffer ? new Uint8Array(message) : new Uint8Array(message.buffer, message.byteOffset, message.byteLength);
}
