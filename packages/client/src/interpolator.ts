// Draws the received world into the view at a tick in the past: between the two states around it. Predicted entities are drawn from the prediction.
//
// Invariant: a state that rested is held until just before the next one: an entity that stood still is never drawn sliding. Beyond the newest state
// nothing is invented: the entity stands. Units: ticks with fractions.

import type { AnyGame } from '@tickwire/shared';
import { form, slotOf, versionOf } from '@tickwire/shared/internal';
import type { Predictor } from './predictor.ts';
import type { ReceivedEntity } from './received.ts';
import type { ReceivedWorld } from './received-world.ts';
import type { View } from './view.ts';

/**
 * Fills the view. @param intervalTicks ticks between snapshots: how long before a new state a rest may have ended.
 * @param inputTick the present of predicted entities, with its fraction; at most one tick beyond the prediction.
 */
export function drawView<G extends AnyGame>(
  view: View<G>,
  received: ReceivedWorld,
  predictor: Predictor<G> | undefined,
  viewTick: number,
  inputTick: number,
  intervalTicks: number,
): void {
  view.tick = viewTick;
  view.inputTick = inputTick;
  received.passed(viewTick);
  const slots = Math.max(received.entities.length, view.slotCount);
  for (let slot = 0; slot < slots; slot++) {
    const departed = received.departed.length > 0 ? departedIn(received, slot) : undefined;
    const entity = received.entities[slot];
    if (entity && predictor?.isPredicted(entity.id) && drawPredicted(view, entity, predictor, inputTick)) continue;
    if (departed && drawReceived(view, departed, viewTick, intervalTicks)) continue;
    if (entity && drawReceived(view, entity, viewTick, intervalTicks)) continue;
    if (slot > 0) view.hide(slot);
  }
}

/** The entity that is over in a slot and still in view: the oldest one. */
function departedIn(received: ReceivedWorld, slot: number): ReceivedEntity | undefined {
  for (const { entity } of received.departed) if (slotOf(entity.id) === slot && entity.form === form.seen) return entity;
  return undefined;
}

/** @returns false when the view has not reached the entity's first state. */
function drawReceived<G extends AnyGame>(view: View<G>, entity: ReceivedEntity, viewTick: number, intervalTicks: number): boolean {
  const { type, rows } = entity;
  const before = entity.indexAt(viewTick);
  // The room's state is there from the start; anything else appears when the view reaches it.
  if (before < 0 && type.number !== 0) return false;
  const shown = view.show(entity.id, type);
  shown.mine = entity.form === form.owned;
  const from = Math.max(0, before);
  const to = Math.min(from + 1, entity.count - 1);
  if (to <= from || before < 0) {
    type.layout.load(rows, entity.rowAt(from), shown);
    return true;
  }
  const isRest = entity.sinceAt(from) < entity.tickAt(from);
  const start = isRest ? Math.max(entity.tickAt(from), entity.tickAt(to) - intervalTicks) : entity.tickAt(from);
  // A state that has held since before its own tick was reached then, not at its tick.
  const end = Math.max(entity.sinceAt(to), start + 1e-6);
  type.layout.blend(rows, entity.rowAt(from), rows, entity.rowAt(to), shareOf(viewTick, start, end), shown);
  return true;
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

/** @returns false when nothing is predicted yet. */
function drawPredicted<G extends AnyGame>(view: View<G>, entity: ReceivedEntity, predictor: Predictor<G>, inputTick: number): boolean {
  const slot = slotOf(entity.id);
  const version = versionOf(entity.id);
  const newestAt = predictor.history.rowAt(slot, version, predictor.tick);
  if (newestAt < 0) return false;
  const rows = predictor.history.rows(slot);
  const beforeAt = predictor.history.rowAt(slot, version, predictor.tick - 1);
  const shown = view.show(entity.id, entity.type);
  shown.mine = entity.form === form.owned;
  const t = Math.max(0, Math.min(1, inputTick - predictor.tick));
  if (beforeAt < 0) entity.type.layout.load(rows, newestAt, shown);
  else entity.type.layout.blend(rows, beforeAt, rows, newestAt, t, shown);
  return true;
}
