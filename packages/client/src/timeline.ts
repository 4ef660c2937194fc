// The client's two clocks, both in server ticks: `inputTick`, ahead of the server by just enough that inputs arrive in time, and `viewTick`, behind it by
// just enough that the states on both sides of it have arrived.
//
// Invariant: neither ever runs backwards; no input tick is skipped without cause or made twice. Both follow their targets by running a few per cent
// faster or slower, more when they are far off; they jump only beyond `jumpTicks`, and stand still beyond `standTicks`. What a stall of this machine did to its measurements
// says nothing about the network and is left out. Units: milliseconds in, fractional ticks out.
// Method: every packet is a sample of the server's clock; the arrival line is the least delayed one of the last seconds (minimum filter). How far ahead and
// behind the clocks are is up to `lead.ts` and `view-delay.ts`.

import { limits } from '@tickwire/shared';
import { Lead } from './lead.ts';
import { ViewDelay } from './view-delay.ts';

/** How much faster or slower than real time a clock may run to reach its target. */
const slewRate = 0.05;
/** Farther off than this, a clock runs a quarter faster or slower: 100 ms at 60 Hz. */
const farTicks = 6;
const farRate = 0.25;
/** Farther off than this, a clock jumps: about half a second. */
const jumpTicks = 30;
/** While the first round trips are measured, nothing is worth waiting for. */
const firstJumpTicks = 2;
/** Earlier by more than this is no jitter. */
const changeTicks = 1.5;
/** So many late snapshots in a row: half a second at 20 Hz. */
const lateRunMax = 10;
/** Time over which the least delayed snapshot is looked for. */
const windowMs = 2000;
/** Farther ahead than this, a clock stands still: the server was held up, and time spent waiting is better than time spent in the wrong tick. */
const standTicks = 12;
/** No frame for this long, and for three usual frames, is a stall: a busy main thread, a hidden tab. */
const stallMs = 100;
const stallFrames = 3;
/** A slow device has frames of this length: what is longer is a stall, whatever came before. */
const frameMsMax = 300;
/** After a stall, its packets come in for as long as a round trip and this. */
const afterStallMs = 250;
/** Round trips of which the least counts: the first ones include the page's start. */
const firstRoundTrips = 8;
/** A state that is so old when the next one comes is an outage, no jitter. */
const outageMs = 500;
/** A server that thins out snapshots because of a queue sends every second one; what leaves out more had nothing to tell. */
const quietIntervals = 3;

export class Timeline {
  rttMs = 0;
  /** Ticks by which inputs are made ahead of the arrival line. */
  leadTicks = 0;
  /** Ticks by which the view is behind the arrival line. */
  delayTicks: number;
  inputTick = 0;
  viewTick = 0;
  /** Ticks by which an input is sampled ahead of the present in which it is shown; the one in force follows as a clock does. */
  inputDelayTicks = 0;
  delayInForce = 0;
  /** How fast both clocks ran in the last frame: 1 is as fast as time. */
  inputRate = 1;
  viewRate = 1;
  readonly lead: Lead;
  readonly viewDelay: ViewDelay;
  readonly #tickMs: number;
  readonly #intervalTicks: number;
  readonly #bundleTicks: number;
  /** The tick that would arrive now on the least delayed path is `now / tickMs + arrivalOffset`. */
  #arrivalOffset = 0;
  #windowFrom = 0;
  #windowLeast = Number.POSITIVE_INFINITY;
  #newest = -1;
  #advancedAt = 0;
  #frameMs = 0;
  #roundTrips = 0;
  #lateRun = 0;
  #snapshotAt = Number.POSITIVE_INFINITY;
  #lateRunLeast = 0;
  #lateRunRttMs = Number.POSITIVE_INFINITY;
  #stalledUntil = Number.NEGATIVE_INFINITY;

  /** @param bundleTicks ticks of input in a packet: the oldest waits that long before it is sent. */
  constructor(tickHz: number, snapshotHz: number, bundleTicks: number) {
    this.#tickMs = 1000 / tickHz;
    this.#bundleTicks = bundleTicks;
    const intervalTicks = tickHz / snapshotHz;
    this.lead = new Lead(intervalTicks);
    this.#intervalTicks = intervalTicks;
    this.viewDelay = new ViewDelay(intervalTicks, outageMs / this.#tickMs);
    this.delayTicks = intervalTicks + 1;
  }

  /** The server's welcome: its tick as the message left. */
  start(tick: number, now: number): void {
    const at = now / this.#tickMs;
    this.#arrivalOffset = tick - at;
    this.#windowFrom = now;
    this.#windowLeast = Number.POSITIVE_INFINITY;
    this.#advancedAt = now;
    this.#newest = tick;
    this.lead.start(tick - at, this.#bundleTicks);
    if (this.#roundTrips > 0) this.lead.guess(this.rttMs / this.#tickMs);
    this.viewDelay.start(tick, at - tick);
    this.inputTick = Math.max(this.inputTick, at + this.lead.target);
    this.viewTick = Math.max(this.viewTick, at - this.viewDelay.target);
    this.leadTicks = this.inputTick - tick;
    this.delayTicks = tick - this.viewTick;
  }

  /** As `start`, for a server that was restored: its clock may have gone back, and both of these go with it. */
  restart(tick: number, now: number): void {
    this.inputTick = 0;
    this.viewTick = 0;
    this.#snapshotAt = Number.POSITIVE_INFINITY;
    this.#lateRun = 0;
    this.start(tick, now);
  }

  /** The first round trips are known: fewer reports do from now on. */
  get isSettled(): boolean {
    return this.#roundTrips >= firstRoundTrips;
  }

  /** The tick that predicted entities are shown at. */
  get presentTick(): number {
    return this.inputTick - this.delayInForce;
  }

  /** Ticks by which inputs should be ahead of the arrival line. */
  get targetLeadTicks(): number {
    return this.lead.target - this.#arrivalOffset;
  }

  /**
   * A snapshot of `tick` arrived. @param saysQuiet it, or the one before it, says that nothing was to be told between them: that is no gap in the states.
   * @param isNext nothing was lost between them: a long time then was quiet as well.
   */
  snapshot(tick: number, now: number, saysQuiet = false, isNext = false): void {
    const at = now / this.#tickMs;
    const wasQuiet = saysQuiet || (isNext && tick - this.#newest >= quietIntervals * this.#intervalTicks);
    const ahead = tick - at;
    if (ahead > this.#arrivalOffset) this.#earlier(ahead - this.#arrivalOffset);
    const late = this.#arrivalOffset - ahead;
    this.#windowLeast = Math.min(this.#windowLeast, late);
    if (now - this.#windowFrom > windowMs) {
      this.#arrivalOffset -= this.#windowLeast; // the path has become longer
      this.#windowFrom = now;
      this.#windowLeast = Number.POSITIVE_INFINITY;
    }
    const isStalled = this.#isStalled(now);
    if (tick > this.#newest) {
      if (late <= farTicks + this.viewDelay.jitterTicks || isStalled) this.#lateRun = 0;
      else this.#countLate(late);
      this.#newest = tick;
    }
    if (isStalled) this.viewDelay.interrupt();
    else if (!wasQuiet && now - this.#snapshotAt > outageMs)
      this.lead.interrupt(Math.ceil(this.inputTick + (1.5 * this.rttMs + afterStallMs) / this.#tickMs));
    this.#snapshotAt = now;
    this.viewDelay.snapshot(tick, at, !wasQuiet && !isStalled && this.#lateRun === 0);
  }

  /** How much later a snapshot of `tick` is than those that came lately, in milliseconds; below 0 when it is not late. */
  lateByMs(tick: number, now: number): number {
    return (this.#arrivalOffset - this.viewDelay.jitterTicks - tick) * this.#tickMs + now;
  }

  /** A snapshot came earlier than any lately. At the start by much: the welcome that all began with was held up. */
  #earlier(byTicks: number): void {
    this.#arrivalOffset += byTicks;
    if (byTicks > changeTicks && !this.isSettled) this.viewDelay.shift(-byTicks);
    this.lead.guess(byTicks);
  }

  /** Snapshot after snapshot far too late is no jitter: the server stood still for a while, or the path has changed for good. */
  #countLate(late: number): void {
    if (this.#lateRun === 0) {
      this.#lateRunLeast = late;
      this.#lateRunRttMs = Number.POSITIVE_INFINITY;
    }
    this.#lateRunLeast = Math.min(this.#lateRunLeast, late);
    if (++this.#lateRun < lateRunMax) return;
    this.#arrivalOffset -= this.#lateRunLeast;
    this.viewDelay.shift(this.#lateRunLeast);
    // When answers take as long as ever, it is the server's clock that is late, and inputs are too early.
    const longerMs = Math.min(this.#lateRunRttMs, this.rttMs + outageMs) - this.rttMs;
    if (this.#lateRunRttMs === Number.POSITIVE_INFINITY || longerMs < (this.#lateRunLeast * this.#tickMs) / 2) this.lead.shift(-this.#lateRunLeast);
    this.#lateRun = 0;
  }

  /** A packet of this client was answered after `rttMs`, without the time that the server kept it. */
  roundTrip(rttMs: number): void {
    this.#lateRunRttMs = Math.min(this.#lateRunRttMs, rttMs);
    if (this.#roundTrips >= firstRoundTrips) {
      if (this.#lateRun === 0) this.rttMs += (rttMs - this.rttMs) / 8;
      return;
    }
    const least = this.#roundTrips === 0 ? rttMs : Math.min(this.rttMs, rttMs);
    this.lead.guess((least - this.rttMs) / this.#tickMs);
    this.rttMs = least;
    this.#roundTrips++;
  }

  /**
   * The server's report in the snapshot of `tick`: the least margin of the inputs since the last report, in ticks, below 0 some came too late; and the ticks
   * missed since then.
   */
  margin(tick: number, ticks: number, missed: number, now: number): void {
    if (!this.#isStalled(now)) this.lead.report(tick, ticks, this.isSettled ? missed : 0);
  }

  /** Moves both clocks on to `now`. */
  advance(now: number): void {
    const passedMs = Math.max(0, now - this.#advancedAt);
    const passed = passedMs / this.#tickMs;
    if (this.#isLong(passedMs)) this.#stalledUntil = now + this.rttMs + afterStallMs;
    this.#frameMs += (Math.min(passedMs, frameMsMax) - this.#frameMs) / 8;
    this.#advancedAt = now;
    const at = now / this.#tickMs;
    const arrival = at + this.#arrivalOffset;
    const inputBefore = this.inputTick;
    const viewBefore = this.viewTick;
    // Farther ahead than its queue is long, the server would refuse them.
    const target = Math.min(at + this.lead.target, arrival + this.rttMs / this.#tickMs + limits.inputsQueued);
    this.inputTick = follow(this.inputTick, target, passed, this.isSettled ? jumpTicks : firstJumpTicks);
    this.leadTicks = this.inputTick - arrival;
    if (this.delayInForce !== this.inputDelayTicks)
      this.delayInForce += Math.max(-slewRate * passed, Math.min(slewRate * passed, this.inputDelayTicks - this.delayInForce));
    this.lead.made(Math.floor(this.inputTick), this.inputTick - at, this.inputTick - inputBefore > passed * (1 + farRate) + 1);
    this.viewTick = follow(this.viewTick, at - this.viewDelay.target, passed, jumpTicks);
    this.delayTicks = arrival - this.viewTick;
    if (passed === 0) return;
    this.inputRate = (this.inputTick - inputBefore) / passed;
    this.viewRate = (this.viewTick - viewBefore) / passed;
  }

  #isLong(ms: number): boolean {
    return ms > Math.max(stallMs, Math.min(frameMsMax, stallFrames * this.#frameMs));
  }

  /** What arrives now may have waited for this machine, not in the network. */
  #isStalled(now: number): boolean {
    return now < this.#stalledUntil || this.#isLong(now - this.#advancedAt);
  }
}

/** Where a clock at `from` is after `passed` ticks of real time, on its way to `target`; it jumps when it is farther behind than `jump`. */
function follow(from: number, target: number, passed: number, jump: number): number {
  const off = target - (from + passed);
  if (off > jump) return target;
  if (off < -standTicks) return from;
  const slew = (Math.abs(off) > farTicks ? farRate : slewRate) * passed;
  return from + passed + Math.max(-slew, Math.min(slew, off));
}

/** A share of ticks, as the page sets it. @throws RangeError */
export function checkShare(name: string, share: number): number {
  if (share > 0 && share < 1) return share;
  throw new RangeError(`ClientRoom.${name} is a share between 0 and 1, not ${share}`);
}

/** Input delays beyond this are no choice that anyone would feel well with. */
const inputDelayMax = 32;

/** @throws RangeError */
export function checkInputDelay(ticks: number): number {
  if (ticks >= 0 && ticks <= inputDelayMax) return ticks;
  throw new RangeError(`ClientRoom.inputDelayTicks is 0 to ${inputDelayMax}, not ${ticks}`);
}
