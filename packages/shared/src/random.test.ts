import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Random } from './random.ts';

/** The raw 32-bit outputs behind `next`. */
function words(random: Random, count: number): number[] {
  return Array.from({ length: count }, () => random.next() * 2 ** 32);
}

describe('Random', () => {
  it('[RN1] the generator is sfc32: the first words of PractRand for its seed 0', () => {
    // `RNG_output sfc32 64 0x0` of PractRand: the state is 0, 0, 0 and counter 1, and 12 rounds are thrown away.
    const random = Random.restore(Uint32Array.of(0, 0, 0, 0, 1));
    words(random, 12);
    expect(words(random, 16)).toEqual([
      0x514676c3, 0x08a809df, 0x30349d2b, 0xfb52c520, 0x38802be1, 0x948279e6, 0xec4bf1d9, 0x7cb0a909, 0xfad8b4a8, 0x3ca4b808, 0x3821b4c5, 0x5e7023ca,
      0x50f26bf7, 0xf1e1b0a2, 0x6163032f, 0x3bf3c9a4,
    ]);
  });

  it('[RN1] the same seed gives the same numbers everywhere (known words, computed apart with big integers)', () => {
    expect(words(new Random(0), 6)).toEqual([2899526011, 769844623, 220372281, 4270301181, 3717780726, 2919608142]);
    expect(words(new Random(1), 6)).toEqual([2420951833, 2513034076, 3847892949, 4064752930, 1169703512, 1317941441]);
    expect(words(new Random(20260801), 6)).toEqual([3732739681, 2617209681, 2677249273, 4208512220, 697465625, 326664444]);
    const last = [2300869303, 3917632794, 3726809994, 1136427174, 1916388865, 1301959096];
    expect(words(new Random(0xffffffff), 6)).toEqual(last);
    expect(words(new Random(-1), 6)).toEqual(last);
  });

  it('[RN2] next is at least 0 and below 1, and evenly spread', () => {
    const random = new Random(5);
    const buckets = new Uint32Array(16);
    for (let draw = 0; draw < 160_000; draw++) {
      const value = random.next();
      if (value < 0 || value >= 1) throw new Error(`next gave ${value}`);
      const bucket = Math.floor(value * 16);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // 10,000 expected in each; a standard deviation is 97.
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(400);
  });

  it('[RN3] int stays below its bound and reaches both ends', () => {
    const random = new Random(9);
    const seen = new Set<number>();
    for (let draw = 0; draw < 600; draw++) seen.add(random.int(6));
    expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5]);
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 2 ** 32 }), (seed, bound) => {
        const value = new Random(seed).int(bound);
        return Number.isInteger(value) && value >= 0 && value < bound;
      }),
    );
    for (const bad of [0, -1, 1.5, Number.NaN, 2 ** 32 + 1]) expect(() => random.int(bad)).toThrow(RangeError);
  });

  it('[RN3] range starts at min and never reaches max', () => {
    const finite = fc.double({ noNaN: true, min: -1e300, max: 1e300 });
    fc.assert(
      fc.property(fc.integer(), finite, finite, (seed, one, other) => {
        const min = Math.min(one, other);
        const max = Math.max(one, other);
        const value = new Random(seed).range(min, max);
        return min === max ? value === min : value >= min && value < max;
      }),
    );
    // Only `min` and `max` and one number between are floats here, so rounding would reach `max`.
    const coarse = new Random(1);
    for (let draw = 0; draw < 100; draw++) expect(coarse.range(2 ** 53, 2 ** 53 + 4)).toBeLessThan(2 ** 53 + 4);
    expect(() => coarse.range(1, 0)).toThrow(RangeError);
    expect(() => coarse.range(0, Number.POSITIVE_INFINITY)).toThrow(RangeError);
    expect(() => coarse.range(Number.NaN, 1)).toThrow(RangeError);
  });

  it('[RN3] pick takes every item of a list and refuses an empty one', () => {
    const random = new Random(3);
    const seen = new Set<string>();
    for (let draw = 0; draw < 100; draw++) seen.add(random.pick(['a', 'b', 'c']));
    expect([...seen].sort()).toEqual(['a', 'b', 'c']);
    expect(() => random.pick([])).toThrow(RangeError);
  });

  it('[RN4] chance follows its probability, 0 is never and 1 is always', () => {
    const random = new Random(77);
    let hits = 0;
    for (let draw = 0; draw < 20_000; draw++) {
      if (random.chance(0)) throw new Error('chance(0) was true');
      if (!random.chance(1)) throw new Error('chance(1) was false');
      if (random.chance(0.2)) hits++;
    }
    // 4000 expected; a standard deviation is 57.
    expect(Math.abs(hits - 4000)).toBeLessThan(230);
  });

  it('[RN4] chance takes one number whatever the probability', () => {
    const one = new Random(4);
    const other = new Random(4);
    for (let draw = 0; draw < 20; draw++) {
      one.chance(0);
      other.chance(0.5);
    }
    expect(one.next()).toBe(other.next());
  });

  it('[RN5] a fork depends on seed and label, not on what was drawn before it', () => {
    const fresh = new Random(1);
    const used = new Random(1);
    words(used, 1000);
    used.fork(3).next();
    expect(words(used.fork(7), 8)).toEqual(words(fresh.fork(7), 8));
    expect(words(new Random(1).fork(7), 6)).toEqual([2340573595, 3715794643, 2212154691, 1297966219, 2863588615, 1150049068]);
    expect(words(new Random(1).fork(7).fork(7), 6)).toEqual([2308854152, 682074947, 3514100906, 1412610214, 2040955701, 4236293910]);
  });

  it('[RN5] drawing from a fork leaves its parent and its siblings alone', () => {
    const parent = new Random(8);
    const sibling = parent.fork(2);
    words(parent.fork(1), 500);
    expect(words(parent, 8)).toEqual(words(new Random(8), 8));
    expect(words(sibling, 8)).toEqual(words(new Random(8).fork(2), 8));
  });

  it('[RN5] forks with different labels are different streams', () => {
    const parent = new Random(0);
    const firsts = new Set([parent.next()]);
    for (let label = 0; label < 1000; label++) firsts.add(parent.fork(label).next());
    // 1001 draws of 2^32: two alike would be a one in ten thousand chance.
    expect(firsts.size).toBe(1001);
  });

  it('[RN6] a restored stream and its forks go on exactly as the saved one', () => {
    fc.assert(
      fc.property(fc.integer(), fc.nat(200), (seed, drawn) => {
        const random = new Random(seed).fork(12);
        words(random, drawn);
        const restored = Random.restore(Uint32Array.from(random.state()));
        expect(words(restored, 20)).toEqual(words(random, 20));
        expect(words(restored.fork(5), 5)).toEqual(words(random.fork(5), 5));
        expect(restored.state()).toEqual(random.state());
      }),
    );
  });

  it('[RN6] a saved state is a copy, and one of another length is refused', () => {
    const random = new Random(6);
    const state = random.state();
    const before = words(Random.restore(state), 4);
    words(random, 10);
    expect(words(Random.restore(state), 4)).toEqual(before);
    expect(() => Random.restore(new Uint32Array(4))).toThrow(RangeError);
  });
});
