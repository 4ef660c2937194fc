// Bullets: made where a trigger was pulled, ended where they touch something, and what that does to whom.
//
// Invariant: changes the world and gives back what happened; telling the clients is the room's work.
// Units: arena units, points of health, ticks.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { Bullet, Player } from '../game.ts';
import type { ArenaWorld } from './arena-world.ts';
import { stepBullet } from './bullet-flight.ts';
import { touchesCircle, touchesWall } from './collision.ts';
import { directionOf } from './direction.ts';
import { hasJustFired } from './movement.ts';

/** The players as somebody saw them, to look at. */
export interface Seen {
  all(type: 'player'): readonly Player[];
  /** Whole ticks from there to the present, and how to go on by one. */
  readonly ticks: number;
  advance(): void;
}

/** Shows `look` the players as the one who plays `shooter` saw them, as `rewind` of a room does. */
export type LookBack = (shooter: Player, look: (seen: Seen) => Impact | undefined) => Impact | undefined;

/** A bullet that ended on something. `target` is set when that was a player. */
export interface Impact {
  readonly at: Vec2;
  readonly colour: number;
  readonly shooter: EntityId | null;
  readonly target: Player | undefined;
}

/**
 * Lets every bullet fly on and every player who pulled the trigger in this tick shoot. Runs after the steps of the tick.
 * @param lookBack with it a bullet first flies through what its shooter saw, up to the present: it hits what it hits on the shooter's screen.
 */
export function shoot(world: ArenaWorld, tick: number, dt: number, lookBack?: LookBack): Impact[] {
  const impacts: Impact[] = [];
  for (const bullet of world.all('bullet')) {
    const from = { x: bullet.pos.x - bullet.velocity.x * dt, y: bullet.pos.y - bullet.velocity.y * dt };
    const impact = impactOf(world, world, bullet, from);
    if (impact) impacts.push(impact);
    if (impact || tick >= bullet.endsAt) world.despawn(bullet);
  }
  for (const player of world.all('player')) {
    if (!hasJustFired(player)) continue;
    const bullet = fire(world, player, tick);
    // A barrel may reach into a wall or into somebody: what lies between the player and the muzzle is hit at once.
    const atMuzzle = (seen: Pick<Seen, 'all'>): Impact | undefined => impactOf(world, seen, bullet, player.pos);
    const impact = lookBack ? lookBack(player, (seen) => atMuzzle(seen) ?? catchUp(world, seen, bullet, dt)) : atMuzzle(world);
    if (!impact && tick < bullet.endsAt) continue;
    if (impact) impacts.push(impact);
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

/** Lets a bullet fly through the past of its shooter, tick by tick, to the present. */
function catchUp(world: ArenaWorld, seen: Seen, bullet: Bullet, dt: number): Impact | undefined {
  for (let left = seen.ticks; left > 0; left--) {
    const from = { ...bullet.pos };
    seen.advance();
    stepBullet(bullet, undefined, { dt });
    bullet.endsAt -= 1;
    const impact = impactOf(world, seen, bullet, from);
    if (impact) return impact;
  }
  return undefined;
}

/** The first thing that a bullet touched on its way from `from` to where it is now. @param seen where the players are. */
function impactOf(world: ArenaWorld, seen: Pick<Seen, 'all'>, bullet: Bullet, from: Readonly<Vec2>): Impact | undefined {
  const to = bullet.pos;
  let first = touchesWall(from, to, balance.bulletRadius, walls);
  let target: Player | undefined;
  for (const player of seen.all('player')) {
    if (player.hp === 0 || player.id === bullet.shooter) continue;
    const along = touchesCircle(from, to, player.pos, balance.playerRadius + balance.bulletRadius);
    if (along === undefined || (first !== undefined && along >= first)) continue;
    first = along;
    target = player;
  }
  if (first === undefined) return undefined;
  const at = { x: from.x + (to.x - from.x) * first, y: from.y + (to.y - from.y) * first };
  // Whoever was hit is hit now, wherever he is.
  return { at, colour: bullet.colour, shooter: bullet.shooter, target: playerOf(world, target?.id ?? null) };
}
