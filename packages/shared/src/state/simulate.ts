// One tick of simulation: the game's own steps, run the same way on the server and in a client's prediction.
//
// Invariant: entities step in the order of their slots, whatever their type, then those that steps have made, in the order of their origins: a client that
// does not know their slots yet steps them in the same order. A spawn in a step steps from the next tick on. A step that draws random numbers gets the
// same ones on both ends. Units: ticks; `dt` in seconds.

import { Random } from '../random.ts';
import type { AnyGame, StepContext } from '../schema/game.ts';
import { type EntityId, slotOf } from './entity-id.ts';
import { hashWord } from './hash.ts';
import type { Entity, SpawnOrigin, World } from './world.ts';

/** What one end does with what its steps ask for. `by` is the entity that steps; the room's state in `stepWorld`. */
export interface StepHost {
  isExact(id: EntityId): boolean;
  spawn(type: string, values: object, origin: SpawnOrigin, by: Entity): Entity;
  despawn(id: EntityId, by: Entity): void;
  emit(event: string, fields: object, origin: SpawnOrigin, by: Entity): void;
}

type AnyStepContext = Pick<StepContext, 'tick' | 'dt' | 'random' | 'world' | 'isReplay' | 'isExact' | 'despawn'>;

/** What a step is given. One object serves every step of a world. */
export class SimulationContext implements AnyStepContext {
  tick = 0;
  isReplay = false;
  readonly dt: number;
  readonly world: World<AnyGame>;
  readonly #host: StepHost;
  readonly #seed: number;
  readonly #random = new Random(0);
  #entity: Entity;
  /** The entity's own: a step may have despawned it by the time that it asks. */
  #origin: SpawnOrigin | undefined;
  #seeded = false;
  /** What the step at hand has spawned and emitted. */
  #spawns = 0;
  #events = 0;

  constructor(world: World<AnyGame>, seed: number, host: StepHost) {
    this.world = world;
    this.dt = 1 / world.game.tickHz;
    this.#seed = seed;
    this.#host = host;
    this.#entity = world.at(0) as Entity;
  }

  /** Seeded by the room, the tick and the entity, at its first use in a step: most steps never ask. */
  get random(): Random {
    if (!this.#seeded) {
      this.#random.reseed(hashWord(hashWord(this.#seed, this.tick), this.#origin ? nameOf(this.#origin) : this.#entity.id));
      this.#seeded = true;
    }
    return this.#random;
  }

  // Functions of their own, so that a step may take them out of the context: `(bullet, input, { dt, emit }) => ...`.
  readonly isExact = ({ id }: { readonly id: EntityId }): boolean => this.#host.isExact(id);

  readonly spawn = (type: string, values: object = {}): Entity => this.#host.spawn(type, values, this.#originOf(this.#spawns++), this.#entity);

  readonly despawn = (entity: EntityId | { readonly id: EntityId }): void =>
    this.#host.despawn(typeof entity === 'number' ? entity : entity.id, this.#entity);

  readonly emit = (event: string, fields: object): void => this.#host.emit(event, fields, this.#originOf(this.#events++), this.#entity);

  enter(tick: number, entity: Entity): void {
    this.tick = tick;
    this.#entity = entity;
    this.#origin = this.world.originOf(entity.id);
    this.#seeded = false;
    this.#spawns = 0;
    this.#events = 0;
  }

  #originOf(number: number): SpawnOrigin {
    const origin = this.#origin;
    return { key: origin ? madeKeys + ((nameOf(origin) >>> 0) % (0x10000 - madeKeys)) : slotOf(this.#entity.id), tick: this.tick, number };
  }
}

/**
 * Runs the step of every entity that has one and that `chosen` lets through, then `stepWorld`.
 * @param engine of this world, for `stepWorld`.
 */
export function simulate(
  context: SimulationContext,
  tick: number,
  inputOf: (entity: Entity) => object,
  chosen?: (entity: Entity) => boolean,
  engine?: unknown,
): void {
  const { world } = context;
  const steps = world.game.steps as Steps;
  const { spawned } = world;
  for (let slot = 1; slot < world.slotCount; slot++) {
    const entity = world.at(slot);
    if (!entity || (world.hasSpawned && world.originOf(entity.id)) || (chosen && !chosen(entity))) continue;
    run(context, tick, entity, steps, inputOf);
  }
  for (let index = 0; index < spawned.length; index++) {
    const entity = spawned[index] as Entity;
    const isBorn = world.originOf(entity.id)?.tick === tick;
    if (isBorn || world.entityOf(entity.id) !== entity || (chosen && !chosen(entity))) continue;
    run(context, tick, entity, steps, inputOf);
  }
  if (!world.game.stepWorld) return;
  context.enter(tick, world.at(0) as Entity);
  world.game.stepWorld(context as unknown as StepContext, engine as never);
}

type Steps = { readonly [type: string]: ((entity: Entity, input: object, context: SimulationContext) => void) | undefined };

function run(context: SimulationContext, tick: number, entity: Entity, steps: Steps, inputOf: (entity: Entity) => object): void {
  const step = steps[entity.type];
  if (!step) return;
  context.enter(tick, entity);
  step(entity, inputOf(entity), context);
}

/** Keys of what a step has made; below them are those of all other entities: their slots. */
const madeKeys = 0x4000;

/** A number for what a step has made, the same on both ends: ids are not. */
function nameOf({ key, tick, number }: SpawnOrigin): number {
  return hashWord(hashWord(hashWord(0, key), tick), number);
}
