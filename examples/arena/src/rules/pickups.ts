// Health and rockets that lie about: taken by who walks over them and can use them, back after a while.
//
// Invariant: only the server decides who was first. Units: arena units, ticks.

import { balance } from '../balance.ts';
import type { Pickup, Player } from '../game.ts';
import type { ArenaWorld } from './arena-world.ts';

export interface Picked {
  readonly player: Player;
  readonly pickup: Pickup;
}

/** A tick of all pick-ups. @returns who has taken what. */
export function pickUp(world: ArenaWorld, tick: number): Picked[] {
  const picked: Picked[] = [];
  for (const pickup of world.all('pickup')) {
    if (!pickup.isThere && tick >= pickup.backAt) pickup.isThere = true;
    if (!pickup.isThere) continue;
    const player = world.all('player').find((one) => reaches(one, pickup) && take(one, pickup));
    if (!player) continue;
    pickup.isThere = false;
    pickup.backAt = tick + balance.pickupTicks;
    picked.push({ player, pickup });
  }
  return picked;
}

function reaches({ pos, hp }: Player, pickup: Pickup): boolean {
  const [dx, dy] = [pos.x - pickup.pos.x, pos.y - pickup.pos.y];
  const reach = balance.playerRadius + balance.pickupRadius;
  return hp > 0 && dx * dx + dy * dy < reach * reach;
}

/** @returns false for who has all that it would give. */
function take(player: Player, { kind }: Pickup): boolean {
  const [before, most, more] =
    kind === 'health' ? [player.hp, balance.healthMax, balance.pickupHealth] : [player.rockets, balance.rocketsMax, balance.pickupRockets];
  if (before >= most) return false;
  const after = Math.min(most, before + more);
  if (kind === 'health') player.hp = after;
  else player.rockets = after;
  return true;
}
