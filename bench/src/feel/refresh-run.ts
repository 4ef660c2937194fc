// How soon a player sees what the hand did: from the time stamp of the event to the first frame that shows the own player moving.
//
// A pointer jumps now and then while the player rests; the frame that first draws it elsewhere has shown the jump. Frames come at a fixed or at a varying
// rate. Invariant: every jump is counted; one that is not shown before the next is as late as that. Units: milliseconds, frames.

import { Random } from '@tickwire/shared';
import { percentile } from '../percentile.ts';
import type { FeelProfile } from './feel-profiles.ts';
import { runFeel, type Screen, warmMs } from './feel-run.ts';

export interface RefreshFigures {
  readonly refresh: string;
  readonly jumps: number;
  readonly shownP50Ms: number;
  readonly shownMaxMs: number;
  readonly framesP99: number;
  /** The most that it ever took beyond one tick and the frame in which it was shown; 0 when never. */
  readonly beyondMs: number;
}

export type Refresh = number | 'variable';

/** A player is at rest again a second after a jump. */
const everyMs = 1500;
/** Screens run a little slower than they say, so frames drift past ticks. */
const screenRate = 0.999;
/** A variable refresh goes from 33 to 200 Hz. */
const variableMs = [5, 30] as const;

export function runRefresh(seed: number, profile: FeelProfile, refresh: Refresh, jumps: number): RefreshFigures {
  const random = new Random(seed).fork(7);
  const times = Array.from({ length: jumps }, (_, index) => warmMs + index * everyMs + random.range(500, 1000));
  const meter = new JumpMeter(times);
  const run = runFeel({
    seed,
    profile,
    players: 1,
    seconds: (jumps * everyMs + everyMs) / 1000,
    pointer(_, now, into) {
      const passed = times.filter((at) => at <= now).length;
      into.x = passed % 2 === 0 ? 100 : 400;
      into.y = 192;
    },
    frameMs: () => (refresh === 'variable' ? random.range(...variableMs) : 1000 / (refresh * screenRate)),
    drawn: (screen, now) => meter.frame(screen, now),
  });
  return meter.figures(refresh === 'variable' ? 'variable' : `${refresh} Hz`, run.tickMs);
}

/** Sees in the frames of one screen when each of some events was shown. */
export class JumpMeter {
  readonly #times: readonly number[];
  readonly #shown: { readonly ms: number; readonly frames: number; readonly frameMs: number }[] = [];
  #next = 0;
  #restX = Number.NaN;
  #frames = 0;
  #frameAt = 0;

  constructor(times: readonly number[]) {
    this.#times = times;
  }

  frame({ room }: Screen, now: number): void {
    const at = this.#times[this.#next];
    const x = room.view.mine('player')?.pos.x ?? Number.NaN;
    const frameMs = now - this.#frameAt;
    this.#frameAt = now;
    if (at === undefined) return;
    if (now < at) {
      this.#restX = x;
      this.#frames = 0;
      return;
    }
    this.#frames++;
    const isOver = now >= (this.#times[this.#next + 1] ?? Number.POSITIVE_INFINITY);
    if (x === this.#restX && !isOver) return;
    this.#shown.push({ ms: now - at, frames: this.#frames, frameMs });
    this.#next++;
  }

  figures(refresh: string, tickMs: number): RefreshFigures {
    const times = this.#shown.map(({ ms }) => ms).sort((a, b) => a - b);
    const frames = this.#shown.map((jump) => jump.frames).sort((a, b) => a - b);
    const complete = times.length === this.#times.length;
    return {
      refresh,
      jumps: times.length,
      shownP50Ms: percentile(times, 50),
      shownMaxMs: percentile(times, 100),
      framesP99: percentile(frames, 99),
      beyondMs: complete ? Math.max(0, ...this.#shown.map(({ ms, frameMs }) => ms - tickMs - frameMs - 1e-6)) : Number.NaN,
    };
  }
}
