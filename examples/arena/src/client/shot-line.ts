// The line of a rifle shot as this page shows it: from the barrel to the first player who is drawn in its way, as the server judges it.
//
// Invariant: who is drawn in the line is the one whom the server, which rewinds to what the shooter saw, finds there. Units: arena units, radians.

import type { EventOf, Vec2 } from '@tickwire/shared';
import { balance } from '../balance.ts';
import type { game } from '../game.ts';
import { touchesCircle } from '../rules/collision.ts';
import { directionOf } from '../rules/direction.ts';
import { type Body, firstBodyOn } from '../rules/rifle.ts';

export interface ShotLine<B extends Body> {
  readonly from: Vec2;
  readonly to: Vec2;
  /** Who is hit; undefined when nobody is in the way. */
  readonly hit: B | undefined;
  /** Whether it ends on something, and not in the air. */
  readonly isStopped: boolean;
}

export function lineShown<B extends Body>(shot: EventOf<typeof game, 'shot'>, players: readonly B[]): ShotLine<B> {
  const { from, length } = shot;
  const way = directionOf(shot.angle);
  const to = pointOn(from, way, length);
  const body = firstBodyOn({ from, to }, players, shot.shooter);
  const along = body ? (touchesCircle(from, to, body.pos, balance.playerRadius) ?? 1) : 1;
  const muzzle = Math.min(balance.muzzleDistance, along * length);
  return {
    from: pointOn(from, way, muzzle),
    to: pointOn(from, way, along * length),
    hit: body,
    isStopped: body !== undefined || shot.on !== 'nothing',
  };
}

function pointOn(from: Readonly<Vec2>, way: Readonly<Vec2>, distance: number): Vec2 {
  return { x: from.x + way.x * distance, y: from.y + way.y * distance };
}
