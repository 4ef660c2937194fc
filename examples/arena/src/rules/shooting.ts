// Bullets: made where a trigger was pulled, ended where they touch something, and what that does to whom.
//
// Invariant: changes the world and gives back what happened; telling the clients is the room's work.
// Units: arena units, points of health, ticks.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { Bullet, Player } from '../game.ts';
import type { ArenaWorld } from './arena-world.ts';
import { touchesCircle, touchesWall } from './collision.ts';
import { directionOf } from './direction.ts';
import { hasJustFired } from './movement.ts';

/** A bullet that ended on something. `target` is set when that was a player. */
export interface Impact {
  readonly at: Vec2;
  readonly colour: number;
  readonly shooter: EntityId | null;
  readonly target: Player | undefined;
}

/** Lets every bullet fly on and every player who pulled the trigger in this tick shoot. Runs after the steps of the tick. */
export function shoot(world: ArenaWorld, tick: number, dt: number): Impact[] {
  const impacts: Impact[] = [];
  for (const bullet of world.all('bullet')) {
    const from = { x: bullet.pos.x - bullet.velocity.x * dt, y: bullet.pos.y - bullet.velocity.y * dt };
    const impact = impactOf(world, bullet, from);
    if (impact) impacts.push(impact);
    if (impact || tick >= bullet.endsAt) world.despawn(bullet);
  }
  for (const player of world.all('player')) {
    if (!hasJustFired(player)) continue;
    const bullet = fire(world, player, tick);
    // A barrel may reach into a wall or into somebody: what lies between the player and the muzzle is hit at once.
    const impact = impactOf(world, bullet, player.pos);
    if (!impact) continue;
    impacts.push(impact);
    world.despawn(bullet);
  }
  return impacts;
}

/** Takes health from whoever was hit. @returns true when that killed. */
export function damage(world: ArenaWorld, impact: Impact, tick: number): boolean {
  const { target } = impact;
  if (!target || target.hp === 0) return false;
  target.hp = Math.max(0, target.hp - balance.bulletDamage);
  if (target.hp > 0) return false;
  target.deaths += 1;
  target.respawnAt = tick + balance.respawnTicks;
  const shooter = playerOf(world, impact.shooter);
  if (shooter) shooter.score += 1;
  return true;
}

/** The player with this id; undefined when there is none, or none any more. */
export function playerOf(world: ArenaWorld, id: EntityId | null): Player | undefined {
  const found = world.get(id);
  return found?.type === 'player' ? found : undefined;
}

function fire(world: ArenaWorld, player: Player, tick: number): Bullet {
  const direction = directionOf(player.aim);
  return world.spawn('bullet', {
    pos: { x: player.pos.x + direction.x * balance.muzzleDistance, y: player.pos.y + direction.y * balance.muzzleDistance },
    velocity: { x: direction.x * balance.bulletSpeed, y: direction.y * balance.bulletSpeed },
    shooter: player.id,
    colour: player.colour,
    endsAt: tick + balance.bulletLifeTicks,
  });
}

/** The first thing that a bullet touched on its way from `from` to where it is now. */
function impactOf(world: ArenaWorld, bullet: Bullet, from: Readonly<Vec2>): Impact | undefined {
  const to = bullet.pos;
  let first = touchesWall(from, to, balance.bulletRadius, walls);
  let target: Player | undefined;
  for (const player of world.all('player')) {
    if (player.hp === 0 || player.id === bullet.shooter) continue;
    const along = touchesCircle(from, to, player.pos, balance.playerRadius + balance.bulletRadius);
    if (along === undefined || (first !== undefined && along >= first)) continue;
    first = along;
    target = player;
  }
  if (first === undefined) return undefined;
  const at = { x: from.x + (to.x - from.x) * first, y: from.y + (to.y - from.y) * first };
  return { at, colour: bullet.colour, shooter: bullet.shooter, target };
}
