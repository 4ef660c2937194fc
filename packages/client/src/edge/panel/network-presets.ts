// What the network simulator can be set to: the conditions of one direction as a person sets them, and the named networks.
//
// Invariant: any conditions within the bounds of `conditionFields` make a network that there could be. Units: in the names; shares are 0 to 1.

import { type NetworkProfile, networkProfiles } from '@tickwire/shared';
import { averageLoss, completeProfile } from '@tickwire/shared/internal';

export interface Conditions {
  readonly delayMs: number;
  /** Full width of a bell: half of it more on average. */
  readonly jitterMs: number;
  /** Share of packets lost, each by its own coin. */
  readonly loss: number;
  /** Share of packets lost in bursts, on average, and how many packets a burst takes. */
  readonly burstLoss: number;
  readonly burstPackets: number;
  readonly duplicate: number;
  readonly reorder: number;
  /** What the line carries; 0 is no bound. */
  readonly kilobytesPerSecond: number;
}

export interface ConditionField {
  readonly name: keyof Conditions;
  readonly label: string;
  readonly unit: string;
  /** What a person types is so many times the value. */
  readonly scale: number;
  readonly most: number;
  readonly step: number;
}

/** In the order in which they are shown. */
export const conditionFields: readonly ConditionField[] = [
  { name: 'delayMs', label: 'Latency', unit: 'ms', scale: 1, most: 2000, step: 10 },
  { name: 'jitterMs', label: 'Jitter', unit: 'ms', scale: 1, most: 1000, step: 10 },
  { name: 'loss', label: 'Loss', unit: '%', scale: 100, most: 100, step: 1 },
  { name: 'burstLoss', label: 'Loss in bursts', unit: '%', scale: 100, most: 90, step: 1 },
  { name: 'burstPackets', label: 'Burst length', unit: 'packets', scale: 1, most: 100, step: 1 },
  { name: 'duplicate', label: 'Duplicates', unit: '%', scale: 100, most: 100, step: 1 },
  { name: 'reorder', label: 'Reordered', unit: '%', scale: 100, most: 100, step: 1 },
  { name: 'kilobytesPerSecond', label: 'Bandwidth', unit: 'kB/s, 0: any', scale: 1, most: 10_000, step: 5 },
];

export const clean: Conditions = {
  delayMs: 0,
  jitterMs: 0,
  loss: 0,
  burstLoss: 0,
  burstPackets: 4,
  duplicate: 0,
  reorder: 0,
  kilobytesPerSecond: 0,
};

export interface Preset {
  readonly name: string;
  readonly title: string;
  readonly down: Conditions;
  readonly up: Conditions;
}

const mobile = conditionsOf(networkProfiles['4g']);
const badWifi = conditionsOf(networkProfiles.badWifi);
/** Between masts: far, uneven, and gone for a third of a second at a time. */
const train: Conditions = {
  ...clean,
  delayMs: 60,
  jitterMs: 110,
  loss: 0.01,
  burstLoss: 0.06,
  burstPackets: 8,
  reorder: 0.02,
  kilobytesPerSecond: 60,
};
/** A line that everybody in the house shares. */
const hotel: Conditions = { ...clean, delayMs: 45, jitterMs: 70, loss: 0.01, burstLoss: 0.01, burstPackets: 3, kilobytesPerSecond: 25 };

/** The first two are the `4g` and `badWifi` of `networkProfiles`, which tests use. */
export const presets: readonly Preset[] = [
  { name: '4g', title: '4G', down: mobile, up: mobile },
  { name: 'badWifi', title: 'Bad Wi-Fi', down: badWifi, up: badWifi },
  { name: 'train', title: 'Train', down: train, up: { ...train, kilobytesPerSecond: 20 } },
  { name: 'hotel', title: 'Hotel', down: hotel, up: { ...hotel, kilobytesPerSecond: 8 } },
];

/** The network that has these conditions. What is out of bounds counts as the nearest that is not. */
export function profileOf(conditions: Conditions): NetworkProfile {
  const kept = { ...clean };
  for (const { name, scale, most } of conditionFields) kept[name] = Math.min(most / scale, Math.max(0, Number(conditions[name]) || 0));
  const leave = 1 / Math.max(1, kept.burstPackets);
  return {
    delayMs: kept.delayMs,
    jitterMs: kept.jitterMs,
    loss: kept.loss,
    // In the long run a share `burstLoss` of packets meets a bad spell, in which all are lost.
    burst: { enter: Math.min(1, (leave * kept.burstLoss) / (1 - kept.burstLoss)), leave, loss: 1 },
    duplicate: kept.duplicate,
    reorder: kept.reorder,
    ...(kept.kilobytesPerSecond > 0 && { rateBytesPerSecond: kept.kilobytesPerSecond * 1000 }),
  };
}

/** The conditions that come nearest to a network: bad spells there may let some packets through. */
function conditionsOf(profile: NetworkProfile): Conditions {
  const { delayMs, jitterMs, loss, burst, duplicate, reorder, rateBytesPerSecond } = completeProfile(profile);
  return {
    delayMs,
    jitterMs,
    loss,
    burstLoss: Math.round((averageLoss(completeProfile(profile)) - loss) * 1000) / 1000,
    burstPackets: Math.round(1 / burst.leave),
    duplicate,
    reorder,
    kilobytesPerSecond: rateBytesPerSecond === Number.POSITIVE_INFINITY ? 0 : rateBytesPerSecond / 1000,
  };
}
