// The WebSocket transport of the server: upgrades on the HTTP port, for players whose network blocks UDP or whose browser has no WebRTC.
//
// Owns the sockets, the caps and the deadlines of their handshakes. A handshake begins with the upgrade and ends with the greeting of the link: until
// then the owner knows nothing of it. Invariant: a socket's memory is bounded by one frame inwards and the link's backlog outwards; a refusal is told by
// a close code, since browsers do not show a page the HTTP status of an upgrade. Units: milliseconds, bytes.

import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import {
  ChannelLink,
  type CloseCode,
  feedSocketFrame,
  type IgnoredMessage,
  type Link,
  limits,
  type RefusalCode,
  SOCKET_FRAME_BYTES,
  SOCKET_PATH,
  SOCKET_PROTOCOL,
  socketCloseNumber,
  socketLanes,
} from '@tickwire/shared';
import { type ServerOptions, type WebSocket, WebSocketServer } from 'ws';
import { networkOf } from '../../network-of.ts';
import { AddressRate } from '../address-rate.ts';
import { HandshakeCaps } from './handshake-caps.ts';

export interface WebsocketOptions<Seat> {
  /** Whether pages of this origin may connect. Clients that are no browsers have none. */
  isAllowed(origin: string | undefined, host: string | undefined): boolean;
  /** Checks what authorises the link. null refuses with `ticket-invalid`. */
  authorize(authorization: string | undefined, origin: string | undefined): Seat | null | Promise<Seat | null>;
  /** Hands over a link that was greeted, with its seat. Call `link.listen` before it returns; `opened` follows. */
  onLink(link: Link, seat: Seat): void;
  now(): number;
  /** From the upgrade to the greeting. */
  handshakeMs?: number;
  /** How many handshakes may be open at a time, and begin in a second. Default: caps of this transport's own, of `limits.ts`. */
  caps?: HandshakeCaps;
  /** The address behind an upgrade request. Default: that of its socket. */
  addressOf?(request: IncomingMessage): string;
  /** Upgrades that one address may ask for in ten seconds. Default: as many as requests. */
  upgradesPer10Seconds?: number;
  log?(event: WebsocketEvent): void;
}

export interface WebsocketEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly error?: unknown;
  readonly code?: CloseCode;
}

/** Totals since the start, except the two marked as present. */
export interface WebsocketCounters {
  /** Refused for the origin of their page. */
  foreign: number;
  /** Refused without a valid ticket. */
  unauthorized: number;
  /** Refused by a cap on open handshakes, or by the rate of its address. */
  capped: number;
  /** Links opened. */
  opened: number;
  /** Handshakes closed by their deadline. */
  neverOpened: number;
  /** Links that ended after they opened. */
  closed: number;
  /** Exceptions of the owner's code, caught here. */
  threw: number;
  /** Messages that were dropped. */
  ignored: Record<IgnoredMessage, number>;
  /** Present: handshakes open. */
  handshakesNow: number;
  /** Present: links open. */
  linksNow: number;
}

export class WebsocketGate<Seat> {
  readonly counters: WebsocketCounters = newCounters();
  readonly #options: WebsocketOptions<Seat>;
  readonly #sockets = new WebSocketServer(socketOptions(() => SOCKET_PROTOCOL));
  /** Takes the second subprotocol: so the client knows at once that no link has opened, only a close code is to come. */
  readonly #refusals = new WebSocketServer(socketOptions((offered) => [...offered].at(-1) ?? false));
  readonly #caps: HandshakeCaps;
  readonly #rate: AddressRate;
  readonly #links = new Map<WebSocket, ChannelLink>();
  readonly #waiting = new Set<Duplex>();
  #isClosed = false;
  #refusedInSecond = 0;
  #refusalSecond = 0;

  constructor(options: WebsocketOptions<Seat>) {
    this.#options = options;
    this.#caps = options.caps ?? new HandshakeCaps();
    this.#rate = new AddressRate(options.upgradesPer10Seconds ?? limits.requestsPer10Seconds);
  }

  /** Takes an upgrade of the HTTP server. @returns whether it was one of ours. */
  take(request: IncomingMessage, socket: Duplex, head: Buffer): boolean {
    if (request.url?.split('?')[0] !== SOCKET_PATH) return false;
    // The HTTP server has let go of it: an error that nobody hears would end the process.
    socket.on('error', () => socket.destroy());
    this.#take(request, socket, head).catch((error: unknown) => {
      this.#threw(error);
      refuse(socket, 500);
    });
    return true;
  }

  /** Closes every link with `code`, refuses new ones, and resolves when no socket is left. */
  async close(code: CloseCode = 'server-shutdown'): Promise<void> {
    this.#isClosed = true;
    for (const socket of this.#waiting) refuse(socket, 503);
    const gone = [...this.#links].map(([socket, link]) => {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      link.close(code, this.#options.now());
      return closed;
    });
    await Promise.all(gone);
  }

  async #take(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    const { origin, host } = request.headers;
    const { isAllowed, authorize, addressOf = socketAddress, now } = this.#options;
    const address = networkOf(addressOf(request));
    if (!this.#rate.take(address, now())) {
      this.counters.capped += 1;
      return refuse(socket, 429);
    }
    if (!isAllowed(origin, host)) {
      this.counters.foreign += 1;
      return refuse(socket, 401);
    }
    const release = this.#caps.take(address, now());
    if (release === null) {
      this.counters.capped += 1;
      return this.#turnAway(request, socket, head, 'too-many-requests', 429);
    }
    this.counters.handshakesNow += 1;
    this.#waiting.add(socket);
    let seat: Seat | null = null;
    try {
      seat = await authorize(authorizationOf(request), origin);
    } finally {
      this.counters.handshakesNow -= 1;
      this.#waiting.delete(socket);
      if (seat === null) release();
    }
    if (seat === null) {
      this.counters.unauthorized += 1;
      return this.#turnAway(request, socket, head, 'ticket-invalid', 401);
    }
    if (socket.destroyed) return release();
    // What is no WebSocket closes without a link.
    socket.once('close', release);
    if (this.#isClosed) return refuse(socket, 503);
    const authorized = seat;
    this.#sockets.handleUpgrade(request, socket, head, (websocket) => this.#open(websocket, authorized, release));
  }

  #open(socket: WebSocket, seat: Seat, release: () => void): void {
    const { now } = this.#options;
    let phase: 'handshake' | 'open' | 'gone' = 'handshake';
    this.counters.handshakesNow += 1;
    const deadline = setTimeout(() => {
      this.counters.neverOpened += 1;
      link.close('never-opened', now());
    }, this.#options.handshakeMs ?? limits.handshakeMs).unref();
    const link: ChannelLink = new ChannelLink(
      {
        ...socketLanes({
          isOpen: () => socket.readyState === socket.OPEN,
          backlog: () => socket.bufferedAmount,
          send: (frame) => socket.send(frame),
        }),
        soon: (task) => void setImmediate(this.#guarded(task)),
        ignored: (why) => {
          this.counters.ignored[why] += 1;
        },
        threw: (error) => this.#threw(error),
        ready: (at) => {
          clearTimeout(deadline);
          release();
          phase = 'open';
          this.counters.handshakesNow -= 1;
          this.counters.linksNow += 1;
          this.counters.opened += 1;
          try {
            this.#options.onLink(link, seat);
          } catch (error) {
            this.#threw(error);
            link.close('room-error', at);
          }
          link.start(at);
        },
        ended: (code) => {
          clearTimeout(deadline);
          release();
          if (phase === 'handshake') this.counters.handshakesNow -= 1;
          if (phase === 'open') {
            this.counters.linksNow -= 1;
            this.counters.closed += 1;
            this.#log({ level: 'info', message: 'A WebSocket link ended', code });
          }
          phase = 'gone';
          // Behind everything that was sent. A peer that does not answer is cut off after `closeTimeout`.
          socket.close(socketCloseNumber(code));
          if (code !== 'flood' && code !== 'protocol-error') return;
          // Whoever floods does not stop for a close frame: nothing more of it is read, and it is cut off when the code has had its time.
          socket.pause();
          setTimeout(() => socket.terminate(), HOSTILE_CLOSE_MS).unref();
        },
      },
      false,
      'websocket',
    );
    this.#links.set(socket, link);
    socket.on(
      'message',
      this.#guarded((data: unknown, isBinary: boolean) => feedSocketFrame(link, isBinary ? data : undefined, now())),
    );
    socket.on(
      'close',
      this.#guarded(() => {
        this.#links.delete(socket);
        link.lost(now());
      }),
    );
    // Answered by `ws`; neither our clients nor common proxies send any. They are no messages, so the rate limit of messages does not see them.
    let pingAt = Number.NEGATIVE_INFINITY;
    socket.on(
      'ping',
      this.#guarded(() => {
        if (now() - pingAt < PING_MS) link.ignore('garbage', now());
        pingAt = now();
      }),
    );
    // A frame that breaks the protocol, or is larger than any of ours. `close` follows.
    socket.on(
      'error',
      this.#guarded(() => link.lost(now(), 'protocol-error')),
    );
    link.laneOpened(now());
  }

  /** Tells a client why it is not let in. Over the rate of such answers, or to what is no WebSocket, by the status alone. */
  #turnAway(request: IncomingMessage, socket: Duplex, head: Buffer, code: RefusalCode, status: number): void {
    const second = Math.floor(this.#options.now() / 1000);
    if (second !== this.#refusalSecond) this.#refusedInSecond = 0;
    this.#refusalSecond = second;
    this.#refusedInSecond += 1;
    if (this.#refusedInSecond > limits.socketRefusalsPerSecond) {
      refuse(socket, status);
      return;
    }
    this.#refusals.handleUpgrade(request, socket, head, (websocket) => {
      websocket.on('error', () => websocket.terminate());
      websocket.close(socketCloseNumber(code));
    });
  }

  #guarded<Args extends unknown[]>(callback: (...args: Args) => void): (...args: Args) => void {
    return (...args) => {
      try {
        callback(...args);
      } catch (error) {
        this.#threw(error);
      }
    };
  }

  #threw(error: unknown): void {
    this.counters.threw += 1;
    this.#log({ level: 'error', message: 'The owner of a WebSocket link threw', error });
  }

  #log(event: WebsocketEvent): void {
    this.#options.log?.(event);
  }
}

function socketOptions(handleProtocols: (offered: Set<string>) => string | false): ServerOptions & { closeTimeout: number } {
  return {
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    maxPayload: SOCKET_FRAME_BYTES,
    closeTimeout: CLOSE_ANSWER_MS,
    maxFragments: FRAGMENTS,
    handleProtocols,
  };
}

/** The second subprotocol. */
function authorizationOf(request: IncomingMessage): string | undefined {
  const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim());
  return offered?.[0] === SOCKET_PROTOCOL && offered.length === 2 ? offered[1] : undefined;
}

function socketAddress({ socket }: IncomingMessage): string {
  return socket.remoteAddress ?? '';
}

function refuse(socket: Duplex, status: number): void {
  if (socket.writable) socket.end(`HTTP/1.1 ${status} Refused\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`, () => socket.destroy());
}

function newCounters(): WebsocketCounters {
  return {
    foreign: 0,
    unauthorized: 0,
    capped: 0,
    opened: 0,
    neverOpened: 0,
    closed: 0,
    threw: 0,
    ignored: { text: 0, oversized: 0, garbage: 0, early: 0, 'foreign-channel': 0 },
    handshakesNow: 0,
    linksNow: 0,
  };
}

/** Of one message; our clients send one each. Browsers and proxies may cut a large one. */
const FRAGMENTS = 64;

/** Pings may come this often. */
const PING_MS = 1000;

/** As long a round trip as most have. */
const HOSTILE_CLOSE_MS = 300;

/** How long a peer may take to answer a close frame. */
const CLOSE_ANSWER_MS = 1500;
