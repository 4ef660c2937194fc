import type { EntityId } from '@tickwire/shared';
import { describe, expect, test } from 'vitest';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { fireRifle, firstBodyOn, lineOfFire } from './rifle.ts';
import { ballAt, fighterAt, stepContext } from './step-stand-in.ts';

/** On both sides of the map's middle line nothing stands in the way here. */
const lane = 220;

describe('the rifle', () => {
  test('[AR22] reaches 700 units, to the first wall, or to the ball, and the tracer is told in that tick', () => {
    const shoot = (x: number, y: number, aim: number, balls = [ballAt()]) => {
      const context = stepContext({ balls }, 40);
      const player = { ...fighterAt(x, y), aim };
      fireRifle(player, context);
      expect(player).toMatchObject({ firedAt: 40, reload: balance.rifleReloadTicks });
      expect(context.emitted).toMatchObject([{ event: 'shot', fields: { shooter: 7, from: { x, y }, angle: aim } }]);
      return context.emitted[0]?.fields;
    };
    expect(shoot(600, lane, 0)).toMatchObject({ length: 700, on: 'nothing' });
    expect(shoot(1900, lane, 0)).toMatchObject({ length: 100, on: 'wall' });
    const wall = walls[0] as (typeof walls)[number];
    expect(shoot(wall.x + 50, wall.y - 120, Math.PI / 2)).toMatchObject({ length: 120, on: 'wall' });
    expect(shoot(600, lane, 0, [ballAt(900, lane + 29)])).toMatchObject({ on: 'ball' });
    expect(shoot(600, lane, 0, [ballAt(900, lane)])).toMatchObject({ length: 300 - balance.ballRadius, on: 'ball' });
    expect(shoot(600, lane, 0, [ballAt(900, lane + 31)])).toMatchObject({ on: 'nothing' });
    // A barrel in a wall shoots through nothing.
    expect(shoot(wall.x + 50, wall.y - balance.playerRadius, Math.PI / 2)).toMatchObject({ length: 20, on: 'wall' });
  });

  test('[AR23] hits the first living body on its line, not the shooter, not the dead and nobody behind the ball', () => {
    const shooter = fighterAt(300, lane);
    const body = (id: number, x: number, y: number, hp = 100) => ({ id: id as EntityId, pos: { x, y }, hp });
    const hit = (bodies: ReturnType<typeof body>[], balls = [ballAt()]) =>
      firstBodyOn(lineOfFire(shooter, stepContext({ balls }).world), bodies, shooter.id)?.id;
    const self = body(shooter.id, 300, lane);
    expect(hit([self, body(2, 700, lane), body(3, 500, lane)])).toBe(3);
    expect(hit([self, body(3, 500, lane, 0), body(2, 700, lane)])).toBe(2);
    expect(hit([body(2, 500, lane + balance.playerRadius - 0.1)])).toBe(2);
    expect(hit([body(2, 500, lane + balance.playerRadius + 0.1)])).toBeUndefined();
    expect(hit([body(2, 280, lane - 60)])).toBeUndefined();
    expect(hit([body(2, 1000 + balance.playerRadius + 1, lane)])).toBeUndefined();
    expect(hit([body(2, 700, lane)], [ballAt(600, lane)])).toBeUndefined();
    expect(hit([body(2, 500, lane)], [ballAt(600, lane)])).toBe(2);
    // Muzzle to muzzle.
    expect(hit([body(2, 330, lane)])).toBe(2);
  });
});
