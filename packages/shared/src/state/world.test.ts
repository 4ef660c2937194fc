import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { packPlain, unpackAny } from '../protocol/plain.ts';
import { f } from '../schema/fields.ts';
import { defineGame, entity } from '../schema/game.ts';
import { type EntityId, entityId, type Slot, slotOf, versionOf } from './entity-id.ts';
import { World } from './world.ts';

const game = defineGame({
  name: 'world',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    tree: entity({ pos: f.vec2(0, 100), height: f.uint(50) }),
    bird: entity({ path: f.list(f.vec2(0, 100), 4), songs: f.list(f.bytes(3), 2), mood: f.flags('shy', 'loud'), seed: f.bytes(4), nest: f.entity() }),
  },
  state: { season: f.enumOf('spring', 'autumn') },
});

describe('World', () => {
  it('[WD1] ids are given by slot from 1, and name one entity for its whole life', () => {
    const world = new World(game);
    const trees = [world.spawn('tree'), world.spawn('bird'), world.spawn('tree')];
    expect(trees.map(({ id }) => [slotOf(id), versionOf(id)])).toEqual([
      [1, 1],
      [2, 1],
      [3, 1],
    ]);
    expect(trees.map(({ type }) => type)).toEqual(['tree', 'bird', 'tree']);
    for (const one of trees) {
      expect(world.get(one.id)).toBe(one);
      expect(world.at(slotOf(one.id))).toBe(one);
    }
    expect([1, 2, 3, 4].map((slot) => [world.typeAt(slot), world.versionAt(slot)])).toEqual([
      [1, 1],
      [2, 1],
      [1, 1],
      [0, 0],
    ]);
  });

  it('[WD2] a spawn has its initial values and those that are given, as copies of its own', () => {
    const world = new World(game);
    const given = { path: [{ x: 1, y: 2 }], songs: [Uint8Array.of(1, 2)], mood: { shy: true, loud: false }, seed: Uint8Array.of(7) };
    const [one, other] = [world.spawn('bird', given), world.spawn('bird', given)];
    given.path[0] = { x: 9, y: 9 };
    given.songs[0]?.fill(9);
    given.mood.shy = false;
    given.seed.fill(9);
    (one.path[0] as { x: number }).x = 5;
    one.mood.loud = true;
    one.songs[0]?.fill(3);
    expect(other).toEqual({
      ...{ id: other.id, type: 'bird', path: [{ x: 1, y: 2 }], songs: [Uint8Array.of(1, 2)] },
      ...{ mood: { shy: true, loud: false }, seed: Uint8Array.of(7), nest: null },
    });
    expect(world.spawn('tree', { height: 3 })).toMatchObject({ pos: { x: 0, y: 0 }, height: 3 });
    const layout = game.types[2]?.layout;
    expect(() => layout?.store(other, new Int32Array(layout.words), 0)).not.toThrow();
  });

  it('[WD2] a spawn of an unknown type, or with an unknown field throws and leaves the world as it was', () => {
    const world = new World(game);
    world.spawn('tree');
    expect(() => world.spawn('house' as never)).toThrow("there is no entity type 'house'");
    expect(() => world.spawn('state' as never)).toThrow("there is no entity type 'state'");
    expect(() => world.spawn('tree', { colour: 1 } as never)).toThrow("spawn('tree'): there is no field 'colour'");
    expect(() => world.spawn('tree', { id: 1 } as never)).toThrow("no field 'id'");
    expect([world.slotCount, world.all('tree').length]).toEqual([2, 1]);
    expect(() => world.all('house' as never)).toThrow("there is no entity type 'house'");
  });

  it('[WD11] a spawn takes the lowest free slot, one that was freed in the same tick too, and its version goes up', () => {
    const world = new World(game);
    const [a, b] = [world.spawn('tree'), world.spawn('tree'), world.spawn('tree')];
    world.despawn(b);
    const again = world.spawn('bird');
    expect([slotOf(again.id), versionOf(again.id), world.typeAt(2)]).toEqual([2, 2, 2]);
    expect(slotOf(world.spawn('tree').id)).toBe(4);
    world.despawn(again);
    world.despawn(a);
    expect([world.spawn('tree'), world.spawn('tree'), world.spawn('tree')].map(({ id }) => [slotOf(id), versionOf(id)])).toEqual([
      [1, 2],
      [2, 3],
      [5, 1],
    ]);
    expect([world.get(a.id), world.get(b.id), world.get(again.id)]).toEqual([undefined, undefined, undefined]);
  });

  it('[WD11] whatever is spawned and despawned, the slots in use are the lowest that were free, and no id comes twice', () => {
    const world = new World(game);
    const live = new Set<number>();
    const ids = new Set<number>();
    for (let step = 0; step < 2000; step++) {
      const dice = Math.imul(step + 1, 0x9e3779b1) >>> 8;
      if (dice % 5 < 2 && live.size > 0) {
        const slot = [...live][dice % live.size] as number;
        world.despawn((world.at(slot) as { id: EntityId }).id);
        live.delete(slot);
        continue;
      }
      let lowest = 1;
      while (live.has(lowest)) lowest++;
      const { id } = world.spawn('tree');
      expect(slotOf(id)).toBe(lowest);
      expect(ids.has(id)).toBe(false);
      ids.add(id);
      live.add(lowest);
    }
    expect(ids.size).toBeGreaterThan(1000);
  });

  it('[WD11] a version wraps at 65536', () => {
    const world = new World(game);
    world.restoreTables([0, [[65_535, 0, null]]]);
    const { id } = world.spawn('tree');
    expect([slotOf(id), versionOf(id)]).toEqual([1, 0]);
    expect(world.get(id)?.type).toBe('tree');
  });

  it('[WD12] a full world throws, and uses what is freed', () => {
    const world = new World(game);
    const all = Array.from({ length: limits.worldSlots - 1 }, () => world.spawn('tree'));
    expect(() => world.spawn('tree')).toThrow(`the world is full: ${limits.worldSlots} entities`);
    expect(world.all('tree').length).toBe(limits.worldSlots - 1);
    world.despawn(all[99] as { id: EntityId });
    world.despawn(all[4] as { id: EntityId });
    expect([world.spawn('tree'), world.spawn('bird')].map(({ id }) => slotOf(id))).toEqual([5, 100]);
    expect(() => world.spawn('tree')).toThrow(RangeError);
  });

  it('[WD5] all gives the entities of a type by slot, and what it gave never changes', () => {
    const world = new World(game);
    const first = world.spawn('tree');
    world.spawn('bird');
    const second = world.spawn('tree');
    const before = world.all('tree');
    expect(world.all('tree')).toBe(before);
    const visited: EntityId[] = [];
    for (const tree of before) {
      visited.push(tree.id);
      world.spawn('tree');
      world.despawn(second);
    }
    expect(visited).toEqual([first.id, second.id]);
    // The second tree's slot was free for what the second turn of the loop spawned.
    expect(world.all('tree').map(({ id }) => slotOf(id))).toEqual([1, 3, 4]);
    world.despawn(first);
    expect(world.all('tree').map(({ id }) => slotOf(id))).toEqual([3, 4]);
    world.spawn('tree');
    expect(world.all('tree').map(({ id }) => slotOf(id))).toEqual([1, 3, 4]);
    expect(before).toEqual([first, second]);
    expect(world.all('bird').map(({ id }) => slotOf(id))).toEqual([2]);
  });

  it('[WD6] the room state is there from the start and is no entity', () => {
    const world = new World(game);
    expect(world.state).toMatchObject({ season: 'spring' });
    world.state.season = 'autumn';
    expect(world.at(0)).toBe(world.state);
    expect([world.get(0 as EntityId), world.get(null)]).toEqual([undefined, undefined]);
    world.despawn(0 as EntityId);
    expect([world.state.season, world.slotCount]).toEqual(['autumn', 1]);
    expect(world.remove(0 as EntityId)).toBe(false);
  });

  it('[WD7] despawn takes an entity or an id, and does nothing for one that is gone', () => {
    const world = new World(game);
    const [a, b] = [world.spawn('tree'), world.spawn('tree')];
    world.despawn(a.id);
    world.despawn(a);
    world.despawn(12_345 as EntityId);
    expect([world.get(a.id), world.at(1), world.get(b.id)]).toEqual([undefined, null, b]);
    const next = world.spawn('tree');
    world.despawn(a);
    expect(world.get(next.id)).toBe(next);
    // Freed once, so given once.
    expect(slotOf(world.spawn('tree').id)).toBe(3);
  });

  it('[WD8] what steps have spawned is known by its origin, and listed by it, whatever its slot is', () => {
    const world = new World(game);
    const made = (key: number, tick: number, number: number) => world.spawn('tree', {}, { key, tick, number }).id;
    const plain = world.spawn('tree').id;
    expect(world.hasSpawned).toBe(false);
    const ids = [made(7, 5, 0), made(7, 5, 1), made(3, 5, 0), made(9, 4, 0), made(1, 6, 0)] as const;
    expect(ids.map((id) => world.originOf(id))).toEqual([
      { key: 7, tick: 5, number: 0 },
      { key: 7, tick: 5, number: 1 },
      { key: 3, tick: 5, number: 0 },
      { key: 9, tick: 4, number: 0 },
      { key: 1, tick: 6, number: 0 },
    ]);
    expect(world.originOf(plain)).toBeUndefined();
    const before = world.spawned;
    const inOrder = [ids[3], ids[2], ids[0], ids[1], ids[4]];
    expect(before.map(({ id }) => id)).toEqual(inOrder);
    world.despawn(ids[0]);
    expect([before.length, world.spawned.map(({ id }) => id)]).toEqual([5, inOrder.filter((id) => id !== ids[0])]);
    expect(world.originOf(ids[0])).toBeUndefined();
    // Another one in its slot is not it.
    expect(world.originOf(world.spawn('bird').id)).toBeUndefined();
  });

  it('[WD13] a guest has no slot and stands behind all others until it has the id of the server; then it is that entity', () => {
    const world = new World(game);
    const guest = entityId(0 as Slot, 3);
    const other = entityId(0 as Slot, 4);
    const origin = { key: 1, tick: 9, number: 0 };
    const late = world.spawn('tree', {}, { key: 1, tick: 9, number: 1 }, other);
    const made = world.spawn('tree', { height: 7 }, origin, guest);
    const first = world.put(entityId(4 as Slot, 2), 1);
    expect(world.slotCount).toBe(5);
    expect(world.all('tree').map(({ id }) => id)).toEqual([first.id, guest, other]);
    expect([world.get(guest), world.get(entityId(0 as Slot, 5)), world.at(0)?.type]).toEqual([made, undefined, 'state']);
    const id = entityId(2 as Slot, 8);
    world.rename(guest, id);
    expect([world.get(guest), world.get(id)?.type, world.originOf(id), world.originOf(guest)]).toEqual([undefined, 'tree', origin, undefined]);
    expect(world.all('tree').map((one) => [one.id, one.height])).toEqual([
      [id, 7],
      [first.id, 0],
      [other, 0],
    ]);
    expect(world.spawned.map((one) => one.id)).toEqual([id, other]);
    world.despawn(late);
    expect(world.all('tree').length).toBe(2);
  });

  it('[WD9] put places an entity by the id that another world gave, in place of what is there', () => {
    const world = new World(game);
    const id = entityId(6 as Slot, 4);
    const put = world.put(id, 1);
    expect([world.slotCount, world.get(id), world.at(3), world.versionAt(6), world.typeAt(6)]).toEqual([7, put, null, 4, 1]);
    expect(put).toMatchObject({ id, type: 'tree', pos: { x: 0, y: 0 } });
    world.put(entityId(2 as Slot, 1), 1);
    expect(world.all('tree').map((one) => slotOf(one.id))).toEqual([2, 6]);
    const other = world.put(entityId(6 as Slot, 5), 2);
    expect([world.get(id), world.get(other.id), world.all('tree').length]).toEqual([undefined, other, 1]);
    expect([world.remove(id), world.remove(other.id), world.remove(other.id)]).toEqual([false, true, false]);
    expect(world.all('bird')).toEqual([]);
  });

  it('[WD10] a world that is saved and restored goes on with the same ids and origins', () => {
    const world = new World(game);
    const ids: EntityId[] = [];
    for (let tick = 1; tick <= 200; tick++) {
      world.tick = tick;
      ids.push(world.spawn(tick % 3 === 0 ? 'bird' : 'tree', {}, tick % 5 === 0 ? { key: tick % 2, tick, number: 0 } : undefined).id);
      if (tick % 4 > 0) world.despawn(ids[(tick * 7) % ids.length] as EntityId);
    }
    world.spawn('tree', {}, { key: 9, tick: 200, number: 0 });
    world.spawn('tree', {}, { key: 9, tick: 200, number: 1 });
    const restored = new World(game);
    restored.restoreTables(unpackAny(packPlain(world.saveTables())));
    for (let tick = 200; tick < 300; tick++) {
      for (const one of [world, restored]) one.tick = tick;
      expect(tables(restored)).toEqual(tables(world));
      const [here, there] = [world, restored].map((one) => one.spawn('bird', {}, { key: 9, tick, number: 2 }).id) as [EntityId, EntityId];
      expect(there).toBe(here);
      for (const one of [world, restored]) one.despawn(ids[(tick * 3) % ids.length] as EntityId);
    }
  });
});

function tables(world: World<typeof game>): unknown {
  const slots = Array.from({ length: world.slotCount }, (_, slot) => [
    world.at(slot)?.id,
    world.at(slot)?.type,
    world.versionAt(slot),
    world.originOf(entityId(slot as Slot, world.versionAt(slot))),
  ]);
  return [world.tick, slots, world.all('tree').map(({ id }) => id), world.all('bird').map(({ id }) => id), world.spawned.map(({ id }) => id)];
}
