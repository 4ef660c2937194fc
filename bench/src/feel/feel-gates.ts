// The feel suite's gates: the figures to reach, each with what must hold and what we are here for.
//
// Invariant: a gate is only made for what this run measured. Units: in the gates.

import { type Gate, judge } from '../report.ts';
import type { BallFigures } from './ball-run.ts';
import { type FeelRow, starvedPercentMax, tickwireName } from './feel-row.ts';
import type { HiddenFigures } from './hidden-run.ts';
import { rivalNames } from './profile-rows.ts';
import type { RefreshFigures } from './refresh-run.ts';
import type { ReplayCost } from './replay-cpu.ts';

/** A figure that a row of Tickwire's must have. */
const of = (row: FeelRow, name: keyof FeelRow): number => (typeof row[name] === 'number' ? row[name] : Number.NaN);

export function profileGates(rows: readonly FeelRow[]): Gate[] {
  return rows.filter(({ system }) => system === tickwireName).flatMap((row) => gatesOf(row, rows));
}

function gatesOf(row: FeelRow, rows: readonly FeelRow[]): Gate[] {
  if (row.profile === 'clean') return [judge('own corrections over one quantum (clean)', of(row, 'correctionsOverQuantum'), 'corrections', '= 0')];
  if (row.profile === 'lossy') {
    return [
      judge('own corrections not at a missed input (lossy)', of(row, 'correctionsUnexplained'), 'corrections', '= 0'),
      judge('inputs missing at their tick (lossy)', of(row, 'inputsMissedShare') * 10_000, 'in 10,000 ticks', '<= 10', '<= 3'),
      judge('lead over the loss-free ideal (lossy)', of(row, 'leadOverIdealMs'), 'ms', '<= 50', '<= 40'),
    ];
  }
  if (row.profile !== 'badWifi') return [];
  const rival = rows.find(({ profile, system }) => profile === row.profile && system.startsWith(rivalNames.best));
  return [
    judge('frozen pictures (badWifi)', row.frozen, 'times', '= 0'),
    judge('starved ticks (badWifi)', row.starvedPercent, '%', `<= ${starvedPercentMax}`, '<= 0.1'),
    judge('remote error, rms (badWifi)', row.rms / (rival?.rms ?? Number.NaN), 'x snapshot-interpolation at its best', '<= 0.5', '<= 0.3'),
    judge('age of the picture (badWifi)', row.ageP50Ms / (rival?.ageP50Ms ?? Number.NaN), 'x snapshot-interpolation at its best', '<= 0.8', '<= 0.6'),
  ];
}

export function refreshGates(rates: readonly RefreshFigures[]): Gate[] {
  return rates.map(({ refresh, beyondMs }) => judge(`own input shown later than 1 tick + 1 frame (${refresh})`, beyondMs, 'ms later', '= 0'));
}

export function ballGates({ correctionMaxRadii, goneMaxMs }: BallFigures): Gate[] {
  return [
    judge('ball pushed by another, 100 ms RTT: visible correction', correctionMaxRadii, 'body radii', '<= 1', '<= 0.5'),
    judge('ball pushed by another, 100 ms RTT: gone after', goneMaxMs, 'ms', '<= 150', '<= 100'),
  ];
}

/** Held to the dearest there can be: every player predicted. */
export function replayGates({ everyoneMs }: ReplayCost): Gate[] {
  return [judge('client CPU of a full replay of 12 ticks (arena, 64 players, median)', everyoneMs, 'ms', '<= 1', '<= 0.3')];
}

/** @param limitMs a round trip and 200 ms. */
export function hiddenGates(where: string, { hiddenSeconds, rightAfterMs, largestJump }: HiddenFigures, limitMs: number): Gate[] {
  const what = `hidden ${hiddenSeconds} s (${where})`;
  return [
    judge(`${what}: time to a correct view`, rightAfterMs, 'ms', `<= ${limitMs}`),
    judge(`${what}: largest jump of others after it`, largestJump, 'units', '<= 0'),
  ];
}
