// The independent decoder's numbers: prediction from two bases, and the distance from it (docs/PROTOCOL.md sections 10.3 and 10.7).
//
// Owns the groups of contexts that a number's class, activity, age and neighbour choose. Invariant: units are whole numbers of one grid.

import type { RangeDecoder } from './independent-bits.ts';
import { largestOf, type Precision, type Raw, Unreadable } from './independent-fields.ts';
import type { Kind } from './independent-schema.ts';

export interface NumberKind {
  /** C of section 10.3. */
  fieldClass: number;
  /** Nothing for an angle, which has a turn. */
  largest: number;
  turn: number | null;
}

interface TrackBases {
  now: number;
  old: number | null;
  newerAge: number;
  span: number;
  ticksPerSnapshot: number;
}

/** The numbers of a moving field, one an axis; none for a held one. */
export function movingNumbers(kind: Kind, precision: Precision): NumberKind[] {
  if (kind.is === 'fixed') {
    const number = { fieldClass: POSITION, largest: largestOf(kind.grid, precision), turn: null };
    return Array.from({ length: kind.axes }, () => number);
  }
  if (kind.is !== 'angle') return [];
  return [{ fieldClass: DIRECTION, largest: 0, turn: 2 ** (precision === 'step' ? kind.stepBits : kind.wireBits) }];
}

export function unitOf(raw: Raw | undefined, axis: number): number {
  const unit = Array.isArray(raw) ? raw[axis] : raw;
  if (typeof unit !== 'number') throw new Error('a state holds no number where its type has one');
  return unit;
}

/** One number of an entity between its bases. */
export class Track {
  readonly #number: NumberKind;
  readonly #bases: TrackBases;
  readonly change: number;
  /** T. */
  readonly activity: number;
  /** A. */
  readonly age: number;

  constructor(number: NumberKind, bases: TrackBases) {
    this.#number = number;
    this.#bases = bases;
    this.change = bases.old === null ? 0 : shorterWay(bases.now - bases.old, number.turn);
    this.activity = bases.old === null ? 0 : activityOf(Math.abs(this.change));
    this.age = Math.min(3, Math.ceil(bases.newerAge / bases.ticksPerSnapshot) - 1);
  }

  /** G, of a number with this neighbour before it. */
  group(neighbour: number): number {
    return ((this.#number.fieldClass * 6 + this.activity) * 4 + this.age) * 3 + neighbour;
  }

  get fieldClass(): number {
    return this.#number.fieldClass;
  }

  line(): number {
    const { now, old, newerAge, span } = this.#bases;
    if (old === null) return now;
    const line = now + Math.floor((this.change * newerAge) / span + 0.5);
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

/** The signed distance from the prediction. */
export function readOff(coded: RangeDecoder, track: Track, neighbour: number): number {
  const group = track.group(neighbour);
  if (coded.decide(OFF + group) === 0) return 0;
  const sign = coded.decide(SIGN + 3 * group + 1 + Math.sign(track.change)) === 1 ? -1 : 1;
  let length = 0;
  while (length < 31 && coded.decide(LONGER + 16 * group + Math.min(length, 15)) === 1) length++;
  if (length === 0) return sign;
  const second = coded.decide(SECOND + 16 * track.fieldClass + Math.min(length, 15));
  return sign * (2 ** length + second * 2 ** (length - 1) + coded.bits(length - 1));
}

function activityOf(distance: number): number {
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

const POSITION = 0;
const DIRECTION = 1;

/** First contexts of the families. */
const OFF = 1;
const SIGN = 289;
const LONGER = 1153;
const SECOND = 5761;
