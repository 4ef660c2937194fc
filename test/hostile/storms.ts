// How many spoilt packets the hostile suites send: so many from each seed, until one seed finds something.
//
// SIM_RUNS: how many seeds (default 50: 52,000 packets; 1000 are more than a million). SIM_SEED: only this one.
// Invariant: a seed is the same storm for ever.

import { setImmediate as nextTurn } from 'node:timers/promises';

export const packetsPerSeed = 1040;
export const stormSeeds: readonly number[] = seedsOf(process.env);
/** What a suite of so many seeds may take. */
export const stormTimeoutMs: number = 120_000 + stormSeeds.length * 3000;

/** Adds up what the storms of all seeds did. @throws the error of a storm, with the command that repeats it. */
export async function sumOfStorms<Sum extends Record<string, number>>(storm: (seed: number) => Sum): Promise<Sum> {
  const sums: Record<string, number> = {};
  for (const seed of stormSeeds) {
    try {
      for (const [name, count] of Object.entries(storm(seed))) sums[name] = (sums[name] ?? 0) + count;
    } catch (error) {
      const command = `SIM_SEED=${seed} npx vitest run --project sim test/hostile`;
      throw new Error(`${command}\n${error instanceof Error ? error.message : error}`, { cause: error });
    }
    // The test runner must hear from this process within a minute.
    await nextTurn();
  }
  return sums as Sum;
}

function seedsOf({ SIM_RUNS, SIM_SEED }: Readonly<Record<string, string | undefined>>): number[] {
  if (SIM_SEED !== undefined) return [Number(SIM_SEED)];
  return Array.from({ length: Number(SIM_RUNS ?? 50) }, (_, index) => index + 1);
}
