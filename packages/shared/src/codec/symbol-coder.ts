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

/** Places of a context in a table: its symbols, 31 at most, and one behind the last. */
export const contextPlaces = 32;
/** Sizes of a number that have a symbol of their own, one for each direction: 1, 2, 3, 4 to 5, 6 to 7, 8 to 11, ... 48 to 63, and one for all above. */
export const sizes = 12;
/** Symbols of a number: nothing, then each size along and against its velocity. */
export const numberSymbols: number = 1 + 2 * sizes;
/** The first symbol of a number that is too large for a size of its own, and the bits that any such one has. */
export const largeSymbol: number = numberSymbols - 2;
export const largeBits = 6;
/** The longest: units are below 2^31. */
const lengthMax = 30;
/** By symbol of a number: the least size, and the bits that are still to come. */
const leastSizes = Int32Array.from({ length: numberSymbols }, (_, symbol) => leastSize((symbol - 1) >> 1));
const sizeBits = Uint8Array.from({ length: numberSymbols }, (_, symbol) => Math.max(0, ((symbol + 1) >> 2) - 1));
/** By symbol of a number: how much further on the context of the next one lies. */
const neighbourPlaces = Int32Array.from(
  { length: numberSymbols },
  (_, symbol) => (symbol === 0 ? 1 : symbol < 3 ? 2 : symbol < 11 ? 3 : 4) * contextPlaces,
);

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own: loops over symbols use these.
const placeMask = frequencySum - 1;
const firstLarge: number = largeSymbol;

/** A table says where to look for each of so many parts of a context's 4096. */
const hintBits = 7;

/** A static table, by context and symbol: a context is the place of its first symbol here, a multiple of `contextPlaces`. */
export interface SymbolTable {
  /** By place: the frequencies of the context's symbols before this one, added up; behind the last symbol 4096. */
  readonly starts: Uint16Array;
  /** By place: the symbol as a list holds it, start and frequency less 1. */
  readonly coded: Int32Array;
  /** By context and 128th of its 4096: the first symbol that may lie there. */
  readonly hints: Uint8Array;
}

/** Makes a table from the frequencies of each context's symbols, with a 0 behind each context's last. */
export function makeSymbolTable(frequencies: ArrayLike<number>): SymbolTable {
  let contexts = 0;
  for (let index = 0; index < frequencies.length; index++) if (frequencies[index] === 0) contexts++;
  const starts = new Uint16Array(contexts * contextPlaces).fill(frequencySum);
  const coded = new Int32Array(contexts * contextPlaces);
  const hints = new Uint8Array(contexts << hintBits);
  let index = 0;
  for (let context = 0; context < contexts; context++) {
    let start = 0;
    for (let symbol = 0; frequencies[index] !== 0; symbol++, index++) {
      const frequency = frequencies[index] as number;
      starts[context * contextPlaces + symbol] = start;
      coded[context * contextPlaces + symbol] = (start << frequencyBits) | (frequency - 1);
      const from = (start + partSize - 1) >>> (frequencyBits - hintBits);
      start += frequency;
      hints.fill(symbol, (context << hintBits) + from, (context << hintBits) + ((start + partSize - 1) >>> (frequencyBits - hintBits)));
    }
    index++;
  }
  return { starts, coded, hints };
}

function leastSize(sized: number): number {
  if (sized < 1) return 1;
  return (2 + ((sized + 1) & 1)) << (((sized + 1) >> 1) - 1);
}

const placeBits = 5;
const partSize = 1 << (frequencyBits - hintBits);

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
      this.#push((rest & placeMask) << frequencyBits);
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

/**
 * By frequency less 1: its reciprocal, a little too large. A product and a cut are faster than a division, and right for dividends below 2^31: the product is
 * never below a whole quotient, and above it by less than what the next one lacks.
 */
const reciprocals = Float64Array.from({ length: frequencySum }, (_, less) => (1 + 2 ** -48) / (less + 1));

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
      const frequency = (coded & placeMask) + 1;
      while (state >>> roomBits >= frequency) {
        if (at === least) {
          this.#isFull = true;
          return;
        }
        out[--at] = state & 0xff;
        state >>>= 8;
      }
      const times = (state * (reciprocals[frequency - 1] as number)) | 0;
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
  readonly #hints: Uint8Array;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;
  #end = 0;
  #state = 0;

  constructor(table: SymbolTable) {
    this.#starts = table.starts;
    this.#hints = table.hints;
  }

  /** No bound: zeros at the end of a list take no bytes, however many they are. */
  readonly bitsLeft: number = Number.POSITIVE_INFINITY;

  /** Everything was read, and it was what an encoder made. */
  get done(): boolean {
    return this.#state === 0 && this.#at === this.#end;
  }

  /** Bytes that were not looked at yet. */
  get bytesLeft(): number {
    return this.#end - this.#at;
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
    const place = state & placeMask;
    // A context's parts lie as many times further on as they are more than its places.
    let at = context + (this.#hints[(context << (hintBits - placeBits)) + (place >>> (frequencyBits - hintBits))] as number);
    while ((starts[at + 1] as number) <= place) at++;
    const start = starts[at] as number;
    this.#state = Math.imul((starts[at + 1] as number) - start, state >>> frequencyBits) + place - start;
    if (this.#state < stateMin) this.#fill();
    return at - context;
  }

  /**
   * Several numbers, one after the other, each off from a prediction. @param contexts of each one, for a number that follows none. @param larges the context
   * of its length, should it be large. @param velocities how each was changing: most numbers are off along or against it.
   */
  numbers(contexts: Int32Array, larges: Int32Array, velocities: Int32Array, offs: Int32Array, count: number): void {
    const starts = this.#starts;
    const hints = this.#hints;
    const bytes = this.#bytes;
    const end = this.#end;
    let next = this.#at;
    let neighbour = 0;
    let state = this.#state;
    for (let index = 0; index < count; index++) {
      const context = (contexts[index] as number) + neighbour;
      let place = state & placeMask;
      let at = context + (hints[(context << (hintBits - placeBits)) + (place >>> (frequencyBits - hintBits))] as number);
      while ((starts[at + 1] as number) <= place) at++;
      const start = starts[at] as number;
      state = Math.imul((starts[at + 1] as number) - start, state >>> frequencyBits) + place - start;
      while (state < stateMin && next < end) state = (state << 8) | (bytes[next++] as number);
      const symbol = at - context;
      if (symbol === 0) {
        offs[index] = 0;
        neighbour = neighbourPlaces[0] as number;
        continue;
      }
      let size = leastSizes[symbol] as number;
      if (symbol >= firstLarge) {
        this.#state = state;
        this.#at = next;
        size = this.#large(larges[index] as number);
        state = this.#state;
        next = this.#at;
      } else {
        const bits = sizeBits[symbol] as number;
        if (bits > 0) {
          const shift = frequencyBits - bits;
          place = state & placeMask;
          size += place >>> shift;
          state = ((state >>> frequencyBits) << shift) + (place & ((1 << shift) - 1));
          while (state < stateMin && next < end) state = (state << 8) | (bytes[next++] as number);
        }
      }
      neighbour = neighbourPlaces[symbol] as number;
      // Along its velocity or against it: a sign is a coin, and no branch foresees it.
      const sign = (((velocities[index] as number) >>> 31) ^ (symbol & 1)) - 1;
      offs[index] = (size ^ sign) - sign;
    }
    this.#state = state;
    this.#at = next;
  }

  /** The size of a large number: its length in bits, then all but the first of them. */
  #large(context: number): number {
    const length = this.symbol(context) + largeBits;
    if (length > lengthMax) {
      this.failed = true; // no two units are as far apart
      return 0;
    }
    return (1 << length) + this.read(length);
  }

  read(bits: number): number {
    let value = 0;
    let done = 0;
    for (; bits - done > frequencyBits; done += frequencyBits) value |= this.#readFew(frequencyBits) << done;
    return (bits === done ? value : value | (this.#readFew(bits - done) << done)) >>> 0;
  }

  readVar(): number {
    let value = 0;
    for (let shift = 0; shift < 32; shift += 4) {
      const group = this.#readFew(5);
      value |= (group & 15) << shift;
      if (group < 16) return value >>> 0;
    }
    this.failed = true;
    return 0;
  }

  #readFew(bits: number): number {
    const shift = frequencyBits - bits;
    const place = this.#state & placeMask;
    const value = place >>> shift;
    this.#state = ((this.#state >>> frequencyBits) << shift) + (place & ((1 << shift) - 1));
    if (this.#state < stateMin) this.#fill();
    return value;
  }

  #fill(): void {
    const bytes = this.#bytes;
    const end = this.#end;
    let state = this.#state;
    let at = this.#at;
    while (state < stateMin && at < end) state = (state << 8) | (bytes[at++] as number);
    this.#state = state;
    this.#at = at;
  }
}
