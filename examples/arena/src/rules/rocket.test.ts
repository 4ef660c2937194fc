import type { Vec2 } from '@tickwire/shared';
import { describe, expect, test } from 'vitest';
import { arenaSize, walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { blastShare, type FlyingRocket, fireRocket, stepRocket } from './rocket.ts';
import { ballAt, fighterAt, rocketAt, stepContext } from './step-stand-in.ts';

const lane = 220;
const right = { x: balance.rocketSpeed, y: 0 };

/** Flies a rocket until it bursts. */
function fly(from: Vec2, velocity: Vec2, balls = [ballAt()]) {
  const rocket = rocketAt(from.x, from.y, velocity);
  for (let ticks = 1; ticks <= 200; ticks++) {
    const context = stepContext({ balls });
    stepRocket(rocket, undefined, context);
    if (rocket.fuse > 0) continue;
    expect(context.emitted).toEqual([{ event: 'blast', fields: { at: rocket.pos, colour: rocket.colour } }]);
    expect(context.despawned).toEqual([]);
    stepRocket(rocket, undefined, context);
    expect([context.emitted.length, context.despawned]).toEqual([1, [rocket.id]]);
    return { ticks, x: rocket.pos.x, y: rocket.pos.y };
  }
  throw new Error('it flies on');
}

describe('a rocket', () => {
  test('[AR24] flies straight on at 620 units a second and bursts after 90 ticks, gone a tick later', () => {
    const { ticks, x, y } = fly({ x: 500, y: lane }, right);
    expect([ticks, y]).toEqual([90, lane]);
    expect(x).toBeCloseTo(500 + (90 * 620) / 60, 6);
  });

  test('[AR24] bursts at a wall, at the edge and at the ball, and passes through none of them', () => {
    const wall = walls[0] as (typeof walls)[number];
    for (let phase = 0; phase < 11; phase++) {
      const { y } = fly({ x: wall.x + 40, y: wall.y - 100 - phase }, { x: 0, y: balance.rocketSpeed });
      expect(y).toBeCloseTo(wall.y - balance.rocketRadius, 6);
      expect(fly({ x: 1700 + phase, y: lane }, right).x).toBeCloseTo(arenaSize.width - balance.rocketRadius, 6);
      const atBall = fly({ x: 600 + phase, y: lane }, right, [ballAt(900, lane)]);
      expect(atBall.x).toBeCloseTo(900 - balance.ballRadius - balance.rocketRadius, 6);
    }
  });

  test('[AR24] starts at the end of the barrel, or before the wall that the barrel reaches into', () => {
    const fire = (x: number, y: number, aim: number): Partial<FlyingRocket> => {
      const context = stepContext();
      const player = { ...fighterAt(x, y), aim };
      fireRocket(player, context);
      expect(player).toMatchObject({ reload: balance.rocketReloadTicks, rockets: balance.rocketsAtStart - 1 });
      return context.spawned[0] ?? {};
    };
    expect(fire(600, lane, 0)).toMatchObject({ pos: { x: 634, y: lane }, velocity: right, shooter: 7, fuse: 90 });
    const wall = walls[0] as (typeof walls)[number];
    const { pos } = fire(wall.x + 50, wall.y - balance.playerRadius, Math.PI / 2);
    expect(pos?.y).toBeCloseTo(wall.y - balance.rocketRadius, 6);
  });

  test('[AR28] its blast sends the ball away from it, the nearer the faster, and the ball knows whose it was', () => {
    const speeds = [0, 60, 120, 131].map((gap) => {
      const ball = ballAt(500 + 30 + gap, lane);
      const rocket = { ...rocketAt(500, lane, { x: 0, y: -1 }, 12), fuse: 1 };
      stepRocket(rocket, undefined, stepContext({ balls: [ball] }));
      expect(ball.touchedBy).toBe(gap > balance.blastRadius ? null : 12);
      expect(Math.abs(ball.velocity.y)).toBeLessThan(2);
      return ball.velocity.x;
    });
    expect(speeds[0]).toBeCloseTo(balance.ballByBlast, 0);
    expect(speeds[1]).toBeCloseTo((balance.ballByBlast * 70) / 130, 0);
    expect([(speeds[2] as number) > 50, speeds[3]]).toEqual([true, 0]);
    expect([blastShare(-5), blastShare(65), blastShare(130), blastShare(400)]).toEqual([1, 0.5, 0, 0]);
  });
});
