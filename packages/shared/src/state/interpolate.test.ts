// Where an entity is drawn, against paths whose formula is known.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f } from '../schema/fields.ts';
import { defineGame, entity } from '../schema/game.ts';
import { type Fields, Layout, type ValuesOf } from '../schema/layout.ts';
import type { Quat } from '../schema/rotations.ts';
import { interpolate, type Samples } from './interpolate.ts';

const tickHz = 60;
const interval = 3;

/** States of one entity, as a client or a server has them. */
class States<F extends Fields> implements Samples {
  count = 0;
  rows: Int32Array = new Int32Array(0);
  readonly layout: Layout;
  readonly #ticks: { tick: number; since: number }[] = [];

  constructor(fields: F) {
    this.layout = new Layout('thing', fields, tickHz);
  }
  add(tick: number, values: Partial<ValuesOf<F>>, since = tick): this {
    const all = {};
    this.layout.initialise(all);
    const rows = new Int32Array(this.rows.length + this.layout.words);
    rows.set(this.rows);
    this.layout.store({ ...all, ...values }, rows, this.rows.length);
    this.rows = rows;
    this.#ticks.push({ tick, since });
    this.count++;
    return this;
  }
  rowAt = (index: number): number => index * this.layout.words;
  tickAt = (index: number): number => this.#ticks[index]?.tick as number;
  sinceAt = (index: number): number => this.#ticks[index]?.since as number;
  indexAt = (tick: number): number => this.#ticks.findLastIndex((one) => one.tick <= tick);

  at(viewTick: number): ValuesOf<F> & { extrapolated: boolean } {
    const into = {};
    this.layout.initialise(into);
    const extrapolated = interpolate(this.layout, this, viewTick, interval, into);
    return { ...(into as ValuesOf<F>), extrapolated };
  }
}

const place = (): ReturnType<typeof f.fixed> => f.fixed(-1000, 1000);

describe('how a field is shown', () => {
  it('[IP1] in steps, at once, or never beyond the newest state', () => {
    const states = new States({
      step: place().interpolate('step'),
      none: place().interpolate('none'),
      hp: f.uint(100).interpolate('none'),
      between: place().interpolate('between'),
      smooth: place(),
    });
    for (const tick of [0, 3, 6]) states.add(tick, { step: tick, none: tick, hp: tick, between: tick, smooth: tick });
    expect(states.at(1.5)).toEqual({ step: 0, none: 6, hp: 6, between: 1.5, smooth: 1.5, extrapolated: false });
    expect(states.at(5.9).step).toBe(3);
    const beyond = states.at(8);
    expect([beyond.step, beyond.none, beyond.between, beyond.extrapolated]).toEqual([6, 6, 6, true]);
    expect(beyond.smooth).toBeGreaterThan(7.5);
  });

  it('[IP8] changes no byte and not the schema hash', () => {
    const hashOf = (fields: Fields): string => defineGame({ name: 'shown', tickHz, snapshotHz: 20, entities: { one: entity(fields) } }).hash;
    const plain = hashOf({ at: f.vec2(0, 9), speed: f.vec2(-9, 9), hp: f.uint(9) });
    const shown = { at: f.vec2(0, 9).velocity('speed'), speed: f.vec2(-9, 9).interpolate('step'), hp: f.uint(9).interpolate('none') };
    expect(hashOf(shown)).toBe(plain);
    const owned = f.vec2(0, 9).owner();
    expect(f.vec2(0, 9).interpolate('none').owner()).toMatchObject({ text: owned.text, ownerOnly: true, interpolation: 'none' });
    expect(owned.velocity('speed')).toMatchObject({ text: owned.text, ownerOnly: true, velocityField: 'speed' });
  });

  const faults: readonly [message: string, fields: Fields][] = [
    ["entity one, field 'hp': there is nothing between two values of uint 9; interpolate 'step' or 'none'", { hp: f.uint(9).interpolate('smooth') }],
    [
      "entity one, field 'x': interpolate 'linear' must be one of 'smooth', 'between', 'step', 'none'",
      { x: place().interpolate('linear' as 'step') },
    ],
    ["entity one, field 'x': its velocity 'v' must be a field beside it", { x: place().velocity('v') }],
    ["entity one, field 'x': its velocity 'v' must be a field beside it", { x: place().velocity('v'), v: f.vec2(0, 1) }],
    ["entity one, field 'x': its velocity 'v' must be a field beside it", { x: place().velocity('v'), v: f.uint(9) }],
    ["entity one, field 'x': its velocity 'toString' must be a field", { x: place().velocity('toString') }],
    ["entity one, field 'pose': only numbers, vectors and angles", { pose: f.quat().velocity('v'), v: f.vec3(0, 1) }],
    ["entity one, field 'x': only numbers, vectors and angles", { x: place().interpolate('step').velocity('v'), v: place() }],
    ["entity one, field 'x': those who see it do not get its velocity 'v'", { x: place().velocity('v'), v: place().owner() }],
  ];
  it.each(faults)('[IP6] a fault names the field: %s', (message, fields) => {
    const gameWith = (): unknown => defineGame({ name: 'shown', tickHz, snapshotHz: 20, entities: { one: entity(fields) } });
    expect(gameWith).toThrow(TypeError);
    expect(gameWith).toThrow(message);
  });

  it('[IP6] a teleport is no field of an input or an event, and neither it nor a velocity stands within another kind', () => {
    const gameWith = (input: Fields): unknown => defineGame({ name: 'shown', tickHz, snapshotHz: 20, entities: {}, input });
    expect(() => gameWith({ jump: f.teleport() })).toThrow("input, field 'jump': f.teleport() is for entities");
    expect(() => f.list(f.teleport(), 2)).toThrow('a teleport is that of the whole entity');
    expect(() => f.optional(place().velocity('v'))).toThrow(".velocity('v') is for a field of its own");
  });
});

describe('curves', () => {
  const curved = {
    at: f.vec3(-1000, 1000).velocity('speed'),
    speed: f.vec3(-1000, 1000),
    turn: f.angle({ step: 24 }).velocity('spin'),
    spin: place(),
  };
  /** A path of the third degree, and its derivative; in seconds. */
  const path = (tick: number): ValuesOf<typeof curved> => {
    const t = tick / tickHz;
    return {
      at: { x: 5 + 40 * t - 300 * t * t + 900 * t ** 3, y: -80 * t, z: 200 * t ** 3 },
      speed: { x: 40 - 600 * t + 2700 * t * t, y: -80, z: 600 * t * t },
      turn: Math.atan2(Math.sin(3 + 4 * t - 20 * t * t), Math.cos(3 + 4 * t - 20 * t * t)),
      spin: 4 - 40 * t,
    };
  };

  it('[IP2] what moves on a curve of the third degree is drawn on it, with the velocities in units per second', () => {
    const states = new States(curved).add(0, path(0)).add(9, path(9));
    for (let tick = 0; tick <= 9; tick += 0.25) {
      const [drawn, there] = [states.at(tick), path(tick)];
      for (const axis of ['x', 'y', 'z'] as const) expect(Math.abs(drawn.at[axis] - there.at[axis])).toBeLessThan(0.002);
      expect(Math.abs(Math.sin((drawn.turn - there.turn) / 2))).toBeLessThan(0.0005);
    }
    // The straight line is far from it.
    const straight = new States({ at: f.vec3(-1000, 1000) }).add(0, { at: path(0).at }).add(9, { at: path(9).at });
    expect(Math.abs(straight.at(4).at.x - path(4).at.x)).toBeGreaterThan(0.3);
  });

  it('[IP2] over a gap, and where a rest begins or ends, it is the straight line', () => {
    const fields = { x: place().velocity('v'), v: place() };
    const middle = (states: States<typeof fields>, tick: number): number => states.at(tick).x;
    expect(middle(new States(fields).add(0, { x: 0, v: 100 }).add(24, { x: 10, v: 100 }), 6)).not.toBeCloseTo(2.5, 2);
    expect(middle(new States(fields).add(0, { x: 0, v: 100 }).add(27, { x: 9, v: 100 }), 6)).toBeCloseTo(2, 2);
    expect(middle(new States(fields).add(6, { x: 0, v: 100 }, 3).add(9, { x: 10, v: 100 }), 7.5)).toBeCloseTo(5, 2);
    expect(middle(new States(fields).add(0, { x: 0, v: 100 }).add(6, { x: 10, v: 100 }, 4), 1)).toBeCloseTo(2.5, 2);
  });
});

describe('beyond the newest state', () => {
  /** The way that velocity 1 makes in so many ticks when it fades to nothing in 12. */
  const way = (ticks: number): number => ticks - (ticks * ticks) / 24;

  it('[IP3] it goes on with its velocity or that of the last two states, slower and slower, half as far in 200 ms', () => {
    const states = new States({ known: place().velocity('v'), v: place(), found: place(), turn: f.angle({ step: 24 }) });
    states.add(0, { known: 0, v: 120, found: 0, turn: 3 }).add(4, { known: 4, v: 120, found: 4, turn: 3.2 - 2 * Math.PI });
    expect(states.at(4).extrapolated).toBe(false);
    for (const ticks of [0.5, 3, 11.9, 12, 60]) {
      const { known, found, turn, extrapolated } = states.at(4 + ticks);
      expect(extrapolated).toBe(true);
      expect(known).toBeCloseTo(4 + 2 * way(Math.min(12, ticks)), 6);
      expect(found).toBeCloseTo(4 + way(Math.min(12, ticks)), 6);
      expect(turn).toBeCloseTo(3.2 + 0.05 * way(Math.min(12, ticks)) - 2 * Math.PI, 5);
    }
    expect(states.at(16).found - 4).toBeCloseTo(6, 6);
  });

  it('[IP3] a single state goes on with a velocity that it has, and stands without', () => {
    const states = new States({ known: place().velocity('v'), v: place(), found: place() }).add(0, { known: 5, v: 60, found: 5 });
    expect(states.at(6)).toEqual({ known: 5 + way(6), v: 60, found: 5, extrapolated: true });
  });

  it('[IP4] what rested stands, and what left a rest goes on from when it left', () => {
    const fields = { x: place().velocity('v'), v: place(), y: place() };
    const rested = new States(fields).add(0, { x: 0, v: 60 }).add(3, { x: 3, v: 60, y: 3 }, 2);
    for (const tick of [3, 4, 10, 500]) expect(rested.at(tick)).toEqual({ x: 3, v: 60, y: 3, extrapolated: false });
    // At rest since long ago, then 6 units in one interval.
    expect(new States({ y: place() }).add(10, { y: 0 }, 0).add(90, { y: 6 }).at(93).y).toBeCloseTo(6 + 2 * way(3), 6);
  });

  it('[IP4] neither a gap nor a teleport makes a velocity', () => {
    const fields = { x: place(), jumps: f.teleport() };
    expect(new States(fields).add(0, { x: 0 }).add(13, { x: 13 }).at(16).x).toBe(13);
    expect(new States(fields).add(0, { x: 0 }).add(3, { x: 300, jumps: 1 }).at(6).x).toBe(300);
  });
});

describe('a teleport', () => {
  it('[IP5] nothing is drawn between the two places, whether its count goes up or wraps', () => {
    const fields = { at: f.vec2(-1000, 1000).velocity('speed'), speed: f.vec2(-1000, 1000), pose: f.quat(), hp: f.uint(9), jumps: f.teleport() };
    for (const [before, after] of [
      [0, 1],
      [15, 16],
      [3, 2],
    ]) {
      const older = { at: { x: 0, y: 0 }, speed: { x: 60, y: 0 }, hp: 1, jumps: before as number };
      const newer = { at: { x: 500, y: 9 }, speed: { x: 60, y: 0 }, hp: 2, jumps: after as number, pose: { x: 1, y: 0, z: 0, w: 0 } };
      const states = new States(fields)
        .add(0, older)
        .add(3, newer)
        .add(6, { ...newer, at: { x: 503, y: 9 } });
      for (const tick of [0, 1, 2.999]) expect(states.at(tick)).toMatchObject({ at: older.at, hp: 1, jumps: before });
      expect(states.at(3)).toMatchObject({ at: newer.at, hp: 2 });
      expect(states.at(4.5).at.x).toBeCloseTo(501.5, 2);
    }
  });
});

describe('whatever the states are', () => {
  const fields = {
    x: f.fixed(-3, 5).velocity('v'),
    v: f.fixed(-1e5, 1e5),
    at: f.vec2(0, 9),
    turn: f.angle().velocity('v'),
    pose: f.quat(),
    big: f.float32(),
  };
  const wide = fc.double({ min: -1e5, max: 1e5, noNaN: true });
  const part = fc.double({ min: -1, max: 1, noNaN: true });
  const state = fc.record({
    x: wide,
    v: wide,
    at: fc.record({ x: wide, y: wide }),
    turn: wide,
    pose: fc.record({ x: part, y: part, z: part, w: part.map((w) => w + 2.5) }),
    big: wide,
  });
  const gaps = fc.array(fc.tuple(state, fc.integer({ min: 1, max: 15 }), fc.integer({ min: 0, max: 4 })), { minLength: 1, maxLength: 4 });

  it('[IP7] what is drawn is in the range of its field, and a rotation is one', () => {
    fc.assert(
      fc.property(gaps, fc.double({ min: -5, max: 80, noNaN: true }), (list, viewTick) => {
        const states = new States(fields);
        let tick = 0;
        for (const [values, gap, rest] of list) {
          tick += gap;
          states.add(tick, values, tick - Math.min(rest, gap - 1));
        }
        const { x, at, turn, pose, big } = states.at(viewTick);
        expect(x >= -3 && x <= 5 && at.x >= 0 && at.x <= 9 && at.y >= 0 && at.y <= 9).toBe(true);
        expect(turn >= -Math.PI && turn <= Math.PI).toBe(true);
        expect(Math.hypot(pose.x, pose.y, pose.z, pose.w)).toBeCloseTo(1, 4);
        expect(Number.isFinite(big)).toBe(true);
      }),
    );
  });

  it('[IP7] a rotation that turns evenly goes on turning about its axis, the shorter way', () => {
    const turned = (angle: number): Quat => ({ x: 0.6 * Math.sin(angle / 2), y: 0, z: 0.8 * Math.sin(angle / 2), w: Math.cos(angle / 2) });
    const angleBetween = (a: Quat, b: Quat): number => 2 * Math.acos(Math.min(1, Math.abs(a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w)));
    for (const start of [0, 1, 2.9, 3.1, 6, 9]) {
      for (const perTick of [0.05, -0.05, 0.2]) {
        const states = new States({ pose: f.quat({ step: 20 }) });
        states.add(0, { pose: turned(start) }).add(3, { pose: turned(start + 3 * perTick) });
        const beyond = 3 * perTick + perTick * (6 - 36 / 24);
        // The tangent is not the turn itself: off by 2 % of a turn of 1.5 radians.
        expect(angleBetween(states.at(9).pose, turned(start + beyond))).toBeLessThan(0.02);
      }
    }
  });
});
