// Where an entity is at a tick with its fraction, between the states that were received of it: what a client draws, and what a server rewinds to.
//
// Invariant: the same states and the same tick give the same values on both ends. A state that rested is held until just before the next one, so that an
// entity that stood still is never shown sliding; beyond the newest state nothing is invented. Units: ticks with fractions.

import type { Layout } from '../schema/layout.ts';

/** The received states of one entity, by ascending tick. */
export interface Samples {
  readonly count: number;
  /** States by `rowAt`. */
  readonly rows: Int32Array;
  rowAt(index: number): number;
  tickAt(index: number): number;
  /** Since when a state has held; equal to its tick when it changed then. */
  sinceAt(index: number): number;
  /** Index of the newest state at or before `tick`, or -1. */
  indexAt(tick: number): number;
}

/**
 * Fills `into` with the values at `viewTick`; before the first state, those of the first.
 * @param intervalTicks ticks between snapshots: how long before a new state a rest may have ended.
 */
export function interpolate(layout: Layout, samples: Samples, viewTick: number, intervalTicks: number, into: object): void {
  const { rows } = samples;
  const before = samples.indexAt(viewTick);
  const from = Math.max(0, before);
  const to = Math.min(from + 1, samples.count - 1);
  if (to <= from || before < 0) {
    layout.load(rows, samples.rowAt(from), into);
    return;
  }
  const isRest = samples.sinceAt(from) < samples.tickAt(from);
  const start = isRest ? Math.max(samples.tickAt(from), samples.tickAt(to) - intervalTicks) : samples.tickAt(from);
  // A state that has held since before its own tick was reached then, not at its tick.
  const end = Math.max(samples.sinceAt(to), start + 1e-6);
  layout.blend(rows, samples.rowAt(from), rows, samples.rowAt(to), shareOf(viewTick, start, end), into);
}

/** How far the view is on its way from one tick to another, 0 to 1. Most entities are between the same two: they get the same number, made once. */
function shareOf(viewTick: number, start: number, end: number): number {
  if (lastShare.viewTick !== viewTick || lastShare.start !== start || lastShare.end !== end) {
    lastShare.viewTick = viewTick;
    lastShare.start = start;
    lastShare.end = end;
    lastShare.share = Math.max(0, Math.min(1, (viewTick - start) / (end - start)));
  }
  return lastShare.share as number;
}

/** Not a number at first: a field of numbers alone would be unpacked, and an object of its own for each entity again. */
const lastShare: { viewTick: number; start: number; end: number; share: number | undefined } = {
  viewTick: Number.NaN,
  start: Number.NaN,
  end: Number.NaN,
  share: undefined,
};
