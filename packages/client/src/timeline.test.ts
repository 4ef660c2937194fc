// The client's two clocks against a network that delays, jitters and loses: never backwards, early enough, and not earlier than needed.

import { Random } from '@tickwire/shared';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Timeline } from './timeline.ts';

const tickMs = 1000 / 60;
const intervalTicks = 3;
const bundleTicks = 2;

/** What a packet that leaves now takes one way, or -1 when it is lost. */
type Way = (now: number) => number;

interface Run {
  /** Ticks of the server for which no input was there in time, of all. */
  readonly missed: number;
  readonly ticks: number;
  /** Frames at which the view was beyond the newest state, of all. */
  readonly starved: number;
  readonly frames: number;
  /** Means over the measured time. */
  readonly leadTicks: number;
  readonly delayTicks: number;
  readonly inputs: readonly number[];
}

/** Runs client and server for `ms` on a virtual clock, and measures from `fromMs` on. */
function run(down: Way, up: Way, ms: number, fromMs: number): Run {
  const timeline = new Timeline(60, 20, bundleTicks);
  const toClient: { at: number; tick: number; margin: number | undefined; rtt: number | undefined; missed: number }[] = [];
  const toServer: { at: number; newest: number; sentAt: number }[] = [];
  const had = new Set<number>();
  const inputs: number[] = [];
  let [tick, newestState, sentInput, nextInput] = [0, -1, -1, -1];
  let margin: number | undefined;
  let rtt: number | undefined;
  let [missed, missedKnown] = [0, 0];
  const sums = { missed: 0, ticks: 0, starved: 0, frames: 0, lead: 0, delay: 0 };
  const start = Math.max(0, down(0));
  for (let now = 0; now < ms; now++) {
    for (const packet of due(toServer, now)) {
      for (let of = packet.newest; of > packet.newest - 8 && of > 0; of--) {
        if (had.has(of)) continue;
        had.add(of);
        margin = Math.min(margin ?? Number.POSITIVE_INFINITY, of - now / tickMs);
      }
      rtt = packet.sentAt;
    }
    while ((tick + 1) * tickMs <= now) {
      tick++;
      if (now >= fromMs) sums.ticks++;
      if (now >= fromMs && !had.has(tick)) sums.missed++;
      if (had.size > 0 && !had.has(tick)) missed++;
      if (tick % intervalTicks !== 0) continue;
      const way = down(now);
      if (way >= 0) toClient.push({ at: now + way, tick, margin: margin === undefined ? undefined : Math.floor(margin * 4) / 4, rtt, missed });
      margin = undefined;
    }
    if (now < start) continue;
    if (nextInput < 0) {
      timeline.start(0, now);
      nextInput = Math.floor(timeline.inputTick);
    }
    for (const packet of due(toClient, now)) {
      timeline.snapshot(packet.tick, now);
      newestState = Math.max(newestState, packet.tick);
      if (packet.rtt !== undefined) timeline.roundTrip(now - packet.rtt);
      if (packet.margin !== undefined) {
        timeline.margin(packet.tick, packet.margin, Math.max(0, packet.missed - missedKnown), now);
        missedKnown = Math.max(missedKnown, packet.missed);
      }
    }
    if (now % 17 !== 0) continue;
    timeline.advance(now);
    for (; nextInput <= Math.floor(timeline.inputTick); nextInput++) inputs.push(nextInput);
    if (nextInput - 1 - sentInput >= bundleTicks) {
      sentInput = nextInput - 1;
      const way = up(now);
      if (way >= 0) toServer.push({ at: now + way, newest: sentInput, sentAt: now });
    }
    if (now < fromMs) continue;
    sums.frames++;
    sums.lead += timeline.leadTicks;
    sums.delay += timeline.delayTicks;
    if (timeline.viewTick > newestState) sums.starved++;
  }
  return { ...sums, leadTicks: sums.lead / sums.frames, delayTicks: sums.delay / sums.frames, inputs };
}

function due<T extends { at: number }>(queue: T[], now: number): T[] {
  const arrived = queue.filter(({ at }) => at <= now);
  queue.splice(0, queue.length, ...queue.filter(({ at }) => at > now));
  return arrived;
}

function way(random: Random, delayMs: number, jitterMs = 0, loss = 0): Way {
  return () => (random.chance(loss) ? -1 : Math.round(delayMs + random.range(0, jitterMs + 0.001)));
}

describe('Timeline', () => {
  const networks: [name: string, delayMs: number, jitterMs: number, loss: number, missedMost: number, starvedMost: number][] = [
    ['no delay', 0, 0, 0, 0, 0],
    ['40 ms each way', 40, 0, 0, 0, 0],
    ['300 ms each way', 300, 0, 0, 0, 0],
    ['40 ms and 30 ms of jitter', 40, 30, 0, 0.002, 0.002],
    ['40 ms and 80 ms of jitter', 40, 80, 0, 0.002, 0.005],
    ['5 % loss', 40, 10, 0.05, 0.002, 0.005],
    ['20 % loss', 40, 10, 0.2, 0.01, 0.01],
  ];
  for (const [name, delayMs, jitterMs, loss, missedMost, starvedMost] of networks) {
    it(`[TL1] with ${name} inputs come in time and the view has its states, and neither clock is farther off than it needs to be`, () => {
      const random = new Random(delayMs + jitterMs);
      const result = run(way(random, delayMs, jitterMs, loss), way(random, delayMs, jitterMs, loss), 40_000, 8000);
      expect(result.missed / result.ticks).toBeLessThanOrEqual(missedMost);
      expect(result.starved / result.frames).toBeLessThanOrEqual(starvedMost);
      // Input: a round trip with its jitter, a bundle, the margin and what loss makes it wait. View: an interval, the jitter, and what was lost or overtaken.
      const slack = loss > 0 ? 8 : 3;
      expect(result.leadTicks).toBeLessThan((2 * delayMs + 2 * jitterMs) / tickMs + bundleTicks + 1 + slack);
      expect(result.delayTicks).toBeLessThan(
        intervalTicks + 1 + jitterMs / tickMs + (loss > 0.1 ? 5 * intervalTicks : loss > 0 || jitterMs > 50 ? 3 * intervalTicks : 1.5),
      );
    });
  }

  it('[TL2] an input is made for every tick, once, in order', () => {
    const random = new Random(3);
    const { inputs } = run(way(random, 50, 60, 0.1), way(random, 50, 60, 0.1), 20_000, 0);
    expect(inputs.length).toBeGreaterThan(1100);
    inputs.forEach((tick, index) => {
      if (index > 0) expect(tick).toBe((inputs[index - 1] ?? 0) + 1);
    });
  });

  it('[TL3] neither clock ever runs backwards, whatever arrives and however time passes', () => {
    const news = fc.record({
      passed: fc.integer({ min: 0, max: 400 }),
      tick: fc.integer({ min: -300, max: 300 }),
      rtt: fc.nat(2000),
      margin: fc.integer({ min: -32, max: 32 }),
      what: fc.nat(3),
    });
    fc.assert(
      fc.property(fc.array(news, { maxLength: 200, size: 'max' }), (all) => {
        const timeline = new Timeline(60, 20, bundleTicks);
        timeline.start(1000, 0);
        let now = 0;
        let before = [timeline.inputTick, timeline.viewTick];
        for (const { passed, tick, rtt, margin, what } of all) {
          now += passed;
          if (what === 0) timeline.snapshot(Math.round(1000 + now / tickMs + tick), now);
          if (what === 1) timeline.roundTrip(rtt);
          if (what === 2) timeline.margin(Math.round(1000 + now / tickMs), margin, tick & 15, now);
          timeline.advance(now);
          const after = [timeline.inputTick, timeline.viewTick];
          expect(after[0]).toBeGreaterThanOrEqual(before[0] as number);
          expect(after[1]).toBeGreaterThanOrEqual(before[1] as number);
          before = after;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('[TL4] a clock follows its target at most 5 % faster or slower than time, 25 % beyond 6 ticks, jumps ahead beyond 30 and stands still beyond 12', () => {
    const ratesAfter = (early: number): number[] => {
      const timeline = new Timeline(60, 20, bundleTicks);
      timeline.start(0, 0);
      for (let frame = 1; frame <= 120; frame++) {
        if (frame % 3 === 0) timeline.snapshot(frame, frame * tickMs);
        timeline.advance(frame * tickMs);
      }
      timeline.snapshot(121 + early, 121 * tickMs); // states came so many ticks early: the path is shorter
      const rates: number[] = [];
      for (let frame = 121; frame <= 600; frame++) {
        const before = timeline.viewTick;
        timeline.advance(frame * tickMs);
        rates.push(timeline.viewTick - before);
      }
      return rates;
    };
    expect(Math.max(...ratesAfter(4))).toBeCloseTo(1.05, 6);
    expect(Math.max(...ratesAfter(20))).toBeCloseTo(1.25, 6);
    expect(Math.min(...ratesAfter(20))).toBeGreaterThan(0.9499);
    expect(ratesAfter(400)[0]).toBeGreaterThan(300);

    const ahead = new Timeline(60, 20, bundleTicks);
    ahead.start(0, 0);
    ahead.snapshot(1000, 0);
    ahead.advance(tickMs);
    for (let now = tickMs; now < 6000; now += tickMs) {
      ahead.snapshot(Math.floor(now / tickMs), now); // the server's clock turns out to be far behind
      const before = ahead.viewTick;
      ahead.advance(now);
      expect(ahead.viewTick).toBeGreaterThanOrEqual(before);
    }
    // Two windows show that the path is longer; from then on it waits.
    expect(ahead.viewTick).toBeLessThan(1000 + 4200 / tickMs);
    const waits = ahead.viewTick;
    ahead.advance(6000 + tickMs);
    expect(ahead.viewTick).toBe(waits);
  });

  it('[TL10] after the server stood still, both clocks are back within two seconds', () => {
    const timeline = new Timeline(60, 20, bundleTicks);
    timeline.start(0, 0);
    const lostTicks = 60;
    for (let frame = 1; frame <= 900; frame++) {
      const now = frame * tickMs;
      // From frame 300 to 360 nothing comes; then the server goes on where it stopped.
      const tick = frame < 300 ? frame : frame - lostTicks;
      if (frame % 3 === 0 && (frame < 300 || frame >= 300 + lostTicks)) timeline.snapshot(tick, now);
      timeline.advance(now);
      if (frame < 300 + lostTicks + 120) continue;
      expect(Math.abs(timeline.inputTick - tick)).toBeLessThan(3.5 + 6);
      expect(tick - timeline.viewTick).toBeLessThan(12);
      expect(tick - timeline.viewTick).toBeGreaterThan(-2); // within 6 ticks of its place
    }
  });

  it('[TL9] a stall of this machine moves neither the delay nor the lead, and the first round trips count by their least', () => {
    const timeline = new Timeline(60, 20, bundleTicks);
    timeline.start(0, 0);
    for (const rttMs of [850, 40, 42]) timeline.roundTrip(rttMs);
    expect(timeline.rttMs).toBe(40);
    let now = 0;
    const play = (until: number): void => {
      for (; now < until; now += tickMs) {
        if (Math.round(now / tickMs) % 3 === 0) timeline.snapshot(Math.round(now / tickMs), now);
        timeline.margin(Math.round(now / tickMs), 1, 0, now);
        timeline.advance(now);
      }
    };
    play(5000);
    const { delayTicks, leadTicks } = timeline;
    const stalledAt = now;
    now += 500;
    for (let tick = Math.round(stalledAt / tickMs); tick * tickMs < now; tick += 3) timeline.snapshot(tick, now);
    timeline.margin(Math.round(now / tickMs), -25, 15, now);
    play(now + 4000);
    expect(timeline.delayTicks).toBeLessThan(delayTicks + 1);
    expect(timeline.leadTicks).toBeLessThan(leadTicks + 1);
  });

  it('[TL5] when the path becomes longer by 120 ms the clocks follow within a few seconds, and when it becomes shorter again the lead falls', () => {
    const change = (now: number): number => (now > 15_000 && now < 45_000 ? 100 : 40);
    const during = run(change, change, 45_000, 22_000);
    expect(during.missed / during.ticks).toBeLessThan(0.005);
    expect(during.starved / during.frames).toBeLessThan(0.005);
    expect(during.leadTicks).toBeGreaterThan(200 / tickMs);
    const after = run(change, change, 90_000, 80_000);
    expect(after.missed).toBe(0);
    expect(after.leadTicks).toBeLessThan(80 / tickMs + bundleTicks + 4);
  });

  it('[TL6] late reports of a clock that is on its way already do not drive it beyond its target', () => {
    const timeline = new Timeline(60, 20, bundleTicks);
    timeline.start(0, 0);
    timeline.roundTrip(50);
    let most = 0;
    let late = 6;
    for (let frame = 1; frame <= 3000; frame++) {
      const now = frame * tickMs;
      if (frame % 3 === 0) timeline.snapshot(frame, now);
      timeline.advance(now);
      // Inputs are late by 6 ticks at the lead at which this began, and less late as the lead grows.
      if (frame === 300) late = timeline.leadTicks + 6;
      if (frame > 300 && frame % 3 === 0) timeline.margin(frame, timeline.leadTicks - late, timeline.leadTicks < late ? 1 : 0, now);
      most = Math.max(most, timeline.leadTicks);
    }
    expect(most - late).toBeLessThan(2);
    expect(timeline.leadTicks - late).toBeGreaterThan(0);
  });

  it('[TL11] time in which nothing was to be told does not move the view back, and a lost or late snapshot does', () => {
    const delayAfter = (saysQuiet: boolean, isNext = false, everyTicks = 30): number => {
      const timeline = new Timeline(60, 20, bundleTicks);
      timeline.start(0, 0);
      for (let frame = 1; frame <= 1200; frame++) {
        if (frame % everyTicks === 0) timeline.snapshot(frame, frame * tickMs, saysQuiet, isNext);
        timeline.advance(frame * tickMs);
      }
      return timeline.delayTicks;
    };
    expect(delayAfter(true)).toBeLessThan(intervalTicks + 1.5);
    expect(delayAfter(false)).toBeGreaterThan(3 * intervalTicks);
    // Where no packet was lost, a long time between two was quiet; every second snapshot left out is not.
    expect(delayAfter(false, true)).toBeLessThan(intervalTicks + 1.5);
    expect(delayAfter(false, true, 6)).toBeGreaterThan(2 * intervalTicks - 0.5);
  });

  it('[TL12] it is settled when the first round trips are known', () => {
    const timeline = new Timeline(60, 20, bundleTicks);
    timeline.start(0, 0);
    for (let count = 0; count < 8; count++) {
      expect(timeline.isSettled).toBe(false);
      timeline.roundTrip(50);
    }
    expect(timeline.isSettled).toBe(true);
  });
});
