// How far ahead of the server inputs are made: the smallest lead at which the share of ticks whose input came too late stays under `missTarget`.
//
// The server reports how early an input was there at the least. The client knows how far ahead its clock was when it made that input: the difference is
// the lead that the input would have needed, whatever the lead is now. So a report says the same before, during and after a change of the clock. Of these
// needs the tail is kept (`late-tail.ts`): jitter, losses and the waiting for a bundle are all in it. What it gets wrong, misses correct: each moves
// the lead up at once, and as much falls off in the time in which so many may come.
// Invariant: what a stall of this machine or an outage did is not learnt. Units: ticks; a clock's offset is its tick less `now / tickMs`.

import { LateTail } from './late-tail.ts';
import { PathChange } from './path-change.ts';

/** Weight of the memory of needs: a minute at 60 Hz. */
const memoryTicks = 3600;
/** Reports that must have come before they count for more than the first guess: half a second at 20 Hz. */
const firstReports = 10;
/** The guess before that: inputs are at the server so long before their tick. */
const firstMargin = 1.5;
/** More than the tail says: margins are rounded down to a quarter, and come from moments, not from all of time. */
const spare = 0.25;
/** Each missed tick that a larger lead would have saved moves the lead up by so much, one moment's by a tick at most, and all by four. */
const missedStep = 0.25;
const missedStepMax = 1;
const correctionMax = 4;
/** So many reports in a row are no accident: two ticks late in a quarter of a second, or half a second much too early, or two seconds of less than usual. */
const runs = { above: 4, below: 40, farBelow: 10 };
/** After so many reports the misses of the start are over: five seconds at 20 Hz. */
const countingFrom = 100;
const unknownRun = 10;
/** Of misses a share is shown that forgets in a minute. */
const shareTicks = 3600;
/** While nothing is missed, so many ticks are counted at once. */
const countedTicks = 60;
/** Offsets of so many ticks are remembered: what is longer under way is no sample. */
const ring = 128;

export class Lead {
  /** Share of ticks whose input may come too late. */
  missTarget = 3e-4;
  /** Offset at which the input clock should be. */
  target = 0;
  /** Share of ticks that were missed, over the last minute. */
  missShare = 0;
  readonly #intervalTicks: number;
  readonly #tail = new LateTail(memoryTicks);
  readonly #offsets = new Float64Array(ring);
  readonly #offsetTicks = new Int32Array(ring).fill(-1);
  #newest = -1;
  #offset = 0;
  #unknown = 0;
  #interruptedTick = -1;
  #guess = 0;
  #correction = 0;
  /** The newest tick that was made when the target was last moved for a miss. */
  #steppedAt = -1;
  #reports = 0;
  #counted = 0;
  #reportTick = -1;
  /** Ticks that were not counted yet. */
  #passed = 0;
  #median = 0;
  #threshold = 0;
  /** How long the tail was before anything was out of the ordinary. */
  #spread = 0;
  readonly #change = new PathChange(runs);

  /** @param intervalTicks ticks between snapshots: a report is of so many inputs at most. */
  constructor(intervalTicks: number) {
    this.#intervalTicks = intervalTicks;
  }

  /** @param offset of the tick that arrives now. @param bundleTicks the oldest input waits that long before it is sent. */
  start(offset: number, bundleTicks: number): void {
    this.#reportTick = -1;
    this.#interruptedTick = -1;
    this.#newest = -1;
    this.#offsetTicks.fill(-1);
    this.#restart(offset + bundleTicks + firstMargin);
  }

  /** The first guess: a round trip is so much longer than was thought. */
  guess(more: number): void {
    this.#guess += more;
    if (this.#reports < firstReports) this.target = this.#guess;
  }

  /** The server's clock has gone on by so much less than this one. */
  shift(by: number): void {
    this.#restart(this.target + by);
  }

  /** Ticks up to this one were made, with a clock of this offset. @param jumped those before it were not made in time. */
  made(tick: number, offset: number, jumped: boolean): void {
    for (let of = jumped ? tick : Math.max(this.#newest + 1, tick - ring + 1); of <= tick; of++) {
      this.#offsets[of % ring] = offset;
      this.#offsetTicks[of % ring] = of;
    }
    this.#newest = Math.max(this.#newest, tick);
    this.#offset = offset;
  }

  /** Inputs up to `tick` were made while nothing got through, or right after: what waited meanwhile comes late, and that says nothing of the path. */
  interrupt(tick: number): void {
    this.#interruptedTick = Math.max(this.#interruptedTick, tick);
  }

  /**
   * The server's report in the snapshot of `tick`. @param margin the least margin since the last report, below 0 an input was late. @param missed ticks
   * that were missed since the last report.
   */
  report(tick: number, margin: number, missed: number): void {
    const of = Math.floor(tick + margin);
    if (of <= this.#interruptedTick) return;
    const at = ((of % ring) + ring) % ring;
    // Of a tick that was not made in time the margin says nothing: the clock jumped over it. When nothing else comes, it is far from where it should be.
    if (this.#offsetTicks[at] !== of) {
      if (++this.#unknown >= unknownRun) this.#restart(this.#offset - margin + firstMargin);
      return;
    }
    this.#unknown = 0;
    this.#count(tick, of, margin, missed);
    const needed = (this.#offsets[at] as number) - margin;
    this.#follow(needed);
    // The inputs after it in its packet needed a tick less each.
    this.#tail.addRun(needed, this.#intervalTicks);
    this.#reports++;
    this.#aim();
  }

  #restart(needed: number): void {
    this.#tail.clear();
    this.#reports = 0;
    this.#correction = 0;
    this.#steppedAt = this.#newest;
    this.#unknown = 0;
    this.#change.clear();
    this.#guess = needed;
    this.target = needed;
  }

  #count(tick: number, of: number, margin: number, missed: number): void {
    this.#counted++;
    if (this.#reportTick >= 0) this.#passed += Math.max(0, Math.min(tick - this.#reportTick, shareTicks));
    this.#reportTick = Math.max(this.#reportTick, tick);
    // Numbers with a fraction are allocated when they are stored: not for every report.
    if (missed === 0 && this.#passed < countedTicks) return;
    const passed = this.#passed;
    this.#passed = 0;
    this.missShare += (missed - this.missShare * passed) / shareTicks;
    if (this.#counted < countingFrom) return;
    this.#correction = Math.max(0, this.#correction - missedStep * this.missTarget * passed);
    const savable = Math.min(missed, Math.ceil(-margin));
    // What was made before the last step says nothing against it.
    if (savable <= 0 || of <= this.#steppedAt) return;
    this.#correction = Math.min(correctionMax, this.#correction + Math.min(missedStepMax, savable * missedStep));
    this.#steppedAt = this.#newest;
  }

  /** A need that stays where it was not before is a change of the path, not a part of its tail. */
  #follow(needed: number): void {
    if (this.#reports < firstReports || !this.#change.isMade(needed, this.#threshold, this.#median)) return;
    this.#restart(this.#change.most + this.#spread);
  }

  #aim(): void {
    if (this.#reports < firstReports) {
      this.target = this.#guess;
      return;
    }
    if (this.#reports < 2 * firstReports || this.#reports % 4 === 0) this.#look();
    const needed = this.#tail.exceededBy(this.missTarget) + spare;
    if (!this.#change.isBegun) this.#spread = needed - this.#threshold;
    this.target = needed + this.#correction;
  }

  #look(): void {
    this.#median = this.#tail.exceededBy(0.5) + (this.#intervalTicks - 1) / 2; // of the needs that were reported
    this.#threshold = this.#tail.exceededBy(0.05);
  }
}
