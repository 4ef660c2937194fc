// A WebSocket as the two lanes of a ChannelLink: one byte before each message says which lane it is on. Both ends use it.
//
// A WebSocket is one ordered stream that loses nothing, so what is unreliable would wait there behind what nobody needs any more: the sender drops it
// while more than a snapshot waits. Invariant: no frame is larger than the largest reliable message and its lane. Units: bytes.

import { limits } from '../limits.ts';
import type { ChannelLink, LanePort } from './channel-link.ts';
import { type CloseCode, closeCodeNumber, closeCodeOf, isCloseCode, type RefusalCode, refusalMessages } from './close-codes.ts';
import type { Lane } from './link.ts';

/** Where the server takes WebSockets, on its HTTP port. */
export const SOCKET_PATH = '/tickwire/socket';

/**
 * The first subprotocol that a client offers, and the one that the server takes. The second is what authorises the link: browsers can set no header. A server
 * that takes the second will say by a close code why the client is not let in.
 */
export const SOCKET_PROTOCOL = 'tickwire';

/** The largest frame: larger ones end the socket before they are read. */
export const SOCKET_FRAME_BYTES: number = 1 + limits.reliableBytes;

/** What this needs of a WebSocket: the browser's, or that of `ws`. */
export interface SocketPort {
  isOpen(): boolean;
  /** Bytes that the platform holds for both lanes. */
  backlog(): number;
  /** Takes one frame, which is the socket's own from then on. */
  send(frame: Uint8Array): void;
}

export function socketLanes(socket: SocketPort): { readonly unreliable: LanePort; readonly reliable: LanePort } {
  const lane = (byte: number, backlogBytes: number): LanePort => ({
    isOpen: () => socket.isOpen(),
    backlog: () => socket.backlog(),
    backlogBytes,
    send(bytes) {
      const frame = new Uint8Array(1 + bytes.length);
      frame[0] = byte;
      frame.set(bytes, 1);
      socket.send(frame);
    },
  });
  return { unreliable: lane(UNRELIABLE, limits.socketBacklogBytes), reliable: lane(RELIABLE, limits.outboxBytes) };
}

/** Feeds what a socket received into its link. @param frame anything that is no array of bytes is a text. */
export function feedSocketFrame(link: ChannelLink, frame: unknown, now: number): void {
  const bytes = frame instanceof ArrayBuffer ? new Uint8Array(frame) : frame instanceof Uint8Array ? frame : undefined;
  const lane: Lane | undefined = bytes?.[0] === UNRELIABLE ? 'unreliable' : bytes?.[0] === RELIABLE ? 'reliable' : undefined;
  if (bytes === undefined || lane === undefined) link.ignore(bytes ? 'garbage' : 'text', now);
  // A plain view: a Buffer shares memory on `slice`, where a Uint8Array copies.
  else link.receive(lane, new Uint8Array(bytes.buffer, bytes.byteOffset + 1, bytes.length - 1), now);
}

/** The WebSocket close code that tells why a link ended, or why it is not let in. */
export function socketCloseNumber(code: CloseCode | RefusalCode): number {
  return isCloseCode(code) ? CLOSE_BASE + closeCodeNumber(code) : REFUSAL_BASE + refusalCodes.indexOf(code);
}

/** What the close code of a WebSocket says; undefined when it says nothing of ours. */
export function codeOfSocketClose(number: number): CloseCode | RefusalCode | undefined {
  if (number >= CLOSE_BASE && number < REFUSAL_BASE) return closeCodeOf(number - CLOSE_BASE);
  return refusalCodes[number - REFUSAL_BASE];
}

const UNRELIABLE = 0;
const RELIABLE = 1;
/** 4000 to 4999 are free for applications. */
const CLOSE_BASE = 4000;
const REFUSAL_BASE = 4500;
const refusalCodes = Object.keys(refusalMessages) as RefusalCode[];
