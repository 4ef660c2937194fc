// `stepWorld`: an engine of the game's own that moves everything together, on the server and in every client's prediction; and Rapier as one.

import { type Client, Room, RoomCore } from '@tickwire/server/core';
import { defineGame, entity, f, type NetworkProfileName, networkProfiles } from '@tickwire/shared';
import { slotOf, versionOf } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';
import { game as boxes, boxHalf, engineCalls, Floor, type Game } from './physics-game.ts';

/** In which order things ran, on the server. */
const order: string[] = [];
/** Ticks that ran with the engine of another tick than the one before. */
const outOfStep: string[] = [];
let serverWorld: unknown;

/** An engine with a memory of its own: what it has seen fades by half each tick. */
const springs = defineGame({
  name: 'springs',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    weight: entity({ x: f.fixed(-1000, 1000), speed: f.fixed(-1000, 1000) }, { predict: 'everyone' }),
    hand: entity({ x: f.fixed(-1000, 1000) }, { predict: 'owner' }),
  },
  input: { pull: f.fixed(-1, 1, { wire: 1 / 8 }) },
  events: { far: { fields: { x: f.fixed(-1000, 1000) }, expiresMs: 500 } },
  steps: {
    hand(hand, { pull }, { dt, world }) {
      hand.x += pull * 50 * dt;
      if (world === serverWorld) order.push('hand');
    },
    weight(weight, _input, { dt, world }) {
      weight.x += weight.speed * dt;
      if (world === serverWorld) order.push('weight');
    },
  },
  engine: {
    create: () => ({ memory: new Map<number, number>(), tick: -1 }),
    save: (engine) => ({ memory: [...engine.memory], tick: engine.tick }),
    restore: (saved) => ({ memory: new Map(saved.memory), tick: saved.tick }),
  },
  stepWorld({ world, dt, tick, isReplay }, engine) {
    if (world === serverWorld) order.push(`world ${tick} ${dt === 1 / 60} ${isReplay}`);
    if (engine.tick >= 0 && engine.tick !== tick - 1) outOfStep.push(`${engine.tick} before ${tick}`);
    engine.tick = tick;
    for (const weight of world.all('weight')) {
      const memory = (engine.memory.get(weight.id) ?? 0) / 2 + weight.x;
      engine.memory.set(weight.id, memory);
      weight.speed = weight.speed * 0.99 - memory * dt;
    }
  },
});

class Shelf extends Room<typeof springs> {
  override autoDispose = false;
  override onCreate(): void {
    this.world.spawn('weight', { x: 100 });
  }
  override onJoin(client: Client<typeof springs>): void {
    client.control(this.world.spawn('hand'));
  }
  override onTimer(): void {
    for (const weight of this.world.all('weight')) weight.speed += 40;
  }
}

describe('stepWorld', () => {
  it('[PW1] runs once a tick after all steps, on both ends: with nothing lost, all is foreseen', () => {
    const stepper = new Stepper<typeof springs>({ game: springs, room: new Shelf(), seed: 2, profile: { delayMs: 60 } });
    serverWorld = stepper.core.world;
    const peers = [stepper.join(), stepper.join()];
    for (const peer of peers) peer.room.onInput(() => ({ pull: peer.random.int(17) / 8 - 1 }));
    stepper.run(4000);
    order.length = 0;
    const tick = stepper.core.world.tick;
    stepper.run(1000);
    expect(order.slice(0, 8)).toEqual([
      'weight',
      'hand',
      'hand',
      `world ${tick + 1} true false`,
      'weight',
      'hand',
      'hand',
      `world ${tick + 2} true false`,
    ]);
    const before = peers.map(({ room }) => room.predictor?.corrections);
    stepper.run(60_000);
    expect(peers.map(({ room }) => room.predictor?.corrections)).toEqual(before);
    expect(stepper.errors).toEqual([]);
  });

  it('[PW2] a tick runs again with the engine as it was before it ran first: what nobody foresaw is corrected, and its echo in the engine fades', () => {
    const room = new Shelf();
    const stepper = new Stepper<typeof springs>({ game: springs, room, seed: 2, profile: { delayMs: 100 } });
    const peer = stepper.join();
    peer.room.onInput(() => ({ pull: 0.5 }));
    stepper.run(4000);
    outOfStep.length = 0;
    for (let push = 1; push <= 10; push++) {
      const before = peer.room.predictor?.corrections ?? 0;
      room.after(1, 'push');
      stepper.run(2000);
      const needed = (peer.room.predictor?.corrections ?? 0) - before;
      expect([needed >= 1 && needed <= 4, outOfStep.length]).toEqual([true, 0]);
    }
  });

  it('[PW3] a saved room has its engine: restored, it goes on to the same state', () => {
    const room = new Shelf();
    const stepper = new Stepper<typeof springs>({ game: springs, room, seed: 2 });
    stepper.run(1000);
    const copy = new RoomCore(
      { game: springs, room: new Shelf(), roomId: 'copy', seed: 9, onError: (error) => stepper.errors.push(error) },
      stepper.now,
    );
    copy.create({});
    copy.restore(stepper.core.save(), stepper.now);
    for (let tick = 0; tick < 200; tick++) {
      stepper.core.advance(stepper.core.nextTickAt);
      copy.advance(copy.nextTickAt);
      expect(copy.hash()).toBe(stepper.core.hash());
    }
    expect(stepper.errors).toEqual([]);
  });
});

describe('Rapier', () => {
  /** Players that run through the boxes, back and forth; from `stopAt` on they stand aside. */
  function play(profile: NetworkProfileName | number, seed: number): { stepper: Stepper<Game>; peers: Peer<Game>[]; stop(): void } {
    const stepper = new Stepper<Game>({
      game: boxes,
      room: new Floor(),
      seed,
      profile: typeof profile === 'number' ? { delayMs: profile } : networkProfiles[profile],
    });
    let isOver = false;
    const peers = [0, 1].map(() => {
      const peer = stepper.join();
      const move = { x: 0, y: 0 };
      peer.room.onInput(() => {
        if (peer.random.chance(0.05)) Object.assign(move, { x: peer.random.int(17) / 8 - 1, y: peer.random.int(17) / 8 - 1 });
        return isOver ? {} : { move: { ...move } };
      });
      return peer;
    });
    return {
      stepper,
      peers,
      stop: () => {
        isOver = true;
      },
    };
  }

  const corrections = (peer: Peer<Game>): number => peer.room.predictor?.corrections ?? 0;

  for (const profile of [50, '4g', 'lossy20'] as const) {
    it(`[PW4] over ${profile} boxes that two players push are corrected by little more than half a box, and when all stand every client has the server's state`, () => {
      const { stepper, peers, stop } = play(profile, 3);
      stepper.run(3000);
      const started = { ...engineCalls };
      let worst = 0;
      let moved = 0;
      let wrong = 0;
      const before = new Map<string, { tick: number; x: number; y: number }>();
      stepper.run(20_000, (peer) => {
        const { predictor, received } = peer.room;
        if (!predictor || received.leadTick < 0) return;
        for (const box of predictor.world.all('box')) {
          const key = `${peer.room.sessionId} ${box.id}`;
          const last = before.get(key);
          // Beyond the way that a box at 4 m/s has in a frame.
          if (last && predictor.tick - last.tick <= 2) {
            const jump = Math.hypot(box.pos.x - last.x, box.pos.y - last.y);
            worst = Math.max(worst, jump - (predictor.tick - last.tick + 1) * (6 / 60));
            if (jump > 0.01) moved++;
          }
          before.set(key, { tick: predictor.tick, x: box.pos.x, y: box.pos.y });
          const one = received.get(box.id);
          const at = predictor.history.rowAt(slotOf(box.id), versionOf(box.id), received.leadTick);
          if (!one || at < 0 || one.newestTick !== received.leadTick) continue;
          const rows = predictor.history.rows(slotOf(box.id));
          for (let word = 0; word < one.type.layout.words; word++) if (rows[at + word] !== one.rows[one.rowAt(one.count - 1) + word]) wrong++;
        }
      });
      expect([wrong, moved > 300, worst < 1.25 * boxHalf], `worst ${worst}, moved ${moved}`).toEqual([0, true, true]);
      expect([engineCalls.saves - started.saves > 1000, engineCalls.restores - started.restores > 10]).toEqual([true, true]);
      stepper.setProfile({ delayMs: 50 });
      stop();
      stepper.run(6000);
      const settled = peers.map(corrections);
      stepper.run(3000);
      expect(peers.map(corrections)).toEqual(settled);
      for (const { room } of peers) {
        const states = (boxesOf: readonly { pos: object; angle: number }[]): unknown => boxesOf.map(({ pos, angle }) => [{ ...pos }, angle]);
        expect(states(room.predictor?.world.all('box') ?? [])).toEqual(states(stepper.core.world.all('box') as never));
      }
      expect(stepper.errors).toEqual([]);
    });
  }

  it('[PW4] a box that nobody else touches is foreseen: its own player pushes it without a correction of more than a few steps of the grid', () => {
    const { stepper, peers } = play(80, 5);
    const [ada, bob] = peers as [Peer<Game>, Peer<Game>];
    bob.room.onInput(() => ({}));
    ada.room.onInput(() => ({ move: { x: Math.floor(stepper.now / 1000) % 2 === 0 ? 1 : -1, y: 0 } }));
    stepper.run(4000);
    let worst = 0;
    const foreseen = new Map<number, { x: number; y: number }[]>();
    stepper.run(10_000, (peer) => {
      if (peer !== ada) return;
      const { predictor } = ada.room;
      if (predictor)
        foreseen.set(
          predictor.tick,
          predictor.world.all('box').map(({ pos }) => ({ ...pos })),
        );
      const then = foreseen.get(stepper.core.world.tick);
      for (const [index, box] of stepper.core.world.all('box').entries()) {
        const guess = then?.[index];
        if (guess) worst = Math.max(worst, Math.hypot(guess.x - box.pos.x, guess.y - box.pos.y));
      }
    });
    expect(worst).toBeLessThan(0.02);
  });
});
