// The rows of one profile: Tickwire's run, and the same states, arrivals and frames through everything that it is compared with.
//
// Invariant: rivals are at their best honest settings: a fixed delay is swept, and the best is the shortest that holds the gates which Tickwire's own
// picture has to hold: nothing frozen, little starved.
// Units: milliseconds.

import { percentile } from '../percentile.ts';
import { adaptiveViewer } from './adaptive-viewer.ts';
import { type FeelProfileName, feelProfiles, slotMs } from './feel-profiles.ts';
import { type FeelRow, starvedPercentMax, tickwireName } from './feel-row.ts';
import { type FeelRun, runFeel, type Screen, warmMs } from './feel-run.ts';
import { geckosViewer } from './geckos-viewer.ts';
import { orderedViewer } from './ordered-viewer.ts';
import { OwnMeter } from './own-meter.ts';
import { loadPointerTrace, pointerAt } from './pointer-trace.ts';
import { runRefresh } from './refresh-run.ts';
import { type RemoteFigures, RemoteMeter } from './remote-meter.ts';
import { type Viewer, watch } from './viewer.ts';
import { usualFrameMs } from './virtual-room.ts';

const players = 4;
const snapshotHz = 20;
/** Ticks of input in a packet at 30 packets a second: the older one waits a tick. */
const bundleTicks = 2;
/** Share of inputs that may come too late. */
const missTarget = 3e-4;
const sweptMs = [50, 75, 100, 125, 150, 175, 200, 225, 250, 275, 300, 350, 400];
const displayJumps = 20;

export const rivalNames = { defaults: 'snapshot-interp.', best: 'snapshot-interp. best', adaptive: 'adaptive', ordered: 'ordered 100 ms' } as const;

/** Each player has its own half of a recording. */
export function handOf(): (player: number, now: number, into: { x: number; y: number }) => void {
  const traces = [loadPointerTrace('a'), loadPointerTrace('b')];
  return (player, now, into) => {
    const trace = traces[player & 1] ?? traces[0];
    if (trace) pointerAt(trace, now + (player >> 1) * ((trace.ms[trace.ms.length - 1] as number) / 2), into);
  };
}

/** @param seeds of the runs, whose figures are taken together: one run has too few of the rare losses that decide how long a delay must be. */
export function profileRows(name: FeelProfileName, seeds: readonly number[], seconds: number): FeelRow[] {
  const profile = feelProfiles[name];
  const runs = seeds.map((seed) => runFeel({ seed, profile, players, seconds, pointer: handOf() }));
  const sum = (of: (run: FeelRun) => number): number => runs.reduce((total, run) => total + of(run), 0);
  const own = OwnMeter.figures(
    runs.flatMap((run) => run.own),
    (runs.length * players * seconds) / 60,
  );
  const ours: FeelRow = {
    ...nothing(name, tickwireName),
    ...own,
    ...shown(RemoteMeter.figures(runs.flatMap((run) => run.remotes))),
    inputsMissedShare: sum((run) => run.inputsMissed) / sum((run) => run.ticks),
    leadOverIdealMs: own.leadP50Ms - idealLeadMs(runs, seconds),
    inputToDisplayFramesP99: runRefresh(seeds[0] as number, profile, 60, displayJumps).framesP99,
    bytesDown: sum((run) => run.bytesDownPerSecond) / runs.length,
    bytesUp: sum((run) => run.bytesUpPerSecond) / runs.length,
  };
  const through = (make: () => Viewer, arrivals: (screen: Screen) => Screen['arrivals'] = (screen) => screen.arrivals): RemoteFigures =>
    RemoteMeter.figures(runs.flatMap((run) => run.screens.map((screen) => watch(make(), run, screen, arrivals(screen)))));
  const best = bestDelay((delayMs) => through(() => geckosViewer(snapshotHz, delayMs)));
  const rival = (system: string, figures: RemoteFigures): FeelRow => ({ ...nothing(name, system), ...shown(figures) });
  return [
    ours,
    rival(
      rivalNames.defaults,
      through(() => geckosViewer(snapshotHz)),
    ),
    rival(`${rivalNames.best} ${best.delayMs} ms`, best.figures),
    rival(
      rivalNames.adaptive,
      through(() => adaptiveViewer(snapshotHz)),
    ),
    rival(
      rivalNames.ordered,
      through(orderedViewer, (screen) => screen.ordered),
    ),
  ];
}

/** The shortest of the swept delays with which nothing freezes and no more is starved than we allow ourselves; if there is none, that of the least error. */
export function bestDelay(figuresAt: (delayMs: number) => RemoteFigures): { delayMs: number; figures: RemoteFigures } {
  let best: { delayMs: number; figures: RemoteFigures } | undefined;
  for (const delayMs of sweptMs) {
    const figures = figuresAt(delayMs);
    if (figures.frozen === 0 && figures.starvedPercent <= starvedPercentMax) return { delayMs, figures };
    if (!best || figures.rms < best.figures.rms) best = { delayMs, figures };
  }
  return best as NonNullable<typeof best>;
}

/**
 * The lead that would do if nothing were lost: what all but `missTarget` of these very packets would take, the wait of the older input for its packet, and a
 * frame, since inputs are made in frames.
 */
function idealLeadMs(runs: readonly FeelRun[], seconds: number): number {
  const ways: number[] = [];
  for (const { up } of runs.flatMap(({ screens }) => screens))
    for (let at = warmMs; at < warmMs + seconds * 1000; at += slotMs) ways.push(up.wayMs(at));
  ways.sort((a, b) => a - b);
  return percentile(ways, 100 * (1 - missTarget)) + (bundleTicks - 1) * (runs[0]?.tickMs ?? 0) + usualFrameMs;
}

function shown({ backward, ...figures }: RemoteFigures): Omit<RemoteFigures, 'backward'> & { backwardFrames: number } {
  return { ...figures, backwardFrames: backward };
}

function nothing(profile: FeelProfileName, system: string): Omit<FeelRow, keyof RemoteFigures | 'backwardFrames'> {
  return {
    profile,
    system,
    correctionsPerMinute: null,
    correctionP99: null,
    correctionMax: null,
    correctionsOverQuantum: null,
    correctionsUnexplained: null,
    inputsMissedShare: null,
    leadP50Ms: null,
    leadP99Ms: null,
    leadOverIdealMs: null,
    inputToDisplayFramesP99: null,
    bytesDown: null,
    bytesUp: null,
  };
}
