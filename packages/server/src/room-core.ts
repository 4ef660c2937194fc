// RoomCore: one room running. Owns the world, its history, the members and the tick; fed with time and links, it runs the game's Room and sends.
//
// A tick, in this order: inputs are taken, entities step, timers fire, the room's onTick runs, everything is rounded and recorded, snapshots and events
// are sent. Invariant: tick n happens n / tickHz seconds after the start, by absolute deadlines, so nothing drifts; after a stall at most
// `catchUpTicks` are made up for in one go and the rest are left out and counted. Code of the game that throws ends this room only.
// Units: milliseconds of the caller's clock; ticks.

import { type AnyGame, type CloseCode, type EntityId, type Link, limits, Random } from '@tickwire/shared';
import {
  eventTypeOf,
  History,
  type Plain,
  packPlain,
  SimulationContext,
  type SpawnOrigin,
  simulate,
  unpackAny,
  World,
} from '@tickwire/shared/internal';
import { checkBudget } from './budget.ts';
import type { Client, JoinOptions } from './client.ts';
import { Control } from './control.ts';
import type { Interest } from './interest.ts';
import { type Host, Member } from './member.ts';
import { Rewinder } from './rewinder.ts';
import { bindRoom, type Room, type RoomServices } from './room.ts';
import { interestOf } from './room-interest.ts';
import { restoreRows, type SavedRoom, saveRows, worldHash } from './save.ts';
import { SnapshotWriter } from './snapshot-writer.ts';
import { StepServices } from './step-services.ts';
import { Timers } from './timers.ts';
import { Traffic, totalOf } from './traffic.ts';
import { weightOf } from './weight.ts';

/** Ticks made at once after a stall. */
const catchUpTicks = 5;

export interface RoomOptions<G extends AnyGame> {
  game: G;
  room: Room<G>;
  roomId: string;
  /** Seeds `random` and the random numbers of steps. */
  seed: number;
  /** The game's code threw: the room is closing. */
  onError(error: unknown, where: string): void;
  /** The room is over and will do nothing any more. */
  onDisposed?(): void;
}

export class RoomCore<G extends AnyGame> {
  readonly game: G;
  readonly room: Room<G>;
  readonly roomId: string;
  readonly world: World<G>;
  readonly history: History;
  /** Seats taken: members that are here and those whose link has not opened yet. */
  readonly members: Map<string, Member<G>> = new Map();
  isClosed = false;
  /** Ticks left out because the process was late by more than `catchUpTicks`. */
  ticksSkipped = 0;
  /** Events from clients that nobody handles, or with wrong fields. */
  eventsIgnored = 0;
  readonly #options: RoomOptions<G>;
  #seed: number;
  #random: Random;
  readonly #timers = new Timers();
  readonly #handlers = new Map<number, (client: Client<G>, fields: never) => void>();
  #context: SimulationContext;
  readonly #writer: SnapshotWriter;
  readonly #rewinder: Rewinder<G>;
  readonly #memberOf = (client: Client<G>): Member<G> | undefined => this.members.get(client.sessionId);
  readonly #control: Control<G>;
  readonly #steps: StepServices<G>;
  /** What the game's `stepWorld` runs. */
  #engine: unknown;
  readonly #host: Host<G>;
  /** Made when the room has limits to what its clients see. */
  #interest: Interest<Member<G>> | undefined;
  /** Of clients that have left. */
  readonly #trafficBefore: Traffic;
  #clients: Client<G>[] = [];
  #startedAt: number;
  #phases = 0;
  #emptySinceTick = 0;
  #now: number;

  constructor(options: RoomOptions<G>, now: number) {
    this.#options = options;
    this.#seed = options.seed >>> 0;
    this.#now = now;
    this.game = options.game;
    this.room = options.room;
    this.roomId = options.roomId;
    this.world = new World(options.game);
    this.history = new History(options.game);
    this.#random = new Random(options.seed);
    this.#control = new Control(this.world as unknown as World<AnyGame>);
    this.#steps = new StepServices(this.world as unknown as World<AnyGame>, this.#control, (name, fields, origin, predicts) =>
      this.#emit(name, fields, this.members.values(), origin, predicts),
    );
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, this.#seed, this.#steps);
    this.#engine = options.game.engine?.create();
    this.#writer = new SnapshotWriter(this.world as unknown as World<AnyGame>, this.history);
    this.#rewinder = new Rewinder(this.world, this.history);
    this.#trafficBefore = new Traffic(options.game);
    this.#startedAt = now;
    this.#host = this.#makeHost();
    bindRoom(options.room, this.#makeServices());
    this.#record();
  }

  /** Runs the room's onCreate. @returns false when it threw; the room is closed then. */
  create(options: JoinOptions): boolean {
    this.#guard('onCreate', () => {
      const created: unknown = this.room.onCreate(options);
      checkBudget(this.room.budgetBytes);
      this.#interest = interestOf(this.room, this.world);
      return created;
    });
    return !this.isClosed;
  }

  /** Takes a seat; the client has `limits.handshakeMs` to open a link. @returns undefined when the room is full or over. */
  reserve(sessionId: string, token: string, auth: unknown, options: JoinOptions, now: number): Member<G> | undefined {
    if (this.isClosed || this.members.size >= this.room.maxClients) return undefined;
    const member = new Member(this.#host, sessionId, token, auth, options, now);
    this.members.set(sessionId, member);
    return member;
  }

  /** Gives the link of a seat to its member. @returns false when there is no such seat. */
  accept(sessionId: string, link: Link): boolean {
    const member = this.members.get(sessionId);
    member?.accept(link);
    return member !== undefined;
  }

  /** When the next tick is due. */
  get nextTickAt(): number {
    return this.#startedAt + ((this.world.tick + 1) * 1000) / this.game.tickHz;
  }

  /** Makes every tick that is due. @returns ticks made. */
  advance(now: number): number {
    this.#now = now;
    let made = 0;
    while (!this.isClosed && this.nextTickAt <= now) {
      if (made === catchUpTicks) {
        const late = Math.floor(((now - this.nextTickAt) * this.game.tickHz) / 1000) + 1;
        this.ticksSkipped += late;
        this.#startedAt += (late * 1000) / this.game.tickHz;
        break;
      }
      this.#tick(now);
      made++;
    }
    return made;
  }

  /** Ends the room. Everyone who is here leaves with this code, then onDispose runs. */
  close(code: CloseCode, now: number): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.#now = now;
    for (const member of [...this.members.values()]) {
      member.session.flush(this.world.tick, now);
      member.dismiss(code);
      member.abandon(code, now);
    }
    this.members.clear();
    this.#guard('onDispose', () => this.room.onDispose());
    this.#options.onDisposed?.();
  }

  /** A hash of everything that is simulated, the same at both ends of a save. */
  hash(): number {
    return worldHash(this.world as unknown as World<AnyGame>, this.history);
  }

  /** The room as bytes: world, tick, random numbers, timers, sessions with what they have not been sent, and the room's own `onSave`. */
  save(): Uint8Array {
    const members = [...this.members.values()].filter((member) => member.isHere);
    const saved: SavedRoom = {
      schemaHash: this.game.hash,
      seed: this.#seed,
      world: this.world.saveTables(),
      rows: saveRows(this.world as unknown as World<AnyGame>),
      random: [...this.#random.state()],
      timers: this.#timers.save(),
      members: members.map((member) => member.save()),
      engine: (this.game.engine?.save(this.#engine) ?? null) as Plain,
      own: this.room.onSave(),
    };
    return packPlain(saved);
  }

  /**
   * Fills a new room from `save`. Its members are here without a link until they come back or time out.
   * @throws Error when the bytes are no save of this game.
   */
  restore(bytes: Uint8Array, now: number): void {
    const saved = unpackAny(bytes) as SavedRoom | undefined;
    if (!saved || saved.schemaHash !== this.game.hash) throw new Error('restore(): these bytes are no save of this version of the game');
    // What onCreate has spawned makes way for what was saved.
    for (let slot = this.world.slotCount - 1; slot > 0; slot--) this.world.remove(this.world.at(slot)?.id ?? (0 as EntityId));
    this.world.slotCount = 1;
    this.world.restoreTables(saved.world);
    restoreRows(this.world as unknown as World<AnyGame>, this.history, saved.rows);
    this.#seed = saved.seed;
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, saved.seed, this.#steps);
    this.#engine = this.game.engine?.restore(saved.engine, this.#engine);
    this.#emptySinceTick = this.world.tick;
    this.#random = Random.restore(Uint32Array.from(saved.random));
    this.#timers.restore(saved.timers);
    this.#startedAt = now - (this.world.tick * 1000) / this.game.tickHz;
    for (const one of saved.members) {
      const member = new Member(this.#host, one.sessionId, one.token, one.auth, one.options, now);
      this.members.set(one.sessionId, member);
      this.#enter(member);
      member.restore(one);
      for (const slot of one.controls) this.#control.restore(member, slot);
    }
    this.room.onRestore(saved.own);
  }

  /** No functions are made here: a tick that is like the others allocates nothing. */
  #tick(now: number): void {
    const tick = ++this.world.tick;
    let where = 'a step';
    for (const member of this.members.values()) {
      if (!member.isHere) continue;
      member.events.renew();
      member.events.handle(member, this.#host, now);
      member.inputs.take(tick);
    }
    if (this.isClosed) return;
    try {
      simulate(this.#context, tick, this.#control.inputOf, undefined, this.#engine);
      for (let timer = this.#timers.takeDue(tick); timer && !this.isClosed; timer = this.#timers.takeDue(tick)) {
        where = `onTimer('${timer.name}')`;
        this.#watch(this.room.onTimer(timer.name, timer.data), where);
      }
      if (this.isClosed) return;
      where = 'onTick';
      this.#watch(this.room.onTick(), where);
      if (this.isClosed) return;
      where = 'the recording of the tick';
      this.#record();
      where = 'the snapshots of the tick';
      this.#send(now);
    } catch (error) {
      this.#failed(error, where);
    }
    this.#closeIfEmpty(now);
  }

  /** Rounds and records every entity, and ends the control of what is gone. */
  #record(): void {
    const { world } = this;
    for (let slot = 0; slot < world.slotCount; slot++) {
      const entity = world.at(slot);
      if (entity) this.history.record(slot, world.versionAt(slot), world.typeAt(slot), entity, world.tick);
      this.#control.sweep(slot);
    }
  }

  #send(now: number): void {
    const { tickHz, snapshotHz } = this.game;
    const every = tickHz / snapshotHz;
    for (const member of this.members.values()) {
      if (!member.isHere) {
        if (now - member.session.heardAt <= limits.handshakeMs) continue;
        this.members.delete(member.session.sessionId);
        member.abandon('never-opened', now);
        continue;
      }
      if ((this.world.tick + member.phase) % every === 0) {
        member.visible = this.#interest?.slotsFor(member);
        member.sendSnapshot(this.#writer, 1000 / snapshotHz, now);
      }
      member.flush(now);
    }
  }

  #closeIfEmpty(now: number): void {
    if (this.members.size > 0 || !this.room.autoDispose) this.#emptySinceTick = this.world.tick;
    else if (this.world.tick - this.#emptySinceTick > this.game.tickHz) this.close('room-closed', now);
  }

  #enter(member: Member<G>): void {
    member.phase = this.#phases++ % (this.game.tickHz / this.game.snapshotHz);
    this.#clients = [...this.#clients, member.client];
  }

  #makeHost(): Host<G> {
    const room = this;
    return {
      game: this.game,
      get seed() {
        return room.#seed;
      },
      get tick() {
        return room.world.tick;
      },
      get budgetBytes() {
        return room.room.budgetBytes;
      },
      get rewinds() {
        return room.room.maxRewindMs > 0;
      },
      weigh: (member, slot) => weightOf(this.room, member.client, member.controls, slot),
      ticksAt: (now) => ((now - this.#startedAt) * this.game.tickHz) / 1000,
      entityAlive: (id) => this.world.entityOf(id) !== undefined,
      entityAt: (slot) => this.world.at(slot),
      controlTaken: (member, id) => this.#control.take(member, id),
      controlFreed: (slot) => this.#control.free(slot),
      joined: (member) => {
        this.#enter(member);
        this.#guard('onJoin', () => this.room.onJoin(member.client, member.client.options));
      },
      event: (member, event) => this.#receiveEvent(member, event),
      emitTo: (member, name, fields) => this.#emit(name, fields, [member]),
      left: (member, code, now) => this.#left(member, code, now),
    };
  }

  #makeServices(): RoomServices<G> {
    const room = this;
    return {
      game: this.game,
      roomId: this.roomId,
      world: this.world,
      get random() {
        return room.#random;
      },
      get traffic() {
        return totalOf(room.game, room.#trafficBefore, room.members.values());
      },
      clients: () => this.#clients,
      after: (ticks, name, data) => this.#timers.add(this.world.tick + Math.max(1, Math.ceil(ticks)), name, data),
      emit: (name, fields, to) => this.#emit(name, fields, to.map(this.#memberOf)),
      on: (name, handler) => this.#handlers.set(eventTypeOf(this.game, name).number, handler),
      rewind: (client, look) => this.#rewinder.rewind(this.#memberOf(client), this.room.maxRewindMs, look),
      close: () => this.close('room-closed', this.#now),
    };
  }

  #receiveEvent(member: Member<G>, event: unknown[]): void {
    const type = this.game.eventTypes[event[0] as number];
    const handler = type && this.#handlers.get(type.number);
    const fields = handler && type.layout.unpack(event, 1);
    if (!fields) {
      this.eventsIgnored++;
      return;
    }
    this.#guard(`on('${type.name}')`, () => handler(member.client, fields as never));
  }

  /** @param origin when a step has made it, and @param predicts who runs that step as well. */
  #emit(name: string, fields: object, to: Iterable<Member<G> | undefined>, origin?: SpawnOrigin, predicts?: (member: Member<G>) => boolean): void {
    const type = eventTypeOf(this.game, name);
    const packed = type.expiresMs === undefined ? [type.number, ...type.layout.packRounded(fields)] : undefined;
    const lifeTicks = Math.max(1, Math.round(((type.expiresMs ?? 0) * this.game.tickHz) / 1000));
    for (const member of to) {
      if (!member?.isHere) continue;
      const known = origin && predicts?.(member) ? origin : undefined;
      if (packed) member.session.outbox.add(known ? [...packed, known.key, known.tick, known.number] : packed, this.world.tick);
      else member.effects.add(type, fields, this.world.tick, this.world.tick + lifeTicks, known);
      if (packed && known) member.effects.mark(type, known);
    }
  }

  #left(member: Member<G>, code: CloseCode, now: number): void {
    this.#now = now;
    this.members.delete(member.session.sessionId);
    this.#trafficBefore.add(member.traffic);
    this.#clients = this.#clients.filter((client) => client !== member.client);
    this.#guard('onLeave', () => this.room.onLeave(member.client, code));
    for (const slot of [...member.controls]) this.#control.free(slot);
  }

  #guard(where: string, run: () => unknown): void {
    try {
      this.#watch(run(), where);
    } catch (error) {
      this.#failed(error, where);
    }
  }

  /** Nobody awaits the room's code: what an async method of it throws later ends the room as any other error does, instead of being nobody's. */
  #watch(result: unknown, where: string): void {
    if (result instanceof Promise) result.catch((error: unknown) => this.#failed(error, where));
  }

  #failed(error: unknown, where: string): void {
    this.#options.onError(error, where);
    this.close('room-error', this.#now);
  }
}
