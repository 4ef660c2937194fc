// What is a client's own in packets that all share, whatever of them is lost; and values that are not the server's.

import { defineGame, entity, f, Random } from '@tickwire/shared';
import { form } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { differences } from '../sim/compare.ts';
import { SimRoom, simGame } from '../sim/sim-game.ts';
import { Stepper } from '../stepper.ts';
import { Pair, Stage } from './snapshot-pair.ts';

const game = defineGame({
  name: 'owned',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity({ pos: f.vec2(-1000, 1000, { wire: 1 / 8 }), hp: f.uint(100) }),
    hero: entity({ pos: f.vec2(-1000, 1000, { wire: 1 / 8 }), gold: f.uint(60_000).owner() }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(-1000, 1000, { wire: 1 / 8 }) }, { predict: 'everyone' }),
  },
  steps: { hero: () => {}, ball: () => {} },
});

describe('what is the owner\u2019s', () => {
  it('[SN9] others get the same bytes, in the same packets, whenever an owner field changes', () => {
    const play = (every: number, from: number): Uint8Array[][] => {
      const stage = new Stage(game);
      const [ada, bob, cara] = [new Pair(game), new Pair(game), new Pair(game)];
      const hero = stage.world.spawn('hero');
      const sent: Uint8Array[][] = [];
      ada.control(hero);
      for (let snapshot = 0; snapshot < 80; snapshot++) {
        stage.tick(3, () => {
          if (stage.world.tick % every === from) hero.gold++;
          if (snapshot > 40 && snapshot < 44) hero.pos.x += 1;
        });
        stage.exchange(ada);
        sent.push(stage.exchange(bob));
        // She comes later: what rests is whole to her, with the age of its rest.
        if (snapshot > 20) sent.push(snapshot % 3 === 0 ? stage.snapshot(cara) : stage.exchange(cara));
      }
      return sent;
    };
    const wanted = play(1000, 1);
    expect(wanted.flat().length).toBeGreaterThan(10);
    for (const [every, from] of [
      [1, 0],
      [7, 3],
      [100, 61],
    ] as const)
      expect(play(every, from)).toEqual(wanted);
  });

  it('[PS10] the end of what a client predicts is in the packet that leads, where absence means rest; of what others see it is not', () => {
    const stage = new Stage(game);
    const [ada, bob] = [new Pair(game), new Pair(game)];
    for (let count = 0; count < 700; count++) stage.world.spawn('mob');
    const hero = stage.world.spawn('hero'); // behind all others, so its end is in the last packet for those who see it
    const ball = stage.world.spawn('ball');
    ada.control(hero);
    for (let snapshot = 0; snapshot < 8; snapshot++) {
      stage.tick(3);
      for (const pair of [ada, bob]) stage.exchange(pair);
    }
    expect([ada.received.get(hero.id)?.form, bob.received.get(hero.id)?.form]).toEqual([form.owned, form.seen]);
    stage.tick(3, () => {
      for (const mob of stage.world.all('mob')) mob.pos.x += mob.id % 7;
    });
    ada.controls.clear();
    for (const gone of [hero, ball]) stage.world.despawn(gone);
    for (const pair of [ada, bob]) {
      const packets = stage.snapshot(pair);
      expect(packets.length).toBeGreaterThan(1);
      pair.receive(packets.slice(0, 1));
    }
    expect([ada.received.get(hero.id), ada.received.get(ball.id), bob.received.get(ball.id)]).toEqual([undefined, undefined, undefined]);
    expect(bob.received.get(hero.id)).toBeDefined();
    // It is repeated until it is acknowledged, and no longer.
    stage.tick(3);
    expect(stage.exchange(ada).length).toBeGreaterThan(0);
    for (let snapshot = 0; snapshot < 6; snapshot++) {
      stage.tick(3);
      for (const pair of [ada, bob]) stage.exchange(pair);
    }
    expect(bob.received.get(hero.id)).toBeUndefined();
    stage.tick(3);
    expect(stage.snapshot(ada)).toEqual([]);
  });

  it('[SN14] what a segment says of a client\u2019s own entity changes nothing of it, whatever is lost, and all heals', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const random = new Random(seed);
      const stage = new Stage(game);
      const pair = new Pair(game);
      for (let count = 0; count < 500; count++) stage.world.spawn('mob');
      const hero = stage.world.spawn('hero'); // behind all others, so mostly in a packet that does not lead
      const slot = hero.id & 0x3fff;
      let apart = 0;
      for (let snapshot = 0; snapshot < 200; snapshot++) {
        if (snapshot % 40 === 5) pair.control(hero);
        if (snapshot % 40 === 35) pair.controls.delete(slot);
        stage.tick(3, () => {
          for (const mob of stage.world.all('mob')) mob.pos = { x: random.range(-900, 900), y: random.range(-900, 900) };
          if (snapshot % 8 < 4) hero.pos.x += 1 / 16;
          hero.gold++;
        });
        const packets = stage.snapshot(pair);
        const arriving = packets.filter(() => random.chance(0.6));
        for (const result of pair.receive(arriving)) expect(['taken', 'old']).toContain(result);
        if (packets[0] && arriving.includes(packets[0]) && pair.controls.has(slot)) expect(stage.difference(pair, slot)).toBeUndefined();
        const one = pair.received.get(hero.id);
        if (one?.form === form.owned) {
          // Every state that it has of its own entity is its owner's, and is as fine as it was made.
          for (let at = 0; at < one.count; at++) {
            if (one.formAt(at) !== form.owned || stage.world.tick - one.tickAt(at) > 60) continue;
            const row = stage.history.rowAt(slot, stage.world.versionAt(slot), one.tickAt(at));
            expect(one.type.layout.same(one.rows, one.rowAt(at), stage.history.rows(slot), row, 'step', true)).toBe(true);
          }
          if (!arriving.includes(packets[0] as Uint8Array) && arriving.length > 0) apart++;
        }
        if (random.chance(0.7)) pair.acknowledge();
      }
      expect(apart).toBeGreaterThan(5);
      stage.tick();
      for (let snapshot = 0; snapshot < 6; snapshot++) stage.exchange(pair);
      stage.tick(30);
      stage.exchange(pair);
      expect([seed, stage.difference(pair, slot), stage.snapshot(pair)]).toEqual([seed, undefined, []]);
    }
  });
});

describe('faults', () => {
  it('[SN15] a value that is not the server\u2019s is found by a packet with a hash, counted, and healed by a fresh start', () => {
    let [found, seed] = [0, 6];
    for (const what of ['mover', 'player', 'ball', 'mover', 'player', 'ball'] as const) {
      const room = new SimRoom();
      const stepper = new Stepper({ game: simGame, room, seed: ++seed, options: { movers: 12 } });
      const peer = stepper.join();
      const client = peer.room;
      client.onInput(() => ({ move: { x: 0.5, y: 0.25 } }));
      stepper.run(3000);
      expect([seed, what, client.stats.codecFaults, client.stats.resyncs]).toEqual([seed, what, 0, 0]);
      // As a codec would that differs between two ends: every state of it is a little beside the truth, and all that is read on it.
      for (const one of client.received.entities) {
        if (one?.type.name !== what) continue;
        for (let at = 0; at < one.count; at++) one.rows[one.rowAt(at)] = (one.rows[one.rowAt(at)] as number) ^ 0x1000;
      }
      stepper.run(7000);
      const { codecFaults, resyncs } = client.stats;
      // What is read on a wrong base may be no packet any more: that asks for a fresh start too, before any hash is looked at.
      expect([seed, what, resyncs > 0, resyncs >= codecFaults]).toEqual([seed, what, true, true]);
      found += codecFaults;
      stepper.run(3500);
      expect([seed, what, client.stats.codecFaults, client.ended]).toEqual([seed, what, codecFaults, undefined]);
      room.freeze();
      stepper.run(1500);
      expect([seed, differences(stepper, peer)]).toEqual([seed, []]);
    }
    expect(found).toBeGreaterThan(2);
  });
});
