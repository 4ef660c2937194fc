// The ball: rolls, slows down, bounces off walls, and is pushed by whoever runs into it. Everybody foresees it.
//
// Invariant: + - * / and sqrt only, and nothing read but the ball, the map and the players: where those are exact, so is the ball.
// Units: arena units, units per second; `dt` in seconds.

import type { EntityId, Vec2 } from '@tickwire/shared';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { ArenaStep, FieldsOf } from '../schema.ts';
import { pushOut } from './collision.ts';

export type RollingBall = FieldsOf<'ball'>;
type BallContext = Pick<ArenaStep, 'dt'> & { readonly world: Pick<ArenaStep['world'], 'all'> };

export function stepBall(ball: RollingBall, _input: unknown, { dt, world }: BallContext): void {
  const { pos, velocity } = ball;
  pos.x += velocity.x * dt;
  pos.y += velocity.y * dt;
  for (const player of world.all('player')) if (player.hp > 0) push(ball, player, dt);
  bounce(ball);
  slowDown(velocity);
}

/** Adds to its speed, and notes who did it. @param way of length 1. */
export function hitBall(ball: RollingBall, way: Readonly<Vec2>, speed: number, by: EntityId | null): void {
  ball.velocity.x += way.x * speed;
  ball.velocity.y += way.y * speed;
  ball.touchedBy = by;
  holdSpeed(ball.velocity);
}

/** Whoever overlaps the ball pushes it out of himself; how deep they ran into each other in this tick says how fast. */
function push(ball: RollingBall, player: { readonly id: EntityId; readonly pos: Readonly<Vec2> }, dt: number): void {
  const { pos, velocity } = ball;
  const dx = pos.x - player.pos.x;
  const dy = pos.y - player.pos.y;
  const reach = balance.ballRadius + balance.playerRadius;
  const squared = dx * dx + dy * dy;
  if (squared >= reach * reach || squared === 0) return;
  const distance = Math.sqrt(squared);
  const [x, y] = [dx / distance, dy / distance];
  // How much faster than the ball he came: as in a collision with something heavy, it leaves by more than that.
  const more = (balance.ballKick * (reach - distance)) / dt;
  velocity.x += x * more;
  velocity.y += y * more;
  holdSpeed(velocity);
  pos.x = player.pos.x + x * reach;
  pos.y = player.pos.y + y * reach;
  ball.touchedBy = player.id;
}

function bounce({ pos, velocity }: RollingBall): void {
  const { x, y } = pos;
  pushOut(pos, balance.ballRadius, walls);
  const [dx, dy] = [pos.x - x, pos.y - y];
  const distance = Math.sqrt(dx * dx + dy * dy);
  if (distance === 0) return;
  const into = (velocity.x * dx + velocity.y * dy) / distance;
  if (into >= 0) return;
  const back = (-(1 + balance.ballBounce) * into) / distance;
  velocity.x += dx * back;
  velocity.y += dy * back;
}

function slowDown(velocity: Vec2): void {
  velocity.x *= balance.ballKeeps;
  velocity.y *= balance.ballKeeps;
  const rest = balance.ballRestSpeed;
  if (velocity.x * velocity.x + velocity.y * velocity.y > rest * rest) return;
  velocity.x = 0;
  velocity.y = 0;
}

function holdSpeed(velocity: Vec2): void {
  const speed = Math.sqrt(velocity.x * velocity.x + velocity.y * velocity.y);
  if (speed <= balance.ballSpeedMax) return;
  velocity.x *= balance.ballSpeedMax / speed;
  velocity.y *= balance.ballSpeedMax / speed;
}
