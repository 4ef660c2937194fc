// The stepper: one room, its clients and a bad network between them, in one process, on one virtual clock, from one seed.
//
// Clients may lose links, get others beside them, be loaded anew, and the server may be restarted from a save. Invariant: nothing but the seed, the profile and
// the script decides what happens: the same arguments give the same bytes. Units: milliseconds of virtual time.

import { ClientRoom } from '@tickwire/client/core';
import { type JoinOptions, type Room, RoomCore } from '@tickwire/server/core';
import { type AnyGame, type Link, type MemoryLinkPair, memoryLinkPair, type NetworkProfile, networkProfiles, Random } from '@tickwire/shared';
import type { Seat } from '@tickwire/shared/internal';
import { type CutPoint, cutOnArrival, measured, type Stall } from './measured-link.ts';
import { Traffic } from './traffic.ts';

export interface StepperOptions<G extends AnyGame> {
  readonly game: G;
  readonly room: Room<G>;
  readonly seed: number;
  readonly profile?: NetworkProfile;
  readonly options?: JoinOptions;
  /** Frames a second of each client. Default 60. */
  readonly frameHz?: number;
}

/** One client with its links. */
export interface Peer<G extends AnyGame> {
  room: ClientRoom<G>;
  /** Its newest link. */
  pair: MemoryLinkPair;
  /** All that may carry something still. */
  readonly pairs: MemoryLinkPair[];
  readonly random: Random;
  /** What the server and the client sent each other unreliably. */
  readonly down: Traffic;
  readonly up: Traffic;
  readonly stall: Stall;
  nextFrameAt: number;
}

/** Where a new link is to break: at a message of the server (`down`) or of the client. */
export type LinkCut = { readonly from: 'server' | 'client' } & Pick<CutPoint, 'lane' | 'message' | 'when'>;

/** The step of the virtual clock: the deliveries of 2 ms share a moment. */
const stepMs = 2;

export class Stepper<G extends AnyGame> {
  now = 0;
  core: RoomCore<G>;
  readonly peers: Peer<G>[] = [];
  readonly errors: unknown[] = [];
  readonly #random: Random;
  readonly #options: StepperOptions<G>;
  readonly #frameMs: number;
  #profile: NetworkProfile;
  #tokens = 0;
  #pages = 0;
  /** Links of pages that are gone: their server end may live on. */
  readonly #abandoned = new Set<MemoryLinkPair>();
  readonly #later: { readonly at: number; run(): unknown }[] = [];

  constructor(options: StepperOptions<G>) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#frameMs = 1000 / (options.frameHz ?? 60);
    this.#profile = options.profile ?? networkProfiles.clean;
    this.core = this.#makeCore(options.room, this.#random.int(2 ** 32));
  }

  /** Adds a client; it joins as the clock goes on. */
  join(): Peer<G> {
    const number = this.peers.length + 1;
    const sessionId = `session-${number}`;
    const token = `token-${number}`;
    if (!this.core.reserve(sessionId, token, undefined, {}, this.now)) throw new Error('the room is full');
    return this.enter({ roomId: 'room', sessionId, token });
  }

  /** Adds a page that has a seat already: a second tab, or one that was loaded anew. */
  enter(seat: Seat): Peer<G> {
    const number = this.peers.length + 1;
    const random = this.#random.fork(number);
    const stall: Stall = { untilMs: 0, waiting: [] };
    const room = this.#makeRoom(seat);
    const pair = this.#makePair(random);
    const pairs = [pair];
    const peer: Peer<G> = { room, pair, pairs, random, down: new Traffic(), up: new Traffic(), stall, nextFrameAt: 0 };
    this.#connect(peer, pair);
    peer.nextFrameAt = this.now + random.range(0, this.#frameMs);
    this.peers.push(peer);
    return peer;
  }

  /** Opens another link for a client, beside those that it has. */
  link(peer: Peer<G>, cut?: LinkCut): MemoryLinkPair {
    const pair = this.#makePair(peer.random);
    peer.pair = pair;
    peer.pairs.push(pair);
    this.#connect(peer, pair, cut);
    return pair;
  }

  /** The client opens a link whenever it has none, `afterMs` later, and gives up in the end: the least that a keeper does. */
  keep(peer: Peer<G>, afterMs: number): void {
    let openedAt = Number.NEGATIVE_INFINITY;
    peer.room.keeper = {
      counters: { dialed: 0, suspected: 0, falseAlarms: 0 },
      state: 'joining',
      retryNow() {},
      advance: (now, { activeKind, ended, heardAt, reconnectSeconds }) => {
        // Before the first welcome nothing is known yet.
        if (ended || activeKind || reconnectSeconds === 0) return;
        if (now - heardAt > reconnectSeconds * 1000) peer.room.giveUp('link-lost');
        else if (now - openedAt >= afterMs + 1000) {
          openedAt = now + afterMs;
          this.#later.push({ at: now + afterMs, run: () => peer.room.connection === 'reconnecting' && this.link(peer) });
        }
      },
    };
  }

  /** The page is loaded anew: a new one with the same token, and all links of the old one are gone. @param isSilent the server is not told that they are. */
  reload(peer: Peer<G>, isSilent = false): ClientRoom<G> {
    const old = peer.room;
    old.keeper = undefined;
    for (const pair of peer.pairs.splice(0)) {
      if (isSilent) this.#later.push({ at: this.now + 20_000, run: () => pair.cut('link-lost') });
      else pair.cut('link-lost');
      pair.blackout(Number.MAX_SAFE_INTEGER);
      this.#abandoned.add(pair);
    }
    peer.room = this.#makeRoom(old.seat);
    this.link(peer);
    return peer.room;
  }

  /** The server's process ends and another one begins with what it saved. @param room a new one, that its onCreate has not run for. */
  restart(room: Room<G>, saved: Uint8Array = this.core.save()): void {
    for (const { pairs } of this.peers) for (const pair of pairs) pair.cut('server-restart');
    this.core = this.#makeCore(room, this.#random.int(2 ** 32));
    this.core.restore(saved, this.now);
  }

  /** Lets time pass. `onFrame` runs after each frame of a client, `onStep` after each 2 ms; when it returns true, no more time passes. */
  run(ms: number, onFrame?: (peer: Peer<G>) => void, onStep?: () => boolean): void {
    const until = this.now + ms;
    while (this.now < until) {
      this.now = Math.min(until, this.now + stepMs);
      for (const peer of this.peers) {
        if (this.now >= peer.stall.untilMs) for (const bytes of peer.stall.waiting.splice(0)) peer.pair.a.send('unreliable', bytes, this.now);
        this.#deliver(peer.pairs);
      }
      for (const pair of this.#abandoned) pair.advance(this.now);
      this.core.advance(this.now);
      this.#runLater();
      for (const peer of this.peers) {
        if (this.now < peer.nextFrameAt) continue;
        peer.nextFrameAt += this.#frameMs;
        peer.room.frame(this.now);
        onFrame?.(peer);
      }
      if (onStep?.()) return;
    }
  }

  /** What is sent from now on meets this network. */
  setProfile(profile: NetworkProfile): void {
    this.#profile = profile;
    for (const { pairs } of this.peers) for (const pair of pairs) pair.setProfile(profile);
  }

  #makeCore(room: Room<G>, seed: number): RoomCore<G> {
    const { game, options } = this.#options;
    const onError = (error: unknown): void => void this.errors.push(error);
    const newToken = (): string => `reconnect-${++this.#tokens}`;
    const core = new RoomCore({ game, room, roomId: 'room', seed, newToken, onError }, this.now);
    core.create(options ?? {});
    return core;
  }

  #makeRoom(seat: Seat): ClientRoom<G> {
    return new ClientRoom(this.#options.game, seat, this.now, ++this.#pages);
  }

  #makePair(random: Random): MemoryLinkPair {
    return memoryLinkPair({ seed: random.int(2 ** 32), profile: this.#profile, now0: this.now, thrown: (error) => this.errors.push(error) });
  }

  #connect(peer: Peer<G>, pair: MemoryLinkPair, cut?: LinkCut): void {
    const { room } = peer;
    let [server, client]: [Link, Link] = [pair.a, pair.b];
    const point = cut && { ...cut, cut: () => pair.cut('link-lost') };
    if (point?.when === 'after' && point.from === 'server') client = cutOnArrival(client, point);
    if (point?.when === 'after' && point.from === 'client') server = cutOnArrival(server, point);
    // A seat that is gone takes no link.
    if (!this.core.accept(room.sessionId, measured(server, peer.down, peer.stall, point?.from === 'server' ? point : undefined))) {
      pair.a.listen({ opened() {}, received() {}, closed() {} });
      pair.a.close('never-opened', this.now);
    }
    room.accept(measured(client, peer.up, undefined, point?.from === 'client' ? point : undefined)).catch((error: unknown) => {
      if (!room.keeper && !cut && room === peer.room) this.errors.push(error);
    });
  }

  /** Links whose both ends know that they are over are forgotten. */
  #deliver(pairs: MemoryLinkPair[]): void {
    for (let index = 0; index < pairs.length; index++) {
      const pair = pairs[index] as MemoryLinkPair;
      pair.advance(this.now);
      if (index < pairs.length - 1 && pair.isOver) pairs.splice(index--, 1);
    }
  }

  #runLater(): void {
    for (let index = 0; index < this.#later.length; index++) {
      const task = this.#later[index] as { at: number; run(): unknown };
      if (task.at > this.now) continue;
      this.#later.splice(index--, 1);
      task.run();
    }
    for (const pair of this.#abandoned) if (pair.isOver) this.#abandoned.delete(pair);
  }
}
