// The Link port: one connection to one peer, as the session above it sees it.
//
// Owns nothing but the shape. A transport file (memory, WebRTC, WebSocket) fills it; no platform type leaves that file.
// Invariant: a link calls its handler `opened` once, then `received` any number of times, then `closed` once, and never after.
// Units: bytes; `now` is in milliseconds of the owner's clock (never of a link's own).

import type { CloseCode } from './close-codes.ts';

/**
 * `unreliable`: may be lost, doubled or reordered, is never sent again. Snapshots, inputs, acks.
 * `reliable`: arrives once and in order while the link lives. Handshake and events.
 */
export type Lane = 'unreliable' | 'reliable';

/** The transport that a link runs over. */
export type LinkKind = 'memory' | 'webrtc' | 'websocket';

/** How a WebRTC link runs through the network: the pair of addresses that ICE chose, without the addresses. */
export interface LinkPath {
  /** How this end's address was found: its own, as a STUN server sees it, as the peer sees it, or a relay's. */
  local: CandidateType;
  remote: CandidateType;
  protocol: string;
  /** How this end talks to its relay (`udp`, `tcp`, `tls`); only with a relay, and where the platform tells. */
  relayProtocol?: string;
  /** Round trip of ICE's own checks, or of SCTP in Node. 0 before the first. */
  rttMs: number;
}

export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay';

/** What a link tells its owner. No call may throw into the link: the owner guards itself. */
export interface LinkHandler {
  /** Both lanes carry messages from now on. */
  opened(now: number): void;
  /** One message. `bytes` belong to the link again when the call returns: copy what must last. */
  received(lane: Lane, bytes: Uint8Array, now: number): void;
  /** The link is gone, whoever ended it. */
  closed(code: CloseCode, now: number): void;
}

export interface Link {
  readonly kind: LinkKind;
  /**
   * Sets the one handler. Called by the owner in the same turn in which it was given the link; nothing is delivered before. Another one set later takes its
   * place: what comes from then on is told to that one, and nothing twice.
   */
  listen(handler: LinkHandler): void;
  /**
   * Sends one message; the bytes may be reused when the call returns. Never throws.
   * @returns false when nothing was sent: the link is not open, the message exceeds `maxBytes(lane)`, or the lane's queue is full.
   */
  send(lane: Lane, bytes: Uint8Array, now: number): boolean;
  /** Bytes waiting on this side to be sent. 0 where the platform cannot tell (the Node side of WebRTC). */
  backlog(lane: Lane): number;
  /** How it runs through the network, as of some seconds ago; undefined before that is known. Links that know no such thing leave it out. */
  path?(now: number): LinkPath | undefined;
  /** The largest message that the lane takes. */
  maxBytes(lane: Lane): number;
  /** Ends the link; `closed(code)` follows here, and the other end gets the same code where the transport can carry it, else `link-lost`. */
  close(code: CloseCode, now: number): void;
}
