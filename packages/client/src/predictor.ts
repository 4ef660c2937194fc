// Prediction: this client's own entities, and those that everyone predicts, simulated to the present by the same steps as on the server.
//
// For each leading snapshot the predicted state of its tick is compared with the received one; where any word differs, the whole prediction group is put
// back to the received state and the ticks since then are run again with the inputs that were made (client-side prediction and server reconciliation,
// Y. Bernier 2001, "Latency compensating methods"). Invariant: with no input lost and a step that reads only its group, nothing ever differs.
// A frame runs at most `replayTicksPerFrame` ticks again; the frames after it go on. Units: ticks.

import { type AnyGame, type EntityId, limits } from '@tickwire/shared';
import {
  type Entity,
  eventTypeOf,
  form,
  History,
  isGuest,
  SimulationContext,
  type SpawnOrigin,
  type StepHost,
  simulate,
  slotOf,
  versionOf,
  World,
} from '@tickwire/shared/internal';
import { DriftWatch } from './drift.ts';
import { EngineSaves } from './engine-saves.ts';
import type { InputLog } from './input-log.ts';
import { PredictedSpawns } from './predicted-spawns.ts';
import type { ReceivedEntity } from './received.ts';
import type { ReceivedWorld } from './received-world.ts';
import type { RoomProbe } from './room-probe.ts';

/** An event that a step made, for the first time. */
export interface MadeEvent {
  readonly name: string;
  readonly fields: object;
  readonly origin: SpawnOrigin;
}

export class Predictor<G extends AnyGame> implements StepHost {
  /** Every entity at the newest tick that this client knows: predicted ones in the present, others as last received. */
  readonly world: World<G>;
  readonly history: History;
  readonly spawns: PredictedSpawns;
  /** Events of steps that ran for the first time since somebody emptied this list. */
  readonly events: MadeEvent[] = [];
  /** Tick to which everything is predicted. -1 before the first snapshot. */
  tick = -1;
  /** Reconciliations that found a difference, and the ticks run again for them. */
  corrections = 0;
  replayedTicks = 0;
  readonly drift: DriftWatch;
  /** Told of corrections. */
  probe: RoomProbe | undefined;
  readonly #received: ReceivedWorld;
  readonly #inputs: InputLog<G>;
  readonly #context: SimulationContext;
  readonly #engines: EngineSaves;
  readonly #group: ReceivedEntity[] = [];
  /** By slot: the id of the entity there if it is predicted, and if it is this client's own; -1. */
  #predicted = new Int32Array(0);
  #owned = new Int32Array(0);
  /** What a step has despawned though the server has it still, and in which tick. */
  readonly #goneTicks = new Map<EntityId, number>();
  readonly #arrived: ReceivedEntity[] = [];
  readonly #idleInput: object = {};
  /** Of the tick at hand. */
  #input: object = this.#idleInput;
  readonly #inputOf = ({ id }: Entity): object => (this.#isOwned(id) ? this.#input : this.#idleInput);
  readonly #isChosen = ({ id }: Entity): boolean => this.isPredicted(id);
  #reconciledTick = -1;
  /** The newest tick that was ever predicted: up to here, steps run again. */
  #furthest = -1;
  #changesSeen = -1;
  /** What the frame at hand may still run. */
  #replaysLeft = 0;
  #stepsLeft = 0;

  /** @param seed the room's, from the welcome: random numbers in steps are the same as on the server. */
  constructor(game: G, received: ReceivedWorld, inputs: InputLog<G>, seed: number) {
    this.world = new World(game);
    this.history = new History(game, limits.predictedTicks);
    this.drift = new DriftWatch(game.tickHz);
    const world = this.world as unknown as World<AnyGame>;
    this.spawns = new PredictedSpawns(world);
    this.#engines = new EngineSaves(game);
    this.#received = received;
    this.#inputs = inputs;
    this.#context = new SimulationContext(world, seed, this);
    game.inputLayout.initialise(this.#idleInput as Record<string, unknown>);
  }

  isPredicted(id: EntityId): boolean {
    return isGuest(id) ? this.spawns.has(id) : this.#predicted[slotOf(id)] === id;
  }

  /** Whether a step has despawned it ahead of the server. */
  isGone(id: EntityId): boolean {
    return this.#goneTicks.size > 0 && this.#goneTicks.has(id);
  }

  /** Takes what has arrived since the last frame. @param replayTicksPerFrame how many ticks the frame may run again. */
  reconcile(replayTicksPerFrame: number): void {
    this.#replaysLeft = replayTicksPerFrame;
    this.#stepsLeft = stepsPerFrame;
    if (this.#changesSeen === this.#received.changes) return;
    this.#changesSeen = this.#received.changes;
    this.#update();
    const { leadTick } = this.#received;
    if (leadTick > this.#reconciledTick && leadTick >= 0) {
      if (this.tick < leadTick || !this.#matches(leadTick)) this.#goBack(leadTick);
      else this.spawns.settle(leadTick, noneArrived);
      this.#reconciledTick = leadTick;
    }
    if (this.#arrived.length > 0) this.#arrived.length = 0;
  }

  /** Predicts on to a tick whose input is in the log, or as far as this frame may. */
  advance(to: number): void {
    while (this.tick >= 0 && this.tick < to) {
      const isReplay = this.tick < this.#furthest;
      if (isReplay ? this.#replaysLeft-- <= 0 : this.#stepsLeft-- <= 0) return;
      this.#simulate(this.tick + 1, isReplay);
    }
  }

  isExact(id: EntityId): boolean {
    return this.isPredicted(id);
  }

  spawn(type: string, values: object, origin: SpawnOrigin, by: Entity): Entity {
    const { predict } = this.world.game.entities[type] ?? {};
    const isOwned = predict === 'owner' && this.#isOwned(by.id);
    return isOwned || predict === 'everyone' ? this.spawns.spawn(type, values, origin, isOwned) : this.spawns.draft(type, values, origin);
  }

  despawn(id: EntityId): void {
    if (this.spawns.despawn(id, this.#context.tick) || !this.isPredicted(id) || !this.world.remove(id)) return;
    this.#goneTicks.set(id, this.#context.tick);
  }

  emit(name: string, fields: object, origin: SpawnOrigin): void {
    if (!this.#context.isReplay) this.events.push({ name, fields: this.#ownCopy(name, fields), origin });
  }

  #isOwned(id: EntityId): boolean {
    return isGuest(id) ? this.spawns.isOwned(id) : this.#owned[slotOf(id)] === id;
  }

  /** Brings the world up to what has arrived: entities come, go, and change between predicted and received. */
  #update(): void {
    const { entities, leadTick } = this.#received;
    let grouped = 0;
    if (this.#owned.length < entities.length) {
      this.#predicted = new Int32Array(entities.length * 2);
      this.#owned = new Int32Array(entities.length * 2);
    }
    this.#predicted.fill(-1);
    this.#owned.fill(-1);
    if (this.#goneTicks.size > 0) this.#forgetGone();
    for (let slot = 0; slot < Math.max(entities.length, this.world.slotCount); slot++) {
      const received = entities[slot];
      const here = this.world.at(slot);
      if (!received) {
        if (here && slot > 0) this.world.remove(here.id);
        continue;
      }
      const isFine = received.form !== form.seen && received.type.predict !== 'never';
      // The group is whole in what leads: what is not in it and does not rest is not this client's to predict any more.
      const isInGroup = isFine && received.rowFor(leadTick) >= 0;
      if (isInGroup) {
        this.#group[grouped++] = received;
        this.#predicted[slot] = received.id;
        if (received.form === form.owned) this.#owned[slot] = received.id;
      }
      if (this.isGone(received.id)) continue;
      // Where it came from is known as soon as this client predicts it.
      const isKnown = !isInGroup || !received.origin || this.world.originOf(received.id) !== undefined;
      const isSame = here?.id === received.id && this.world.typeAt(slot) === received.type.number && isKnown;
      const entity = isSame ? here : this.#enter(received, here, isInGroup);
      if (entity && !isInGroup) received.type.layout.load(received.rows, received.rowAt(received.count - 1), entity);
    }
    // An array that is emptied loses its memory, and gets new one as it is filled.
    if (this.#group.length > grouped) this.#group.length = grouped;
  }

  /** What the server has ended as well, and what it shows as somebody else's. */
  #forgetGone(): void {
    for (const id of this.#goneTicks.keys()) {
      const received = this.#received.get(id);
      if (!received || received.form === form.seen) this.#goneTicks.delete(id);
    }
  }

  /** Puts an entity that is new into the world, unless it is here already as a guest. @returns undefined when a step has despawned that. */
  #enter(received: ReceivedEntity, here: Entity | null, isInGroup: boolean): Entity | undefined {
    const { id, type, origin } = received;
    const goneTick = isInGroup ? this.spawns.adopt(received, this.history) : undefined;
    if (goneTick !== undefined && goneTick !== Number.POSITIVE_INFINITY) {
      this.#goneTicks.set(id, goneTick);
      return undefined;
    }
    const adopted = goneTick === undefined ? undefined : this.world.entityOf(id);
    if (adopted) return adopted;
    const entity = this.world.put(id, type.number, origin);
    if (here?.id === id) this.#begin(received, entity);
    if (goneTick === undefined && isInGroup) this.#arrived.push(received);
    return entity;
  }

  /** Another type under the same id, as no honest server sends it: what was predicted of the one before is no state of this one. */
  #begin(received: ReceivedEntity, entity: Entity): void {
    received.type.layout.load(received.rows, received.rowAt(received.count - 1), entity);
    this.history.record(slotOf(received.id), versionOf(received.id), received.type.number, entity, Math.max(0, this.tick));
  }

  /** Whether the prediction of `tick` is what the server sent, word for word. */
  #matches(tick: number): boolean {
    for (const received of this.#group) {
      const at = received.rowFor(tick);
      const slot = slotOf(received.id);
      const predictedAt = this.history.rowAt(slot, versionOf(received.id), tick);
      if (predictedAt < 0 || (this.#goneTicks.get(received.id) ?? Number.POSITIVE_INFINITY) <= tick) return false;
      const rows = this.history.rows(slot);
      for (let word = 0; word < received.type.layout.words; word++) {
        if (rows[predictedAt + word] === received.rows[at + word]) continue;
        this.drift.found(received, at, this.history, tick, this.#reconciledTick);
        return false;
      }
    }
    return !this.spawns.isRefused(tick);
  }

  /** Puts the group back to what the server sent of a tick; from there on everything is run again. */
  #goBack(tick: number): void {
    if (this.tick >= tick) {
      this.corrections++;
      if (this.probe) for (const received of this.#group) this.probe.corrected(received, this.history, tick);
    }
    this.spawns.settle(tick, this.#arrived);
    this.spawns.rewind();
    for (const received of this.#group) {
      const { id, type, origin } = received;
      this.#goneTicks.delete(id);
      const entity = this.world.entityOf(id) ?? this.world.put(id, type.number, origin);
      type.layout.load(received.rows, received.rowFor(tick), entity);
      this.history.record(slotOf(id), versionOf(id), type.number, entity, tick);
    }
    this.#engines.goBack(tick);
    this.tick = tick;
  }

  #simulate(tick: number, isReplay: boolean): void {
    this.world.tick = tick;
    this.#context.isReplay = isReplay;
    if (isReplay) this.replayedTicks++;
    this.#furthest = Math.max(this.#furthest, tick);
    this.#input = this.#inputs.at(tick);
    simulate(this.#context, tick, this.#inputOf, this.#isChosen, this.#engines.engine);
    for (const { id, type } of this.#group) {
      const entity = this.world.entityOf(id);
      if (entity) this.history.record(slotOf(id), versionOf(id), type.number, entity, tick);
    }
    this.spawns.record(tick);
    this.#engines.record(tick);
    this.tick = tick;
  }

  /** The fields of an event as everyone else gets them, and the event's own. @throws TypeError for a wrong name or a wrong value. */
  #ownCopy(name: string, fields: object): object {
    const { layout } = eventTypeOf(this.world.game, name);
    const row = new Int32Array(layout.words);
    const copy = {};
    layout.store(fields, row, 0);
    layout.load(row, 0, copy);
    return copy;
  }
}

const noneArrived: readonly ReceivedEntity[] = [];

/** Ticks run for the first time in one frame at most, after a leap of the clock: a ring of history. */
const stepsPerFrame: number = limits.historyTicks;
