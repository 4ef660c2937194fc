import type { EntityId, Vec2 } from '@tickwire/shared';
import { World } from '@tickwire/shared/internal';
import { describe, expect, test } from 'vitest';
import { walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { game, type Player } from '../game.ts';
import { blastHits, firstTouched, type Hit, takeHealth } from './damage.ts';

const lane = 220;

function worldWith(...places: Vec2[]): { world: World<typeof game>; players: Player[] } {
  const world = new World(game);
  return { world, players: places.map((pos) => world.spawn('player', { pos, hp: balance.healthMax })) };
}

describe('health', () => {
  test('[AR11] the fifth rifle hit kills: a point for the shooter, a death for the victim, once', () => {
    const { world, players } = worldWith({ x: 100, y: lane }, { x: 300, y: lane });
    const [shooter, target] = players as [Player, Player];
    target.dash = 4;
    const hit: Hit = { target, shooter: shooter.id, weapon: 'rifle', damage: balance.rifleDamage };
    expect([1, 2, 3, 4, 5, 6].map(() => takeHealth(world, hit, 1000))).toEqual([false, false, false, false, true, false]);
    expect(target).toMatchObject({ hp: 0, deaths: 1, score: 0, dash: 0, respawnAt: 1000 + balance.respawnTicks });
    expect(shooter).toMatchObject({ score: 1, deaths: 0 });
  });

  test('[AR11] who has left gets no point for what his shot does later', () => {
    const { world, players } = worldWith({ x: 100, y: lane }, { x: 300, y: lane });
    const [shooter, target] = players as [Player, Player];
    world.despawn(shooter);
    expect(takeHealth(world, { target, shooter: shooter.id, weapon: 'launcher', damage: 100 }, 5)).toBe(true);
    expect(target.deaths).toBe(1);
  });

  test('[AR26] who blows himself up dies, and gets no point for it', () => {
    const { world, players } = worldWith({ x: 100, y: lane });
    const [player] = players as [Player];
    expect(takeHealth(world, { target: player, shooter: player.id, weapon: 'launcher', damage: 200 }, 5)).toBe(true);
    expect(player).toMatchObject({ deaths: 1, score: 0 });
  });
});

describe('a rocket that meets somebody', () => {
  const rocketIn = (world: World<typeof game>, pos: Vec2, shooter: EntityId | null) =>
    world.spawn('rocket', { pos, velocity: { x: balance.rocketSpeed, y: 0 }, shooter, fuse: 40 });

  test('[AR25] touches the first living player on its way through the tick, whatever the phase, and not who fired it', () => {
    for (let phase = 0; phase < 11; phase++) {
      const { world, players } = worldWith({ x: 500, y: lane }, { x: 506, y: lane }, { x: 460, y: lane });
      const [near, far, shooter] = players as [Player, Player, Player];
      const rocket = rocketIn(world, { x: 475 + phase, y: lane }, shooter.id);
      expect(firstTouched(rocket, players, 1 / 60)).toBe(near);
      near.hp = 0;
      rocket.pos.x += 6;
      expect(firstTouched(rocket, players, 1 / 60)).toBe(far);
      far.pos.y += balance.playerRadius + balance.rocketRadius + 1;
      expect(firstTouched(rocket, players, 1 / 60)).toBeUndefined();
    }
  });

  test('[AR25] hurts fully whom it touched, others the less the farther, who fired it half as much, and nobody behind a wall', () => {
    const wall = walls[0] as (typeof walls)[number];
    const top = wall.y - balance.rocketRadius;
    const x = wall.x + 20;
    const { world, players } = worldWith(
      { x: x + 110, y: top },
      { x: x + 40, y: top },
      { x: x - 85, y: top },
      { x: x + 20 + balance.blastRadius + 1, y: top },
      { x, y: wall.y + wall.height + 20 },
    );
    const [touched, near, shooter] = players as [Player, Player, Player];
    const hits = blastHits(world, rocketIn(world, { x, y: top }, shooter.id), touched.id);
    expect(hits.map(({ target, damage, weapon }) => [target.id, damage, weapon])).toEqual([
      [touched.id, balance.blastDamage, 'launcher'],
      [near.id, Math.round(20 + 50 * (1 - 20 / 130)), 'launcher'],
      [shooter.id, Math.round((20 + 50 * 0.5) / 2), 'launcher'],
    ]);
    near.hp = 0;
    expect(blastHits(world, rocketIn(world, { x, y: top }, null), undefined).map(({ target }) => target.id)).toEqual([touched.id, shooter.id]);
  });
});
