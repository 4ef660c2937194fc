import { expect, test } from 'vitest';
import { f } from '../schema/fields.ts';
import { defineGame, entity } from '../schema/game.ts';
import { guardSteps } from './guard-steps.ts';
import { SimulationContext, simulate } from './simulate.ts';
import { World } from './world.ts';

let act: () => number = () => 0;

const game = defineGame({
  name: 'dicey',
  tickHz: 60,
  snapshotHz: 20,
  entities: { die: entity({ value: f.fixed(0, 9) }) },
  steps: {
    die(die) {
      die.value = act();
    },
  },
});

/** Globals of this test's own: those of the process are everybody's. */
class Clock {
  now(): number {
    return 7;
  }
}

function run(guarded: typeof game): number {
  const world = new World(guarded);
  const die = world.spawn('die');
  simulate(new SimulationContext(world as never, 1, {} as never), 1, () => ({}));
  return die.value;
}

test('[DT5] a step that calls Math.random, Date.now or performance.now is stopped, with a word about what to use instead', () => {
  const globals = { dice: { random: () => 0.5 }, clock: new Clock(), timer: new Clock() };
  const { random } = globals.dice;
  const guarded = guardSteps(game, globals);
  for (const [call, message] of [
    [() => globals.dice.random(), /Math\.random\(\) in the step of 'die': use context\.random/],
    [() => globals.clock.now(), /Date\.now\(\) in the step of 'die': use context\.tick/],
    [() => globals.timer.now(), /performance\.now\(\) in the step of 'die': use context\.tick/],
  ] as const) {
    act = call;
    expect(() => run(guarded)).toThrow(message);
    // And nothing is left of it.
    expect([globals.dice.random === random, globals.clock.now(), globals.timer.now(), Object.hasOwn(globals.timer, 'now')]).toEqual([
      true,
      7,
      7,
      false,
    ]);
    expect(run(game)).toBe(call());
  }
});

test('[DT5] guards the real ones too, and only while a step runs', () => {
  const { random } = Math;
  const { now } = Date;
  const time = performance.now;
  const guarded = guardSteps(game, { dice: Math, clock: Date, timer: performance });
  for (const call of [() => Math.random(), () => Date.now() * 0, () => performance.now() * 0]) {
    act = call;
    expect(() => run(guarded)).toThrow(/in the step of 'die'/);
  }
  act = () => 0.25;
  expect(run(guarded)).toBe(0.25);
  expect([Math.random === random, Date.now === now, performance.now === time]).toEqual([true, true, true]);
  expect(guarded.hash).toBe(game.hash);
});
