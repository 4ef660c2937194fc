// A player without a person: walks about and shoots, for benches and tests.
//
// Invariant: pure; the same tick and seed give the same input, and two seeds move unlike each other.
// Units: ticks of 1/60 s; radians.

import { type InputSample, Random } from '@tickwire/shared';
import type { game } from '../game.ts';

/** What bot number `seed` does in a tick. */
export function botInput(tick: number, seed: number): InputSample<typeof game> {
  const bot = new Random(seed);
  const walk = bot.fork(Math.floor(tick / walkTicks));
  const direction = walk.pick(directions);
  const stands = walk.chance(0.1);
  const burst = bot.fork(-1 - Math.floor(tick / burstTicks));
  const fire = burst.chance(0.6);
  const target = burst.range(-Math.PI, Math.PI);
  // The barrel sweeps over half a radian in a burst, as a hand on a mouse does.
  const sweep = ((tick % burstTicks) / burstTicks - 0.5) / 2;
  return {
    move: stands ? { x: 0, y: 0 } : { ...direction },
    aim: target + sweep,
    fire,
    dash: walk.chance(0.2) && tick % walkTicks === 0,
    swap: burst.chance(0.1) && tick % burstTicks === 0,
  };
}

const half = Math.SQRT1_2;
const directions = [
  { x: 1, y: 0 },
  { x: half, y: half },
  { x: 0, y: 1 },
  { x: -half, y: half },
  { x: -1, y: 0 },
  { x: -half, y: -half },
  { x: 0, y: -1 },
  { x: half, y: -half },
];
/** Three quarters of a second in one direction: about 195 units. */
const walkTicks = 45;
/** Half a second between decisions to shoot. */
const burstTicks = 30;
