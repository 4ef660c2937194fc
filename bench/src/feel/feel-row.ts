// One row of the feel suite: one way of showing the same game on one network, and how rows are shown.
//
// Units: in the names; errors and sizes in units of the game, whose wire step is 1/8 and whose players reach 800 units a second. A figure that a system does
// not have (a plain viewer has no own player) is null.

import { type Column, rounded } from '../report.ts';
import type { FeelProfileName } from './feel-profiles.ts';

export interface FeelRow {
  readonly profile: FeelProfileName;
  readonly system: string;
  /** Corrections of own predictions, their size, and those that no missing input explains. */
  readonly correctionsPerMinute: number | null;
  readonly correctionP99: number | null;
  readonly correctionMax: number | null;
  readonly correctionsOverQuantum: number | null;
  readonly correctionsUnexplained: number | null;
  /** Share of ticks for which the server had no input of the player. */
  readonly inputsMissedShare: number | null;
  /** How far ahead of the server inputs are made. */
  readonly leadP50Ms: number | null;
  readonly leadP99Ms: number | null;
  /** The lead over what would do if nothing were lost. */
  readonly leadOverIdealMs: number | null;
  /** Frames from an input event to the first picture with it. */
  readonly inputToDisplayFramesP99: number | null;
  /** How long ago what is shown of others was so. */
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  /** Distance from the truth at the time shown. */
  readonly rms: number;
  readonly errorP99: number;
  readonly frozen: number;
  readonly starvedPercent: number;
  readonly backwardFrames: number;
  /** Payload for each client and second. */
  readonly bytesDown: number | null;
  readonly bytesUp: number | null;
}

export const tickwireName = 'tickwire';

/** What a good picture may be starved at most, ours and that of a rival at its best. */
export const starvedPercentMax = 0.5;

export const feelColumns: readonly Column<FeelRow>[] = [
  { heading: 'network', text: ({ profile }) => profile },
  { heading: 'shown by', text: ({ system }) => system },
  figure('age p50 ms', 'ageP50Ms'),
  figure('p99', 'ageP99Ms'),
  figure('error rms', 'rms'),
  figure('p99', 'errorP99'),
  figure('frozen', 'frozen'),
  figure('starved %', 'starvedPercent'),
  figure('backward', 'backwardFrames'),
  figure('corrections/min', 'correctionsPerMinute'),
  figure('size p99', 'correctionP99'),
  figure('max', 'correctionMax'),
  { heading: 'missed inputs', text: ({ inputsMissedShare }) => (inputsMissedShare === null ? '-' : inputsMissedShare.toExponential(1)) },
  figure('lead p50 ms', 'leadP50Ms'),
  figure('p99', 'leadP99Ms'),
  figure('input frames', 'inputToDisplayFramesP99'),
  figure('B/s down', 'bytesDown'),
  figure('up', 'bytesUp'),
];

type FigureName = { [Name in keyof FeelRow]: FeelRow[Name] extends number | null ? Name : never }[keyof FeelRow];

function figure(heading: string, name: FigureName): Column<FeelRow> {
  return { heading, text: (row) => rounded(row[name] ?? Number.NaN) };
}
