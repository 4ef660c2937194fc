// A guard for development: a step that rolls dice of its own or looks at a clock is stopped with a word about what to use instead.
//
// Both would be another number on the other end and in each replay, so that predictions never come true. Invariant: the globals are replaced while a step
// runs, and are what they were before when it returns or throws. The globals are given: a core has none.

import type { AnyGame } from '../schema/game.ts';

/** Where a platform has its dice and clocks: `{ dice: Math, clock: Date, timer: performance }`. */
export interface GuardedGlobals {
  readonly dice: { random(): number };
  readonly clock: { now(): number };
  readonly timer: { now(): number };
}

/** The same game, whose steps throw when they call `Math.random`, `Date.now` or `performance.now`. For development: each step costs a little more. */
export function guardSteps<G extends AnyGame>(game: G, globals: GuardedGlobals): G {
  const steps: Record<string, unknown> = {};
  for (const [name, step] of Object.entries(game.steps)) steps[name] = guarded(`the step of '${name}'`, step as AnyStep, globals);
  const stepWorld = game.stepWorld && guarded('stepWorld', game.stepWorld as AnyStep, globals);
  return { ...game, steps, stepWorld };
}

type AnyStep = (...args: unknown[]) => unknown;

function guarded(where: string, run: AnyStep, { dice, clock, timer }: GuardedGlobals): AnyStep {
  const noDice = refusal(where, 'Math.random()', 'context.random, which gives the same numbers on both ends and in every replay');
  const noClock = refusal(where, 'Date.now()', 'context.tick and context.dt: a step runs again for ticks that are long over');
  const noTimer = refusal(where, 'performance.now()', 'context.tick and context.dt: a step runs again for ticks that are long over');
  return (...args) => {
    const { random } = dice;
    const { now } = clock;
    const time = timer.now;
    dice.random = noDice;
    clock.now = noClock;
    timer.now = noTimer;
    try {
      return run(...args);
    } finally {
      dice.random = random;
      clock.now = now;
      // Its own again where it had one: mostly it is the prototype's.
      delete (timer as Partial<typeof timer>).now;
      if (timer.now !== time) timer.now = time;
    }
  };
}

function refusal(where: string, what: string, instead: string): () => number {
  return () => {
    throw new Error(`${what} in ${where}: use ${instead}`);
  };
}
