// The independent decoder's words: what a value is as it is sent, what it is read from, and what is wrong with bytes that are no message.
//
// Owns the form `Raw`: what is sent, in counts of the grid of its precision. Invariant: two values that a sender takes for equal are equal Raws.

/** Numbers of `fixed`, vectors and `angle` are counts or wires, whole numbers are above their least, an `enum` is the place of its name. */
export type Raw = number | boolean | string | null | Uint8Array | Raw[];

export type Precision = 'step' | 'wire';

/** A bit stream, or the raw bits among symbols. */
export interface BitSource {
  bits(count: number): number;
}

/** Bytes that cannot be a message (section 12). */
export class Unreadable extends Error {}
