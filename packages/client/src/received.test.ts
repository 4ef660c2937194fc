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
          expect([...entity.rows.subarray(index * 2, index * 2 + 2)]).toEqual([tick, tick + 1]);
          expect([entity.sinceAt(index), entity.formAt(index)]).toEqual([Math.max(0, tick - (tick % 3)), tick % 3]);
        });
        expect(entity.newestTick).toBe(expected.at(-1) ?? -1);
        expect(entity.form).toBe((expected.at(-1) ?? 0) % 3);
      }),
    );
  });

  it('[RC1] finds the newest state at or before a tick, and a base only at its own tick', () => {
    const entity = make();
    for (const tick of [10, 14, 20]) put(entity, tick);
    expect([9, 10, 13.9, 14, 19, 400].map((tick) => entity.indexAt(tick))).toEqual([-1, 0, 0, 1, 1, 2]);
    expect([9, 10, 12, 14, 21].map((tick) => entity.baseIndex(tick))).toEqual([-1, 0, -1, 1, -1]);
  });

  it('[RC1] knows the state between two ticks only where it rested', () => {
    const entity = make();
    put(entity, 10);
    put(entity, 14, 12);
    expect([9, 10, 11, 14, 30].map((tick) => entity.rowFor(tick))).toEqual([-1, 0, -1, 2, 2]);
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
          put_.add(tick);
          const base = known.at(-1 - (back % Math.max(1, known.length)));
          if (!prunes || base === undefined) continue;
          newestBase = Math.max(newestBase, base);
          entity.prune(base, viewTick);
          const left = new Set(ticks(entity));
          for (const one of put_) if (one >= newestBase && !left.has(one)) throw new Error(`${one} was dropped, base ${newestBase}`);
          const shown = [...put_].filter((one) => one <= viewTick).sort((a, b) => b - a)[0];
          if (shown !== undefined && !left.has(shown)) throw new Error(`${shown} was dropped, view ${viewTick}`);
          for (const one of put_) if (!left.has(one)) put_.delete(one);
        }
      }),
      { numRuns: 300 },
    );
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
