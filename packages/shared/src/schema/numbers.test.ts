import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader } from '../bits.ts';
import { f } from './fields.ts';
import type { Kind } from './kind.ts';

const part = fc.nat(1009).map((count) => count / 1009);
const turn = 2 * Math.PI;

describe('Number kinds', () => {
  it('[FK14] between two states numbers and vectors go straight, axis by axis', () => {
    const ranges = fc.integer({ min: -100_000, max: 100_000 }).map((count) => count / 1000);
    fc.assert(
      fc.property(ranges, ranges, part, (from, to, t) => {
        for (const kind of [f.fixed(-100, 100), f.float32()]) {
          const [a, b] = [grid(kind, from), grid(kind, to)];
          expect(blended(kind, from, to, t)).toBeCloseTo(a + (b - a) * t, 9);
        }
        expect(blended(f.vec2(-100, 100), { x: from, y: to }, { x: to, y: from }, t)).toEqual({
          x: blended(f.fixed(-100, 100), from, to, t),
          y: blended(f.fixed(-100, 100), to, from, t),
        });
        const middle = blended(f.vec3(-100, 100), { x: from, y: from, z: to }, { x: from, y: to, z: from }, t);
        expect(middle).toEqual({
          x: grid(f.fixed(-100, 100), from),
          y: blended(f.fixed(-100, 100), from, to, t),
          z: blended(f.fixed(-100, 100), to, from, t),
        });
      }),
    );
  });

  it('[FK14] a blended vector fills the object that it is given', () => {
    const kind = f.vec2(-100, 100);
    const into = { x: 7, y: 7 };
    expect(kind.blend(rowOf(kind, { x: 0, y: 0 }), 0, rowOf(kind, { x: 4, y: 8 }), 0, 0.25, into)).toBe(into);
    expect(into).toEqual({ x: 1, y: 2 });
  });

  it('[FK14] whole numbers, ticks, references and everything that is no number keep the older value until the newer one', () => {
    for (const kind of [f.uint(100), f.int(-50, 50), f.tick(), f.entity()] as Kind<number>[]) {
      expect([0, 0.5, 0.999, 1].map((t) => blended(kind, 10, 20, t))).toEqual([10, 10, 10, 20]);
    }
    expect([0, 0.999, 1].map((t) => blended(f.string(8), 'old', 'new', t))).toEqual(['old', 'old', 'new']);
    expect([0, 0.999, 1].map((t) => blended(f.list(f.fixed(0, 9), 2), [1], [3], t))).toEqual([[1], [1], [3]]);
    expect([0, 0.5, 1].map((t) => blended(f.optional(f.fixed(0, 9)), 1, 3, t))).toEqual([1, 2, 3]);
    expect([0, 0.5, 1].map((t) => blended(f.optional(f.fixed(0, 9)), null, 3, t))).toEqual([null, null, 3]);
    expect([0, 0.5, 1].map((t) => blended(f.optional(f.fixed(0, 9)), 1, null, t))).toEqual([1, 1, null]);
  });

  it('[FK15] between two directions an angle takes the shorter arc', () => {
    const kind = f.angle();
    const angles = part.map((turned) => (2 * turned - 1) * Math.PI);
    fc.assert(
      fc.property(angles, angles, part, (from, to, t) => {
        const [a, b] = [grid(kind, from), grid(kind, to)];
        const middle = blended(kind, from, to, t);
        expect(middle >= -Math.PI && middle < Math.PI).toBe(true);
        expect(arc(a, middle)).toBeCloseTo(arc(a, b) * t, 9);
        expect(arc(middle, b)).toBeCloseTo(arc(a, b) * (1 - t), 9);
      }),
    );
    expect(blended(kind, 3, -3, 0.5)).toBeCloseTo(-Math.PI, 4);
    expect(blended(kind, -3, 3, 0.25)).toBeCloseTo(-3 - (turn - 6) / 4, 4);
  });

  it('[FK16] a field that nobody set is 0, or the nearest to 0 in its range', () => {
    expect(f.uint(9).initial()).toBe(0);
    expect([f.int(-9, 9), f.int(3, 9), f.int(-9, -3)].map((kind) => kind.initial())).toEqual([0, 3, -3]);
    expect([f.fixed(-1, 1), f.fixed(0.5, 1), f.fixed(-1, -0.5)].map((kind) => kind.initial())).toEqual([0, 0.5, -0.5]);
    expect([f.vec2(-1, 1), f.vec2(2, 3), f.vec3(-3, -2)].map((kind) => kind.initial())).toEqual([
      { x: 0, y: 0 },
      { x: 2, y: 2 },
      { x: -2, y: -2, z: -2 },
    ]);
    expect([f.angle(), f.float32(), f.tick(), f.entity(), f.optional(f.bool())].map((kind) => kind.initial())).toEqual([0, 0, 0, null, null]);
    expect([f.bool(), f.button(), f.press(), f.enumOf('a', 'b'), f.string(3)].map((kind) => kind.initial())).toEqual([false, false, 0, 'a', '']);
    expect(f.flags('up', 'down').initial()).toEqual({ up: false, down: false });
    expect([f.list(f.bool(), 3).initial(), [...f.bytes(3).initial()]]).toEqual([[], []]);
    const one = f.vec2(-1, 1);
    expect(one.initial()).not.toBe(one.initial());
  });

  it('[FK17] a range that is empty, endless, too long or too far from 0 for its steps is refused by an error that names the kind', () => {
    for (const [make, message] of [
      [() => f.uint(0), /^uint 0: the range 0 to 0 is empty/],
      [() => f.uint(-4), /^uint -4: the range 0 to -4 is empty/],
      [() => f.uint(1.5), /^uint 1.5: the bounds must be whole numbers/],
      [() => f.uint(Number.NaN), /^uint NaN: the bounds must be whole/],
      [() => f.uint(2 ** 31), /^uint 2147483648: .* more than 31 bits/],
      [() => f.int(5, 5), /^int 5\.\.5: the range 5 to 5 is empty/],
      [() => f.int(0, Number.POSITIVE_INFINITY), /^int 0\.\.Infinity: the bounds must be whole/],
      [() => f.int(-(2 ** 30), 2 ** 30), /^int -1073741824\.\.1073741824: .* more than 31 bits/],
      [() => f.fixed(1, 0), /^fixed: the range 1 to 0 is empty/],
      [() => f.fixed(0, Number.NaN), /^fixed: the range 0 to NaN is empty or not finite/],
      [() => f.fixed(Number.NEGATIVE_INFINITY, 0), /^fixed: .* not finite/],
      [() => f.fixed(0, 1, { step: 0 }), /^fixed: step and wire must be above 0/],
      [() => f.fixed(0, 1, { wire: -1 }), /^fixed: step and wire must be above 0/],
      [() => f.fixed(0, 1, { step: Number.NaN }), /^fixed: step and wire must be above 0/],
      [() => f.fixed(0, 1, { step: 0.1, wire: 0.25 }), /^fixed: wire 0.25 is not a whole number of steps of 0.1/],
      [() => f.fixed(0, 1, { step: 1, wire: 0.5 }), /^fixed: wire 0.5 is not a whole number of steps of 1/],
      [() => f.fixed(0, 2 ** 31 / 1024), /^fixed: .* more than 31 bits; take a larger step or a smaller range/],
      [() => f.fixed(1e15, 1e15 + 1), /^fixed: a number from 1000000000000000 to .* has no room for steps of 0.0009765625/],
      [() => f.fixed(2 ** 40, 2 ** 40 + 1, { step: 2 ** -9 }), /^fixed: .* has no room for steps/],
      [() => f.vec2(3, 3), /^vec2: the range 3 to 3 is empty/],
      [() => f.vec3(0, 1, { wire: Number.POSITIVE_INFINITY }), /^vec3: wire Infinity is not a whole number of steps/],
      [() => f.angle({ step: 31 }), /^angle: step 31 must be 2 to 30 bits/],
      [() => f.angle({ step: 8, wire: 9 }), /^angle: step 8 must be 2 to 30 bits, and wire 9 at most that/],
      [() => f.angle({ wire: 0 }), /^angle: .* wire 0/],
      [() => f.angle({ wire: 2.5 }), /^angle: .* wire 2.5/],
      [() => f.string(0), /^string 0: the size must be 1 to 1000 bytes/],
      [() => f.string(1001), /^string 1001: the size/],
      [() => f.bytes(2.5), /^bytes 2.5: the size/],
      [() => f.list(f.bool(), 0), /^list 0 of \(bool\): the length must be 1 to 255/],
      [() => f.list(f.bool(), 256), /^list 256 of \(bool\): the length/],
      [() => f.enumOf('a', 'b', 'a'), /^enumOf: a name stands twice in a, b, a/],
      [() => f.flags('a', 'a'), /^flags: a name stands twice in a, a/],
      [() => f.flags(...(Array.from({ length: 32 }, (_, index) => `f${index}`) as [string])), /^flags: at most 31 names/],
    ] as const) {
      expect(make).toThrow(RangeError);
      expect(make).toThrow(message);
    }
  });

  it('[FK17] as far from 0 as its steps allow, a range keeps each of them', () => {
    const kind = f.fixed(2 ** 40 - 1, 2 ** 40, { step: 2 ** -8 });
    for (let count = 0; count <= 256; count++) expect(rowOf(kind, grid(kind, 2 ** 40 - 1 + count / 256))[0]).toBe(count);
  });

  it('[FK6] bits that are no finite number, or -0, fail as a float', () => {
    for (const word of [0x80000000, 0x7f800000, 0xff800000, 0x7fc00000, 0x7f800001, 0xffffffff]) {
      const from = new BitReader();
      const row = new Int32Array(1).fill(5);
      from.reset(Uint8Array.of(word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24));
      f.float32().read(from, row, 0, 'step');
      expect([from.failed, row[0]], `${word}`).toEqual([true, 0]);
    }
  });

  it('[FK7] an id beyond 30 bits and a float beyond 32 are refused', () => {
    for (const id of [-1, 1.5, 2 ** 30]) expect(() => rowOf(f.entity(), id as never)).toThrow('expected entity id or null');
    for (const value of [Number.POSITIVE_INFINITY, 3.5e38, -3.5e38]) expect(() => rowOf(f.float32(), value)).toThrow('expected float32');
    expect(rowOf(f.entity(), (2 ** 30 - 1) as never)[0]).toBe(2 ** 30);
  });

  it('[FK9] a vector of another length is none', () => {
    expect([f.vec2(0, 9).unpack([1, 2]), f.vec2(0, 9).unpack([1, 2, 3]), f.vec3(0, 9).unpack([1, 2])]).toEqual([
      { x: 1, y: 2 },
      undefined,
      undefined,
    ]);
  });

  it('[FK17] the default step is 1/1024, or the wire step where that is finer', () => {
    expect(grid(f.fixed(0, 1), 1 / 1024)).toBe(1 / 1024);
    expect(grid(f.fixed(0, 1), 1 / 4096)).toBe(0);
    expect(grid(f.fixed(0, 1, { wire: 1 / 4096 }), 1 / 4096)).toBe(1 / 4096);
    expect(f.angle({ wire: 20 }).bitsMax('step')).toBe(20);
    expect([f.angle().bitsMax('step'), f.angle({ wire: 8 }).bitsMax('wire')]).toEqual([16, 8]);
  });
});

function rowOf<T>(kind: Kind<T>, value: T): Int32Array {
  const row = new Int32Array(kind.words);
  kind.store(value, row, 0);
  return row;
}

function grid<T>(kind: Kind<T>, value: T): T {
  return kind.load(rowOf(kind, value), 0);
}

function blended<T>(kind: Kind<T>, from: T, to: T, t: number): T {
  return kind.blend(rowOf(kind, from), 0, rowOf(kind, to), 0, t);
}

/** The shorter way from one angle to another, 0 to pi. */
function arc(from: number, to: number): number {
  const apart = Math.abs(from - to) % turn;
  return Math.min(apart, turn - apart);
}
