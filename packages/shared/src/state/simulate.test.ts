import { describe, expect, it } from 'vitest';
import { f } from '../schema/fields.ts';
import { type AnyGame, defineGame, entity, type StepContext } from '../schema/game.ts';
import { type EntityId, slotOf } from './entity-id.ts';
import { SimulationContext, simulate } from './simulate.ts';
import { type Entity, type SpawnOrigin, World } from './world.ts';

/** What the steps below did, in order. */
const log: string[] = [];
const emitted: unknown[] = [];

const game = defineGame({
  name: 'simulate',
  tickHz: 50,
  snapshotHz: 10,
  entities: {
    roller: entity({ sum: f.uint(2 ** 31 - 1), draws: f.uint(9) }, { predict: 'owner' }),
    rock: entity({}),
    walker: entity({ sum: f.uint(2 ** 31 - 1), draws: f.uint(9) }, { predict: 'everyone' }),
  },
  input: { push: f.uint(9) },
  steps: {
    roller(roller, input, context) {
      note('roller', roller.id, context, input.push);
      for (let draw = 0; draw < roller.draws; draw++) roller.sum = context.random.int(2 ** 31);
    },
    walker(walker, _input, context) {
      note('walker', walker.id, context);
      for (let draw = 0; draw < walker.draws; draw++) walker.sum = context.random.int(2 ** 31);
    },
  },
});

function note(type: string, id: EntityId, { tick, dt, isReplay }: Pick<StepContext, 'tick' | 'dt' | 'isReplay'>, push = 0): void {
  log.push(`${type} ${slotOf(id)} tick ${tick} dt ${dt}${isReplay ? ' again' : ''} push ${push}`);
}

function contextOf(world: World<typeof game>, seed = 99): SimulationContext {
  const host = {
    isExact: () => true,
    spawn: (type: string, values: object, origin: SpawnOrigin) => world.spawn(type as 'roller', values, origin) as unknown as Entity,
    despawn: (id: EntityId) => void world.remove(id),
    emit: (event: string, fields: object, origin: SpawnOrigin) => void emitted.push([event, fields, origin]),
  };
  return new SimulationContext(world as unknown as World<AnyGame>, seed, host);
}

const idle = (): object => ({ push: 0 });

describe('simulate', () => {
  it('[SI1] entities step in the order of their slots, whatever their type; those without a step do not', () => {
    const world = new World(game);
    for (const type of ['walker', 'rock', 'roller', 'walker', 'roller'] as const) world.spawn(type);
    world.despawn(world.all('walker')[1] as { id: EntityId });
    log.length = 0;
    simulate(contextOf(world), 7, idle);
    expect(log).toEqual(['walker 1 tick 7 dt 0.02 push 0', 'roller 3 tick 7 dt 0.02 push 0', 'roller 5 tick 7 dt 0.02 push 0']);
  });

  it('[SI2] each entity gets its own input, and only those that are chosen step', () => {
    const world = new World(game);
    const ids = (['roller', 'walker', 'roller'] as const).map((type) => world.spawn(type).id);
    log.length = 0;
    const context = contextOf(world);
    context.isReplay = true;
    simulate(
      context,
      8,
      ({ id }) => ({ push: slotOf(id) + 4 }),
      ({ id }) => id !== ids[0],
    );
    expect(log).toEqual(['walker 2 tick 8 dt 0.02 again push 0', 'roller 3 tick 8 dt 0.02 again push 7']);
  });

  it('[SI3] a step draws the same numbers on both ends and in every replay, whoever else steps and draws', () => {
    const server = new World(game);
    for (let count = 0; count < 6; count++) server.spawn(count % 2 === 0 ? 'roller' : 'walker', { draws: count });
    const onServer = contextOf(server);
    const sums: number[] = [];
    for (let tick = 1; tick <= 20; tick++) {
      simulate(onServer, tick, idle);
      sums.push(server.all('roller')[2]?.sum as number);
    }
    expect(new Set(sums).size).toBe(20);

    // A client knows one of them alone, in a world that it filled from packets, and runs some ticks again.
    const client = new World(game);
    const own = server.all('roller')[2] as { id: EntityId };
    const here = client.put(own.id, 1) as Entity & { sum: number; draws: number };
    here.draws = 4;
    const onClient = contextOf(client);
    for (const tick of [1, 2, 3, 2, 3, 4, 20, 1, 5]) {
      onClient.isReplay = !onClient.isReplay;
      simulate(onClient, tick, idle, (entity) => entity.id === own.id);
      expect(here.sum).toBe(sums[tick - 1]);
    }
  });

  it('[SI4] other entities, ticks, uses of a slot and rooms draw other numbers', () => {
    const world = new World(game);
    const first = world.spawn('roller', { draws: 1 });
    const second = world.spawn('roller', { draws: 1 });
    const seen = new Set<number>();
    const sumsOf = (seed: number, tick: number): void => {
      simulate(contextOf(world, seed), tick, idle);
      for (const { sum } of world.all('roller')) seen.add(sum);
    };
    sumsOf(1, 1);
    sumsOf(1, 2);
    sumsOf(2, 1);
    world.despawn(first);
    world.despawn(second);
    world.tick = 100;
    world.spawn('roller', { draws: 1 });
    sumsOf(1, 1);
    expect(seen.size).toBe(7);
  });

  it('[SI5] drawing once more in a step changes nothing for the steps after it', () => {
    const sumsWith = (draws: number): number => {
      const world = new World(game);
      world.spawn('roller', { draws });
      const after = world.spawn('walker', { draws: 2 });
      simulate(contextOf(world), 3, idle);
      return after.sum;
    };
    expect(new Set([0, 1, 5].map(sumsWith)).size).toBe(1);
  });

  it('[SI1] what steps have spawned steps after all others, in the order of origins', () => {
    const world = new World(game);
    const made = world.spawn('walker', {}, { key: 9, tick: 1, number: 0 });
    world.spawn('roller');
    const earlier = world.spawn('walker', {}, { key: 2, tick: 1, number: 0 });
    log.length = 0;
    simulate(contextOf(world), 7, idle);
    expect(log.map((line) => line.split(' tick')[0])).toEqual(['roller 2', `walker ${slotOf(earlier.id)}`, `walker ${slotOf(made.id)}`]);
  });

  it('[SI6] what a step spawns steps from the next tick on, wherever its slot is; what it despawns does not step any more', () => {
    const makers = defineGame({
      name: 'makers',
      tickHz: 50,
      snapshotHz: 10,
      entities: { maker: entity({}), made: entity({}), victim: entity({}) },
      steps: {
        maker(_maker, _input, { world: seen, spawn, despawn }) {
          for (const victim of seen.all('victim')) despawn(victim);
          spawn('made');
          spawn('made');
        },
        made: () => void log.push('made'),
        victim: () => void log.push('victim'),
      },
    });
    const world = new World(makers);
    // A hole before the maker: one of the two spawns takes it, the other one stands behind.
    const hole = world.spawn('made');
    world.spawn('maker');
    world.spawn('victim');
    world.despawn(hole);
    const context = new SimulationContext(world as unknown as World<AnyGame>, 1, {
      isExact: () => true,
      spawn: (type, values, origin) => world.spawn(type as 'made', values, origin) as unknown as Entity,
      despawn: (id) => void world.remove(id),
      emit: () => {},
    });
    log.length = 0;
    simulate(context, 1, idle);
    expect([log, world.all('made').map(({ id }) => slotOf(id))]).toEqual([[], [1, 3]]);
    simulate(context, 2, idle);
    expect(log).toEqual(['made', 'made']);
  });

  it('[SI7] origins and random numbers are the same whatever the ids are, of what a step has spawned as well', () => {
    const origin = { key: 3, tick: 5, number: 1 };
    const run = (spawn: (world: World<typeof game>) => { readonly id: EntityId; readonly sum: number }): unknown => {
      const world = new World(game);
      const entity = spawn(world);
      const context = contextOf(world);
      simulate(context, 8, idle);
      emitted.length = 0;
      context.enter(9, entity as unknown as Entity);
      context.emit('one', {});
      context.emit('two', {});
      return [entity.sum, emitted.map((one) => (one as unknown[])[2])];
    };
    const here = run((world) => world.spawn('roller', { draws: 1 }, origin));
    const there = run((world) => {
      world.spawn('rock');
      return world.spawn('roller', { draws: 1 }, origin, (5 << 14) as EntityId);
    });
    const other = run((world) => world.spawn('roller', { draws: 1 }, { ...origin, number: 2 }));
    expect(here).toEqual(there);
    expect(here).not.toEqual(other);
    const [, events] = here as [number, { key: number; tick: number; number: number }[]];
    expect(events.map(({ tick, number }) => [tick, number])).toEqual([
      [9, 0],
      [9, 1],
    ]);
    expect(events.every(({ key }) => key >= 0x4000 && key < 0x10000)).toBe(true);
    // What no step has spawned is known by its slot.
    const [, plain] = run((world) => world.spawn('roller')) as [number, { key: number }[]];
    expect(plain[0]?.key).toBe(1);
  });
});
