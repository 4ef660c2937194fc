// The lobby: the rooms of one process, and the seats in them. Answers join requests and hands links to the members that they were opened for.
//
// Invariant: a join is answered with a seat or a refusal, never with an exception; ids and tokens come from the caller's secure random source; the
// number of rooms and of seats is bounded. Units: milliseconds of the caller's clock.

import { type AnyGame, type CloseCode, type Link, limits, type RefusalCode } from '@tickwire/shared';
import { type JoinRequest, packPlain, parseJoinRequest, protocolVersion, type Refusal, type Seat } from '@tickwire/shared/internal';
import type { JoinOptions } from './client.ts';
import type { AuthContext, RoomClass } from './room.ts';
import { RoomCore } from './room-core.ts';

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
    return this.#seat(parsed, name, definition, auth, byId, now());
  }

  /** Gives a link to the seat that it was opened for. @returns false when the seat is gone. */
  accept(roomId: string, sessionId: string, link: Link): boolean {
    return this.rooms.get(roomId)?.accept(sessionId, link) ?? false;
  }

  /** Whether this is a seat whose link has not opened, or a session with a token that is valid. */
  knows(seat: Seat): boolean {
    return this.rooms.get(seat.roomId)?.members.get(seat.sessionId)?.session.accepts(seat.token) ?? false;
  }

  /** When the next tick of any room is due; Infinity without rooms. */
  get nextTickAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const room of this.rooms.values()) next = Math.min(next, room.nextTickAt);
    return next;
  }

  /** Makes every tick that is due. */
  advance(now: number): void {
    for (const room of this.rooms.values()) room.advance(now);
  }

  /** Ends every room. */
  close(code: CloseCode, now: number): void {
    for (const room of [...this.rooms.values()]) room.close(code, now);
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
    const room = this.#open(name, definition, request.options, now);
    if (!room) return this.#refuse('room-failed');
    if (!room.reserve(sessionId, token, auth, request.options, now)) return this.#refuse('room-full');
    return { seat: { roomId: room.roomId, sessionId, token } };
  }

  #roomsNamed(name: string): AnyRoom[] {
    return [...this.rooms.values()].filter((room) => this.#names.get(room.roomId) === name);
  }

  #open(name: string, definition: RoomDefinition, options: JoinOptions, now: number): AnyRoom | undefined {
    const roomId = this.#options.newId();
    const onError = (error: unknown, where: string): void => this.#options.onError(error, `${name}: ${where}`, roomId);
    let core: AnyRoom;
    try {
      const onDisposed = (): void => {
        this.rooms.delete(roomId);
        this.#names.delete(roomId);
      };
      core = new RoomCore(
        {
          game: definition.game,
          room: new definition.room(),
          roomId,
          seed: this.#options.newSeed(),
          newToken: this.#options.newId,
          onError,
          onDisposed,
        },
        now,
      );
    } catch (error) {
      onError(error, 'the constructor');
      return undefined;
    }
    this.rooms.set(roomId, core);
    this.#names.set(roomId, name);
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
