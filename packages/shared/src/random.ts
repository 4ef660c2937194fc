// Seeded random: the same numbers from the same seed in every engine, because only 32-bit integers are mixed and the last step divides by 2^32.
//
// Invariant: a fork's numbers depend on the seed and on the labels that led to it, never on how many numbers were drawn before it was made;
// so one more draw in one part of a game or of the emulated network changes nothing elsewhere.
// Not for secrets: whoever has seen a few numbers can compute the rest.
// Method: sfc32 by C. Doty-Humphrey (PractRand, public domain), seeded through a splitmix finaliser.

export class Random {
  /** The seed, mixed with the labels of the forks: what the children are made from. Draws do not touch it. */
  #key = 0;
  #a = 0;
  #b = 0;
  #c = 0;
  #counter = 1;

  /** @param seed any integer; its low 32 bits count. */
  constructor(seed: number) {
    this.reseed(seed);
  }

  /** Starts the stream of another seed in this object: what `new Random(seed)` would be, without making one. */
  reseed(seed: number): void {
    this.#key = seed | 0;
    this.#counter = 1;
    this.#a = mix(this.#key + GOLDEN);
    this.#b = mix(this.#key + 2 * GOLDEN);
    this.#c = mix(this.#key + 3 * GOLDEN);
    for (let round = 0; round < SEED_ROUNDS; round++) this.#draw();
  }

  /** A number from 0 up to, never reaching, 1: a multiple of 1 / 2^32. */
  next(): number {
    return (this.#draw() >>> 0) / TWO_32;
  }

  /** A whole number from 0 to `bound - 1`. `bound` is 1 to 2^32; the unevenness is below `bound` / 2^32. */
  int(bound: number): number {
    if (!Number.isInteger(bound) || bound < 1 || bound > TWO_32) throw new RangeError(`int(bound): ${bound} is no whole number from 1 to 2^32`);
    return Math.floor(this.next() * bound);
  }

  /** A number from `min` up to, never reaching, `max`; `min` when both are equal. */
  range(min: number, max: number): number {
    const width = max - min;
    if (!(width >= 0 && width < Number.POSITIVE_INFINITY)) throw new RangeError(`range(min, max): ${min} to ${max} is no finite range`);
    const value = min + this.next() * width;
    // Where floats are coarse (range(2 ** 53, 2 ** 53 + 2)) the sum can round up to `max`.
    return value < max ? value : min;
  }

  /** One item of a list that has at least one. */
  pick<Item>(items: readonly Item[]): Item {
    if (items.length === 0) throw new RangeError('pick(items): the list is empty');
    return items[this.int(items.length)] as Item;
  }

  /** True with probability `probability` (0 never, 1 always). Always takes one number, so a changed probability shifts no later draw. */
  chance(probability: number): boolean {
    return (this.#draw() >>> 0) / TWO_32 < probability;
  }

  /** A stream of its own for one purpose. The same label gives the same stream again, whatever was drawn in between. */
  fork(label: number): Random {
    return new Random(mix(this.#key ^ mix((label | 0) + GOLDEN)));
  }

  /** Everything, for a save: five 32-bit words. */
  state(): Uint32Array {
    return Uint32Array.of(this.#key, this.#a, this.#b, this.#c, this.#counter);
  }

  /** The stream that `state` was taken from, at the place where it was taken. */
  static restore(state: Uint32Array): Random {
    if (state.length !== STATE_WORDS) throw new RangeError(`Random.restore: ${state.length} words, not ${STATE_WORDS}`);
    const [key, a, b, c, counter] = state as unknown as [number, number, number, number, number];
    const random = new Random(key);
    random.#a = a | 0;
    random.#b = b | 0;
    random.#c = c | 0;
    random.#counter = counter | 0;
    return random;
  }

  /** One sfc32 step. Signed: the caller makes it unsigned. */
  #draw(): number {
    const drawn = (this.#a + this.#b + this.#counter) | 0;
    this.#counter = (this.#counter + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + drawn) | 0;
    return drawn;
  }
}

/** A bijection of the 32-bit integers under which near inputs give unlike outputs. */
function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
  return mixed ^ (mixed >>> 15);
}

/** 2^32 divided by the golden ratio, made odd: steps by it visit every 32-bit number once. */
const GOLDEN = 0x9e3779b9;
/** What PractRand discards after a 64-bit seed. */
const SEED_ROUNDS = 12;
const STATE_WORDS = 5;
const TWO_32 = 4294967296;
