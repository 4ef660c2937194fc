import { expect, test } from 'vitest';
import { runBall } from './ball-run.ts';
import { lost } from './fates.ts';
import { ballGates, hiddenGates, profileGates, refreshGates, replayGates } from './feel-gates.ts';
import { feelPlan } from './feel-options.ts';
import { feelProfiles } from './feel-profiles.ts';
import type { FeelRow } from './feel-row.ts';
import type { Screen } from './feel-run.ts';
import { feelLines, runFeelSuite } from './feel-suite.ts';
import { runHidden } from './hidden-run.ts';
import { handOf, rivalNames } from './profile-rows.ts';
import { JumpMeter, runRefresh } from './refresh-run.ts';

const row = {
  system: 'tickwire',
  correctionsOverQuantum: 0,
  correctionsUnexplained: 0,
  inputsMissedShare: 0.0005,
  leadOverIdealMs: 45,
  ageP50Ms: 120,
  rms: 1,
  frozen: 0,
  starvedPercent: 0.2,
} as FeelRow;

test('[BL14] every figure to reach is a gate, held against the rival of the same network', () => {
  const rival = { ...row, profile: 'badWifi', system: `${rivalNames.best} 200 ms`, rms: 2.5, ageP50Ms: 200 } as const;
  const other = { ...rival, profile: 'lossy', rms: 1 } as const;
  const gates = profileGates([{ ...row, profile: 'clean' }, other, { ...row, profile: 'lossy' }, { ...row, profile: 'badWifi' }, rival]);
  expect(gates.map(({ value, gate, ok }) => [value, gate, ok])).toEqual([
    [0, '= 0', true],
    [0, '= 0', true],
    [5, '<= 10', true],
    [45, '<= 50', true],
    [0, '= 0', true],
    [0.2, '<= 0.5', true],
    [0.4, '<= 0.5', true],
    [0.6, '<= 0.8', true],
  ]);
  const worse = { ...row, correctionsOverQuantum: 1, correctionsUnexplained: 1, inputsMissedShare: 0.002, leadOverIdealMs: 60, frozen: 1 };
  const fails = { ...worse, starvedPercent: 1, rms: 2, ageP50Ms: 190 };
  const failed = profileGates([{ ...fails, profile: 'clean' }, { ...fails, profile: 'lossy' }, { ...fails, profile: 'badWifi' }, rival]);
  expect(failed.map(({ ok }) => ok)).toEqual(Array(8).fill(false));
  expect(profileGates([{ ...row, profile: 'badWifi' }]).map(({ ok }) => ok)).toEqual([true, true, false, false]);
  expect(profileGates([{ ...row, profile: 'far' }])).toEqual([]);
  expect(
    ballGates({ pushes: 1, correctionMedianRadii: 1, correctionMaxRadii: 1.1, goneMedianMs: 0, goneMaxMs: 151, settledRadii: 0 }).some(
      ({ ok }) => ok,
    ),
  ).toBe(false);
  expect(hiddenGates('clean', { hiddenSeconds: 60, rightAfterMs: 301, largestJump: 0.1 }, 300).some(({ ok }) => ok)).toBe(false);
  expect(replayGates({ ownMs: 0.1, ownP99Ms: 1, everyoneMs: 1.1, everyoneP99Ms: 2 })[0]?.ok).toBe(false);
  expect(refreshGates([{ refresh: '30 Hz', jumps: 1, shownP50Ms: 1, shownMaxMs: 1, framesP99: 1, beyondMs: Number.NaN }])[0]?.ok).toBe(false);
});

test('[BL15] an input is shown within a tick and a frame at any refresh rate; one that is shown later, or never, is found', () => {
  for (const refresh of [30, 144, 'variable'] as const)
    expect(runRefresh(1, feelProfiles.clean, refresh, 8)).toMatchObject({ jumps: 8, beyondMs: 0 });
  const tickMs = 1000 / 60;
  const late = (byMs: number): ReturnType<JumpMeter['figures']> => {
    const meter = new JumpMeter([1000, 2000]);
    for (let now = 0; now <= 3000; now += 10) {
      const x = now >= 2000 + byMs ? 2 : now >= 1000 + byMs && now < 2000 ? 1 : 0;
      meter.frame({ room: { view: { mine: () => ({ pos: { x } }) } } } as unknown as Screen, now);
    }
    return meter.figures('100 Hz', tickMs);
  };
  expect(late(20)).toMatchObject({ jumps: 2, beyondMs: 0, shownMaxMs: 20, framesP99: 3 });
  expect(late(50).beyondMs).toBeCloseTo(50 - tickMs - 10, 3);
  expect(late(2000).beyondMs).toBeNaN();
});

test('[BL16] a ball that another pushes is off by more the longer the way, and right again at the end', () => {
  const [near, usual, far] = [0, 50, 150].map((delayMs) => runBall(1, { delayMs }, 6));
  expect((near?.correctionMaxRadii ?? 9) < (usual?.correctionMedianRadii ?? 0)).toBe(true);
  expect((usual?.correctionMaxRadii ?? 9) < (far?.correctionMedianRadii ?? 0)).toBe(true);
  // At 90 units a second: half a round trip, a lead of that and three ticks, a snapshot's wait; at most, less a tick.
  expect(usual?.correctionMaxRadii).toBeLessThan((0.1 + 0.05 + 0.05) * (90 / 16));
  expect(usual?.correctionMedianRadii).toBeGreaterThan(0.1 * (90 / 16));
  expect(usual?.goneMaxMs).toBeLessThan(1000);
  // A hundredth of a radius is a sixth of a unit; a ball that is held against the wrong tick is off by half a unit as it rolls out.
  for (const ball of [near, usual, far]) expect(ball?.settledRadii).toBeLessThan(0.01);
});

test('[BL17] a tab that was hidden is right at once on a clean network, and one whose picture never is again is found', () => {
  const setup = { seed: 1, profile: feelProfiles.clean, pointer: handOf() };
  const { rightAfterMs, largestJump } = runHidden(setup, 5);
  expect(rightAfterMs).toBeLessThan(300);
  expect(largestJump).toBe(0);
  const cut: Tamper = (now, usual) => (now > 30_000 && now < 60_000 ? lost : usual);
  expect(runHidden({ ...setup, tamper: (player, down) => player === 0 && alter(down, cut) }, 5).rightAfterMs).toBeNaN();
  // A picture that is true and two tenths of a second older than before is not what it was.
  const older: Tamper = (now, usual) => (now > 27_000 ? usual + 200 : usual);
  expect(runHidden({ ...setup, tamper: (player, down) => player === 0 && alter(down, older) }, 5).rightAfterMs).toBeNaN();
});

type Tamper = (now: number, usual: number) => number;

function alter(fates: { delayMs(now: number): number }, tamper: Tamper): void {
  const { delayMs } = fates;
  fates.delayMs = (now) => tamper(now, delayMs.call(fates, now));
}

test('[BL18] a short run has every row of its networks and says so in a table and in JSON', () => {
  const report = runFeelSuite(feelPlan({ quick: true, seconds: 3, profile: 'lossy' }), () => {});
  expect(report.rows.map(({ system }) => system.replace(/best \d+ ms/, 'best'))).toEqual([
    'tickwire',
    rivalNames.defaults,
    rivalNames.best,
    rivalNames.adaptive,
    rivalNames.ordered,
  ]);
  expect(JSON.parse(JSON.stringify(report))).toMatchObject({ suite: 'feel', seed: 1, rows: [{ profile: 'lossy' }, {}, {}, {}, {}] });
  expect(
    feelLines(report)
      .slice(0, 6)
      .map((line) => line.length),
  ).toEqual(Array(6).fill(feelLines(report)[0]?.length));
  for (const { value } of report.gates) expect(value).not.toBeNaN();
});

test('[BL19] a wrong option is refused by its name', () => {
  expect(feelPlan({})).toEqual({ seed: 1, runs: 3, profiles: ['clean', 'lossy', 'badWifi', '4g', 'far'], seconds: 150, quick: false });
  expect(feelPlan({ profile: 'far,4g', seconds: '20', quick: true, seed: 7 })).toMatchObject({ profiles: ['far', '4g'], seconds: 20, seed: 7 });
  for (const [option, value] of [
    ['profile', 'wifi'],
    ['seconds', 0],
    ['seconds', 'x'],
    ['seed', 1.5],
    ['runs', 0],
  ] as const)
    expect(() => feelPlan({ [option]: value })).toThrow(`--${option}: '${value}'`);
});
