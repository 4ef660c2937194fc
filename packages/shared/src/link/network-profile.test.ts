import { describe, expect, it } from 'vitest';
import { BadNetwork } from './bad-network.ts';
import { averageLoss, completeProfile, type NetworkProfile, networkProfiles } from './network-profile.ts';

describe('NetworkProfile', () => {
  it('[BN15] a profile that no network could have is refused', () => {
    const bad: NetworkProfile[] = [
      { delayMs: -1 },
      { delayMs: Number.NaN },
      { delayMs: 1, jitterMs: Number.POSITIVE_INFINITY },
      { delayMs: 1, loss: 1.1 },
      { delayMs: 1, duplicate: -0.1 },
      { delayMs: 1, reorder: 2 },
      { delayMs: 1, burst: { enter: 0.1, leave: 3, loss: 0.5 } },
      { delayMs: 1, rateBytesPerSecond: 0 },
      { delayMs: 1, retransmitMs: 0 },
    ];
    for (const profile of bad) {
      expect(() => completeProfile(profile)).toThrow(RangeError);
      expect(() => new BadNetwork(1, profile)).toThrow(RangeError);
      expect(() => new BadNetwork(1, { delayMs: 1 }).setProfile(profile)).toThrow(RangeError);
    }
  });

  it('[BN15] every named network is one that could be', () => {
    for (const profile of Object.values(networkProfiles)) expect(completeProfile(profile)).toMatchObject(profile);
  });

  it('[BN15] the average loss counts both states by the time spent in them', () => {
    const average = (profile: NetworkProfile) => averageLoss(completeProfile(profile));
    expect(average({ delayMs: 1, loss: 0.3 })).toBeCloseTo(0.3, 12);
    expect(average({ delayMs: 1, loss: 0.1, burst: { enter: 0.1, leave: 0.3, loss: 0.5 } })).toBeCloseTo(0.75 * 0.1 + 0.25 * 0.5, 12);
    expect(average({ delayMs: 1, loss: 0.1, burst: { enter: 0, leave: 0, loss: 1 } })).toBeCloseTo(0.1, 12);
  });
});
