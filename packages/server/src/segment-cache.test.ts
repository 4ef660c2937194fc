// Segments are found by what they name, in one buffer behind the packet at hand.

import { limits } from '@tickwire/shared';
import { frameBytesMax } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SegmentCache } from './segment-cache.ts';

const names = fc.array(fc.nat(2), { minLength: 1, maxLength: 6 });

/** Puts in a segment of bytes that tell which it is. */
function add(cache: SegmentCache, list: Int32Array, from: number, count: number, mark: number, length: number): void {
  const segment = cache.next;
  cache.buffer.fill(mark, segment.at, segment.at + length);
  segment.length = length;
  cache.keep(list, from, count);
}

/** Mark and length of a segment that was found. */
function found(cache: SegmentCache, list: Int32Array, from: number, count: number): [mark: number, length: number] | undefined {
  const segment = cache.find(list, from, count);
  if (!segment) return undefined;
  const bytes = cache.buffer.subarray(segment.at, segment.at + segment.length);
  const [mark = -1] = bytes;
  expect(bytes.every((byte) => byte === mark)).toBe(true);
  return [mark, bytes.length];
}

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
          const table = among(list);
          add(cache, table, from, list.length, index, 100 + index);
          table.fill(0); // the list is used again
        }
        // One that was coded, but did not fit or is not shared: nobody finds it.
        cache.buffer.fill(99, cache.next.at, cache.next.at + 20);
        for (const list of [...added, ...asked]) {
          const index = known.get(list.join());
          expect(found(cache, among(list), from, list.length)).toEqual(index === undefined ? undefined : [index, 100 + index]);
        }
        cache.begin();
        for (const list of added) expect(cache.find(among(list), from, list.length)).toBeUndefined();
      }),
    );
  });

  it('[CD30] it holds 64 segments of a tick, of any number of names, and forgets them with it; none touches another or the packet', () => {
    const cache = new SegmentCache();
    const long = Int32Array.from({ length: 900 }, (_, index) => index);
    const packetRoom = limits.packetBytes + frameBytesMax;
    for (let round = 1; round <= 3; round++) {
      cache.begin();
      cache.buffer.fill(77, 0, packetRoom);
      for (let count = 1; count <= 70; count++) add(cache, long, 0, count * 10, round * 70 + count - 70, limits.packetBytes);
      for (let count = 1; count <= 70; count++)
        expect(found(cache, long, 0, count * 10)).toEqual(count <= 64 ? [round * 70 + count - 70, limits.packetBytes] : undefined);
      expect(cache.buffer.subarray(0, packetRoom).every((byte) => byte === 77)).toBe(true);
    }
  });
});
