// Kinds that hold another kind: list (a length and its items) and optional (a value or null).
//
// Invariant: a row has the size of the fullest value; words beyond the length are 0.

import { bitsFor, type Kind, makeKind, wrongValue } from './kind.ts';
import { headBytes } from './packed-size.ts';

/** Up to `max` (1 to 255) values of one kind. A longer array is cut. Between two states it steps. */
export function list<T>(item: Kind<T>, max: number): Kind<T[]> {
  const text = `list ${max} of (${item.text})`;
  if (!Number.isInteger(max) || max < 1 || max > 255) throw new RangeError(`${text}: the length must be 1 to 255`);
  refuseInside(text, item);
  const lengthBits = bitsFor(max);
  const words = 1 + max * item.words;
  const place = (at: number, index: number): number => at + 1 + index * item.words;
  return makeKind<T[]>({
    text,
    words,
    bitsMax: (precision) => lengthBits + max * item.bitsMax(precision),
    packedBytesMax: headBytes(max) + max * item.packedBytesMax,
    initial: () => [],
    store(value, row, at) {
      if (!Array.isArray(value)) throw wrongValue(text, value);
      const length = Math.min(value.length, max);
      row[at] = length;
      for (let index = 0; index < length; index++) item.store(value[index] as T, row, place(at, index));
      row.fill(0, place(at, length), at + words);
    },
    load(row, at, into) {
      const value = into ?? [];
      const length = row[at] as number;
      value.length = length;
      for (let index = 0; index < length; index++) value[index] = item.load(row, place(at, index), value[index]);
      return value;
    },
    same(a, aAt, b, bAt, precision) {
      if (a[aAt] !== b[bAt]) return false;
      for (let index = 0; index < (a[aAt] as number); index++) {
        if (!item.same(a, place(aAt, index), b, place(bAt, index), precision)) return false;
      }
      return true;
    },
    write(out, row, at, precision) {
      out.write(row[at] as number, lengthBits);
      for (let index = 0; index < (row[at] as number); index++) item.write(out, row, place(at, index), precision);
    },
    read(from, row, at, precision) {
      const told = from.read(lengthBits);
      if (told > max) from.failed = true;
      const length = from.failed ? 0 : told;
      row[at] = length;
      for (let index = 0; index < length; index++) item.read(from, row, place(at, index), precision);
      row.fill(0, place(at, length), at + words);
    },
    pack: (value) => value.map((one) => item.pack(one)),
    unpack(plain) {
      if (!Array.isArray(plain) || plain.length > max) return undefined;
      const value: T[] = [];
      for (const one of plain) {
        const unpacked = item.unpack(one);
        if (unpacked === undefined) return undefined;
        value.push(unpacked);
      }
      return value;
    },
  });
}

/** A value or null. */
export function optional<T>(item: Kind<T>): Kind<T | null> {
  const text = `optional (${item.text})`;
  const words = 1 + item.words;
  refuseInside(text, item);
  if (item.initial() === null) throw new TypeError(`${text}: its values may be null already`);
  return makeKind<T | null>({
    text,
    words,
    bitsMax: (precision) => 1 + item.bitsMax(precision),
    packedBytesMax: item.packedBytesMax,
    initial: () => null,
    store(value, row, at) {
      row[at] = value === null ? 0 : 1;
      if (value === null) row.fill(0, at + 1, at + words);
      else item.store(value, row, at + 1);
    },
    load: (row, at, into) => (row[at] === 0 ? null : item.load(row, at + 1, into ?? undefined)),
    same: (a, aAt, b, bAt, precision) => a[aAt] === b[bAt] && (a[aAt] === 0 || item.same(a, aAt + 1, b, bAt + 1, precision)),
    write(out, row, at, precision) {
      out.write(row[at] as number, 1);
      if (row[at] === 1) item.write(out, row, at + 1, precision);
    },
    read(from, row, at, precision) {
      row[at] = from.read(1);
      if (row[at] === 1) item.read(from, row, at + 1, precision);
      else row.fill(0, at + 1, at + words);
    },
    blend(a, aAt, b, bAt, t, into) {
      if (a[aAt] === 1 && b[bAt] === 1) return item.blend(a, aAt + 1, b, bAt + 1, t, into ?? undefined);
      const [row, at] = t < 1 ? [a, aAt] : [b, bAt];
      return row[at] === 0 ? null : item.load(row, at + 1, into ?? undefined);
    },
    pack: (value) => (value === null ? null : item.pack(value)),
    unpack: (plain) => (plain === null ? null : item.unpack(plain)),
  });
}

/** What means something for a whole field only would be lost within one, without a word. */
function refuseInside(text: string, item: Kind<unknown>): void {
  if (item.ownerOnly) throw new TypeError(`${text}: .owner() goes behind the whole field`);
  if (item.text === 'teleport') throw new TypeError(`${text}: a teleport is that of the whole entity, and cannot stand within another kind`);
  if (item.velocityField !== undefined) throw new TypeError(`${text}: .velocity('${item.velocityField}') is for a field of its own`);
  if (item.text === 'press') throw new TypeError(`${text}: a press is counted by field, and cannot stand within another kind`);
}
