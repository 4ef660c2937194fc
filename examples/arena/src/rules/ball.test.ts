import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arenaSize, walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { hitBall, stepBall } from './ball.ts';
import { stepPlayer } from './movement.ts';
import { fireRifle } from './rifle.ts';
import { ballAt, fighterAt, stepContext } from './step-stand-in.ts';

const lane = 220;

describe('the ball', () => {
  test('[AR27] rolls on, loses half of its speed in 0.9 seconds, and comes to rest', () => {
    const ball = ballAt(600, lane, { x: 400, y: 0 });
    stepBall(ball, undefined, stepContext());
    expect(ball.pos).toEqual({ x: 600 + 400 / 60, y: lane });
    for (let tick = 1; tick < 53; tick++) stepBall(ball, undefined, stepContext());
    expect(ball.velocity.x).toBeCloseTo(200, -1);
    for (let tick = 0; tick < 400; tick++) stepBall(ball, undefined, stepContext());
    expect(ball.velocity).toEqual({ x: 0, y: 0 });
  });

  test('[AR27] comes back from a wall with three quarters of its speed', () => {
    const wall = walls[0] as (typeof walls)[number];
    const ball = ballAt(wall.x + 100, wall.y - balance.ballRadius - 5, { x: 60, y: 600 });
    stepBall(ball, undefined, stepContext());
    expect(ball.velocity.y).toBeCloseTo(-0.75 * 600 * balance.ballKeeps, 6);
    expect(ball.velocity.x).toBeCloseTo(60 * balance.ballKeeps, 6);
    expect(ball.pos.y).toBeCloseTo(wall.y - balance.ballRadius, 6);
  });

  test('[AR27] overlaps no wall and no edge, and is never faster than 1100, whatever is done to it', () => {
    const number = (most: number) => fc.double({ min: -most, max: most, noNaN: true });
    const push = fc.record({ x: number(1200), y: number(1200) });
    const place = fc.record({ x: fc.double({ min: 40, max: 1960, noNaN: true }), y: fc.double({ min: 40, max: 1460, noNaN: true }) });
    fc.assert(
      fc.property(place, fc.array(push, { minLength: 5, maxLength: 20 }), ({ x, y }, pushes) => {
        const ball = ballAt(x, y);
        for (const { x: vx, y: vy } of pushes) {
          hitBall(ball, { x: 1, y: 0 }, vx, null);
          hitBall(ball, { x: 0, y: 1 }, vy, null);
          expect(Math.hypot(ball.velocity.x, ball.velocity.y)).toBeLessThanOrEqual(balance.ballSpeedMax + 1e-6);
          for (let tick = 0; tick < 10; tick++) stepBall(ball, undefined, stepContext());
          expect(gapToWalls(ball.pos)).toBeGreaterThan(-1e-6);
        }
      }),
    );
  });

  test('[AR28] is pushed ahead by who runs into it, faster than he runs, and knows who that was', () => {
    const ball = ballAt(700, lane);
    const player = fighterAt(600, lane);
    const run = { move: { x: 1, y: 0 }, aim: 0, fire: false, dash: 0, swap: 0 };
    let fastest = 0;
    for (let tick = 0; tick < 90; tick++) {
      const context = stepContext({ balls: [ball], players: [player] });
      stepBall(ball, undefined, context);
      stepPlayer(player, run, context);
      // A tick of running deep, at most: the ball moves out of the way in the next.
      fastest = Math.max(fastest, ball.velocity.x);
      expect(ball.pos.x - player.pos.x).toBeGreaterThan(balance.playerRadius + balance.ballRadius - 5);
    }
    expect(ball.touchedBy).toBe(player.id);
    expect(fastest).toBeGreaterThan(balance.walkSpeed);
    expect(fastest).toBeLessThan(balance.walkSpeed * balance.ballKick + 1);
    expect(ball.pos.y).toBe(lane);
  });

  test('[AR28] the dead are no obstacle to it', () => {
    const ball = ballAt(700, lane);
    stepBall(ball, undefined, stepContext({ players: [{ ...fighterAt(690, lane), hp: 0 }] }));
    expect(ball).toMatchObject({ pos: { x: 700, y: lane }, touchedBy: null });
  });

  test('[AR28] a rifle shot adds 260 units a second along its line', () => {
    const ball = ballAt(700, lane);
    for (const speed of [260, 520]) {
      fireRifle(fighterAt(500, lane), stepContext({ balls: [ball] }));
      expect(ball.velocity).toEqual({ x: speed, y: 0 });
    }
    expect(ball.touchedBy).toBe(7);
  });
});

/** From the ball's rim to the nearest wall or edge; negative inside one. */
function gapToWalls({ x, y }: { x: number; y: number }): number {
  const gaps = walls.map((wall) => Math.hypot(Math.max(wall.x - x, 0, x - wall.x - wall.width), Math.max(wall.y - y, 0, y - wall.y - wall.height)));
  return Math.min(...gaps, x, y, arenaSize.width - x, arenaSize.height - y) - balance.ballRadius;
}
