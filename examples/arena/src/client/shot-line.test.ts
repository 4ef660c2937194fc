// The line of a rifle shot as the page shows it, held against what the server judges.

import type { EntityId } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { balance } from '../balance.ts';
import { firstBodyOn } from '../rules/rifle.ts';
import { lineShown } from './shot-line.ts';

const shooter = 1 as EntityId;
const shot = { shooter, from: { x: 100, y: 100 }, angle: 0, length: 500, on: 'wall', colour: 0 } as const;
const body = (id: number, x: number, y = 100, hp = 100) => ({ id: id as EntityId, pos: { x, y }, hp });

test('[PH11] a shot is drawn from the barrel to the edge of the first living player who is drawn in its way', () => {
  const bodies = [body(1, 100), body(2, 420), body(3, 300), body(4, 200, 100, 0), body(5, 250, 121)];
  const line = lineShown(shot, bodies);
  expect(line).toMatchObject({ from: { x: 100 + balance.muzzleDistance, y: 100 }, hit: bodies[2], isStopped: true });
  expect(line.to.x).toBeCloseTo(300 - balance.playerRadius);
  expect(line.hit).toBe(firstBodyOn({ from: shot.from, to: { x: 600, y: 100 } }, bodies, shooter));
});

test('[PH11] where nobody is in its way it ends on what the event says, or in the air', () => {
  expect(lineShown(shot, [body(1, 100)])).toMatchObject({ to: { x: 600, y: 100 }, hit: undefined, isStopped: true });
  expect(lineShown({ ...shot, on: 'nothing' }, [])).toMatchObject({ to: { x: 600, y: 100 }, isStopped: false });
});

test('[PH11] a shot that ends nearer than the barrel reaches has no line behind its end', () => {
  const { from, to } = lineShown({ ...shot, length: 20 }, []);
  expect([from, to]).toEqual([to, { x: 120, y: 100 }]);
  const touching = lineShown(shot, [body(2, 130)]);
  expect(touching.from).toEqual(touching.to);
});
