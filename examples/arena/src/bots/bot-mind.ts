// What one bot wants and does: fights, goes for the ball, fetches what lies about. It presses what a player could press, and no more: it sees nobody behind a
// wall, needs a moment to react, turns as fast as a hand does, and misses as one.
//
// Invariant: draws from its own random numbers only, so the same seed plays the same; makes nothing in a tick, but for what it decides a few times a second.
// Units: arena units, radians, ticks.

import type { EntityId, Random, Vec2 } from '@tickwire/shared';
import { goals } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { Ball, Pickup, Player } from '../game.ts';
import type { ArenaWorld } from '../rules/arena-world.ts';
import { playerOf } from '../rules/damage.ts';
import { wayOfBall } from './ball-play.ts';
import { BotHand } from './bot-hand.ts';
import { isOpenLine, stepTowards, walkDistance } from './way-map.ts';

/** What a bot does in a tick. One object, filled anew each time. */
export interface BotSample {
  readonly move: Vec2;
  aim: number;
  fire: boolean;
  dash: boolean;
  swap: boolean;
}

type Aim = 'fight' | 'ball' | 'pickup';

export class BotMind {
  readonly #random: Random;
  readonly #hand: BotHand;
  readonly #sample: BotSample = { move: { x: 0, y: 0 }, aim: 0, fire: false, dash: false, swap: false };
  readonly #way: Vec2 = { x: 0, y: 0 };
  readonly #last: Vec2 = { x: 0, y: 0 };
  #thinkAt = 0;
  #aim: Aim = 'fight';
  #target: EntityId | null = null;
  #sees = false;
  #reactAt = 0;
  #pickup: EntityId | null = null;
  #side: 0 | 1 = 0;
  #likesBall = false;
  #moodUntil = 0;
  #strafe = 1;
  #strafeUntil = 0;
  #hp = 0;
  /** Ticks for which it has wanted to walk and has not come on; while it is below 0, it goes aside. */
  #stuck = 0;

  constructor(random: Random) {
    this.#random = random;
    this.#hand = new BotHand(random);
  }

  /** The input for the next tick. Read it at once. */
  play(me: Player, world: ArenaWorld, tick: number): BotSample {
    const sample = this.#sample;
    sample.move.x = 0;
    sample.move.y = 0;
    sample.fire = false;
    sample.dash = false;
    sample.swap = false;
    if (me.hp === 0) {
      this.#target = null;
      this.#thinkAt = tick;
      return sample;
    }
    if (tick >= this.#thinkAt) this.#think(me, world, tick);
    const target = playerIn(world, this.#target);
    const [ball] = world.all('ball');
    this.#walk(me, world, target, ball, tick);
    const shootsAt = this.#sees && tick >= this.#reactAt ? target : undefined;
    if (shootsAt) this.#hand.fight(me, shootsAt, sample, tick);
    else if (this.#aim === 'ball' && ball) this.#hand.shootBall(me, ball, this.#side, sample);
    else this.#hand.lookAlong(me, sample);
    this.#hp = me.hp;
    return sample;
  }

  /** A few times a second: whom to fight, and whether there is something better to do. */
  #think(me: Player, world: ArenaWorld, tick: number): void {
    const random = this.#random;
    this.#thinkAt = tick + 8 + random.int(8);
    if (tick >= this.#moodUntil) {
      this.#moodUntil = tick + 300 + random.int(900);
      this.#likesBall = random.chance(0.45);
    }
    this.#chooseTarget(me, world, tick);
    const pickup = this.#usefulPickup(me, world);
    const [ball] = world.all('ball');
    this.#pickup = pickup?.id ?? null;
    const isPressed = this.#sees && distanceBetween(me.pos, playerIn(world, this.#target)?.pos ?? me.pos) < 260;
    if (pickup) this.#aim = 'pickup';
    else if (ball && !isPressed && (this.#likesBall || distanceBetween(me.pos, ball.pos) < 220)) this.#aim = 'ball';
    else this.#aim = 'fight';
    if (ball) this.#side = sideFor(me, ball);
  }

  #chooseTarget(me: Player, world: ArenaWorld, tick: number): void {
    let best: Player | undefined;
    let least = Number.POSITIVE_INFINITY;
    let sees = false;
    for (const other of world.all('player')) {
      if (other === me || other.hp === 0) continue;
      const distance = distanceBetween(me.pos, other.pos);
      const isSeen = distance < sightUnits && isOpenLine(me.pos, other.pos);
      // Who is seen comes first, then who is near, hurt, or was the target before.
      const cost = (isSeen ? distance : 600 + walkDistance(me.pos, other.pos)) + 2 * other.hp - (other.id === this.#target ? 150 : 0);
      if (cost >= least) continue;
      least = cost;
      best = other;
      sees = isSeen;
    }
    const isNew = (best?.id ?? null) !== this.#target;
    if (sees && (isNew || !this.#sees)) this.#reactAt = tick + reactTicks + this.#random.int(reactTicks);
    this.#target = best?.id ?? null;
    this.#sees = sees;
  }

  /** The nearest thing that is worth its way now. */
  #usefulPickup(me: Player, world: ArenaWorld): Pickup | undefined {
    let best: Pickup | undefined;
    let least = Number.POSITIVE_INFINITY;
    for (const pickup of world.all('pickup')) {
      if (!pickup.isThere) continue;
      const worth = pickup.kind === 'health' ? (me.hp > 60 ? 0 : 12 * (balance.healthMax - me.hp)) : me.rockets < 3 ? 380 : 0;
      const distance = worth === 0 ? worth : walkDistance(me.pos, pickup.pos);
      if (distance >= worth || distance >= least) continue;
      least = distance;
      best = pickup;
    }
    return best;
  }

  #walk(me: Player, world: ArenaWorld, target: Player | undefined, ball: Ball | undefined, tick: number): void {
    const { move } = this.#sample;
    if (tick >= this.#strafeUntil) {
      this.#strafeUntil = tick + 20 + this.#random.int(50);
      this.#strafe = this.#random.chance(0.5) ? 1 : -1;
    }
    const pickup = this.#aim === 'pickup' ? world.get(this.#pickup) : undefined;
    if (pickup?.type === 'pickup') this.#goTo(me, pickup.pos);
    else if (this.#aim === 'ball' && ball) {
      wayOfBall(me, ball, this.#side, this.#way);
      this.#goTo(me, this.#way);
    } else if (target && this.#sees) this.#dance(me, target);
    else if (target) this.#goTo(me, target.pos);
    this.#comeLoose(me);
    if (me.dashReload === 0 && (move.x !== 0 || move.y !== 0)) this.#dash(me, ball);
  }

  #goTo(me: Player, place: Readonly<Vec2>): void {
    const { move } = this.#sample;
    stepTowards(me.pos, place, this.#way);
    const [dx, dy] = [this.#way.x - me.pos.x, this.#way.y - me.pos.y];
    const distance = Math.hypot(dx, dy);
    if (distance < 3) return;
    move.x = dx / distance;
    move.y = dy / distance;
  }

  /** Around who is fought, neither near nor far. */
  #dance(me: Player, target: Player): void {
    const { move } = this.#sample;
    const [dx, dy] = [target.pos.x - me.pos.x, target.pos.y - me.pos.y];
    const distance = Math.hypot(dx, dy) || 1;
    const nearer = distance > fightUnits[1] ? 0.8 : distance < fightUnits[0] ? -0.8 : 0;
    const [x, y] = [(dx * nearer - dy * this.#strafe) / distance, (dy * nearer + dx * this.#strafe) / distance];
    const length = Math.hypot(x, y) || 1;
    move.x = x / length;
    move.y = y / length;
  }

  #dash(me: Player, ball: Ball | undefined): void {
    const wasHit = me.hp < this.#hp;
    const kicks = this.#aim === 'ball' && ball !== undefined && distanceBetween(me.pos, ball.pos) < 90;
    this.#sample.dash = this.#random.chance(wasHit ? 0.4 : kicks ? 0.04 : 0.006);
  }

  /** Who pushes against something without coming on tries another way for a moment. */
  #comeLoose(me: Player): void {
    const { move } = this.#sample;
    const moved = Math.abs(me.pos.x - this.#last.x) + Math.abs(me.pos.y - this.#last.y);
    this.#last.x = me.pos.x;
    this.#last.y = me.pos.y;
    const wants = move.x !== 0 || move.y !== 0;
    if (this.#stuck < 0) {
      this.#stuck += 1;
      const { x } = move;
      move.x = -move.y * this.#strafe;
      move.y = x * this.#strafe;
      return;
    }
    this.#stuck = wants && moved < 1 ? this.#stuck + 1 : 0;
    if (this.#stuck > 20) this.#stuck = -25;
  }
}

/** The goal that costs the least to bring the ball to, for who stands here: one that he is on the wrong side for is farther. */
function sideFor(me: Player, ball: Ball): 0 | 1 {
  const cost = (side: 0 | 1): number => {
    const { x, y, width, height } = goals[side] as (typeof goals)[number];
    const isAhead = side === 0 ? me.pos.x < ball.pos.x : me.pos.x > ball.pos.x;
    return walkDistance(ball.pos, { x: x + width / 2, y: y + height / 2 }) + (isAhead ? 350 : 0);
  };
  return cost(0) <= cost(1) ? 0 : 1;
}

function playerIn(world: ArenaWorld, id: EntityId | null): Player | undefined {
  const found = playerOf(world, id);
  return found && found.hp > 0 ? found : undefined;
}

function distanceBetween(a: Readonly<Vec2>, b: Readonly<Vec2>): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

/** A little more than a screen shows to its side. */
const sightUnits = 720;
/** 0.2 to 0.4 seconds from seeing somebody to shooting at him. */
const reactTicks = 12;
/** The least and the most that one likes to be away from who is fought. */
const fightUnits = [220, 420] as const;
