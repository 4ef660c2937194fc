import { expect, test } from 'vitest';
import { percentile } from '../percentile.ts';
import { Fates, lost, reliableArrival } from './fates.ts';
import { type FeelProfile, feelProfiles, slotMs } from './feel-profiles.ts';

const slots = 200_000;

function delays(profile: FeelProfile, seed = 1): number[] {
  const fates = new Fates(seed, profile);
  return Array.from({ length: slots }, (_, slot) => fates.delayMs(slot * slotMs));
}

function lossRunsMs(all: readonly number[]): number[] {
  const runs: number[] = [];
  let run = 0;
  for (const delay of all) {
    if (delay === lost) run++;
    else if (run > 0) {
      runs.push(run * slotMs);
      run = 0;
    }
  }
  return runs.sort((a, b) => a - b);
}

test('[BL1] a fate belongs to its slot, whoever asks, in whatever order and how often', () => {
  const asked = new Fates(3, feelProfiles.badWifi);
  const late = asked.delayMs(90_000);
  const fresh = new Fates(3, feelProfiles.badWifi);
  for (let now = 0; now < 90_000; now += 7) fresh.delayMs(now);
  expect([fresh.delayMs(90_000), fresh.delayMs(90_000 + slotMs - 1), asked.delayMs(90_000)]).toEqual([late, late, late]);
  expect(delays(feelProfiles.badWifi, 1).slice(0, 50)).not.toEqual(delays(feelProfiles.badWifi, 2).slice(0, 50));
  const one = new Fates(1, feelProfiles.badWifi);
  const differing = delays(feelProfiles.badWifi).filter((delay, slot) => delay !== lost && delay !== one.wayMs(slot * slotMs));
  expect(differing).toEqual([]);
});

test('[BL2] bad Wi-Fi is 80 ms there and back, 30 ms of jitter, 3 % lost in spells of 60 ms on average and 200 ms at the 99th percentile', () => {
  const all = delays(feelProfiles.badWifi);
  const came = all.filter((delay) => delay !== lost);
  const mean = came.reduce((sum, delay) => sum + delay, 0) / came.length;
  const deviation = Math.sqrt(came.reduce((sum, delay) => sum + (delay - mean) ** 2, 0) / came.length);
  const runs = lossRunsMs(all);
  expect(2 * mean).toBeCloseTo(80, 0);
  expect(deviation).toBeCloseTo(30, 0);
  expect(((slots - came.length) * 100) / slots).toBeCloseTo(3, 0);
  expect(runs.reduce((sum, ms) => sum + ms, 0) / runs.length).toBeCloseTo(60, -1);
  expect(percentile(runs, 99)).toBeCloseTo(200, 3);
});

test('[BL2] the lossy network is 100 ms there and back, 20 ms more or less each way, one packet in 20 lost', () => {
  const all = delays(feelProfiles.lossy);
  const came = all.filter((delay) => delay !== lost).sort((a, b) => a - b);
  expect(2 * percentile(came, 50)).toBeCloseTo(100, 0);
  expect([(came[0] as number) >= 30, (came[came.length - 1] as number) <= 70]).toEqual([true, true]);
  expect((slots - came.length) / slots).toBeCloseTo(0.05, 2);
  expect(new Set(delays(feelProfiles.clean))).toEqual(new Set([50]));
});

test('[BL3] a lost message of an ordered stream comes a repetition later, a lost repetition much later', () => {
  const fates = new Fates(1, feelProfiles.clean);
  expect(reliableArrival(fates, 1000, 50)).toBe(1050);
  const darkUntil = (untilMs: number): Fates =>
    Object.assign(new Fates(1, feelProfiles.clean), { delayMs: (now: number) => (now < untilMs ? lost : 50) });
  // Noticed by the next message's ack, a round trip and a quarter after it: 50 + 125 ms; then after 350 ms.
  expect(reliableArrival(darkUntil(1001), 1000, 50)).toBe(1000 + 175 + 50);
  expect(reliableArrival(darkUntil(1176), 1000, 50)).toBe(1000 + 175 + 350 + 50);
});
