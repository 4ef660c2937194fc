// The stepper: one room, its clients and a bad network between them, in one process, on one virtual clock, from one seed.
//
// Invariant: nothing but the seed, the profile and the script decides what happens: the same arguments give the same bytes.
// Units: milliseconds of virtual time.

import { ClientRoom } from '@tickwire/client/core';
import { type JoinOptions, type Room, RoomCore } from '@tickwire/server/core';
import {
  type AnyGame,
  type Lane,
  type Link,
  limits,
  type MemoryLinkPair,
  memoryLinkPair,
  type NetworkProfile,
  networkProfiles,
  Random,
} from '@tickwire/shared';
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

/** One client with its link. */
export interface Peer<G extends AnyGame> {
  readonly room: ClientRoom<G>;
  readonly pair: MemoryLinkPair;
  readonly random: Random;
  /** What the server and the client sent each other unreliably. */
  readonly down: Traffic;
  readonly up: Traffic;
  readonly stall: Stall;
  nextFrameAt: number;
}

/** What the server sends unreliably before `untilMs` waits, and leaves then, all at once: as from the send queue of an SCTP stack after a dark time. */
export interface Stall {
  untilMs: number;
  readonly waiting: Uint8Array[];
}

/** The step of the virtual clock: the deliveries of 2 ms share a moment. */
const stepMs = 2;

export class Stepper<G extends AnyGame> {
  now = 0;
  readonly core: RoomCore<G>;
  readonly peers: Peer<G>[] = [];
  readonly errors: unknown[] = [];
  readonly #random: Random;
  readonly #options: StepperOptions<G>;
  readonly #frameMs: number;
  #profile: NetworkProfile;

  constructor(options: StepperOptions<G>) {
    this.#options = options;
    this.#random = new Random(options.seed);
    this.#frameMs = 1000 / (options.frameHz ?? 60);
    this.#profile = options.profile ?? networkProfiles.clean;
    const onError = (error: unknown): void => void this.errors.push(error);
    this.core = new RoomCore({ game: options.game, room: options.room, roomId: 'room', seed: this.#random.int(2 ** 32), onError }, this.now);
    this.core.create(options.options ?? {});
  }

  /** Adds a client; it joins as the clock goes on. */
  join(): Peer<G> {
    const number = this.peers.length + 1;
    const random = this.#random.fork(number);
    const sessionId = `session-${number}`;
    const member = this.core.reserve(sessionId, `token-${number}`, undefined, {}, this.now);
    if (!member) throw new Error('the room is full');
    const pair = memoryLinkPair({ seed: random.int(2 ** 32), profile: this.#profile, now0: this.now, thrown: (error) => this.errors.push(error) });
    const [down, up] = [new Traffic(), new Traffic()];
    const stall: Stall = { untilMs: 0, waiting: [] };
    const room = new ClientRoom(this.#options.game, { roomId: 'room', sessionId, token: `token-${number}` }, this.now);
    this.core.accept(sessionId, measured(pair.a, down, stall));
    room.accept(measured(pair.b, up)).catch((error: unknown) => this.errors.push(error));
    const peer: Peer<G> = { room, pair, random, down, up, stall, nextFrameAt: this.now + random.range(0, this.#frameMs) };
    this.peers.push(peer);
    return peer;
  }

  /** Lets time pass. `onFrame` runs after each frame of a client, `onStep` after each 2 ms; when it returns true, no more time passes. */
  run(ms: number, onFrame?: (peer: Peer<G>) => void, onStep?: () => boolean): void {
    const until = this.now + ms;
    while (this.now < until) {
      this.now = Math.min(until, this.now + stepMs);
      for (const peer of this.peers) {
        if (this.now >= peer.stall.untilMs) for (const bytes of peer.stall.waiting.splice(0)) peer.pair.a.send('unreliable', bytes, this.now);
        peer.pair.advance(this.now);
      }
      this.core.advance(this.now);
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
    for (const { pair } of this.peers) pair.setProfile(profile);
  }
}

function measured(link: Link, traffic: Traffic, stall?: Stall): Link {
  return {
    kind: link.kind,
    listen: (handler) => link.listen(handler),
    send(lane: Lane, bytes: Uint8Array, now: number): boolean {
      if (lane === 'unreliable') traffic.note(bytes, now);
      if (bytes.length > (lane === 'unreliable' ? limits.packetBytes : limits.reliableBytes))
        throw new Error(`${lane} message of ${bytes.length} bytes`);
      if (stall && lane === 'unreliable' && now < stall.untilMs) {
        stall.waiting.push(bytes.slice());
        return true;
      }
      return link.send(lane, bytes, now);
    },
    backlog: (lane) => link.backlog(lane),
    maxBytes: (lane) => link.maxBytes(lane),
    close: (code, now) => link.close(code, now),
  };
}
