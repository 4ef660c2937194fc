// Where players appear and when they come back.
//
// Units: arena units, ticks.

import type { Random, Vec2 } from '@tickwire/shared';
import { spawnPoints } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { colourCount, type Player } from '../game.ts';
import type { ArenaWorld } from './arena-world.ts';

/** A new player with a colour that few others have. */
export function spawnPlayer(world: ArenaWorld, name: string, random: Random): Player {
  return world.spawn('player', { name, colour: rarestColour(world), hp: balance.healthMax, pos: farthestSpawnPoint(world, random) });
}

/** Brings back everyone whose time has come. */
export function respawn(world: ArenaWorld, tick: number, random: Random): void {
  for (const player of world.all('player')) {
    if (player.hp > 0 || tick < player.respawnAt) continue;
    const { x, y } = farthestSpawnPoint(world, random);
    player.pos.x = x;
    player.pos.y = y;
    player.hp = balance.healthMax;
    player.respawnAt = 0;
  }
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
