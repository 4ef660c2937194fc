// The states of one entity as they arrive: in order of their ticks, and none dropped that a delta or the view may still need.

import { defineGame, type EntityId, entity, f, limits } from '@tickwire/shared';
import type { EntityType } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReceivedEntity } from './received.ts';

const game = defineGame({ name: 'received', tickHz: 60, snapshotHz: 20, entities: { one: entity({ a: f.uint(100_000), b: f.uint(100_000) }) } });
const type = game.types[1] as EntityType;

function make(): ReceivedEntity {
  return new ReceivedEntity(16385 as EntityId, type, undefined);
}

/** Puts in a state whose values tell its tick. */
function put(entity: ReceivedEntity, tick: number, since = tick, form: 0 | 1 | 2 = 0): void {
  entity.insert(tick, since, form, Int32Array.of(99, tick, tick + 1), 1);
}

function values(entity: ReceivedEntity, index: number): number[] {
  return [...entity.rows.subarray(entity.rowAt(index), entity.rowAt(index) + 2)];
}

function ticks(entity: ReceivedEntity): number[] {
  return Array.from({ length: entity.count }, (_, index) => entity.tickAt(index));
}

describe('ReceivedEntity', () => {
  it('[RC1] keeps states in the order of their ticks, each with its values, and a second one for a tick changes nothing', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(60), { maxLength: 80 }), (arrivals) => {
        const entity = make();
        for (const tick of arrivals) put(entity, tick, Math.max(0, tick - (tick % 3)), (tick % 3) as 0 | 1 | 2);
        for (const tick of arrivals) entity.insert(tick, 0, 0, Int32Array.of(5, 5), 0);
        const expected = [...new Set(arrivals)].sort((a, b) => a - b);
        expect(ticks(entity)).toEqual(expected);
        expected.forEach((tick, index) => {
          expect(values(entity, index)).toEqual([tick, tick + 1]);
          expect([entity.sinceAt(index), entity.formAt(index)]).toEqual([Math.max(0, tick - (tick % 3)), tick % 3]);
        });
        expect(entity.newestTick).toBe(expected.at(-1) ?? -1);
        expect(entity.form).toBe((expected.at(-1) ?? 0) % 3);
      }),
    );
  });

  it('[RC1] a base is the newest state at or before a tick, also when looked for from a state before it', () => {
    const entity = make();
    for (const tick of [10, 14, 20]) put(entity, tick, tick - 2);
    expect([9, 10, 13.9, 14, 19, 400].map((tick) => entity.indexAt(tick))).toEqual([-1, 0, 0, 1, 1, 2]);
    expect([9, 10, 12, 14, 21].map((tick) => entity.baseIndex(tick))).toEqual([-1, 0, 0, 1, 2]);
    expect([14, 19, 20, 99].map((tick) => entity.baseIndex(tick, 1))).toEqual([1, 1, 2, 2]);
    expect(make().baseIndex(5)).toBe(-1);
  });

  it('[RC1] knows the state between two ticks only where it rested', () => {
    const entity = make();
    put(entity, 10);
    put(entity, 14, 12);
    expect([9, 10, 11, 14, 30].map((tick) => entity.rowFor(tick))).toEqual([-1, entity.rowAt(0), -1, entity.rowAt(1), entity.rowAt(1)]);
  });

  it('[RC1] whatever is put in and dropped, in tables that slide and grow, each state keeps its values', () => {
    const acts = fc.array(fc.record({ ahead: fc.integer({ min: -8, max: 3 }), prunes: fc.boolean(), back: fc.nat(20) }), {
      maxLength: 250,
      size: 'max',
    });
    let moves = 0;
    const property = fc.property(acts, (list) => {
      const entity = make();
      let now = 30;
      let dropped = -1;
      const expected: number[] = [];
      for (const { ahead, prunes, back } of list) {
        now += Math.max(0, ahead);
        const tick = now + Math.min(0, ahead);
        const { rows } = entity;
        put(entity, tick);
        if (entity.rows !== rows) moves++;
        if (!expected.includes(tick) && (dropped < 0 || tick > (expected[0] ?? -1))) expected.push(tick);
        expected.sort((a, b) => a - b);
        if (prunes) entity.prune(now - back, now - back);
        while (expected.length > limits.clientStates || (prunes && (expected[1] ?? Number.POSITIVE_INFINITY) <= now - back))
          dropped = expected.shift() as number;
        expect(ticks(entity)).toEqual(expected);
        expect(expected.map((_, index) => values(entity, index)[0])).toEqual(expected);
        if (entity.count > 0) expect(entity.newestTick).toBe(expected.at(-1));
      }
    });
    fc.assert(property, { numRuns: 150, endOnFailure: true });
    expect(moves).toBeGreaterThan(4);
  });

  it('[RC2] what the server may still use as a base, and what the view still needs, is never dropped', () => {
    const arrival = fc.record({ ahead: fc.integer({ min: -6, max: 4 }), back: fc.nat(10), prunes: fc.boolean(), lag: fc.nat(12) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
        const entity = make();
        const put_ = new Set<number>();
        let now = 20;
        let newestBase = -1;
        for (const { ahead, back, prunes, lag } of arrivals) {
          now += Math.max(0, ahead);
          const tick = now + Math.min(0, ahead);
          const viewTick = now - lag;
          const known = ticks(entity).filter((one) => one < tick);
          put(entity, tick);
          if (ticks(entity).includes(tick)) put_.add(tick);
          const base = known.at(-1 - (back % Math.max(1, known.length)));
          if (!prunes || base === undefined) continue;
          newestBase = Math.max(newestBase, base);
          entity.prune(base, viewTick);
          const left = new Set(ticks(entity));
          for (const one of put_) if (one >= newestBase && !left.has(one)) throw new Error(`${one} was dropped, base ${newestBase}`);
          if (!left.has([...put_].filter((one) => one <= newestBase).sort((a, b) => b - a)[0] ?? base))
            throw new Error(`nothing is left at ${newestBase}`);
          const shown = [...put_].filter((one) => one <= viewTick).sort((a, b) => b - a)[0];
          if (shown !== undefined && !left.has(shown)) throw new Error(`${shown} was dropped, view ${viewTick}`);
          for (const one of put_) if (!left.has(one)) put_.delete(one);
        }
      }),
      { numRuns: 300, endOnFailure: true },
    );
  });

  it('[RC2] a state that was dropped is stood for by the next one where that is the same, in the same form, and by nothing else', () => {
    const rested = make();
    put(rested, 10);
    for (const tick of [16, 19, 22]) put(rested, tick, 14);
    rested.prune(20, 100); // named by a tick through which the state of 16 held
    expect([ticks(rested), [9, 10, 13, 15, 16, 18, 19, 21].map((tick) => rested.baseIndex(tick))]).toEqual([
      [19, 22],
      [-1, -1, -1, -1, 0, 0, 0, 0],
    ]);
    rested.prune(22, 100); // still the same
    expect([ticks(rested), rested.baseIndex(15), rested.baseIndex(16)]).toEqual([[22], -1, 0]);
    put(rested, 30);
    rested.prune(30, 100); // another one
    expect([ticks(rested), rested.baseIndex(29), rested.baseIndex(30)]).toEqual([[30], -1, 0]);
    const taken = make();
    put(taken, 10, 4, 0);
    put(taken, 16, 4, 2); // the same values, known in another form
    put(taken, 19, 4, 2);
    taken.prune(19, 100);
    expect([ticks(taken), [10, 15, 16, 18].map((tick) => taken.baseIndex(tick))]).toEqual([[19], [-1, -1, 0, 0]]);
  });

  it('[RC8] a state that comes when older and newer ones were dropped is left out: it would be taken for those', () => {
    const entity = make();
    for (const tick of [20, 23, 26]) put(entity, tick);
    put(entity, 11); // nothing is dropped yet
    entity.prune(23, 100);
    put(entity, 14);
    put(entity, 22);
    put(entity, 25);
    expect([ticks(entity), entity.baseIndex(22)]).toEqual([[23, 25, 26], -1]);
  });

  it('[RC2] what nobody needs any more is dropped: an entity in motion holds a few states', () => {
    const entity = make();
    for (let tick = 0; tick < 3000; tick += 3) {
      put(entity, tick);
      if (tick > 12) entity.prune(tick - 12, tick - 9);
    }
    expect(entity.count).toBeLessThan(8);
  });

  it('[RC3] holds 64 states at most; then the oldest goes, and one older than all is left out', () => {
    const entity = make();
    for (let tick = 100; tick < 300; tick++) put(entity, tick);
    expect([entity.count, entity.tickAt(0), entity.newestTick]).toEqual([limits.clientStates, 300 - limits.clientStates, 299]);
    put(entity, 50);
    expect([entity.count, entity.tickAt(0)]).toEqual([limits.clientStates, 300 - limits.clientStates]);
    // A server has 32 snapshots on their way at most, and probes in silence every half second until the session ends: 20 more. Both fit, with the base.
    expect(limits.clientStates).toBeGreaterThanOrEqual(limits.snapshotsInFlight + limits.sessionTimeoutMs / 500 + 1);
  });
});
