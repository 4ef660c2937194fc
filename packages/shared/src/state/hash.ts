// A 32-bit hash of rows: what two ends compare to know that they hold the same state.
//
// Invariant: depends on words and their order only, and is the same in every engine. Not a defence against forgery.
// Method: the mixing step of MurmurHash3 (A. Appleby).

import type { BitSink } from '../bits.ts';

/** Mixes `count` words from `at` on into `seed`. */
export function hashWords(seed: number, words: Int32Array, at: number, count: number): number {
  let hash = seed;
  for (let index = at; index < at + count; index++) hash = hashWord(hash, words[index] as number);
  return hash;
}

/** Mixes one word into `seed`. */
export function hashWord(seed: number, word: number): number {
  let mixed = Math.imul(word, 0xcc9e2d51);
  mixed = Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593);
  const hash = seed ^ mixed;
  return (Math.imul((hash << 13) | (hash >>> 19), 5) + 0xe6546b64) | 0;
}

/** A hash of what is written into it. */
export class HashSink implements BitSink {
  #hash = 0;

  reset(): void {
    this.#hash = 0;
  }

  write(value: number, bits: number): void {
    this.#hash = hashWord(this.#hash, value + bits);
  }

  writeVar(value: number): void {
    this.#hash = hashWord(this.#hash, value);
  }

  /** 16 bits of it. */
  get value(): number {
    return (this.#hash ^ (this.#hash >>> 16)) & 0xffff;
  }
}
