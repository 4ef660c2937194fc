import { defineGame, entity, f, Random } from '@tickwire/shared';
import { type Entity, slotOf, World } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Interest, type Viewer } from './interest.ts';

const game = defineGame({
  name: 'interest',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    actor: entity({ pos: f.vec2(-5000, 5000), team: f.uint(9) }),
    ball: entity({ pos: f.vec2(-5000, 5000) }, { predict: 'everyone' }),
    rule: entity({ text: f.string(10) }),
    bag: entity({ gold: f.uint(99) }, { visible: 'owner' }),
    scout: entity({ pos: f.vec2(-5000, 5000), team: f.uint(9) }, { visible: 'team' }),
    order: entity({ team: f.uint(9) }, { visible: 'team' }),
  },
  steps: { ball: () => {} },
});

/** A world of actors, and a viewer who controls the first of them. */
function stage(actors: number, seed: number) {
  const world = new World(game);
  const random = new Random(seed);
  const all = Array.from({ length: actors }, () =>
    world.spawn('actor', { pos: { x: random.range(-900, 900), y: random.range(-900, 900) }, team: random.int(2) }),
  );
  const viewer = { controls: new Set([slotOf((all[0] as Entity).id)]) };
  return { world, random, all, viewer, me: all[0] as (typeof all)[number] };
}

const listOf = ({ slots, count }: { slots: Int32Array; count: number }): number[] => [...slots.subarray(0, count)];
interface Place {
  x: number;
  y: number;
  z?: number;
}
const distance = (a: Place, b: Place): number => Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2 + ((a.z ?? 0) - (b.z ?? 0)) ** 2);

describe('Interest', () => {
  it('[IN1] a client sees what is within the radius of what it controls, as a search of everything finds it, ascending', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, all, viewer, me } = stage(300, seed);
      const seen = listOf(new Interest(world, { radius: 250 }, undefined).slotsFor(viewer));
      const near = all.filter(({ pos }) => distance(pos, me.pos) <= 250).map(({ id }) => slotOf(id) as number);
      expect(seen).toEqual([0, ...near]);
      expect(near.length).toBeGreaterThan(3);
    }
  });

  it('[IN2] an entity that came into view stays until it is beyond the larger radius', () => {
    const { world, viewer, me } = stage(1, 1);
    me.pos = { x: 0, y: 0 };
    const other = world.spawn('actor', { pos: { x: 105, y: 0 } });
    const interest = new Interest(world, { radius: 100, leaveRadius: 120 }, undefined);
    const seenAt = (x: number): boolean => {
      world.tick++;
      other.pos.x = x;
      return listOf(interest.slotsFor(viewer)).includes(slotOf(other.id));
    };
    expect([105, 99, 105, 119, 121, 105, 100].map(seenAt)).toEqual([false, true, true, true, false, false, true]);
  });

  it('[IN2] another entity in the slot of one that was in view has come into view by itself or not at all', () => {
    const { world, viewer, me } = stage(1, 1);
    me.pos = { x: 0, y: 0 };
    const interest = new Interest(world, { radius: 100, leaveRadius: 120 }, undefined);
    let other = world.spawn('actor', { pos: { x: 90, y: 0 } });
    const slot = slotOf(other.id);
    world.tick++;
    expect(listOf(interest.slotsFor(viewer))).toContain(slot);
    world.despawn(other);
    // As long as it takes until the slot is used again.
    for (let count = 0; count < 200 && (count === 0 || slotOf(other.id) !== slot); count++) {
      if (count > 0) world.despawn(other);
      other = world.spawn('actor', { pos: { x: 110, y: 0 } });
    }
    world.tick++;
    expect(listOf(interest.slotsFor(viewer))).not.toContain(slotOf(other.id));
  });

  it('[IN1] [IN2] viewers who control several entities in a moving world see what a search of everything finds, in three dimensions too', () => {
    const random = new Random(8);
    const world = new World(
      defineGame({
        name: 'deep',
        tickHz: 60,
        snapshotHz: 20,
        entities: { fish: entity({ pos: f.vec3(-9000, 9000) }), crab: entity({ pos: f.vec2(-9000, 9000) }) },
      }),
    );
    const all = Array.from({ length: 250 }, (_, index) => {
      const pos = { x: random.range(-700, 700), y: random.range(-700, 700), z: random.range(-200, 200) };
      return index % 3 === 0 ? world.spawn('crab', { pos }) : world.spawn('fish', { pos });
    });
    const interest = new Interest(world, { radius: 150, leaveRadius: 400 }, undefined);
    const viewers = [1, 2, 3].map((count) => ({
      controls: new Set(all.slice(count * 9, count * 10).map(({ id }) => slotOf(id) as number)),
      before: new Set<number>(),
    }));
    for (let tick = 0; tick < 40; tick++) {
      world.tick++;
      for (const { pos } of all) {
        pos.x += random.range(-90, 90);
        pos.y += random.range(-90, 90);
      }
      if (tick === 20) for (const one of all.splice(200, 20)) world.despawn(one);
      for (const viewer of viewers) {
        const eyes = all.filter(({ id }) => viewer.controls.has(slotOf(id)));
        const seen = all.filter(({ id, pos }) => {
          const radius = viewer.before.has(slotOf(id)) ? 400 : 150;
          return viewer.controls.has(slotOf(id)) || eyes.some((eye) => distance(eye.pos, pos) <= radius);
        });
        const slots = seen.map(({ id }) => slotOf(id) as number).sort((a, b) => a - b);
        expect(listOf(interest.slotsFor(viewer))).toEqual([0, ...slots]);
        viewer.before = new Set(slots);
      }
    }
  });

  it('[IN7] what is visible to its owner is seen by the client that controls it, and by no other', () => {
    const { world, viewer, me } = stage(1, 1);
    const mine = world.spawn('bag', { gold: 1 });
    const other = world.spawn('bag', { gold: 2 });
    viewer.controls.add(slotOf(mine.id));
    const interest = new Interest(world, undefined, undefined);
    expect(listOf(interest.slotsFor(viewer))).toEqual([0, slotOf(me.id), slotOf(mine.id)]);
    viewer.controls.delete(slotOf(mine.id));
    viewer.controls.add(slotOf(other.id));
    expect(listOf(interest.slotsFor(viewer))).toEqual([0, slotOf(me.id), slotOf(other.id)]);
  });

  it('[IN8] what is visible to its team is seen by clients that control an entity of it, where it is near and the rule of the room lets it', () => {
    const { world, viewer, me } = stage(1, 1);
    me.pos = { x: 0, y: 0 };
    const near = world.spawn('scout', { team: 1, pos: { x: 10, y: 0 } });
    const far = world.spawn('scout', { team: 1, pos: { x: 400, y: 0 } });
    const foe = world.spawn('scout', { team: 2, pos: { x: 20, y: 0 } });
    world.spawn('scout', { team: 2, pos: { x: 400, y: 0 } });
    const ours = world.spawn('order', { team: 1 });
    const theirs = world.spawn('order', { team: 2 });
    const slots = (...some: { readonly id: Entity['id'] }[]): number[] => [0, ...some.map(({ id }) => slotOf(id) as number)];
    me.team = 1;
    expect(listOf(new Interest(world, undefined, undefined).slotsFor(viewer))).toEqual(slots(me, near, far, ours));
    expect(listOf(new Interest(world, { radius: 50 }, undefined).slotsFor(viewer))).toEqual(slots(me, near, ours));
    expect(listOf(new Interest(world, undefined, (_viewer, one) => one.id !== ours.id).slotsFor(viewer))).toEqual(slots(me, near, far));
    me.team = 2;
    expect(listOf(new Interest(world, { radius: 50 }, undefined).slotsFor(viewer))).toEqual(slots(me, foe, theirs));
    expect(listOf(new Interest(world, undefined, undefined).slotsFor({ controls: new Set() }))).toEqual(slots(me));
  });

  it('[IN3] the state, what it controls, what has no position and what everyone predicts is always seen', () => {
    const { world, viewer, me } = stage(1, 1);
    const ball = world.spawn('ball', { pos: { x: 4000, y: 4000 } });
    const rule = world.spawn('rule');
    const far = world.spawn('actor', { pos: { x: 4000, y: 4000 } });
    viewer.controls.add(slotOf(far.id));
    const hidden = world.spawn('actor', { pos: { x: -4000, y: 4000 } });
    const seen = listOf(new Interest(world, { radius: 50 }, (_viewer, one) => one.id === rule.id).slotsFor(viewer));
    expect(seen).toEqual([0, ...[me, ball, rule, far].map(({ id }) => slotOf(id))]);
    expect(seen).not.toContain(slotOf(hidden.id));
  });

  it('[IN4] the rule of the room is asked only for what is near, and what it hides is not seen', () => {
    const { world, all, viewer, me } = stage(200, 4);
    const asked = new Set<number>();
    const interest = new Interest(world, { radius: 300 }, (by: Viewer, one) => {
      expect(by).toBe(viewer);
      asked.add(slotOf(one.id));
      return one['team'] === 1;
    });
    const seen = listOf(interest.slotsFor(viewer));
    const near = all.filter((one) => one !== me && distance(one.pos, me.pos) <= 300);
    expect([...asked].sort((a, b) => a - b)).toEqual(near.map(({ id }) => slotOf(id)));
    expect(seen).toEqual([0, slotOf(me.id), ...near.filter(({ team }) => team === 1).map(({ id }) => slotOf(id))].sort((a, b) => a - b));
    const without = listOf(new Interest(world, undefined, undefined).slotsFor(viewer));
    expect(without.length).toBe(world.slotCount);
  });

  it('[IN5] a radius that cannot be is refused', () => {
    const { world } = stage(1, 1);
    expect(() => new Interest(world, { radius: 0 }, undefined)).toThrow('radius 0 must be above 0');
    expect(() => new Interest(world, { radius: 10, leaveRadius: 5 }, undefined)).toThrow('leaveRadius 5');
  });
});
