// Runs a game's steps twice, tick by tick, and compares: what is not the same the second time will not be the same on a client either.
//
// Each tick is stepped once, recorded, and stepped again in a world of fresh objects that know nothing but what was recorded of the tick before. So it finds
// steps that roll dice of their own, look at a clock, keep something in a variable beside the schema, or go by what happened to be in memory.
// Invariant: reads no clock and rolls no die itself. Units: ticks.

import { Random } from '../random.ts';
import type { AnyGame, InputOf, InputSample } from '../schema/game.ts';
import { firstDifference, valueText } from './difference.ts';
import { type EntityId, slotOf } from './entity-id.ts';
import { History } from './history.ts';
import { SimulationContext, type StepHost, simulate } from './simulate.ts';
import { type Entity, type SpawnOrigin, World } from './world.ts';

export interface DeterminismOptions<G extends AnyGame> {
  /** Puts entities into the world: what the game begins with. */
  setup(world: World<G>, random: Random): void;
  /** What happens beside the steps, as in a room's `onTick`: after the steps of each tick. */
  onTick?(world: World<G>, random: Random): void;
  /** The input of an entity for a tick; what it leaves out has its initial value. Asked once for each entity and tick. Default: random ones. */
  input?(entity: { readonly id: number; readonly type: string }, tick: number, random: Random): InputSample<G>;
  /** Default 600. */
  ticks?: number;
  /** Seeds everything. Default 1. */
  seed?: number;
}

/** The first thing that was not the same when a tick was stepped again. */
export interface StepDifference {
  readonly tick: number;
  readonly type: string;
  readonly id: number;
  readonly field: string;
  /** What it was, and what it was the second time. */
  readonly first: unknown;
  readonly second: unknown;
  /** All of it in a sentence. */
  readonly message: string;
}

/**
 * Steps a game and re-steps each tick from what was recorded.
 * @returns what differed first, or undefined when nothing did. @throws whatever a step throws.
 */
export function checkDeterminism<G extends AnyGame>(game: G, options: DeterminismOptions<G>): StepDifference | undefined {
  const { ticks = 600, seed = 1 } = options;
  const random = new Random(seed);
  const inputs = new Inputs(game, options.input ?? randomInput(game), random.fork(1));
  const one = new Run(game, seed);
  const other = new Run(game, seed);
  options.setup(one.world, random.fork(2));
  one.record(0);
  const rules = random.fork(3);
  for (let tick = 1; tick <= ticks; tick++) {
    inputs.make(one.world as unknown as World<AnyGame>, tick);
    other.take(one, tick - 1);
    for (const run of [one, other]) run.step(tick, inputs);
    const difference = compare(one, other, tick);
    if (difference) return difference;
    options.onTick?.(one.world, rules);
    one.record(tick);
  }
  return undefined;
}

/** A world that steps. What its steps emit is not compared. */
class Run<G extends AnyGame> implements StepHost {
  world: World<G>;
  readonly history: History;
  readonly #seed: number;
  #context: SimulationContext;
  #engine: unknown;

  constructor(game: G, seed: number) {
    this.#seed = seed;
    this.history = new History(game);
    this.#engine = game.engine?.create();
    this.world = new World(game);
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, seed, this);
  }

  isExact(): boolean {
    return true;
  }

  spawn(type: string, values: object, origin: SpawnOrigin): Entity {
    return this.world.spawn(type as never, values, origin) as unknown as Entity;
  }

  despawn(id: EntityId): void {
    this.world.despawn(id);
  }

  emit(): void {}

  record(tick: number): void {
    const { world } = this;
    for (let slot = 0; slot < world.slotCount; slot++) {
      const entity = world.at(slot);
      if (entity) this.history.record(slot, world.versionAt(slot), world.typeAt(slot), entity, tick);
    }
  }

  /** Becomes what another run recorded of a tick: in objects of its own. */
  take(other: Run<G>, tick: number): void {
    const { world, history } = other;
    const { game } = world;
    this.world = new World(game);
    this.#context = new SimulationContext(this.world as unknown as World<AnyGame>, this.#seed, this);
    this.world.restoreTables(world.saveTables());
    for (let slot = 0; slot < world.slotCount; slot++) {
      const copy = this.world.at(slot);
      const at = history.rowAt(slot, world.versionAt(slot), tick);
      if (copy && at >= 0) game.types[world.typeAt(slot)]?.layout.load(history.rows(slot), at, copy);
    }
    this.#engine = game.engine?.restore(game.engine.save(other.#engine), this.#engine);
  }

  /** Steps, and rounds what came out of it. */
  step(tick: number, inputs: Inputs<G>): void {
    this.world.tick = tick;
    simulate(this.#context, tick, inputs.of, undefined, this.#engine);
    this.record(tick);
  }
}

/** The inputs of a tick, by entity. */
class Inputs<G extends AnyGame> {
  readonly #game: G;
  readonly #input: Required<DeterminismOptions<G>>['input'];
  readonly #random: Random;
  readonly #bySlot: InputOf<G>[] = [];
  readonly of = ({ id }: Entity): object => this.#bySlot[slotOf(id)] as object;

  constructor(game: G, input: Required<DeterminismOptions<G>>['input'], random: Random) {
    this.#game = game;
    this.#input = input;
    this.#random = random;
  }

  make(world: World<AnyGame>, tick: number): void {
    const { inputLayout } = this.#game;
    const row = new Int32Array(inputLayout.words);
    for (let slot = 1; slot < world.slotCount; slot++) {
      const entity = world.at(slot);
      if (!entity) continue;
      const values: Record<string, unknown> = {};
      inputLayout.initialise(values);
      inputLayout.store({ ...values, ...this.#input(entity, tick, this.#random) }, row, 0);
      inputLayout.load(row, 0, values);
      this.#bySlot[slot] = values as InputOf<G>;
    }
  }
}

/** Held for a while, as players do: whatever the words of an input can say. */
function randomInput<G extends AnyGame>(game: G): Required<DeterminismOptions<G>>['input'] {
  const held = new Map<number, InputSample<G>>();
  return (entity, _tick, random) => {
    const known = held.get(entity.id);
    if (known && !random.chance(0.1)) return known;
    const made: Record<string, unknown> = {};
    for (const { name, kind } of game.inputLayout.fields) {
      const initial = kind.initial();
      // Numbers are clamped to their range; anything else of an unknown form stays as it is.
      if (typeof initial === 'boolean') made[name] = random.chance(0.5);
      else if (typeof initial === 'number') made[name] = kind.text === 'press' ? random.int(3) : random.range(-2, 2);
      else if (isVector(initial)) made[name] = Object.fromEntries(Object.keys(initial).map((axis) => [axis, random.range(-1, 1)]));
    }
    held.set(entity.id, made as InputSample<G>);
    return made as InputSample<G>;
  };
}

function isVector(value: unknown): value is Readonly<Record<string, number>> {
  return typeof value === 'object' && value !== null && 'x' in value;
}

function compare<G extends AnyGame>(one: Run<G>, other: Run<G>, tick: number): StepDifference | undefined {
  const { world } = one;
  for (let slot = 0; slot < Math.max(world.slotCount, other.world.slotCount); slot++) {
    const entity = world.at(slot);
    const again = other.world.at(slot);
    if (entity?.id !== again?.id) return absence((entity ?? again) as Entity, tick, entity, again);
    if (!entity) continue;
    const { layout } = world.game.types[world.typeAt(slot)] as AnyGame['types'][number];
    const version = world.versionAt(slot);
    const found = firstDifference(
      layout,
      one.history.rows(slot),
      one.history.rowAt(slot, version, tick),
      other.history.rows(slot),
      other.history.rowAt(slot, version, tick),
    );
    if (!found) continue;
    const { field, first, second } = found;
    const message = `${entity.type}.${field} at tick ${tick}: ${valueText(first)}, and stepped again ${valueText(second)}`;
    return { tick, type: entity.type, id: entity.id, field, first, second, message };
  }
  return undefined;
}

/** An entity that one of two steps has spawned or despawned, and the other has not. */
function absence({ id, type }: Entity, tick: number, first: Entity | null, second: Entity | null): StepDifference {
  const word = (entity: Entity | null): string => (entity ? 'there' : 'gone');
  const message = `${type} ${id} at tick ${tick}: ${word(first)}, and stepped again ${word(second)}`;
  return { tick, type, id, field: 'id', first: first?.id, second: second?.id, message };
}
