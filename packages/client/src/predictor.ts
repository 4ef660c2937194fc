// Prediction: this client's own entities, and those that everyone predicts, simulated to the present by the same steps as on the server.
//
// For each leading snapshot the predicted state of its tick is compared with the received one; where any word differs, the whole prediction group is put
// back to the received state and the ticks since then are run again with the inputs that were made (client-side prediction and server reconciliation,
// Y. Bernier 2001, "Latency compensating methods"). Invariant: with no input lost and a step that reads only its group, nothing ever differs.
// Units: ticks.

import type { AnyGame, EntityId } from '@tickwire/shared';
import { type Entity, form, History, SimulationContext, simulate, slotOf, versionOf, World } from '@tickwire/shared/internal';
import { DriftWatch } from './drift.ts';
import type { InputLog } from './input-log.ts';
import type { ReceivedEntity } from './received.ts';
import type { ReceivedWorld } from './received-world.ts';

/** Ticks that one reconciliation may run again: half a history ring, about half a second at 60 Hz. What is left is for the steps that follow. */
const replayTicksMax = 32;

export class Predictor<G extends AnyGame> {
  /** Every entity at the newest tick that this client knows: predicted ones in the present, others as last received. */
  readonly world: World<G>;
  readonly history: History;
  /** Tick to which everything is predicted. -1 before the first snapshot. */
  tick = -1;
  /** Reconciliations that found a difference, and the ticks run again for them. */
  corrections = 0;
  replayedTicks = 0;
  readonly drift: DriftWatch;
  readonly #received: ReceivedWorld;
  readonly #inputs: InputLog<G>;
  readonly #context: SimulationContext;
  readonly #group: ReceivedEntity[] = [];
  /** By slot: the id of the entity there if it is predicted, and if it is this client's own; -1. */
  #predicted = new Int32Array(0);
  #owned = new Int32Array(0);
  readonly #idleInput: object = {};
  /** Of the tick at hand. */
  #input: object = this.#idleInput;
  readonly #inputOf = ({ id }: Entity): object => (this.#owned[slotOf(id)] === id ? this.#input : this.#idleInput);
  readonly #isChosen = ({ id }: Entity): boolean => this.isPredicted(id);
  #reconciledTick = -1;
  /** The newest tick that was ever predicted: up to here, steps run again. */
  #furthest = -1;
  #changesSeen = -1;

  /** @param seed the room's, from the welcome: random numbers in steps are the same as on the server. */
  constructor(game: G, received: ReceivedWorld, inputs: InputLog<G>, seed: number) {
    this.world = new World(game);
    this.history = new History(game);
    this.drift = new DriftWatch(game.tickHz);
    this.#received = received;
    this.#inputs = inputs;
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, seed);
    game.inputLayout.initialise(this.#idleInput as Record<string, unknown>);
  }

  isPredicted(id: EntityId): boolean {
    return this.#predicted[slotOf(id)] === id;
  }

  /** Takes what has arrived since the last call. */
  reconcile(): void {
    if (this.#changesSeen === this.#received.changes) return;
    this.#changesSeen = this.#received.changes;
    this.#update();
    const { leadTick } = this.#received;
    if (leadTick <= this.#reconciledTick || leadTick < 0) return;
    if (this.tick < leadTick || !this.#matches(leadTick)) this.#replay(leadTick);
    this.#reconciledTick = leadTick;
  }

  /** Predicts one more tick: the one after `this.tick`. The input for it is in the log. */
  step(): void {
    if (this.tick < 0) return;
    this.#simulate(this.tick + 1, this.tick < this.#furthest);
  }

  /** Brings the world up to what has arrived: entities come, go, and change between predicted and received. */
  #update(): void {
    const { entities } = this.#received;
    let grouped = 0;
    if (this.#owned.length < entities.length) {
      this.#predicted = new Int32Array(entities.length * 2);
      this.#owned = new Int32Array(entities.length * 2);
    }
    this.#predicted.fill(-1);
    this.#owned.fill(-1);
    for (let slot = 0; slot < Math.max(entities.length, this.world.slotCount); slot++) {
      const received = entities[slot];
      const here = this.world.at(slot);
      if (!received) {
        if (here && slot > 0) this.world.remove(here.id);
        continue;
      }
      const isSame = here?.id === received.id && this.world.typeAt(slot) === received.type.number;
      const entity = isSame ? here : this.world.put(received.id, received.type.number);
      if (!isSame && here?.id === received.id) this.#begin(received, entity);
      if (received.form === form.owned) this.#owned[slot] = received.id;
      if (received.form !== form.seen && received.type.predict !== 'never') {
        this.#group[grouped++] = received;
        this.#predicted[slot] = received.id;
      } else {
        received.type.layout.load(received.rows, received.rowAt(received.count - 1), entity);
      }
    }
    // An array that is emptied loses its memory, and gets new one as it is filled.
    if (this.#group.length > grouped) this.#group.length = grouped;
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
      if (at < 0) continue;
      const slot = slotOf(received.id);
      const predictedAt = this.history.rowAt(slot, versionOf(received.id), tick);
      if (predictedAt < 0) return false;
      const rows = this.history.rows(slot);
      for (let word = 0; word < received.type.layout.words; word++) {
        if (rows[predictedAt + word] === received.rows[at + word]) continue;
        this.drift.found(received, at, this.history, tick, this.#reconciledTick);
        return false;
      }
    }
    return true;
  }

  #replay(from: number): void {
    const to = Math.max(this.tick, from);
    if (this.tick >= from) this.corrections++;
    for (const received of this.#group) {
      const entity = this.world.at(slotOf(received.id));
      const at = received.rowFor(from);
      const index = at >= 0 ? at : received.rowAt(Math.max(0, received.indexAt(from)));
      if (!entity) continue;
      received.type.layout.load(received.rows, index, entity);
      this.history.record(slotOf(received.id), versionOf(received.id), received.type.number, entity, from);
    }
    this.tick = from;
    if (to - from > replayTicksMax) return;
    while (this.tick < to) this.#simulate(this.tick + 1, true);
  }

  #simulate(tick: number, isReplay: boolean): void {
    this.world.tick = tick;
    this.#context.isReplay = isReplay;
    if (isReplay) this.replayedTicks++;
    this.#furthest = Math.max(this.#furthest, tick);
    this.#input = this.#inputs.at(tick);
    simulate(this.#context, tick, this.#inputOf, this.#isChosen);
    for (const { id, type } of this.#group) {
      const entity = this.world.at(slotOf(id));
      if (entity) this.history.record(slotOf(id), versionOf(id), type.number, entity, tick);
    }
    this.tick = tick;
  }
}
