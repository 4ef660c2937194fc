// The soak's options, from the command line to a plan.
//
// Invariant: what is wrong is said before anything starts, with the option's name. Units: minutes, seconds.

/** Faults that a run can be given, to see that its gates find them: memory kept for each client, or a timer. */
export const leaks = ['none', 'heap', 'handles'] as const;
export type Leak = (typeof leaks)[number];

export interface SoakOptions {
  minutes?: unknown;
  clients?: unknown;
  seed?: unknown;
  plantLeak?: unknown;
}

export interface SoakPlan {
  /** Of churn, the warm-up included. */
  readonly seconds: number;
  /** Not judged: code is compiled and pools are filled. */
  readonly warmUpSeconds: number;
  readonly clients: number;
  readonly sampleSeconds: number;
  readonly seed: number;
  readonly leak: Leak;
}

/** @throws RangeError that names the option. */
export function soakPlan(options: SoakOptions): SoakPlan {
  const seconds = 60 * numberFrom('--minutes', options.minutes ?? 120, 0.5, 24 * 60);
  const leak = leaks.find((name) => name === String(options.plantLeak ?? 'none'));
  if (leak === undefined) throw new RangeError(`--plant-leak: '${options.plantLeak}' is none of ${leaks.join(', ')}`);
  return {
    seconds,
    warmUpSeconds: Math.min(900, seconds * 0.3),
    clients: Math.round(numberFrom('--clients', options.clients ?? 100, 1, 500)),
    sampleSeconds: Math.max(2, seconds / 200),
    seed: Math.round(numberFrom('--seed', options.seed ?? 1, 0, 2 ** 31 - 1)),
    leak,
  };
}

function numberFrom(name: string, given: unknown, least: number, most: number): number {
  const number = Number(given);
  if (String(given).trim() !== '' && number >= least && number <= most) return number;
  throw new RangeError(`${name}: '${given}' is not a number from ${least} to ${most}`);
}
