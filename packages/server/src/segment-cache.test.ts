import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentCache } from './segment-cache.ts';

const names = fc.array(fc.nat(2), { minLength: 1, maxLength: 6 });

describe('SegmentCache', () => {
  it('[CD30] a segment is found by exactly the bodies that it names, in their order, and by nothing else', () => {
    fc.assert(
      fc.property(fc.array(names, { maxLength: 40 }), fc.array(names, { minLength: 1, maxLength: 40 }), fc.nat(4), (added, asked, from) => {
        const cache = new SegmentCache();
        const known = new Map<string, number>();
        const among = (list: readonly number[]): Int32Array => Int32Array.from([...Array(from).fill(7), ...list, 7]);
        for (const [index, list] of added.entries()) {
          if (known.has(list.join())) continue;
          known.set(list.join(), index);
          const bytes = Uint8Array.of(index, list.length, 99);
          cache.add(among(list), from, list.length, bytes, 2);
          bytes.fill(0); // the coder's buffer is used again
        }
        for (const list of [...added, ...asked]) {
          const index = known.get(list.join());
          const found = cache.find(among(list), from, list.length);
          expect(found && [...found]).toEqual(index === undefined ? undefined : [index, list.length]);
        }
        cache.begin();
        for (const list of added) expect(cache.find(among(list), from, list.length)).toBeUndefined();
      }),
    );
  });

  it('[CD30] it holds 64 segments of a tick, of any number of names, and forgets them with it', () => {
    const cache = new SegmentCache();
    const long = Int32Array.from({ length: 900 }, (_, index) => index);
    for (let round = 0; round < 3; round++) {
      cache.begin();
      for (let count = 1; count <= 70; count++) cache.add(long, 0, count * 10, Uint8Array.of(round, count), 2);
      for (let count = 1; count <= 70; count++) {
        const found = cache.find(long, 0, count * 10);
        expect(found && [...found]).toEqual(count <= 64 ? [round, count] : undefined);
      }
    }
  });
});
