import { expect, test } from 'vitest';
import { f } from '../schema/fields.ts';
import { defineGame, entity } from '../schema/game.ts';
import { checkDeterminism, type DeterminismOptions } from './check-determinism.ts';

const fields = { pos: f.vec2(-100, 100), speed: f.fixed(-10, 10), mood: f.enumOf('calm', 'angry'), secret: f.uint(9) };
type Car = { pos: { x: number; y: number }; speed: number; mood: 'calm' | 'angry'; secret: number };

/** A game of cars that step like this. */
function gameOf(step: (car: Car, input: { turn: number; gas: boolean }, context: { tick: number; random: { next(): number } }) => void) {
  return defineGame({
    name: 'cars',
    tickHz: 60,
    snapshotHz: 20,
    entities: { tree: entity({ height: f.uint(9) }), car: entity(fields, { predict: 'owner' }) },
    input: { turn: f.fixed(-1, 1), gas: f.button(), horn: f.press() },
    steps: { car: step as never },
  });
}

const drive = (car: Car, input: { turn: number; gas: boolean }): void => {
  car.speed = Math.max(-10, Math.min(10, car.speed + (input.gas ? 0.01 : -0.01)));
  car.pos.x += car.speed / 60;
  car.pos.y += input.turn / 3;
};

const steer = (car: Car, input: { turn: number }): void => {
  car.speed = input.turn;
};

const dicey = (car: Car): void => {
  car.speed = Math.random();
};

const options = {
  setup(world: { spawn(type: 'car' | 'tree', values?: object): unknown }): void {
    world.spawn('tree');
    world.spawn('car');
    world.spawn('car', { pos: { x: 5, y: 5 } });
  },
  ticks: 200,
};

const check = (step: Parameters<typeof gameOf>[0], more: object = {}): ReturnType<typeof checkDeterminism> =>
  checkDeterminism(gameOf(step) as never, { ...options, ...more } as unknown as DeterminismOptions<never>);

test('[DT1] steps that read nothing but what is recorded, their input and their context are the same again, whatever the room does beside them', () => {
  expect(check(drive)).toBeUndefined();
  const rules = {
    onTick(
      world: { all(type: 'car'): readonly { pos: { x: number }; id: number }[]; spawn(type: 'car'): unknown; despawn(one: unknown): void },
      random: { chance(p: number): boolean },
    ) {
      for (const car of world.all('car')) {
        if (random.chance(0.1)) car.pos.x = 7.3;
        if (random.chance(0.02)) world.despawn(car);
      }
      if (random.chance(0.05)) world.spawn('car');
    },
  };
  expect(
    check((car, input, { random, tick }) => {
      drive(car, input);
      if (tick % 3 === 0) car.secret = Math.floor(random.next() * 9);
    }, rules),
  ).toBeUndefined();
});

test('[DT2] names the first field that differs: entity, field, tick and both values', () => {
  let calls = 0;
  const found = check((car, input, { tick }) => {
    drive(car, input);
    if (tick >= 12) car.pos.y = ++calls % 50;
  });
  expect(found).toMatchObject({ tick: 12, type: 'car', field: 'pos.y', first: 1, second: 3 });
  expect(found?.message).toBe('car.pos.y at tick 12: 1, and stepped again 3');
});

test('[DT2] finds dice of its own, a variable beside the schema, and what an entity has besides its fields', () => {
  expect(check(dicey)).toMatchObject({ field: 'speed', type: 'car' });
  const hidden = new WeakMap<object, number>();
  expect(
    check((car) => {
      hidden.set(car, (hidden.get(car) ?? 0) + 1);
      car.secret = Math.min(9, hidden.get(car) ?? 0);
    }),
  ).toMatchObject({ field: 'secret', tick: 2, first: 2, second: 1 });
  expect(
    check((car) => {
      const marked = car as Car & { heat?: number };
      marked.heat = (marked.heat ?? 0) + 1;
      if (marked.heat > 5) car.mood = 'angry';
    }),
  ).toMatchObject({ field: 'mood', first: 'angry', second: 'calm', message: "car.mood at tick 6: 'angry', and stepped again 'calm'" });
});

test('[DT3] inputs are random where none are given, within what the schema allows, and the same in both runs', () => {
  const seen = { turns: new Set<number>(), gas: new Set<boolean>() };
  expect(
    check((car, input) => {
      seen.turns.add(input.turn);
      seen.gas.add(input.gas);
      drive(car, input);
    }),
  ).toBeUndefined();
  expect(Math.max(...seen.turns)).toBeLessThanOrEqual(1);
  expect([seen.turns.size > 10, seen.gas.size]).toEqual([true, 2]);
  const given = check(steer, { input: (_car: unknown, tick: number) => ({ turn: tick / 1000 }) });
  expect(given).toBeUndefined();
});

test('[DT1] [DT2] steps that spawn and despawn are stepped again with the same ids; one that does so at its own will is found', () => {
  const cars = (gone: () => boolean) =>
    checkDeterminism(
      gameOf(((
        car: Car & { id: number },
        _input: object,
        context: { tick: number; spawn(type: string, values: object): unknown; despawn(one: unknown): void },
      ) => {
        if (context.tick % 7 === 0 && car.secret < 3) context.spawn('car', { secret: car.secret + 1 });
        if (gone()) context.despawn(car);
      }) as never) as never,
      { ...options, ticks: 40 } as unknown as DeterminismOptions<never>,
    );
  expect(cars(() => false)).toBeUndefined();
  let calls = 0;
  expect(cars(() => ++calls === 6)).toMatchObject({ tick: 2, field: 'id', type: 'car' });
});
