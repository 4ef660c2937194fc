import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { packPlain, unpackAny } from '../protocol/plain.ts';
import { f } from './fields.ts';
import type { GridOptions } from './grid.ts';
import type { Kind, Precision } from './kind.ts';

/** One kind with what may be stored in it, in range or not, and what must come out. */
interface Case {
  readonly kind: Kind<unknown>;
  readonly values: fc.Arbitrary<unknown>;
  /** Whether `loaded` is what `value` becomes on the grid and in the range. */
  readonly becomes: (value: unknown, loaded: unknown) => boolean;
}

const precisions: readonly Precision[] = ['step', 'wire'];
/** Where a row stands in an array that also holds others. */
const AT = 2;
const FOREIGN = 0x5a5a5a5a;

/** Evenly from 0 to 1. (fast-check draws doubles evenly from their bits: most are tiny.) */
const fraction = fc.nat(10_007).map((part) => part / 10_007);
const number = fc.oneof(
  fc.double({ noNaN: true }),
  fraction.map((part) => 24 * part - 12),
  fc.integer({ min: -12, max: 12 }),
);
const text = fc.oneof(fc.string({ unit: 'binary', maxLength: 24 }), fc.string({ maxLength: 24 }), fc.string({ unit: 'grapheme', maxLength: 12 }));
const lengthOf = (value: object): number => Math.hypot(...Object.values(value));
const vec2 = fc.record({ x: number, y: number });
const utf8 = new TextEncoder();
const wellFormed = new TextDecoder('utf-8', { ignoreBOM: true });

const cases: readonly Case[] = [
  ...[f.bool(), f.button()].map((kind) => caseOf(kind, fc.boolean(), Object.is)),
  ...[f.press(), f.teleport()].map((kind) => caseOf(kind, fc.nat(100), (value, loaded) => loaded === value % 16)),
  ...[1, 2, 100, 255, 256, 2 ** 31 - 1].map((max) => gridCase(f.uint(max), 0, max, 1)),
  ...(
    [
      [-7, 9],
      [3, 5],
      [-9, -2],
      [-(2 ** 30), 2 ** 30 - 1],
      [2 ** 40, 2 ** 40 + 3],
    ] as const
  ).map(([min, max]) => gridCase(f.int(min, max), min, max, 1)),
  gridCase(f.tick(), 0, 2 ** 31 - 1, 1),
  fixedCase(-3, 5),
  fixedCase(0, 1, { step: 0.1 }),
  fixedCase(0, 1, { step: 0.4 }),
  fixedCase(0, 0.3, { step: 0.1 }),
  fixedCase(-1, 1, { wire: 1 / 8 }),
  fixedCase(0.5, 7, { step: 0.01, wire: 0.07 }),
  fixedCase(-10, 10, { step: 0.5, wire: 3 }),
  fixedCase(2, 3, { wire: 1 }),
  fixedCase(0, 1, { step: 1 / 64, wire: 5 }),
  fixedCase(1e9, 1e9 + 1, { wire: 0.25 }),
  fixedCase(2.8e11, 2.8e11 + 1000, { step: 0.001 }),
  fixedCase(-1e6, 1e6, { step: 1 / 1000, wire: 0.5 }),
  ...[{}, { wire: 8 }, { step: 2 }, { step: 30 }, { step: 30, wire: 1 }, { step: 12, wire: 11 }].map(angleCase),
  caseOf(
    f.float32(),
    fc.oneof(fc.float({ noNaN: true, noDefaultInfinity: true }), fc.double({ min: -1e30, max: 1e30, noNaN: true })),
    (value, loaded) => Object.is(Math.fround(value) + 0, loaded),
  ),
  caseOf(f.entity(), fc.option(fc.oneof(fc.nat(2 ** 30 - 1), fc.constant(2 ** 30 - 1)) as fc.Arbitrary<never>), Object.is),
  caseOf(f.enumOf('one'), fc.constant('one'), Object.is),
  caseOf(f.enumOf('a', 'b', 'c d'), fc.constantFrom('a', 'b', 'c d'), Object.is),
  caseOf(f.flags('lit', 'up', 'hot'), fc.record({ lit: fc.boolean(), up: fc.boolean(), hot: fc.boolean() }), sameJson),
  manyFlagsCase(),
  vectorCase(f.vec2(-3, 5), vec2, -3, 5, 1 / 1024),
  vectorCase(f.vec2(0, 9, { step: 0.25, wire: 2 }), vec2, 0, 9, 0.25),
  vectorCase(f.vec3(-10, -1, { wire: 1 / 8 }), fc.record({ x: number, y: number, z: number }), -10, -1, 1 / 1024),
  ...[{}, { wire: 10 }, { step: 6, wire: 4 }, { step: 20, wire: 9 }].map(quatCase),
  ...[1, 3, 4, 16, 1000].map(stringCase),
  ...[1, 4, 7, 1000].map((max) =>
    caseOf(f.bytes(max), fc.uint8Array({ maxLength: 40 }), (value, loaded) => sameJson([...value.slice(0, max)], [...loaded])),
  ),
  listCase(gridCase(f.uint(5), 0, 5, 1), 3),
  listCase(vectorCase(f.vec2(0, 9, { step: 0.25, wire: 2 }), vec2, 0, 9, 0.25), 2),
  listCase(stringCase(3), 2),
  listCase(quatCase({ wire: 8 }), 2),
  listCase(listCase(caseOf(f.bool(), fc.boolean(), Object.is), 3), 2),
  listCase(optionalCase(angleCase({ wire: 8 })), 3),
  listCase(caseOf(f.bool(), fc.boolean(), Object.is), 255),
  optionalCase(vectorCase(f.vec2(0, 9, { step: 0.25, wire: 2 }), vec2, 0, 9, 0.25)),
  optionalCase(stringCase(7)),
  optionalCase(listCase(fixedCase(-1, 1, { wire: 1 / 8 }), 3)),
];

describe.each(cases.map((one) => ({ name: one.kind.text.slice(0, 60), ...one })))('$name', ({ kind, values, becomes }) => {
  const rows = fc.oneof(
    values.map((value) => stored(kind, value)),
    fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.constantFrom(...precisions)).map(([bytes, precision]) => {
      const row = emptyRow(kind);
      kind.read(readerOf(bytes), row, AT, precision);
      return row;
    }),
  );

  it('[FK1] what is loaded is what was stored, rounded to the grid and clamped to the range', () => {
    fc.assert(
      fc.property(values, (value) => {
        const row = stored(kind, value);
        const loaded = kind.load(row, AT);
        if (!becomes(value, loaded)) throw new Error(`${show(value)} became ${show(loaded)}`);
        onlyItsWords(kind, row);
      }),
    );
  });

  it('[FK2] storing what was loaded gives the same row', () => {
    fc.assert(
      fc.property(rows, rows, (row, other) => {
        const loaded = kind.load(row, AT);
        expect(stored(kind, loaded)).toEqual(row);
        // Loading may fill an object that holds another value; the result is the same.
        const into = kind.load(other, AT);
        expect(kind.load(row, AT, into)).toEqual(kind.load(row, AT));
        expect(kind.initial()).toEqual(kind.load(stored(kind, kind.initial()), AT));
      }),
    );
  });

  it('[FK3] written at step, a row comes back word for word, in at most bitsMax bits', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const { bytes, bits } = written(kind, row, 'step');
        expect(bits).toBeLessThanOrEqual(kind.bitsMax('step'));
        expect(read(kind, bytes, bits, 'step')).toEqual(row);
      }),
    );
  });

  it('[FK4] written at wire, a row comes back as one that says the same, and that one gives the same bits again', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const { bytes, bits } = written(kind, row, 'wire');
        expect(bits).toBeLessThanOrEqual(kind.bitsMax('wire'));
        expect(kind.bitsMax('wire')).toBeLessThanOrEqual(kind.bitsMax('step'));
        const coarse = read(kind, bytes, bits, 'wire');
        expect(kind.same(row, AT, coarse, AT, 'wire')).toBe(true);
        expect(written(kind, coarse, 'wire')).toEqual({ bytes, bits });
      }),
    );
  });

  it('[FK5] two rows are the same at a precision when they are written alike, and only then', () => {
    fc.assert(
      fc.property(rows, rows, fc.constantFrom(...precisions), fc.boolean(), (a, other, precision, near) => {
        // Near: what the row looks like from the other end, so that pairs that differ by less than a wire step are common.
        const b = near ? read(kind, written(kind, a, 'wire').bytes, undefined, 'wire') : other;
        const alike = show(written(kind, a, precision)) === show(written(kind, b, precision));
        expect(kind.same(a, AT, b, AT, precision)).toBe(alike);
        expect(kind.same(b, AT, a, AT, precision)).toBe(alike);
      }),
    );
  });

  it('[FK6] any bytes give a row that can be loaded, and what does not fail is the one way to write that row', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(...precisions), (bytes, precision) => {
        const row = emptyRow(kind);
        const reader = readerOf(bytes);
        kind.read(reader, row, AT, precision);
        const taken = bytes.length * 8 - reader.bitsLeft;
        expect(stored(kind, kind.load(row, AT))).toEqual(row);
        onlyItsWords(kind, row);
        if (reader.failed) return;
        const again = written(kind, row, precision);
        expect(again.bits).toBe(taken);
        expect(firstBits(again.bytes, taken)).toBe(firstBits(bytes, taken));
      }),
    );
  });

  it('[FK7] what is no value of the kind is refused by an error that names the kind', () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = cyclic;
    const numberless = [Number.NaN, undefined, 'no such name', { x: Number.NaN }, Symbol('x'), 7n, () => 0, [Number.NaN]];
    const wrong = [...numberless, cyclic, { big: 7n }, null, 1, true, {}];
    const row = emptyRow(kind);
    for (const value of wrong) {
      if (isOfKind(kind, value)) continue;
      expect(() => kind.store(value, row, AT), show(value)).toThrow(TypeError);
      expect(() => kind.store(value, row, AT), show(value)).toThrow(/^expected [a-z0-9]+/);
    }
    const [name] = kind.text.replace('optional (', '').split(' ');
    expect(() => kind.store(undefined, row, AT)).toThrow(`expected ${name}`);
  });

  it('[FK8] a value that is packed, sent as msgpack and unpacked is the value on the grid', () => {
    fc.assert(
      fc.property(values, (value) => {
        const wanted = kind.load(stored(kind, value), AT);
        expect(kind.unpack(unpackAny(packPlain(kind.pack(wanted))))).toEqual(wanted);
      }),
    );
  });

  it('[FK9] unpacking anything gives a value on the grid or undefined, and never throws', () => {
    fc.assert(
      fc.property(fc.oneof(fc.anything({ withBigInt: true, withTypedArray: true, withDate: true }), values, fc.array(values)), (plain) => {
        const value = kind.unpack(plain);
        if (value !== undefined) expect(kind.load(stored(kind, value), AT)).toEqual(value);
      }),
    );
  });

  it('[FK10] a blend is the older value at 0 and the newer one at 1', () => {
    fc.assert(
      fc.property(rows, rows, rows, (a, b, other) => {
        expect(kind.blend(a, AT, b, AT, 0)).toEqual(kind.load(a, AT));
        expect(kind.blend(a, AT, b, AT, 1)).toEqual(kind.load(b, AT));
        expect(kind.blend(a, AT, b, AT, 1, kind.load(other, AT))).toEqual(kind.load(b, AT));
        expect(kind.blend(a, AT, a, AT, 0.3)).toEqual(kind.load(a, AT));
      }),
    );
  });

  it('[FK22] the codec sees each number as whole units from 0 to a maximum, which give the same words and bits back', () => {
    const { axis } = kind;
    if (!axis) return;
    fc.assert(
      fc.property(rows, rows, fc.constantFrom(...precisions), (row, other, precision) => {
        const units = [...row.subarray(AT, AT + kind.words)].map((word) => axis.units(word, precision));
        const back = row.slice();
        for (const [word, unit] of units.entries()) {
          expect(Number.isInteger(unit) && unit >= 0 && unit <= axis.max[precision]).toBe(true);
          back[AT + word] = axis.word(unit, precision);
          expect(axis.units(back[AT + word] as number, precision)).toBe(unit);
        }
        if (precision === 'step') expect(back).toEqual(row);
        expect(back).toEqual(read(kind, written(kind, row, precision).bytes, undefined, precision));
        const alike = units.every((unit, word) => unit === axis.units(other[AT + word] as number, precision));
        expect(kind.same(row, AT, other, AT, precision)).toBe(alike);
        if (axis.turn) expect(axis.max[precision]).toBe(axis.turn[precision] - 1);
      }),
    );
  });

  it('[FK11] owner() gives the same kind for the controller alone', () => {
    const owned = kind.owner();
    expect([owned.ownerOnly, kind.ownerOnly]).toEqual([true, false]);
    expect(owned.text).not.toBe(kind.text);
    expect(owned.owner().text).toBe(owned.text);
    fc.assert(
      fc.property(values, (value) => {
        expect(stored(owned, value)).toEqual(stored(kind, value));
      }),
    );
  });
});

function caseOf<T>(kind: Kind<T>, values: fc.Arbitrary<T>, becomes: (value: T, loaded: T) => boolean): Case {
  return { kind: kind as Kind<unknown>, values, becomes: becomes as Case['becomes'] };
}

function gridCase(kind: Kind<number>, min: number, max: number, step: number): Case {
  const inRange = fraction.map((part) => min + (max - min) * part);
  const ends = fc.constantFrom(min, max, min + step / 2, max - step / 2, min - step, max + step);
  return caseOf(kind, fc.oneof(number, inRange, ends), (value, loaded) => onGrid(value, loaded, min, max, step));
}

function fixedCase(min: number, max: number, options?: GridOptions): Case {
  return gridCase(f.fixed(min, max, options), min, max, options?.step ?? 1 / 1024);
}

function onGrid(value: number, loaded: number, min: number, max: number, step: number): boolean {
  const slack = 1e-9 * step + Number.EPSILON * 4 * Math.max(Math.abs(min), Math.abs(max));
  return loaded >= min && loaded <= max && Math.abs(loaded - Math.min(max, Math.max(min, value))) <= step / 2 + slack;
}

function vectorCase<T extends object>(kind: Kind<T>, values: fc.Arbitrary<T>, min: number, max: number, step: number): Case {
  return caseOf(kind, values, (value, loaded) =>
    Object.entries(value).every(([axis, part]) => onGrid(part, (loaded as Record<string, number>)[axis] ?? Number.NaN, min, max, step)),
  );
}

function angleCase(options: { step?: number; wire?: number }): Case {
  const width = (2 * Math.PI) / 2 ** (options.step ?? 16);
  return caseOf(
    f.angle(options),
    fc.oneof(
      fraction.map((part) => 40 * part - 20),
      fc.constantFrom(Math.PI, -Math.PI, 0, -1e-20),
    ),
    (value, loaded) => {
      const apart = Math.abs(value - loaded) % (2 * Math.PI);
      return loaded >= -Math.PI && loaded < Math.PI && Math.min(apart, 2 * Math.PI - apart) <= width / 2 + 1e-12;
    },
  );
}

function quatCase(options: { step?: number; wire?: number }): Case {
  const values = fc.record({ x: number, y: number, z: number, w: number }).filter((value) => lengthOf(value) > 1e-9 && lengthOf(value) < 1e9);
  return caseOf(f.quat(options), values, (value, loaded) => {
    const length = lengthOf(value) * (value.x * loaded.x + value.y * loaded.y + value.z * loaded.z + value.w * loaded.w < 0 ? -1 : 1);
    const apart = [loaded.x - value.x / length, loaded.y - value.y / length, loaded.z - value.z / length, loaded.w - value.w / length];
    return Math.hypot(...apart) <= 5 / 2 ** ((options.step ?? 16) - 0.5); // the largest takes up what the three are rounded by
  });
}

function stringCase(max: number): Case {
  return caseOf(f.string(max), text, (value, loaded) => {
    const whole = wellFormed.decode(utf8.encode(value));
    const next = [...whole.slice(loaded.length)][0];
    // The longest start that fits: one character more would not.
    return whole.startsWith(loaded) && utf8.encode(loaded).length <= max && (next === undefined || utf8.encode(loaded + next).length > max);
  });
}

function manyFlagsCase(): Case {
  const names = Array.from({ length: 31 }, (_, index) => `flag${index}`) as [string, ...string[]];
  const values = fc
    .array(fc.boolean(), { minLength: 31, maxLength: 31 })
    .map((bits) => Object.fromEntries(bits.map((bit, index) => [`flag${index}`, bit])));
  return caseOf(f.flags(...names), values, sameJson);
}

function listCase(item: Case, max: number): Case {
  return caseOf(
    f.list(item.kind, max),
    fc.array(item.values, { maxLength: max + 2 }),
    (value, loaded) => loaded.length === Math.min(max, value.length) && loaded.every((one, index) => item.becomes(value[index], one)),
  );
}

function optionalCase(item: Case): Case {
  return caseOf<unknown>(f.optional(item.kind), fc.option(item.values), (value, loaded) =>
    value === null ? loaded === null : item.becomes(value, loaded),
  );
}

/** Whether one of the wrong values happens to be right for a kind. */
function isOfKind(kind: Kind<unknown>, value: unknown): boolean {
  const like = kind.text.replace('optional (', '');
  const isNumber = typeof value === 'number' && !Number.isNaN(value);
  if (value === null) return /^(optional|entity)/.test(kind.text);
  if (/^(bool|button)/.test(like)) return typeof value === 'boolean';
  if (like === 'press') return typeof value === 'boolean' || isNumber;
  if (/^(uint|int|tick|fixed|angle|float32|entity|teleport)/.test(like)) return isNumber;
  if (/^string/.test(like)) return typeof value === 'string';
  if (/^flags/.test(like)) return typeof value === 'object';
  return false;
}

function emptyRow(kind: Kind<unknown>): Int32Array {
  return new Int32Array(AT + kind.words + 1).fill(FOREIGN);
}

function stored(kind: Kind<unknown>, value: unknown): Int32Array {
  const row = emptyRow(kind);
  kind.store(value, row, AT);
  return row;
}

function onlyItsWords(kind: Kind<unknown>, row: Int32Array): void {
  expect([row[0], row[AT - 1], row[AT + kind.words]]).toEqual([FOREIGN, FOREIGN, FOREIGN]);
}

function written(kind: Kind<unknown>, row: Int32Array, precision: Precision): { bytes: Uint8Array; bits: number } {
  const writer = new BitWriter(2048);
  kind.write(writer, row, AT, precision);
  const bits = writer.bitLength;
  return { bytes: writer.finish().slice(), bits };
}

function read(kind: Kind<unknown>, bytes: Uint8Array, bits: number | undefined, precision: Precision): Int32Array {
  const row = emptyRow(kind);
  const reader = readerOf(bytes);
  kind.read(reader, row, AT, precision);
  expect(reader.failed).toBe(false);
  if (bits !== undefined) expect(bytes.length * 8 - reader.bitsLeft).toBe(bits);
  return row;
}

function readerOf(bytes: Uint8Array): BitReader {
  const reader = new BitReader();
  reader.reset(bytes);
  return reader;
}

function firstBits(bytes: Uint8Array, bits: number): string {
  const reader = readerOf(bytes);
  let text = '';
  for (let bit = 0; bit < bits; bit++) text += reader.read(1);
  return text;
}

function sameJson(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function show(value: unknown): string {
  return fc.stringify(value);
}
