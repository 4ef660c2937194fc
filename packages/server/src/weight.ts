// How urgent an entity is to a client: the priority of its type, times how near it is, times the room's own word.
//
// Invariant: nearness is 1 where the viewer is, a quarter at the radius of its interest, never 0: what is far is sent less often, and still is. An entity
// or a viewer without a position counts as near, and so does everything where the room has no `interest`. Units: the game's own lengths.

import type { AnyEntity, AnyGame } from '@tickwire/shared';
import type { Entity, World } from '@tickwire/shared/internal';
import type { Client } from './client.ts';
import type { GridInterest } from './interest.ts';
import { Room } from './room.ts';

/** At the radius nearness is 1 / (1 + this). */
const falloff = 3;

interface Place {
  x: number;
  y: number;
  z?: number;
}

/** The weight of the entity in a slot. The room's own state has 1. @param controls slots that the client controls: the nearest counts. */
export function weightOf<G extends AnyGame>(room: Room<G>, client: Client<G>, controls: ReadonlySet<number>, slot: number): number {
  const world = room.world as unknown as World<AnyGame>;
  const entity = world.at(slot);
  if (!entity || slot === 0) return 1;
  let weight = room.game.types[world.typeAt(slot)]?.priority ?? 1;
  if (room.interest) weight *= nearness(world, room.interest, controls, entity);
  if (room.priority !== Room.prototype.priority) weight *= room.priority(entity as unknown as AnyEntity<G['entities']>, client);
  return weight;
}

function nearness(world: World<AnyGame>, interest: GridInterest, controls: ReadonlySet<number>, entity: Entity): number {
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
