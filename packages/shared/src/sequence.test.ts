import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AckWindow, nextSequence, type Sequence, sequenceDistance, unwrap16 } from './sequence.ts';

/** Steps from one unbounded number to the next: near ones mostly, and jumps across half the circle. */
const step = fc.oneof(fc.integer({ min: -40, max: 40 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: -32_767, max: 32_767 }));

describe('Sequences', () => {
  it('[SQ1] the distance of two wrapped numbers is that of the numbers themselves, less than half a circle apart', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), fc.integer({ min: -32_768, max: 32_767 }), (from, apart) => {
        expect(sequenceDistance((from + apart + 65_536) & 0xffff, from & 0xffff)).toBe(apart);
      }),
    );
  });

  it('[SQ1] the next sequence is one ahead, and the one after 65535 is 0', () => {
    expect(nextSequence(65_535 as Sequence)).toBe(0);
    for (const sequence of [0, 1, 32_767, 32_768, 65_534, 65_535] as Sequence[]) {
      expect(sequenceDistance(nextSequence(sequence), sequence)).toBe(1);
      expect(sequenceDistance(sequence, nextSequence(sequence))).toBe(-1);
    }
  });

  it('[SQ2] a whole number comes back from its low 16 bits and any number near it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.nat(200_000), fc.nat(2 ** 40)), fc.integer({ min: -32_767, max: 32_768 }), (number, off) => {
        expect(unwrap16(number % 65_536, number + off)).toBe(number);
      }),
    );
    expect(unwrap16(65_535, 0)).toBe(-1);
  });

  it('[SQ3] a window of acks says what a list of all received packets would say, around the circle and again', () => {
    fc.assert(
      fc.property(fc.integer({ min: 40_000, max: 140_000 }), fc.array(step, { minLength: 1, maxLength: 200 }), (start, steps) => {
        const window = new AckWindow();
        const received = new Set<number>();
        let newest = -1;
        let number = start;
        expect(window.any).toBe(false);
        for (const ahead of [0, ...steps]) {
          // Steps go from the newest packet: a peer that is more than half a circle behind it cannot be told from one ahead.
          number = Math.max(0, (newest < 0 ? number : newest) + ahead);
          const isNew = newest < 0 || number > newest || (number >= newest - 32 && !received.has(number));
          expect(window.mark((number & 0xffff) as Sequence)).toBe(isNew);
          if (isNew) received.add(number);
          newest = Math.max(newest, number);
          expect(window.any).toBe(true);
          expect(window.newest).toBe(newest & 0xffff);
          expect(window.bits).toBe(modelBits(received, newest));
        }
      }),
    );
  });

  it('[SQ3][SQ4] packets exactly 31, 32 and 33 behind or ahead of the newest', () => {
    for (const apart of [31, 32, 33]) {
      const ahead = new AckWindow();
      ahead.mark(65_520 as Sequence);
      ahead.mark(((65_520 + apart) & 0xffff) as Sequence);
      expect(ahead.bits).toBe(apart > 32 ? 0 : 2 ** (apart - 1));
      const behind = new AckWindow();
      behind.mark(10 as Sequence);
      expect(behind.isNew(((10 - apart) & 0xffff) as Sequence)).toBe(apart <= 32);
      expect(behind.mark(((10 - apart) & 0xffff) as Sequence)).toBe(apart <= 32);
      expect(behind.bits).toBe(apart > 32 ? 0 : 2 ** (apart - 1));
      expect(behind.mark(((10 - apart) & 0xffff) as Sequence)).toBe(false);
    }
  });

  it('[SQ4] isNew says what mark will say, and changes nothing', () => {
    fc.assert(
      fc.property(fc.nat(65_535), fc.array(step, { maxLength: 100 }), (start, steps) => {
        const window = new AckWindow();
        let sequence = start;
        for (const ahead of steps) {
          sequence = (sequence + ahead + 65_536) & 0xffff;
          const before = [window.any, window.newest, window.bits];
          const isNew = window.isNew(sequence as Sequence);
          expect([window.any, window.newest, window.bits]).toEqual(before);
          expect(window.mark(sequence as Sequence)).toBe(isNew);
          expect(window.isNew(sequence as Sequence)).toBe(false);
        }
      }),
    );
  });
});

/** One bit for each of the 32 packets before the newest, the nearest lowest. */
function modelBits(received: ReadonlySet<number>, newest: number): number {
  let bits = 0;
  for (let behind = 1; behind <= 32; behind++) if (received.has(newest - behind)) bits += 2 ** (behind - 1);
  return bits;
}
