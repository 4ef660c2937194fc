// Where an entity is at a tick with its fraction, between the states that were received of it: what a client draws, and what a server rewinds to.
//
// Invariant: the same states and the same tick give the same values on both ends. A state that rested is held until just before the next one, so that an
// entity that stood still is never shown sliding, and nothing slides across a teleport. Beyond the newest state an entity goes on for a moment, ever slower,
// unless that state rested. Units: ticks with fractions.

import type { Layout, MovingField } from '../schema/layout.ts';

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
 * @returns whether the values are beyond what the states say: the view has passed the newest of them, and it was no rest.
 */
export function interpolate(layout: Layout, samples: Samples, viewTick: number, intervalTicks: number, into: object): boolean {
  const { rows } = samples;
  const newest = samples.count - 1;
  const from = samples.indexAt(viewTick);
  let isBeyond = false;
  if (from < 0) layout.load(rows, samples.rowAt(0), into);
  else if (from < newest) between(layout, samples, from, viewTick, intervalTicks, into);
  else isBeyond = beyond(layout, samples, viewTick, intervalTicks, into);
  if (layout.newest.length > 0) layout.loadNewest(rows, samples.rowAt(newest), into);
  return isBeyond;
}

function between(layout: Layout, samples: Samples, from: number, viewTick: number, intervalTicks: number, into: object): void {
  const { rows } = samples;
  const to = from + 1;
  const a = samples.rowAt(from);
  const b = samples.rowAt(to);
  const start = startOf(samples, from, intervalTicks);
  // A state that has held since before its own tick was reached then, not at its tick.
  const since = samples.sinceAt(to);
  const end = Math.max(since, start + 1e-6);
  const share = shareOf(viewTick, start, end);
  layout.blend(rows, a, rows, b, share, into);
  if (!layout.hasCurves || share <= 0 || share >= 1) return;
  // Over a gap, and where a rest begins or ends, nobody knows what the velocity was on the way.
  const isKnown = start === samples.tickAt(from) && since === samples.tickAt(to) && end - start <= curveIntervals * intervalTicks;
  if (isKnown && !layout.teleported(rows, a, rows, b)) bend(layout, rows, a, b, share, (end - start) * layout.tickSeconds, into);
}

/** Moves what follows a velocity from the straight line to the cubic Hermite curve with the velocities of both ends. */
function bend(layout: Layout, rows: Int32Array, a: number, b: number, share: number, seconds: number, into: object): void {
  const rest = 1 - share;
  for (const { name, at, motion, velocity } of layout.moving) {
    if (!velocity) continue;
    motion.read(rows, a + at, numbers, 0);
    motion.read(rows, b + at, numbers, 4);
    motion.offset(numbers, 0, 4, 8);
    velocity.motion.read(rows, a + velocity.at, numbers, 12);
    velocity.motion.read(rows, b + velocity.at, numbers, 16);
    for (let axis = 0; axis < motion.size; axis++) {
      const way = numbers[8 + axis] as number;
      const leaving = (numbers[12 + axis] as number) * seconds - way;
      const arriving = way - (numbers[16 + axis] as number) * seconds;
      numbers[8 + axis] = way * share + share * rest * (rest * leaving + share * arriving);
    }
    motion.move(numbers, 0, numbers, 8, 1);
    (into as Values)[name] = motion.take(numbers, 0, (into as Values)[name]);
  }
}

/** Fills in the values beyond the newest state. @returns whether they are more than that state. */
function beyond(layout: Layout, samples: Samples, viewTick: number, intervalTicks: number, into: object): boolean {
  const { rows } = samples;
  const newest = samples.count - 1;
  const tick = samples.tickAt(newest);
  const b = samples.rowAt(newest);
  layout.load(rows, b, into);
  if (viewTick <= tick || samples.sinceAt(newest) < tick || layout.moving.length === 0) return false;
  const most = beyondSeconds / layout.tickSeconds;
  const passed = Math.min(viewTick - tick, most);
  // Slower and slower: what is foreseen is worth less the farther it is, and what stops unseen is not far beyond its stop.
  const ahead = passed - (passed * passed) / (2 * most);
  const before = newest - 1;
  const a = before < 0 ? -1 : samples.rowAt(before);
  const ticks = a < 0 ? 0 : tick - startOf(samples, before, intervalTicks);
  const isLine = ticks > 0 && ticks <= gapIntervals * intervalTicks && !layout.teleported(rows, a, rows, b);
  for (const field of layout.moving) if (field.goesBeyond) goOn(field, layout, rows, isLine ? a : -1, b, ahead, ticks, into);
  return true;
}

function goOn(
  { name, at, motion, velocity }: MovingField,
  { tickSeconds }: Layout,
  rows: Int32Array,
  a: number,
  b: number,
  ahead: number,
  ticks: number,
  into: object,
): void {
  motion.read(rows, b + at, numbers, 4);
  if (velocity) {
    velocity.motion.read(rows, b + velocity.at, numbers, 8);
    motion.move(numbers, 4, numbers, 8, ahead * tickSeconds);
  } else if (a >= 0) {
    motion.read(rows, a + at, numbers, 0);
    motion.offset(numbers, 0, 4, 8);
    motion.move(numbers, 4, numbers, 8, ahead / ticks);
  } else {
    return;
  }
  (into as Values)[name] = motion.take(numbers, 4, (into as Values)[name]);
}

/** When an entity left a state for the next one. */
function startOf(samples: Samples, index: number, intervalTicks: number): number {
  const tick = samples.tickAt(index);
  return samples.sinceAt(index) < tick ? Math.max(tick, samples.tickAt(index + 1) - intervalTicks) : tick;
}

type Values = Record<string, unknown>;

/** Two values, an offset and two velocities, of up to four numbers each. */
const numbers = new Float64Array(20);
/** States farther apart than so many intervals have a gap between them: they give no velocity. */
const gapIntervals = 4;
/** Velocities that were sent serve over longer gaps: on human input over bad Wi-Fi, a third less error than with lines from 4 intervals on; no more beyond 8. */
const curveIntervals = 8;
/** How long an entity goes on beyond its newest state. */
const beyondSeconds = 0.2;

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
