import type { Vec2 } from '@tickwire/shared';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arenaSize, ballStart, goals, pickupPlaces, spawnPoints, walls } from '../arena-map.ts';
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

describe('the dash', () => {
  test('[AR20] is 10 ticks at three times the speed, and the next one comes 90 ticks after it began', () => {
    const player = fighterAt(open.x, 300);
    const begun: number[] = [];
    let fast = 0;
    for (let tick = 1; tick <= 200; tick++) {
      const before = player.pos.y;
      const wasDashing = player.dash > 0;
      stepPlayer(player, { ...idle, move: { x: 0, y: tick % 60 < 30 ? 0.5 : -0.5 }, dash: 1 }, stepContext({}, tick));
      if (!wasDashing && player.dash > 0) begun.push(tick);
      const walked = Math.abs(player.pos.y - before);
      if (walked > 12.9) fast++;
      expect([2.1667, 13].some((distance) => Math.abs(walked - distance) < 0.001)).toBe(true);
    }
    expect([begun, fast]).toEqual([[1, 91, 181], 30]);
  });

  test('[AR20] goes to where one looks when one stands, and needs its press', () => {
    const player = fighterAt(open.x, 300);
    stepPlayer(player, { ...idle, aim: Math.PI / 2, dash: 1 }, stepContext());
    for (let tick = 0; tick < 20; tick++) stepPlayer(player, { ...idle, aim: Math.PI / 2 }, stepContext());
    expect(player.pos.y).toBeCloseTo(300 + (10 * 3 * 260) / 60, 6);
    expect(player.pos.x).toBeCloseTo(open.x, 6);
  });
});

describe('two weapons', () => {
  test('[AR21] a press changes weapons, two in a tick change nothing, and without rockets it stays the rifle', () => {
    const player = fighterAt(open.x, open.y);
    const press = (swap: number): string => {
      stepPlayer(player, { ...idle, swap }, stepContext());
      return player.weapon;
    };
    expect([press(1), press(0), press(1), press(2), press(1)]).toEqual(['launcher', 'launcher', 'rifle', 'rifle', 'launcher']);
    press(1);
    player.rockets = 0;
    expect(press(1)).toBe('rifle');
  });

  test('[AR21] the launcher shoots a rocket every 48 ticks, and after the last one the rifle is in the hand', () => {
    const player = { ...fighterAt(open.x, open.y), weapon: 'launcher' as 'launcher' | 'rifle' };
    const rockets: number[] = [];
    const shots: number[] = [];
    for (let tick = 1; tick <= 120; tick++) {
      const context = stepContext({}, tick);
      stepPlayer(player, { ...idle, fire: true }, context);
      if (context.spawned.length > 0) rockets.push(tick);
      if (context.emitted.length > 0) shots.push(tick);
      expect(hasJustFired(player, tick)).toBe(context.emitted.length > 0);
    }
    expect([rockets, shots, player.weapon]).toEqual([[1, 49], [97, 107, 117], 'rifle']);
  });
});

test('[AR17] the map is the same turned by half a turn, and nothing that appears touches a wall', () => {
  const turned = ({ x, y, width, height }: (typeof walls)[number]) => ({
    x: arenaSize.width - x - width,
    y: arenaSize.height - y - height,
    width,
    height,
  });
  for (const wall of walls) expect(walls).toContainEqual(turned(wall));
  expect(goals.map(turned)).toEqual([...goals].reverse());
  const opposite = ({ x, y }: Vec2) => ({ x: arenaSize.width - x, y: arenaSize.height - y });
  for (const point of spawnPoints) expect(spawnPoints).toContainEqual(opposite(point));
  for (const { pos, kind } of pickupPlaces) expect(pickupPlaces).toContainEqual({ pos: opposite(pos), kind });
  expect(opposite(ballStart)).toEqual(ballStart);
  for (const point of [...spawnPoints, ...pickupPlaces.map(({ pos }) => pos)]) expect(gapToWalls(point)).toBeGreaterThan(balance.playerRadius);
  expect(gapToWalls(ballStart) + balance.playerRadius).toBeGreaterThan(2 * balance.ballRadius);
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
