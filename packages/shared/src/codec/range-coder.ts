// A binary range coder over decisions: yes-or-no questions, each with a context whose probability stands in a static table. The tables are all that a
// reader needs; nothing is kept from one packet to the next, so any packet may be lost.
//
// Two steps, so that work can be shared: a model turns values into a list of decisions once (`Decisions`), and the coder turns lists into bytes, once for
// every set of clients that gets the same ones. Invariant: the decoder reads any bytes without throwing; bytes beyond the end read as 0, and reading far
// beyond it sets `failed`. Integers only (law 12). Units: probabilities of a 0, in 1/4096.
// Method: G. N. N. Martin 1979, "Range encoding", with the carry of I. Pavlov's LZMA.

import type { BitSink, BitSource } from '../bits.ts';

/** A list of decisions: context and answer, `context * 2 + bit`. Grows to its largest use and is reused. */
export class Decisions implements BitSink {
  list: Uint16Array = new Uint16Array(256);
  length = 0;

  reset(): void {
    this.length = 0;
  }

  /** One decision. */
  bit(context: number, bit: number): void {
    if (this.length === this.list.length) {
      const larger = new Uint16Array(this.length * 2);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.length++] = context * 2 + bit;
  }

  /** `bits` decisions without a likelihood, the lowest first as in a bit stream. */
  write(value: number, bits: number): void {
    for (let shift = 0; shift < bits; shift++) this.bit(evenContext, (value >>> shift) & 1);
  }

  /** Groups of 4 decisions, the lowest first, each behind one that says that another follows. */
  writeVar(value: number): void {
    let rest = value >>> 0;
    for (; rest > 15; rest >>>= 4) this.write((rest & 15) + 16, 5);
    this.write(rest, 5);
  }

  /** Adds another list, or a part of it. */
  append(list: Uint16Array, from: number, to: number): void {
    const length = this.length + to - from;
    if (length > this.list.length) {
      const larger = new Uint16Array(length * 2);
      larger.set(this.list.subarray(0, this.length));
      this.list = larger;
    }
    for (let index = from; index < to; index++) this.list[this.length++] = list[index] as number;
  }
}

/** The context of a decision about which nothing is known: context 0 of every table. */
export const evenContext = 0;

/** 1/4096 is the least probability. */
const probabilityBits = 12;
const topValue = 2 ** 24;

/** Codes decisions `from` up to `to` and returns the length of the bytes put into `out` from `at` on; -1 when they do not fit below `end`. */
export function encodeDecisions(table: Uint16Array, list: Uint16Array, from: number, to: number, out: Uint8Array, at: number, end: number): number {
  let low = 0;
  let range = 0xffffffff;
  let length = at;
  for (let index = from; index < to; index++) {
    const decision = list[index] as number;
    const bound = Math.imul(range >>> probabilityBits, table[decision >>> 1] as number) >>> 0;
    if ((decision & 1) === 0) {
      range = bound;
    } else {
      range = (range - bound) >>> 0;
      low = (low + bound) >>> 0;
      if (low < bound) carry(out, length);
    }
    while (range < topValue) {
      if (length === end) return -1;
      out[length++] = low >>> 24;
      low = (low << 8) >>> 0;
      range = (range << 8) >>> 0;
    }
  }
  return finish(out, at, length, end, low, range);
}

/** Ends the stream in the fewest bytes: a value within the range whose last bytes are zeros, which are left out as far as a decoder allows. */
function finish(out: Uint8Array, at: number, start: number, end: number, low: number, range: number): number {
  let length = start;
  let value = low;
  for (let shift = 4294967296; shift >= 1; shift /= 256) {
    const rounded = Math.ceil(low / shift) * shift;
    if (rounded < low + range) {
      value = rounded;
      break;
    }
  }
  if (value >= 4294967296) {
    value -= 4294967296;
    carry(out, length);
  }
  for (; value > 0; value = (value % topValue) * 256) {
    if (length === end) return -1;
    out[length++] = value / topValue;
  }
  // A decoder has taken 4 bytes more than `start` when it is done. Of these it may lack `trimmedMax`, and what it still has for a text must not look too short.
  const least = Math.max(at, start + 4 - trimmedMax + 8);
  while (length > least && out[length - 1] === 0) length--;
  return length - at;
}

function carry(out: Uint8Array, length: number): void {
  let index = length - 1;
  while (out[index] === 0xff) out[index--] = 0;
  out[index] = (out[index] as number) + 1;
}

/** Reads what encodeDecisions wrote, with the same table. */
export class RangeDecoder implements BitSource {
  /** A read went far beyond the end, or a caller found a value that cannot be. Stays set until `reset`. */
  failed = false;
  readonly #table: Uint16Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #code = 0;
  #range = 0;

  constructor(table: Uint16Array) {
    this.#table = table;
  }

  /** An upper bound of what likely decisions may still say: a byte can hold many of them. */
  get bitsLeft(): number {
    return (this.#end + trimmedMax - this.#at) * 8;
  }

  /** Starts on the bytes from `from` up to `to`. */
  reset(bytes: Uint8Array, from: number, to: number): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.#range = 0xffffffff;
    this.#code = 0;
    this.failed = false;
    for (let count = 0; count < 4; count++) this.#code = ((this.#code << 8) | this.#next()) >>> 0;
  }

  bit(context: number): number {
    const bound = Math.imul(this.#range >>> probabilityBits, this.#table[context] as number) >>> 0;
    let bit = 0;
    if (this.#code < bound) {
      this.#range = bound;
    } else {
      this.#code = (this.#code - bound) >>> 0;
      this.#range = (this.#range - bound) >>> 0;
      bit = 1;
    }
    while (this.#range < topValue) {
      this.#code = ((this.#code << 8) | this.#next()) >>> 0;
      this.#range = (this.#range << 8) >>> 0;
    }
    return bit;
  }

  read(bits: number): number {
    let value = 0;
    for (let shift = 0; shift < bits; shift++) value += this.bit(evenContext) * 2 ** shift;
    return value;
  }

  readVar(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 4) {
      const group = this.read(5);
      value += (group & 15) * 2 ** shift;
      if (group < 16) return value;
    }
    this.failed = true;
    return 0;
  }

  /** The bytes left out at the end are zeros: up to 4 are looked ahead, and a few may have been trimmed; more than these is a fault. */
  #next(): number {
    if (this.#at < this.#end) return this.#bytes[this.#at++] as number;
    if (++this.#at > this.#end + trimmedMax) this.failed = true;
    return 0;
  }
}

/** Zero bytes that a stream may leave out at its end: a long run of likely decisions at the very bottom of the range. */
const trimmedMax = 64;
