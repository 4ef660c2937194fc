// RoomCore: one room running. Owns the world, its history, the members and the tick; fed with time and links, it runs the game's Room and sends.
//
// A tick, in this order: inputs are taken, entities step, timers fire, the room's onTick runs, everything is rounded and recorded, snapshots and events
// are sent. Invariant: tick n happens n / tickHz seconds after the start, by absolute deadlines, so nothing drifts; after a stall at most
// `catchUpTicks` are made up for in one go and the rest are left out and counted. Code of the game that throws ends this room only.
// Units: milliseconds of the caller's clock; ticks.

import { type AnyGame, type CloseCode, type EntityId, type Link, limits, Random } from '@tickwire/shared';
import { History, type Plain, packPlain, SimulationContext, simulate, unpackAny, World } from '@tickwire/shared/internal';
import { Absence } from './absence.ts';
import { Broadcast } from './broadcast.ts';
import { checkBudget } from './budget.ts';
import type { Client, JoinOptions } from './client.ts';
import { Control } from './control.ts';
import { Door } from './door.ts';
import { type Host, Member } from './member.ts';
import { Rewinder } from './rewinder.ts';
import { bindRoom, type Room, type RoomServices } from './room.ts';
import { RoomEvents } from './room-events.ts';
import type { RoomOptions } from './room-options.ts';
import { restoreRows, type SavedRoom, saveRows, worldHash } from './save.ts';
import { StepServices } from './step-services.ts';
import { Timers } from './timers.ts';
import { Traffic, totalOf } from './traffic.ts';
import { weightOf } from './weight.ts';

/** Ticks made at once after a stall. */
const catchUpTicks = 5;

export class RoomCore<G extends AnyGame> {
  readonly game: G;
  readonly room: Room<G>;
  readonly roomId: string;
  readonly world: World<G>;
  readonly history: History;
  /** How clients find it. */
  readonly door: Door;
  /** Seats taken: members that are here and those whose link has not opened yet. */
  readonly members: Map<string, Member<G>> = new Map();
  isClosed = false;
  /** Ticks left out because the process was late by more than `catchUpTicks`. */
  ticksSkipped = 0;
  readonly #options: RoomOptions<G>;
  #seed: number;
  #lives = 0;
  #random: Random;
  readonly #timers = new Timers();
  readonly #events: RoomEvents<G>;
  #context: SimulationContext;
  readonly #broadcast: Broadcast<G>;
  readonly #rewinder: Rewinder<G>;
  readonly #memberOf = (client: Client<G>): Member<G> | undefined => this.members.get(client.sessionId);
  readonly #control: Control<G>;
  readonly #steps: StepServices<G>;
  readonly #absence: Absence<G>;
  /** What the game's `stepWorld` runs. */
  #engine: unknown;
  readonly #host: Host<G>;
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
    this.door = new Door(options.codes);
    this.world = new World(options.game);
    this.history = new History(options.game);
    this.#random = new Random(options.seed);
    this.#events = new RoomEvents(this.game, {
      tick: () => this.world.tick,
      guard: (where, run) => this.#guard(where, run),
      failed: (error, where) => this.#failed(error, where),
    });
    this.#control = new Control(this.world as unknown as World<AnyGame>);
    this.#steps = new StepServices(this.world as unknown as World<AnyGame>, this.#control, (name, fields, origin, predicts) =>
      this.#events.emit(name, fields, this.members.values(), origin, predicts),
    );
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, this.#seed, this.#steps);
    this.#engine = options.game.engine?.create();
    this.#absence = new Absence(options.game, options.room, this.#control, (where, run) => this.#guard(where, run));
    this.#broadcast = new Broadcast(options.room, this.world, this.history, this.members);
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
      this.#broadcast.begin();
      return created;
    });
    return !this.isClosed;
  }

  /** Takes a seat; the client has `limits.handshakeMs` to open a link. @returns undefined when the room is locked, full or over. */
  reserve(sessionId: string, token: string, auth: unknown, options: JoinOptions, now: number): Member<G> | undefined {
    if (this.isClosed || this.room.isLocked) return undefined;
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

  /** Ends a session as its client would. */
  leave(sessionId: string, now: number): void {
    this.#now = now;
    const member = this.members.get(sessionId);
    if (member?.isHere) member.dismiss('left', now);
  }

  /** When the next tick is due. */
  get nextTickAt(): number {
    return this.#startedAt + ((this.world.tick + 1) * 1000) / this.game.tickHz;
  }

  /** Events from clients that nobody handles, or with wrong fields. */
  get eventsIgnored(): number {
    return this.#events.ignored;
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

  /** Runs code of the game; when it throws, the room ends. */
  run(where: string, code: () => void, now: number): void {
    this.#now = now;
    this.#guard(where, code);
  }

  /** A hash of everything that is simulated, the same at both ends of a save. */
  hash(): number {
    return worldHash(this.world as unknown as World<AnyGame>, this.history);
  }

  /** The room as bytes: world, tick, random numbers, timers, sessions with what they have not been sent, and the room's own `onSave`. */
  save(): Uint8Array {
    // First, for what it may do to the rest.
    const own = this.room.onSave();
    const members = [...this.members.values()].filter((member) => member.isHere);
    const saved: SavedRoom = {
      schemaHash: this.game.hash,
      seed: this.#seed,
      lives: this.#lives,
      world: this.world.saveTables(),
      rows: saveRows(this.world as unknown as World<AnyGame>),
      random: [...this.#random.state()],
      timers: this.#timers.save(),
      members: members.map((member) => member.save()),
      engine: (this.game.engine?.save(this.#engine) ?? null) as Plain,
      door: this.door.save(this.room),
      own,
    };
    return packPlain(saved);
  }

  /**
   * Fills a new room from `save`. Its members are here without a link until they come back, `allowReconnection` seconds or `limits.handshakeMs` at least.
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
    this.#lives = saved.lives + 1;
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, saved.seed, this.#steps);
    this.#engine = this.game.engine?.restore(saved.engine, this.#engine);
    this.#emptySinceTick = this.world.tick;
    this.#random = Random.restore(Uint32Array.from(saved.random));
    this.#timers.restore(saved.timers);
    this.#startedAt = now - (this.world.tick * 1000) / this.game.tickHz;
    for (const one of saved.members) {
      const member = new Member(this.#host, one.sessionId, '', one.auth, one.options, now);
      this.members.set(one.sessionId, member);
      this.#enter(member);
      member.restore(one, Math.max(this.room.allowReconnection, limits.handshakeMs / 1000));
      for (const slot of one.controls) this.#control.restore(member, slot);
    }
    this.door.restore(saved.door, this.room);
    this.room.onRestore(saved.own);
  }

  /** No functions are made here: a tick that is like the others allocates nothing. */
  #tick(now: number): void {
    const tick = ++this.world.tick;
    let where = 'a step';
    this.#absence.begin();
    try {
      for (const member of this.members.values()) {
        if (!member.isHere) continue;
        member.events.renew();
        member.events.handle(member, this.#host, now);
        member.inputs.take(tick);
        where = 'botInput';
        if (!member.isConnected) this.#absence.input(member);
      }
      if (this.isClosed) return;
      where = 'a step';
      simulate(this.#context, tick, this.#control.inputOf, this.#absence.stepping, this.#engine);
      this.#control.stepped();
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
      this.#broadcast.send(now);
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
      get lives() {
        return room.#lives;
      },
      get reconnectSeconds() {
        return Math.floor(Math.min(limits.reconnectSeconds, Math.max(0, room.room.allowReconnection)));
      },
      newToken: this.#options.newToken,
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
      event: (member, event) => this.#events.receive(member, event),
      emitTo: (member, name, fields) => this.#events.emit(name, fields, [member]),
      dropped: (member, code, now) => {
        this.#now = now;
        return this.#absence.dropped(member, code);
      },
      reconnected: (member, isNewPage, now) => {
        this.#now = now;
        this.#absence.reconnected(member, isNewPage);
      },
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
      get seats() {
        return room.members.size;
      },
      door: this.door,
      after: (ticks, name, data) => this.#timers.add(this.world.tick + Math.max(1, Math.ceil(ticks)), name, data),
      emit: (name, fields, to) => this.#events.emit(name, fields, to.map(this.#memberOf)),
      on: (name, handler) => this.#events.handle(name, handler),
      onAsk: (name, handler) => this.#events.asks.handle(name, handler),
      rewind: (client, look) => this.#rewinder.rewind(this.#memberOf(client), this.room.maxRewindMs, look),
      drive: (id, sample) => this.#control.drive(id, sample),
      close: () => this.close('room-closed', this.#now),
    };
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
