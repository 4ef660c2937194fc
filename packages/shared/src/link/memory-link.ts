// Two links in one process with a bad network each way, on the caller's clock: for tests, single-player and the first minutes without a server.
//
// Invariant: handlers are called from `advance` only, never from within `send` or `close`; the ends open at the first advance at which both
// listen. A close travels on the reliable lane, behind everything reliable that was sent before it. A handler that throws ends its link, not the pair.
// Units: milliseconds of the caller's clock, which only `advance` moves; bytes.

import { limits } from '../limits.ts';
import { Random } from '../random.ts';
import { BadNetwork, type LaneCounters } from './bad-network.ts';
import { type CloseCode, closeCodeNumber, closeCodeOf } from './close-codes.ts';
import type { Lane, Link, LinkHandler } from './link.ts';
import { type NetworkProfile, networkProfiles } from './network-profile.ts';

/** One profile for both directions, or one for each. */
export type PairProfile = NetworkProfile | readonly [aToB: NetworkProfile, bToA: NetworkProfile];

export interface MemoryLinkOptions {
  readonly seed: number;
  /** Default `networkProfiles.clean`. */
  readonly profile?: PairProfile;
  /** The clock's start. Default 0. */
  readonly now0?: number;
  /** Told what a handler threw, when its link has been closed for it: otherwise a failed expectation inside a handler is never seen. */
  readonly thrown?: (error: unknown) => void;
}

export interface MemoryLinkPair {
  readonly a: Link;
  readonly b: Link;
  readonly counters: { readonly aToB: Readonly<Record<Lane, LaneCounters>>; readonly bToA: Readonly<Record<Lane, LaneCounters>> };
  /** Moves the clock and delivers what is due, both directions in one order of time. Handlers are given this `now`. */
  advance(now: number): void;
  /** When `advance` has something to do next; Infinity when all is quiet. */
  nextAt(): number;
  /** Both ends have been told that it is over. */
  readonly isOver: boolean;
  /** What is sent from now on meets this network. */
  setProfile(profile: PairProfile): void;
  /** Nothing that is sent before `untilMs` gets through, either way, or in one direction only. */
  blackout(untilMs: number, direction?: 'aToB' | 'bToA'): void;
  /** Both ends lose each other: `closed(code)` at the next advance, and nothing that is under way arrives. */
  cut(code: CloseCode): void;
}

export function memoryLinkPair(options: MemoryLinkOptions): MemoryLinkPair {
  const [profileAToB, profileBToA] = bothWays(options.profile ?? networkProfiles.clean);
  const random = new Random(options.seed);
  const aToB = new BadNetwork(random.int(SEEDS), profileAToB);
  const bToA = new BadNetwork(random.int(SEEDS), profileBToA);
  const clock: Clock = { now: options.now0 ?? 0 };
  const thrown = options.thrown ?? (() => {});
  const a = new MemoryLink(clock, aToB, thrown);
  const b = new MemoryLink(clock, bToA, thrown);
  const toB = (lane: Lane, bytes: Uint8Array) => b.take(lane, bytes);
  const toA = (lane: Lane, bytes: Uint8Array) => a.take(lane, bytes);
  let opened = false;

  /** Both ends open, or, when one was closed before it could, both end. */
  const open = () => {
    const code = a.ending ?? b.ending;
    opened = true;
    if (code === undefined) {
      a.open();
      b.open();
      a.greet();
      b.greet();
    } else {
      a.end(code);
      b.end(code);
    }
  };

  const earliest = () => Math.min(aToB.nextAt(), bToA.nextAt());

  const deliver = (now: number) => {
    if (!aToB.isDue(now) && !bToA.isDue(now)) return;
    for (let atMs = earliest(); atMs < now; atMs = earliest()) {
      aToB.drain(atMs, toB);
      bToA.drain(atMs, toA);
    }
    if (aToB.isDue(now)) aToB.drain(now, toB);
    if (bToA.isDue(now)) bToA.drain(now, toA);
  };

  const meetLostClose = () => {
    if (a.closeLost) b.end('link-lost');
    if (b.closeLost) a.end('link-lost');
  };

  return {
    a,
    b,
    counters: { aToB: aToB.counters, bToA: bToA.counters },
    advance(now) {
      if (now > clock.now && now < Number.POSITIVE_INFINITY) clock.now = now;
      if (!opened && a.listens && b.listens) open();
      if (opened) deliver(clock.now);
      meetLostClose();
      a.report();
      b.report();
    },
    nextAt() {
      if (a.hasReport || b.hasReport || (!opened && a.listens && b.listens)) return clock.now;
      if (!opened || (a.isClosed && b.isClosed)) return Number.POSITIVE_INFINITY;
      return Math.max(clock.now, earliest());
    },
    get isOver() {
      return a.isClosed && b.isClosed;
    },
    setProfile(profile) {
      const [toTheB, toTheA] = bothWays(profile);
      aToB.setProfile(toTheB);
      bToA.setProfile(toTheA);
    },
    blackout(untilMs, direction) {
      if (direction !== 'bToA') aToB.blackout(untilMs);
      if (direction !== 'aToB') bToA.blackout(untilMs);
    },
    cut(code) {
      a.end(code);
      b.end(code);
    },
  };
}

/** The pair's time, read by both ends. */
interface Clock {
  now: number;
}

class MemoryLink implements Link {
  readonly kind = 'memory';
  /** The code that this end closes with; set as soon as it is known, reported at the next advance. */
  ending: CloseCode | undefined;
  /** The network had no room for the close: the other end must learn of it by itself. */
  closeLost = false;
  isClosed = false;
  readonly #clock: Clock;
  readonly #network: BadNetwork;
  readonly #thrown: (error: unknown) => void;
  readonly #frame = new Uint8Array(limits.reliableBytes + 1);
  #handler: LinkHandler | undefined;
  #isOpen = false;

  constructor(clock: Clock, network: BadNetwork, thrown: (error: unknown) => void) {
    this.#clock = clock;
    this.#network = network;
    this.#thrown = thrown;
  }

  listen(handler: LinkHandler): void {
    this.#handler = handler;
  }

  send(lane: Lane, bytes: Uint8Array, now: number): boolean {
    if (!this.#isOpen || bytes.length > this.maxBytes(lane)) return false;
    if (lane === 'unreliable') return this.#network.send(lane, bytes, this.#sentAt(now));
    return this.#sendFrame(FRAME_MESSAGE, bytes, now);
  }

  backlog(lane: Lane): number {
    return this.#isOpen ? this.#network.backlog(lane) : 0;
  }

  maxBytes(lane: Lane): number {
    return lane === 'unreliable' ? limits.packetBytes : limits.reliableBytes;
  }

  close(code: CloseCode, now: number): void {
    if (this.#isOpen) this.closeLost = !this.#sendFrame(FRAME_CLOSE, Uint8Array.of(closeCodeNumber(code)), now);
    this.end(code);
  }

  /** The pair's side, from here on: no part of `Link`. */

  get listens(): boolean {
    return this.#handler !== undefined;
  }

  get hasReport(): boolean {
    return this.ending !== undefined && !this.isClosed && this.listens;
  }

  open(): void {
    this.#isOpen = true;
  }

  /** After both ends are open, so that an `opened` that sends or closes meets a whole pair; it may have closed this end already. */
  greet(): void {
    if (this.#isOpen) this.#guarded((handler) => handler.opened(this.#clock.now));
  }

  take(lane: Lane, bytes: Uint8Array): void {
    if (!this.#isOpen) return;
    if (lane === 'unreliable') this.#deliver(lane, bytes);
    else if (bytes[0] === FRAME_CLOSE) this.end(closeCodeOf(bytes[1] ?? Number.NaN));
    else this.#deliver(lane, bytes.subarray(1));
  }

  /** Nothing is sent or received from now on. */
  end(code: CloseCode): void {
    this.ending ??= code;
    this.#isOpen = false;
  }

  report(): void {
    const code = this.ending;
    if (code === undefined || !this.hasReport) return;
    this.isClosed = true;
    this.#guarded((handler) => handler.closed(code, this.#clock.now));
  }

  #sendFrame(kind: number, body: Uint8Array, now: number): boolean {
    this.#frame[0] = kind;
    this.#frame.set(body, 1);
    return this.#network.send('reliable', this.#frame.subarray(0, body.length + 1), this.#sentAt(now));
  }

  /** Never before the pair's clock: a stale `now` would have the answer delivered within the moment that is being delivered, and so on for ever. */
  #sentAt(now: number): number {
    return now > this.#clock.now ? now : this.#clock.now;
  }

  #deliver(lane: Lane, bytes: Uint8Array): void {
    try {
      this.#handler?.received(lane, bytes, this.#clock.now);
    } catch (error) {
      this.#failed(error);
    }
  }

  #guarded(call: (handler: LinkHandler) => void): void {
    if (this.#handler === undefined) return;
    try {
      call(this.#handler);
    } catch (error) {
      this.#failed(error);
    }
  }

  #failed(error: unknown): void {
    this.close('protocol-error', this.#clock.now);
    this.#thrown(error);
  }
}

function bothWays(profile: PairProfile): readonly [aToB: NetworkProfile, bToA: NetworkProfile] {
  return 'delayMs' in profile ? [profile, profile] : profile;
}

/** First byte of everything on the reliable lane. */
const FRAME_MESSAGE = 0;
const FRAME_CLOSE = 1;
const SEEDS = 4294967296;
