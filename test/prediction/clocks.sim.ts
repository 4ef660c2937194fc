// Both clocks of a client over bad networks, in a whole system: inputs are there, the view has its states, and neither costs more time than it must.

import { networkProfiles } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { measureClocks } from './clocks.ts';

/** 100 ms there and back on average, 20 ms more or less each way. */
const jittery = { delayMs: 30, jitterMs: 40 };

describe('the clocks of a client', () => {
  it('[TM5] under jitter and 5 % loss at most one tick in 1,000 is made without its input, and nothing else is corrected', () => {
    const seeds = [1, 2, 3];
    const lossy = seeds.map((seed) => measureClocks({ ...jittery, loss: 0.05 }, seed, 120));
    const lossless = seeds.map((seed) => measureClocks(jittery, seed, 60));
    for (const [index, { missed, corrections }] of lossy.entries()) {
      expect(missed, `seed ${seeds[index]}`).toBeLessThanOrEqual(1e-3);
      expect(corrections, `seed ${seeds[index]}`).toBeLessThanOrEqual(missed * 120 * 60);
    }
    for (const { missed, corrections } of lossless) expect([missed, corrections]).toEqual([0, 0]);
    expect(mean(lossy.map(({ leadMs }) => leadMs)) - mean(lossless.map(({ leadMs }) => leadMs))).toBeLessThanOrEqual(70);
  });

  it('[TM6] over bad Wi-Fi the view is beyond the newest state in at most 0.5 % of frames', () => {
    // Bursts of 60 ms on average, 3 % lost; at 20 Hz that is 1.2 snapshots.
    const burst = { enter: 0.0257, leave: 1 / 1.2, loss: 1 };
    for (const seed of [1, 2]) {
      const { starved, viewDelayMs } = measureClocks({ delayMs: 10, jitterMs: 90, burst }, seed, 120);
      expect(starved, `seed ${seed}`).toBeLessThanOrEqual(5e-3);
      expect(viewDelayMs, `seed ${seed}`).toBeLessThan(300);
    }
  });

  it('[TM7] a larger share of misses and of starved frames costs less time', () => {
    const profile = networkProfiles.lossy20;
    const strict = measureClocks(profile, 1, 60);
    const loose = measureClocks(profile, 1, 60, 10, (room) => {
      room.missTarget = 0.02;
      room.starveTarget = 0.05;
      for (const wrong of [0, 1, -1, Number.NaN]) {
        expect(() => (room.missTarget = wrong)).toThrow(/missTarget/);
        expect(() => (room.starveTarget = wrong)).toThrow(/starveTarget/);
      }
    });
    expect(loose.leadMs).toBeLessThan(strict.leadMs - 30);
    expect(loose.viewDelayMs).toBeLessThan(strict.viewDelayMs - 50);
    expect(loose.missed).toBeLessThan(0.04);
    expect(loose.starved).toBeLessThan(0.1);
  });
});

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}
