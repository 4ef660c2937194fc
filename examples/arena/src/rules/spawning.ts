// Where players appear and when they come back; the ball and the pick-ups at their places.
//
// Units: arena units, ticks.

import type { Random, Vec2 } from '@tickwire/shared';
import { ballStart, pickupPlaces, spawnPoints } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { type Ball, colourCount, type Player } from '../game.ts';
import type { ArenaWorld } from './arena-world.ts';

/** What lies in the arena from the beginning. The ball is first: it steps before the players, at both ends. */
export function furnish(world: ArenaWorld): void {
  world.spawn('ball', { pos: { ...ballStart } });
  for (const { pos, kind } of pickupPlaces) world.spawn('pickup', { pos: { ...pos }, kind, isThere: true });
}

/** A new player with a colour that few others have. */
export function spawnPlayer(world: ArenaWorld, name: string, random: Random, isBot = false): Player {
  const pos = { ...farthestSpawnPoint(world, random) };
  return world.spawn('player', { name, colour: rarestColour(world), isBot, pos, hp: balance.healthMax, rockets: balance.rocketsAtStart });
}

/** Brings back everyone whose time has come. */
export function respawn(world: ArenaWorld, tick: number, random: Random): void {
  for (const player of world.all('player')) if (player.hp === 0 && tick >= player.respawnAt) putBack(world, player, random);
}

/** A player as new, but for its score, where nobody is near. */
export function putBack(world: ArenaWorld, player: Player, random: Random): void {
  const { x, y } = farthestSpawnPoint(world, random);
  player.pos.x = x;
  player.pos.y = y;
  player.jumps += 1;
  player.hp = balance.healthMax;
  player.weapon = 'rifle';
  player.rockets = balance.rocketsAtStart;
  player.dash = 0;
  player.respawnAt = 0;
}

/** The ball lies in the middle, nobody's. */
export function putBallBack(ball: Ball): void {
  ball.pos.x = ballStart.x;
  ball.pos.y = ballStart.y;
  ball.velocity.x = 0;
  ball.velocity.y = 0;
  ball.touchedBy = null;
  ball.jumps += 1;
}

/** The spawn point whose nearest living player is farthest away; one of the best when several are as good. */
export function farthestSpawnPoint(world: ArenaWorld, random: Random): Readonly<Vec2> {
  const living = world.all('player').filter((player) => player.hp > 0);
  const distances = spawnPoints.map((point) => Math.min(...living.map(({ pos }) => Math.hypot(pos.x - point.x, pos.y - point.y))));
  const best = Math.max(...distances);
  return random.pick(spawnPoints.filter((_, index) => distances[index] === best));
}

function rarestColour(world: ArenaWorld): number {
  const wearers = new Array<number>(colourCount).fill(0);
  for (const { colour } of world.all('player')) wearers[colour] = (wearers[colour] ?? 0) + 1;
  return wearers.indexOf(Math.min(...wearers));
}
