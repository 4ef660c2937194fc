// A bounded number on a grid: the arithmetic under every numeric kind. A value is stored as the count of `step`s above `min`;
// `wire` is a whole number of steps, and a wire value is the count of wires above `min`.
//
// Invariant: toWire(fromWire(w)) is w, so a base that was received coarse and a base that was recorded fine agree on the wire.
// Units: counts are integers from 0 to 2^31 - 1. Only + - * / and integer rounding (law 12).

import type { BitSink, BitSource } from '../bits.ts';
import { type Axis, bitsFor, type Precision, wrongValue } from './kind.ts';

export interface Grid {
  readonly text: string;
  readonly min: number;
  readonly max: number;
  readonly step: number;
  /** Steps in one wire unit. */
  readonly ratio: number;
  /** Largest count at each precision. */
  readonly stepMax: number;
  readonly wireMax: number;
  readonly stepBits: number;
  readonly wireBits: number;
}

/** The finest default: 1/1024 of a unit. */
const defaultStep = 1 / 1024;

/** Steps from 0 that a double tells apart after a multiplication and a sum: 53 bits, and 5 to spare. */
const finestSteps = 2 ** 48;

export interface GridOptions {
  /** What the simulation keeps, in the field's own unit. Default 1/1024, or `wire` where that is finer. */
  step?: number;
  /** What others are sent, in the field's own unit; a whole number of steps. Default: `step`. */
  wire?: number;
}

/** Makes a grid, or throws a RangeError that says which number is wrong. */
export function makeGrid(name: string, min: number, max: number, options: GridOptions = {}): Grid {
  if (!Number.isFinite(min) || !Number.isFinite(max) || min >= max)
    throw new RangeError(`${name}: the range ${min} to ${max} is empty or not finite`);
  const step = options.step ?? Math.min(defaultStep, options.wire ?? defaultStep);
  const wire = options.wire ?? step;
  if (!(step > 0) || !(wire > 0)) throw new RangeError(`${name}: step and wire must be above 0`);
  const ratio = Math.round(wire / step);
  if (ratio < 1 || !(Math.abs(ratio * step - wire) <= 1e-9 * wire))
    throw new RangeError(`${name}: wire ${wire} is not a whole number of steps of ${step}`);
  if (Math.max(Math.abs(min), Math.abs(max)) / step > finestSteps)
    throw new RangeError(`${name}: a number from ${min} to ${max} has no room for steps of ${step}; take a larger step`);
  const stepMax = Math.round((max - min) / step);
  if (stepMax >= 2 ** 31) {
    throw new RangeError(`${name}: ${min} to ${max} in steps of ${step} needs more than 31 bits; take a larger step or a smaller range`);
  }
  const wireMax = Math.floor((stepMax + Math.floor(ratio / 2)) / ratio);
  const text = `${name} ${min}..${max} step ${step} wire ${wire}`;
  return { text, min, max, step, ratio, stepMax, wireMax, stepBits: bitsFor(stepMax), wireBits: bitsFor(wireMax) };
}

export function quantise(grid: Grid, value: number): number {
  if (typeof value !== 'number' || Number.isNaN(value)) throw wrongValue(grid.text, value);
  if (value <= grid.min) return 0;
  if (value >= grid.max) return grid.stepMax;
  return Math.round((value - grid.min) / grid.step);
}

/** Never above the range, though its last step may reach beyond (0 to 1 in steps of 0.4). */
export function valueAt(grid: Grid, count: number): number {
  return Math.min(grid.max, grid.min + count * grid.step);
}

export function toWire(grid: Grid, count: number): number {
  return grid.ratio === 1 ? count : Math.floor((count + Math.floor(grid.ratio / 2)) / grid.ratio);
}

export function sameCount(grid: Grid, a: number, b: number, precision: Precision): boolean {
  return a === b || (precision === 'wire' && toWire(grid, a) === toWire(grid, b));
}

export function gridBits(grid: Grid, precision: Precision): number {
  return precision === 'step' ? grid.stepBits : grid.wireBits;
}

export function writeCount(grid: Grid, out: BitSink, count: number, precision: Precision): void {
  if (precision === 'step') out.write(count, grid.stepBits);
  else out.write(toWire(grid, count), grid.wireBits);
}

/** The count in steps; a wire count above the range fails the reader. */
export function readCount(grid: Grid, from: BitSource, precision: Precision): number {
  const max = precision === 'step' ? grid.stepMax : grid.wireMax;
  const count = from.read(gridBits(grid, precision));
  if (count > max) from.failed = true;
  return precision === 'step' ? Math.min(count, grid.stepMax) : Math.min(count * grid.ratio, grid.stepMax);
}

/** The grid as the codec sees it. */
export function gridAxis(grid: Grid, what: number, goesOn: boolean): Axis {
  return {
    what,
    goesOn,
    turn: undefined,
    max: { step: grid.stepMax, wire: grid.wireMax },
    ratio: grid.ratio,
    units: (word, precision) => (precision === 'step' ? word : toWire(grid, word)),
    word: (units, precision) => (precision === 'step' ? units : Math.min(units * grid.ratio, grid.stepMax)),
  };
}
