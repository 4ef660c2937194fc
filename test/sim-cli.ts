// `npm run -s sim -- [--runs N] [--seed S] [--profile NAME]`: runs simulations by hand and prints what they did.
//
// Exit status 0 when every replica converged exactly, 1 when one did not. SIM_RUNS, SIM_SEED and SIM_PROFILE mean the same as the options.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { repeatCommand, simRuns } from './sim/profiles.ts';
import { runSim } from './sim/run-sim.ts';

const environment = { ...process.env };
const names: Readonly<Record<string, string>> = { '--runs': 'SIM_RUNS', '--seed': 'SIM_SEED', '--profile': 'SIM_PROFILE' };
for (let index = 2; index < process.argv.length; index += 2) {
  const name = names[process.argv[index] ?? ''];
  const value = process.argv[index + 1];
  if (name === undefined || value === undefined) {
    console.error('usage: npm run -s sim -- [--runs N] [--seed S] [--profile NAME]');
    process.exit(2);
  }
  environment[name] = value;
}

const runs = simRuns(environment);
const startedAt = performance.now();
let ticks = 0;
let states = 0;
let events = 0;
let divergences = 0;
let roundTrips = 0;
let largestSecondBytes = 0;
for (const run of runs) {
  // Promises of a run that are settled hold its whole system until the event loop turns: a gigabyte after a thousand runs.
  await nextTurn();
  const result = runSim(run.seed, run.profile);
  ticks += result.ticks;
  states += result.statesCompared;
  events += result.eventsDelivered;
  roundTrips = Math.max(roundTrips, result.roundTrips);
  largestSecondBytes = Math.max(largestSecondBytes, result.largestSecondBytes);
  if (result.faults.length === 0) continue;
  divergences++;
  console.log(`${repeatCommand(run)}\n  ${result.faults.slice(0, 10).join('\n  ')}`);
}
const seconds = (performance.now() - startedAt) / 1000;
console.log(`runs: ${runs.length}`);
console.log(
  `ticks simulated: ${ticks} (${Math.round(ticks / seconds)} a second, ${(ticks / 60 / seconds).toFixed(1)} times life, with 3 clients each)`,
);
console.log(`states compared: ${states}, reliable events delivered: ${events}`);
console.log(`round trips until exact: at most ${roundTrips}; bytes to one client in any second: at most ${largestSecondBytes}`);
console.log(`divergences: ${divergences}`);
process.exitCode = divergences === 0 ? 0 : 1;
