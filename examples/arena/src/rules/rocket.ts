// The launcher's rockets: straight on until they touch a wall or the ball, or have flown enough; then they burst and knock the ball away. Whom they
// touch or hurt on their way is the server's to say (`damage.ts`).
//
// Invariant: what the step does depends on the map and the ball only, so a page foresees its own rockets to the end.
// Units: arena units, units per second, ticks.

import type { Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { ArenaStep, FieldsOf } from '../schema.ts';
import { hitBall } from './ball.ts';
import { touchesCircle, touchesWall } from './collision.ts';
import { directionOf } from './direction.ts';
import type { Fighter, FighterContext } from './movement.ts';

export type FlyingRocket = FieldsOf<'rocket'>;
type RocketWorld = Pick<ArenaStep['world'], 'all'>;
type RocketContext = Pick<ArenaStep, 'dt' | 'emit' | 'despawn'> & { readonly world: RocketWorld };

/** In the step of a player: the rocket leaves the barrel. The last one brings the rifle back. */
export function fireRocket(player: Fighter, context: FighterContext): void {
  player.reload = balance.rocketReloadTicks;
  player.rockets -= 1;
  if (player.rockets === 0) player.weapon = 'rifle';
  const way = directionOf(player.aim);
  const muzzle = { x: player.pos.x + way.x * balance.muzzleDistance, y: player.pos.y + way.y * balance.muzzleDistance };
  // A barrel may reach into a wall: the rocket starts before it, and bursts there.
  const along = touchesWall(player.pos, muzzle, balance.rocketRadius, walls) ?? 1;
  context.spawn('rocket', {
    pos: { x: player.pos.x + way.x * balance.muzzleDistance * along, y: player.pos.y + way.y * balance.muzzleDistance * along },
    velocity: { x: way.x * balance.rocketSpeed, y: way.y * balance.rocketSpeed },
    shooter: player.id,
    colour: player.colour,
    fuse: balance.rocketLifeTicks,
  });
}

export function stepRocket(
  rocket: FlyingRocket & { readonly id: Parameters<ArenaStep['despawn']>[0] & number },
  _input: unknown,
  context: RocketContext,
): void {
  if (rocket.fuse === 0) {
    context.despawn(rocket.id);
    return;
  }
  const { pos, velocity } = rocket;
  const from = { x: pos.x, y: pos.y };
  const to = { x: pos.x + velocity.x * context.dt, y: pos.y + velocity.y * context.dt };
  let along = touchesWall(from, to, balance.rocketRadius, walls);
  for (const ball of context.world.all('ball')) {
    const touches = touchesCircle(from, to, ball.pos, balance.ballRadius + balance.rocketRadius);
    if (touches !== undefined && (along === undefined || touches < along)) along = touches;
  }
  pos.x += (to.x - from.x) * (along ?? 1);
  pos.y += (to.y - from.y) * (along ?? 1);
  rocket.fuse -= 1;
  if (along === undefined && rocket.fuse > 0) return;
  burst(rocket, context.world);
  context.emit('blast', { at: { ...pos }, colour: rocket.colour });
}

/** The rocket is over: it stands where it is for the rest of the tick, and the ball flies. */
export function burst(rocket: FlyingRocket, world: RocketWorld): void {
  rocket.fuse = 0;
  for (const ball of world.all('ball')) {
    const dx = ball.pos.x - rocket.pos.x;
    const dy = ball.pos.y - rocket.pos.y;
    const distance = Math.sqrt(dx * dx + dy * dy);
    const share = blastShare(distance - balance.ballRadius);
    if (share === 0 || distance === 0) continue;
    hitBall(ball, { x: dx / distance, y: dy / distance }, balance.ballByBlast * share, rocket.shooter);
  }
}

/** How strong a blast is at a distance: 1 where it touches, falling to 0 at its rim. */
export function blastShare(distance: number): number {
  const share = 1 - Math.max(0, distance) / balance.blastRadius;
  return share > 0 ? share : 0;
}

/** Where a rocket was a tick ago. */
export function tailOf({ pos, velocity }: Pick<FlyingRocket, 'pos' | 'velocity'>, dt: number): Vec2 {
  return { x: pos.x - velocity.x * dt, y: pos.y - velocity.y * dt };
}
