// The independent decoder's rotations: where turning on takes them, and how far off they are (docs/PROTOCOL.md section 10.8).
//
// Invariant: both bases are taken as the receiver has them, from three numbers on the grid of their precision.

import { type Ages, activityOf, type Numbered } from './independent-numbers.ts';
import { countsOf, oneOf, others, shiftOf, unitOfCount } from './independent-quat.ts';
import { type Precision, type Raw, Unreadable } from './independent-raw.ts';
import type { QuatKind } from './independent-schema.ts';

/** A rotation between its bases. */
export class RotationTrack {
  readonly #kind: QuatKind;
  readonly #precision: Precision;
  readonly #hasOld: boolean;
  readonly #expected: number[];
  readonly #changes: number[];

  constructor(kind: QuatKind, precision: Precision, now: Raw, old: Raw | null, { newerAge, span }: Ages) {
    this.#kind = kind;
    this.#precision = precision;
    this.#hasOld = old !== null;
    const counts = countsOf(kind, precision, now);
    this.#expected = counts;
    this.#changes = [0, 0, 0, 0];
    if (old === null) return;
    const before = countsOf(kind, precision, old);
    const dot = counts.reduce((sum, count, i) => sum + count * (before[i] ?? 0), 0);
    const steps = counts.map((count, i) => (dot < 0 ? count + (before[i] ?? 0) : count - (before[i] ?? 0)));
    const times = newerAge / span;
    const line = counts.map((count, i) => count + (steps[i] ?? 0) * times);
    const scale = steps.every((step) => step === 0) ? 1 : oneOf(kind) / Math.sqrt(line.reduce((sum, number) => sum + number * number, 0));
    this.#expected = line.map((number) => number * scale);
    const unit = 2 ** shiftOf(kind, precision);
    this.#changes = steps.map((step) => Math.floor((step + Math.floor(unit / 2)) / unit));
  }

  /** Of its four numbers: the size of the largest change. */
  get change(): number {
    return Math.max(...this.#changes.map(Math.abs));
  }

  /** The place of the largest number: `turned` after the one that is expected. */
  largest(turned: number): number {
    const sizes = this.#expected.map(Math.abs);
    return (sizes.indexOf(Math.max(...sizes)) + turned) % 4;
  }

  /** What the contexts of the three other numbers depend on. */
  numbers(largest: number): Numbered[] {
    const sign = this.#signOf(largest);
    return others(largest).map((i) => {
      const change = sign * (this.#changes[i] ?? 0);
      return { fieldClass: ROTATION, activity: this.#hasOld ? activityOf(change) : 0, isDown: change < 0 };
    });
  }

  /** The rotation that is off by so much. */
  raw(largest: number, offs: number[]): Raw {
    const sign = this.#signOf(largest);
    const half = 2 ** ((this.#precision === 'step' ? this.#kind.stepBits : this.#kind.wireBits) - 1);
    const units = others(largest).map((i, at) => {
      const count = Math.floor(sign * (this.#expected[i] ?? 0) + 0.5);
      const unit = Math.max(-half, unitOfCount(this.#kind, this.#precision, count)) + (offs[at] ?? 0);
      if (unit < -half || unit >= half) throw new Unreadable('a number beyond those of a rotation');
      return unit;
    });
    countsOf(this.#kind, this.#precision, [largest, ...units]);
    return [largest, ...units];
  }

  #signOf(largest: number): number {
    return (this.#expected[largest] ?? 0) < 0 ? -1 : 1;
  }
}

const ROTATION = 3;
