// What an operator may set of the server's limits: the defaults of `limits.ts` suit one machine that players reach directly.
//
// Raise them for load tests from one address, or for a crowd behind one router; lower them for a small machine.
// Invariant: what is not given is the default. Units: requests and offers a second, things open at one time, milliseconds.

import { limits } from '@tickwire/shared';

export interface ServerLimits {
  /** Requests that all addresses together may make in a second. Default 1000. */
  readonly requestsPerSecond: number;
  /** Requests that are being answered, of all addresses and of one. Default 1000 and 64. */
  readonly requestsInFlight: number;
  readonly requestsInFlightPerAddress: number;
  /** Sockets of the HTTP server, of all addresses and of one; a player on WebSocket holds one. serve() only. Default 10,000 and 256. */
  readonly sockets: number;
  readonly socketsPerAddress: number;
  /** WebRTC connections offered in a second. Default 100. */
  readonly offersPerSecond: number;
  /** WebRTC handshakes open at one time, of all addresses and of one. Default 200 and 32. */
  readonly handshakesOpen: number;
  readonly handshakesPerAddress: number;
  /** Rooms made for players of one address that wait for their connection. Default 8. */
  readonly roomsWaitingPerAddress: number;
  /** Milliseconds from an offer to the open link, after which it is closed. Default 15,000. */
  readonly handshakeMs: number;
}

export function serverLimits(given: Partial<ServerLimits> = {}): ServerLimits {
  const { requestsPerSecond, requestsInFlight, requestsInFlightPerAddress, sockets, socketsPerAddress } = limits;
  const { offersPerSecond, handshakesOpen, handshakesPerAddress, handshakeMs, roomsWaitingPerAddress } = limits;
  const defaults = { requestsPerSecond, requestsInFlight, requestsInFlightPerAddress, sockets, socketsPerAddress };
  return { ...defaults, offersPerSecond, handshakesOpen, handshakesPerAddress, handshakeMs, roomsWaitingPerAddress, ...given };
}
