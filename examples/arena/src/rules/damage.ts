// Health taken, and what follows: deaths and points. Who is in a blast.
//
// Invariant: changes the world and gives back what happened; telling the clients is the room's work.
// Units: arena units, points of health, ticks.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { Player, Rocket } from '../game.ts';
import type { Weapon } from '../schema.ts';
import type { ArenaWorld } from './arena-world.ts';
import { touchesCircle, touchesWall } from './collision.ts';
import type { Body } from './rifle.ts';
import { blastShare, tailOf } from './rocket.ts';

/** Health that somebody is about to lose. */
export interface Hit {
  readonly target: Player;
  readonly shooter: EntityId | null;
  readonly weapon: Weapon;
  readonly damage: number;
}

/** Takes health from whoever was hit. @returns true when that killed. */
export function takeHealth(world: ArenaWorld, { target, shooter, damage }: Hit, tick: number): boolean {
  if (target.hp === 0) return false;
  target.hp = Math.max(0, target.hp - damage);
  if (target.hp > 0) return false;
  target.deaths += 1;
  target.respawnAt = tick + balance.respawnTicks;
  target.dash = 0;
  const killer = playerOf(world, shooter);
  if (killer && killer !== target) killer.score += balance.killPoints;
  return true;
}

/** Whom a rocket touches on its way through this tick: nobody who is dead, and not who fired it. */
export function firstTouched<B extends Body>(rocket: Rocket, bodies: readonly B[], dt: number): B | undefined {
  const from = tailOf(rocket, dt);
  let first = Number.POSITIVE_INFINITY;
  let found: B | undefined;
  for (const body of bodies) {
    if (body.hp === 0 || body.id === rocket.shooter) continue;
    const along = touchesCircle(from, rocket.pos, body.pos, balance.playerRadius + balance.rocketRadius);
    if (along === undefined || along >= first) continue;
    first = along;
    found = body;
  }
  return found;
}

/** Everyone whom a blast hurts: the nearer the more, nobody behind a wall, and who was touched fully. */
export function blastHits(world: ArenaWorld, rocket: Rocket, touched: EntityId | undefined): Hit[] {
  const hits: Hit[] = [];
  for (const target of world.all('player')) {
    if (target.hp === 0) continue;
    const share = target.id === touched ? 1 : shareAt(rocket.pos, target.pos);
    if (share === 0) continue;
    const full = balance.blastDamageLeast + (balance.blastDamage - balance.blastDamageLeast) * share;
    const damage = Math.round(target.id === rocket.shooter ? full * balance.blastOwnShare : full);
    hits.push({ target, shooter: rocket.shooter, weapon: 'launcher', damage });
  }
  return hits;
}

/** The player with this id; undefined when there is none, or none any more. */
export function playerOf(world: ArenaWorld, id: EntityId | null): Player | undefined {
  const found = world.get(id);
  return found?.type === 'player' ? found : undefined;
}

function shareAt(centre: Readonly<Vec2>, pos: Readonly<Vec2>): number {
  const [dx, dy] = [pos.x - centre.x, pos.y - centre.y];
  const share = blastShare(Math.sqrt(dx * dx + dy * dy) - balance.playerRadius);
  return share > 0 && touchesWall(centre, pos, 0, walls) === undefined ? share : 0;
}
