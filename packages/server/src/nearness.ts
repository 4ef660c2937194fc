// How near an entity is to what a client controls, as a weight for its priority: where a room has `interest` with a position.
//
// Invariant: 1 where the viewer is, a quarter at the radius of its interest, never 0: what is far is sent less often, and still is. An entity or a
// viewer without a position counts as near. Units: the game's own lengths.

import type { AnyGame } from '@tickwire/shared';
import type { Entity, World } from '@tickwire/shared/internal';
import type { GridInterest } from './interest.ts';

/** At the radius the weight is 1 / (1 + this). */
const falloff = 3;

interface Place {
  x: number;
  y: number;
  z?: number;
}

/** @param controls slots that the client controls: the nearest counts. */
export function nearness(world: World<AnyGame>, interest: GridInterest, controls: ReadonlySet<number>, entity: Entity): number {
  const place = placeOf(entity, interest);
  if (!place) return 1;
  let least = Number.POSITIVE_INFINITY;
  for (const slot of controls) {
    const from = placeOf(world.at(slot), interest);
    if (!from) continue;
    const dz = (from.z ?? 0) - (place.z ?? 0);
    least = Math.min(least, (from.x - place.x) * (from.x - place.x) + (from.y - place.y) * (from.y - place.y) + dz * dz);
  }
  return least === Number.POSITIVE_INFINITY ? 1 : 1 / (1 + (falloff * least) / (interest.radius * interest.radius));
}

function placeOf(entity: Entity | null, interest: GridInterest): Place | undefined {
  const place = entity?.[interest.position ?? 'pos'] as Partial<Place> | undefined;
  return typeof place?.x === 'number' && typeof place.y === 'number' ? (place as Place) : undefined;
}
