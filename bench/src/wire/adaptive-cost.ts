// What an adaptive binary range coder would spend, without writing a byte: each bit costs -log2 of the probability that it was given.
//
// A bit's probability is mixed from three contexts (logistic mixing, as in the PAQ family of compressors), each a counter that learns quickly at first
// and then slowly. Invariant: a bit is paid before it is learnt from. Units: bits, as fractions.

const contexts = 2 ** 18;
const rateLimit = 160;
const learningRate = 0.02;
const selectors = 1024;

export class AdaptiveCost {
  /** Bits spent so far. */
  bits = 0;
  readonly #chance = new Float64Array(contexts).fill(0.5);
  readonly #seen = new Uint8Array(contexts);
  readonly #weights = new Float64Array(selectors * 3).fill(0.4);
  readonly #at = new Int32Array(3);
  readonly #stretched = new Float64Array(3);

  /** Pays for one bit. `what` names the kind of decision; a, b and c are what is known, from the most exact to the least. */
  bit(what: number, a: number, b: number, c: number, bit: 0 | 1): void {
    const at = this.#at;
    at[0] = slotOf(what * 4 + 1, a);
    at[1] = slotOf(what * 4 + 2, b);
    at[2] = slotOf(what * 4 + 3, c);
    const weightsAt = (what % selectors) * 3;
    let sum = 0;
    for (let index = 0; index < 3; index++) {
      const chance = this.#chance[at[index] as number] as number;
      this.#stretched[index] = Math.log(chance / (1 - chance));
      sum += (this.#weights[weightsAt + index] as number) * (this.#stretched[index] as number);
    }
    const chance = Math.min(0.9998, Math.max(0.0002, 1 / (1 + Math.exp(-sum))));
    this.bits -= Math.log2(bit === 1 ? chance : 1 - chance);
    const wrong = bit - chance;
    for (let index = 0; index < 3; index++) {
      const weight = weightsAt + index;
      this.#weights[weight] = (this.#weights[weight] as number) + learningRate * wrong * (this.#stretched[index] as number);
      this.#learn(at[index] as number, bit);
    }
  }

  /** Pays for bits that nothing is known about. */
  raw(bits: number): void {
    this.bits += bits;
  }

  /** Pays for a whole number of either sign: zero, sign, size as a unary exponent, then the digits below it. */
  number(what: number, a: number, b: number, c: number, value: number): void {
    this.bit(what, a, b, c, value === 0 ? 0 : 1);
    if (value === 0) return;
    this.bit(what + 1, a, b, c, value < 0 ? 1 : 0);
    this.size(what + 2, a, b, c, (value < 0 ? -value : value) - 1);
  }

  /** Pays for a whole number from 0. */
  size(what: number, a: number, b: number, c: number, value: number): void {
    const exponent = 31 - Math.clz32(value + 1);
    for (let step = 0; step < exponent; step++) this.bit(what + 1, a * 32 + step, b * 32 + step, c * 32 + step, 1);
    this.bit(what + 1, a * 32 + exponent, b * 32 + exponent, c * 32 + exponent, 0);
    if (exponent === 0) return;
    const top = ((value + 1) >>> (exponent - 1)) & 1;
    this.bit(what + 2, a * 32 + exponent, b * 32 + exponent, c * 32 + exponent, top as 0 | 1);
    this.raw(exponent - 1);
  }

  #learn(at: number, bit: 0 | 1): void {
    const seen = this.#seen[at] as number;
    const chance = this.#chance[at] as number;
    const next = chance + (bit - chance) / (seen + 1.6);
    this.#chance[at] = Math.min(0.9998, Math.max(0.0002, next));
    if (seen < rateLimit) this.#seen[at] = seen + 1;
  }
}

function slotOf(what: number, known: number): number {
  let hash = Math.imul(what, 0x9e3779b1) ^ Math.imul(known + 1, 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) & (contexts - 1);
}
