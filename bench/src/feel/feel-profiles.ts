// The networks of the feel suite, each in both directions alike: those of the figures to reach, and two that all tests share.
//
// Invariant: the fates of a profile are drawn by time (`fates.ts`), so a burst lasts as long as it lasts whatever is sent meanwhile.
// Units: milliseconds one way; probabilities for each slot of `slotMs`, those of spells for every second one.

import { type NetworkProfile, networkProfiles } from '@tickwire/shared';

export interface FeelProfile extends Pick<NetworkProfile, 'delayMs' | 'jitterMs' | 'loss' | 'burst'> {
  /** Mean, and standard deviation, of a random extra delay that is mostly short and sometimes long: exponential. */
  readonly tailMs?: number;
}

export type FeelProfileName = 'clean' | 'lossy' | 'badWifi' | '4g' | 'far';

/** Packets that leave within one slot share their fate. One tick at 60 Hz: no two packets of one end leave in one. */
export const slotMs: number = 1000 / 60;
/** Spells of loss begin and end with every second slot. */
export const spellSlots = 2;

export const feelProfiles: Readonly<Record<FeelProfileName, FeelProfile>> = {
  /** 100 ms there and back, nothing lost. */
  clean: { delayMs: 50 },
  /** 100 ms there and back on average, 20 ms more or less each way, one packet in 20 lost. */
  lossy: { delayMs: 30, jitterMs: 40, loss: 0.05 },
  /**
   * 80 ms there and back on average; jitter of 30 ms standard deviation each way, which with a mean of 40 must have a tail; 3 % lost, all of it in spells
   * that last 60 ms on average and 200 ms at the 99th percentile: from one pair of slots to the next a spell ends with 5/9 (1.8 pairs; 0.444^6 < 1 %).
   */
  badWifi: { delayMs: 10, tailMs: 30, burst: { enter: ((5 / 9) * 0.03) / 0.97, leave: 5 / 9, loss: 1 } },
  '4g': networkProfiles['4g'],
  far: networkProfiles.far,
};
