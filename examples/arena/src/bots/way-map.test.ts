import { Random, type Vec2 } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { arenaSize, ballStart, goals, pickupPlaces, spawnPoints, walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { stepPlayer } from '../rules/movement.ts';
import { fighterAt, stepContext } from '../rules/step-stand-in.ts';
import { isOpenLine, isOpenWay, stepTowards, walkDistance } from './way-map.ts';

const places = [...spawnPoints, ...pickupPlaces.map(({ pos }) => pos), ballStart];

/** Walks by the map's word. @returns ticks, at most 1200. */
function walk(from: Vec2, to: Vec2): number {
  const player = fighterAt(from.x, from.y);
  const way = { x: 0, y: 0 };
  for (let tick = 0; tick < 1200; tick++) {
    if (Math.hypot(player.pos.x - to.x, player.pos.y - to.y) < 10) return tick;
    stepTowards(player.pos, to, way);
    const [dx, dy] = [way.x - player.pos.x, way.y - player.pos.y];
    const length = Math.hypot(dx, dy) || 1;
    stepPlayer(player, { move: { x: dx / length, y: dy / length }, aim: 0, fire: false, dash: 0, swap: 0 }, stepContext());
  }
  throw new Error(`from ${from.x} ${from.y} nobody comes to ${to.x} ${to.y}: at ${player.pos.x} ${player.pos.y}`);
}

test('[AR35] there is a way from every place to every other, and walking it takes hardly longer than its length', () => {
  for (const from of places) {
    for (const to of places) {
      const straight = Math.hypot(to.x - from.x, to.y - from.y);
      expect(walkDistance(from, to)).toBeGreaterThan(straight * 0.9 - 60);
      expect(walk(from, to)).toBeLessThanOrEqual(((walkDistance(from, to) + 80) / balance.walkSpeed) * 60);
    }
  }
});

test('[AR35] who stands anywhere, in a corner or at a wall, finds his way to the ball', () => {
  const random = new Random(8);
  for (let count = 0; count < 300; count++) {
    const player = fighterAt(random.range(0, arenaSize.width), random.range(0, arenaSize.height));
    // Out of the wall, if it is one.
    stepPlayer(player, { move: { x: 0.01, y: 0 }, aim: 0, fire: false, dash: 0, swap: 0 }, stepContext());
    walk(player.pos, ballStart);
  }
});

test('[AR35] a way is open when nothing stands in it; a wall beside it does not matter', () => {
  const wall = walls[0] as (typeof walls)[number];
  const above = { x: wall.x - 50, y: wall.y - balance.playerRadius };
  expect(isOpenWay(above, { x: wall.x + wall.width + 50, y: above.y })).toBe(true);
  expect(isOpenWay(above, { x: wall.x + 100, y: wall.y + wall.height + 50 })).toBe(false);
  expect(isOpenLine({ x: wall.x - 50, y: wall.y + 5 }, { x: wall.x + wall.width + 50, y: wall.y + 5 })).toBe(false);
  expect(isOpenLine(ballStart, { x: (goals[0]?.x ?? 0) + 30, y: ballStart.y })).toBe(true);
});
