// A plain adaptive buffer, in the manner of Mirror's snapshot interpolation with dynamic adjustment, written from its description.
//
// The buffer is one snapshot interval, a tolerance of another, and the standard deviation of the times between arrivals. A local clock follows the newest
// snapshot less the buffer: 2 % faster or 4 % slower while the averaged drift is beyond one interval, clamped to one buffer around it.
// Units: milliseconds; averages over seconds.

import { LinearBuffer } from './linear-buffer.ts';
import type { Viewer } from './viewer.ts';

const toleranceIntervals = 1;
const faster = 0.02;
const slower = 0.04;
const driftSeconds = 1;
const deliverySeconds = 2;

export function adaptiveViewer(snapshotHz: number): Viewer {
  const buffer = new LinearBuffer();
  const intervalMs = 1000 / snapshotHz;
  const drift = new MovingAverage(driftSeconds * snapshotHz);
  const delivery = new MovingAverage(deliverySeconds * snapshotHz);
  let shownMs = Number.NaN;
  let rate = 1;
  let arrivedAt = Number.NaN;
  let frameAt = Number.NaN;
  return {
    receive(snapshot, now) {
      const bufferMs = intervalMs * (1 + toleranceIntervals) + Math.sqrt(delivery.variance);
      const isNewest = snapshot.timeMs > buffer.newestMs;
      buffer.insert(snapshot);
      if (Number.isNaN(shownMs)) shownMs = snapshot.timeMs - bufferMs;
      if (!isNewest) return;
      const target = snapshot.timeMs - bufferMs;
      shownMs = Math.max(target - bufferMs, Math.min(target + bufferMs, shownMs));
      drift.add(target - shownMs);
      rate = drift.mean > intervalMs ? 1 + faster : drift.mean < -intervalMs ? 1 - slower : 1;
      if (!Number.isNaN(arrivedAt)) delivery.add(now - arrivedAt);
      arrivedAt = now;
    },
    frame(now) {
      if (!Number.isNaN(frameAt)) shownMs += (now - frameAt) * rate;
      frameAt = now;
      buffer.show(shownMs);
      return shownMs;
    },
    placeOf: (player) => buffer.placeOf(player),
  };
}

/** An exponential moving average with its variance; `samples` is about how many it remembers. */
class MovingAverage {
  mean = 0;
  variance = 0;
  readonly #weight: number;
  #isFirst = true;

  constructor(samples: number) {
    this.#weight = 2 / (samples + 1);
  }

  add(value: number): void {
    if (this.#isFirst) this.mean = value;
    this.#isFirst = false;
    const delta = value - this.mean;
    this.mean += this.#weight * delta;
    this.variance = (1 - this.#weight) * (this.variance + this.#weight * delta * delta);
  }
}
