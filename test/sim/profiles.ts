// Which runs a simulation suite makes: seeds and network profiles, from environment variables.
//
// SIM_RUNS: how many runs (default 300: 30 seeds over ten profiles). SIM_SEED: only this seed, over every profile or over SIM_PROFILE.
// Invariant: run number n is the same run for ever: profile n modulo their number, seed n divided by it.

import { type NetworkProfile, networkProfiles } from '@tickwire/shared';

/**
 * A clean network, a phone, bad Wi-Fi, heavy loss, heavy reordering, doubled packets, a phone that nothing reaches (or that reaches nothing) for a second
 * or two, 100 kbit/s, a round trip of 600 ms, and everything at once.
 */
export const simProfiles = ['clean', '4g', 'badWifi', 'lossy20', 'reordering', 'duplicates', 'blackout', 'slow', 'far', 'everything'] as const;
export type SimProfile = (typeof simProfiles)[number];

/** The network of a profile. A blackout is what the run does to it. */
export function networkOf(profile: SimProfile): NetworkProfile {
  return networkProfiles[profile === 'blackout' ? '4g' : profile];
}

/** The same path when nothing goes wrong on it any more: its length is left. */
export function healed({ delayMs }: NetworkProfile): NetworkProfile {
  return { delayMs };
}

export interface SimRun {
  readonly seed: number;
  readonly profile: SimProfile;
}

/** The runs that the environment asks for. */
export function simRuns(environment: Readonly<Record<string, string | undefined>>, runs = 300): SimRun[] {
  const seed = environment['SIM_SEED'];
  const only = environment['SIM_PROFILE'];
  const profiles = only === undefined ? simProfiles : simProfiles.filter((profile) => profile === only);
  if (profiles.length === 0) throw new RangeError(`SIM_PROFILE '${only}': one of ${simProfiles.join(', ')}`);
  if (seed !== undefined) return profiles.map((profile) => ({ seed: Number(seed), profile }));
  const count = Number(environment['SIM_RUNS'] ?? runs);
  return Array.from({ length: count }, (_, index) => ({
    seed: 1 + Math.floor(index / profiles.length),
    profile: profiles[index % profiles.length] as SimProfile,
  }));
}

/** The command that repeats one run alone. */
export function repeatCommand({ seed, profile }: SimRun): string {
  return `SIM_SEED=${seed} SIM_PROFILE=${profile} npm run -s sim`;
}
