// Bots as a room has them: they come and go, play a match by themselves, and are neither blind nor perfect.

import { ClientRoom } from '@tickwire/client/core';
import { RoomCore } from '@tickwire/server/core';
import { type MemoryLinkPair, memoryLinkPair, Random, type Vec2 } from '@tickwire/shared';
import { World } from '@tickwire/shared/internal';
import { describe, expect, test } from 'vitest';
import { walls } from '../arena-map.ts';
import { game, type Player } from '../game.ts';
import { ArenaRoom } from '../server/arena-room.ts';
import { BotMind } from './bot-mind.ts';
import { BotTeam } from './bot-team.ts';

class Arena extends ArenaRoom {
  override autoDispose = false;
  readonly told: Record<string, number> = {};

  override emit(...args: Parameters<ArenaRoom['emit']>): void {
    this.told[args[0]] = (this.told[args[0]] ?? 0) + 1;
    super.emit(...args);
  }
}

function arenaWith(bots: number, seed: number): { core: RoomCore<typeof game>; room: Arena } {
  const room = new Arena();
  room.bots = bots;
  const core = new RoomCore({ game, room, roomId: 'arena', seed, onError: raise }, 0);
  core.create({});
  return { core, room };
}

describe('bots', () => {
  test('[AR36] play a match by themselves: they come about, fight, pick up and score, and are no machines', () => {
    const { core, room } = arenaWith(6, 2);
    const walked = new Map<number, Set<string>>();
    for (let tick = 0; tick < 150 * 60; tick++) {
      core.advance(core.nextTickAt);
      for (const { id, pos } of room.world.all('player')) {
        const cells = walked.get(id) ?? new Set();
        walked.set(id, cells.add(`${Math.floor(pos.x / 250)} ${Math.floor(pos.y / 250)}`));
      }
    }
    expect(walked.size).toBe(6);
    for (const cells of walked.values()) expect(cells.size).toBeGreaterThan(20);
    const { kill = 0, goal = 0, picked = 0 } = room.told;
    expect([kill > 15, goal > 0, picked > 10]).toEqual([true, true, true]);
    // Each bot dies every 15 seconds at the most often.
    expect(kill).toBeLessThan((6 * 150) / 15);
  });

  test('[AR36] shoot at nobody behind a wall, and at whom they see after a moment, with a barrel that turns no faster than a hand', () => {
    const wall = walls[0] as (typeof walls)[number];
    const shotsAfter = (pos: Vec2): number => {
      const world = new World(game);
      const me = world.spawn('player', { pos: { x: wall.x + 100, y: wall.y - 150 }, hp: 100, aim: -2 });
      world.spawn('player', { pos, hp: 100 });
      const mind = new BotMind(new Random(4));
      for (let tick = 1; tick < 200; tick++) {
        const { aim, fire } = mind.play(me, world, tick);
        expect(Math.abs(aim - me.aim)).toBeLessThanOrEqual(0.15001);
        if (fire) return tick;
        me.aim = aim;
      }
      return Number.POSITIVE_INFINITY;
    };
    expect(shotsAfter({ x: wall.x + 100, y: wall.y + wall.height + 30 })).toBe(Number.POSITIVE_INFINITY);
    const seenAt = shotsAfter({ x: wall.x - 200, y: wall.y - 150 });
    expect([seenAt > 12, seenAt < 140]).toEqual([true, true]);
  });

  test('[AR36] the dead press nothing', () => {
    const world = new World(game);
    const me = world.spawn('player', { pos: { x: 500, y: 200 }, hp: 0 });
    expect(new BotMind(new Random(4)).play(me, world, 5)).toMatchObject({ move: { x: 0, y: 0 }, fire: false, dash: false, swap: false });
  });

  test('[AR34] come and go until there are as many as wanted, the one with the fewest points first, each with a name of its own', () => {
    const world = new World(game);
    const team = new BotTeam(world, new Random(7));
    const bots = (): readonly Player[] => world.all('player').filter(({ isBot }) => isBot);
    team.fill(16);
    expect(new Set(bots().map(({ name }) => name)).size).toBe(16);
    for (const [index, bot] of bots().entries()) bot.score = index === 4 ? 0 : 2 + index;
    const [, , , , least] = bots();
    team.fill(15);
    expect([bots().length, bots().includes(least as Player)]).toEqual([15, false]);
    team.fill(3);
    expect(bots().map(({ score }) => score)).toEqual([15, 16, 17]);
    team.fill(0);
    expect(world.all('player')).toEqual([]);
  });

  test('[AR34] fill a room up to its number and make way for people; the list of rooms tells how many of each there are', () => {
    const { core, room } = arenaWith(3, 1);
    expect(room.metadata).toEqual({ players: 0, bots: 3, phase: 'play' });
    const names = (): string[] => room.world.all('player').map(({ name, isBot }) => (isBot ? 'bot' : name));
    const links = ['Ada', 'Bob', 'Cyd', 'Dan'].map((name) => join(core, name));
    expect(names().sort()).toEqual(['Ada', 'Bob', 'Cyd', 'Dan']);
    expect(room.metadata).toEqual({ players: 4, bots: 0, phase: 'play' });
    for (const name of ['Ada', 'Bob', 'Cyd']) core.leave(name, 0);
    expect(names().sort()).toEqual(['Dan', 'bot', 'bot']);
    expect(room.metadata).toEqual({ players: 1, bots: 2, phase: 'play' });
    expect(links).toHaveLength(4);
  });

  test('[AR37] play for who has lost the link, until he is back or gone', () => {
    const { core, room } = arenaWith(0, 1);
    const ada = join(core, 'Ada');
    join(core, 'Bob');
    const [player] = room.world.all('player');
    if (!player) throw new Error('nobody came');
    const ticks = (count: number): void => {
      for (let tick = 0; tick < count; tick++) core.advance(core.nextTickAt);
    };
    const from = { ...player.pos };
    ticks(120);
    expect(player.pos).toEqual(from);
    ada.cut('link-lost');
    ada.advance(3000);
    ticks(120);
    expect(Math.hypot(player.pos.x - from.x, player.pos.y - from.y)).toBeGreaterThan(100);
    ticks(600);
    expect(room.world.all('player').map(({ name }) => name)).toEqual(['Bob']);
  });
});

/** Somebody whose link opens at once, and who presses nothing. */
function join(core: RoomCore<typeof game>, name: string): MemoryLinkPair {
  const pair = memoryLinkPair({ seed: 1, profile: { delayMs: 0 }, thrown: raise });
  const page = new ClientRoom(game, { roomId: 'arena', sessionId: name, token: name }, 0);
  core.reserve(name, name, undefined, { name }, 0);
  core.accept(name, pair.a);
  page.accept(pair.b).catch(raise);
  for (let now = 0; now < 40; now += 2) pair.advance(now);
  return pair;
}

function raise(error: unknown): never {
  throw error;
}
