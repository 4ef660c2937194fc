// The arena's weapons over a network: whom a shot or a rocket hits on the screen of the one who shot is whom it hits on the server.

import type { NetworkProfile } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { balance } from '../../examples/arena/src/balance.ts';
import { game } from '../../examples/arena/src/game.ts';
import { directionOf } from '../../examples/arena/src/rules/direction.ts';
import { hasJustFired } from '../../examples/arena/src/rules/movement.ts';
import { firstBodyOn } from '../../examples/arena/src/rules/rifle.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';
import { type Peer, Stepper } from '../stepper.ts';

/** A shot as the page of the one who shot has drawn it. */
interface Shot {
  readonly tick: number;
  readonly isHit: boolean;
}

const middle = { x: 1000, y: 455 };
const reach = balance.playerRadius + balance.rocketRadius;

/** An arena in which nobody dies, and which notes who is hit. */
class Range extends ArenaRoom {
  rewinds = true;
  /** The ticks in which triggers were pulled, and in which they hit a player. */
  readonly shots = new Set<number>();
  readonly hits = new Set<number>();
  /** Every rocket that flew, and those that ended on somebody. */
  readonly rockets = new Set<number>();
  readonly touches = new Set<number>();

  /** Both come to the open middle of the map. */
  override onJoin(...args: Parameters<ArenaRoom['onJoin']>): void {
    super.onJoin(...args);
    for (const [index, player] of this.world.all('player').entries()) player.pos = { x: middle.x - 250 + 500 * index, y: middle.y };
  }

  override onTick(): void {
    for (const player of this.world.all('player')) player.hp = balance.healthMax;
    this.maxRewindMs = this.rewinds ? 400 : 0.001;
    for (const player of this.world.all('player')) if (hasJustFired(player, this.tick)) this.shots.add(this.tick);
    const before = this.world.all('player').map(({ hp }) => hp);
    const flying = this.world.all('rocket').filter(({ fuse }) => fuse > 0);
    for (const { id } of flying) this.rockets.add(id);
    super.onTick();
    // What bursts at a wall or in the air stands there for another tick.
    for (const { id } of flying) if (!this.world.get(id)) this.touches.add(id);
    for (const [index, player] of this.world.all('player').entries()) if (player.hp < (before[index] ?? 0)) this.hits.add(this.tick);
  }
}

/**
 * One who walks to and fro and one who shoots at what he sees. @returns of the shots that the server had in their tick: how many there were, how many hit on the
 * screen, and how many of these hit on the server; and all hits of the server.
 */
function duel(profile: NetworkProfile, seed: number, rewinds: boolean): { shots: number; shown: number; both: number; made: number } {
  const room = new Range();
  room.rewinds = rewinds;
  const stepper = new Stepper({ game, room, seed, profile });
  const [shooter, target] = [stepper.join(), stepper.join()];
  walkAbout(target);
  const shots: Shot[] = [];
  let aim = 0;
  let isFiring = false;
  shooter.room.onInput(() => {
    isFiring = stepper.now > 3000 && shooter.random.chance(0.05);
    const [mine, other] = [shooter.room.view.mine('player'), otherOf(shooter)];
    // A little to the side of where he is: some hit and some do not.
    if (mine && other) aim = Math.atan2(other.pos.y - mine.pos.y, other.pos.x - mine.pos.x) + shooter.random.range(-0.15, 0.15);
    return { move: { x: 0, y: 0 }, aim, fire: isFiring };
  });
  shooter.room.on('shot', ({ from, angle, length, shooter: id }) => {
    const { view, predictor } = shooter.room;
    const own = predictor?.world.all('player').find((one) => one.id === id);
    if (!view.get(id)?.mine || !own) return;
    const way = directionOf(angle);
    const line = { from, to: { x: from.x + way.x * length, y: from.y + way.y * length } };
    shots.push({ tick: own.firedAt, isHit: firstBodyOn(line, view.all('player'), id) !== undefined });
  });
  stepper.run(60_000);
  expect(stepper.errors).toEqual([]);
  const known = shots.filter(({ tick }) => room.shots.has(tick));
  const shown = known.filter(({ isHit }) => isHit);
  const both = shown.filter(({ tick }) => room.hits.has(tick));
  return { shots: known.length, shown: shown.length, both: both.length, made: room.hits.size };
}

/** Who is shot at walks to and fro in the open. */
function walkAbout({ room, random }: Peer<typeof game>): void {
  const held = { x: 0, y: 0 };
  room.onInput(() => {
    const place = room.view.mine('player')?.pos ?? middle;
    if (random.chance(0.04)) Object.assign(held, { x: random.range(-1, 1), y: random.range(-1, 1) });
    if (Math.abs(place.x - middle.x) > 300) held.x = place.x < middle.x ? 1 : -1;
    if (Math.abs(place.y - middle.y) > 60) held.y = place.y < middle.y ? 1 : -1;
    return { move: held, aim: 0, fire: false };
  });
}

/** As `duel`, with rockets: how many were fired, how many touched the target on the screen, and how many of these on the server; and those that did only there. */
function rocketDuel(seed: number, rewinds: boolean): { fired: number; shown: number; both: number; hidden: number } {
  const room = new Range();
  room.rewinds = rewinds;
  const stepper = new Stepper({ game, room, seed, profile: { delayMs: 70 } });
  const [shooter, target] = [stepper.join(), stepper.join()];
  walkAbout(target);
  stepper.run(3000);
  const armed = room.world.all('player')[0];
  if (!armed) throw new Error('nobody came');
  shooter.room.onInput(() => {
    Object.assign(armed, { weapon: 'launcher', rockets: 9 });
    const [mine, other] = [shooter.room.view.mine('player'), otherOf(shooter)];
    const aim = mine && other ? Math.atan2(other.pos.y - mine.pos.y, other.pos.x - mine.pos.x) + shooter.random.range(-0.1, 0.1) : 0;
    return { aim, fire: shooter.random.chance(0.05) };
  });
  /** In the order in which they were fired, here and there. */
  const touched = new Map<object, boolean>();
  stepper.run(60_000, (peer) => {
    if (peer !== shooter) return;
    const other = otherOf(shooter);
    for (const rocket of shooter.room.view.all('rocket')) {
      const isTouching = other !== undefined && Math.hypot(rocket.pos.x - other.pos.x, rocket.pos.y - other.pos.y) < reach;
      touched.set(rocket, isTouching || touched.get(rocket) === true);
    }
  });
  expect(stepper.errors).toEqual([]);
  const there = [...room.rockets].map((id) => room.touches.has(id));
  const here = [...touched.values()].slice(0, there.length);
  const count = (isCounted: (index: number) => boolean): number => here.filter((_, index) => isCounted(index)).length;
  return {
    fired: here.length,
    shown: count((index) => here[index] === true),
    both: count((index) => here[index] === true && there[index] === true),
    hidden: count((index) => here[index] === false && there[index] === true),
  };
}

function otherOf({ room }: Peer<typeof game>): { readonly pos: { readonly x: number; readonly y: number } } | undefined {
  return room.view.all('player').find(({ mine }) => !mine);
}

describe('shots in the arena', () => {
  it('[RW14] whom a shot hits on the screen of the one who shot it hits on the server, at 150 ms of round trip and with loss', () => {
    const first = Number(process.env['SIM_SEED'] ?? 11);
    const profile = { delayMs: 70, jitterMs: 10, loss: 0.02 };
    const sum = (rewinds: boolean, duels: readonly number[]): ReturnType<typeof duel> => {
      const all = duels.map((more) => duel(profile, first + more, rewinds));
      const total = (of: (run: ReturnType<typeof duel>) => number): number => all.reduce((before, run) => before + of(run), 0);
      return {
        shots: total(({ shots }) => shots),
        shown: total(({ shown }) => shown),
        both: total(({ both }) => both),
        made: total(({ made }) => made),
      };
    };
    const [rewound, present] = [sum(true, [0, 1, 2, 3, 4]), sum(false, [0, 1])];
    console.log(`SIM_SEED=${first}:`, rewound, 'without rewinds:', present);
    expect(rewound.shown).toBeGreaterThan(200);
    expect(rewound.both / rewound.shown).toBeGreaterThanOrEqual(0.98);
    expect(rewound.made).toBeLessThan(1.1 * rewound.shown);
    // It is the rewinding that does it.
    expect(present.both / present.shown).toBeLessThan(0.75);
  });

  it('[RW15] a rocket bursts on whom it touches on the screen of the one who fired it, at 140 ms of round trip', () => {
    const [rewound, present] = [rocketDuel(21, true), rocketDuel(21, false)];
    console.log(rewound, 'without rewinds:', present);
    expect(rewound.fired).toBeGreaterThan(40);
    expect(rewound.shown).toBeGreaterThan(8);
    expect(rewound.both / rewound.shown).toBeGreaterThanOrEqual(0.9);
    expect(rewound.hidden).toBeLessThanOrEqual(4);
    expect(present.both / present.shown).toBeLessThan(0.8);
  });
});
