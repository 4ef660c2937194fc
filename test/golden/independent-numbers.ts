// The independent decoder's numbers: prediction from two bases, and the distance from it (docs/PROTOCOL.md sections 10.3 and 10.7).
//
// Owns the contexts that a number's class, activity, age and neighbour choose. Invariant: units are whole numbers of one grid.

import type { SymbolList } from './independent-bits.ts';
import { largestOf } from './independent-fields.ts';
import { type Precision, type Raw, Unreadable } from './independent-raw.ts';
import type { Kind } from './independent-schema.ts';

export interface NumberKind {
  /** C of section 10.3. */
  fieldClass: number;
  /** Nothing for an angle, which has a turn. */
  largest: number;
  turn: number | null;
}

/** How old the bases are. */
export interface Ages {
  newerAge: number;
  /** 0 for one base. */
  span: number;
  ticksPerSnapshot: number;
}

/** What the contexts of a number depend on, besides those before it. */
export interface Numbered {
  fieldClass: number;
  /** T. */
  activity: number;
  isDown: boolean;
}

/** The numbers of a moving field other than a rotation, one an axis; none for a held one. */
export function movingNumbers(kind: Kind, precision: Precision): NumberKind[] {
  if (kind.is === 'fixed') {
    const number = { fieldClass: POSITION, largest: largestOf(kind.grid, precision), turn: null };
    return Array.from({ length: kind.axes }, () => number);
  }
  if (kind.is !== 'angle') return [];
  return [{ fieldClass: DIRECTION, largest: 0, turn: 2 ** (precision === 'step' ? kind.stepBits : kind.wireBits) }];
}

export function isMoving(kind: Kind): boolean {
  return kind.is === 'quat' || movingNumbers(kind, 'step').length > 0;
}

/** The number of a held field that is coded as one. */
export function heldNumber(kind: Kind): NumberKind | null {
  const largest = kind.is === 'tick' ? 2 ** 31 - 1 : kind.is === 'whole' ? kind.max - kind.min : null;
  return largest === null ? null : { fieldClass: COUNT, largest, turn: null };
}

export function unitOf(raw: Raw | undefined, axis: number): number {
  const unit = Array.isArray(raw) ? raw[axis] : raw;
  if (typeof unit !== 'number') throw new Error('a state holds no number where its type has one');
  return unit;
}

/** One number of an entity between its bases. */
export class Track implements Numbered {
  readonly #number: NumberKind;
  readonly #now: number;
  readonly #ages: Ages;
  readonly change: number;
  readonly activity: number;
  readonly isDown: boolean;

  constructor(number: NumberKind, now: number, old: number | null, ages: Ages) {
    this.#number = number;
    this.#now = now;
    this.#ages = ages;
    this.change = old === null ? 0 : shorterWay(now - old, number.turn);
    this.activity = old === null ? 0 : activityOf(this.change);
    this.isDown = this.change < 0;
  }

  get fieldClass(): number {
    return this.#number.fieldClass;
  }

  line(): number {
    const { newerAge, span } = this.#ages;
    if (span === 0) return this.#now;
    const line = this.#now + Math.floor((this.change * newerAge) / span + 0.5);
    const { turn, largest } = this.#number;
    return turn === null ? Math.min(Math.max(line, 0), largest) : modulo(line, turn);
  }

  bounded(unit: number): number {
    const { turn, largest } = this.#number;
    if (turn !== null) return modulo(unit, turn);
    if (unit < 0 || unit > largest) throw new Unreadable(`${unit} is not within 0 to ${largest}`);
    return unit;
  }
}

/** A run of numbers: the signed distance of each from its prediction. */
export function readRun(coded: SymbolList, age: number, numbers: Numbered[]): number[] {
  const offs: number[] = [];
  let neighbour = 0;
  for (const { fieldClass, activity, isDown } of numbers) {
    const symbol = coded.symbol(OFF + ((fieldClass * 6 + activity) * 4 + age) * 5 + neighbour);
    let off = 0;
    if (symbol > 0) {
      const isAgainst = (symbol - 1) % 2 === 1;
      off = readDistance(coded, fieldClass, Math.floor((symbol - 1) / 2)) * (isDown !== isAgainst ? -1 : 1);
    }
    offs.push(off);
    const distance = Math.abs(off);
    neighbour = distance <= 1 ? distance + 1 : distance <= 7 ? 3 : 4;
  }
  return offs;
}

function readDistance(coded: SymbolList, fieldClass: number, size: number): number {
  const [least, bits] = DISTANCES[size] ?? [0, 0];
  if (least > 0) return least + coded.bits(bits);
  const length = coded.symbol(LARGE + fieldClass) + 6;
  if (length > 30) throw new Unreadable('a number of 31 bits');
  return 2 ** length + coded.bits(length);
}

/** A. */
export function ageOf({ newerAge, ticksPerSnapshot }: Ages): number {
  return Math.max(0, Math.min(3, Math.ceil(newerAge / ticksPerSnapshot) - 1));
}

export function activityOf(change: number): number {
  const distance = Math.abs(change);
  if (distance <= 1) return distance + 1;
  return distance <= 3 ? 3 : distance <= 15 ? 4 : 5;
}

/** Above half a turn back, at most half a turn on. */
function shorterWay(change: number, turn: number | null): number {
  if (turn === null) return change;
  const forward = modulo(change, turn);
  return forward > turn / 2 ? forward - turn : forward;
}

function modulo(number: number, turn: number): number {
  return ((number % turn) + turn) % turn;
}

/** By size: the least distance, and raw bits to add. */
const DISTANCES = [
  ...[[1, 0] as const, [2, 0] as const, [3, 0] as const, [4, 1] as const, [6, 1] as const, [8, 2] as const],
  ...[[12, 2] as const, [16, 3] as const, [24, 3] as const, [32, 4] as const, [48, 4] as const],
];

const POSITION = 0;
const DIRECTION = 1;
const COUNT = 2;

/** First contexts of the families. */
const OFF = 52;
const LARGE = 532;
