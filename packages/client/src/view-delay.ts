// How far behind the present others are shown: the smallest delay at which only a share `starveTarget` of the time has no newer state to show.
//
// Between two arrivals the newest state grows old, from its own lateness to that and the time until the next one. Of all these ages the tail is kept: the
// time between snapshots, jitter, losses and their bursts are in it, and nothing has to be added up. Invariant: neither time in which the server had
// nothing to tell, nor a stall of this machine, nor an outage makes it longer. Units: ticks; an offset is `now / tickMs` less a tick.

import { LateTail } from './late-tail.ts';
import { PathChange } from './path-change.ts';

/** Weight of the memory: a minute at 60 Hz. */
const memoryTicks = 3600;
/** Time that must have been seen before it counts for more than the first guess: half a second at 60 Hz. */
const firstTicks = 30;
/** So many snapshots in a row in the upper quarter, or in the lower half, are no accident: the path has changed. */
const runs = { above: 10, below: 40, farBelow: 10 };
/** Snapshots that must have come before one may be out of the ordinary. */
const firstSnapshots = 20;
/** What is exceeded by all but these is the way without jitter. */
const leastShare = 0.98;

export class ViewDelay {
  /** Share of the time in which the view may be beyond the newest state. */
  starveTarget = 1e-3;
  /** Offset at which the view should be. */
  target = 0;
  /** Parts of the delay, in ticks: what jitter asks for, and what losses do. */
  jitterTicks = 0;
  lossTicks = 0;
  readonly #intervalTicks: number;
  readonly #outageTicks: number;
  readonly #ages = new LateTail(memoryTicks);
  readonly #lateness = new LateTail(memoryTicks);
  #newest = -1;
  #newestAt = 0;
  #mayLearn = false;
  /** Of the lateness: what one in four exceeds, half of them, and nearly none. */
  #upper = 0;
  #median = 0;
  #least = 0;
  #noted = 0;
  readonly #change = new PathChange(runs);

  /** @param outageTicks a state that is older than this when the next one comes says nothing of the next ones. */
  constructor(intervalTicks: number, outageTicks: number) {
    this.#intervalTicks = intervalTicks;
    this.#outageTicks = outageTicks;
  }

  /** @param offset of the tick that arrives now. */
  start(tick: number, offset: number): void {
    this.#newest = tick;
    this.target = offset;
    this.#restart();
    this.target = offset + this.#intervalTicks + 1;
  }

  /** The snapshot of `tick` arrived at `at`, in ticks of this clock. @param says how long others may take: not after a stall, nor after silence that meant nothing. */
  snapshot(tick: number, at: number, says: boolean): void {
    const late = at - tick;
    const isSample = says && (this.#lateness.added === 0 || at - this.#newest - this.#median < this.#outageTicks);
    if (isSample) this.#note(late);
    if (tick <= this.#newest) return;
    if (isSample && this.#mayLearn) this.#ages.addSpan(this.#newestAt - this.#newest, at - this.#newest);
    this.#mayLearn = true;
    this.#newest = tick;
    this.#newestAt = at;
    this.#aim();
  }

  /** What comes next is compared with nothing before it. */
  interrupt(): void {
    this.#mayLearn = false;
  }

  /** Snapshots come later by so much, all of them. */
  shift(by: number): void {
    this.target += by;
    this.#restart();
  }

  /** What was learnt is of another path. The target stays until enough is known of this one. */
  #restart(): void {
    this.#ages.clear();
    this.#lateness.clear();
    this.#change.clear();
    this.#mayLearn = false;
  }

  #note(late: number): void {
    if (this.#lateness.added >= firstSnapshots && this.#change.isMade(late, this.#upper, this.#median)) this.shift(this.#change.most - this.#upper);
    this.#lateness.add(late, 1);
    if (++this.#noted % 8 !== 0 && this.#lateness.added > 2 * firstSnapshots) return;
    this.#upper = this.#lateness.exceededBy(0.25);
    this.#median = this.#lateness.exceededBy(0.5);
    this.#least = this.#lateness.exceededBy(leastShare);
    this.jitterTicks = Math.max(0, this.#lateness.exceededBy(this.starveTarget) - this.#least);
  }

  #aim(): void {
    if (this.#ages.added < firstTicks || (this.#ages.added > 20 * firstTicks && this.#noted % 4 !== 0)) return;
    this.target = this.#ages.exceededBy(this.starveTarget);
    this.lossTicks = Math.max(0, this.target - this.#least - this.#intervalTicks - this.jitterTicks);
  }
}
