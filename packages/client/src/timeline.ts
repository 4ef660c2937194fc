// The client's two clocks, both in server ticks: `inputTick`, ahead of the server by just enough that inputs arrive in time, and `viewTick`, behind it by
// just enough that the states on both sides of it have arrived.
//
// Invariant: neither ever runs backwards; no input tick is skipped without cause or made twice. Both follow their targets by running a few per cent
// faster or slower, more when they are far off; they jump only beyond `jumpTicks`, and stand still beyond `standTicks`. What a stall of this machine did to its measurements
// says nothing about the network and is left out. Units: milliseconds in, fractional ticks out.
// Method: the arrival line is the least delayed of recent snapshots; the lead is steered by the margin that the server reports for inputs.

import { limits } from '@tickwire/shared';

/** How much faster or slower than real time a clock may run to reach its target. */
const slewRate = 0.05;
/** Farther off than this, a clock runs a quarter faster or slower: 100 ms at 60 Hz. */
const farTicks = 6;
const farRate = 0.25;
/** Farther off than this, a clock jumps: about half a second. */
const jumpTicks = 30;
/** Inputs should be at the server this long before their tick. */
const targetMarginTicks = 1;
/** So many late snapshots in a row: half a second at 20 Hz. */
const lateRunMax = 10;
/** Time over which the least delayed snapshot is looked for. */
const windowMs = 2000;
/** Farther ahead than this, a clock stands still: the server was held up, and time spent waiting is better than time spent in the wrong tick. */
const standTicks = 12;
/** No frame for this long is a stall: a busy main thread, a hidden tab. */
const stallMs = 100;
/** After a stall, its packets come in for as long as a round trip and this. */
const afterStallMs = 250;
/** Round trips of which the least counts: the first ones include the page's start. */
const firstRoundTrips = 8;
/** How fast the memory of a late or missing snapshot fades, a second. */
const fadePerSecond = 0.25;

export class Timeline {
  rttMs = 0;
  /** Ticks by which inputs are made ahead of the arrival line. */
  leadTicks = 0;
  /** Ticks by which the view is behind the arrival line. */
  delayTicks: number;
  inputTick = 0;
  viewTick = 0;
  readonly #tickMs: number;
  readonly #intervalTicks: number;
  /** The tick that would arrive now on the least delayed path is `now / tickMs + arrivalOffset`. */
  #arrivalOffset = 0;
  #windowFrom = 0;
  #windowLeast = Number.POSITIVE_INFINITY;
  #lateTicks = 0;
  #gapTicks: number;
  #newest = -1;
  #targetLead: number;
  #adjustedAt = 0;
  #advancedAt = 0;
  #roundTrips = 0;
  #lateRun = 0;
  #lateRunLeast = 0;
  #stalledUntil = Number.NEGATIVE_INFINITY;

  /** @param bundleTicks ticks of input in a packet: the oldest waits that long before it is sent. */
  constructor(tickHz: number, snapshotHz: number, bundleTicks: number) {
    this.#tickMs = 1000 / tickHz;
    this.#intervalTicks = tickHz / snapshotHz;
    this.#gapTicks = this.#intervalTicks;
    this.delayTicks = this.#intervalTicks + 1;
    this.#targetLead = bundleTicks + targetMarginTicks;
  }

  /** The server's welcome: its tick as the message left. */
  start(tick: number, now: number): void {
    this.#arrivalOffset = tick - now / this.#tickMs;
    this.#windowFrom = now;
    this.#advancedAt = now;
    this.leadTicks = this.#targetLead;
    this.inputTick = tick + this.leadTicks;
    this.viewTick = tick - this.delayTicks;
    this.#newest = tick;
  }

  /** The first round trips are known: fewer reports do from now on. */
  get isSettled(): boolean {
    return this.#roundTrips >= firstRoundTrips;
  }

  /** A snapshot of `tick` arrived. @param wasQuiet nothing was to be told since the one before it: the time between them is no gap in the states. */
  snapshot(tick: number, now: number, wasQuiet = false): void {
    const ahead = tick - now / this.#tickMs;
    if (ahead > this.#arrivalOffset) this.#arrivalOffset = ahead;
    const late = this.#arrivalOffset - ahead;
    this.#windowLeast = Math.min(this.#windowLeast, late);
    if (now - this.#windowFrom > windowMs) {
      this.#arrivalOffset -= this.#windowLeast; // the path has become longer
      this.#windowFrom = now;
      this.#windowLeast = Number.POSITIVE_INFINITY;
    }
    if (tick <= this.#newest) return;
    if (late <= farTicks || this.#isStalled(now)) this.#lateRun = 0;
    else this.#countLate(late);
    if (!this.#isStalled(now)) this.#lateTicks = Math.max(this.#lateTicks, this.#arrivalOffset - ahead);
    if (!wasQuiet) this.#gapTicks = Math.max(this.#gapTicks, Math.min(tick - this.#newest, 4 * this.#intervalTicks));
    this.#newest = tick;
  }

  /** How much later a snapshot of `tick` is than those that came lately, in milliseconds; below 0 when it is not late. */
  lateByMs(tick: number, now: number): number {
    return (this.#arrivalOffset - this.#lateTicks - tick) * this.#tickMs + now;
  }

  /** Snapshot after snapshot far too late is no jitter: the server stood still for a while, or the path has changed for good. */
  #countLate(late: number): void {
    this.#lateRunLeast = this.#lateRun === 0 ? late : Math.min(this.#lateRunLeast, late);
    if (++this.#lateRun < lateRunMax) return;
    this.#arrivalOffset -= this.#lateRunLeast;
    this.#lateTicks = 0;
    this.#lateRun = 0;
  }

  /** A packet of this client was answered after `rttMs`, without the time that the server kept it. */
  roundTrip(rttMs: number): void {
    if (this.#roundTrips >= firstRoundTrips) {
      this.rttMs += (rttMs - this.rttMs) / 8;
      return;
    }
    const least = this.#roundTrips === 0 ? rttMs : Math.min(this.rttMs, rttMs);
    this.#targetLead += (least - this.rttMs) / this.#tickMs;
    this.rttMs = least;
    this.#roundTrips++;
  }

  /** The server's report: the least margin of the inputs since the last report, in ticks; below 0 some came too late. */
  margin(ticks: number, now: number): void {
    if (this.#isStalled(now)) return;
    const short = targetMarginTicks - ticks;
    // One step a round trip: the effect of the last one must be seen first.
    if (short > 0) {
      if (now - this.#adjustedAt < this.rttMs + this.#intervalTicks * this.#tickMs) return;
      // From where the clock is, not from where it is going: it takes its time to get there, and reports of the way say the same again.
      const wanted = Math.max(this.#targetLead, this.leadTicks + Math.min(short, jumpTicks));
      // Farther ahead than its queue is long, the server would refuse them.
      this.#targetLead = Math.min(wanted, this.rttMs / this.#tickMs + limits.inputsQueued);
      this.#adjustedAt = now;
    } else if (short < -1) {
      this.#targetLead -= 0.02 * -short;
    }
  }

  /** Moves both clocks on to `now`. */
  advance(now: number): void {
    const passed = Math.max(0, (now - this.#advancedAt) / this.#tickMs);
    if (now - this.#advancedAt > stallMs) this.#stalledUntil = now + this.rttMs + afterStallMs;
    this.#advancedAt = now;
    const arrival = now / this.#tickMs + this.#arrivalOffset;
    const fade = 1 - Math.min(1, (fadePerSecond * passed * this.#tickMs) / 1000);
    this.#lateTicks *= fade;
    this.#gapTicks = this.#intervalTicks + (this.#gapTicks - this.#intervalTicks) * fade;
    this.inputTick = follow(this.inputTick, arrival + this.#targetLead, passed);
    this.leadTicks = this.inputTick - arrival;
    this.viewTick = follow(this.viewTick, arrival - this.#gapTicks - this.#lateTicks - 0.5, passed);
    this.delayTicks = arrival - this.viewTick;
  }

  /** What arrives now may have waited for this machine, not in the network. */
  #isStalled(now: number): boolean {
    return now < this.#stalledUntil || now - this.#advancedAt > stallMs;
  }
}

/** Where a clock at `from` is after `passed` ticks of real time, on its way to `target`. */
function follow(from: number, target: number, passed: number): number {
  const off = target - (from + passed);
  if (off > jumpTicks) return target;
  if (off < -standTicks) return from;
  const slew = (Math.abs(off) > farTicks ? farRate : slewRate) * passed;
  return from + passed + Math.max(-slew, Math.min(slew, off));
}
