import { expect, test } from 'vitest';
import { adaptiveViewer } from './adaptive-viewer.ts';
import { geckosViewer } from './geckos-viewer.ts';
import { LinearBuffer } from './linear-buffer.ts';
import { orderedViewer } from './ordered-viewer.ts';
import { bestDelay } from './profile-rows.ts';
import type { RemoteFigures } from './remote-meter.ts';
import type { StateSnapshot, Viewer } from './viewer.ts';

const intervalMs = 50;
const wayMs = 40;

/** A player that goes a unit a millisecond. */
function snapshot(index: number): StateSnapshot {
  return { tick: index * 3, timeMs: index * intervalMs, places: [{ x: index * intervalMs, y: 7 }] };
}

/** Plays snapshots, the nth of which arrives `delay(n)` after it was made. @returns at frames: time shown, x, and x beyond where it should be. */
function play(viewer: Viewer, delay: (index: number) => number, frames: readonly number[]): { now: number; shown: number; x: number }[] {
  const arrivals = Array.from({ length: 100 }, (_, index) => ({ index, at: index * intervalMs + delay(index) }))
    .filter(({ at }) => Number.isFinite(at))
    .sort((a, b) => a.at - b.at);
  return frames.map((now) => {
    while (arrivals[0] && arrivals[0].at <= now) {
      const { index, at } = arrivals.shift() as { index: number; at: number };
      viewer.receive(snapshot(index), at);
    }
    const shown = viewer.frame(now);
    return { now, shown, x: viewer.placeOf(0)?.x ?? Number.NaN };
  });
}

const everyFrame = Array.from({ length: 280 }, (_, index) => 41 + index * 16);

test('[BL7] snapshot-interpolation runs on the virtual clock with its own buffer: three snapshots of its rate, or the one it is given', () => {
  const shown = play(geckosViewer(20), () => wayMs, everyFrame);
  for (const frame of shown.slice(20)) expect([frame.shown, frame.x]).toEqual([frame.now - wayMs - 150, expect.closeTo(frame.now - wayMs - 150, 6)]);
  const short = play(geckosViewer(20, 60), () => wayMs, everyFrame);
  for (const frame of short.slice(20)) expect(frame.x).toBeCloseTo(frame.now - wayMs - 60, 6);
});

test('[BL7] without a newer snapshot it holds its picture while the time that it means to show goes on', () => {
  const shown = play(geckosViewer(20), (index) => (index < 40 ? wayMs : Number.POSITIVE_INFINITY), everyFrame);
  const held = shown.filter(({ shown: at }) => at > 39 * intervalMs);
  expect(held.length).toBeGreaterThan(50);
  expect(new Set(held.map(({ x }) => x)).size).toBe(1);
});

test('[BL8] the adaptive buffer is two intervals and the jitter: longer where packets come unevenly, and steady', () => {
  const even = play(adaptiveViewer(20), () => wayMs, everyFrame).slice(100);
  const uneven = play(adaptiveViewer(20), (index) => wayMs + ([0, 180, 60, 300, 20][index % 5] as number), everyFrame).slice(100);
  const age = (frames: typeof even): number => frames.reduce((sum, { now, shown }) => sum + now - shown, 0) / frames.length;
  // Drift up to an interval is let be.
  expect(age(even)).toBeGreaterThan(wayMs + intervalMs);
  expect(age(even)).toBeLessThan(wayMs + 3.1 * intervalMs);
  expect(age(uneven)).toBeGreaterThan(age(even) + 20);
  for (const { shown, x } of even) expect(x).toBeCloseTo(shown, 6);
  for (const [index, { shown }] of uneven.entries()) if (index > 0) expect(shown).toBeGreaterThan((uneven[index - 1] as { shown: number }).shown);
});

test('[BL8] the ordered pipe shows what was 100 ms before the least delayed message, and stands while one is waited for', () => {
  const smooth = play(orderedViewer(), () => wayMs, everyFrame).slice(20);
  for (const { now, shown, x } of smooth) expect([shown, x]).toEqual([now - wayMs - 100, expect.closeTo(now - wayMs - 100, 6)]);
  // Message 40 takes 300 ms, and those behind it cannot pass.
  const late = play(orderedViewer(), (index) => (index < 40 ? wayMs : Math.max(wayMs, 300 - (index - 40) * intervalMs)), everyFrame);
  expect(late.some(({ shown, x }) => shown - x > 100)).toBe(true);
});

test('[BL8] the plain buffer puts late snapshots in their place, takes doubles once and holds at both ends', () => {
  const buffer = new LinearBuffer();
  for (const index of [2, 4, 3, 3, 1]) buffer.insert(snapshot(index));
  const xAt = (timeMs: number): number | undefined => {
    buffer.show(timeMs);
    return buffer.placeOf(0)?.x;
  };
  expect([0, 50, 125, 175, 200, 900].map(xAt)).toEqual([50, 50, 125, 175, 200, 200]);
});

test('[BL9] the best delay is the shortest that holds the gates of our own picture, else that of the least error', () => {
  const at = (figures: (delayMs: number) => [frozen: number, starvedPercent: number, rms: number]): number => {
    const figuresAt = (delayMs: number): RemoteFigures => {
      const [frozen, starvedPercent, rms] = figures(delayMs);
      return { frozen, starvedPercent, rms } as RemoteFigures;
    };
    return bestDelay(figuresAt).delayMs;
  };
  expect(at((ms) => [ms < 150 ? 1 : 0, 0.5, 1])).toBe(150);
  expect(at((ms) => [0, ms < 200 ? 0.51 : 0, 1])).toBe(200);
  expect(at((ms) => [1, 0, Math.abs(ms - 275)])).toBe(275);
});
