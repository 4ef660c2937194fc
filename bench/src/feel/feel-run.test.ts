import { Room } from '@tickwire/server/core';
import { afterEach, expect, test, vi } from 'vitest';
import { lost } from './fates.ts';
import type { FeelGame } from './feel-game.ts';
import { feelProfiles } from './feel-profiles.ts';
import { type FeelRun, type FeelSetup, runFeel, warmMs } from './feel-run.ts';
import { type OwnFigures, OwnMeter } from './own-meter.ts';
import { loadPointerTrace, pointerAt, readPointerTrace } from './pointer-trace.ts';
import { handOf } from './profile-rows.ts';
import { RemoteMeter } from './remote-meter.ts';

const setup: FeelSetup = { seed: 1, profile: feelProfiles.clean, players: 2, seconds: 5, pointer: handOf() };

const figures = (run: FeelRun): object => ({
  own: OwnMeter.figures(run.own, 1),
  others: RemoteMeter.figures(run.remotes),
  missed: run.inputsMissed,
  bytes: [run.bytesDownPerSecond, run.bytesUpPerSecond],
});

function own(run: FeelRun): OwnFigures {
  return OwnMeter.figures(run.own, 1);
}

afterEach(() => vi.restoreAllMocks());

test('[BL10] the same seed gives the same figures, another seed others', () => {
  const bad = { ...setup, profile: feelProfiles.badWifi };
  expect(figures(runFeel(bad))).toEqual(figures(runFeel(bad)));
  expect(figures(runFeel({ ...bad, seed: 2 }))).not.toEqual(figures(runFeel(bad)));
});

test('[BL11] all that is compared meets the same fates: what the client read came just when a rival gets the snapshot of that tick', () => {
  for (const profile of [feelProfiles.badWifi, feelProfiles.lossy]) {
    const run = runFeel({ ...setup, profile, players: 4 });
    for (const { heard, arrivals } of run.screens) {
      const byTick = new Map(arrivals.map(({ tick, atMs }) => [tick, atMs]));
      const read = heard.filter(({ atMs }) => atMs > warmMs);
      expect(read.length).toBeGreaterThan(60);
      for (const { tick, atMs } of read) expect(byTick.get(tick)).toBeCloseTo(atMs, 6);
      // Nothing that came is missing but what something newer had overtaken.
      let newest = -1;
      const known = new Set(heard.map(({ tick }) => tick));
      for (const { tick, atMs } of [...arrivals].sort((a, b) => a.atMs - b.atMs)) {
        if (atMs > warmMs && atMs < warmMs + 5000 && tick > newest) expect(known.has(tick), `tick ${tick}`).toBe(true);
        newest = Math.max(newest, tick);
      }
    }
  }
});

test('[BL11] an ordered stream has every snapshot, in order, none before its own packet would have come', () => {
  const run = runFeel({ ...setup, profile: feelProfiles.lossy });
  for (const { ordered, arrivals } of run.screens) {
    const byTick = new Map(arrivals.map(({ tick, atMs }) => [tick, atMs]));
    for (const [index, { tick, atMs }] of ordered.entries()) {
      if (tick < 60) continue; // joining
      expect(tick - (ordered[index - 1]?.tick as number)).toBe(3);
      expect(atMs).toBeGreaterThanOrEqual(ordered[index - 1]?.atMs as number);
      expect(atMs).toBeGreaterThanOrEqual(byTick.get(tick) ?? 0);
    }
    expect(ordered.length).toBeGreaterThan(arrivals.length);
  }
});

test('[BL12] inputs that do not come are counted tick by tick, and every correction that they cause is explained', () => {
  const moving: FeelSetup['pointer'] = (_, now, into) => Object.assign(into, { x: (now * 0.4) % 500, y: 192 });
  const dark = { fromMs: warmMs + 2000, toMs: warmMs + 2400 };
  const run = runFeel({
    ...setup,
    pointer: moving,
    tamper(player, _, up) {
      if (player > 0) return;
      const { delayMs } = up;
      up.delayMs = (now: number) => (now >= dark.fromMs && now < dark.toMs ? lost : delayMs.call(up, now));
    },
  });
  // The dark time less the margin with which inputs came; what the server made without is what it made otherwise.
  expect(run.inputsMissed).toBeGreaterThan(18);
  expect(run.inputsMissed).toBeLessThan(28);
  expect(run.inputsDifferent).toBe(run.inputsMissed);
  expect(own(run).correctionsOverQuantum).toBeGreaterThan(3);
  expect(own(run).correctionsUnexplained).toBe(0);
  expect(own(runFeel({ ...setup, pointer: moving }))).toMatchObject({ correctionsPerMinute: 0, correctionMax: 0 });
});

test('[BL12] a correction that no input explains is found, with its size', () => {
  const push = 10;
  vi.spyOn(Room.prototype, 'onTick').mockImplementation(function (this: Room<FeelGame>) {
    const [first] = this.world.all('player');
    if (first && this.tick === 420) first.pos.x += push;
  });
  const still: FeelSetup['pointer'] = (_, __, into) => Object.assign(into, { x: 256, y: 192 });
  const { correctionsPerMinute, correctionsUnexplained, correctionMax } = own(runFeel({ ...setup, pointer: still }));
  expect([correctionsPerMinute, correctionsUnexplained]).toEqual([1, 1]);
  // The spring has pulled back a part of it in the ticks until the present.
  expect(correctionMax).toBeGreaterThan(1);
  expect(correctionMax).toBeLessThan(push);
});

test('[BL13] a recording is read as it is written, with straight lines between its points, and starts over at its end', () => {
  const trace = readPointerTrace('t_ms,x,y\n0,10,0\n100,20,0\n300,20,40\n');
  const at = (ms: number): unknown => {
    const into = { x: 0, y: 0 };
    pointerAt(trace, ms, into);
    return [into.x, into.y];
  };
  expect([0, 50, 100, 200, 299.999999, 350].map(at)).toEqual([
    [10, 0],
    [15, 0],
    [20, 0],
    [20, 20],
    [20, expect.closeTo(40, 4)],
    [15, 0],
  ]);
  const [a, b] = [loadPointerTrace('a'), loadPointerTrace('b')];
  for (const { ms, x, y } of [a, b]) {
    expect(ms.every((time, index) => index === 0 || time - (ms[index - 1] as number) >= 30)).toBe(true);
    expect([...x, ...y].every(Number.isFinite)).toBe(true);
  }
  expect([a.ms[0], b.ms[0], Math.round((a.ms.at(-1) as number) / 1000), Math.round((b.ms.at(-1) as number) / 1000)]).toEqual([0, 0, 120, 78]);
});
