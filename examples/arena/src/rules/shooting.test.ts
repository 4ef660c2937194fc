import { Random, type Vec2 } from '@tickwire/shared';
import { SimulationContext, simulate, World } from '@tickwire/shared/internal';
import { describe, expect, test } from 'vitest';
import { arenaSize, walls } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { type ArenaInput, game, type Player } from '../game.ts';
import { damage, type Impact, shoot } from './shooting.ts';
import { farthestSpawnPoint, respawn, spawnPlayer } from './spawning.ts';

describe('bullets', () => {
  test('[AR7] a bullet flies straight on at 900 units a second and ends after 42 ticks', () => {
    const range = new Range();
    const shooter = range.player({ x: 100, y: 500 }, { aim: 0 });
    range.tick({ shooter });
    const bullet = range.world.all('bullet')[0];
    expect(bullet?.pos).toEqual({ x: 100 + balance.muzzleDistance, y: 500 });
    range.ticks(42 - 1);
    expect(bullet?.pos.x).toBeCloseTo(100 + balance.muzzleDistance + (41 * 900) / 60, 6);
    expect(range.world.all('bullet')).toHaveLength(1);
    range.ticks(1);
    expect(range.world.all('bullet')).toHaveLength(0);
    expect(range.impacts).toEqual([]);
  });

  test('[AR8] a bullet ends at the first thing on its way: a player, a wall, the edge', () => {
    const wall = walls[0] as (typeof walls)[number];
    const inFront = new Range();
    inFront.player({ x: wall.x - 100, y: wall.y + 60 }, { name: 'victim' });
    inFront.fireFrom({ x: wall.x - 300, y: wall.y + 60 });
    expect(inFront.impacts).toMatchObject([{ target: { name: 'victim' } }]);

    const behind = new Range();
    behind.player({ x: wall.x + wall.width + 100, y: wall.y + 60 }, { name: 'victim' });
    behind.fireFrom({ x: wall.x - 300, y: wall.y + 60 });
    expect(behind.impacts).toHaveLength(1);
    expect(behind.impacts[0]?.target).toBeUndefined();
    expect(behind.impacts[0]?.at.x).toBeCloseTo(wall.x - balance.bulletRadius, 6);

    const edge = new Range();
    edge.fireFrom({ x: arenaSize.width - 200, y: 500 });
    expect(edge.impacts).toHaveLength(1);
    expect(edge.impacts[0]?.at.x).toBeCloseTo(arenaSize.width - balance.bulletRadius, 6);
  });

  test('[AR8] a bullet passes through nothing, at whatever distance it meets a player', () => {
    // One tick of flight is 15 units: every phase of it, and grazing shots too.
    for (let phase = 0; phase < 15; phase++) {
      for (const offset of [-24, 0, 24]) {
        const range = new Range();
        range.player({ x: 400 + phase, y: 450 + offset }, { name: 'victim' });
        range.fireFrom({ x: 100, y: 450 });
        expect(range.impacts).toMatchObject([{ target: { name: 'victim' } }]);
      }
    }
  });

  test('[AR9] a bullet never touches the player who shot it, nor the dead', () => {
    const range = new Range();
    range.player({ x: 300, y: 500 }, { hp: 0 });
    range.fireFrom({ x: 100, y: 500 });
    expect(range.impacts).toEqual([]);
  });

  test('[AR10] a barrel that is in a wall or in somebody hits at once and shoots through nothing', () => {
    const wall = walls[0] as (typeof walls)[number];
    const atWall = new Range();
    const shooter = atWall.player({ x: wall.x - balance.playerRadius, y: wall.y + 60 }, { aim: 0 });
    atWall.tick({ shooter });
    expect(atWall.impacts).toHaveLength(1);
    expect(atWall.world.all('bullet')).toHaveLength(0);

    const close = new Range();
    close.player({ x: 130, y: 500 }, { name: 'victim' });
    close.tick({ shooter: close.player({ x: 100, y: 500 }, { aim: 0 }) });
    expect(close.impacts).toMatchObject([{ target: { name: 'victim' } }]);
  });
});

describe('health', () => {
  test('[AR11] the fifth hit kills: a point for the shooter, a death for the victim, once', () => {
    const { world } = new Range();
    const shooter = world.spawn('player', { hp: 100 });
    const target = world.spawn('player', { hp: 100 });
    const impact: Impact = { at: { x: 0, y: 0 }, colour: 0, shooter: shooter.id, target };
    expect([1, 2, 3, 4, 5, 6].map(() => damage(world, impact, 1000))).toEqual([false, false, false, false, true, false]);
    expect(target).toMatchObject({ hp: 0, deaths: 1, score: 0, respawnAt: 1000 + balance.respawnTicks });
    expect(shooter).toMatchObject({ score: 1, deaths: 0 });
  });

  test('[AR11] a bullet whose shooter has left kills without a point for anyone', () => {
    const { world } = new Range();
    const shooter = world.spawn('player', { hp: 100 });
    const target = world.spawn('player', { hp: 20 });
    world.despawn(shooter);
    expect(damage(world, { at: { x: 0, y: 0 }, colour: 0, shooter: shooter.id, target }, 5)).toBe(true);
    expect(target.deaths).toBe(1);
  });

  test('[AR12] the dead come back after three seconds, healthy, at the spawn point farthest from the living', () => {
    const { world } = new Range();
    const random = new Random(4);
    world.spawn('player', { hp: 100, pos: { x: 150, y: 150 } });
    const dead = world.spawn('player', { hp: 0, respawnAt: 500 });
    respawn(world, 499, random);
    expect(dead.hp).toBe(0);
    respawn(world, 500, random);
    expect(dead).toMatchObject({ hp: balance.healthMax, pos: { x: 1880, y: 1380 } });
  });

  test('[AR12] the place to appear is any of the best when several are as good', () => {
    const { world } = new Range();
    const random = new Random(5);
    const places = new Set(Array.from({ length: 100 }, () => JSON.stringify(farthestSpawnPoint(world, random))));
    expect(places.size).toBeGreaterThan(5);
  });

  test('[AR16] a new player wears the colour that the fewest wear', () => {
    const { world } = new Range();
    const random = new Random(6);
    const players = Array.from({ length: 9 }, (_, index) => spawnPlayer(world, `P${index}`, random));
    expect(players.map(({ colour }) => colour)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 0]);
    world.despawn(players[3] as Player);
    expect(spawnPlayer(world, 'late', random).colour).toBe(3);
  });
});

/** A world with nobody but those a test puts in, run as the room runs it. */
class Range {
  readonly world = new World(game);
  readonly impacts: Impact[] = [];
  readonly #context = new SimulationContext(this.world as never, 1, {} as never);

  player(pos: Vec2, values: Partial<Pick<Player, 'aim' | 'hp' | 'name'>> = {}): Player {
    return this.world.spawn('player', { hp: balance.healthMax, pos, ...values });
  }

  /** One tick, in which `shooter` pulls the trigger and nobody else does anything. */
  tick({ shooter }: { shooter?: Player | undefined } = {}): void {
    this.world.tick += 1;
    const input = (entity: { readonly id: unknown; readonly aim?: unknown }): ArenaInput => ({
      move: { x: 0, y: 0 },
      aim: Number(entity.aim ?? 0),
      fire: entity.id === shooter?.id,
    });
    simulate(this.#context, this.world.tick, input as never);
    this.impacts.push(...shoot(this.world, this.world.tick, 1 / game.tickHz));
  }

  ticks(count: number): void {
    for (let tick = 0; tick < count; tick++) this.tick();
  }

  /** One bullet to the right, until its end. */
  fireFrom(pos: Vec2): void {
    this.tick({ shooter: this.player(pos, { aim: 0 }) });
    this.ticks(balance.bulletLifeTicks);
    expect(this.world.all('bullet')).toHaveLength(0);
  }
}
