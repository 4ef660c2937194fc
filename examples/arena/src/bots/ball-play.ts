// Where to stand to bring the ball into a goal.
//
// Units: arena units; directions have length 1.

import type { Vec2 } from '@tickwire/shared';
import { goals } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { stepTowards } from './way-map.ts';

interface Placed {
  readonly pos: Readonly<Vec2>;
}

/** The direction in which the ball has to go, round the walls: written into `way`. */
export function ballDirection(ball: Placed, side: 0 | 1, way: Vec2): void {
  stepTowards(ball.pos, goalCentres[side], way);
  const [dx, dy] = [way.x - ball.pos.x, way.y - ball.pos.y];
  const distance = Math.sqrt(dx * dx + dy * dy) || 1;
  way.x = dx / distance;
  way.y = dy / distance;
}

/** Where to walk to: behind the ball as seen from where it has to go, round it where it is in the way, and then into it. Written into `way`. */
export function wayOfBall(me: Placed, ball: Placed, side: 0 | 1, way: Vec2): void {
  ballDirection(ball, side, way);
  const { x, y } = way;
  const [dx, dy] = [me.pos.x - ball.pos.x, me.pos.y - ball.pos.y];
  const ahead = dx * x + dy * y;
  const aside = dy * x - dx * y;
  if (ahead < -10 && Math.abs(aside) < 0.45 * -ahead) {
    // Behind it: straight on, and a little more to the side that it has to leave.
    place(way, ball, x, y, -10, aside * 0.6);
  } else if (ahead > -touch && Math.abs(aside) < touch) {
    place(way, ball, x, y, Math.min(ahead, 0) - 30, (aside < 0 ? -1 : 1) * (touch + 25));
  } else {
    place(way, ball, x, y, -touch - 20, 0);
  }
}

/** A place as seen from the ball: so far along its direction, and so far aside of it. */
function place(way: Vec2, ball: Placed, x: number, y: number, along: number, aside: number): void {
  way.x = ball.pos.x + x * along - y * aside;
  way.y = ball.pos.y + y * along + x * aside;
}

/** Nearer than this one touches it. */
const touch = balance.playerRadius + balance.ballRadius + 4;
const goalCentres = goals.map(({ x, y, width, height }) => ({ x: x + width / 2, y: y + height / 2 })) as unknown as readonly [Vec2, Vec2];
