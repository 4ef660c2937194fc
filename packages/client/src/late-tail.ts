// How late things come, as a histogram that forgets: what share of them exceeds a value, also where that share is smaller than what was ever counted.
//
// Method: peaks over a threshold (A. Balkema, L. de Haan 1974; J. Pickands 1975). Above the value that one in twenty exceeds, the tail is taken for an
// exponential one with the mean excess that was seen; while few were seen, with one standard error more, and never by more than the mean excess beyond what was seen. Losses that repeat are such a tail by
// themselves, and what jitter has is shorter. Invariant: memory and work are bounded; it holds the last `memory` of weight or less, older ones fade.
// Units: ticks; weights in ticks.

/** A histogram of quarter ticks, 16 below its first value and 48 above it. */
const parts = 4;
const buckets = 256;
const belowFirst = 16;
/** The tail is what this share exceeds. */
const tailShare = 0.05;
/** The memory grows by a third of what comes: how a path began is soon forgotten. */
const firstMemory = 300;
/** What has faded to less than this was not seen. */
const leastWeight = 0.05;

export class LateTail {
  /** Weight that was added since the start. */
  added = 0;
  readonly #memory: number;
  readonly #weights = new Float64Array(buckets);
  #total = 0;
  /** The lower end of the first bucket. */
  #from = 0;

  constructor(memory: number) {
    this.#memory = memory;
  }

  clear(): void {
    this.#weights.fill(0);
    this.#total = 0;
    this.added = 0;
  }

  add(value: number, weight: number): void {
    if (this.#total === 0) this.#from = Math.floor(value) - belowFirst;
    this.#put(Math.floor((value - this.#from) * parts), weight);
    this.#forget();
  }

  /** Adds a value and those that are one less each, `count` in all. */
  addRun(value: number, count: number): void {
    if (this.#total === 0) this.#from = Math.floor(value) - belowFirst;
    const index = Math.floor((value - this.#from) * parts);
    for (let after = 0; after < count; after++) this.#put(index - after * parts, 1);
    this.#forget();
  }

  /** Adds every value between the two, with a weight of as many ticks as lie between them. */
  addSpan(least: number, most: number): void {
    if (!(most > least)) return;
    if (this.#total === 0) this.#from = Math.floor(least) - belowFirst;
    const from = Math.max((least - this.#from) * parts, 0);
    const to = Math.min((most - this.#from) * parts, buckets);
    if (!(to > from)) return;
    // In place: a number that is handed to a function is a number that is allocated.
    for (let at = Math.floor(from); at < to; at++) {
      this.#weights[at] = (this.#weights[at] as number) + (Math.min(at + 1, to) - Math.max(at, from)) / parts;
    }
    this.#total += (to - from) / parts;
    this.added += (to - from) / parts;
    this.#forget();
  }

  /** The value that a `share` of all exceeds. */
  exceededBy(share: number): number {
    const wanted = Math.max(share, tailShare) * this.#total;
    let over = 0;
    let excess = 0;
    let most = 0;
    let index = buckets - 1;
    for (; index > 0; index--) {
      const weight = this.#weights[index] as number;
      if (most === 0 && over + weight >= leastWeight) most = this.#from + (index + 1) / parts;
      if (over + weight >= wanted) break;
      excess += (over + weight / 2) / parts;
      over += weight;
    }
    const weight = this.#weights[index] as number;
    const part = weight > 0 ? (wanted - over) / weight : 0;
    const threshold = this.#from + (index + 1 - part) / parts;
    if (share >= tailShare || wanted === 0) return threshold;
    excess += (over * part + (weight * part * part) / 2) / parts;
    const mean = excess / wanted;
    const tail = mean * Math.log(tailShare / share) * (1 + 1 / Math.sqrt(1 + wanted));
    return Math.min(threshold + tail, Math.max(most, threshold) + mean);
  }

  #put(index: number, weight: number): void {
    const at = Math.max(0, Math.min(buckets - 1, index));
    this.#weights[at] = (this.#weights[at] as number) + weight;
    this.#total += weight;
    this.added += weight;
  }

  #forget(): void {
    const memory = Math.min(this.#memory, firstMemory + this.added / 3);
    if (this.#total < memory * 1.1) return;
    const keep = memory / this.#total;
    for (let index = 0; index < buckets; index++) (this.#weights[index] as number) *= keep;
    this.#total = memory;
  }
}
