// The lobby: the rooms of one process, and the seats in them. Answers join requests and hands links to the members that they were opened for.
//
// Invariant: a join is answered with a seat or a refusal, never with an exception; ids and tokens come from the caller's secure random source; the
// number of rooms and of seats is bounded. Units: milliseconds of the caller's clock.

import { type AnyGame, type CloseCode, type Link, limits, type RefusalCode } from '@tickwire/shared';
import { type JoinRequest, packPlain, parseJoinRequest, protocolVersion, type Refusal, type Seat } from '@tickwire/shared/internal';
import type { JoinOptions } from './client.ts';
import { Countdown } from './countdown.ts';
import type { AuthContext, RoomClass } from './room.ts';
import { RoomCore } from './room-core.ts';
import { readRoomFile, writeRoomFile } from './room-file.ts';
import { canRestart, saveRoom, sendOff } from './room-restart.ts';

/** A kind of room that clients may ask for. */
export interface RoomDefinition<G extends AnyGame = AnyGame> {
  game: G;
  room: RoomClass<G>;
}

export interface LobbyOptions {
  rooms: { readonly [name: string]: RoomDefinition };
  /** A string that nobody can guess, from a secure source: room ids, session ids, tokens. */
  newId(): string;
  /** 32 random bits: a room's seed. */
  newSeed(): number;
  /** The game's code threw. The room has closed. */
  onError(error: unknown, where: string, roomId: string): void;
}

export type JoinAnswer = { seat: Seat; refusal?: undefined } | { seat?: undefined; refusal: Refusal };

// biome-ignore lint/suspicious/noExplicitAny: a lobby holds rooms of any games
type AnyRoom = RoomCore<any>;

export class Lobby {
  readonly rooms: Map<string, AnyRoom> = new Map();
  readonly #options: LobbyOptions;
  /** Names under which rooms were made, by room id. */
  readonly #names = new Map<string, string>();
  /** What they were made with. */
  readonly #madeWith = new Map<string, JoinOptions>();
  #countdown: Countdown | undefined;
  /** Refusals by code. */
  readonly refused: Map<RefusalCode, number> = new Map();

  constructor(options: LobbyOptions) {
    this.#options = options;
  }

  /** Answers a join request of unknown shape. `now` is read after the room's onAuth, which may take its time. */
  async join(request: unknown, context: Omit<AuthContext, 'roomName'>, now: () => number): Promise<JoinAnswer> {
    const protocol = (request as { protocol?: unknown } | null)?.protocol;
    // First of all: what a request of another version looks like is not known here.
    if (Number.isInteger(protocol) && protocol !== protocolVersion) {
      return this.#refuse('version-mismatch', `client protocol ${protocol}, server protocol ${protocolVersion}`);
    }
    if (this.isDraining) return this.#refuse('server-draining');
    const parsed = parseJoinRequest(request);
    if (typeof parsed === 'string') return this.#refuse('bad-request', parsed);
    if (packedBytes(parsed.options) > limits.optionsBytes)
      return this.#refuse('bad-request', `options are larger than ${limits.optionsBytes} bytes, or no plain data`);
    const byId = parsed.method === 'joinById' ? this.rooms.get(parsed.target) : undefined;
    if (parsed.method === 'joinById' && !byId) return this.#refuse('no-such-id', `id '${parsed.target}'`);
    const name = byId ? (this.#names.get(parsed.target) as string) : parsed.target;
    const definition = Object.hasOwn(this.#options.rooms, name) ? this.#options.rooms[name] : undefined;
    if (!definition) return this.#refuse('unknown-room', `asked for '${name}', the server has ${Object.keys(this.#options.rooms).join(', ')}`);
    if (parsed.schemaHash !== definition.game.hash) return this.#refuse('schema-mismatch', undefined, definition.game.description);
    let auth: unknown;
    try {
      auth = await definition.room.onAuth(parsed.options, { ...context, roomName: name });
    } catch (error) {
      return this.#refuse('unauthorized', error instanceof Error ? error.message : undefined);
    }
    if (auth === false) return this.#refuse('unauthorized');
    if (this.isDraining) return this.#refuse('server-draining');
    return this.#seat(parsed, name, definition, auth, byId, now());
  }

  /** Gives a link to the seat that it was opened for. @returns false when the seat is gone. */
  accept(roomId: string, sessionId: string, link: Link): boolean {
    return this.rooms.get(roomId)?.accept(sessionId, link) ?? false;
  }

  /** Whether this is a seat whose link has not opened, or a session. */
  knows(seat: Seat): boolean {
    return this.rooms.get(seat.roomId)?.members.get(seat.sessionId)?.session.token === seat.token;
  }

  /** When the next tick of any room is due; Infinity without rooms. */
  get nextTickAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const room of this.rooms.values()) next = Math.min(next, room.nextTickAt);
    return next;
  }

  /** Makes every tick that is due. */
  advance(now: number): void {
    this.#countdown?.advance(this.rooms.values(), now);
    for (const room of this.rooms.values()) room.advance(now);
  }

  /** Ends every room. */
  close(code: CloseCode, now: number): void {
    for (const room of [...this.rooms.values()]) room.close(code, now);
  }

  /** No room is made and no seat given any more. Those who have one stay, and may come back on new links. */
  get isDraining(): boolean {
    return this.#countdown !== undefined;
  }

  /** The server will stop: tells the rooms, once, and their clients every second. */
  drain(secondsLeft: number, now: number): void {
    if (this.#countdown) return;
    this.#countdown = new Countdown(secondsLeft, now);
    this.#countdown.advance(this.rooms.values(), now);
    for (const room of [...this.rooms.values()]) room.run('onDrain', () => room.room.onDrain(secondsLeft), now);
  }

  /**
   * Ends every room. Those that can go on in another process are given to `keep` as a file: when it has that safe, their clients are told to come back.
   * @param keep returns false for what it could not keep. Left out where there is no place for it.
   */
  park(keep: ((file: Uint8Array, roomId: string) => boolean) | undefined, now: number): void {
    for (const room of [...this.rooms.values()]) {
      const file = keep && this.save(room.roomId, now);
      if (file && keep?.(file, room.roomId)) sendOff(room, now);
      else room.close('server-shutdown', now);
    }
  }

  /** A room as a file. @returns undefined for one that has no `onSave` and `onRestore`, or whose `onSave` has thrown: it is closed then. */
  save(roomId: string, now: number): Uint8Array | undefined {
    const room = this.rooms.get(roomId);
    const bytes = room && canRestart(room.room) ? saveRoom(room, now) : undefined;
    if (!room || !bytes) return undefined;
    const { game, world } = room;
    return writeRoomFile({
      name: this.#names.get(roomId) as string,
      roomId,
      options: this.#madeWith.get(roomId) ?? {},
      schemaHash: game.hash,
      tick: world.tick,
      bytes,
    });
  }

  /** Has the room of a file go on. Its clients have the time of a lost link to come back. @returns what is wrong with a file that is of no use here. */
  restore(file: Uint8Array, now: number): string | undefined {
    const saved = readRoomFile(file);
    if (typeof saved === 'string') return saved;
    const { name, roomId, options, schemaHash, bytes } = saved;
    const definition = Object.hasOwn(this.#options.rooms, name) ? this.#options.rooms[name] : undefined;
    if (!definition) return `it is a room of the name '${name}', which this server does not have`;
    if (schemaHash !== definition.game.hash)
      return `it is of another version of the game '${name}' (schema ${schemaHash}, here ${definition.game.hash})`;
    if (this.rooms.has(roomId)) return 'a room with its id is here already';
    if (this.rooms.size >= limits.rooms) return `there are ${limits.rooms} rooms already`;
    const room = this.#open(name, definition, roomId, options, now);
    if (!room) return 'its class threw while it was made';
    room.run('the restoring of a saved room', () => room.restore(bytes, now), now);
    return room.isClosed ? 'it could not be restored' : undefined;
  }

  #seat(request: JoinRequest, name: string, definition: RoomDefinition, auth: unknown, byId: AnyRoom | undefined, now: number): JoinAnswer {
    const sessionId = this.#options.newId();
    const token = this.#options.newId();
    const candidates = byId ? [byId] : request.method === 'create' ? [] : this.#roomsNamed(name);
    for (const room of candidates) {
      if (room.reserve(sessionId, token, auth, request.options, now)) return { seat: { roomId: room.roomId, sessionId, token } };
    }
    if (byId) return this.#refuse(byId.isClosed ? 'no-such-id' : 'room-full');
    if (this.rooms.size >= limits.rooms) return this.#refuse('server-full');
    const room = this.#open(name, definition, this.#options.newId(), request.options, now);
    if (!room) return this.#refuse('room-failed');
    if (!room.reserve(sessionId, token, auth, request.options, now)) return this.#refuse('room-full');
    return { seat: { roomId: room.roomId, sessionId, token } };
  }

  #roomsNamed(name: string): AnyRoom[] {
    return [...this.rooms.values()].filter((room) => this.#names.get(room.roomId) === name);
  }

  #open(name: string, definition: RoomDefinition, roomId: string, options: JoinOptions, now: number): AnyRoom | undefined {
    const onError = (error: unknown, where: string): void => this.#options.onError(error, `${name}: ${where}`, roomId);
    let core: AnyRoom;
    try {
      const onDisposed = (): void => {
        this.rooms.delete(roomId);
        this.#names.delete(roomId);
        this.#madeWith.delete(roomId);
      };
      core = new RoomCore({ game: definition.game, room: new definition.room(), roomId, seed: this.#options.newSeed(), onError, onDisposed }, now);
    } catch (error) {
      onError(error, 'the constructor');
      return undefined;
    }
    this.rooms.set(roomId, core);
    this.#names.set(roomId, name);
    this.#madeWith.set(roomId, options);
    return core.create(options) ? core : undefined;
  }

  #refuse(code: RefusalCode, detail?: string, description?: readonly string[]): JoinAnswer {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    return { refusal: { code, ...(detail === undefined ? {} : { detail }), ...(description ? { description } : {}) } };
  }
}

/** Infinity for what cannot be packed, such as nesting without end. */
function packedBytes(options: JoinOptions): number {
  try {
    return packPlain(options).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
