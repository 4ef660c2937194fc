// Number kinds: uint, int, fixed, angle, float32, tick, entity reference.
//
// Invariant: each is one word, at least 0 except float32, whose word is its IEEE bits.
// Units: a game's own; angles are radians, from -pi up to pi; ticks are the room's.

import { numberClass } from '../codec/contexts.ts';
import type { EntityId } from '../state/entity-id.ts';
import { type GridOptions, gridAxis, gridBits, makeGrid, quantise, readCount, sameCount, toWire, valueAt, writeCount } from './grid.ts';
import { type Kind, kept, makeKind, wrongValue } from './kind.ts';
import { angleMotion, numberMotion } from './motion.ts';
import { gridBytesMax, numberBytesMax, wholeBytesMax } from './packed-size.ts';

/** A whole number from 0 to `max`. Between two states it steps, it does not slide. */
export function uint(max: number): Kind<number> {
  return whole(`uint ${max}`, 0, max);
}

/** A whole number from `min` to `max`. */
export function int(min: number, max: number): Kind<number> {
  return whole(`int ${min}..${max}`, min, max);
}

/** A number from `min` to `max` on two grids: `step` for the simulation, `wire` for what others see. Interpolated linearly. */
export function fixed(min: number, max: number, options?: GridOptions): Kind<number> {
  const grid = makeGrid('fixed', min, max, options);
  const initial = min > 0 ? min : max < 0 ? max : 0;
  return makeKind<number>({
    text: grid.text,
    words: 1,
    axis: gridAxis(grid, numberClass.position, true),
    numbers: numberMotion(min, max, grid.step * grid.ratio, (word) => valueAt(grid, word)),
    bitsMax: (precision) => gridBits(grid, precision),
    packedBytesMax: gridBytesMax(grid),
    initial: () => initial,
    store(value, row, at) {
      row[at] = quantise(grid, value);
    },
    record(value, row, at) {
      const count = quantise(grid, value);
      row[at] = count;
      return kept(valueAt(grid, count), value);
    },
    load: (row, at, into) => kept(valueAt(grid, row[at] as number), into),
    same: (a, aAt, b, bAt, precision) => sameCount(grid, a[aAt] as number, b[bAt] as number, precision),
    write: (out, row, at, precision) => writeCount(grid, out, row[at] as number, precision),
    read(from, row, at, precision) {
      row[at] = readCount(grid, from, precision);
    },
    blend(a, aAt, b, bAt, t, into) {
      const from = a[aAt] as number;
      return kept(valueAt(grid, from + ((b[bAt] as number) - from) * t), into);
    },
  });
}

export interface AngleOptions {
  /** Bits of a full turn in the simulation, 2 to 30. Default 16. */
  step?: number;
  /** Bits of a full turn for others, at most `step`. Default: `step`. */
  wire?: number;
}

const turn = 6.283185307179586;

/** A direction in radians; any number is taken modulo a full turn. Interpolated along the shorter arc. */
export function angle(options: AngleOptions = {}): Kind<number> {
  const bits = options.step ?? Math.max(16, options.wire ?? 0);
  const wireBits = options.wire ?? bits;
  if (bits < 2 || bits > 30 || wireBits < 1 || wireBits > bits || bits % 1 !== 0 || wireBits % 1 !== 0) {
    throw new RangeError(`angle: step ${bits} must be 2 to 30 bits, and wire ${wireBits} at most that`);
  }
  const text = `angle step ${bits} wire ${wireBits} bits`;
  const steps = 2 ** bits;
  const shift = bits - wireBits;
  const half = shift === 0 ? 0 : 2 ** (shift - 1);
  const wireMask = 2 ** wireBits - 1;
  const wireOf = (count: number): number => ((count + half) >>> shift) & wireMask;
  const radians = (count: number): number => ((count >= steps / 2 ? count - steps : count) * turn) / steps;
  return makeKind<number>({
    text,
    words: 1,
    axis: {
      what: numberClass.direction,
      goesOn: true,
      turn: { step: steps, wire: 2 ** wireBits },
      max: { step: steps - 1, wire: 2 ** wireBits - 1 },
      ratio: 2 ** shift,
      units: (word, precision) => (precision === 'step' ? word : wireOf(word)),
      word: (units, precision) => (precision === 'step' ? units : units << shift),
    },
    numbers: angleMotion(turn / 2 ** wireBits, radians),
    bitsMax: (precision) => (precision === 'step' ? bits : wireBits),
    packedBytesMax: numberBytesMax,
    initial: () => 0,
    store(value, row, at) {
      if (!Number.isFinite(value)) throw wrongValue(text, value);
      const turns = value / turn;
      row[at] = Math.round((turns - Math.floor(turns)) * steps) % steps;
    },
    load: (row, at, into) => kept(radians(row[at] as number), into),
    same: (a, aAt, b, bAt, precision) => a[aAt] === b[bAt] || (precision === 'wire' && wireOf(a[aAt] as number) === wireOf(b[bAt] as number)),
    write(out, row, at, precision) {
      if (precision === 'step') out.write(row[at] as number, bits);
      else out.write(wireOf(row[at] as number), wireBits);
    },
    read(from, row, at, precision) {
      row[at] = precision === 'step' ? from.read(bits) : from.read(wireBits) << shift;
    },
    blend(a, aAt, b, bAt, t, into) {
      const from = a[aAt] as number;
      let ahead = ((b[bAt] as number) - from + steps) % steps;
      if (ahead > steps / 2) ahead -= steps;
      return kept(radians((from + ahead * t + steps) % steps), into);
    },
  });
}

const float32Bits = new Float32Array(1);
const float32Words = new Int32Array(float32Bits.buffer);

/** A 32-bit float, exact and unbounded: for what has no sensible range. Costs 32 bits whenever it changes; prefer `fixed`. */
export function float32(): Kind<number> {
  const at32 = (word: number): number => {
    float32Words[0] = word;
    return float32Bits[0] as number;
  };
  return makeKind<number>({
    text: 'float32',
    words: 1,
    numbers: numberMotion(Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY, 0, at32),
    bitsMax: () => 32,
    packedBytesMax: numberBytesMax,
    initial: () => 0,
    store(value, row, at) {
      if (!Number.isFinite(value)) throw wrongValue('float32', value);
      float32Bits[0] = value;
      if (!Number.isFinite(float32Bits[0])) throw wrongValue('float32', value);
      row[at] = float32Bits[0] === 0 ? 0 : (float32Words[0] as number); // -0 becomes 0, so that equal values have equal words
    },
    load: (row, at, into) => kept(at32(row[at] as number), into),
    write: (out, row, at) => out.write((row[at] as number) >>> 0, 32),
    read(from, row, at) {
      const word = from.read(32);
      if (((word >>> 23) & 0xff) === 0xff || word === 0x80000000) from.failed = true; // infinity, not a number, -0: never sent by us
      row[at] = from.failed ? 0 : word | 0;
    },
    blend(a, aAt, b, bAt, t, into) {
      const from = at32(a[aAt] as number);
      const to = at32(b[bAt] as number);
      return kept(t < 1 ? from + (to - from) * t : to, into); // the sum is not exact: 1e30 and 1 would give 0
    },
  });
}

/** A tick of the room, such as when a round ends. 0 to 2^31 - 1. */
export function tick(): Kind<number> {
  return whole('tick', 0, 2 ** 31 - 1);
}

/** A reference to an entity by id, or null. */
export function entityRef(): Kind<EntityId | null> {
  const text = 'entity';
  return makeKind<EntityId | null>({
    text,
    words: 1,
    bitsMax: () => 31,
    packedBytesMax: wholeBytesMax(0, 2 ** 30 - 1),
    initial: () => null,
    store(value, row, at) {
      if (value !== null && !(Number.isInteger(value) && value >= 0 && value < 2 ** 30)) throw wrongValue('entity id or null', value);
      row[at] = value === null ? 0 : value + 1;
    },
    load: (row, at) => (row[at] === 0 ? null : (((row[at] as number) - 1) as EntityId)),
    // Two writes, since it is two reads: symbols of the codec are no stream of bits.
    write(out, row, at) {
      out.write(row[at] === 0 ? 0 : 1, 1);
      if (row[at] !== 0) out.write((row[at] as number) - 1, 30);
    },
    read(from, row, at) {
      row[at] = from.read(1) === 0 ? 0 : from.read(30) + 1;
    },
  });
}

function whole(text: string, min: number, max: number): Kind<number> {
  if (!Number.isInteger(min) || !Number.isInteger(max)) throw new RangeError(`${text}: the bounds must be whole numbers`);
  const grid = { ...makeGrid(text, min, max, { step: 1 }), text };
  return makeKind<number>({
    text,
    words: 1,
    axis: gridAxis(grid, numberClass.count, false),
    bitsMax: () => grid.stepBits,
    packedBytesMax: wholeBytesMax(min, max),
    initial: () => (min > 0 ? min : max < 0 ? max : 0),
    store(value, row, at) {
      row[at] = quantise(grid, value);
    },
    record(value, row, at) {
      const count = quantise(grid, value);
      row[at] = count;
      return kept(valueAt(grid, count), value);
    },
    load: (row, at, into) => kept(valueAt(grid, row[at] as number), into),
    write: (out, row, at) => out.write(toWire(grid, row[at] as number), grid.stepBits),
    read(from, row, at) {
      row[at] = readCount(grid, from, 'step');
    },
  });
}
