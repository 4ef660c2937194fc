import { expect, test } from 'vitest';
import { wireStep } from './feel-game.ts';
import { RemoteMeter } from './remote-meter.ts';
import { Truth } from './truth.ts';

const tickMs = 1000 / 60;
const ticks = 600;
/** A unit a tick: a picture goes 8 wire steps between frames. */
const speed = 1;

function truthMoving(from = 0): Truth {
  const truth = new Truth();
  for (let tick = 0; tick <= ticks; tick++) truth.record(tick, 0, Math.max(0, tick - from) * speed, 0);
  return truth;
}

interface Fault {
  /** Frames whose picture is that of the frame before the fault. */
  readonly still?: readonly [from: number, to: number][];
  readonly clockStands?: readonly [from: number, to: number];
  readonly offset?: number;
  readonly starved?: readonly [from: number, to: number];
  readonly back?: readonly number[];
}

/** A frame each tick that shows what was ten ticks ago, but for a fault. */
function figures(truth: Truth, { still = [], clockStands, offset = 0, starved, back = [] }: Fault): ReturnType<typeof RemoteMeter.figures> {
  const meter = new RemoteMeter(truth, tickMs);
  let last = 0;
  for (let frame = 10; frame < ticks; frame++) {
    const stands = clockStands && frame >= clockStands[0] && frame < clockStands[1];
    const shown = (stands ? clockStands[0] : frame) - 10 - (back.includes(frame) ? 2 : 0);
    meter.frame(frame * tickMs, shown);
    if (!still.some(([from, to]) => frame >= from && frame < to)) last = truth.xAt(0, shown) + offset;
    meter.picture(0, last, 0, starved && frame >= starved[0] && frame < starved[1] ? starved[0] - 11 : frame);
  }
  return RemoteMeter.figures([meter]);
}

test('[BL4] a picture that is right has no error, and one that is off by so much has just that', () => {
  const truth = truthMoving();
  expect(figures(truth, {})).toEqual({
    rms: 0,
    errorP99: 0,
    ageP50Ms: expect.closeTo(10 * tickMs, 6),
    ageP99Ms: expect.closeTo(10 * tickMs, 6),
    frozen: 0,
    starvedPercent: 0,
    backward: 0,
  });
  const off = figures(truth, { offset: 3 });
  expect([off.rms, off.errorP99]).toEqual([expect.closeTo(3, 9), expect.closeTo(3, 9)]);
});

test('[BL5] a freeze of 100 ms is counted once however long it lasts, each one, and a shorter one is not', () => {
  const truth = truthMoving();
  // The first frame that stands still shows that truth went on; six more are 100 ms.
  expect(figures(truth, { still: [[100, 107]] }).frozen).toBe(1);
  expect(figures(truth, { still: [[100, 106]] }).frozen).toBe(0);
  expect(
    figures(truth, {
      still: [
        [100, 160],
        [200, 210],
        [300, 303],
      ],
    }).frozen,
  ).toBe(2);
});

test('[BL5] a picture that rests with the truth is not frozen, and a clock that stands hides no freeze', () => {
  expect(figures(truthMoving(ticks), {}).frozen).toBe(0);
  expect(figures(truthMoving(300), {}).frozen).toBe(0);
  expect(figures(truthMoving(), { clockStands: [100, 120] }).frozen).toBe(1);
  expect(figures(truthMoving(ticks), { clockStands: [100, 120] }).frozen).toBe(0);
});

test('[BL6] pictures beyond the newest state are starved if truth has moved since it, and time that goes back is counted', () => {
  const pictures = ticks - 10;
  expect(figures(truthMoving(), { starved: [100, 130] }).starvedPercent).toBeCloseTo((30 * 100) / pictures, 9);
  expect(figures(truthMoving(ticks), { starved: [100, 130] }).starvedPercent).toBe(0);
  expect(figures(truthMoving(), { back: [50, 90, 91] }).backward).toBe(2);
});

test('[BL4] truth between ticks is on the line between them, and nobody is anywhere before coming', () => {
  const truth = new Truth();
  truth.record(4, 0, 8, 2);
  truth.record(5, 0, 9, 4);
  expect([truth.xAt(0, 4.25), truth.yAt(0, 4.5), truth.xAt(0, 1), truth.xAt(0, 99)]).toEqual([8.25, 3, 8, 9]);
  expect(truth.moved(0, 4, 5)).toBe(Math.hypot(1, 2));
  expect(wireStep).toBe(1 / 8);
});
