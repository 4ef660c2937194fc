// An entropy coder over symbols: each is one of a context's few, whose frequencies stand in a static table. The table is all that a reader needs; nothing
// is kept from one packet to the next, so any packet may be lost.
//
// Two steps, so that work can be shared: a model turns values into a list of symbols once (`Symbols`), and the coder turns lists into bytes, once for
// every set of clients that gets the same ones. The coder is a stack: what is put in last is read first, so lists go in from their end.
// Invariant: the decoder reads any bytes without throwing, a byte that is missing is no byte; after the last symbol of what `SymbolEncoder` made it is
// `done`, and of other bytes hardly ever. Integers only (law 12). Units: frequencies in 1/4096.
// Method: J. Duda 2009, "Asymmetric numeral systems" (range variant), one byte at a time as in F. Giesen's rans_byte. It begins with a state of 0, so
// that no bits are spent on the state itself.

import type { BitSink, BitSource } from '../bits.ts';

/** Frequencies of a context's symbols sum to this. */
export const frequencySum = 4096;
const frequencyBits = 12;

/** A static table, by context and symbol: a context is the place of its first symbol here, and one place behind its last belongs to it as well. */
export interface SymbolTable {
  /** By place: the frequencies of the context's symbols before this one, added up; behind the last symbol 4096. */
  readonly starts: Uint16Array;
  /** By place: the symbol as a list holds it, start and frequency less 1. */
  readonly coded: Int32Array;
}

/** Makes a table from frequencies, with a 0 behind each context's last. */
export function makeSymbolTable(frequencies: ArrayLike<number>): SymbolTable {
  const starts = new Uint16Array(frequencies.length);
  const coded = new Int32Array(frequencies.length);
  let start = 0;
  for (let place = 0; place < frequencies.length; place++) {
    const frequency = frequencies[place] as number;
    starts[place] = start;
    coded[place] = (start << frequencyBits) | Math.max(0, frequency - 1);
    start = frequency === 0 ? 0 : start + frequency;
  }
  return { starts, coded };
}

/** A list of symbols, each as its start and its frequency less 1. Grows to its largest use and is reused. */
export class Symbols implements BitSink {
  list: Int32Array = new Int32Array(256);
  length = 0;
  readonly #coded: Int32Array;

  constructor(table: SymbolTable) {
    this.#coded = table.coded;
  }

  reset(): void {
    this.length = 0;
  }

  /** One symbol of a context. */
  symbol(context: number, symbol: number): void {
    this.#push(this.#coded[context + symbol] as number);
  }

  /** `bits` bits about which nothing is known, the lowest 12 first. */
  write(value: number, bits: number): void {
    let rest = value >>> 0;
    let left = bits;
    for (; left > frequencyBits; left -= frequencyBits) {
      this.#push((rest & (frequencySum - 1)) << frequencyBits);
      rest >>>= frequencyBits;
    }
    if (left === 0) return;
    const shift = frequencyBits - left;
    this.#push((((rest & ((1 << left) - 1)) << shift) << frequencyBits) | ((1 << shift) - 1));
  }

  /** Groups of 4 bits, the lowest first, each under one that says that another follows. */
  writeVar(value: number): void {
    let rest = value >>> 0;
    for (; rest > 15; rest >>>= 4) this.write((rest & 15) + 16, 5);
    this.write(rest, 5);
  }

  #push(coded: number): void {
    if (this.length === this.list.length) {
      const larger = new Int32Array(this.length * 2);
      larger.set(this.list);
      this.list = larger;
    }
    this.list[this.length++] = coded;
  }
}

/** What is below this gets another byte. */
const stateMin = 2 ** 23;
/** A state must be below the frequency times this before a symbol goes in: 2^23 / 4096 * 256. */
const roomBits = 19;

/** Turns lists of symbols into bytes, the last symbol first. */
export class SymbolEncoder {
  #out: Uint8Array = new Uint8Array(0);
  #from = 0;
  #to = 0;
  #at = 0;
  #state = 0;
  #isFull = false;

  /** Starts to fill `out`, between `from` and `to`, from its end. */
  begin(out: Uint8Array, from: number, to: number): void {
    this.#out = out;
    this.#from = from;
    this.#to = to;
    this.#at = to;
    this.#state = 0;
    this.#isFull = false;
  }

  /** Puts in symbols `from` up to `to` of a list: these are read before everything that was put in until now. */
  put(list: Int32Array, from: number, to: number): void {
    const out = this.#out;
    const least = this.#from;
    let at = this.#at;
    let state = this.#state;
    for (let index = to - 1; index >= from; index--) {
      const coded = list[index] as number;
      const frequency = (coded & (frequencySum - 1)) + 1;
      while (state >>> roomBits >= frequency) {
        if (at === least) {
          this.#isFull = true;
          return;
        }
        out[--at] = state & 0xff;
        state >>>= 8;
      }
      const times = (state / frequency) | 0;
      state = (times << frequencyBits) + (state - Math.imul(times, frequency)) + (coded >>> frequencyBits);
    }
    this.#at = at;
    this.#state = state;
  }

  /** Ends the stream and moves it to where it was to begin. @returns its length, -1 when it did not fit. */
  finish(): number {
    const out = this.#out;
    for (; this.#state > 0 && !this.#isFull; this.#state >>>= 8) {
      if (this.#at === this.#from) this.#isFull = true;
      else out[--this.#at] = this.#state & 0xff;
    }
    if (this.#isFull) return -1;
    out.copyWithin(this.#from, this.#at, this.#to);
    return this.#to - this.#at;
  }
}

/** Reads what a SymbolEncoder wrote, with the same table. */
export class SymbolDecoder implements BitSource {
  /** A caller found a value that cannot be. Stays set until `reset`. */
  failed = false;
  readonly #starts: Uint16Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #state = 0;

  constructor(table: SymbolTable) {
    this.#starts = table.starts;
  }

  /** At most so many bits about which nothing is known are still there. */
  get bitsLeft(): number {
    return (this.#end - this.#at) * 8 + 32 - Math.clz32(this.#state);
  }

  /** Everything was read, and it was what an encoder made. */
  get done(): boolean {
    return this.#state === 0 && this.#at === this.#end;
  }

  /** Starts on the bytes from `from` up to `to`. */
  reset(bytes: Uint8Array, from: number, to: number): void {
    this.#bytes = bytes;
    this.#at = from;
    this.#end = to;
    this.#state = 0;
    this.failed = false;
    this.#fill();
  }

  /** One symbol of a context. */
  symbol(context: number): number {
    const starts = this.#starts;
    const state = this.#state;
    const place = state & (frequencySum - 1);
    let at = context;
    while ((starts[at + 1] as number) <= place) at++;
    const start = starts[at] as number;
    this.#state = Math.imul((starts[at + 1] as number) - start, state >>> frequencyBits) + place - start;
    if (this.#state < stateMin) this.#fill();
    return at - context;
  }

  read(bits: number): number {
    let value = 0;
    let done = 0;
    for (; bits - done > frequencyBits; done += frequencyBits) value += this.#readFew(frequencyBits) * 2 ** done;
    return bits === done ? value : value + this.#readFew(bits - done) * 2 ** done;
  }

  readVar(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 4) {
      const group = this.#readFew(5);
      value += (group & 15) * 2 ** shift;
      if (group < 16) return value;
    }
    this.failed = true;
    return 0;
  }

  #readFew(bits: number): number {
    const shift = frequencyBits - bits;
    const place = this.#state & (frequencySum - 1);
    const value = place >>> shift;
    this.#state = ((this.#state >>> frequencyBits) << shift) + (place & ((1 << shift) - 1));
    if (this.#state < stateMin) this.#fill();
    return value;
  }

  #fill(): void {
    while (this.#state < stateMin && this.#at < this.#end) this.#state = (this.#state << 8) | (this.#bytes[this.#at++] as number);
  }
}
