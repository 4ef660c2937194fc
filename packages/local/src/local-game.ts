// LocalGame: a room and its players in one process, with an in-memory network between them. The same room core, client core and messages as over a server.
//
// It has a clock of its own, which frames move on: by the time between two of them, but by `frameMsMax` at most. So a page that stands still, or is hidden,
// has the whole game stand still, and nobody times out. Invariant: between two frames every tick and every packet has its own time, in order, whatever the
// frame rate; the same seed, calls and times of frames give the same game. Units: milliseconds, of the caller's clock in `frame`, else of the game's own.

import { ClientRoom, type Drift } from '@tickwire/client/core';
import { type JoinOptions, Lobby, type RoomClass } from '@tickwire/server/core';
import { type AnyGame, type MemoryLinkPair, memoryLinkPair, type PairProfile, Random, TickwireError } from '@tickwire/shared';
import { protocolVersion } from '@tickwire/shared/internal';

export interface LocalParts {
  /** Seeds the room and the network. */
  seed: number;
  network: PairProfile;
  /** The room's code threw: it has closed, and the players were told `room-error`. */
  onError(error: unknown, where: string): void;
  onDrift?: ((drift: Drift) => void) | undefined;
}

interface Player<G extends AnyGame> {
  readonly room: ClientRoom<G>;
  readonly pair: MemoryLinkPair;
}

/** A frame moves the game on by so much at most. */
const frameMsMax = 250;
/** Ticks and packets that are nearer to each other share a moment, so that a frame has an end whatever both ends say to each other. */
const momentMs = 1;
/** The name of the one kind of room. */
const roomName = 'local';

export class LocalGame<G extends AnyGame> {
  /** The server's side, for tests and tools. */
  readonly lobby: Lobby;
  /** Set once it was closed. */
  ended: 'room-closed' | undefined;
  readonly #game: G;
  readonly #parts: LocalParts;
  readonly #random: Random;
  readonly #players = new Set<Player<G>>();
  #network: PairProfile;
  #now = 0;
  #frameAt: number | undefined;

  constructor(game: G, room: RoomClass<G>, parts: LocalParts) {
    this.#game = game;
    this.#parts = parts;
    this.#network = parts.network;
    this.#random = new Random(parts.seed);
    let ids = 0;
    this.lobby = new Lobby({
      rooms: { [roomName]: { game, room: room as unknown as RoomClass<AnyGame> } },
      newId: () => `local-${++ids}`,
      newSeed: () => this.#random.int(2 ** 32),
      onError: (error, where) => parts.onError(error, where),
    });
  }

  /**
   * Joins as one more player, as `connect().joinOrCreate` does: the first opens the room, and so does the first after it has ended. Frames must go on meanwhile.
   * @param options for the room's `onAuth`, `onCreate` and `onJoin`.
   * @throws TickwireError (in the promise) with the room's refusal, such as `room-full`, or why it ended.
   */
  async join(options: JoinOptions = {}): Promise<ClientRoom<G>> {
    const request = { protocol: protocolVersion, schemaHash: this.#game.hash, method: 'joinOrCreate', target: roomName, options };
    const { seat, refusal } = await this.lobby.join(request, { address: 'local', headers: {} }, () => this.#now);
    if (this.ended) throw new TickwireError(this.ended);
    if (!seat) throw new TickwireError(refusal.code, refusal.detail);
    const pair = memoryLinkPair({
      seed: this.#random.int(2 ** 32),
      profile: this.#network,
      now0: this.#now,
      thrown: (error) => this.#parts.onError(error, 'a message'),
    });
    const room = new ClientRoom(this.#game, seat, this.#now);
    room.onDrift(this.#parts.onDrift);
    this.lobby.accept(seat.roomId, seat.sessionId, pair.a);
    const opening = room.accept(pair.b);
    this.#players.add({ room, pair });
    await opening;
    return room;
  }

  /** Moves everything on: the room, the network, and a frame for each player. Called by the page's frames, unless `loop` is `manual`: then call it yourself. */
  frame(now: number): void {
    const until = this.#now + Math.min(frameMsMax, Math.max(0, now - (this.#frameAt ?? now)));
    this.#frameAt = now;
    for (let next = this.#nextAt(); next <= until; next = Math.max(this.#nextAt(), this.#now + momentMs)) this.#advance(next);
    this.#advance(until);
    for (const player of this.#players) {
      player.room.frame(until);
      if (player.room.ended !== undefined && player.pair.nextAt() === Number.POSITIVE_INFINITY) this.#players.delete(player);
    }
  }

  /** What is sent from now on meets this network: one profile for both directions, or one each, from the room to the players first. */
  setNetwork(network: PairProfile): void {
    this.#network = network;
    for (const { pair } of this.#players) pair.setProfile(network);
  }

  /** Ends the room and its frames; the players are told `room-closed`. */
  close(): void {
    if (this.ended) return;
    this.ended = 'room-closed';
    this.lobby.close('room-closed', this.#now);
    for (const { pair } of this.#players) {
      pair.cut('room-closed');
      pair.advance(this.#now);
    }
    this.#players.clear();
  }

  #nextAt(): number {
    let next = this.lobby.nextTickAt;
    for (const { pair } of this.#players) next = Math.min(next, pair.nextAt());
    return Math.max(next, this.#now);
  }

  #advance(now: number): void {
    this.#now = now;
    for (const { pair } of this.#players) pair.advance(now);
    this.lobby.advance(now);
  }
}
