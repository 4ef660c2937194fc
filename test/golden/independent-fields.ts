// The independent decoder's field values: as bits (docs/PROTOCOL.md section 8.4), on their grids (8.3), and as the game sees them.
//
// Owns the bits of each kind and its two grids. Invariant: bytes that are no such value are Unreadable.

import { coarseQuat, countsOf, oneOf } from './independent-quat.ts';
import { type BitSource, type Precision, type Raw, Unreadable } from './independent-raw.ts';
import type { Grid, Kind, QuatKind, SchemaField } from './independent-schema.ts';

export function readRaw(kind: Kind, precision: Precision, source: BitSource): Raw {
  switch (kind.is) {
    case 'bool':
    case 'button':
      return source.bits(1) === 1;
    case 'whole':
      return readUpTo(kind.max - kind.min, source);
    case 'tick':
      return source.bits(31);
    case 'fixed':
      return Array.from({ length: kind.axes }, () => readUpTo(largestOf(kind.grid, precision), source));
    case 'angle':
      return source.bits(precision === 'step' ? kind.stepBits : kind.wireBits);
    case 'quat':
      return readQuat(kind, precision, source);
    case 'float32':
      return readFloat(source.bits(32));
    case 'press':
    case 'teleport':
      return source.bits(4);
    case 'enum':
      return readUpTo(kind.names.length - 1, source);
    case 'flags': {
      const bits = source.bits(kind.names.length);
      return kind.names.map((_, i) => Math.floor(bits / 2 ** i) % 2 === 1);
    }
    case 'string':
      return textOf(readBytes(kind.max, source));
    case 'bytes':
      return readBytes(kind.max, source);
    case 'entity':
      return source.bits(1) === 1 ? source.bits(30) : null;
    case 'list':
      return readTimes(readUpTo(kind.max, source), () => readRaw(kind.item, precision, source));
    case 'optional':
      return source.bits(1) === 1 ? readRaw(kind.item, precision, source) : null;
  }
}

/** The value that nobody set. */
export function initialRaw(kind: Kind, precision: Precision): Raw {
  switch (kind.is) {
    case 'bool':
    case 'button':
      return false;
    case 'whole':
      return Math.min(Math.max(0, kind.min), kind.max) - kind.min;
    case 'fixed': {
      const count = countOf(kind.grid, 0);
      return Array.from({ length: kind.axes }, () => (precision === 'step' ? count : wireOf(kind.grid, count)));
    }
    case 'quat':
      return [3, 0, 0, 0];
    case 'flags':
      return kind.names.map(() => false);
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array();
    case 'list':
      return [];
    case 'entity':
    case 'optional':
      return null;
    default:
      return 0;
  }
}

export function meaningOfFields(fields: SchemaField[], precision: Precision, raws: Raw[]): Record<string, unknown> {
  return Object.fromEntries(fields.map((field, i) => [field.name, meaningOf(field.kind, precision, raws[i] ?? null)]));
}

/** What the game sees, with bytes in hex. */
export function meaningOf(kind: Kind, precision: Precision, raw: Raw): unknown {
  switch (kind.is) {
    case 'whole':
      return (raw as number) + kind.min;
    case 'fixed':
      return axesOf((raw as number[]).map((count) => valueOnGrid(kind.grid, precision === 'step' ? count : countOfWire(kind.grid, count))));
    case 'angle':
      return angleOf(kind.stepBits, (raw as number) * (precision === 'step' ? 1 : 2 ** (kind.stepBits - kind.wireBits)));
    case 'quat':
      return axesOf(countsOf(kind, precision, raw).map((count) => count / oneOf(kind)));
    case 'enum':
      return kind.names[raw as number];
    case 'flags':
      return Object.fromEntries(kind.names.map((name, i) => [name, (raw as boolean[])[i]]));
    case 'bytes':
      return Buffer.from(raw as Uint8Array).toString('hex');
    case 'list':
      return (raw as Raw[]).map((item) => meaningOf(kind.item, precision, item));
    case 'optional':
      return raw === null ? null : meaningOf(kind.item, precision, raw);
    default:
      return raw;
  }
}

/** A value of the step grid on the wire grid. */
export function coarseRaw(kind: Kind, raw: Raw): Raw {
  switch (kind.is) {
    case 'fixed':
      return (raw as number[]).map((count) => wireOf(kind.grid, count));
    case 'angle': {
      const unit = 2 ** (kind.stepBits - kind.wireBits);
      return Math.floor(((raw as number) + Math.floor(unit / 2)) / unit) % 2 ** kind.wireBits;
    }
    case 'quat':
      return coarseQuat(kind, raw);
    case 'list':
      return (raw as Raw[]).map((item) => coarseRaw(kind.item, item));
    case 'optional':
      return raw === null ? null : coarseRaw(kind.item, raw);
    default:
      return raw;
  }
}

/** One number alone, more as x, y, z, w. */
export function axesOf(values: number[]): unknown {
  return values.length === 1 ? values[0] : Object.fromEntries(values.map((value, i) => ['xyzw'.charAt(i), value]));
}

export function largestOf(grid: Grid, precision: Precision): number {
  return precision === 'step' ? grid.stepMax : grid.wireMax;
}

export function countOf({ min, max, step, stepMax }: Grid, value: number): number {
  return value <= min ? 0 : value >= max ? stepMax : Math.round((value - min) / step);
}

export function valueOnGrid({ min, max, step }: Grid, count: number): number {
  return Math.min(max, min + count * step);
}

function wireOf({ ratio }: Grid, count: number): number {
  return Math.floor((count + Math.floor(ratio / 2)) / ratio);
}

function countOfWire({ ratio, stepMax }: Grid, wire: number): number {
  return Math.min(wire * ratio, stepMax);
}

export function angleOf(stepBits: number, count: number): number {
  const turn = 2 ** stepBits;
  return ((count < turn / 2 ? count : count - turn) * TURN) / turn;
}

export function angleCountOf(stepBits: number, value: number): number {
  const turns = value / TURN;
  return Math.round((turns - Math.floor(turns)) * 2 ** stepBits) % 2 ** stepBits;
}

/** The text of bytes that are valid UTF-8, without dropping a byte order mark. */
export function textOf(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new Unreadable('no valid UTF-8');
  }
}

/** `bits(largest)` of section 2. */
export function bitsFor(largest: number): number {
  return largest === 0 ? 0 : Math.floor(Math.log2(largest)) + 1;
}

function readUpTo(largest: number, source: BitSource): number {
  const number = source.bits(bitsFor(largest));
  if (number > largest) throw new Unreadable(`${number} is above ${largest}`);
  return number;
}

function readBytes(max: number, source: BitSource): Uint8Array {
  return Uint8Array.from(readTimes(readUpTo(max, source), () => source.bits(8)));
}

/** Grows as it reads, so a length that is a lie costs nothing. */
function readTimes<T>(count: number, read: () => T): T[] {
  const items: T[] = [];
  while (items.length < count) items.push(read());
  return items;
}

function readQuat(kind: QuatKind, precision: Precision, source: BitSource): Raw {
  const bits = precision === 'step' ? kind.stepBits : kind.wireBits;
  const raw = [source.bits(2), ...Array.from({ length: 3 }, () => source.bits(bits) - 2 ** (bits - 1))];
  countsOf(kind, precision, raw);
  return raw;
}

function readFloat(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  const value = view.getFloat32(0);
  if (!Number.isFinite(value) || Object.is(value, -0)) throw new Unreadable('a float32 that is not sent');
  return value;
}

const TURN = 6.283185307179586;
