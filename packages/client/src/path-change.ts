// Whether values that come one after another have moved for good: a run of them that the distribution so far makes next to impossible.
//
// Invariant: a change is told once, and what was counted for it begins anew. Units: ticks.

export interface RunLengths {
  /** So many in a row above the upper bound. */
  readonly above: number;
  /** So many in a row below the middle; and so many far below it. */
  readonly below: number;
  readonly farBelow: number;
}

/** Above a bound by less than this is not above it. */
const slack = 0.5;
/** The phase of frames, ticks and bundles to each other changes slowly, and makes up to a tick each: less than this below the middle is no change. */
const belowTicks = 2;
const farTicks = 6;

export class PathChange {
  /** The largest value of the run that made the change. */
  most = 0;
  readonly #lengths: RunLengths;
  #above = 0;
  #below = 0;
  #farBelow = 0;
  #most = 0;

  constructor(lengths: RunLengths) {
    this.#lengths = lengths;
  }

  /** @returns whether `value` ends a run that is a change. */
  isMade(value: number, upper: number, middle: number): boolean {
    const isAbove = value > upper + slack;
    const isBelow = value < middle - belowTicks;
    const isFarBelow = value < middle - farTicks;
    const goesOn = isFarBelow ? this.#farBelow > 0 : isAbove ? this.#above > 0 : isBelow && this.#below > 0 && this.#farBelow === 0;
    this.#most = goesOn ? Math.max(this.#most, value) : value;
    this.#above = isAbove ? this.#above + 1 : 0;
    this.#below = isBelow ? this.#below + 1 : 0;
    this.#farBelow = isFarBelow ? this.#farBelow + 1 : 0;
    const { above, below, farBelow } = this.#lengths;
    if (this.#above < above && this.#below < below && this.#farBelow < farBelow) return false;
    this.most = this.#most;
    this.clear();
    return true;
  }

  /** The last value was out of the ordinary. */
  get isBegun(): boolean {
    return this.#above + this.#below > 0;
  }

  clear(): void {
    this.#above = 0;
    this.#below = 0;
    this.#farBelow = 0;
  }
}
