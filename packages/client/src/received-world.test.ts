// What has arrived, entity by entity: packets come in any order, and what is newer stands.

import { defineGame, entity, f } from '@tickwire/shared';
import { entityId, type Slot } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReceivedWorld } from './received-world.ts';

const game = defineGame({
  name: 'world',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ a: f.uint(1000) }), other: entity({ text: f.string(100), list: f.list(f.uint(9), 20) }) },
});

function full(world: ReceivedWorld, slot: number, version: number, tick: number, type = 1): void {
  world.full(slot, version, type, undefined, tick, tick, 0, new Int32Array(100).fill(tick), 0);
}

describe('ReceivedWorld', () => {
  it('[RC4] a late packet never brings back an entity that a newer one ended', () => {
    const world = new ReceivedWorld(game);
    full(world, 3, 1, 10);
    world.despawn(3, 20);
    expect(world.entities[3]).toBeUndefined();
    full(world, 3, 1, 15);
    full(world, 3, 1, 20);
    expect(world.entities[3]).toBeUndefined();
    full(world, 3, 1, 21); // it came back into view
    expect(world.entities[3]?.newestTick).toBe(21);
    world.despawn(3, 18);
    expect(world.entities[3]?.newestTick).toBe(21);
  });

  it('[RC4] a late state of the entity before does not displace the one that has the slot now', () => {
    const world = new ReceivedWorld(game);
    full(world, 3, 2, 30);
    full(world, 3, 1, 20);
    expect(world.entities[3]?.id).toBe(entityId(3 as Slot, 2));
    world.despawn(3, 25);
    expect(world.entities[3]?.id).toBe(entityId(3 as Slot, 2));
    expect(world.get(entityId(3 as Slot, 1))).toBeUndefined();
    expect(world.get(entityId(3 as Slot, 2))).toBe(world.entities[3]);
  });

  it('[RC5] a slot that is said to be empty is empty, also when the entity that left it was never seen here', () => {
    const world = new ReceivedWorld(game);
    full(world, 3, 1, 10);
    world.despawn(3, 200); // the end of the first, and all of the second, were lost
    expect(world.entities[3]).toBeUndefined();
    full(world, 3, 2, 190);
    expect(world.entities[3]).toBeUndefined();
  });

  it('[RC5] in whatever order packets come, in the end there is what the newest of them says', () => {
    const life = fc.array(fc.record({ alive: fc.integer({ min: 1, max: 4 }), gap: fc.integer({ min: 1, max: 3 }) }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(life, fc.infiniteStream(fc.nat(1000)), fc.boolean(), (lives, order, endsAlive) => {
        const news: { tick: number; version: number; gone: boolean }[] = [];
        let tick = 0;
        lives.forEach(({ alive, gap }, index) => {
          for (let state = 0; state < alive; state++) news.push({ tick: ++tick, version: index + 1, gone: false });
          if (endsAlive && index === lives.length - 1) return;
          for (let end = 0; end < gap; end++) news.push({ tick: ++tick, version: index + 1, gone: true });
        });
        const last = news.at(-1) as (typeof news)[number];
        const shuffled = news.map((one) => [order.next().value as number, one] as const).sort((a, b) => a[0] - b[0]);
        // Of all but the last some are lost: those with a number that 4 divides.
        const world = new ReceivedWorld(game);
        for (const [number, one] of shuffled) {
          if (one !== last && number % 4 === 0) continue;
          if (one.gone) world.despawn(3, one.tick);
          else full(world, 3, one.version, one.tick);
        }
        expect(world.entities[3]?.id).toBe(last.gone ? undefined : entityId(3 as Slot, last.version));
        if (!last.gone) expect(world.entities[3]?.newestTick).toBe(last.tick);
      }),
      { numRuns: 500 },
    );
  });

  it('[RC8] a late packet does not mean by a handle what was given it since', () => {
    const world = new ReceivedWorld(game);
    expect([world.slotOfHandle(0, 0), world.slotOfHandle(5, 90)]).toEqual([0, -1]);
    world.nameHandle(5, 10, 60);
    world.nameHandle(5, 12, 100);
    world.nameHandle(5, 10, 80); // late
    expect([99, 100, 130].map((tick) => world.slotOfHandle(5, tick))).toEqual([-1, 12, 12]);
  });

  it('[RC6] an entity that ended is kept for the view until the view has passed its end', () => {
    const world = new ReceivedWorld(game);
    full(world, 3, 1, 10);
    full(world, 3, 2, 30); // the slot was used again: the first is over by then
    world.despawn(3, 40);
    expect(world.departed.map(({ tick, entity: one }) => [tick, one.id])).toEqual([
      [30, entityId(3 as Slot, 1)],
      [40, entityId(3 as Slot, 2)],
    ]);
    world.passed(29.9);
    expect(world.departed.length).toBe(2);
    world.passed(30);
    expect(world.departed.map(({ tick }) => tick)).toEqual([40]);
    world.passed(41);
    expect(world.departed).toEqual([]);
  });

  it('[RC6] what the view has passed knows no state any more, and an entity that has its table has none of its states', () => {
    const world = new ReceivedWorld(game);
    full(world, 3, 1, 10);
    full(world, 3, 1, 20);
    full(world, 4, 1, 20, 2);
    const [first, other] = [world.entities[3], world.entities[4]];
    const table = first?.rows;
    world.despawn(3, 30);
    world.despawn(4, 30);
    world.passed(29);
    expect([first?.count, first?.rowFor(20), other?.count]).toEqual([2, first?.rowAt(1), 1]);
    world.passed(30);
    expect([first, other].map((one) => [one?.count, one?.newestTick, one?.rowFor(20), one?.rows.length])).toEqual([
      [0, -1, -1, 0],
      [0, -1, -1, 0],
    ]);
    full(world, 5, 1, 40); // of the same type
    full(world, 6, 1, 40);
    expect([world.entities[5]?.rows === table, world.entities[6]?.rows === table]).toEqual([true, false]);
    expect([world.entities[5]?.count, world.entities[5]?.indexAt(39), world.entities[5]?.tickAt(0)]).toEqual([1, -1, 40]);
  });

  it('[RC7] a state of another type under the same id is another entity: the words of one mean nothing to the other', () => {
    const world = new ReceivedWorld(game);
    full(world, 3, 1, 10, 2);
    full(world, 3, 1, 13, 1);
    expect([world.entities[3]?.type.name, world.entities[3]?.count, world.departed[0]?.entity.type.name]).toEqual(['one', 1, 'other']);
    full(world, 3, 1, 12, 2);
    expect([world.entities[3]?.type.name, world.entities[3]?.count]).toEqual(['one', 1]);
  });
});
