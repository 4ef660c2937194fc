// A record of named fields laid out as one row of words: an entity type, the room's state, an input or an event.
//
// Invariant: fields are laid out in the order written in the schema, which is the same at both ends (the schema hash checks it).
// A row's words are all that is recorded, compared, hashed and sent; nothing else lists a game's fields.

import type { BitSink, BitSource } from '../bits.ts';
import type { Kind, Precision } from './kind.ts';
import type { Motion } from './motion.ts';

/** Named kinds, as a schema gives them. */
// biome-ignore lint/suspicious/noExplicitAny: a field's own type is inferred where it is written
export type Fields = Readonly<Record<string, Kind<any>>>;

/** The value of a kind. */
export type ValueOf<K> = K extends Kind<infer T> ? T : never;

/** A record of values for a record of fields. */
export type ValuesOf<F extends Fields> = { -readonly [Name in keyof F]: ValueOf<F[Name]> };

interface PlacedField {
  readonly name: string;
  readonly kind: Kind<unknown>;
  readonly at: number;
}

/** A field that moves between states. */
export interface MovingField {
  readonly name: string;
  readonly at: number;
  readonly motion: Motion;
  /** Whether it goes on beyond the newest state. */
  readonly goesBeyond: boolean;
  /** Its change per second, where the schema names the field that has it. */
  readonly velocity: { readonly at: number; readonly motion: Motion } | undefined;
  /** Its place in an array that holds the numbers of all moving fields. */
  readonly numbersAt: number;
}

type Values = Record<string, unknown>;

export class Layout {
  readonly name: string;
  readonly fields: readonly PlacedField[];
  /** Words in a row. */
  readonly words: number;
  /** By word: 1 where only the owner is sent it. */
  readonly ownerWords: Uint8Array;
  /** The row of an entity that nobody touched. */
  readonly initialRow: Int32Array;
  /** The fields that move between states, and the numbers that they have in all. */
  readonly moving: readonly MovingField[];
  readonly movingNumbers: number;
  /** Whether any of them follows a curve. */
  readonly hasCurves: boolean;
  /** The fields of which the newest value is shown at once. */
  readonly newest: readonly PlacedField[];
  /** The fields that count teleports. */
  readonly teleports: readonly PlacedField[];
  readonly tickSeconds: number;

  /** @param tickHz what velocities are drawn with; a record that is never drawn needs none. */
  constructor(name: string, fields: Fields, tickHz = 60) {
    this.name = name;
    this.tickSeconds = 1 / tickHz;
    const placed: PlacedField[] = [];
    let at = 0;
    for (const [field, kind] of Object.entries(fields)) {
      placed.push({ name: field, kind, at });
      at += kind.words;
    }
    this.fields = placed;
    this.words = at;
    this.ownerWords = new Uint8Array(at);
    this.initialRow = new Int32Array(at);
    for (const { kind, at: from } of placed) kind.store(kind.initial(), this.initialRow, from);
    for (const { kind, at: from } of placed) if (kind.ownerOnly) this.ownerWords.fill(1, from, from + kind.words);
    this.moving = movingFields(placed);
    this.movingNumbers = this.moving.reduce((sum, { motion }) => sum + motion.size, 0);
    this.hasCurves = this.moving.some(({ velocity }) => velocity !== undefined);
    this.newest = placed.filter(({ kind }) => kind.interpolation === 'none');
    this.teleports = placed.filter(({ kind }) => /^teleport( owner)?$/.test(kind.text));
  }

  /** Adds the initial value of every field to an object. */
  initialise(values: Values): void {
    for (const { name, kind } of this.fields) {
      const value = kind.initial();
      // V8 unpacks a field that never held anything but numbers with a fraction, and each reading by a name that is a variable makes an object of 16 bytes
      // then. One that held something else once has a reference, which is read and put back as it is.
      if (typeof value === 'number') values[name] = undefined;
      values[name] = value;
    }
  }

  /** Puts the values into a row, rounded and clamped. Throws a TypeError that names the field when a value is of the wrong type. */
  store(values: object, row: Int32Array, at: number): void {
    for (const field of this.fields) {
      try {
        field.kind.store((values as Values)[field.name], row, at + field.at);
      } catch (error) {
        throw new TypeError(`${this.name}.${field.name}: ${(error as Error).message}`);
      }
    }
  }

  /** Puts the values into a row and leaves them rounded as the row has them. Throws as `store` does. */
  record(values: object, row: Int32Array, at: number): void {
    const { fields } = this;
    let index = 0;
    try {
      for (; index < fields.length; index++) {
        const { kind, name, at: offset } = fields[index] as PlacedField;
        const value = (values as Values)[name];
        const rounded = kind.record(value, row, at + offset);
        if (rounded !== value) (values as Values)[name] = rounded;
      }
    } catch (error) {
      throw new TypeError(`${this.name}.${fields[index]?.name}: ${(error as Error).message}`);
    }
  }

  /** Puts a row's values into an object, reusing the vectors and lists in it. */
  load(row: Int32Array, at: number, values: object): void {
    for (const { name, kind, at: offset } of this.fields) (values as Values)[name] = kind.load(row, at + offset, (values as Values)[name]);
  }

  /** Puts the values of a row into an object where the newest ones are shown. */
  loadNewest(row: Int32Array, at: number, values: object): void {
    for (const { name, kind, at: offset } of this.newest) (values as Values)[name] = kind.load(row, at + offset, (values as Values)[name]);
  }

  /** Whether an entity jumped between two rows. */
  teleported(a: Int32Array, aAt: number, b: Int32Array, bAt: number): boolean {
    for (const { at } of this.teleports) if (a[aAt + at] !== b[bAt + at]) return true;
    return false;
  }

  /** Puts the values between two rows into an object, `t` of 0 to 1. There is nothing between a row and another that a teleport led to. */
  blend(a: Int32Array, aAt: number, b: Int32Array, bAt: number, t: number, values: object): void {
    if (t < 1 && this.teleports.length > 0 && this.teleported(a, aAt, b, bAt)) {
      this.load(a, aAt, values);
      return;
    }
    for (const { name, kind, at: offset } of this.fields) {
      (values as Values)[name] = kind.blend(a, aAt + offset, b, bAt + offset, t, (values as Values)[name]);
    }
  }

  /** The most bits that `write` gives without a base. */
  bitsMax(precision: Precision, owner: boolean): number {
    let bits = 0;
    for (const { kind } of this.fields) if (owner || !kind.ownerOnly) bits += kind.bitsMax(precision);
    return bits;
  }

  /** Writes every field. */
  write(out: BitSink, row: Int32Array, at: number, precision: Precision, owner: boolean): void {
    for (const { kind, at: offset } of this.fields) if (owner || !kind.ownerOnly) kind.write(out, row, at + offset, precision);
  }

  /** Reads what `write` wrote; fields that are the owner's only and not sent get their initial value. */
  read(from: BitSource, row: Int32Array, at: number, precision: Precision, owner: boolean): void {
    for (const { kind, at: offset } of this.fields) {
      if (owner || !kind.ownerOnly) kind.read(from, row, at + offset, precision);
      else kind.store(kind.initial(), row, at + offset);
    }
  }

  /** Writes one bit a field, set where it differs from the base, followed by the field. */
  writeDelta(out: BitSink, row: Int32Array, at: number, base: Int32Array, baseAt: number, precision: Precision, owner: boolean): void {
    for (const { kind, at: offset } of this.fields) {
      if (kind.ownerOnly && !owner) continue;
      const same = kind.same(row, at + offset, base, baseAt + offset, precision);
      out.write(same ? 0 : 1, 1);
      if (!same) kind.write(out, row, at + offset, precision);
    }
  }

  /** Reads what `writeDelta` wrote, on the same base. */
  readDelta(from: BitSource, row: Int32Array, at: number, base: Int32Array, baseAt: number, precision: Precision, owner: boolean): void {
    for (const { kind, at: offset } of this.fields) {
      if ((owner || !kind.ownerOnly) && from.read(1) === 1) kind.read(from, row, at + offset, precision);
      else for (let word = 0; word < kind.words; word++) row[at + offset + word] = base[baseAt + offset + word] as number;
    }
  }

  /** Whether two rows say the same to a receiver of this precision. */
  same(a: Int32Array, aAt: number, b: Int32Array, bAt: number, precision: Precision, owner: boolean): boolean {
    for (const { kind, at: offset } of this.fields) {
      if ((owner || !kind.ownerOnly) && !kind.same(a, aAt + offset, b, bAt + offset, precision)) return false;
    }
    return true;
  }

  /** The name of the first field in which two rows differ word by word, or undefined. */
  firstDifference(a: Int32Array, aAt: number, b: Int32Array, bAt: number): string | undefined {
    for (const { name, kind, at: offset } of this.fields) {
      for (let word = offset; word < offset + kind.words; word++) if (a[aAt + word] !== b[bAt + word]) return name;
    }
    return undefined;
  }

  /** The values as a plain array in schema order, for msgpack: rounded and clamped as `store` does. Throws as `store` does. */
  packRounded(values: object): unknown[] {
    const row = new Int32Array(this.words);
    this.store(values, row, 0);
    return this.fields.map(({ kind, at }) => kind.pack(kind.load(row, at)));
  }

  /** The values that a peer packed, from `plain[from]` on; undefined when any of them is wrong. */
  unpack(plain: readonly unknown[], from: number): Values | undefined {
    if (plain.length !== from + this.fields.length) return undefined;
    const values: Values = {};
    for (const [index, { name, kind }] of this.fields.entries()) {
      const value = kind.unpack(plain[from + index]);
      if (value === undefined) return undefined;
      values[name] = value;
    }
    return values;
  }
}

function movingFields(placed: readonly PlacedField[]): MovingField[] {
  const moving: MovingField[] = [];
  let numbersAt = 0;
  for (const { name, kind, at } of placed) {
    const { motion, interpolation, velocityField } = kind;
    if (!motion) continue;
    const rate = placed.find((field) => field.name === velocityField);
    // The velocity may be shown in steps: its numbers are there all the same.
    const velocity = rate?.kind.numbers ? { at: rate.at, motion: rate.kind.numbers } : undefined;
    moving.push({ name, at, motion, goesBeyond: interpolation === 'smooth', velocity, numbersAt });
    numbersAt += motion.size;
  }
  return moving;
}
