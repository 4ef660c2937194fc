// What one direction of a network does to whatever leaves at a time: lost, or delayed by so much. Drawn once, by time, so that everything that is compared
// meets the same.
//
// Time is cut into slots; each has a fate, and what leaves within one shares it. Loss is one coin a slot and, for two slots at a time, a Gilbert-Elliott pair of states beside it.
// Invariant: a slot's fate depends on seed, profile and slot only, not on what was sent. Units: milliseconds; slots of `slotMs`.

import { Random } from '@tickwire/shared';
import { type FeelProfile, slotMs, spellSlots } from './feel-profiles.ts';

/** A delay in a table of fates that stands for a loss. */
export const lost = -1;

export class Fates {
  readonly profile: FeelProfile;
  /** By slot: what the way takes, and whether it ends. */
  readonly #ways: number[] = [];
  readonly #isLost: boolean[] = [];
  readonly #losses: Random;
  readonly #bursts: Random;
  readonly #jitters: Random;
  readonly #tails: Random;
  #isBad = false;

  constructor(seed: number, profile: FeelProfile) {
    const random = new Random(seed);
    this.profile = profile;
    this.#losses = random.fork(1);
    this.#bursts = random.fork(2);
    this.#jitters = random.fork(3);
    this.#tails = random.fork(4);
  }

  /** What a packet that leaves now takes, or `lost`. */
  delayMs(now: number): number {
    const way = this.wayMs(now);
    return this.#isLost[slotAt(now)] ? lost : way;
  }

  /** What a packet that leaves now would take if nothing were lost. */
  wayMs(now: number): number {
    const slot = slotAt(now);
    while (this.#ways.length <= slot) this.#draw();
    return this.#ways[slot] as number;
  }

  #draw(): void {
    const { delayMs, jitterMs = 0, tailMs = 0, loss = 0, burst } = this.profile;
    const jitters = this.#jitters;
    const jitter = ((jitters.next() + jitters.next() + jitters.next()) / 3) * jitterMs; // bell-shaped, as in BadNetwork
    const tail = -Math.log(1 - this.#tails.next()) * tailMs;
    const isTurn = this.#ways.length % spellSlots === 0;
    const turn = this.#bursts.next();
    if (burst && isTurn) this.#isBad = this.#isBad ? turn >= burst.leave : turn < burst.enter;
    this.#ways.push(delayMs + jitter + tail);
    this.#isLost.push(this.#losses.chance(this.#isBad && burst ? burst.loss : loss));
  }
}

function slotAt(now: number): number {
  return Math.floor(now / slotMs + 1e-6);
}

/**
 * When a message of an ordered, reliable stream that leaves at `now` has come through: its own way, or that of the first repetition that is not lost.
 * A loss is noticed by the acks of what is sent behind it, a round trip and a quarter after the next message (as RACK in TCP and in QUIC, without jitter:
 * the best case); a lost repetition waits for a timer, twice as long each time.
 */
export function reliableArrival(fates: Fates, now: number, intervalMs: number): number {
  const { delayMs, jitterMs = 0, tailMs = 0 } = fates.profile;
  const roundTripMs = 2 * (delayMs + jitterMs / 2 + tailMs);
  let leavesAt = now;
  let waitMs = intervalMs + 1.25 * roundTripMs;
  for (;;) {
    const delay = fates.delayMs(leavesAt);
    if (delay !== lost) return leavesAt + delay;
    leavesAt += waitMs;
    waitMs = Math.min(Math.max(2 * waitMs, roundTripMs + leastTimerMs), longestWaitMs);
  }
}

/** The least retransmission timeout of Linux, beside the round trip. */
const leastTimerMs = 200;
const longestWaitMs = 3000;
