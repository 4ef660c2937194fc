// The hand of a bot: turns to where it wants to shoot, as fast and as well as a hand does, and pulls the trigger.
//
// Invariant: it aims at where things are, and misses by an error that wanders; the faster the target, the larger. Units: radians, ticks, arena units.

import type { Random, Vec2 } from '@tickwire/shared';
import { balance } from '../balance.ts';
import type { Ball, Player } from '../game.ts';
import { ballDirection } from './ball-play.ts';
import type { BotSample } from './bot-mind.ts';
import { isOpenLine } from './way-map.ts';

export class BotHand {
  readonly #random: Random;
  /** 0.8 is a good one, 1.5 a bad one: errors are so many times as large. */
  readonly #clumsiness: number;
  readonly #seen: Vec2 = { x: 0, y: 0 };
  readonly #speed: Vec2 = { x: 0, y: 0 };
  readonly #way: Vec2 = { x: 0, y: 0 };
  #seenAt = -1;
  #error = 0;
  #errorGoal = 0;
  #errorUntil = 0;
  #firesUntil = 0;
  #restsUntil = 0;
  #likesRockets = false;

  constructor(random: Random) {
    this.#random = random;
    this.#clumsiness = random.range(0.8, 1.5);
  }

  /** Shoots at somebody who is seen. */
  fight(me: Player, target: Player, sample: BotSample, tick: number): void {
    this.#follow(target.pos, tick);
    const distance = Math.hypot(target.pos.x - me.pos.x, target.pos.y - me.pos.y);
    this.#wander(tick);
    this.#changeWeapon(me, distance, sample);
    // A rocket takes its time: it is shot at where the target will be.
    const lead = me.weapon === 'launcher' ? distance / balance.rocketSpeed : 0;
    const wanted = Math.atan2(target.pos.y + this.#speed.y * lead - me.pos.y, target.pos.x + this.#speed.x * lead - me.pos.x);
    this.#turn(me, wanted + this.#error, sample);
    if (Math.abs(turnFrom(sample.aim, wanted)) > 0.25 || tick < this.#restsUntil) return;
    if (tick >= this.#firesUntil) {
      this.#restsUntil = tick + 14 + this.#random.int(40);
      this.#firesUntil = this.#restsUntil + 20 + this.#random.int(40);
      this.#likesRockets = this.#random.chance(0.5);
      return;
    }
    sample.fire = true;
  }

  /** Shoots the ball towards a goal, where it would go there. */
  shootBall(me: Player, ball: Ball, side: 0 | 1, sample: BotSample): void {
    const [dx, dy] = [ball.pos.x - me.pos.x, ball.pos.y - me.pos.y];
    const distance = Math.hypot(dx, dy) || 1;
    const wanted = Math.atan2(dy, dx);
    this.#turn(me, wanted, sample);
    if (me.weapon === 'launcher') sample.swap = true;
    ballDirection(ball, side, this.#way);
    const isBehind = (dx * this.#way.x + dy * this.#way.y) / distance > 0.93;
    sample.fire = isBehind && distance < ballUnits && Math.abs(turnFrom(sample.aim, wanted)) < 0.06 && isOpenLine(me.pos, ball.pos);
  }

  lookAlong(me: Player, sample: BotSample): void {
    const { x, y } = sample.move;
    this.#turn(me, x === 0 && y === 0 ? me.aim : Math.atan2(y, x), sample);
  }

  #turn(me: Player, wanted: number, sample: BotSample): void {
    const turn = turnFrom(me.aim, wanted) * 0.3;
    sample.aim = me.aim + Math.max(-turnMax, Math.min(turnMax, turn));
  }

  /** How fast the target goes, as far as an eye tells. */
  #follow(pos: Readonly<Vec2>, tick: number): void {
    const isNew = this.#seenAt !== tick - 1;
    this.#speed.x = isNew ? 0 : this.#speed.x * 0.8 + (pos.x - this.#seen.x) * 60 * 0.2;
    this.#speed.y = isNew ? 0 : this.#speed.y * 0.8 + (pos.y - this.#seen.y) * 60 * 0.2;
    this.#seen.x = pos.x;
    this.#seen.y = pos.y;
    this.#seenAt = tick;
  }

  #wander(tick: number): void {
    if (tick >= this.#errorUntil) {
      this.#errorUntil = tick + 10 + this.#random.int(20);
      const speed = Math.hypot(this.#speed.x, this.#speed.y);
      const most = (0.08 + 0.0005 * speed) * this.#clumsiness;
      this.#errorGoal = this.#random.range(-most, most);
    }
    this.#error += (this.#errorGoal - this.#error) * 0.15;
  }

  #changeWeapon(me: Player, distance: number, sample: BotSample): void {
    const wants = this.#likesRockets && me.rockets > 0 && distance > 170 && distance < 620 ? 'launcher' : 'rifle';
    if (me.weapon !== wants && me.reload === 0) sample.swap = true;
  }
}

/** From one direction to another, the shorter way round. */
function turnFrom(from: number, to: number): number {
  const turns = (to - from) / fullTurn;
  return (turns - Math.round(turns)) * fullTurn;
}

const fullTurn = 2 * Math.PI;
/** In a tick: a half turn takes at least 0.35 s. */
const turnMax = 0.15;
/** From farther away a shot at the ball goes anywhere. */
const ballUnits = 420;
