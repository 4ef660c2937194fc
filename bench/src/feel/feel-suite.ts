// The feel suite: human input through a server and its clients over named networks, next to what else there is, on the same states and the same fates.
//
// Everything runs on a virtual clock: the same command prints the same figures on any machine, but for CPU times. Invariant: nothing waits for real time.
// Units: those of the rows and gates.

import { watchEnvironment } from '../environment.ts';
import { type Gate, gateLines, type Report, rounded, tableLines } from '../report.ts';
import { type BallFigures, runBall } from './ball-run.ts';
import { ballGates, hiddenGates, profileGates, refreshGates, replayGates } from './feel-gates.ts';
import type { FeelPlan } from './feel-options.ts';
import { type FeelProfileName, feelProfiles } from './feel-profiles.ts';
import { type FeelRow, feelColumns } from './feel-row.ts';
import { type HiddenFigures, runHidden } from './hidden-run.ts';
import { handOf, profileRows } from './profile-rows.ts';
import { type Refresh, type RefreshFigures, runRefresh } from './refresh-run.ts';
import { measureReplay, type ReplayCost } from './replay-cpu.ts';
import { measureRewind, type RewindCost } from './rewind-cpu.ts';

export interface FeelReport extends Report {
  readonly suite: 'feel';
  readonly rows: readonly FeelRow[];
  /** Measured on the clean network, 100 ms there and back. */
  readonly refresh: readonly RefreshFigures[];
  readonly ball: BallFigures;
  readonly hidden: readonly (HiddenFigures & { readonly profile: FeelProfileName })[];
  /** Process time on this machine: no two runs have the same. */
  readonly replay: ReplayCost;
  readonly rewind: RewindCost;
}

const rates: readonly Refresh[] = [30, 60, 144, 'variable'];
const hiddenProfiles: readonly FeelProfileName[] = ['clean', 'lossy'];

export function runFeelSuite({ seed, runs, profiles, seconds, quick }: FeelPlan, tell: (progress: string) => void): FeelReport {
  const environment = watchEnvironment({ server: null, generators: null });
  const rows = profiles.flatMap((name) => {
    tell(`${name}: ${runs} times ${seconds} s with four players, and the same through others`);
    return profileRows(
      name,
      Array.from({ length: runs }, (_, run) => seed + run),
      seconds,
    );
  });
  tell('refresh rates, a pushed ball, hidden tabs');
  const refresh = rates.map((rate) => runRefresh(seed, feelProfiles.clean, rate, quick ? 12 : 60));
  const ball = runBall(seed, feelProfiles.clean, quick ? 12 : 48);
  const hidden = hiddenProfiles.flatMap((profile) =>
    (quick ? [60] : [60, 360]).map((hiddenSeconds) => ({
      profile,
      ...runHidden({ seed, profile: feelProfiles[profile], pointer: handOf() }, hiddenSeconds),
    })),
  );
  tell('CPU of corrections and of rewinds');
  const replay = measureReplay(quick ? 200 : undefined);
  const rewind = measureRewind(quick ? 16 : 64, 1);
  const gates: Gate[] = [
    ...profileGates(rows),
    ...refreshGates(refresh),
    ...ballGates(ball),
    ...replayGates(replay),
    ...hidden.flatMap((figures) => hiddenGates(figures.profile, figures, roundTripMs + 200)),
  ];
  return { suite: 'feel', seed, environment: environment(), rows, gates, refresh, ball, hidden, replay, rewind };
}

/** Of the networks on which a tab is hidden. */
const roundTripMs = 100;

/** Lines for a terminal. */
export function feelLines({ rows, gates, refresh, ball, hidden, replay, rewind }: FeelReport): string[] {
  return [
    ...tableLines(feelColumns, rows),
    '',
    'Others: age of what is shown, and its distance from the truth at the shown time, in units (wire step 1/8, top speed 800 a second). Frozen: truth went',
    'over 2 wire steps and the picture not, for 100 ms. Starved: shown time beyond the newest state, and truth had moved. Backward: frames that went back in time.',
    ...refresh.map(
      (figures) =>
        `Own input at ${figures.refresh}: shown after ${rounded(figures.shownP50Ms)} ms (p50), ${rounded(figures.shownMaxMs)} ms at most, of ${figures.jumps} events.`,
    ),
    `Ball pushed by another player, ${ball.pushes} times: off by ${rounded(ball.correctionMedianRadii)} radii (median) when known, ${rounded(ball.correctionMaxRadii)} at most; gone after ${rounded(ball.goneMedianMs)} ms (median), ${rounded(ball.goneMaxMs)} at most.`,
    ...hidden.map(
      ({ profile, hiddenSeconds, rightAfterMs, largestJump }) =>
        `Hidden ${hiddenSeconds} s (${profile}): right after ${rounded(rightAfterMs)} ms, then a jump of ${rounded(largestJump)} units.`,
    ),
    `A correction of 12 ticks among 64 players: ${rounded(replay.ownMs)} ms of CPU (median), ${rounded(replay.everyoneMs)} when all of them are predicted.`,
    `A rewind on the server that looks at all ${rewind.players} players of an arena: ${rounded(rewind.medianNs / 1000)} us of CPU (median), ${rounded(rewind.p99Ns / 1000)} (p99); at one of them: ${rounded(rewind.getNs / 1000)} us.`,
    '',
    ...gateLines(gates),
  ];
}
