import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arenaSize, spawnPoints, walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { Intent } from '../schema.ts';
import { hasJustFired, stepPlayer } from './movement.ts';
import { fighterAt, stepContext } from './step-stand-in.ts';

const idle: Intent = { move: { x: 0, y: 0 }, aim: 0, fire: false, dash: 0, swap: 0 };

describe('walking', () => {
  test('[AR1] a player walks 260 units in a second, two keys at once no faster and half a stick half as fast', () => {
    const cases = [
      { move: { x: 1, y: 0 }, distance: 260 },
      { move: { x: 1, y: 1 }, distance: 260 },
      { move: { x: -0.5, y: 0 }, distance: 130 },
      { move: { x: 0, y: 0 }, distance: 0 },
    ];
    for (const { move, distance } of cases) {
      const player = fighterAt(open.x, open.y);
      for (let tick = 0; tick < 15; tick++) stepPlayer(player, { ...idle, move }, stepContext());
      expect(Math.hypot(player.pos.x - open.x, player.pos.y - open.y)).toBeCloseTo(distance / 4, 6);
    }
  });

  test('[AR2] a player overlaps no wall and no edge of the arena, wherever it is and wherever it walks', () => {
    const place = fc.record({
      x: fc.double({ min: 0, max: arenaSize.width, noNaN: true }),
      y: fc.double({ min: 0, max: arenaSize.height, noNaN: true }),
    });
    const axis = fc.double({ min: -1, max: 1, noNaN: true });
    fc.assert(
      fc.property(place, fc.array(fc.record({ x: axis, y: axis }), { minLength: 20, maxLength: 60 }), (start, moves) => {
        const player = fighterAt(start.x, start.y);
        for (const move of moves) stepPlayer(player, { ...idle, move: { x: move.x || 1, y: move.y } }, stepContext());
        expect(gapToWalls(player.pos)).toBeGreaterThan(-1e-6);
        expect(Math.min(player.pos.x, arenaSize.width - player.pos.x)).toBeGreaterThanOrEqual(balance.playerRadius);
        expect(Math.min(player.pos.y, arenaSize.height - player.pos.y)).toBeGreaterThanOrEqual(balance.playerRadius);
      }),
    );
  });

  test('[AR3] a player that walks into a wall at an angle slides along it', () => {
    const wall = walls[0] as (typeof walls)[number];
    const player = fighterAt(wall.x + 20, wall.y - balance.playerRadius);
    for (let tick = 0; tick < 30; tick++) stepPlayer(player, { ...idle, move: { x: 1, y: 1 } }, stepContext());
    expect(player.pos.y).toBeCloseTo(wall.y - balance.playerRadius, 6);
    expect(player.pos.x).toBeGreaterThan(wall.x + 20 + 80);
  });

  test('[AR4] the dead neither walk nor turn nor shoot', () => {
    const player = { ...fighterAt(open.x, open.y), hp: 0 };
    for (let tick = 0; tick < 30; tick++) stepPlayer(player, { ...idle, move: { x: 1, y: 0 }, aim: 1, fire: true }, stepContext());
    expect(player).toMatchObject({ pos: open, aim: 0, shots: 0 });
    expect(hasJustFired(player, 1)).toBe(false);
  });
});

describe('the trigger', () => {
  test('[AR5] a held trigger shoots every 10 ticks, and pulling it faster shoots no more often', () => {
    for (const fireAt of [() => true, (tick: number) => tick % 2 === 1]) {
      const player = fighterAt(open.x, open.y);
      const shotAt: number[] = [];
      for (let tick = 1; tick <= 60; tick++) {
        stepPlayer(player, { ...idle, fire: fireAt(tick) }, stepContext({}, tick));
        if (hasJustFired(player, tick)) shotAt.push(tick);
      }
      expect(shotAt).toEqual([1, 11, 21, 31, 41, 51]);
      expect(player.shots).toBe(6);
    }
  });
});

test('[AR17] the map is the same turned by half a turn, and no spawn point touches a wall', () => {
  const turned = walls.map(({ x, y, width, height }) => ({ x: arenaSize.width - x - width, y: arenaSize.height - y - height, width, height }));
  for (const wall of turned) expect(walls).toContainEqual(wall);
  for (const { x, y } of spawnPoints) expect(spawnPoints).toContainEqual({ x: arenaSize.width - x, y: arenaSize.height - y });
  for (const point of spawnPoints) expect(gapToWalls(point)).toBeGreaterThan(balance.playerRadius);
});

/** From a player's rim to the nearest wall; negative inside one. Written apart from the code under test. */
function gapToWalls({ x, y }: { x: number; y: number }): number {
  const gaps = walls.map((wall) => {
    const outsideX = Math.max(wall.x - x, 0, x - wall.x - wall.width);
    const outsideY = Math.max(wall.y - y, 0, y - wall.y - wall.height);
    return Math.hypot(outsideX, outsideY);
  });
  return Math.min(...gaps) - balance.playerRadius;
}

/** A place with nothing near. */
const open = { x: 570, y: 750 };
