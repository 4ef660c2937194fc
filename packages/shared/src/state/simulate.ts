// One tick of simulation: the game's own steps, run the same way on the server and in a client's prediction.
//
// Invariant: entities step in the order of their slots, whatever their type; a step that draws random numbers gets the same ones on both ends.
// Units: ticks; `dt` in seconds.

import { Random } from '../random.ts';
import type { AnyGame, StepContext } from '../schema/game.ts';
import { hashWord } from './hash.ts';
import type { Entity, World } from './world.ts';

/** What a step is given. One object serves every step of a world. */
export class SimulationContext implements StepContext {
  tick = 0;
  isReplay = false;
  readonly dt: number;
  readonly world: World<AnyGame>;
  readonly #seed: number;
  readonly #random = new Random(0);
  #entity = 0;
  #seeded = false;

  constructor(world: World<AnyGame>, seed: number) {
    this.world = world;
    this.dt = 1 / world.game.tickHz;
    this.#seed = seed;
  }

  /** Seeded by the room, the tick and the entity, at its first use in a step: most steps never ask. */
  get random(): Random {
    if (!this.#seeded) {
      this.#random.reseed(hashWord(hashWord(this.#seed, this.tick), this.#entity));
      this.#seeded = true;
    }
    return this.#random;
  }

  enter(tick: number, entity: Entity): void {
    this.tick = tick;
    this.#entity = entity.id;
    this.#seeded = false;
  }
}

/** Runs the step of every entity that has one and that `chosen` lets through. */
export function simulate(context: SimulationContext, tick: number, inputOf: (entity: Entity) => object, chosen?: (entity: Entity) => boolean): void {
  const { world } = context;
  const steps = world.game.steps as { [type: string]: ((entity: Entity, input: object, context: StepContext) => void) | undefined };
  for (let slot = 1; slot < world.slotCount; slot++) {
    const entity = world.at(slot);
    if (!entity) continue;
    const step = steps[entity.type];
    if (!step || (chosen && !chosen(entity))) continue;
    context.enter(tick, entity);
    step(entity, inputOf(entity), context);
  }
}
