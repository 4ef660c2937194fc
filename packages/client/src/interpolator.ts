// Draws the received world into the view at a tick in the past: between the two states around it. Predicted entities are drawn from the prediction.
//
// Invariant: where an entity is shown is what `interpolate` makes of its states, or the prediction, and beside it what `Smoothing` has left of an error;
// nothing else has a say. Units: ticks with fractions.

import type { AnyGame } from '@tickwire/shared';
import { form, interpolate, slotOf, versionOf } from '@tickwire/shared/internal';
import { drawPicture } from './predicted-picture.ts';
import type { Predictor } from './predictor.ts';
import type { ReceivedEntity } from './received.ts';
import type { ReceivedWorld } from './received-world.ts';
import type { Smoothing } from './smoothing.ts';
import type { View } from './view.ts';

/**
 * Fills the view. @param intervalTicks ticks between snapshots: how long before a new state a rest may have ended.
 * @param inputTick the present of predicted entities, with its fraction; at most one tick beyond the prediction.
 */
export function drawView<G extends AnyGame>(
  view: View<G>,
  received: ReceivedWorld,
  predictor: Predictor<G> | undefined,
  smoothing: Smoothing,
  viewTick: number,
  inputTick: number,
  intervalTicks: number,
): void {
  view.tick = viewTick;
  view.inputTick = inputTick;
  received.passed(viewTick);
  predictor?.spawns.draw(view, predictor, smoothing, inputTick);
  const slots = Math.max(received.entities.length, view.slotCount);
  for (let slot = 0; slot < slots; slot++) {
    const departed = received.departed.length > 0 ? departedIn(received, slot) : undefined;
    const known = received.entities[slot];
    // What a step has despawned ahead of the server is out of view at once.
    const entity = known && predictor?.isGone(known.id) ? undefined : known;
    if (entity && predictor?.isPredicted(entity.id) && drawPredicted(view, entity, predictor, smoothing, inputTick)) continue;
    if (departed && drawReceived(view, departed, smoothing, viewTick, intervalTicks)) continue;
    if (entity && drawReceived(view, entity, smoothing, viewTick, intervalTicks)) continue;
    if (slot > 0) view.hide(slot);
  }
  smoothing.viewTick = viewTick;
  smoothing.inputTick = inputTick;
  smoothing.replayedTicks = predictor?.replayedTicks ?? 0;
}

/** The entity that is over in a slot and still in view: the oldest one. */
function departedIn(received: ReceivedWorld, slot: number): ReceivedEntity | undefined {
  for (const { entity } of received.departed) if (slotOf(entity.id) === slot && entity.form === form.seen) return entity;
  return undefined;
}

/** @returns false when the view has not reached the entity's first state. */
function drawReceived<G extends AnyGame>(
  view: View<G>,
  entity: ReceivedEntity,
  smoothing: Smoothing,
  viewTick: number,
  intervalTicks: number,
): boolean {
  // The room's state is there from the start; anything else appears when the view reaches it.
  if (entity.type.number !== 0 && entity.indexAt(viewTick) < 0) return false;
  const { layout } = entity.type;
  const shown = view.show(entity.id, entity.type);
  shown.mine = entity.form === form.owned;
  const track = smoothing.trackOf(slotOf(entity.id), shown, layout);
  if (track.isDrawn && (track.isPredicted || (entity.changedFrom >= 0 && entity.changedFrom <= smoothing.viewTick))) {
    interpolate(layout, entity, smoothing.viewTick, intervalTicks, shown);
    if (track.isPredicted || !isLongAgo(entity, smoothing.viewTick)) smoothing.changed(track, layout, false);
    else smoothing.clear(track, layout);
  }
  entity.changedFrom = -1;
  const isBeyond = interpolate(layout, entity, viewTick, intervalTicks, shown);
  shown.extrapolated = smoothing.draw(track, layout, false) || isBeyond;
  return true;
}

/** Whether a state that has just come ends a time without any that was too long to smooth over: what is fresh is to be seen. */
function isLongAgo(entity: ReceivedEntity, viewTick: number): boolean {
  if ((viewTick - entity.changedFrom) * entity.type.layout.tickSeconds < longSeconds) return false;
  const before = entity.indexAt(entity.changedFrom);
  return before >= 0 && entity.sinceAt(before) === entity.tickAt(before);
}

/** @returns false when nothing is predicted yet. */
function drawPredicted<G extends AnyGame>(
  view: View<G>,
  entity: ReceivedEntity,
  predictor: Predictor<G>,
  smoothing: Smoothing,
  inputTick: number,
): boolean {
  const { history, tick } = predictor;
  const slot = slotOf(entity.id);
  const version = versionOf(entity.id);
  if (history.rowAt(slot, version, tick) < 0) return false;
  const { layout } = entity.type;
  const shown = view.show(entity.id, entity.type);
  shown.mine = entity.form === form.owned;
  shown.extrapolated = false;
  drawPicture(smoothing.trackOf(slot, shown, layout), layout, history, slot, version, predictor, smoothing, inputTick);
  return true;
}

/** So long beyond its newest state, an entity has stood for longer than it went on. */
const longSeconds = 0.5;
