import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { f } from '../schema/fields.ts';
import { defineGame, entity } from '../schema/game.ts';
import { History, rowOfLife, sinceOfLife } from './history.ts';

const game = defineGame({
  name: 'history',
  tickHz: 60,
  snapshotHz: 20,
  entities: { cart: entity({ at: f.fixed(0, 100), load: f.uint(9), fuel: f.uint(9).owner() }), lamp: entity({ on: f.bool() }) },
});
const CART = 1;
const LAMP = 2;
const SLOT = 3;
const ring = limits.historyTicks;

describe('History', () => {
  it('[HY1] what is recorded is rounded to the grid and put back', () => {
    const history = new History(game);
    const cart = { at: 1 / 3, load: 99, fuel: 1 };
    history.record(SLOT, 1, CART, cart, 5);
    expect(cart).toEqual({ at: 341 / 1024, load: 9, fuel: 1 });
    const at = history.rowAt(SLOT, 1, 5);
    expect([...history.rows(SLOT).subarray(at, at + 2)]).toEqual([341, 9]);
  });

  it('[HY2] rows are found for the last ticks of the ring and no others', () => {
    const history = new History(game);
    recordRun(history, 10, 10 + ring, (tick) => tick % 10);
    for (const [tick, found] of [
      [9, false],
      [10, false],
      [11, true],
      [10 + ring, true],
      [11 + ring, false],
    ] as const) {
      expect(history.rowAt(SLOT, 1, tick) >= 0, `${tick}`).toBe(found);
    }
    expect([history.rowAt(SLOT, 2, 20), history.rowAt(SLOT + 1, 1, 20), history.baseAt(SLOT + 1, 1, 20, true)]).toEqual([-1, -1, -1]);
    for (let tick = 11; tick <= 10 + ring; tick++) expect(loadOf(history, history.rowAt(SLOT, 1, tick))).toBe(tick % 10);
  });

  it('[HY3] each row knows since when it has held, beyond the ring too', () => {
    const history = new History(game);
    recordRun(history, 0, 9, (tick) => tick);
    for (let tick = 10; tick < 10 + 3 * ring; tick++) {
      recordRun(history, tick, tick, () => 5);
      expect(history.sinceNow(SLOT, true)).toBe(10);
    }
    recordRun(history, 10 + 3 * ring, 10 + 3 * ring, () => 6);
    expect(history.sinceNow(SLOT, true)).toBe(10 + 3 * ring);
  });

  it('[HY4] a base older than the ring is found while the entity has not changed since', () => {
    const history = new History(game);
    const last = 20 + 2 * ring;
    recordRun(history, 0, last, (tick) => (tick < 10 ? 1 : 5));
    for (const tick of [10, 11, 20, last - ring, last]) expect(loadOf(history, history.baseAt(SLOT, 1, tick, true)), `${tick}`).toBe(5);
    for (const tick of [0, 9, last + 1]) expect(history.baseAt(SLOT, 1, tick, true), `${tick}`).toBe(-1);
    expect([history.rowAt(SLOT, 1, 11), history.baseAt(SLOT, 2, 11, true)]).toEqual([-1, -1]);
    // One change, and once the row before it has left the ring nothing older is a base.
    recordRun(history, last + 1, last + ring, () => 6);
    expect([history.baseAt(SLOT, 1, last, true), history.baseAt(SLOT, 1, last + 1, true) >= 0]).toEqual([-1, true]);
  });

  it('[HY5] a tick that is recorded anew forgets the later ones; one that has left the ring begins anew', () => {
    const history = new History(game);
    recordRun(history, 0, 100, (tick) => tick % 10);
    recordRun(history, 80, 80, () => 7);
    expect([history.rowAt(SLOT, 1, 81), loadOf(history, history.rowAt(SLOT, 1, 80)), loadOf(history, history.rowAt(SLOT, 1, 79))]).toEqual([
      -1, 7, 9,
    ]);
    // The rows that 81 to 100 took the place of are gone, though 80 is newest again.
    expect([history.rowAt(SLOT, 1, 36), history.rowAt(SLOT, 1, 37) >= 0]).toEqual([-1, true]);
    recordRun(history, 81, 300, (tick) => tick % 10);
    recordRun(history, 150, 150, () => 3);
    expect([loadOf(history, history.rowAt(SLOT, 1, 150)), history.rowAt(SLOT, 1, 151), history.sinceNow(SLOT, true)]).toEqual([3, -1, 150]);
    recordRun(history, 151, 160, () => 3);
    expect([history.sinceNow(SLOT, true), history.baseAt(SLOT, 1, 149, true), history.baseAt(SLOT, 1, 150, true) >= 0]).toEqual([150, -1, true]);
  });

  it('[HY6] another version, another type or a gap begins anew, in a ring that an earlier entity left', () => {
    const history = new History(game);
    recordRun(history, 0, 10, () => 5);
    const left = history.rows(SLOT);
    const next = 10 + ring;
    recordRun(history, next, next + 1, () => 5, 2);
    expect([history.rowAt(SLOT, 1, 10), history.rowAt(SLOT, 2, 10), history.rowAt(SLOT, 2, next) >= 0, history.sinceNow(SLOT, true)]).toEqual([
      -1,
      -1,
      true,
      next,
    ]);
    expect(history.rows(SLOT)).toBe(left);
    recordRun(history, next + 9, next + 9, () => 5, 2);
    expect([history.rowAt(SLOT, 2, next + 1), history.sinceNow(SLOT, true)]).toEqual([-1, next + 9]);
    history.record(SLOT, 2, LAMP, { on: true }, next + 10);
    expect([history.rowAt(SLOT, 2, next + 9), history.rowAt(SLOT, 2, next + 10) >= 0]).toEqual([-1, true]);
    history.record(SLOT + 1, 1, CART, { at: 0, load: 1, fuel: 0 }, next + 11);
    expect(history.rows(SLOT + 1)).toBe(left);
  });

  it('[RW7] the rows of an entity that is gone are found by its version while they are no older than a ring, whoever has its slot', () => {
    const history = new History(game);
    recordRun(history, 0, 10, (tick) => tick % 10, 1);
    recordRun(history, 11, 11, () => 3, 2);
    recordRun(history, 14, 13 + ring - 4, (tick) => tick % 10, 3);
    const [first, second] = [history.life(SLOT, 1), history.life(SLOT, 2)];
    expect([first?.firstTick, first?.lastTick, second?.firstTick, second?.lastTick, history.life(SLOT, 4)]).toEqual([0, 10, 11, 11, undefined]);
    for (let tick = 0; tick <= 10; tick++) expect(first?.rows[rowOfLife(first, tick) + 1]).toBe(tick % 10);
    expect(first && sinceOfLife(first, 7, true)).toBe(7);
    // A ring later both are gone, and their rings are for others.
    recordRun(history, 10 + ring, 10 + ring, () => 1, 4);
    expect([history.life(SLOT, 1), history.life(SLOT, 2) === second, history.life(SLOT, 3)?.lastTick]).toEqual([undefined, true, 9 + ring]);
    recordRun(history, 11 + ring, 11 + ring, () => 1, 5);
    expect([history.life(SLOT, 2), history.life(SLOT, 4)?.lastTick, history.life(SLOT, 5)?.lastTick]).toEqual([undefined, 10 + ring, 11 + ring]);
    expect([history.life(SLOT, 4)?.rows === first?.rows, history.life(SLOT, 5)?.rows === second?.rows]).toEqual([true, true]);
  });

  it('[HY9] what only the owner is sent counts for the owner: for others a row has held, and is a base, while nothing that they see changes', () => {
    const history = new History(game);
    const last = 20 + 2 * ring;
    // What others see changes at 10, the fuel every 7 ticks.
    recordRun(
      history,
      0,
      last,
      (tick) => (tick < 10 ? 1 : 5),
      1,
      (tick) => Math.floor(tick / 7) % 10,
    );
    expect([history.sinceNow(SLOT, false), history.sinceNow(SLOT, true)]).toEqual([10, Math.floor(last / 7) * 7]);
    for (let tick = last - ring + 1; tick <= last; tick++)
      expect([history.sinceAt(SLOT, tick, false), history.sinceAt(SLOT, tick, true)]).toEqual([10, Math.max(10, Math.floor(tick / 7) * 7)]);
    expect([history.baseAt(SLOT, 1, 10, false) >= 0, history.baseAt(SLOT, 1, 10, true), history.baseAt(SLOT, 1, 9, false)]).toEqual([true, -1, -1]);
    // The oldest tick that is a base is one, and the one before it is none.
    for (const isOwner of [true, false]) {
      const from = history.baseFrom(SLOT, isOwner);
      expect([history.baseAt(SLOT, 1, from, isOwner) >= 0, history.baseAt(SLOT, 1, from - 1, isOwner)]).toEqual([true, -1]);
      expect(history.sinceAt(SLOT, from, isOwner)).toBeLessThanOrEqual(from);
    }
    // Once what others see changes as well, both begin anew.
    recordRun(
      history,
      last + 1,
      last + 1,
      () => 6,
      1,
      () => 3,
    );
    expect([history.sinceNow(SLOT, false), history.sinceNow(SLOT, true)]).toEqual([last + 1, last + 1]);
  });

  it('[HY8] whatever is recorded, the rows that are found are those of a list of everything', () => {
    const command = fc.record({
      ahead: fc.oneof({ weight: 20, arbitrary: fc.constant(1) }, fc.constant(0), fc.integer({ min: -80, max: 4 })),
      times: fc.integer({ min: 1, max: 90 }),
      value: fc.nat(2),
      newVersion: fc.boolean(),
      changes: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(command, { maxLength: 12 }), fc.array(fc.nat(300), { minLength: 30, maxLength: 30 }), (commands, questions) => {
        const history = new History(game);
        const model = new Model();
        let version = 1;
        let tick = 70;
        for (const { ahead, times, value, newVersion, changes } of commands) {
          if (newVersion && times > 80) version++;
          tick = Math.max(0, tick + ahead);
          for (let time = 0; time < times; time++) {
            if (time > 0) tick++;
            const now = changes && time % 7 === 0 ? (value + time) % 3 : value;
            recordRun(history, tick, tick, () => now, version);
            model.record(version, tick, now);
          }
          expect(history.sinceNow(SLOT, true)).toBe(model.rows.get(tick)?.since);
          for (const back of [0, 1, ring - 1, ring, ring + 1, ...questions]) {
            const asked = tick + 2 - back;
            if (asked < 0) continue;
            const [rowAt, baseAt] = [history.rowAt(SLOT, version, asked), history.baseAt(SLOT, version, asked, true)];
            expect(rowAt < 0 ? undefined : loadOf(history, rowAt)).toBe(model.row(asked));
            expect(baseAt < 0 ? undefined : loadOf(history, baseAt)).toBe(model.base(asked));
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});

/** Everything that was recorded of one slot, and what of it a ring may still know. */
class Model {
  rows = new Map<number, { value: number; since: number }>();
  #version = 0;
  #last = -1;

  record(version: number, tick: number, value: number): void {
    const inRing = tick > this.#last - ring && tick <= this.#last + 1 && (tick > this.#last || this.rows.has(tick));
    if (version !== this.#version || !inRing) this.rows.clear();
    else if (tick < this.#last) for (const known of [...this.rows.keys()]) if (known > tick || known <= this.#last - ring) this.rows.delete(known);
    const before = this.rows.get(tick - 1);
    this.rows.set(tick, { value, since: before?.value === value ? before.since : tick });
    this.#version = version;
    this.#last = tick;
  }

  row(tick: number): number | undefined {
    return tick > this.#last - ring ? this.rows.get(tick)?.value : undefined;
  }

  base(tick: number): number | undefined {
    const row = this.rows.get(tick);
    const oldest = this.rows.get(this.#last - ring + 1);
    return tick > this.#last - ring || (oldest && oldest.since <= tick) ? row?.value : undefined;
  }
}

function recordRun(history: History, from: number, to: number, load: (tick: number) => number, version = 1, fuel = (_: number): number => 0): void {
  for (let tick = from; tick <= to; tick++) history.record(SLOT, version, CART, { at: load(tick), load: load(tick), fuel: fuel(tick) }, tick);
}

function loadOf(history: History, at: number): number | undefined {
  return history.rows(SLOT)[at + 1];
}
