// The independent decoder's sources of bits: the bit stream (docs/PROTOCOL.md section 2.1) and lists of symbols (10.2), both ways.
//
// Owns the numbers below fields, and the table as the document says it is packed. Invariant: a SymbolList keeps every symbol that it gave, so that
// `encodeSymbols` can say whether the bytes were those that the document's encoder makes of them, to the last one.

import { readFileSync } from 'node:fs';
import { type BitSource, Unreadable } from './independent-raw.ts';

/** A symbol of a context, or a raw number of 1 to 12 bits: which, and where it lies in the 4096. */
export interface Decision {
  context: number | null;
  symbol: number;
  /** Of a raw number. */
  bits: number;
  frequency: number;
  start: number;
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

export class SymbolList implements BitSource {
  readonly bytes: Uint8Array;
  readonly decisions: Decision[] = [];
  #at = 0;
  #x = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#fill();
  }

  get isDone(): boolean {
    return this.#x === 0 && this.#at === this.bytes.length;
  }

  symbol(context: number): number {
    const frequencies = TABLE[context];
    if (frequencies === undefined) throw new Error(`there is no context ${context}`);
    const place = this.#x % SUM;
    let start = 0;
    for (const [symbol, frequency] of frequencies.entries()) {
      if (place < start + frequency) return this.#take({ context, symbol, bits: 0, frequency, start });
      start += frequency;
    }
    throw new Error(`the frequencies of context ${context} do not sum to ${SUM}`);
  }

  bits(count: number): number {
    let number = 0;
    for (let done = 0; done < count; done += PART) number += this.#raw(Math.min(PART, count - done)) * 2 ** done;
    return number;
  }

  /** Groups of five bits as one number: four of the value below whether another follows. */
  variable(): number {
    return readVariable(() => {
      const group = this.bits(5);
      return { four: group % 16, more: Math.floor(group / 16) };
    });
  }

  #raw(bits: number): number {
    const frequency = 2 ** (PART - bits);
    const symbol = Math.floor((this.#x % SUM) / frequency);
    return this.#take({ context: null, symbol, bits, frequency, start: symbol * frequency });
  }

  #take(decision: Decision): number {
    const { frequency, start, symbol } = decision;
    this.#x = frequency * Math.floor(this.#x / SUM) + (this.#x % SUM) - start;
    this.#fill();
    this.decisions.push(decision);
    return symbol;
  }

  #fill(): void {
    while (this.#x < 2 ** 23 && this.#at < this.bytes.length) this.#x = this.#x * 256 + (this.bytes[this.#at++] ?? 0);
  }
}

/** The bytes that the encoder of section 10.2 makes of a list of symbols. */
export function encodeSymbols(decisions: Decision[]): Uint8Array {
  const backwards: number[] = [];
  let x = 0;
  for (const { frequency, start } of decisions.toReversed()) {
    for (; x >= frequency * 2 ** 19; x = Math.floor(x / 256)) backwards.push(x % 256);
    x = SUM * Math.floor(x / frequency) + (x % frequency) + start;
  }
  for (; x > 0; x = Math.floor(x / 256)) backwards.push(x % 256);
  return Uint8Array.from(backwards.reverse());
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

/** By context: the frequency of each symbol. */
function readTable(): number[][] {
  const source = readFileSync(new URL('../../packages/shared/src/codec/table.ts', import.meta.url), 'utf8');
  const packed = [...(/packed: string = \[(.*?)\]/s.exec(source)?.[1] ?? '').matchAll(/'([^']*)'/g)].map(([, line]) => line).join('');
  const contexts: number[][] = [];
  let frequencies: number[] = [];
  for (let i = 0; i < packed.length; i += 2) {
    const number = DIGITS.indexOf(packed.charAt(i)) * 64 + DIGITS.indexOf(packed.charAt(i + 1));
    if (number > 0) frequencies.push(number);
    else {
      contexts.push(frequencies);
      frequencies = [];
    }
  }
  return contexts;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** What the frequencies of a context sum to, and the bits of a part of a raw number. */
const SUM = 4096;
const PART = 12;

export const TABLE: readonly (readonly number[])[] = readTable();
