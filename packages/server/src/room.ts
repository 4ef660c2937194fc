// Room: the class that a game extends. The rules that only the server runs go here; movement that clients predict goes into the game's steps.
//
// Invariant: every method is called by the room's own loop, one at a time; one that throws ends this room (its clients are told `room-error`) and
// nothing else. Units: ticks, and milliseconds of room time where a name says so.

import {
  type AnswerOf,
  type AnyEntity,
  type AnyGame,
  type EntityId,
  type EventName,
  type EventOf,
  type InputSample,
  limits,
  type Random,
  type RequestName,
  type RequestOf,
} from '@tickwire/shared';
import type { Plain, World } from '@tickwire/shared/internal';
import type { Client, JoinOptions } from './client.ts';
import type { Door } from './door.ts';
import type { GridInterest } from './interest.ts';
import type { Past } from './past.ts';
import type { Traffic } from './traffic.ts';

/** What the core gives to the room it runs. */
export interface RoomServices<G extends AnyGame> {
  readonly game: G;
  readonly roomId: string;
  readonly world: World<G>;
  readonly random: Random;
  readonly traffic: Traffic;
  clients(): readonly Client<G>[];
  /** Places taken, by those too who are still connecting. */
  readonly seats: number;
  readonly door: Door;
  after(ticks: number, name: string, data: Plain): void;
  emit(name: string, fields: object, to: readonly Client<G>[]): void;
  on(name: string, handler: (client: Client<G>, fields: never) => void): void;
  onAsk(name: string, handler: (client: Client<G>, fields: never) => object | Promise<object>): void;
  rewind<T>(client: Client<G>, look: (past: Past<G>) => T): T;
  drive(id: EntityId, sample: InputSample<G>): void;
  close(): void;
}

// biome-ignore lint/suspicious/noExplicitAny: each room's services are of its own game
const bound = new WeakMap<object, RoomServices<any>>();

/** Who gets an event: everyone when left out. */
export interface Audience<G extends AnyGame> {
  to?: Client<G> | readonly Client<G>[];
  except?: Client<G>;
}

/** What `onAuth` is told about a join request besides its options. */
export interface AuthContext {
  readonly roomName: string;
  /** The address that the request came from, as the server's HTTP edge saw it. */
  readonly address: string;
  /** Origin of the page that asks, as its browser says it; undefined for programs that are no page. */
  readonly origin?: string | undefined;
  /** What the client set as `connection.token` (`Authorization: Bearer`): a login of the game's own. Check it. */
  readonly token?: string | undefined;
  /** The request's headers, lower-case names. Empty for a client in the same process. */
  readonly headers: { readonly [name: string]: string | string[] | undefined };
}

/** What an `onAuth` lets in with: the type for `Room<typeof game, AuthOf<typeof onAuth>>`. */
// biome-ignore lint/suspicious/noExplicitAny: whatever it takes
export type AuthOf<OnAuth extends (...taken: any[]) => unknown> = Exclude<Awaited<ReturnType<OnAuth>>, false>;

/** @typeParam Auth what the class's `onAuth` lets clients in with: the type of `client.auth`. */
export abstract class Room<G extends AnyGame = AnyGame, Auth = unknown> {
  /** Most clients at once. A full room is locked until somebody has left. */
  maxClients: number = limits.clientsPerRoom;
  /** Whether the room ends when its last client has left. */
  autoDispose = true;
  /** Whether the room is kept out of lists and of `joinOrCreate` and `join`: who comes must know its id or its `code`. May be changed at any time. */
  unlisted = false;
  /**
   * Seconds for which a client that has lost its link is kept, until it comes back: by itself, or as the same player after a reload of its page. 0: it leaves at
   * once. At most a day. May be changed at any time; `onDrop` may decide otherwise for one client.
   */
  allowReconnection = 20;
  /**
   * What becomes of what a client controls while it has no link. `keep`: it goes on, with nothing held or pressed. `freeze`: it does not step. `ai`: its input
   * comes from `botInput`.
   */
  whileDropped: 'keep' | 'freeze' | 'ai' = 'keep';
  /** How near an entity must be to be seen. Default: everything is seen. Set it in a field or in onCreate. */
  interest: GridInterest | undefined;
  /**
   * Bytes a second that each client may be sent in snapshots, 93 bytes of headers a packet counted; no second has more. What does not fit waits, the
   * most urgent first. At least 5,000. May be changed at any time.
   */
  budgetBytes: number = limits.budgetBytes;
  /**
   * How far `rewind` goes back at most, in milliseconds. Default 500: 150 ms of round trip, 100 ms that a view is behind on a good path, and 250 ms for jitter
   * and loss, for which both clocks of a client wait (at 100 ms of round trip, 20 ms of jitter and 5 % loss all is 400 ms). With more, whoever is shot at has been behind a wall for longer. At most what the history holds: 62 ticks. 0 for a room
   * that never rewinds, from the start: it saves noting what each client acknowledges. Anything else may be changed at any time.
   */
  maxRewindMs = 500;

  /**
   * Decides on a join request before anything is made for it. What it returns is the client's `auth`; returning false or throwing refuses with
   * `unauthorized`. May be async.
   */
  static onAuth(_options: JoinOptions, _context: AuthContext): unknown {
    return true;
  }

  /** The room begins. `options` are those of the client that asked for it. */
  onCreate(_options: JoinOptions): void {}
  /** A client is here: its link is open. */
  onJoin(_client: Client<G, Auth>, _options: JoinOptions): void {}
  /** A tick: after the steps of all entities, before it is recorded and sent. */
  onTick(): void {}
  /** A timer that `after` set is due. */
  onTimer(_name: string, _data: Plain): void {}
  /**
   * Whether a client may know of an entity: for what `visible` of its type and `interest` cannot say. Asked in each snapshot for what these let through;
   * what it hides is never sent, and leaving or entering its sight is a despawn or spawn for that client. What a client controls, and what everyone
   * predicts, is always visible. Default: everything.
   */
  visible(_client: Client<G, Auth>, _entity: AnyEntity<G['entities']>): boolean {
    return true;
  }
  /**
   * How urgent an entity is to a client, from 1/64 to 64: at 2, it is sent twice as often as at 1. Asked only while not everything that is due fits, and
   * only for what is due. It multiplies the `priority` of the entity's type and, with `interest`, its nearness (1 at the viewer, a quarter at the radius).
   * Default: 1.
   */
  priority(_entity: AnyEntity<G['entities']>, _client: Client<G, Auth>): number {
    return 1;
  }
  /**
   * A client has lost its link, with nobody's intent: it may come back. It is still in `clients`, as `client.isConnected` false; events for it wait. Not called
   * where `allowReconnection` is 0. @returns the seconds for which this one is kept; without a number `allowReconnection`.
   */
  // biome-ignore lint/suspicious/noConfusingVoidType: most rooms return nothing
  onDrop(_client: Client<G>, _code: string): number | void {}
  /**
   * A client is back, after `onDrop` or in a room that was restored. @param _isNewPage its page was loaded anew, or it is another tab: what earlier events have told, it
   * does not know.
   */
  onReconnect(_client: Client<G>, _isNewPage: boolean): void {}
  /** The input of a client that has no link, for this tick, where `whileDropped` is `ai`. What it leaves out has its initial value. */
  botInput(_client: Client<G>): InputSample<G> | undefined {
    return undefined;
  }
  /** A client has gone. What it controlled is still in `client.entities`: despawn it here, or it stays in the world without a controller. */
  onLeave(_client: Client<G, Auth>, _code: string): void {}
  /**
   * The server will stop in so many seconds; it takes no new rooms and nobody new. Called once: tell the players, begin no new round, `close()` when the
   * match is over. Rooms that are still there at the end are saved, where the server has a `saveDir` and the room an `onSave` and an `onRestore`, or closed.
   */
  onDrain(_secondsLeft: number): void {}
  /** The room ends. */
  onDispose(): void {}
  /** The room's own fields as plain data. A room that has `onSave` and `onRestore` outlives its process, where the server has a `saveDir`. */
  onSave(): Plain {
    return null;
  }
  /** Takes back what `onSave` gave. `onCreate` has run before, with the same options; `onJoin` does not run again for those who were here. */
  onRestore(_data: Plain): void {}

  get game(): G {
    return this.#services.game;
  }

  get roomId(): string {
    return this.#services.roomId;
  }

  /**
   * Six letters and digits, made for saying aloud, by which `joinById` finds this room. No other room has it while this one lives. It is made when it is
   * asked for first; clients of an unlisted room get it as their `room.code`.
   */
  get code(): string {
    return this.#services.door.code;
  }

  /** Whether nobody new is let in: the room is full, or `lock` was called. */
  get isLocked(): boolean {
    return this.#services.door.isLocked || this.#services.seats >= this.maxClients;
  }

  /** Lets nobody new in, not by id either, until `unlock`: for a match that has begun. Those who are here, or have a seat, stay. */
  lock(): void {
    this.#services.door.isLocked = true;
  }

  unlock(): void {
    this.#services.door.isLocked = false;
  }

  /**
   * What the list of rooms shows of this one: any plain data, at most 1,024 bytes, everyone can read it. A copy: to change it, set it anew.
   * @throws RangeError when it is set to more.
   */
  get metadata(): Plain {
    return this.#services.door.metadata;
  }

  set metadata(value: Plain) {
    this.#services.door.metadata = value;
  }

  /** The entities of this room, and its `state`. */
  get world(): World<G> {
    return this.#services.world;
  }

  /** The tick being made. */
  get tick(): number {
    return this.world.tick;
  }

  /** Milliseconds of room time: the tick by the clock of the simulation. */
  get now(): number {
    return (this.tick * 1000) / this.game.tickHz;
  }

  /** Random numbers that are saved with the room. For steps use the step's own `random`. */
  get random(): Random {
    return this.#services.random;
  }

  /** What snapshots to all clients were spent on so far, those that have left included: in bytes, by entity type and reason. Made anew at each reading. */
  get traffic(): Traffic {
    return this.#services.traffic;
  }

  /** The clients that are here, in the order in which they joined. */
  get clients(): readonly Client<G, Auth>[] {
    return this.#services.clients() as readonly Client<G, Auth>[];
  }

  /** Calls `onTimer(name, data)` after so many ticks (at least 1). Saved with the room, so `data` must be plain. */
  after(ticks: number, name: string, data: Plain = null): void {
    this.#services.after(ticks, name, data);
  }

  /** Sends an event to every client, or to those that `audience` names. */
  emit<Name extends EventName<G>>(name: Name, fields: EventOf<G, Name>, audience: Audience<G> = {}): void {
    const { to, except } = audience;
    const chosen = to === undefined ? this.clients : 'length' in to ? to : [to];
    this.#services.emit(name, fields, except ? chosen.filter((client) => client !== except) : chosen);
  }

  /** Sets the handler of an event that clients send. An event without a handler is ignored and counted. */
  on<Name extends EventName<G>>(name: Name, handler: (client: Client<G, Auth>, fields: EventOf<G, Name>) => void): void {
    this.#services.on(name, handler as (client: Client<G>, fields: never) => void);
  }

  /**
   * Sets what answers a request that clients make with `room.ask`. The handler returns the answer, or a promise of it; `throw new Refused('not enough gold')`
   * refuses with a reason for the player to read. Anything else that it throws, also later in its promise, ends the room, as what an event handler throws
   * does: catch what may go wrong outside the game. After waiting, look whether the client is still among `clients`. A promise is not saved with the room: the
   * client's time runs out then. A request without a handler is refused with `ask-unhandled`.
   */
  onAsk<Name extends RequestName<G>>(
    name: Name,
    handler: (client: Client<G>, fields: RequestOf<G, Name>) => AnswerOf<G, Name> | Promise<AnswerOf<G, Name>>,
  ): void {
    this.#services.onAsk(name, handler as (client: Client<G>, fields: never) => object | Promise<object>);
  }

  /**
   * Lag compensation: runs `look` with the world as the client saw it when it made the input of this tick, and returns what it returns. Entities it did not
   * know then are missing; what it predicts (its own, and what everyone predicts) is in the present, as it saw that; the rest are copies where its page drew
   * them, to read and not to keep. For what flies rather than hits at once there are `past.ticks` and `past.advance()`.
   * @throws Error within another rewind, and for a client that has left.
   */
  rewind<T>(client: Client<G>, look: (past: Past<G>) => T): T {
    return this.#services.rewind(client, look);
  }

  /**
   * Gives an entity that no client controls its input: a bot that plays by the same steps as players. What it leaves out has its initial value. Levels hold from
   * the next steps on until it is driven anew, presses are those of one tick. It ends when a client is given control, and is not saved with the room. Best in
   * `onTick`, for the tick after it.
   * @throws Error for an entity that is gone or that a client controls; TypeError for a value that its field cannot hold.
   */
  drive(entity: { readonly id: EntityId }, sample: InputSample<G>): void {
    this.#services.drive(entity.id, sample);
  }

  /** Ends the room; its clients are told `room-closed`. */
  close(): void {
    this.#services.close();
  }

  get #services(): RoomServices<G> {
    const given = bound.get(this);
    if (!given) throw new Error('a Room is not usable in its constructor or in field initialisers: use onCreate');
    return given;
  }
}

/** Gives a room what it runs on. For the core only. */
export function bindRoom<G extends AnyGame>(room: Room<G>, given: RoomServices<G>): void {
  bound.set(room, given);
}

/** A room class: what `serve` and the lobby are given. */
export interface RoomClass<G extends AnyGame> {
  new (): Room<G>;
  onAuth(options: JoinOptions, context: AuthContext): unknown;
}
