// What the browser's and the Node client's WebRTC transports are called with, and the reasons for which opening one fails.
//
// Invariant: both fail with the same codes, so that the code above (fall back to a WebSocket, ask for a new seat, tell the player) knows one list.
// Units: milliseconds.

import { type IceServer, TickwireError } from '@tickwire/shared';
import type { LinkOffer } from '@tickwire/shared/internal';

export interface WebrtcLinkOptions {
  /** Origin of the server, with the port if it is not the scheme's own: `http://127.0.0.1:9208`, `https://play.example`. */
  url: string;
  /** The ticket, as the whole value of the Authorization header. */
  authorization: string;
  /** A connection that the server has made already, in place of the first request. */
  offer?: LinkOffer | undefined;
  iceServers?: IceServer[];
  /** Only through a TURN server: the game server does not see the player's address. */
  relayOnly?: boolean;
  /** From the call to the open link. Default 8000. */
  timeoutMs?: number;
  /** Gives the opening up: it fails with `left`, and leaves nothing behind. */
  signal?: AbortSignal;
  now(): number;
}

/** One of the server's addresses, as geckos' signalling writes it. */
export interface Candidate {
  candidate: string;
  sdpMid: string;
}

/** Signalling lives under this path of the server. */
export function signallingUrl(url: string): string {
  return `${url.replace(/\/+$/, '')}/.wrtc/v2/connections`;
}

/**
 * The server's offer, with DTLS begun by the server. An end that may choose begins it as soon as its own half of ICE works, while libdatachannel still waits
 * for its half and drops what comes: Chromium then says its first words again after 50 ms, libdatachannel after a second.
 */
export function beginningDtls(offer: string): string {
  return offer.replace('a=setup:actpass', 'a=setup:active');
}

/** What an HTTP status of the signalling means to the player; undefined when nothing answered. */
export function signallingError(status: number | undefined): TickwireError {
  if (status === 401) return new TickwireError('ticket-invalid');
  if (status === 429) return new TickwireError('too-many-requests');
  return new TickwireError('unreachable', status === undefined ? undefined : `HTTP status ${status}`);
}

/** Frees the server's half of a connection that was given up. Nobody waits for it, and its deadline would do the same. */
export function abandonConnection(url: string, id: string | undefined): void {
  if (id === undefined) return;
  fetch(`${signallingUrl(url)}/${id}/close`, { method: 'POST', keepalive: true }).catch(() => {});
}

/** Eight seconds: ICE, DTLS and SCTP take about six round trips, and lost first packets are sent again after one and two seconds. */
export const OPEN_TIMEOUT_MS = 8000;
