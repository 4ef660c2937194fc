// What a client claims to have seen as it made an input, held against what its acks prove. A rewind goes to no past but these.
//
// A claim is how far the view was behind the input's tick. Invariant: a view is not farther behind the newest state that the client had than its
// connection explains, and does not fall behind faster than a clock that is slewed: so nobody stops his clock, waits for a good moment and shoots into it.
// A claim that goes too far counts as the farthest that is allowed; a view that is nearer to the present is nobody's gain.
// Units: ticks; lags in parts of a tick, `viewTickParts` each. One ring of `limits.inputsQueued` inputs.

import { limits } from '@tickwire/shared';
import { viewTickParts } from '@tickwire/shared/internal';

const ring = limits.inputsQueued;
/** A view is at most this far behind: four seconds at 60 Hz. */
const lagMax = viewTickParts * 256;
/** Both clocks of a client run at most a quarter faster or slower: its view falls behind by at most half of the time. */
const lagPerTick = viewTickParts / 2;
/** A view waits for states that were lost or late in bursts, seven snapshots at most, and a little. */
const gapsMax = 7;
const slackTicks = 2;
/** How the memory of late acks fades, each time that news come: as the client's own of late snapshots, in a minute of 20 snapshots a second. */
const fade = 1 / 1200;
/** How fast the least time of acks is forgotten. */
const drift = 1 / 64;

export class ViewClaims {
  readonly #behindMax: number;
  readonly #ticks: Int32Array = new Int32Array(ring).fill(-1);
  readonly #known: Int32Array = new Int32Array(ring);
  /** The newest tick of which the client has acknowledged a packet, by the packet at hand, and ever; -1. */
  #ackTick = -1;
  #newestAck = -1;
  /** How long the client had had that packet as it sent the one at hand. */
  #holdTicks = 0;
  /** How long acks take: the least time lately, and by how much more the worst did. */
  #leastAge = Number.POSITIVE_INFINITY;
  #lateTicks = 0;
  /** The input of the newest tick, and its lag; -1 before the first. And the same as they were before the packet at hand. */
  #tick = -1;
  #lag = 0;
  #tickBefore = -1;
  #lagBefore = 0;

  /** @param intervalTicks ticks between snapshots. */
  constructor(intervalTicks: number) {
    this.#behindMax = gapsMax * intervalTicks + slackTicks;
  }

  /**
   * A packet came, and its newest ack is for a packet of `ackTick`, which its client had had for `holdTicks` then.
   * @param ticksNow the present time in ticks, with its fraction.
   */
  packet(ackTick: number, holdTicks: number, ticksNow: number): void {
    this.#ackTick = ackTick;
    this.#holdTicks = holdTicks;
    this.#tickBefore = this.#tick;
    this.#lagBefore = this.#lag;
    if (ackTick <= this.#newestAck) return;
    this.#newestAck = ackTick;
    const age = ticksNow - ackTick;
    this.#leastAge = age < this.#leastAge ? age : this.#leastAge + (age - this.#leastAge) * drift;
    this.#lateTicks = Math.max(this.#lateTicks * (1 - fade), age - this.#leastAge);
  }

  /** The lag that counts for an input of the packet at hand. */
  plausible(tick: number, lag: number): number {
    let most = Math.min(lag, lagMax);
    if (this.#tickBefore >= 0) most = Math.min(most, this.#lagBefore + Math.ceil(Math.abs(tick - this.#tickBefore) * lagPerTick));
    if (this.#ackTick >= 0) most = Math.min(most, Math.ceil((tick - this.#ackTick + this.#behindMax + this.#lateTicks) * viewTickParts));
    return Math.max(0, most);
  }

  /**
   * The packet at hand carried the input of `tick` for the first time, with the lag that counts. @param age ticks from it to the newest input of the packet, which
   * was made as the packet left: what came in between was not known to it.
   */
  note(tick: number, age: number, lag: number): void {
    this.#ticks[tick % ring] = tick;
    this.#known[tick % ring] = this.#ackTick - Math.max(0, Math.ceil(age - this.#holdTicks));
    if (tick <= this.#tick) return;
    this.#tick = tick;
    this.#lag = lag;
  }

  /** The newest tick of which the client had a packet as it made the input of `tick`; what it has acknowledged by now where that input never came. */
  knownTick(tick: number): number {
    return this.#ticks[tick % ring] === tick ? (this.#known[tick % ring] as number) : this.#newestAck;
  }
}
