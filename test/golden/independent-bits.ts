// The independent decoder's sources of bits: the bit stream (docs/PROTOCOL.md section 2.1) and the range coder (10.2), both ways.
//
// Owns the numbers below fields. Invariant: a RangeDecoder keeps every decision that it gave, so that `encodeDecisions` can say whether the bytes
// were those that the document's encoder makes of them, to the last one.

import { codecTable } from '@tickwire/shared/internal';
import { type BitSource, Unreadable } from './independent-fields.ts';

export interface Decision {
  context: number;
  answer: 0 | 1;
}

export class BitStream implements BitSource {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  bits(count: number): number {
    let number = 0;
    for (let i = 0; i < count; i++, this.#at++) {
      const byte = this.#bytes[this.#at >> 3];
      if (byte === undefined) throw new Unreadable('beyond the end of the bit stream');
      number += ((byte >> (this.#at & 7)) & 1) * 2 ** i;
    }
    return number;
  }

  /** Groups of five bits: first whether another follows, then four of the value. */
  variable(): number {
    return readVariable(() => {
      const more = this.bits(1);
      return { four: this.bits(4), more };
    });
  }

  /** What follows the byte in which the stream ends, and whether the bits that fill that byte are all 0. */
  rest(): { bytes: Uint8Array; isFilledWithZeros: boolean } {
    const filling = (8 - (this.#at & 7)) & 7;
    const isFilledWithZeros = this.bits(filling) === 0;
    return { bytes: this.#bytes.subarray(this.#at >> 3), isFilledWithZeros };
  }
}

export class RangeDecoder implements BitSource {
  readonly bytes: Uint8Array;
  readonly decisions: Decision[] = [];
  #at = 0;
  #range = 0xffffffff;
  #code = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    for (let i = 0; i < 4; i++) this.#code = this.#code * 256 + this.#next();
  }

  decide(context: number): 0 | 1 {
    const bound = boundOf(this.#range, context);
    const answer = this.#code < bound ? 0 : 1;
    if (answer === 0) this.#range = bound;
    else {
      this.#range -= bound;
      this.#code -= bound;
    }
    while (this.#range < 2 ** 24) {
      this.#code = (this.#code * 256 + this.#next()) % 2 ** 32;
      this.#range *= 256;
    }
    this.decisions.push({ context, answer });
    return answer;
  }

  bits(count: number): number {
    let number = 0;
    for (let i = 0; i < count; i++) number += this.decide(RAW) * 2 ** i;
    return number;
  }

  /** Groups of five decisions: four of the value, then whether another group follows. */
  variable(): number {
    return readVariable(() => ({ four: this.bits(4), more: this.bits(1) }));
  }

  #next(): number {
    const byte = this.bytes[this.#at++] ?? 0;
    if (this.#at > this.bytes.length + MAX_BEYOND) throw new Unreadable('too far beyond the end of what is coded');
    return byte;
  }
}

/** The bytes that the encoder of section 10.2 makes of a list of decisions. */
export function encodeDecisions(decisions: Decision[]): Uint8Array {
  const out: number[] = [];
  let range = 0xffffffff;
  let low = 0;
  for (const { context, answer } of decisions) {
    const bound = boundOf(range, context);
    if (answer === 0) range = bound;
    else {
      range -= bound;
      low += bound;
      if (low >= 2 ** 32) {
        low -= 2 ** 32;
        carry(out);
      }
    }
    while (range < 2 ** 24) {
      out.push(Math.floor(low / 2 ** 24));
      low = (low * 256) % 2 ** 32;
      range *= 256;
    }
  }
  return endEncoding(out, low, range);
}

/** Of all numbers in the range, the one with the most zeros at its end; then the zeros go. */
function endEncoding(out: number[], low: number, range: number): Uint8Array {
  const kept = out.length - MAX_DROPPED;
  const values = [2 ** 32, 2 ** 24, 2 ** 16, 2 ** 8, 1].map((size) => Math.ceil(low / size) * size);
  let value = values.find((candidate) => candidate < low + range) ?? low;
  if (value === 2 ** 32) {
    value = 0;
    carry(out);
  }
  for (; value !== 0; value = (value * 256) % 2 ** 32) out.push(Math.floor(value / 2 ** 24));
  while (out.length > kept && out.at(-1) === 0) out.pop();
  return Uint8Array.from(out);
}

function carry(out: number[]): void {
  let at = out.length - 1;
  while (out[at] === 0xff) out[at--] = 0;
  out[at] = (out[at] ?? 0) + 1;
}

function boundOf(range: number, context: number): number {
  const probability = codecTable[context];
  if (probability === undefined) throw new Error(`there is no context ${context}`);
  return Math.floor(range / 4096) * probability;
}

function readVariable(readGroup: () => { four: number; more: number }): number {
  let number = 0;
  for (let group = 0; group < 8; group++) {
    const { four, more } = readGroup();
    number += four * 16 ** group;
    if (more === 0) return number;
  }
  throw new Unreadable('a var of more than 8 groups');
}

const RAW = 0;

/** Bytes that a decoder may take from beyond the end. */
const MAX_BEYOND = 64;

/** Zero bytes of before the end that an encoder may drop. */
const MAX_DROPPED = 52;
