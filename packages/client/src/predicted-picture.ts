// Where what is predicted is drawn: between its last two predicted ticks, and beside that what is left of an error. The same for entities of the server and
// for guests, which have a history of their own.
//
// Invariant: a change of source and a replay are the only errors there are. Units: ticks with fractions.

import type { History, Layout } from '@tickwire/shared/internal';
import type { Smoothing, Track } from './smoothing.ts';
import type { Shown } from './view.ts';

/** How far the prediction is: the newest tick, and how many it has run again so far. */
export interface Progress {
  readonly tick: number;
  readonly replayedTicks: number;
}

/**
 * Draws an entity whose row of the newest tick is in `history`, by slot and version. @param inputTick the present, with its fraction. One argument each: an object
 * of them would be made for every entity in every frame.
 */
export function drawPicture(
  track: Track,
  layout: Layout,
  history: History,
  slot: number,
  version: number,
  { tick, replayedTicks }: Progress,
  smoothing: Smoothing,
  inputTick: number,
): void {
  const { shown } = track;
  const isOther = !track.isPredicted || smoothing.replayedTicks !== replayedTicks;
  if (track.isDrawn && isOther && fill(shown, layout, history, slot, version, tick, smoothing.inputTick)) smoothing.changed(track, layout, true);
  fill(shown, layout, history, slot, version, tick, inputTick);
  smoothing.draw(track, layout, true);
}

/** Fills in what is predicted for a time between two ticks. @returns false when that is not known any more. */
function fill(shown: Shown, layout: Layout, history: History, slot: number, version: number, tick: number, inputTick: number): boolean {
  const to = Math.min(tick, Math.floor(inputTick));
  const at = history.rowAt(slot, version, to);
  if (at < 0) return false;
  const rows = history.rows(slot);
  const before = history.rowAt(slot, version, to - 1);
  if (before < 0) layout.load(rows, at, shown);
  else layout.blend(rows, before, rows, at, Math.max(0, Math.min(1, inputTick - to)), shown);
  return true;
}
