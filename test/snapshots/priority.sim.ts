// Who waits when not everything fits: nobody for long, the urgent the least.

import { defineGame, entity, f, Random } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Priority, type Weigh } from '../../packages/server/src/priority.ts';
import { Pair, Stage } from './snapshot-pair.ts';

const game = defineGame({
  name: 'turns',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), aim: f.angle({ wire: 8 }), hp: f.uint(100) }),
    crate: entity({ note: f.string(250), n: f.uint(60_000) }),
  },
});

class Chooser extends Pair {
  override readonly priority: Priority;
  asked = 0;

  constructor(weigh: Weigh) {
    super(game);
    this.priority = new Priority((slot) => {
      this.asked++;
      return weigh(slot);
    });
  }
}

/** Every mob jumps: each record is large, and a packet holds few of them. */
function moveAll(stage: Stage<typeof game>, seed: { value: number }): void {
  for (const mob of stage.world.all('mob')) {
    seed.value = (Math.imul(seed.value, 1_664_525) + 1_013_904_223) >>> 0;
    mob.pos.x = (seed.value >>> 8) % 2000;
    mob.pos.y = (seed.value >>> 12) % 2000;
    mob.hp = seed.value % 100;
  }
  for (const crate of stage.world.all('crate')) crate.note = String(seed.value % 9).repeat(240);
}

interface Waits {
  /** By slot: the most ticks that it had not been named for, once every one had been. */
  readonly longest: number[];
  /** Records in a snapshot, on average and at least. */
  readonly perSnapshot: number;
}

/** Runs one packet a snapshot. A quarter of them is lost where nothing else is said, and a packet's ack comes a snapshot late. */
function waits(stage: Stage<typeof game>, to: Chooser, snapshots: number, from: number, packetsMax = 1, loss = 0.25): Waits {
  const seed = { value: 9 };
  const random = new Random(2);
  const last: number[] = [];
  const longest: number[] = [];
  let named = 0;
  for (let snapshot = 0; snapshot < snapshots; snapshot++) {
    stage.tick(3, () => moveAll(stage, seed));
    to.acknowledge();
    const packets = stage.snapshot(to, packetsMax);
    expect(packets.length).toBeLessThanOrEqual(packetsMax);
    if (!random.chance(loss)) expect(to.receive(packets)).not.toContain('wrong');
    for (let slot = 1; slot < stage.world.slotCount; slot++) {
      if (snapshot >= from) longest[slot] = Math.max(longest[slot] ?? 0, snapshot - (last[slot] ?? 0));
      if (to.flight.namedTicks[slot] !== stage.world.tick) continue;
      last[slot] = snapshot;
      if (snapshot >= from) named++;
    }
  }
  return { longest, perSnapshot: named / (snapshots - from) };
}

describe('priorities', () => {
  it('[BF5] of 1,000 that change and are alike, with one packet a snapshot, none is older than 1.25 rounds', () => {
    const stage = new Stage(game);
    const to = new Chooser(() => 1);
    for (let count = 0; count < 1000; count++) stage.world.spawn('mob');
    const { longest, perSnapshot } = waits(stage, to, 300, 100);
    expect(perSnapshot).toBeGreaterThan(80);
    expect(Math.max(...longest.slice(1))).toBeLessThanOrEqual((1.25 * 1000) / perSnapshot);
  });

  it('[BF6] with weights none is older than 1.25 times its share: sum of the weights / its own', () => {
    const weights = [1, 1, 2, 8, 0.5];
    const weigh = (slot: number): number => weights[slot % weights.length] as number;
    for (const loss of [0, 0.25]) {
      const stage = new Stage(game);
      const to = new Chooser(weigh);
      for (let count = 0; count < 1000; count++) stage.world.spawn('mob');
      const { longest, perSnapshot } = waits(stage, to, 500, 200, 1, loss);
      let sum = 0;
      for (let slot = 1; slot <= 1000; slot++) sum += weigh(slot);
      for (let slot = 1; slot <= 1000; slot++) {
        // A wait ends with a snapshot: parts of one count as a whole.
        const fair = Math.ceil((1.25 * sum) / (weigh(slot) * perSnapshot));
        expect(longest[slot], `slot ${slot}, weight ${weigh(slot)}`).toBeLessThanOrEqual(fair);
      }
      // And the light ones pay for it.
      expect(longest[4]).toBeGreaterThan((longest[3] as number) * 4);
    }
  });

  it('[BF7] a weight that is no number, 0 or too large counts as the least or the largest', () => {
    for (const wrong of [Number.NaN, 0, -5, 1e9, Number.POSITIVE_INFINITY]) {
      const stage = new Stage(game);
      const to = new Chooser((slot) => (slot % 10 === 0 ? wrong : 1));
      for (let count = 0; count < 500; count++) stage.world.spawn('mob');
      const { longest } = waits(stage, to, 400, 100);
      const odd = Math.max(...longest.filter((_, slot) => slot > 0 && slot % 10 === 0));
      const even = Math.max(...longest.filter((_, slot) => slot > 0 && slot % 10 !== 0));
      if (wrong > 0) expect(odd).toBeLessThan(even);
      else expect(odd).toBeGreaterThan(even);
      expect(odd).toBeLessThan(390);
    }
  });

  it('[BF8] a despawn goes first, and never starves however urgent the others are', () => {
    for (const [weight, within] of [
      [1, 6],
      [64, 40],
    ] as const) {
      const stage = new Stage(game);
      const to = new Chooser(() => weight);
      const mobs = Array.from({ length: 1000 }, () => stage.world.spawn('mob'));
      const { perSnapshot } = waits(stage, to, 100, 50);
      // Three rounds are enough, though a quarter is lost.
      expect((3 * 1.25 * 1000) / perSnapshot).toBeLessThan(40);
      const gone = mobs.filter((_, index) => index % 100 === 0);
      for (const mob of gone) stage.world.despawn(mob);
      waits(stage, to, within, 0);
      to.receive(stage.snapshot(to));
      expect(gone.filter(({ id }) => to.received.get(id))).toEqual([]);
    }
  });

  it('[BF8] large records among small ones get their turn, whatever is beside them', () => {
    const stage = new Stage(game);
    const to = new Chooser(() => 1);
    for (let count = 0; count < 400; count++) {
      if (count % 20 === 10) stage.world.spawn('crate', { note: 'x'.repeat(240) });
      else stage.world.spawn('mob');
    }
    for (const packetsMax of [1, 2, 4]) {
      const { longest, perSnapshot } = waits(stage, to, 300, 150, packetsMax);
      expect(Math.max(...longest.slice(1))).toBeLessThanOrEqual(Math.ceil((1.25 * 400) / perSnapshot) + 3);
    }
  });

  it('[BF19] while everything fits nobody is asked, and clients with the same bases get the same bytes', () => {
    const stage = new Stage(game);
    const [one, other] = [new Chooser((slot) => slot), new Chooser((slot) => 60 - (slot % 50))];
    for (let count = 0; count < 100; count++) stage.world.spawn('mob');
    const seed = { value: 5 };
    for (let snapshot = 0; snapshot < 40; snapshot++) {
      stage.tick(3, () => moveAll(stage, seed));
      const packets = stage.exchange(one);
      expect(stage.exchange(other)).toEqual(packets);
    }
    expect([one.asked, other.asked]).toEqual([0, 0]);
  });

  it('[BF19] what waited while there was too much has waited for nothing once everything fits again', () => {
    const stage = new Stage(game);
    const to = new Chooser((slot) => (slot === 1 ? 1 / 64 : 1));
    const mobs = Array.from({ length: 600 }, () => stage.world.spawn('mob'));
    waits(stage, to, 50, 20);
    for (const mob of mobs.slice(5)) stage.world.despawn(mob);
    for (let count = 0; count < 20; count++) {
      stage.tick(3);
      stage.exchange(to);
    }
    expect(to.asked).toBeGreaterThan(1000);
    to.asked = 0;
    stage.tick(3, () => moveAll(stage, { value: 3 }));
    stage.exchange(to);
    expect([to.asked, to.priority.isChoice]).toEqual([0, false]);
  });
});
