// The WebRTC transport of the server: geckos.io behind guarded routes, so that no request and no message of a stranger reaches its weak spots.
//
// Owns the table of peers, the caps and deadlines of handshakes, and the ids that clients see. geckos gets neither the HTTP server nor a request:
// the routes below speak its protocol and call it with checked values only.
// Invariant: a connection's id is 144 random bits known to its client alone (geckos' own come from Math.random), so it stands for the ticket
// in the requests that geckos' client sends without the ticket.
// Units: milliseconds.

import { randomBytes } from 'node:crypto';
import geckos from '@geckos.io/server';
import { type CloseCode, type IgnoredMessage, type Link, limits, refusalMessages } from '@tickwire/shared';
import type { LinkOffer } from '@tickwire/shared/internal';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { networkOf } from '../../network-of.ts';
import type { Advertised } from '../advertised.ts';
import { HandshakeCaps } from './handshake-caps.ts';
import { isNear } from './near-address.ts';
import { ANSWER_BYTES, readAnswer } from './session-description.ts';
import { makeWebrtcPeer, type PeerOwner, type WebrtcPeer } from './webrtc-peer.ts';

export interface WebrtcOptions<Seat> {
  /** Checks the Authorization and Origin headers before any WebRTC resource is made. null refuses with 401. */
  authorize(authorization: string | undefined, origin: string | undefined): Seat | null | Promise<Seat | null>;
  /** The client of this seat goes on with its handshake. */
  heard?(seat: Seat): void;
  /** Hands over a link whose two lanes work, with its seat. Call `link.listen` before it returns; `opened` follows. */
  onLink(link: Link, seat: Seat): void;
  now(): number;
  /** Local address for the UDP sockets. Tests and benches: 127.0.0.1. */
  bindAddress?: string;
  /** The address that clients are told, where it is not the local one: behind a NAT, in a container. */
  advertised?: Advertised;
  /** UDP ports. */
  portRange?: { min: number; max: number };
  /** All connections on one UDP port, the first free one of the range. Default: true when there is a port range. */
  multiplex?: boolean;
  /** STUN servers by which the server learns its own address, as `stun:host:port`. */
  iceServers?: readonly string[];
  /** From the offer to the open link. */
  handshakeMs?: number;
  /** How many handshakes may be open at a time, and begin in a second. Default: caps of this transport's own, of `limits.ts`. */
  caps?: HandshakeCaps;
  /** Handshakes open at a time with one Authorization header. */
  handshakesPerTicket?: number;
  log?(event: WebrtcEvent): void;
}

export interface WebrtcEvent {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly error?: unknown;
  readonly code?: CloseCode;
}

/** Totals since the start, except the two marked as present. */
export interface WebrtcCounters {
  /** Connections offered. */
  offered: number;
  /** Refused without a valid ticket. */
  unauthorized: number;
  /** Refused by a cap on open handshakes, or by the rate of offers. */
  capped: number;
  /** Requests that were not what geckos' protocol allows. */
  badRequests: number;
  /** Links opened. */
  opened: number;
  /** Handshakes closed by their deadline. */
  neverOpened: number;
  /** Links that ended after they opened. */
  closed: number;
  /** Exceptions of the owner's code, caught here. */
  threw: number;
  /** Messages and channels that were dropped. */
  ignored: Record<IgnoredMessage, number>;
  /** Present: handshakes open. */
  handshakesNow: number;
  /** Present: links open. */
  linksNow: number;
}

export interface WebrtcTransport<Seat> {
  /** Adds the routes under /.wrtc/v2. Cross-origin headers and rate limits are those of the app. */
  register(app: FastifyInstance): void;
  readonly counters: Readonly<WebrtcCounters>;
  /** Makes a connection for a seat that was just given, as the first signalling request would. undefined where that would be refused. */
  offerTo(seat: Seat, authorization: string, address: string): Promise<LinkOffer | undefined>;
  /** Closes every link with `server-shutdown`, refuses new ones, and resolves when no connection is left. */
  close(): Promise<void>;
}

export async function openWebrtcTransport<Seat>(options: WebrtcOptions<Seat>): Promise<WebrtcTransport<Seat>> {
  return new WebrtcGate(options);
}

class WebrtcGate<Seat> implements WebrtcTransport<Seat> {
  readonly counters: WebrtcCounters = newCounters();
  readonly #options: WebrtcOptions<Seat>;
  readonly #geckos: ReturnType<typeof geckos>;
  readonly #owner: PeerOwner;
  readonly #entries = new Map<string, Entry<Seat>>();
  readonly #entryOf = new Map<WebrtcPeer, Entry<Seat>>();
  readonly #caps: HandshakeCaps;
  #closed: Promise<void> | null = null;
  #resolveClosed: () => void = () => {};

  constructor(options: WebrtcOptions<Seat>) {
    this.#options = options;
    this.#caps = options.caps ?? new HandshakeCaps();
    this.#geckos = geckos(geckosOptions(options));
    this.#owner = {
      now: () => options.now(),
      threw: (error) => this.#threw(error),
      ready: (peer, now) => this.#ready(peer, now),
      ended: (peer, code) => this.#ended(peer, code),
      gone: (peer) => this.#gone(peer),
      ignored: (why) => {
        this.counters.ignored[why] += 1;
      },
    };
  }

  register(app: FastifyInstance): void {
    app.register(
      async (routes) => {
        // An app that closes waits for its requests, and some of ours wait for an answer.
        routes.addHook('preClose', () => this.close());
        // geckos' client sends a JSON content type with an empty body: take any type as text and parse only what needs it.
        routes.removeAllContentTypeParsers();
        routes.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body));
        routes.post('/connections', { bodyLimit: OFFER_BODY_BYTES }, (request, reply) => this.#offer(request, reply));
        routes.post<ById>('/connections/:id/remote-description', { bodyLimit: ANSWER_BODY_BYTES }, (request, reply) =>
          this.#answer(request.params.id, request.body, reply),
        );
        routes.get<ById>('/connections/:id/additional-candidates', async (request, reply) => {
          const peer = this.#peerOf(request.params.id);
          return peer ? reply.send(await peer.takeCandidates()) : refuse(reply, 404);
        });
        routes.post<ById>('/connections/:id/close', { bodyLimit: OFFER_BODY_BYTES }, (request, reply) => {
          // A client closes the connection of a handshake that it gave up; a closed id answers the same, so that it tells nothing.
          this.#entries.get(request.params.id)?.peer?.link.close('left', this.#options.now());
          return reply.send({});
        });
      },
      { prefix: '/.wrtc/v2' },
    );
  }

  close(): Promise<void> {
    if (this.#closed !== null) return this.#closed;
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    for (const { peer } of [...this.#entries.values()]) peer?.link.close('server-shutdown', this.#options.now());
    this.#settleClose();
    return this.#closed;
  }

  async offerTo(seat: Seat, authorization: string, address: string): Promise<LinkOffer | undefined> {
    const offer = await this.#makeOffer(seat, authorization, address);
    return typeof offer === 'number' ? undefined : offer;
  }

  async #offer({ headers: { authorization, origin }, ip }: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    if (this.#closed !== null) return refuse(reply, 503);
    // Without a place nothing is spent on the ticket.
    if (this.#caps.isFull(networkOf(ip), this.#options.now())) {
      this.counters.capped += 1;
      return refuse(reply.header('retry-after', '1'), 429);
    }
    let seat: Seat | null;
    try {
      seat = await this.#options.authorize(authorization, origin);
    } catch (error) {
      this.#threw(error);
      return refuse(reply, 500);
    }
    if (this.#closed !== null) return refuse(reply, 503);
    if (seat === null) {
      this.counters.unauthorized += 1;
      return reply.code(401).send({ status: 401, code: 'ticket-invalid', message: refusalMessages['ticket-invalid'] });
    }
    const offer = await this.#makeOffer(seat, authorization, ip);
    if (typeof offer === 'number') return refuse(offer === 429 ? reply.header('retry-after', '1') : reply, offer);
    return reply.send({ userData: {}, ...offer });
  }

  /** @returns the offer, or the status that refuses it. */
  async #makeOffer(seat: Seat, authorization: string | undefined, address: string): Promise<LinkOffer | number> {
    const { handshakesPerTicket = HANDSHAKES_PER_TICKET, advertised } = this.#options;
    if (this.#closed !== null) return 503;
    const release = this.#handshakesOf(authorization) < handshakesPerTicket ? this.#caps.take(networkOf(address), this.#options.now()) : null;
    if (release === null) {
      this.counters.capped += 1;
      return 429;
    }
    const entry = this.#enter(seat, authorization, release);
    try {
      entry.peer = await makeWebrtcPeer(this.#geckos, advertised, this.#owner);
      this.#entryOf.set(entry.peer, entry);
    } catch (error) {
      this.#leave(entry);
      this.#log({ level: 'error', message: 'No WebRTC connection could be made', error });
      return 503;
    }
    if (!isNear(address)) await entry.peer.gathered;
    const offer = entry.peer.offer(!isNear(address));
    if (offer === null || entry.phase === 'gone' || this.#closed !== null) {
      entry.peer.link.close('server-shutdown', this.#options.now());
      return 503;
    }
    this.counters.offered += 1;
    return { id: entry.id, localDescription: offer };
  }

  #answer(id: string, body: unknown, reply: FastifyReply): FastifyReply {
    const peer = this.#peerOf(id);
    if (!peer) return refuse(reply, 404);
    const sdp = typeof body === 'string' ? readAnswer(body) : null;
    if (sdp !== null && peer.answer(sdp)) return reply.send({});
    this.counters.badRequests += 1;
    return refuse(reply, 400);
  }

  /** The peer of a request that goes on with a handshake. */
  #peerOf(id: string): WebrtcPeer | undefined {
    const entry = this.#entries.get(id);
    if (entry?.phase === 'handshake') this.#options.heard?.(entry.seat);
    return entry?.peer ?? undefined;
  }

  #enter(seat: Seat, authorization: string | undefined, release: () => void): Entry<Seat> {
    const entry: Entry<Seat> = {
      id: randomBytes(18).toString('base64url'),
      seat,
      authorization,
      release,
      peer: null,
      phase: 'handshake',
      deadline: setTimeout(() => this.#expire(entry), this.#options.handshakeMs ?? limits.handshakeMs).unref(),
    };
    this.#entries.set(entry.id, entry);
    this.counters.handshakesNow += 1;
    return entry;
  }

  /** The deadline passed: nobody answered, or the lanes never opened. */
  #expire(entry: Entry<Seat>): void {
    if (entry.phase !== 'handshake') return;
    this.counters.neverOpened += 1;
    if (entry.peer) entry.peer.link.close('never-opened', this.#options.now());
    else this.#leave(entry);
  }

  #ready(peer: WebrtcPeer, now: number): void {
    const entry = this.#entryOf.get(peer);
    if (entry?.phase !== 'handshake') return;
    clearTimeout(entry.deadline);
    entry.phase = 'open';
    entry.release();
    this.counters.handshakesNow -= 1;
    this.counters.linksNow += 1;
    this.counters.opened += 1;
    try {
      this.#options.onLink(peer.link, entry.seat);
    } catch (error) {
      this.#threw(error);
      peer.link.close('room-error', now);
    }
    peer.link.start(now);
  }

  #ended(peer: WebrtcPeer, code: CloseCode): void {
    const entry = this.#entryOf.get(peer);
    if (!entry) return;
    if (entry.phase === 'open') this.#log({ level: 'info', message: 'A WebRTC link ended', code });
    this.#leave(entry);
  }

  /** Takes an entry out of the counts; its id stops working, its native objects may linger until `gone`. */
  #leave(entry: Entry<Seat>): void {
    if (entry.phase === 'handshake') this.counters.handshakesNow -= 1;
    if (entry.phase === 'open') {
      this.counters.linksNow -= 1;
      this.counters.closed += 1;
    }
    entry.phase = 'gone';
    entry.release();
    clearTimeout(entry.deadline);
    this.#entries.delete(entry.id);
    this.#settleClose();
  }

  #gone(peer: WebrtcPeer): void {
    this.#entryOf.delete(peer);
    this.#settleClose();
  }

  #settleClose(): void {
    if (this.#closed !== null && this.#entries.size === 0 && this.#entryOf.size === 0) this.#resolveClosed();
  }

  #handshakesOf(authorization: string | undefined): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.phase === 'handshake' && entry.authorization === authorization) count += 1;
    return count;
  }

  #threw(error: unknown): void {
    this.counters.threw += 1;
    this.#log({ level: 'error', message: 'The owner of a WebRTC link threw', error });
  }

  #log(event: WebrtcEvent): void {
    try {
      this.#options.log?.(event);
    } catch {
      // A logger that throws must not take the process with it: this runs inside native callbacks.
    }
  }
}

interface Entry<Seat> {
  readonly id: string;
  readonly seat: Seat;
  readonly authorization: string | undefined;
  /** Gives its place among the open handshakes back. */
  readonly release: () => void;
  readonly deadline: NodeJS.Timeout;
  peer: WebrtcPeer | null;
  phase: 'handshake' | 'open' | 'gone';
}

interface ById {
  Params: { id: string };
}

function geckosOptions<Seat>({ portRange, multiplex, bindAddress, iceServers = [] }: WebrtcOptions<Seat>): Parameters<typeof geckos>[0] {
  return {
    ordered: false,
    maxRetransmits: 0,
    multiplex: multiplex ?? portRange !== undefined,
    iceServers: iceServers.map((urls) => ({ urls })),
    // geckos writes into the range it is given.
    ...(portRange && { portRange: { ...portRange } }),
    ...(bindAddress !== undefined && { bindAddress }),
  };
}

function refuse(reply: FastifyReply, status: number): FastifyReply {
  return reply.code(status).send({ status });
}

function newCounters(): WebrtcCounters {
  return {
    offered: 0,
    unauthorized: 0,
    capped: 0,
    badRequests: 0,
    opened: 0,
    neverOpened: 0,
    closed: 0,
    threw: 0,
    ignored: { text: 0, oversized: 0, garbage: 0, early: 0, 'foreign-channel': 0 },
    handshakesNow: 0,
    linksNow: 0,
  };
}

/** Nothing but a content type comes with these. */
const OFFER_BODY_BYTES = 1024;

/** JSON escapes line ends: two bytes for each. */
const ANSWER_BODY_BYTES = ANSWER_BYTES + 1024;

/** A client that retries may overlap with itself; one ticket must not take everybody's handshakes. */
const HANDSHAKES_PER_TICKET = 4;
