// How an error fades, by the formula of a critically damped spring.

import { f } from '@tickwire/shared';
import { entityId, Layout, type Slot } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Smoothing, type Track } from './smoothing.ts';
import type { Shown } from './view.ts';

const layout = new Layout('thing', {
  at: f.vec2(-500, 500),
  x: f.fixed(-500, 500),
  turn: f.angle(),
  pose: f.quat({ step: 20 }),
  hp: f.uint(100),
  mood: f.enumOf('calm', 'angry'),
  jumps: f.teleport(),
});

interface Values {
  x?: number;
  turn?: number;
  pose?: { x: number; y: number; z: number; w: number };
  hp?: number;
  mood?: string;
  jumps?: number;
}

class Drawn {
  readonly smoothing = new Smoothing();
  now = 0;
  shown = this.#object();
  isPredicted = true;

  #object(version = 1): Shown {
    const shown: Shown = { id: entityId(1 as Slot, version), type: 'thing', mine: false, extrapolated: false };
    layout.initialise(shown);
    return shown;
  }
  /** Another entity in the same slot. */
  replace(): void {
    this.shown = this.#object(2);
  }
  get track(): Track {
    return this.smoothing.trackOf(1, this.shown, layout);
  }
  fill(values: Values): void {
    const { x = 0 } = values;
    Object.assign(this.shown, { turn: 0, pose: { x: 0, y: 0, z: 0, w: 1 }, hp: 0, mood: 'calm', jumps: 0, ...values, x });
    Object.assign(this.shown['at'] as object, { x, y: -x });
  }
  /** A frame in which the source says this; `wrong`: it says now that it was so at the last frame. */
  frame(ms: number, values: Values, wrong?: Values, errorMs = 100): Shown {
    this.now += ms;
    this.smoothing.begin(this.now, errorMs);
    if (wrong) {
      this.fill(wrong);
      this.smoothing.changed(this.track, layout, this.isPredicted);
    }
    this.fill(values);
    this.smoothing.draw(this.track, layout, this.isPredicted);
    return this.shown;
  }
  get x(): number {
    return this.shown['x'] as number;
  }
}

/** What is left of an error of 1 after so many ms, when it takes `life`. */
const left = (ms: number, life = 100): number => (1 + (5 * ms) / life) * Math.exp((-5 * ms) / life);

describe('an error', () => {
  for (const frameMs of [1, 1000 / 144, 1000 / 60, 50]) {
    it(`[CS1] fades as the formula says with a frame in ${frameMs.toFixed(1)} ms, and is gone after 250 ms`, () => {
      const drawn = new Drawn();
      drawn.frame(frameMs, { x: 100 });
      // It was at 90 all the time, and goes on to 92.
      let frames = 1;
      drawn.frame(frameMs, { x: 92 }, { x: 90 });
      for (; frames * frameMs < 249; frames++) {
        expect(drawn.x).toBeCloseTo(92 + 10 * left(frames * frameMs), 6);
        expect(drawn.shown['at']).toEqual({ x: drawn.x, y: expect.closeTo(-drawn.x, 9) });
        drawn.frame(frameMs, { x: 92 });
      }
      drawn.frame(frameMs, { x: 92 });
      expect(drawn.x).toBe(92);
    });
  }

  it('[CS1] 4 % is left after 100 ms and 0.5 % after 150', () => {
    expect([left(100), left(150)]).toEqual([expect.closeTo(0.04, 3), expect.closeTo(0.005, 3)]);
  });

  it('[CS1] errors that come one after another add up', () => {
    const drawn = new Drawn();
    drawn.frame(10, { x: 0 });
    for (let ms = 10; ms <= 100; ms += 10) {
      // Corrected to -10, and after 50 ms to -30.
      const x = ms <= 50 ? -10 : -30;
      drawn.frame(10, { x }, ms === 10 || ms === 60 ? { x } : undefined);
      expect(drawn.x).toBeCloseTo(x + 10 * left(ms) + (ms > 50 ? 20 * left(ms - 50) : 0), 6);
    }
  });

  it('[CS1] a source that says again what it said changes nothing', () => {
    const [asked, alone] = [new Drawn(), new Drawn()];
    for (const drawn of [asked, alone]) {
      drawn.frame(10, { x: 0 });
      drawn.frame(10, { x: -8 }, { x: -8 });
    }
    for (let frame = 0; frame < 30; frame++) {
      asked.frame(10, { x: -8 }, { x: -8 });
      alone.frame(10, { x: -8 });
      expect(asked.x).toBeCloseTo(alone.x, 9);
    }
    expect(asked.x).toBe(-8);
  });

  it('[CS2] what has no between is shown at once', () => {
    const drawn = new Drawn();
    drawn.frame(10, { hp: 10, mood: 'calm' });
    expect(drawn.frame(10, { hp: 90, mood: 'angry' }, { hp: 90, mood: 'angry' })).toMatchObject({ hp: 90, mood: 'angry' });
  });

  it('[CS3] beyond an eighth of the range it is shown at once, and with smoothing turned off', () => {
    const drawn = new Drawn();
    drawn.frame(10, { x: 124 });
    expect(drawn.frame(10, { x: 0 }, { x: 0 })['x']).toBeGreaterThan(100);
    drawn.frame(1000, { x: 126 });
    expect(drawn.frame(10, { x: 0 }, { x: 0 })['x']).toBe(0);
    expect(drawn.frame(10, { x: -50 }, { x: -50 }, 0)['x']).toBe(-50);
  });

  it('[CS3] a teleport shows everything at once, whether the source has it of the last frame or of this one', () => {
    const drawn = new Drawn();
    drawn.frame(10, { x: 50 });
    expect(drawn.frame(10, { x: 0, jumps: 1 }, { x: 0, jumps: 1 })['x']).toBe(0);
    drawn.frame(10, { x: 20, jumps: 1 }, { x: 20, jumps: 1 });
    expect(drawn.x).toBeLessThan(5);
    expect(drawn.frame(10, { x: 99, jumps: 2 })['x']).toBe(99);
    expect(drawn.frame(10, { x: 99, jumps: 2 })['x']).toBe(99);
  });

  it('[CS4] the other source takes three times as long', () => {
    const drawn = new Drawn();
    drawn.frame(10, { x: 0 });
    drawn.isPredicted = false;
    drawn.frame(10, { x: -40 }, { x: -40 });
    for (let ms = 10; ms < 500; ms += 10) {
      expect(drawn.x).toBeCloseTo(-40 + 40 * left(ms, 300), 6);
      drawn.frame(10, { x: -40 });
    }
  });

  it('[CS6] an angle goes over the shorter way', () => {
    const drawn = new Drawn();
    drawn.frame(10, { turn: 3 });
    for (let ms = 10, wrong: Values | undefined = { turn: -3 }; ms < 200; ms += 10, wrong = undefined) {
      const { turn } = drawn.frame(10, { turn: -3 }, wrong) as unknown as { turn: number };
      const expected = -3 - (2 * Math.PI - 6) * left(ms);
      expect(Math.abs(Math.sin((turn - expected) / 2))).toBeLessThan(1e-6);
    }
  });

  it('[CS6] a rotation goes over the shorter way, about one axis, ever closer', () => {
    const drawn = new Drawn();
    const pose = (angle: number): NonNullable<Values['pose']> => ({ x: 0, y: 0, z: Math.sin(angle / 2), w: Math.cos(angle / 2) });
    drawn.frame(10, { pose: pose(0.5) });
    let before = 0.5;
    // From 0.5 to a full turn and a little: 0.3 backwards.
    for (let ms = 10, wrong: Values | undefined = { pose: pose(2 * Math.PI + 0.2) }; ms < 250; ms += 10, wrong = undefined) {
      const { x, y, z, w } = (drawn.frame(10, { pose: pose(2 * Math.PI + 0.2) }, wrong) as unknown as Required<Values>).pose;
      const angle = 2 * Math.atan2(Math.abs(z), Math.abs(w));
      expect([x, y]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9)]);
      expect(Math.hypot(z, w)).toBeCloseTo(1, 9);
      expect(angle).toBeLessThan(before);
      expect(angle).toBeCloseTo(0.2 + 0.3 * left(ms), 2);
      before = angle;
    }
  });

  it('[CS3] what is less than others are sent at finest is shown at once', () => {
    const drawn = new Drawn();
    drawn.frame(10, { x: 10 });
    expect(drawn.frame(10, { x: 10 + 1 / 2048 }, { x: 10 + 1 / 2048 })['x']).toBe(10 + 1 / 2048);
    expect(drawn.frame(10, { x: 10 + 1 / 100 }, { x: 10 + 1 / 100 })['x']).toBeLessThan(10 + 1 / 200);
  });

  it('[CS1] what this client has spawned ahead keeps its error when it becomes the entity of a slot', () => {
    const drawn = new Drawn();
    drawn.smoothing.begin(0, 100);
    const guest = drawn.smoothing.guestTrack(drawn.shown, layout);
    drawn.fill({ x: 10 });
    drawn.smoothing.draw(guest, layout, true);
    expect(drawn.track).toBe(guest);
    drawn.frame(10, { x: 0 }, { x: 0 });
    expect(drawn.x).toBeCloseTo(10 * left(10), 6);
  });

  it('[CS7] another entity in the slot is where it is', () => {
    const drawn = new Drawn();
    drawn.frame(10, { x: 50 });
    drawn.frame(10, { x: 10 }, { x: 10 });
    drawn.replace();
    expect(drawn.track.isDrawn).toBe(false);
    expect(drawn.frame(10, { x: -100 })['x']).toBe(-100);
  });
});
