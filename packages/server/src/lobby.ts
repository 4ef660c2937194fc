// The lobby: the rooms of one process, and the seats in them. Answers join and list requests and hands links to the members that they were opened for.
//
// Invariant: a join is answered with a seat or a refusal, never with an exception; ids, codes and tokens come from the caller's secure random source; the
// number of rooms, of seats and of joins of one address is bounded. From the choice of a room to the seat in it nothing waits, so that two joins at once
// never make two rooms where one has place. Units: milliseconds of the caller's clock.

import { type CloseCode, type Link, limits, type RefusalCode } from '@tickwire/shared';
import {
  type JoinRequest,
  packPlain,
  parseJoinRequest,
  parseListRequest,
  protocolVersion,
  type Refusal,
  type RoomListing,
  type Seat,
} from '@tickwire/shared/internal';
import type { JoinOptions } from './client.ts';
import { Countdown } from './countdown.ts';
import { GuessLimit } from './guess-limit.ts';
import { choiceOf, type Filter, filterOf, listOf, type OpenRoom, type RoomDefinition } from './matchmaking.ts';
import type { Member } from './member.ts';
import { networkOf } from './network-of.ts';
import type { AuthContext } from './room.ts';
import { makeRoomCode, readRoomCode } from './room-code.ts';
import { RoomCore } from './room-core.ts';
import { readRoomFile, writeRoomFile } from './room-file.ts';
import { canRestart, saveRoom, sendOff } from './room-restart.ts';

export interface LobbyOptions {
  rooms: { readonly [name: string]: RoomDefinition };
  /** A string that nobody can guess, from a secure source: room ids, session ids, tokens. */
  newId(): string;
  /** 32 random bits of a secure source: a room's seed, a room's code. */
  newSeed(): number;
  /** The game's code threw. The room has closed. */
  onError(error: unknown, where: string, roomId: string): void;
  /** Joins of one address that may be undecided or wait for their link at a time: else one could hold all places of all rooms. Default: any number. */
  joinsPerAddress?: number;
  /** Of them those that made a room: an empty room costs ticks. Default: any number. */
  roomsPerAddress?: number;
  /** Makes the ticket of a seat. Default: a token of `newId`. */
  sign?(roomId: string, sessionId: string, origin: string | undefined): Promise<string>;
  /** Rejects when a room's onAuth takes longer than `limits.authMs`, and logs it. Default: it may take for ever. */
  deadline?<T>(work: Promise<T>, roomName: string): Promise<T>;
}

/** Where a join request came from. */
export type JoinContext = Omit<AuthContext, 'roomName'>;

export type JoinAnswer = { seat: Seat; refusal?: undefined } | { seat?: undefined; refusal: Refusal };
export type ListAnswer = { rooms: RoomListing[]; refusal?: undefined } | { rooms?: undefined; refusal: Refusal };

// biome-ignore lint/suspicious/noExplicitAny: a lobby holds rooms of any games
type AnyRoom = RoomCore<any>;
// biome-ignore lint/suspicious/noExplicitAny: the same
type AnyMember = Member<any>;

/** A join from its decision until its link is welcomed. */
interface Waiting {
  /** As the limits count it. */
  readonly network: string;
  /** A room was made for it. */
  madeRoom?: boolean;
  room?: AnyRoom;
  member?: AnyMember;
}

/** The loop that drives a lobby waits for the last millisecond before a tick without sleeping: hundreds of empty rooms, each at a moment of its own, would keep it awake. */
const emptyMs = 10;

export class Lobby {
  readonly rooms: Map<string, AnyRoom> = new Map();
  readonly #options: LobbyOptions;
  /** The same rooms with how they came to be, in the order in which they were made. */
  readonly #open = new Map<string, OpenRoom>();
  /** Rooms by their codes. */
  readonly #codes = new Map<string, OpenRoom>();
  readonly #guesses = new GuessLimit();
  /** Seats whose link was never welcomed, and joins that are being decided, with the address that asked. */
  #waiting: Waiting[] = [];
  #countdown: Countdown | undefined;
  /** Refusals by code. */
  readonly refused: Map<RefusalCode, number> = new Map();

  constructor(options: LobbyOptions) {
    this.#options = options;
  }

  /** Answers a join request of unknown shape. `now` is read after the room's onAuth, which may take its time. */
  async join(request: unknown, context: JoinContext, now: () => number): Promise<JoinAnswer> {
    const mismatch = versionMismatch(request);
    if (mismatch) return this.refuse('version-mismatch', mismatch);
    if (this.isDraining) return this.refuse('server-draining');
    const parsed = parseJoinRequest(request);
    if (typeof parsed === 'string') return this.refuse('bad-request', parsed);
    if (packedBytes(parsed.options) > limits.optionsBytes)
      return this.refuse('bad-request', `options are larger than ${limits.optionsBytes} bytes, or no plain data`);
    const byId = parsed.method === 'joinById' ? this.#find(parsed.target, context.address, now()) : undefined;
    if (byId === 'guessed') return this.refuse('too-many-requests', 'too many wrong codes: wait a minute');
    if (parsed.method === 'joinById' && !byId) return this.refuse('no-such-id', `id '${parsed.target}'`);
    const name = byId ? byId.name : parsed.target;
    const definition = this.#definition(name);
    if (!definition) return this.refuse('unknown-room', this.#unknown(name));
    if (parsed.schemaHash !== definition.game.hash) return this.refuse('schema-mismatch', undefined, definition.game.description);
    const filter = filterOf(definition, parsed.options);
    if (typeof filter === 'string') return this.refuse('bad-request', filter);
    this.#waiting = this.#waiting.filter(({ room, member }) => !member || isWaiting(room, member));
    const network = networkOf(context.address);
    const { joinsPerAddress = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#waiting.filter((one) => one.network === network).length >= joinsPerAddress)
      return this.refuse('too-many-requests', 'too many seats of this address wait for their connection');
    const waiting: Waiting = { network };
    this.#waiting.push(waiting);
    const answer = await this.#admit(parsed, name, definition, filter, byId, context, now, waiting);
    if (answer.refusal) this.#waiting = this.#waiting.filter((one) => one !== waiting);
    return answer;
  }

  /** Answers a list request of unknown shape: the listed rooms of a name, the oldest first. */
  list(request: unknown): ListAnswer {
    const mismatch = versionMismatch(request);
    if (mismatch) return this.refuse('version-mismatch', mismatch);
    const parsed = parseListRequest(request);
    if (typeof parsed === 'string') return this.refuse('bad-request', parsed);
    const { name, offset, limit } = parsed;
    const definition = this.#definition(name);
    if (!definition) return this.refuse('unknown-room', this.#unknown(name));
    const stranger = Object.keys(parsed.filter).find((key) => !definition.filterBy?.includes(key));
    if (stranger !== undefined) return this.refuse('bad-request', `'${stranger}' is not in the filterBy of '${name}'`);
    const filter = filterOf(definition, parsed.filter);
    if (typeof filter === 'string') return this.refuse('bad-request', filter);
    return { rooms: listOf(this.#open.values(), name, filter).slice(offset, offset + limit) };
  }

  /** Gives a link to the seat that it was opened for. @returns false when the seat is gone. */
  accept(roomId: string, sessionId: string, link: Link): boolean {
    return this.rooms.get(roomId)?.accept(sessionId, link) ?? false;
  }

  /** The player of a session is going, and said so beside its link. A seat that nobody has come to waits for its time. */
  leave({ roomId, sessionId }: Seat, now: number): void {
    this.rooms.get(roomId)?.leave(sessionId, now);
  }

  /** Whether this is a seat whose link has not opened, or a session with a token that is valid. */
  knows(seat: Seat): boolean {
    return this.rooms.get(seat.roomId)?.members.get(seat.sessionId)?.session.accepts(seat.token) ?? false;
  }

  /** A sign of life from the client of a seat that has no link yet: a request, a link that opened. Its time (`limits.handshakeMs`) begins anew. */
  heard(seat: Seat, now: number): void {
    const room = this.rooms.get(seat.roomId);
    const member = room?.members.get(seat.sessionId);
    if (member && isWaiting(room, member)) member.session.heardAt = Math.max(now, member.session.heardAt);
  }

  /** When a tick is to be made next; Infinity without rooms. A room in which nobody is waits for the ticks of others, or for `emptyMs`. */
  get nextTickAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const room of this.rooms.values()) next = Math.min(next, room.room.clients.length > 0 ? room.nextTickAt : room.nextTickAt + emptyMs);
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
    const open = this.#open.get(roomId);
    const bytes = open && canRestart(open.core.room) ? saveRoom(open.core, now) : undefined;
    if (!open || !bytes) return undefined;
    const { name, options, core } = open;
    return writeRoomFile({ name, roomId, options, schemaHash: core.game.hash, tick: core.world.tick, bytes });
  }

  /** Has the room of a file go on. Its clients have the time of a lost link to come back. @returns what is wrong with a file that is of no use here. */
  restore(file: Uint8Array, now: number): string | undefined {
    const saved = readRoomFile(file);
    if (typeof saved === 'string') return saved;
    const { name, roomId, options, schemaHash, bytes } = saved;
    const definition = this.#definition(name);
    if (!definition) return `it is a room of the name '${name}', which this server does not have`;
    if (schemaHash !== definition.game.hash)
      return `it is of another version of the game '${name}' (schema ${schemaHash}, here ${definition.game.hash})`;
    if (this.rooms.has(roomId)) return 'a room with its id is here already';
    if (this.rooms.size >= limits.rooms) return `there are ${limits.rooms} rooms already`;
    const filter = filterOf(definition, options);
    if (typeof filter === 'string') return filter;
    const room = this.#make(roomId, name, definition, filter, options, now)?.core;
    if (!room) return 'its class threw while it was made';
    room.run('the restoring of a saved room', () => room.restore(bytes, now), now);
    return room.isClosed ? 'it could not be restored' : undefined;
  }

  async #admit(
    request: JoinRequest,
    name: string,
    definition: RoomDefinition,
    filter: Filter,
    byId: OpenRoom | undefined,
    context: JoinContext,
    now: () => number,
    waiting: Waiting,
  ): Promise<JoinAnswer> {
    let auth: unknown;
    try {
      const work = Promise.resolve(definition.room.onAuth(request.options, { ...context, roomName: name }));
      auth = await (this.#options.deadline?.(work, name) ?? work);
    } catch (error) {
      return this.refuse('unauthorized', error instanceof Error ? error.message : undefined);
    }
    if (auth === false) return this.refuse('unauthorized');
    if (this.isDraining) return this.refuse('server-draining');
    const sessionId = this.#options.newId();
    const token = this.#options.newId();
    const reserve = (open: OpenRoom): AnyMember | undefined => open.core.reserve(sessionId, token, auth, request.options, now());
    const open = byId ?? this.#choose(request, name, definition, filter, waiting, now());
    if (typeof open === 'string') return this.refuse(open);
    const member = reserve(open);
    if (!member) return this.refuse(whyNot(open));
    waiting.room = open.core;
    waiting.member = member;
    const { roomId } = open.core;
    const code = open.core.room.unlisted || open.core.door.hasCode ? { code: open.core.door.code } : {};
    // The first thing that waits: the seat is taken, and nobody knows its token.
    const ticket = (await this.#options.sign?.(roomId, sessionId, context.origin)) ?? token;
    if (open.core.members.get(sessionId) !== member) return this.refuse('no-such-id');
    member.session.token = ticket;
    return { seat: { roomId, sessionId, token: ticket, ...code } };
  }

  /** A room with a place, or a new one. */
  #choose(request: JoinRequest, name: string, definition: RoomDefinition, filter: Filter, waiting: Waiting, now: number): OpenRoom | RefusalCode {
    const [chosen] = request.method === 'create' ? [] : choiceOf(this.#open.values(), name, filter);
    if (chosen) return chosen;
    if (request.method === 'join') return 'no-room';
    if (this.rooms.size >= limits.rooms) return 'server-full';
    const { roomsPerAddress = Number.POSITIVE_INFINITY } = this.#options;
    if (this.#waiting.filter((one) => one.madeRoom && one.network === waiting.network).length >= roomsPerAddress) return 'too-many-requests';
    waiting.madeRoom = true;
    return this.#make(this.#options.newId(), name, definition, filter, request.options, now) ?? 'room-failed';
  }

  #make(roomId: string, name: string, definition: RoomDefinition, filter: Filter, options: JoinOptions, now: number): OpenRoom | undefined {
    const onError = (error: unknown, where: string): void => this.#options.onError(error, `${name}: ${where}`, roomId);
    const onDisposed = (): void => {
      this.rooms.delete(roomId);
      this.#open.delete(roomId);
      if (open?.core.door.hasCode) this.#codes.delete(open.core.door.code);
    };
    const codes = { make: () => this.#makeCode(open), claim: (code: string) => this.#claimCode(code, open) };
    let open: OpenRoom | undefined;
    try {
      const seed = this.#options.newSeed();
      const { newId: newToken } = this.#options;
      const room = new definition.room();
      const core: AnyRoom = new RoomCore({ game: definition.game, room, roomId, seed, codes, newToken, onError, onDisposed }, now);
      open = { core, name, filter, options, createdAt: now };
    } catch (error) {
      onError(error, 'the constructor');
      return undefined;
    }
    this.rooms.set(roomId, open.core);
    this.#open.set(roomId, open);
    return open.core.create(options) ? open : undefined;
  }

  /** A room by its id or its code. */
  #find(target: string, address: string, now: number): OpenRoom | undefined | 'guessed' {
    const open = this.#open.get(target);
    const code = open ? undefined : readRoomCode(target);
    if (code === undefined) return open;
    if (!this.#guesses.allows(address, now)) return 'guessed';
    const found = this.#codes.get(code);
    if (!found) this.#guesses.add(address, now);
    return found;
  }

  /** A room that is over gets none: nobody would free it. */
  #makeCode(open: OpenRoom | undefined): string {
    if (!open || open.core.isClosed) return '';
    let code = makeRoomCode(this.#options.newSeed());
    while (!this.#claimCode(code, open)) code = makeRoomCode(this.#options.newSeed());
    return code;
  }

  #claimCode(code: string, open: OpenRoom | undefined): boolean {
    if (!open || this.#codes.has(code)) return false;
    this.#codes.set(code, open);
    return true;
  }

  #definition(name: string): RoomDefinition | undefined {
    return Object.hasOwn(this.#options.rooms, name) ? this.#options.rooms[name] : undefined;
  }

  #unknown(name: string): string {
    return `asked for '${name}', the server has ${Object.keys(this.#options.rooms).join(', ')}`;
  }

  /** A refusal, counted. */
  refuse(code: RefusalCode, detail?: string, description?: readonly string[]): { refusal: Refusal } {
    this.refused.set(code, (this.refused.get(code) ?? 0) + 1);
    return { refusal: { code, ...(detail === undefined ? {} : { detail }), ...(description ? { description } : {}) } };
  }
}

/** What a request of another version looks like is not known here: this comes before everything else. */
export function versionMismatch(request: unknown): string | undefined {
  const protocol = (request as { protocol?: unknown } | null)?.protocol;
  return Number.isInteger(protocol) && protocol !== protocolVersion ? `client protocol ${protocol}, server protocol ${protocolVersion}` : undefined;
}

/** Whether this seat is still there and no link of it was ever welcomed. */
function isWaiting(room: AnyRoom | undefined, member: AnyMember): boolean {
  return member.session.epoch === 0 && room?.members.get(member.session.sessionId) === member;
}

/** Why a room that was there gave no seat. */
function whyNot({ core }: OpenRoom): RefusalCode {
  if (core.isClosed) return 'no-such-id';
  return core.members.size >= core.room.maxClients ? 'room-full' : 'room-locked';
}

/** Infinity for what cannot be packed. */
function packedBytes(options: JoinOptions): number {
  // Nesting without end would be found by packing too, when the stack is full: that takes 15 ms.
  if (!isNestedWithin(options, limits.optionsDepth)) return Number.POSITIVE_INFINITY;
  try {
    return packPlain(options).length;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

function isNestedWithin(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return levels > 0 && Object.values(value).every((inner) => isNestedWithin(inner, levels - 1));
}
