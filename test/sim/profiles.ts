// Which runs a simulation suite makes: seeds and network profiles, from two environment variables.
//
// SIM_RUNS: how many runs (default 216: 36 seeds over six profiles). SIM_SEED: only this seed, over every profile or over SIM_PROFILE.
// Invariant: run number n is the same run for ever: profile n modulo their number, seed n divided by it.

import type { NetworkProfileName } from '@tickwire/shared';

/** In CI: a clean network, a phone, bad Wi-Fi, heavy loss, heavy reordering, and everything at once. */
export const simProfiles = ['clean', '4g', 'badWifi', 'lossy20', 'reordering', 'everything'] as const satisfies readonly NetworkProfileName[];

export interface SimRun {
  readonly seed: number;
  readonly profile: NetworkProfileName;
}

/** The runs that the environment asks for. */
export function simRuns(environment: Readonly<Record<string, string | undefined>>, runs = 216): SimRun[] {
  const seed = environment['SIM_SEED'];
  const only = environment['SIM_PROFILE'] as NetworkProfileName | undefined;
  const profiles: readonly NetworkProfileName[] = only ? [only] : simProfiles;
  if (seed !== undefined) return profiles.map((profile) => ({ seed: Number(seed), profile }));
  const count = Number(environment['SIM_RUNS'] ?? runs);
  return Array.from({ length: count }, (_, index) => ({
    seed: 1 + Math.floor(index / profiles.length),
    profile: profiles[index % profiles.length] as NetworkProfileName,
  }));
}

/** The command that repeats one run alone. */
export function repeatCommand({ seed, profile }: SimRun): string {
  return `SIM_SEED=${seed} SIM_PROFILE=${profile} npm run -s sim`;
}
