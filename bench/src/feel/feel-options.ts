// The feel suite's options, from the command line to a plan.
//
// Invariant: what is wrong is said before anything starts, with the option's name. Units: seconds of virtual time.

import { type FeelProfileName, feelProfiles } from './feel-profiles.ts';

/** As the command line gives them. */
export interface FeelOptions {
  profile?: unknown;
  seconds?: unknown;
  seed?: unknown;
  runs?: unknown;
  quick?: boolean;
}

export interface FeelPlan {
  /** Of the first run; the others follow it. */
  readonly seed: number;
  /** Runs of each profile, whose figures are taken together. */
  readonly runs: number;
  readonly profiles: readonly FeelProfileName[];
  /** Measured time of each profile, for each of the players. */
  readonly seconds: number;
  /** Without the long waits. */
  readonly quick: boolean;
}

/** Four players for this long are ten minutes of movement, and three runs half an hour. */
const secondsDefault = 150;
const secondsQuick = 15;
const secondsMax = 3600;
const [runsDefault, runsMax] = [3, 100];

export const profileNames: readonly FeelProfileName[] = Object.keys(feelProfiles) as FeelProfileName[];

/** @throws RangeError that names the option. */
export function feelPlan(options: FeelOptions): FeelPlan {
  const quick = options.quick === true;
  const seed = whole('--seed', options.seed ?? 1, 0, 2 ** 31 - 1);
  const seconds = whole('--seconds', options.seconds ?? (quick ? secondsQuick : secondsDefault), 1, secondsMax);
  const profiles = options.profile === undefined ? profileNames : String(options.profile).split(',').map(profileNamed);
  const runs = whole('--runs', options.runs ?? (quick ? 1 : runsDefault), 1, runsMax);
  return { seed, runs, profiles, seconds, quick };
}

function profileNamed(text: string): FeelProfileName {
  const name = profileNames.find((known) => known === text);
  if (name) return name;
  throw new RangeError(`--profile: '${text}' is none of ${profileNames.join(', ')}`);
}

function whole(name: string, given: unknown, from: number, to: number): number {
  const value = Number(given);
  if (Number.isInteger(value) && value >= from && value <= to) return value;
  throw new RangeError(`${name}: '${given}' is not a whole number from ${from} to ${to}`);
}
