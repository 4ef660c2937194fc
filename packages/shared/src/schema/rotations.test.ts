import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { f } from './fields.ts';
import type { Kind } from './kind.ts';
import { type Quat, unitOfCount } from './rotations.ts';

const part = fc.integer({ min: -1_000_000, max: 1_000_000 });
/** Rotations evenly, and with some numbers that are equal or 0. */
const quaternion = fc
  .oneof(fc.tuple(part, part, part, part), fc.tuple(...Array.from({ length: 4 }, () => fc.constantFrom(-2, -1, 0, 1, 2))))
  .filter((parts) => parts.some((one) => one !== 0))
  .map((parts) => {
    const [x = 0, y = 0, z = 0, w = 0] = parts as number[];
    const length = Math.hypot(x, y, z, w);
    return { x: x / length, y: y / length, z: z / length, w: w / length };
  });

/** The angle between two rotations; their signs have no meaning. */
function angleBetween(a: Quat, b: Quat): number {
  const sign = a.x * b.x + a.y * b.y + a.z * b.z + a.w * b.w < 0 ? -1 : 1;
  const [lengthA, lengthB] = [a, b].map(({ x, y, z, w }) => Math.hypot(x, y, z, w)) as [number, number];
  const apart = ['x', 'y', 'z', 'w'].map((axis) => a[axis as keyof Quat] / lengthA - (sign * b[axis as keyof Quat]) / lengthB);
  return 4 * Math.asin(Math.min(1, Math.hypot(...apart) / 2));
}

function rowOf(kind: Kind<Quat>, value: Quat): Int32Array {
  const row = new Int32Array(4);
  kind.store(value, row, 0);
  return row;
}

/** A row as others get it. */
function atWire(kind: Kind<Quat>, row: Int32Array): Int32Array {
  const writer = new BitWriter(16);
  kind.write(writer, row, 0, 'wire');
  const reader = new BitReader();
  reader.reset(writer.finish());
  const back = new Int32Array(4);
  kind.read(reader, back, 0, 'wire');
  expect(reader.failed).toBe(false);
  return back;
}

/** Turned by an angle about an axis that leans. */
function turned(angle: number, [x, y, z]: readonly [number, number, number] = [1, 2, 3]): Quat {
  const scale = Math.sin(angle / 2) / Math.hypot(x, y, z);
  return { x: x * scale, y: y * scale, z: z * scale, w: Math.cos(angle / 2) };
}

describe('rotations', () => {
  it('[FK23] with 10 bits for others a rotation is off by less than 0.005 radians, in the simulation by less than a sixtieth of that', () => {
    const kind = f.quat({ wire: 10 });
    let worst = 0;
    let finest = 0;
    fc.assert(
      fc.property(quaternion, (value) => {
        const row = rowOf(kind, value);
        finest = Math.max(finest, angleBetween(kind.load(row, 0), value));
        worst = Math.max(worst, angleBetween(kind.load(atWire(kind, row), 0), value));
      }),
      { numRuns: 20_000 },
    );
    expect(worst).toBeLessThan(0.005);
    expect(finest).toBeLessThan(0.005 / 60);
    expect(worst).toBeGreaterThan(0.002);
  });

  it('[FK23] a quaternion and its negative, and one of another length, are the same rotation and the same row', () => {
    const kind = f.quat();
    fc.assert(
      fc.property(quaternion, fc.constantFrom(-1, 3, -0.01, 1e6), ({ x, y, z, w }, times) => {
        const row = rowOf(kind, { x, y, z, w });
        const other = rowOf(kind, { x: x * times, y: y * times, z: z * times, w: w * times });
        // A number in the middle between two counts may be rounded to either of them; of two that are as large, either may be the largest.
        expect(angleBetween(kind.load(row, 0), kind.load(other, 0))).toBeLessThan(0.0002);
        expect(Math.max(...row)).toBeGreaterThan(
          Math.max(
            ...[...row]
              .toSorted((a, b) => a - b)
              .slice(0, 3)
              .map(Math.abs),
          ),
        );
      }),
    );
    for (const value of [
      { x: 0, y: 0, z: 0, w: 0 },
      { x: Number.NaN, y: 0, z: 0, w: 1 },
      { x: Number.POSITIVE_INFINITY, y: 0, z: 0, w: 1 },
    ])
      expect(() => rowOf(kind, value)).toThrow(/^expected quat step 16/);
  });

  it('[FK23] the largest number of what others get is the one of the simulation, and stays so when it is rounded again', () => {
    const kind = f.quat({ wire: 6 });
    fc.assert(
      fc.property(quaternion, (value) => {
        const row = rowOf(kind, value);
        const coarse = atWire(kind, row);
        const largest = (of: Int32Array): number => of.indexOf(Math.max(...of));
        expect(largest(coarse)).toBe(largest(row));
        expect(rowOf(kind, kind.load(coarse, 0))).toEqual(coarse);
        expect(atWire(kind, coarse)).toEqual(coarse);
      }),
    );
  });

  it('[FK25] whatever numbers a game or a peer gives, what is stored can be read at both precisions', () => {
    // Numbers that are nearly a row, and nearly all as large.
    const near = fc.integer({ min: -300, max: 300 });
    fc.assert(
      fc.property(fc.constantFrom(15, 14, 13, 10, 4), fc.tuple(near, near, near, near), fc.constantFrom(1, 2, 4, 64), (wire, offs, unit) => {
        const kind = f.quat({ step: 16, wire });
        const one = 32768 * Math.SQRT2;
        const [x = 0, y = 0, z = 0, w = 0] = offs.map((off) => (Math.round(23170 / unit) * unit + off) / one);
        const unpacked = kind.unpack([x, y, z, w]);
        for (const value of [{ x, y, z, w }, unpacked as Quat]) {
          const row = rowOf(kind, value);
          for (const precision of ['step', 'wire'] as const) {
            const writer = new BitWriter(16);
            kind.write(writer, row, 0, precision);
            const reader = new BitReader();
            reader.reset(writer.finish());
            const back = new Int32Array(4);
            kind.read(reader, back, 0, precision);
            expect(reader.failed).toBe(false);
            if (precision === 'step') expect(back).toEqual(row);
          }
          expect(rowOf(kind, kind.load(row, 0))).toEqual(row);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it('[FK6] three numbers that no rotation has fail', () => {
    const kind = f.quat({ step: 8 });
    const reader = new BitReader();
    const reading = (units: number[]): boolean => {
      const writer = new BitWriter(16);
      writer.write(3, 2);
      for (const unit of units) writer.write(unit + 128, 8);
      reader.reset(writer.finish());
      const row = new Int32Array(4);
      kind.read(reader, row, 0, 'step');
      expect(Math.max(...row)).toBe(row[3]);
      return reader.failed;
    };
    expect(
      [
        [0, 0, 0],
        [-128, 0, 0],
        [127, 0, 0],
        [-90, -90, -90],
        [90, -90, 90],
      ].map(reading),
    ).toEqual([false, false, false, false, false]);
    expect(
      [
        [-128, -128, 0],
        [127, 127, 127],
        [127, 127, -128],
        [100, 100, 100],
      ].map(reading),
    ).toEqual([true, true, true, true]);
  });

  it('[FK24] between two rotations is turning evenly the shorter way, and the length is 1', () => {
    const kind = f.quat({ step: 20 });
    for (const total of [0.1, 1, 2, 3]) {
      for (const start of [0, 1.7, -2.9]) {
        const [a, b] = [rowOf(kind, turned(start)), rowOf(kind, turned(start + total))];
        for (let t = 0; t <= 1; t += 1 / 16) {
          const between = kind.blend(a, 0, b, 0, t);
          expect(angleBetween(between, turned(start + total * t))).toBeLessThan(0.003);
          expect(Math.hypot(between.x, between.y, between.z, between.w)).toBeCloseTo(1, 5);
        }
      }
    }
    const [a, b] = [rowOf(kind, turned(0)), rowOf(kind, turned(2 * Math.PI - 0.4))];
    expect(angleBetween(kind.blend(a, 0, b, 0, 0.5), turned(-0.2))).toBeLessThan(0.001);
    expect(kind.blend(a, 0, a, 0, 0.3)).toEqual(kind.load(a, 0));
  });

  it('[FK16] a rotation that nobody set is no turn', () => {
    const kind = f.quat();
    expect(angleBetween(kind.initial(), { x: 0, y: 0, z: 0, w: 1 })).toBe(0);
    expect([...rowOf(kind, kind.initial())]).toEqual([0, 0, 0, Math.round(32768 * Math.SQRT2)]);
  });

  it('[FK17] bits that cannot be are refused by an error that names the kind', () => {
    for (const options of [{ step: 5 }, { step: 21 }, { wire: 3 }, { step: 10, wire: 11 }, { step: 10.5 }, { step: 10, wire: 6.5 }])
      expect(() => f.quat(options), JSON.stringify(options)).toThrow(/^quat: step/);
    expect([f.quat({ wire: 20 }), f.quat({ step: 6, wire: 4 })].map(({ text }) => text)).toEqual([
      'quat step 20 wire 20 bits',
      'quat step 6 wire 4 bits',
    ]);
  });

  it('[FK22] a count of a smaller number is a unit of the wire, the nearest one, and never one too many', () => {
    const grid = f.quat({ step: 16, wire: 10 }).rotation?.wire;
    if (!grid) throw new Error('a rotation has a grid');
    for (let count = -32768; count < 32768; count += 7) {
      const unit = unitOfCount(grid, count);
      expect(Math.abs(unit * 64 - count)).toBeLessThanOrEqual(count > 32736 ? 64 : 32);
      expect(unit >= -512 && unit < 512).toBe(true);
      expect(unitOfCount(grid, unit * 64)).toBe(unit);
    }
  });
});
