// Draws the received world into the view at a tick in the past: between the two states around it. Predicted entities are drawn from the prediction.
//
// Invariant: a state that rested is held until just before the next one: an entity that stood still is never drawn sliding. Beyond the newest state
// nothing is invented: the entity stands. Units: ticks with fractions.

import type { AnyGame } from '@tickwire/shared';
import { form, interpolate, slotOf, versionOf } from '@tickwire/shared/internal';
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
  predictor?.spawns.draw(view, predictor, inputTick);
  const slots = Math.max(received.entities.length, view.slotCount);
  for (let slot = 0; slot < slots; slot++) {
    const departed = received.departed.length > 0 ? departedIn(received, slot) : undefined;
    const known = received.entities[slot];
    // What a step has despawned ahead of the server is out of view at once.
    const entity = known && predictor?.isGone(known.id) ? undefined : known;
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
  // The room's state is there from the start; anything else appears when the view reaches it.
  if (entity.type.number !== 0 && entity.indexAt(viewTick) < 0) return false;
  const shown = view.show(entity.id, entity.type);
  shown.mine = entity.form === form.owned;
  interpolate(entity.type.layout, entity, viewTick, intervalTicks, shown);
  return true;
}

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
