// How well one viewer shows the others: how far off at the time that it shows, how old, how often frozen or starved.
//
// A viewer says which tick it means to show. Its picture is held against the truth at that tick, so that delay and error are two figures, not one.
// Invariant: a clock that stands still does not hide a frozen picture: the time to show goes on at the speed of real time then.
// Units: milliseconds; units of the game; ticks with fractions.

import { percentile } from '../percentile.ts';
import { wireStep } from './feel-game.ts';
import type { Truth } from './truth.ts';

/** What others were shown like. */
export interface RemoteFigures {
  readonly rms: number;
  readonly errorP99: number;
  /** Age of the picture: how long ago the tick that it shows was made. */
  readonly ageP50Ms: number;
  readonly ageP99Ms: number;
  /** Times that truth moved more than two wire steps and the picture not, for 100 ms. */
  readonly frozen: number;
  /** Share of pictures whose time lay beyond the newest state that was here, while truth had moved since that. */
  readonly starvedPercent: number;
  /** Frames that showed an earlier tick than the frame before. */
  readonly backward: number;
}

/** One entity on one screen. */
interface Picture {
  x: number;
  y: number;
  /** The tick shown when the picture last changed. */
  changedTick: number;
  /** The tick that should be shown now. */
  dueTick: number;
  /** Since when truth has been away from where it was at the last change; -1 while it is not. */
  awayAt: number;
  isCounted: boolean;
}

const frozenMs = 100;

export class RemoteMeter {
  readonly #truth: Truth;
  readonly #tickMs: number;
  readonly #errors: number[] = [];
  readonly #ages: number[] = [];
  readonly #pictures: (Picture | undefined)[] = [];
  #frozen = 0;
  #starved = 0;
  #backward = 0;
  #now = 0;
  #passedTicks = 0;
  #shownTick = Number.NaN;
  #shownBefore = Number.NaN;

  constructor(truth: Truth, tickMs: number) {
    this.#truth = truth;
    this.#tickMs = tickMs;
  }

  /** A frame of this screen begins that shows `shownTick`. */
  frame(now: number, shownTick: number): void {
    this.#passedTicks = (now - this.#now) / this.#tickMs;
    this.#now = now;
    this.#shownBefore = this.#shownTick;
    this.#shownTick = shownTick;
    this.#ages.push(now - shownTick * this.#tickMs);
    if (shownTick < this.#shownBefore - 1e-6) this.#backward++;
  }

  /** The frame shows a player there. @param newestTick of the newest state of it that is here. */
  picture(player: number, x: number, y: number, newestTick: number): void {
    const truth = this.#truth;
    const shown = this.#shownTick;
    this.#errors.push(truth.distance(player, shown, x, y));
    if (shown > newestTick && truth.moved(player, newestTick, shown) > wireStep) this.#starved++;
    const picture = this.#pictures[player];
    if (!picture || Math.abs(picture.x - x) + Math.abs(picture.y - y) > 1e-9) {
      this.#pictures[player] = { x, y, changedTick: shown, dueTick: shown, awayAt: -1, isCounted: false };
      return;
    }
    const stands = shown - this.#shownBefore < this.#passedTicks / 2;
    picture.dueTick = stands ? picture.dueTick + this.#passedTicks : shown;
    if (truth.moved(player, picture.changedTick, picture.dueTick) <= 2 * wireStep) return;
    if (picture.awayAt < 0) picture.awayAt = this.#now;
    if (picture.isCounted || this.#now - picture.awayAt < frozenMs - 1e-6) return;
    picture.isCounted = true;
    this.#frozen++;
  }

  /** Of several screens together. */
  static figures(meters: readonly RemoteMeter[]): RemoteFigures {
    const errors = meters.flatMap((meter) => meter.#errors).sort((a, b) => a - b);
    const ages = meters.flatMap((meter) => meter.#ages).sort((a, b) => a - b);
    const sum = (of: (meter: RemoteMeter) => number): number => meters.reduce((total, meter) => total + of(meter), 0);
    return {
      rms: Math.sqrt(errors.reduce((total, error) => total + error * error, 0) / errors.length),
      errorP99: percentile(errors, 99),
      ageP50Ms: percentile(ages, 50),
      ageP99Ms: percentile(ages, 99),
      frozen: sum((meter) => meter.#frozen),
      starvedPercent: (sum((meter) => meter.#starved) * 100) / errors.length,
      backward: sum((meter) => meter.#backward),
    };
  }
}
