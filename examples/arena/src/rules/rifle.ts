// The rifle: a line from the player to the first wall, or to the ball, which it knocks away. Whom it hits on that line the server judges, by what
// the shooter saw.
//
// Invariant: what the step does depends on the map and the ball only, which a page knows as well as the server; bodies between hide the ball from no shot.
// Units: arena units, radians; `along` is 0 at the start of a line and 1 at its end.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { hitBall } from './ball.ts';
import { touchesCircle, touchesWall } from './collision.ts';
import { directionOf } from './direction.ts';
import type { Fighter, FighterContext } from './movement.ts';

/** Somebody who may stand in the line of a shot. */
export interface Body {
  readonly id: EntityId;
  readonly pos: Readonly<Vec2>;
  readonly hp: number;
}

/** A shot on its way from the middle of the player, to where it ends if nobody is in its way. */
export interface LineOfFire {
  readonly from: Readonly<Vec2>;
  readonly to: Readonly<Vec2>;
}

/** In the step: the shot, its tracer at once on the shooter's page, and what it does to the ball. */
export function fireRifle(player: Fighter, context: FighterContext): void {
  player.reload = balance.rifleReloadTicks;
  player.firedAt = context.tick;
  const way = directionOf(player.aim);
  const { along, on, ball } = endOfFire(player, way, context.world);
  if (ball) hitBall(ball, way, balance.ballByRifle, player.id);
  const length = Math.round(along * balance.rifleRange);
  context.emit('shot', { shooter: player.id, from: { ...player.pos }, angle: player.aim, length, on, colour: player.colour });
}

/** The line of the shot that a player has fired in this tick. */
export function lineOfFire(player: Pick<Fighter, 'pos' | 'aim'>, world: FighterContext['world']): LineOfFire {
  const way = directionOf(player.aim);
  const length = endOfFire(player, way, world).along * balance.rifleRange;
  return { from: player.pos, to: { x: player.pos.x + way.x * length, y: player.pos.y + way.y * length } };
}

/** The first living body on a line; undefined when there is none. The page ends tracers there, the server takes health. */
export function firstBodyOn<B extends Body>({ from, to }: LineOfFire, bodies: readonly B[], shooter: EntityId | null): B | undefined {
  let first = 1;
  let found: B | undefined;
  for (const body of bodies) {
    if (body.hp === 0 || body.id === shooter) continue;
    const along = touchesCircle(from, to, body.pos, balance.playerRadius);
    if (along === undefined || along > first) continue;
    first = along;
    found = body;
  }
  return found;
}

function endOfFire({ pos }: Pick<Fighter, 'pos'>, way: Readonly<Vec2>, world: FighterContext['world']) {
  const to = { x: pos.x + way.x * balance.rifleRange, y: pos.y + way.y * balance.rifleRange };
  const wall = touchesWall(pos, to, 0, walls);
  for (const ball of world.all('ball')) {
    const along = touchesCircle(pos, to, ball.pos, balance.ballRadius);
    if (along !== undefined && (wall === undefined || along < wall)) return { along, on: 'ball', ball } as const;
  }
  return { along: wall ?? 1, on: wall === undefined ? 'nothing' : 'wall', ball: undefined } as const;
}
