import { Random } from '@tickwire/shared';
import { World } from '@tickwire/shared/internal';
import { expect, test } from 'vitest';
import { pickupPlaces } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { game, type Player } from '../game.ts';
import { farthestSpawnPoint, furnish, respawn, spawnPlayer } from './spawning.ts';

test('[AR12] the dead come back after three seconds, as new, at the spawn point farthest from the living, without sliding there', () => {
  const world = new World(game);
  const random = new Random(4);
  world.spawn('player', { hp: 100, pos: { x: 150, y: 150 } });
  const dead = world.spawn('player', { hp: 0, respawnAt: 500, weapon: 'launcher', rockets: 9, score: 3 });
  respawn(world, 499, random);
  expect(dead.hp).toBe(0);
  respawn(world, 500, random);
  const asNew = { hp: balance.healthMax, weapon: 'rifle', rockets: balance.rocketsAtStart, jumps: 1, respawnAt: 0 };
  expect(dead).toMatchObject({ ...asNew, pos: { x: 1880, y: 1380 }, score: 3 });
});

test('[AR12] the place to appear is any of the best when several are as good', () => {
  const world = new World(game);
  const random = new Random(5);
  const places = new Set(Array.from({ length: 100 }, () => JSON.stringify(farthestSpawnPoint(world, random))));
  expect(places.size).toBeGreaterThan(5);
});

test('[AR16] a new player wears the colour that the fewest wear', () => {
  const world = new World(game);
  const random = new Random(6);
  const players = Array.from({ length: 9 }, (_, index) => spawnPlayer(world, `P${index}`, random));
  expect(players.map(({ colour }) => colour)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
  world.despawn(players[3] as Player);
  expect(spawnPlayer(world, 'late', random).colour).toBe(3);
});

test('[AR27] the ball is the first that steps, before whoever comes', () => {
  const world = new World(game);
  furnish(world);
  const player = spawnPlayer(world, 'Ada', new Random(1));
  expect(world.all('ball')[0]?.id).toBeLessThan(player.id);
  expect(world.all('pickup').map(({ pos, kind, isThere }) => ({ pos, kind, isThere }))).toEqual(
    pickupPlaces.map(({ pos, kind }) => ({ pos, kind, isThere: true })),
  );
});
