// What snapshot packets say, written by the server and read by the client, with the packets and acks that the test lets through.

import { defineGame, entity, event, f, limits, Random } from '@tickwire/shared';
import { form } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Pair, Stage } from './snapshot-pair.ts';

const game = defineGame({
  name: 'snapshots',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity({ pos: f.vec2(-1000, 1000, { wire: 1 / 8 }), hp: f.uint(100) }),
    crate: entity({ note: f.string(400), n: f.uint(60_000) }),
    hero: entity({ pos: f.vec2(-1000, 1000, { wire: 1 / 8 }), gold: f.uint(60_000).owner(), note: f.string(300).owner() }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(-1000, 1000) }, { predict: 'everyone' }),
  },
  state: { round: f.uint(1000) },
  events: { spark: event({ at: f.vec2(0, 100), text: f.string(8) }, { expiresMs: 300 }) },
  steps: { hero: () => {}, ball: () => {} },
});

const random = new Random(1);

/** Moves every mob, each tick anew and in no way that could be foreseen. */
function moveAll(stage: Stage<typeof game>): void {
  for (const mob of stage.world.all('mob')) mob.pos = { x: random.range(-900, 900), y: random.range(-900, 900) };
}

function slots(stage: Stage<typeof game>): number[] {
  return Array.from({ length: stage.world.slotCount }, (_, slot) => slot);
}

describe('size', () => {
  it('[SN1] 2,000 changing entities fill four packets a snapshot, none over 1,100 bytes, and all are known after a while', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    for (let count = 0; count < 2000; count++) stage.world.spawn('mob');
    const sizes: number[] = [];
    for (let snapshot = 0; snapshot < 40; snapshot++) {
      stage.tick(3, () => moveAll(stage));
      const packets = stage.exchange(pair);
      expect(packets.length).toBe(4);
      sizes.push(...packets.map(({ length }) => length));
    }
    expect(Math.max(...sizes)).toBeLessThanOrEqual(limits.packetBytes);
    expect(sizes.filter((bytes) => bytes > 1050).length).toBeGreaterThan(sizes.length * 0.85);
    expect(pair.received.entities.filter((one) => one !== undefined).length).toBe(2001);
  });

  it('[SN1] no mixture of sizes makes a packet too large', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    for (let count = 0; count < 150; count++) {
      if (count % 3 === 0) stage.world.spawn('crate', { note: 'x'.repeat((count * 37) % 401), n: count });
      else stage.world.spawn('mob', { hp: count % 100 });
    }
    const hero = stage.world.spawn('hero', { note: 'y'.repeat(300) });
    pair.control(hero);
    for (let snapshot = 0; snapshot < 100; snapshot++) {
      stage.tick(3, () => {
        moveAll(stage);
        hero.gold++;
        for (const crate of stage.world.all('crate')) crate.n++;
      });
      for (const { length } of stage.exchange(pair, 1 + (snapshot % 4))) expect(length).toBeLessThanOrEqual(limits.packetBytes);
    }
    stage.tick();
    for (let snapshot = 0; snapshot < 40; snapshot++) stage.exchange(pair);
    expect(slots(stage).filter((slot) => stage.difference(pair, slot))).toEqual([]);
  });
});

describe('turns', () => {
  /** Most snapshots that any mob waited for news, and mobs named in a snapshot, once all are known. */
  function longestWait(stage: Stage<typeof game>, pair: Pair, packetsMax: number, snapshots: number): { longest: number; perSnapshot: number } {
    for (let snapshot = 0; snapshot < 40; snapshot++) {
      stage.tick(3, () => moveAll(stage));
      stage.exchange(pair, packetsMax);
    }
    const named = new Map<number, number>();
    let longest = 0;
    let total = 0;
    for (let snapshot = 0; snapshot < snapshots; snapshot++) {
      stage.tick(3, () => moveAll(stage));
      stage.exchange(pair, packetsMax);
      for (const one of pair.received.entities) {
        if (one?.type.name !== 'mob' || one.newestTick !== stage.world.tick) continue;
        total++;
        longest = Math.max(longest, snapshot - (named.get(one.id) ?? 0));
        named.set(one.id, snapshot);
      }
    }
    for (const { id } of stage.world.all('mob')) longest = Math.max(longest, snapshots - (named.get(id) ?? 0));
    return { longest, perSnapshot: total / snapshots };
  }

  for (const packetsMax of [1, 4]) {
    it(`[SN2] with more entities than fit ${packetsMax} packets each gets its turn, and none waits longer than a round`, () => {
      const stage = new Stage(game);
      const pair = new Pair(game);
      for (let count = 0; count < 700; count++) stage.world.spawn('mob');
      const { longest, perSnapshot } = longestWait(stage, pair, packetsMax, 50);
      expect(perSnapshot).toBeGreaterThan(80 * packetsMax);
      expect(longest).toBeLessThanOrEqual(Math.ceil(700 / perSnapshot) + 2);
    });
  }

  it('[SN2] so it is while many effects wait: they take half of a packet at most', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const type = game.eventTypes[0] as (typeof game.eventTypes)[number];
    for (let count = 0; count < 300; count++) stage.world.spawn('mob');
    for (let count = 0; count < 128; count++) pair.effects.add(type, { at: { x: 1, y: 1 }, text: 'eight by' }, 0, 100_000);
    // The effects are never done: no ack of theirs arrives.
    pair.effects.done = () => {};
    const { longest, perSnapshot } = longestWait(stage, pair, 1, 50);
    expect(perSnapshot).toBeGreaterThan(30);
    expect(longest).toBeLessThanOrEqual(Math.ceil(300 / perSnapshot) + 2);
  });
});

describe('the prediction group', () => {
  it('[SN3] is whole, of one tick and in the first packet, also when the world is far larger than the snapshot', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    for (let count = 0; count < 700; count++) stage.world.spawn('mob');
    const group = [stage.world.spawn('hero'), stage.world.spawn('ball'), stage.world.spawn('hero'), stage.world.spawn('ball')];
    const stranger = stage.world.spawn('hero');
    for (const one of group) if (one.type === 'hero') pair.control(one);
    for (let snapshot = 0; snapshot < 30; snapshot++) {
      stage.tick(3, () => {
        moveAll(stage);
        for (const one of [...group, stranger]) one.pos.x += 1;
      });
      const [first, ...rest] = stage.snapshot(pair);
      pair.receive(first ? [first] : []);
      expect(pair.received.leadTick).toBe(stage.world.tick);
      for (const { id } of group)
        expect([pair.received.get(id)?.newestTick, stage.difference(pair, id & 0x3fff)]).toEqual([stage.world.tick, undefined]);
      pair.receive(snapshot % 3 === 0 ? [] : rest);
      if (snapshot % 2 === 0) pair.acknowledge();
    }
    expect(group.map(({ id }) => pair.received.get(id)?.form)).toEqual([form.owned, form.shared, form.owned, form.shared]);
    expect(pair.received.get(stranger.id)?.form).toBe(form.seen);
  });

  it('[SN3] leaves out what rests, and names it again in the tick in which it changes', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const hero = stage.world.spawn('hero');
    pair.control(hero);
    for (let count = 0; count < 4; count++) {
      stage.tick(3);
      stage.exchange(pair);
    }
    expect(stage.snapshot(pair)).toEqual([]);
    stage.tick(300);
    expect(stage.snapshot(pair)).toEqual([]);
    stage.tick(1, () => {
      hero.pos.x = 5;
    });
    expect(stage.exchange(pair).length).toBe(1);
    expect(stage.difference(pair, hero.id & 0x3fff)).toBeUndefined();
  });
});

describe('silence', () => {
  it('[SN4] a world in which nothing happens costs no packet once everything is acknowledged', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    for (let count = 0; count < 300; count++) stage.world.spawn('mob', { hp: count % 100 });
    stage.world.state.round = 7;
    for (let snapshot = 0; snapshot < 5; snapshot++) {
      stage.tick(3);
      stage.exchange(pair);
    }
    let packets = 0;
    for (let snapshot = 0; snapshot < 200; snapshot++) {
      stage.tick(3);
      packets += stage.exchange(pair).length;
    }
    expect(packets).toBe(0);
    const heartbeat = stage.snapshot(pair, 4, true);
    expect([heartbeat.length, (heartbeat[0]?.length ?? 99) < 20]).toEqual([1, true]);
    expect(slots(stage).filter((slot) => stage.difference(pair, slot))).toEqual([]);
  });

  it('[SN5] [BF9] an entity that stops is named, and again when that was lost, until its rest was acknowledged; a long rest is ended by a small packet', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const mob = stage.world.spawn('mob', { hp: 50 });
    stage.tick(3, () => moveAll(stage));
    stage.exchange(pair);
    stage.exchange(pair);
    stage.tick(3);
    const named: number[] = [];
    for (let lost = 0; lost < 11; lost++) {
      named.push(stage.snapshot(pair).length); // the packets, or their acks, do not arrive
      stage.tick(3);
    }
    // An ack is given up after 12 ticks.
    expect(named).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
    stage.tick(12);
    stage.exchange(pair);
    expect(stage.snapshot(pair)).toEqual([]);
    expect(pair.received.get(mob.id)?.sinceAt((pair.received.get(mob.id)?.count ?? 0) - 1)).toBe(3);
    stage.tick(10 * limits.historyTicks);
    expect(stage.snapshot(pair)).toEqual([]);
    stage.tick(1, () => {
      mob.hp = 49;
    });
    // The base is far older than the ring; it has held ever since, so a delta is enough.
    const [packet] = stage.exchange(pair);
    expect(packet?.length).toBeLessThan(20);
    expect(stage.difference(pair, mob.id & 0x3fff)).toBeUndefined();
  });
});
