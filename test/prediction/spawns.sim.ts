// What steps spawn and despawn: at once on the client that predicts them, the same on the server, and one object of the view from the first frame to the last.

import { type NetworkProfile, type NetworkProfileName, networkProfiles } from '@tickwire/shared';
import { isGuest } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';
import { type Game, game, Range } from './spawn-game.ts';

interface Play {
  readonly stepper: Stepper<Game>;
  readonly room: Range;
  readonly peers: Peer<Game>[];
}

function start(profile: NetworkProfile, clients = 1, seed = 1, isIdle = false): Play {
  const room = new Range();
  const stepper = new Stepper<Game>({ game, room, seed, profile });
  const peers = Array.from({ length: clients }, () => {
    const peer = stepper.join();
    const { random } = peer;
    const move = { x: 0, y: 0 };
    peer.room.onInput(() => {
      if (isIdle) return {};
      if (random.chance(0.1)) Object.assign(move, { x: random.int(17) / 8 - 1, y: random.int(17) / 8 - 1 });
      return { move: { ...move }, fire: random.chance(0.05) ? 1 + random.int(2) : 0, lay: random.chance(0.01) };
    });
    return peer;
  });
  return { stepper, room, peers };
}

const corrections = (peer: Peer<Game>): number => peer.room.predictor?.corrections ?? -1;

/** Follows the objects of a view: how many there were, how far they jumped in a frame, and how often one was in view twice, or came again. */
class Watch {
  seen = 0;
  jumps = 0;
  returns = 0;
  guests = 0;
  readonly #last = new Map<object, { x: number; frame: number }>();
  #frame = 0;

  note({ room }: Peer<Game>): void {
    this.#frame++;
    const ids = new Set<number>();
    for (const bullet of room.view.all('bullet')) {
      if (!bullet.mine) continue;
      if (isGuest(bullet.id)) this.guests++;
      expect(ids.has(bullet.id)).toBe(false);
      ids.add(bullet.id);
      const last = this.#last.get(bullet);
      if (!last) this.seen++;
      // 1500 units a second are 25 a frame; two ticks may fall into one frame.
      if (last && Math.abs(bullet.pos.x - last.x) > 60) this.jumps++;
      if (last && last.frame !== this.#frame - 1) this.returns++;
      this.#last.set(bullet, { x: bullet.pos.x, frame: this.#frame });
    }
  }
}

describe('with nothing lost', () => {
  for (const [name, profile, seconds] of [
    ['no delay', networkProfiles.clean, 120],
    ['50 ms each way', { delayMs: 50 }, 600],
    ['300 ms each way', { delayMs: 300 }, 120],
  ] as const) {
    it(`[PS1] over ${name}, what steps spawn and despawn is foreseen word for word: no correction in ${seconds} seconds`, {
      timeout: 120_000,
    }, () => {
      const { stepper, peers, room } = start(profile, 2);
      // The room despawns no mine by itself here: that nobody could foresee.
      room.onTick = () => {};
      stepper.run(4000);
      const before = peers.map(corrections);
      stepper.run(seconds * 1000);
      expect(peers.map(corrections)).toEqual(before);
      expect([stepper.errors, peers.map((peer) => [peer.room.stats.resyncs, peer.room.stats.codecFaults])]).toEqual([
        [],
        [
          [0, 0],
          [0, 0],
        ],
      ]);
    });
  }

  it('[PS2] a spawn is in view in the frame of its tick, is mine, and is the same object until its end: no double, no jump, no blink', () => {
    const { stepper, peers } = start({ delayMs: 80 }, 1, 1, true);
    const [peer] = peers as [Peer<Game>];
    stepper.run(3000);
    const watch = new Watch();
    let pressed = 0;
    let shown = 0;
    peer.room.onInput(() => {
      const fire = peer.random.chance(0.03);
      if (fire) pressed++;
      return { fire };
    });
    stepper.run(60_000, () => {
      const bullets = peer.room.view.all('bullet').length;
      watch.note(peer);
      shown = Math.max(shown, bullets);
    });
    expect([watch.jumps, watch.returns, watch.guests > 500, shown > 1]).toEqual([0, 0, true, true]);
    expect([pressed > 50, watch.seen]).toEqual([true, pressed]);
  });

  it('[PS3] what a step despawns leaves the view in the frame of its tick, though the server still has it', () => {
    const { stepper, peers, room } = start({ delayMs: 150 }, 1, 3, true);
    const [peer] = peers as [Peer<Game>];
    stepper.run(3000);
    peer.room.onInput(() => ({ fire: peer.random.chance(0.05) }));
    let early = 0;
    let late = 0;
    const ended = new Map<number, number>();
    stepper.run(20_000, () => {
      for (const bullet of room.world.all('bullet')) {
        const isShown = peer.room.view.get(bullet.id) !== undefined;
        const wasShown = ended.get(bullet.id) === -1;
        if (isShown) ended.set(bullet.id, -1);
        else if (wasShown) {
          early++;
          ended.set(bullet.id, room.world.tick);
        }
      }
      for (const bullet of peer.room.view.all('bullet')) if (!isGuest(bullet.id) && !room.world.get(bullet.id)) late++;
    });
    expect([early > 30, late]).toEqual([true, 0]);
  });
});

describe('what the server sees otherwise', () => {
  it('[PS4] a spawn that the server has not made leaves the view with the first snapshot of its tick, and is in no world any more', () => {
    const { stepper, peers, room } = start({ delayMs: 100 }, 1, 3, true);
    const [peer] = peers as [Peer<Game>];
    stepper.run(3000);
    for (let count = 0; count < 5; count++) {
      stepper.run(2000);
      let fire = 0;
      // The server's weapon jams some ticks before the client shoots, who cannot know.
      room.after(1, 'jam');
      stepper.run(50);
      fire = 1;
      peer.room.onInput(() => ({ fire: fire-- > 0 }));
      const before = corrections(peer);
      stepper.run(60);
      const [bullet] = peer.room.view.all('bullet');
      expect([bullet?.mine, room.world.all('bullet').length]).toEqual([true, 0]);
      stepper.run(300);
      expect([peer.room.view.all('bullet').length, peer.room.predictor?.world.all('bullet').length]).toEqual([0, 0]);
      expect(corrections(peer)).toBeGreaterThan(before);
      expect(room.world.all('bullet')).toEqual([]);
    }
  });

  it('[PS5] what a step has despawned and the server has not comes back', () => {
    const { stepper, peers, room } = start({ delayMs: 60 }, 1, 3, true);
    const [peer] = peers as [Peer<Game>];
    stepper.run(3000);
    let back = 0;
    for (let count = 0; count < 10; count++) {
      peer.room.onInput(() => ({ fire: 0 }));
      stepper.run(1000);
      let fire = 1;
      peer.room.onInput(() => ({ fire: fire-- > 0 }));
      stepper.run(1000, undefined, () => room.world.all('bullet').length > 0);
      const [bullet] = room.world.all('bullet');
      if (!bullet) throw new Error('no bullet');
      // The server slows it down, just before the client sees it hit the wall.
      stepper.run(3000, undefined, () => peer.room.view.get(bullet.id) === undefined && bullet.pos.x > 0);
      if (!room.world.get(bullet.id)) continue;
      bullet.speed.x = 0;
      stepper.run(250);
      if (peer.room.view.get(bullet.id)) back++;
      room.world.despawn(bullet);
    }
    expect(back).toBeGreaterThan(7);
  });

  it('[PS6] no more than 64 spawns are predicted at once; the rest appear when the server has made them', () => {
    const { stepper, peers, room } = start({ delayMs: 400 }, 1, 3, true);
    const [peer] = peers as [Peer<Game>];
    stepper.run(5000);
    let most = 0;
    peer.room.onInput(() => ({ lay: 5 }));
    stepper.run(2000, () => {
      most = Math.max(most, peer.room.view.all('mine').filter(({ id }) => isGuest(id)).length);
    });
    expect(most).toBeLessThanOrEqual(64);
    expect(most).toBeGreaterThan(50);
    peer.room.onInput(() => ({}));
    room.onTick = () => {};
    stepper.run(3000);
    expect(peer.room.view.all('mine').map(({ id }) => id)).toEqual(room.world.all('mine').map(({ id }) => id));
    expect(stepper.errors).toEqual([]);
  });
});

describe('what a step has spawned', () => {
  it('[PS8] given to another client, is foreseen there from the first snapshot on, random numbers included', () => {
    for (let seed = 1; seed <= 6; seed++) {
      const { stepper, peers, room } = start({ delayMs: 50 }, 2, seed, true);
      room.onTick = () => {};
      stepper.run(3000);
      const [ada, bob] = peers as [Peer<Game>, Peer<Game>];
      let lay = 3;
      ada.room.onInput(() => ({ lay: lay-- > 0 }));
      stepper.run(400);
      const mines = room.world.all('mine').filter(({ fuse }) => fuse > 15 && fuse < 1000);
      for (const mine of mines) room.clients[1]?.control(mine);
      stepper.run(150);
      const before = corrections(bob);
      stepper.run(4000);
      expect([mines.length > 0, corrections(bob) - before, stepper.errors], `seed ${seed}`).toEqual([true, 0, []]);
      const ids = room.world.all('mine').map(({ id }) => id);
      expect(bob.room.predictor?.world.all('mine').map(({ id }) => id)).toEqual(ids);
    }
  });

  it('[PS9] whose input came late is the same object of the view, when the snapshot that has its first tick has it', () => {
    const { stepper, peers, room } = start({ delayMs: 50 }, 1, 1, true);
    const [peer] = peers as [Peer<Game>];
    stepper.run(4000);
    let late = 0;
    let same = 0;
    for (let shot = 0; shot < 30; shot++) {
      let fire = 1;
      peer.room.onInput(() => ({ fire: fire-- > 0 }));
      // What is sent with the press is lost: the next packet has it, two ticks later.
      peer.pair.blackout(stepper.now + 25 + (shot % 5) * 8);
      stepper.run(20);
      const [guest] = peer.room.view.all('bullet');
      const firedTick = peer.room.predictor?.world.originOf((guest?.id ?? 0) as never)?.tick ?? -1;
      stepper.run(500, undefined, () => peer.room.view.all('bullet').some(({ id }) => !isGuest(id)));
      const [bullet] = room.world.all('bullet');
      const origin = bullet && room.world.originOf(bullet.id);
      if (origin && firedTick >= 0 && origin.tick > firedTick) {
        late++;
        if (peer.room.view.get(bullet.id) === (guest as unknown)) same++;
      }
      stepper.run(3000);
    }
    expect([late > 0, same > late / 2], `${same} of ${late}`).toEqual([true, true]);
  });
});

describe('over any network', () => {
  for (const name of ['4g', 'badWifi', 'lossy20', 'reordering', 'duplicates', 'everything'] satisfies NetworkProfileName[]) {
    it(`[PS7] over '${name}' nothing is left over or missing when it heals, and all is foreseen again`, () => {
      for (const seed of [1, 2]) {
        const { stepper, peers, room } = start(networkProfiles[name], 2, seed);
        stepper.run(15_000);
        stepper.setProfile({ delayMs: 40 });
        stepper.run(6000);
        const ticking = room.onTick;
        room.onTick = () => {};
        stepper.run(1000);
        const before = peers.map(corrections);
        stepper.run(4000);
        expect(peers.map(corrections), `seed ${seed}`).toEqual(before);
        for (const peer of peers) peer.room.onInput(() => ({}));
        room.onTick = ticking;
        stepper.run(8000);
        for (const { room: client } of peers) {
          for (const type of ['bullet', 'shard', 'mine', 'spark', 'ball', 'shooter'] as const) {
            const ids = room.world.all(type).map(({ id }) => id);
            expect([client.view.all(type).map(({ id }) => id), client.predictor?.world.all(type).map(({ id }) => id)], `${seed} ${type}`).toEqual([
              ids,
              ids,
            ]);
          }
        }
        expect(stepper.errors).toEqual([]);
      }
    });
  }
});
