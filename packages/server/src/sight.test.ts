// What a client has, followed by its acks: against a list of everything that was received.

import { limits } from '@tickwire/shared';
import { form } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hadState, Sight, stay, stayWords } from './sight.ts';

const SLOT = 5;
const ring = limits.historyTicks;

function here(sight: Sight, word: keyof typeof stay): number {
  return sight.here[SLOT * stayWords + stay[word]] as number;
}

function ended(sight: Sight): { version: number; first: number; newest: number; end: number }[] {
  return Array.from({ length: sight.endedCount }, (_, index) => {
    const at = sight.endedAt(index);
    const [version = 0, first = 0, newest = 0, end = 0] = [stay.version, stay.first, stay.newest, stay.end].map((word) => sight.ended[at + word]);
    return { version, first, newest, end };
  });
}

describe('Sight', () => {
  it('[RW8] knows the ticks of the last ring of which a state was acknowledged, in whatever order', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -90, max: 90 }), { minLength: 1, maxLength: 60 }), (moves) => {
        const sight = new Sight();
        const all = new Set<number>();
        let tick = 500;
        for (const move of moves) {
          tick = Math.max(0, tick + move);
          sight.received(SLOT, 1, form.seen, tick, true);
          all.add(tick);
          const newest = Math.max(...all);
          expect([here(sight, 'newest'), here(sight, 'first')]).toEqual([newest, Math.min(...all)]);
          // One that was too old when its ack came has left no mark; every mark is one of a state.
          for (let asked = newest - ring + 1; asked <= newest; asked++) {
            if (hadState(sight.here, SLOT * stayWords, asked)) expect(all.has(asked)).toBe(true);
          }
          if (tick > newest - ring) expect(hadState(sight.here, SLOT * stayWords, tick)).toBe(true);
        }
      }),
    );
  });

  it('[RW8] an entity ends with the news that its slot is empty or another one’s, and older news change nothing', () => {
    const sight = new Sight();
    sight.received(SLOT, 1, form.seen, 10, true);
    sight.received(SLOT, 1, form.seen, 13, true);
    sight.gone(SLOT, 12); // late: it was seen again since
    expect([ended(sight), here(sight, 'first')]).toEqual([[], 10]);
    sight.gone(SLOT, 16);
    sight.received(SLOT, 1, form.seen, 15, true);
    expect([ended(sight), here(sight, 'first')]).toEqual([[{ version: 1, first: 10, newest: 13, end: 16 }], -1]);
    sight.received(SLOT, 2, form.seen, 19, true);
    sight.received(SLOT, 3, form.seen, 22, true);
    sight.received(SLOT, 2, form.seen, 20, true);
    expect(ended(sight)).toEqual([
      { version: 1, first: 10, newest: 13, end: 16 },
      { version: 2, first: 19, newest: 19, end: 22 },
    ]);
    expect([here(sight, 'version'), here(sight, 'first')]).toEqual([3, 22]);
  });

  it('[RW8] what is its own stays its own while it is also named as others see it, until it is no more', () => {
    const sight = new Sight();
    sight.received(SLOT, 1, form.seen, 10, true);
    sight.received(SLOT, 1, form.owned, 13, true);
    sight.received(SLOT, 1, form.seen, 16, false);
    expect([here(sight, 'form'), here(sight, 'formSince'), here(sight, 'newest')]).toEqual([form.owned, 13, 13]);
    sight.received(SLOT, 1, form.seen, 12, false);
    expect(hadState(sight.here, SLOT * stayWords, 12)).toBe(true);
    sight.received(SLOT, 1, form.seen, 19, true);
    expect([here(sight, 'form'), here(sight, 'formSince'), here(sight, 'newest')]).toEqual([form.seen, 19, 19]);
  });

  it('[RW5] is bounded: what ended longer than a ring ago is forgotten, and no more tables are made', () => {
    const sight = new Sight();
    const churn = (from: number, to: number): void => {
      for (let tick = from; tick < to; tick++) {
        for (let slot = 0; slot < 20; slot++) sight.received(slot, tick, form.seen, tick, true);
      }
    };
    churn(0, 500);
    const { here: tables, ended: past } = sight;
    churn(500, 3000);
    expect([sight.here === tables, sight.ended === past]).toEqual([true, true]);
    expect(sight.endedCount).toBeLessThanOrEqual(20 * (ring + 2));
    expect(ended(sight).every(({ end }) => end >= 3000 - ring - 2)).toBe(true);
    // A world in which everything is new in every tick is forgotten sooner.
    const crowd = new Sight();
    for (let tick = 0; tick < 20; tick++) for (let slot = 0; slot < 4000; slot++) crowd.received(slot, tick, form.seen, tick, true);
    expect(crowd.endedCount).toBeLessThanOrEqual(limits.worldSlots);
  });
});
