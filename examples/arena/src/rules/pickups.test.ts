import { World } from '@tickwire/shared/internal';
import { expect, test } from 'vitest';
import { balance } from '../balance.ts';
import { game } from '../game.ts';
import { pickUp } from './pickups.ts';

test('[AR30] who walks over health or rockets and lacks them gets them, no more than is allowed', () => {
  const world = new World(game);
  const health = world.spawn('pickup', { pos: { x: 300, y: 300 }, kind: 'health', isThere: true });
  const rockets = world.spawn('pickup', { pos: { x: 600, y: 300 }, kind: 'rockets', isThere: true });
  const hurt = world.spawn('player', { pos: { x: 330, y: 300 }, hp: 70 });
  const armed = world.spawn('player', { pos: { x: 600, y: 310 }, hp: 100, rockets: 7 });
  expect(pickUp(world, 50)).toEqual([
    { player: hurt, pickup: health },
    { player: armed, pickup: rockets },
  ]);
  expect([hurt.hp, hurt.rockets, armed.hp, armed.rockets]).toEqual([balance.healthMax, 0, 100, balance.rocketsMax]);
  expect([health.isThere, rockets.isThere]).toEqual([false, false]);
});

test('[AR30] who lacks nothing, is dead or a step away takes nothing; the next one may', () => {
  const world = new World(game);
  world.spawn('pickup', { pos: { x: 300, y: 300 }, kind: 'health', isThere: true });
  for (const [hp, x] of [
    [100, 300],
    [0, 300],
    [50, 337],
  ] as const)
    world.spawn('player', { pos: { x, y: 300 }, hp });
  expect(pickUp(world, 50)).toEqual([]);
  const needy = world.spawn('player', { pos: { x: 335, y: 300 }, hp: 10 });
  expect(pickUp(world, 51).map(({ player }) => player)).toEqual([needy]);
  expect(needy.hp).toBe(60);
});

test('[AR30] it is back after 10 seconds', () => {
  const world = new World(game);
  const pickup = world.spawn('pickup', { pos: { x: 300, y: 300 }, kind: 'health', isThere: true });
  const player = world.spawn('player', { pos: { x: 300, y: 300 }, hp: 10 });
  pickUp(world, 50);
  player.pos.x = 900;
  for (let tick = 51; tick < 650; tick++) pickUp(world, tick);
  expect(pickup.isThere).toBe(false);
  pickUp(world, 650);
  expect(pickup.isThere).toBe(true);
});
