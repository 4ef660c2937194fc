import { defineGame, entity, f, Random } from '@tickwire/shared';
import { type Entity, slotOf, World } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Interest } from './interest.ts';

const game = defineGame({
  name: 'interest',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    actor: entity({ pos: f.vec2(-5000, 5000), team: f.uint(9) }),
    ball: entity({ pos: f.vec2(-5000, 5000) }, { predict: 'everyone' }),
    rule: entity({ text: f.string(10) }),
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
const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.sqrt((a.x - b.x) ** 2 + (a.y - b.y) ** 2);

describe('Interest', () => {
  it('[IN1] a client sees what is within the radius of what it controls, as a search of everything finds it, ascending', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const { world, all, viewer, me } = stage(300, seed);
      const seen = listOf(new Interest(world, { radius: 250 }).slotsFor(viewer, undefined));
      const near = all.filter(({ pos }) => distance(pos, me.pos) <= 250).map(({ id }) => slotOf(id) as number);
      expect(seen).toEqual([0, ...near]);
      expect(near.length).toBeGreaterThan(3);
    }
  });

  it('[IN2] an entity that came into view stays until it is beyond the larger radius', () => {
    const { world, viewer, me } = stage(1, 1);
    me.pos = { x: 0, y: 0 };
    const other = world.spawn('actor', { pos: { x: 105, y: 0 } });
    const interest = new Interest(world, { radius: 100, leaveRadius: 120 });
    const seenAt = (x: number): boolean => {
      world.tick++;
      other.pos.x = x;
      return listOf(interest.slotsFor(viewer, undefined)).includes(slotOf(other.id));
    };
    expect([105, 99, 105, 119, 121, 105, 100].map(seenAt)).toEqual([false, true, true, true, false, false, true]);
  });

  it('[IN3] the state, what it controls, what has no position and what everyone predicts is always seen', () => {
    const { world, viewer, me } = stage(1, 1);
    const ball = world.spawn('ball', { pos: { x: 4000, y: 4000 } });
    const rule = world.spawn('rule');
    const far = world.spawn('actor', { pos: { x: 4000, y: 4000 } });
    viewer.controls.add(slotOf(far.id));
    const hidden = world.spawn('actor', { pos: { x: -4000, y: 4000 } });
    const seen = listOf(new Interest(world, { radius: 50 }).slotsFor(viewer, (one) => one.id === rule.id));
    expect(seen).toEqual([0, ...[me, ball, rule, far].map(({ id }) => slotOf(id))]);
    expect(seen).not.toContain(slotOf(hidden.id));
  });

  it('[IN4] the rule of the room is asked only for what is near, and what it hides is not seen', () => {
    const { world, all, viewer, me } = stage(200, 4);
    const asked = new Set<number>();
    const seen = listOf(
      new Interest(world, { radius: 300 }).slotsFor(viewer, (one) => {
        asked.add(slotOf(one.id));
        return (one as unknown as { team: number }).team === 1;
      }),
    );
    const near = all.filter((one) => one !== me && distance(one.pos, me.pos) <= 300);
    expect([...asked].sort((a, b) => a - b)).toEqual(near.map(({ id }) => slotOf(id)));
    expect(seen).toEqual([0, slotOf(me.id), ...near.filter(({ team }) => team === 1).map(({ id }) => slotOf(id))].sort((a, b) => a - b));
    const without = listOf(new Interest(world, undefined).slotsFor(viewer, undefined));
    expect(without.length).toBe(world.slotCount);
  });

  it('[IN5] a radius that cannot be is refused', () => {
    const { world } = stage(1, 1);
    expect(() => new Interest(world, { radius: 0 })).toThrow('radius 0 must be above 0');
    expect(() => new Interest(world, { radius: 10, leaveRadius: 5 })).toThrow('leaveRadius 5');
  });
});
