// What a client claims to have seen as it made an input, held against what its acks prove. A rewind goes to no past but these.
//
// A claim is how far the view was behind the input's tick. A client shows others as far behind as the newest state that it has grows old, now and then, until
// the next one comes; its acks tell how old that is. Invariant: a view is not farther behind than that has been in the last minute, and does not fall behind
// faster than a clock that is slewed: so nobody stops his clock, waits for a good moment and shoots into it.
// A claim that goes too far counts as the farthest that is allowed; a view that is nearer to the present is nobody's gain.
// Units: ticks; lags in parts of a tick, `viewTickParts` each. One ring of `limits.inputsQueued` inputs.

import { limits } from '@tickwire/shared';
import { viewTickParts } from '@tickwire/shared/internal';

const ring = limits.inputsQueued;
/** A view is at most this far behind: four seconds at 60 Hz. */
const lagMax = viewTickParts * 256;
/** Both clocks of a client run at most a quarter faster or slower: its view falls behind by at most half of the time. */
const lagPerTick = viewTickParts / 2;
/** Packets with inputs are not all as long under way as those that showed how old states become. */
const slackTicks = 3;
/** A client remembers for a minute what it waited for, at 60 Hz. */
const memoryTicks = 3600;
/** Inputs of so many ticks may wait for their packet. */
const bundleTicks = 3;
/** Acks with news that must have come before they say anything: half a second at 20 Hz. */
const firstNews = 10;

export class ViewClaims {
  readonly #ticks: Int32Array = new Int32Array(ring).fill(-1);
  readonly #known: Int32Array = new Int32Array(ring);
  /** The newest tick of which the client has acknowledged a packet, by the packet at hand, and ever; -1. */
  #ackTick = -1;
  #newestAck = -1;
  /** How long the client had had that packet as it sent the one at hand. */
  #holdMs = 0;
  readonly #tickMs: number;
  /** When the packet at hand came, in ticks. */
  #now = 0;
  /** How old the newest acknowledged state had become when the next one was acknowledged, at most: since `#since`, and in the minute before that. */
  #oldest = 0;
  #oldestBefore = 0;
  #since = 0;
  #news = 0;
  /** The input of the newest tick, and its lag; -1 before the first. And the same as they were before the packet at hand. */
  #tick = -1;
  #lag = 0;
  #tickBefore = -1;
  #lagBefore = 0;
  /** When the last packet with a new input came, and the one before the packet at hand. */
  #notedAt = 0;
  #notedBefore = 0;

  constructor(tickHz: number) {
    this.#tickMs = 1000 / tickHz;
  }

  /**
   * A packet came, and its newest ack is for a packet of `ackTick`, which its client had had for `holdMs` then.
   * @param ticksNow the present time in ticks, with its fraction.
   */
  packet(ackTick: number, holdMs: number, ticksNow: number): void {
    this.#ackTick = ackTick;
    this.#holdMs = holdMs;
    this.#tickBefore = this.#tick;
    this.#lagBefore = this.#lag;
    this.#notedBefore = this.#notedAt;
    this.#now = ticksNow;
    if (ackTick <= this.#newestAck) return;
    if (ticksNow - this.#since > memoryTicks) {
      this.#oldestBefore = this.#oldest;
      this.#oldest = 0;
      this.#since = ticksNow;
    }
    if (this.#newestAck >= 0) this.#oldest = Math.max(this.#oldest, ticksNow - this.#newestAck);
    this.#newestAck = ackTick;
    this.#news++;
  }

  /** The lag that counts for an input of the packet at hand. @param age ticks from it to the newest input of the packet. */
  plausible(tick: number, age: number, lag: number): number {
    let most = Math.min(lag, lagMax);
    if (this.#tickBefore >= 0) most = Math.min(most, this.#lagBefore + Math.ceil(Math.abs(tick - this.#tickBefore) * lagPerTick));
    if (this.#news >= firstNews) {
      // What is older than that would have come before.
      const madeAt = this.#now - Math.min(age, this.#now - this.#notedBefore + bundleTicks);
      const viewFrom = madeAt - Math.max(this.#oldest, this.#oldestBefore) - slackTicks;
      most = Math.min(most, Math.ceil((tick - viewFrom) * viewTickParts));
    }
    return Math.max(0, most);
  }

  /**
   * The packet at hand carried the input of `tick` for the first time, with the lag that counts. @param age ticks from it to the newest input of the packet, which
   * was made as the packet left: what came in between was not known to it.
   */
  note(tick: number, age: number, lag: number): void {
    this.#ticks[tick % ring] = tick;
    this.#known[tick % ring] = this.#ackTick - Math.max(0, Math.ceil(age - this.#holdMs / this.#tickMs));
    this.#notedAt = this.#now;
    if (tick <= this.#tick) return;
    this.#tick = tick;
    this.#lag = lag;
  }

  /** The newest tick of which the client had a packet as it made the input of `tick`; what it has acknowledged by now where that input never came. */
  knownTick(tick: number): number {
    return this.#ticks[tick % ring] === tick ? (this.#known[tick % ring] as number) : this.#newestAck;
  }
}
