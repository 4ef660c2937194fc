// A field kind: everything that the framework does with one value of a game's schema. One description, many uses (law 2).
//
// A value lives in two forms: as the game writes it (a number, { x, y }, a string) and as a row of 32-bit words on the `step` grid,
// which is what is recorded, compared, hashed, predicted from and sent. Invariant: store(load(words)) gives the same words.
// Units: words are Int32; `at` is an index into a row; precision says which grid goes on the wire.

import type { BitSink, BitSource } from '../bits.ts';
import type { Motion } from './motion.ts';
import type { Rotation } from './rotations.ts';

/** `step`: the simulation's own grid, exact. `wire`: the coarser grid that other players are sent (law 7). */
export type Precision = 'step' | 'wire';

/** How the codec sees the words of a numeric kind: as whole units of a precision's grid, which can be predicted from earlier ones. */
export interface Axis {
  /** What the numbers are: a `numberClass` of the codec. */
  readonly what: number;
  /** Whether a change goes on as before. A count (hp, score) stays where it is until it jumps. */
  readonly goesOn: boolean;
  /** Units of a full turn at each precision when the numbers wrap, else undefined. */
  readonly turn: { readonly step: number; readonly wire: number } | undefined;
  /** Largest units at each precision. */
  readonly max: { readonly step: number; readonly wire: number };
  /** Words in a unit of the wire: `units` divides by it and rounds half up, then wraps at a turn; `word` multiplies and stays within `max.step`. */
  readonly ratio: number;
  /** Words to units and back; exact inverses on the units' side. */
  units(word: number, precision: Precision): number;
  word(units: number, precision: Precision): number;
}

/**
 * How a field is shown between the states that arrived of it. `smooth`: on its way from one to the next, along the kind's own path, and for a moment beyond
 * the newest. `between`: the same, and never beyond. `step`: the older value until the view reaches the newer one. `none`: the newest one that arrived, at
 * once, ahead of the view.
 */
export type Interpolation = 'smooth' | 'between' | 'step' | 'none';

export interface Kind<T> {
  /** As in `f.uint`, with its numbers: what the schema hash and a mismatch message say. */
  readonly text: string;
  /** Words in a row; fixed for a kind, the unused ones of a short list or string are 0. */
  readonly words: number;
  /** Only the client that controls the entity is sent this field. */
  readonly ownerOnly: boolean;
  /** Set when every word is a number of this axis; otherwise the value is sent whole whenever it differs. */
  readonly axis: Axis | undefined;
  /** Set when the words are a rotation. */
  readonly rotation: Rotation | undefined;
  readonly interpolation: Interpolation;
  /** How its values move; undefined when it has no between. */
  readonly numbers: Motion | undefined;
  /** The same, undefined also when it is to be shown without. */
  readonly motion: Motion | undefined;
  /** Name of the field beside it that has its change per second. */
  readonly velocityField: string | undefined;
  /** The most bits that `write` gives. */
  bitsMax(precision: Precision): number;
  /** The most bytes that `pack` gives in msgpack. Every kind has a bound. */
  readonly packedBytesMax: number;
  /** The value of a field that nobody set, stored as all-zero words or, where the range leaves zero out, the nearest to it. */
  initial(): T;
  /** Rounds the value to the grid, clamps it to the range and puts it into the row. Throws for what is no such value (NaN, a number for a string). */
  store(value: T, row: Int32Array, at: number): void;
  /** Stores the value and gives it back as the row has it: an object is rounded where it is. */
  record(value: T, row: Int32Array, at: number): T;
  /** The value in a row. `into` may be given to fill an object instead of making one. */
  load(row: Int32Array, at: number, into?: T): T;
  /** Whether two rows say the same at this precision. */
  same(a: Int32Array, aAt: number, b: Int32Array, bAt: number, precision: Precision): boolean;
  write(out: BitSink, row: Int32Array, at: number, precision: Precision): void;
  /** Fills the row from the wire; anything out of range sets `failed` on the reader. */
  read(from: BitSource, row: Int32Array, at: number, precision: Precision): void;
  /** The value between two rows, `t` of 0 to 1. Kinds that have no between give the older one until t is 1. */
  blend(a: Int32Array, aAt: number, b: Int32Array, bAt: number, t: number, into?: T): T;
  /** The value as plain msgpack, for events. */
  pack(value: T): unknown;
  /** The value that a peer packed, checked and brought into range; undefined when it is none. */
  unpack(plain: unknown): T | undefined;
  /** The same kind, sent to the entity's controller only. */
  owner(): Kind<T>;
  /** The same kind, shown in another way. Default `smooth` for numbers with a fraction, vectors, angles and rotations, `step` for the rest. Changes no byte. */
  interpolate(how: Interpolation): Kind<T>;
  /**
   * The same kind, whose change per second stands in another field of the record: it is shown along the curve that has these velocities at both ends
   * (cubic Hermite) and goes on with them beyond the newest state. Changes no byte.
   */
  velocity(field: string): Kind<T>;
}

/** A kind as its author writes it: what differs; `makeKind` adds the rest. */
export type KindParts<T> = Pick<Kind<T>, 'text' | 'words' | 'bitsMax' | 'packedBytesMax' | 'initial' | 'store' | 'load' | 'write' | 'read'> &
  Partial<Pick<Kind<T>, 'axis' | 'rotation' | 'numbers' | 'record' | 'same' | 'blend' | 'pack' | 'unpack'>>;

/** Makes a kind from its parts. What is left out: `record` as store and load, word-wise `same`, a `blend` without between, `pack` as is, `unpack` by trying to store. */
export function makeKind<T>(parts: KindParts<T>): Kind<T> {
  const { words, load, store } = parts;
  const scratch = new Int32Array(words);
  return withVariants<T>({
    ownerOnly: false,
    axis: undefined,
    rotation: undefined,
    numbers: undefined,
    motion: parts.numbers,
    interpolation: parts.numbers ? 'smooth' : 'step',
    velocityField: undefined,
    record(value, row, at) {
      store(value, row, at);
      return load(row, at, value);
    },
    same(a, aAt, b, bAt) {
      for (let word = 0; word < words; word++) if (a[aAt + word] !== b[bAt + word]) return false;
      return true;
    },
    blend: (a, aAt, b, bAt, t, into) => (t < 1 ? load(a, aAt, into) : load(b, bAt, into)),
    pack: (value) => value,
    unpack(plain) {
      try {
        store(plain as T, scratch, 0);
      } catch {
        return undefined;
      }
      return load(scratch, 0);
    },
    ...parts,
  });
}

type Variant = 'owner' | 'interpolate' | 'velocity';

/** Adds what makes another kind of a kind: each keeps what was chosen before. */
function withVariants<T>(parts: Omit<Kind<T>, Variant>): Kind<T> {
  const { text, load, numbers } = parts;
  return {
    ...parts,
    owner: () => withVariants(parts.ownerOnly ? parts : { ...parts, ownerOnly: true, text: `${text} owner` }),
    velocity: (field) => withVariants({ ...parts, velocityField: field }),
    interpolate(interpolation) {
      if (interpolation === 'step') {
        const blend: Kind<T>['blend'] = (a, aAt, b, bAt, t, into) => (t < 1 ? load(a, aAt, into) : load(b, bAt, into));
        return withVariants({ ...parts, interpolation, motion: undefined, blend });
      }
      if (interpolation !== 'none') return withVariants({ ...parts, interpolation, motion: numbers });
      return withVariants({ ...parts, interpolation, motion: undefined, blend: (_a, _aAt, b, bAt, _t, into) => load(b, bAt, into) });
    },
  };
}

/**
 * A number for a place that may have it already: what is there then. The engine keeps a number with a fraction as an object, and this makes no second one.
 * A 0 is none of these (and -0 is not to stay).
 */
export function kept(value: number, there: number | undefined): number {
  return value === there && value !== 0 ? there : value;
}

/** Bits that hold every integer from 0 to `max`. */
export function bitsFor(max: number): number {
  return max >= 2 ** 31 ? 32 : 32 - Math.clz32(max);
}

/** What `store` throws when the value is not of the kind; the layout adds the field's name in front. */
export function wrongValue(text: string, value: unknown): TypeError {
  return new TypeError(`expected ${text}, got ${shown(value)}`);
}

/** A value for an error message: short, whatever it is. */
function shown(value: unknown): string {
  let whole: string;
  try {
    whole = typeof value === 'object' || typeof value === 'string' ? JSON.stringify(value) : String(value);
  } catch {
    whole = 'an object'; // one that holds itself, or a bigint
  }
  return whole.length > shownMax ? `${whole.slice(0, shownMax)}...` : whole;
}

/** Characters of a wrong value that an error message shows. */
const shownMax = 80;
