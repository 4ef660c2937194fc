// The phases of a visit: which step took how long on the way from the navigation to the first snapshot.
//
// Invariant: the phases of a visit follow each other and their sum is the time of its first snapshot; a step that was not seen has the time of the one
// before it, so its phase is 0. Units: milliseconds.

import { percentile } from '../percentile.ts';
import type { Marks } from './page-marks.ts';

/** In their order: the name for people, and the mark that ends it. */
export const phases = [
  { name: 'page', end: 'begin' },
  { name: 'HTTP join', end: 'joinEnd' },
  { name: 'HTTP offer', end: 'offerEnd' },
  { name: 'answer made', end: 'answerStart' },
  { name: 'ICE', end: 'ice' },
  { name: 'DTLS', end: 'dtls' },
  { name: 'SCTP', end: 'sctp' },
  { name: 'channel', end: 'channel' },
  { name: 'hello', end: 'welcome' },
  { name: 'first snapshot', end: 'snapshot' },
] as const;

export interface Spread {
  readonly p50: number;
  readonly min: number;
  readonly max: number;
}

export function phasesOf(marks: Marks): number[] {
  let before = 0;
  return phases.map(({ end }) => {
    const at = Math.max(before, marks[end] ?? before);
    const took = at - before;
    before = at;
    return took;
  });
}

export function spreadOf(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  return { p50: percentile(sorted, 50), min: sorted[0] ?? Number.NaN, max: sorted.at(-1) ?? Number.NaN };
}
