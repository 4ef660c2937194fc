// Who comes, goes and belongs to whom in snapshot packets, and effects: with the packets and acks that the test lets through.

import { defineGame, entity, event, f, limits, Random } from '@tickwire/shared';
import { entityId, form, type Slot } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { SimRoom, simGame } from '../sim/sim-game.ts';
import { Stepper } from '../stepper.ts';
import { Pair, Stage } from './snapshot-pair.ts';

const game = defineGame({
  name: 'lives',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity({ x: f.uint(60_000) }),
    hero: entity({ x: f.uint(60_000), gold: f.uint(60_000).owner(), diary: f.string(40).owner() }, { predict: 'owner' }),
  },
  events: { spark: event({ n: f.uint(60_000) }, { expiresMs: 200 }), big: event({ blob: f.bytes(700) }, { expiresMs: 200 }) },
  steps: { hero: () => {} },
});

const [spark, big] = game.eventTypes as [(typeof game.eventTypes)[number], (typeof game.eventTypes)[number]];

describe('despawn and slots', () => {
  it('[SN6] a despawn is named in every snapshot until one of them was acknowledged, then never', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const mob = stage.world.spawn('mob');
    stage.tick(3);
    stage.exchange(pair);
    stage.exchange(pair);
    stage.tick(1, () => stage.world.despawn(mob));
    for (let lost = 0; lost < 10; lost++) {
      stage.tick(3);
      expect(stage.snapshot(pair).length).toBe(1);
    }
    expect(pair.received.get(mob.id)).toBeDefined();
    pair.receive(stage.snapshot(pair));
    expect(pair.received.get(mob.id)).toBeUndefined();
    stage.tick(3);
    expect(stage.snapshot(pair).length).toBe(1); // it has arrived, but its ack has not
    pair.acknowledge();
    expect(stage.snapshot(pair)).toEqual([]);
  });

  it('[SN6] an entity that came and went before its client heard of it is not kept by any packet that comes late', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const mob = stage.world.spawn('mob');
    stage.tick(3);
    const late = stage.snapshot(pair);
    stage.tick(3, () => stage.world.despawn(mob));
    pair.receive(stage.snapshot(pair));
    pair.receive(late);
    expect(pair.received.get(mob.id)).toBeUndefined();
    pair.acknowledge();
    stage.tick(3);
    expect(stage.snapshot(pair)).toEqual([]);
  });

  it('[SN13] an entity that begins and ends between two snapshots is never sent and costs no packet', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    stage.tick(3);
    for (let count = 0; count < 3; count++) stage.exchange(pair);
    for (const lifeTicks of [0, 1, 2]) {
      let spark: ReturnType<typeof stage.world.spawn> | undefined;
      stage.tick(1, () => {
        spark = stage.world.spawn('mob', { x: 7 });
        if (lifeTicks === 0) stage.world.despawn(spark);
      });
      stage.tick(lifeTicks);
      if (spark) stage.world.despawn(spark);
      stage.tick(2 - lifeTicks);
      expect(stage.snapshot(pair)).toEqual([]);
    }
  });

  it('[SN13] of what lives and dies fast a client gets exactly what was there in a tick of its snapshots, each with its end', () => {
    const room = new SimRoom();
    const stepper = new Stepper({ game: simGame, room, seed: 12, options: { movers: 5 } });
    const { room: client } = stepper.join();
    stepper.run(500);
    const member = stepper.core.members.get(client.sessionId);
    const [seen, there, all] = [new Set<number>(), new Set<number>(), new Set<number>()];
    let tick = room.tick;
    const old = new Set<number>([...room.world.all('spark'), ...client.received.departed.map(({ entity }) => entity)].map(({ id }) => id));
    for (const one of client.received.entities) if (one) old.add(one.id);
    stepper.run(8000, undefined, () => {
      for (const one of client.received.entities) if (one?.type.name === 'spark') seen.add(one.id);
      for (const { entity } of client.received.departed) if (entity.type.name === 'spark') seen.add(entity.id);
      if (room.tick === tick) return false;
      tick = room.tick;
      for (const { id } of room.world.all('spark')) {
        all.add(id);
        if ((tick + (member?.phase ?? 0)) % 3 === 0) there.add(id);
      }
      return false;
    });
    room.freeze();
    stepper.run(500);
    for (const one of client.received.entities) if (one?.type.name === 'spark') seen.add(one.id);
    expect([...seen].filter((id) => !there.has(id) && !old.has(id))).toEqual([]);
    expect([...there].filter((id) => !seen.has(id))).toEqual([]);
    expect(all.size).toBeGreaterThan(there.size);
    expect(there.size).toBeGreaterThan(50);
    const left = client.received.entities.flatMap((one) => (one?.type.name === 'spark' ? [one.id] : []));
    expect(left).toEqual(room.world.all('spark').map(({ id }) => id));
  });

  it('[SN7] a slot that is used again shows the new entity, whatever of the old one was lost', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const old = stage.world.spawn('mob', { x: 1 });
    stage.tick(3);
    stage.exchange(pair);
    stage.exchange(pair);
    stage.tick(1, () => stage.world.despawn(old));
    stage.snapshot(pair);
    stage.tick(limits.historyTicks + 1);
    const next = stage.world.spawn('hero', { x: 2 });
    expect([next.id & 0x3fff, next.id]).toEqual([old.id & 0x3fff, entityId((old.id & 0x3fff) as Slot, 2)]);
    stage.tick(3);
    stage.exchange(pair);
    expect([pair.received.get(old.id), pair.received.get(next.id)?.type.name]).toEqual([undefined, 'hero']);
    expect(stage.difference(pair, next.id & 0x3fff)).toBeUndefined();
  });

  it('[SN7] nothing is left of an entity when its end, and all of the next one in its slot, were lost', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const old = stage.world.spawn('mob');
    stage.tick(3);
    stage.exchange(pair);
    stage.exchange(pair);
    stage.tick(1, () => stage.world.despawn(old));
    stage.snapshot(pair);
    stage.tick(limits.historyTicks + 1);
    const next = stage.world.spawn('mob');
    stage.tick(3);
    stage.snapshot(pair);
    stage.tick(1, () => stage.world.despawn(next));
    stage.tick(2);
    stage.exchange(pair);
    expect(pair.received.entities[old.id & 0x3fff]).toBeUndefined();
    stage.tick(3);
    expect(stage.snapshot(pair)).toEqual([]);
  });

  it('[SN8] packets and acks that come in any order, or not at all, leave no difference behind', () => {
    for (let seed = 1; seed <= 12; seed++) {
      const random = new Random(seed);
      const stage = new Stage(game);
      const pair = new Pair(game);
      let coming: Uint8Array[] = [];
      const change = (): void => {
        for (const mob of stage.world.all('mob')) {
          if (random.chance(0.3)) mob.x = random.int(60_000);
          if (random.chance(0.01)) stage.world.despawn(mob);
        }
        if (random.chance(0.3)) stage.world.spawn(random.chance(0.7) ? 'mob' : 'hero', { x: random.int(9) });
        for (const hero of stage.world.all('hero')) {
          hero.gold = (hero.gold + 1) % 60_000;
          if (random.chance(0.02)) pair.control(hero);
          if (random.chance(0.02)) pair.controls.delete(hero.id & 0x3fff);
          if (!random.chance(0.02)) continue;
          pair.controls.delete(hero.id & 0x3fff);
          stage.world.despawn(hero);
        }
      };
      for (let snapshot = 0; snapshot < 200; snapshot++) {
        stage.tick(3, change);
        if (pair.sent.unacknowledged < limits.snapshotsInFlight) coming.push(...stage.snapshot(pair, 1 + random.int(4)));
        const arriving = coming.filter(() => random.chance(0.4)).sort((a, b) => (a[(snapshot % 7) + 4] ?? 0) - (b[(snapshot % 7) + 4] ?? 0));
        coming = coming.filter((packet) => !arriving.includes(packet) && random.chance(0.9));
        for (const result of pair.receive(arriving)) expect(['taken', 'old']).toContain(result);
        if (random.chance(0.5)) pair.acknowledge();
      }
      stage.tick();
      for (let snapshot = 0; snapshot < 10; snapshot++) stage.exchange(pair);
      const wrong = Array.from({ length: stage.world.slotCount }, (_, slot) => stage.difference(pair, slot)).filter((one) => one !== undefined);
      expect([seed, wrong]).toEqual([seed, []]);
      expect(stage.snapshot(pair)).toEqual([]);
    }
  });
});

describe('what is the owner\u2019s', () => {
  it('[SN9] others get the same bytes whatever is in the owner fields, and whatever key it was spawned with', () => {
    const play = (diary: string, gold: number, key: number): Uint8Array[] => {
      const stage = new Stage(game);
      const [ada, bob] = [new Pair(game), new Pair(game)];
      const hero = stage.world.spawn('hero', { diary, gold }, { key, tick: stage.world.tick, number: 0 });
      const seen: Uint8Array[] = [];
      ada.control(hero);
      for (let snapshot = 0; snapshot < 20; snapshot++) {
        stage.tick(3, () => {
          hero.x = snapshot;
          hero.gold = (hero.gold * 7 + gold) % 60_000;
          hero.diary = snapshot % 5 === 0 ? diary : '';
        });
        if (snapshot === 12) ada.controls.clear();
        stage.exchange(ada);
        seen.push(...stage.exchange(bob));
      }
      return seen;
    };
    expect(play('a secret of hers', 7, 1)).toEqual(play('', 12_345, 60_000));
  });

  it('[SN9] owner fields reach the controller and nobody else, also when control moves on', () => {
    const stage = new Stage(game);
    const [ada, bob] = [new Pair(game), new Pair(game)];
    const hero = stage.world.spawn('hero', { diary: 'secret of hers' }, { key: 12, tick: stage.world.tick, number: 0 });
    ada.control(hero);
    const slot = hero.id & 0x3fff;
    for (let snapshot = 0; snapshot < 6; snapshot++) {
      stage.tick(3, () => {
        hero.gold += 1;
      });
      stage.exchange(ada);
      stage.exchange(bob);
    }
    expect([ada.received.get(hero.id)?.form, bob.received.get(hero.id)?.form]).toEqual([form.owned, form.seen]);
    expect([stage.difference(ada, slot), stage.difference(bob, slot)]).toEqual([undefined, undefined]);
    expect([ada.received.get(hero.id)?.origin?.key, bob.received.get(hero.id)?.origin]).toEqual([12, undefined]);
    expect(
      bob.received
        .get(hero.id)
        ?.rows.subarray(1, 12)
        .every((word) => word === 0),
    ).toBe(true);
    ada.controls.clear();
    bob.control(hero);
    stage.tick(3, () => {
      hero.diary = 'secret of his';
    });
    stage.exchange(ada);
    stage.exchange(bob);
    const gone = ada.received.get(hero.id);
    const last = gone?.rowAt(gone.count - 1) ?? -1;
    expect(gone?.rows.subarray(last + 1, last + 13).every((word) => word === 0)).toBe(true);
    expect([ada.received.get(hero.id)?.form, bob.received.get(hero.id)?.form]).toEqual([form.seen, form.owned]);
    expect([stage.difference(ada, slot), stage.difference(bob, slot)]).toEqual([undefined, undefined]);
  });

  it('[SN9] a change of an owner field is no news to the others', () => {
    const stage = new Stage(game);
    const [ada, bob] = [new Pair(game), new Pair(game)];
    const hero = stage.world.spawn('hero');
    ada.control(hero);
    stage.tick(3);
    for (const pair of [ada, bob]) for (let count = 0; count < 3; count++) stage.exchange(pair);
    stage.tick(1, () => {
      hero.gold = 7;
    });
    const [packet] = stage.exchange(bob);
    expect(stage.exchange(ada).length).toBe(1);
    // Named it may be, but with no field in it.
    expect(packet === undefined || packet.length < 20).toBe(true);
    expect(
      bob.received
        .get(hero.id)
        ?.rows.subarray(1, 12)
        .every((word) => word === 0),
    ).toBe(true);
  });
});

describe('effects', () => {
  it('[SN10] an effect is in every snapshot until a packet with it was acknowledged, or its time is over', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    stage.tick(3);
    pair.effects.add(spark, { n: 5 }, 3, 3 + 12);
    for (let lost = 0; lost < 3; lost++) {
      expect(stage.snapshot(pair).length).toBe(1);
      stage.tick(3);
    }
    stage.exchange(pair);
    expect(pair.effectsRead).toEqual([1]);
    expect(pair.reader.effects.map(({ fields, tick }) => [fields, tick])).toEqual([[{ n: 5 }, 3]]);
    stage.exchange(pair);
    expect(stage.snapshot(pair)).toEqual([]);
    pair.effects.add(spark, { n: 6 }, stage.world.tick, stage.world.tick + 12);
    stage.tick(12);
    expect(stage.snapshot(pair).length).toBe(1);
    stage.tick(1);
    expect([stage.snapshot(pair), pair.effects.waiting]).toEqual([[], []]);
  });

  it('[SN10] a snapshot of several packets has each effect once, the oldest first, also one that fills most of a packet', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    for (let count = 0; count < 1500; count++) stage.world.spawn('mob', { x: (count * 7919) % 60_000 });
    for (let number = 0; number < 40; number++) pair.effects.add(spark, { n: number }, 0, 100);
    pair.effects.add(big, { blob: new Uint8Array(700).fill(9) }, 0, 100);
    for (let number = 41; number < 60; number++) pair.effects.add(spark, { n: number }, 0, 100);
    stage.tick(3);
    const packets = stage.snapshot(pair);
    expect(packets.length).toBeGreaterThan(2);
    pair.receive(packets);
    expect(pair.effectsRead).toEqual(Array.from({ length: 60 }, (_, index) => index + 1));
    pair.acknowledge();
    expect(pair.effects.waiting).toEqual([]);
  });

  it('[SN10] at most 128 effects wait: the oldest are worth the least', () => {
    const pair = new Pair(game);
    for (let number = 0; number < 500; number++) pair.effects.add(spark, { n: number }, 0, 100);
    expect([pair.effects.waiting.length, pair.effects.waiting[0]?.id, pair.effects.waiting.at(-1)?.id]).toEqual([128, 373, 500]);
  });
});

describe('late packets', () => {
  it('[SN11] one whose base is gone is left out in silence; a new one whose base is missing asks for a fresh start', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const mob = stage.world.spawn('mob');
    const step = (): void => {
      mob.x++;
    };
    stage.tick(3, step);
    stage.exchange(pair);
    stage.tick(3, step);
    const late = stage.snapshot(pair); // a delta to the state of tick 3
    for (let count = 0; count < 4; count++) {
      stage.tick(3, step);
      stage.exchange(pair);
    }
    expect(pair.receive(late, 100)).toEqual(['old']);
    stage.tick(3, step);
    const fresh = stage.snapshot(pair);
    pair.received.entities.length = 0; // as after a fault: this client has lost everything
    expect(pair.receive(fresh)).toEqual(['no-base']);
    pair.acknowledge();
    pair.replica.forget(stage.world.tick);
    pair.sent.forget();
    stage.tick(3, step);
    expect(pair.receive(stage.snapshot(pair))).toEqual(['taken']);
    expect(stage.difference(pair, mob.id & 0x3fff)).toBeUndefined();
  });

  it('[SN12] a client that misses a base has its fresh start also while its page draws no frames', () => {
    const stepper = new Stepper({ game: simGame, room: new SimRoom(), seed: 3, options: { movers: 20 } });
    const peer = stepper.join();
    peer.room.onInput(() => ({ fire: true }));
    stepper.run(2000);
    peer.nextFrameAt = Number.POSITIVE_INFINITY;
    stepper.run(500);
    peer.room.received.entities.length = 0;
    stepper.run(1000);
    expect(peer.room.stats.resyncs).toBeGreaterThan(0);
    expect(peer.room.received.entities.filter((one) => one !== undefined).length).toBeGreaterThan(20);
    expect(stepper.core.world.tick - peer.room.received.newestTick).toBeLessThan(10);
    const before = peer.room.stats.resyncs;
    stepper.run(1000);
    expect([peer.room.stats.resyncs, peer.room.ended]).toEqual([before, undefined]);
  });

  it('[SN11] one that was here before, or is 33 packets late, is left out', () => {
    const stage = new Stage(game);
    const pair = new Pair(game);
    const mob = stage.world.spawn('mob');
    const packets: Uint8Array[] = [];
    for (let count = 0; count < 40; count++) {
      stage.tick(3, () => {
        mob.x++;
      });
      packets.push(...stage.snapshot(pair, 1, true));
    }
    expect(pair.receive([packets[39] as Uint8Array, packets[39] as Uint8Array, packets[7] as Uint8Array, packets[6] as Uint8Array])).toEqual([
      'taken',
      'old',
      'taken',
      'old',
    ]);
  });
});
