// Prediction with both ends: what a client simulates ahead of the server is what the server will make of it.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, f, type NetworkProfile, networkProfiles } from '@tickwire/shared';
import { slotOf, versionOf } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';

/** Steps of walkers that clients ran: for which tick, and whether they were told that it is a replay. */
const steps: { readonly tick: number; readonly isReplay: boolean }[] = [];
let serverWorld: unknown;

const game = defineGame({
  name: 'ahead',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity(
      { pos: f.vec2(-2000, 2000, { wire: 1 / 8 }), speed: f.vec2(-50, 50), shots: f.uint(60_000), luck: f.fixed(0, 1), heat: f.uint(100) },
      { predict: 'owner' },
    ),
    ball: entity({ pos: f.vec2(-500, 500), speed: f.vec2(-300, 300) }, { predict: 'everyone' }),
  },
  state: { wind: f.fixed(-1, 1) },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), run: f.button(), fire: f.press() },
  steps: {
    walker(walker, input, { dt, random, world, isReplay, tick }) {
      if (world !== serverWorld) steps.push({ tick, isReplay });
      const [ball] = world.all('ball');
      walker.speed.x = walker.speed.x * 0.9 + input.move.x * (input.run ? 40 : 20);
      walker.speed.y = walker.speed.y * 0.9 + input.move.y * 20 + (ball ? ball.speed.y * 0.001 : 0);
      walker.pos.x += walker.speed.x * dt;
      walker.pos.y += walker.speed.y * dt;
      walker.shots = (walker.shots + input.fire) % 60_000;
      if (random.chance(0.05)) walker.luck = random.next();
    },
    ball(ball, input, { dt, random }) {
      ball.pos.x += input.move.x; // nobody controls it: nobody's input moves it
      if (random.chance(0.02)) ball.speed = { x: random.range(-200, 200), y: random.range(-200, 200) };
      ball.pos.x += ball.speed.x * dt;
      ball.pos.y += ball.speed.y * dt;
      if (Math.abs(ball.pos.x) > 490) ball.speed.x = -ball.speed.x;
      if (Math.abs(ball.pos.y) > 490) ball.speed.y = -ball.speed.y;
    },
  },
});
type Game = typeof game;

class Course extends Room<Game> {
  override autoDispose = false;
  override onCreate(): void {
    this.world.spawn('ball', { speed: { x: 50, y: 80 } });
  }
  override onJoin(client: Client<Game>): void {
    client.control(this.world.spawn('walker'));
  }
  override onTimer(name: string): void {
    for (const walker of this.world.all('walker')) {
      if (name === 'push') walker.pos.x += 37.5;
      if (name === 'heat') walker.heat++;
    }
  }
}

const still: NetworkProfile = { delayMs: 40 };

function start(profile: NetworkProfile, clients = 1, seed = 1): { stepper: Stepper<Game>; room: Course; peers: Peer<Game>[] } {
  steps.length = 0;
  const room = new Course();
  const stepper = new Stepper<Game>({ game, room, seed, profile });
  serverWorld = stepper.core.world;
  const peers = Array.from({ length: clients }, () => {
    const peer = stepper.join();
    const held = { x: 0, y: 0, run: false };
    peer.room.onInput(() => {
      if (peer.random.chance(0.1)) Object.assign(held, { x: peer.random.range(-1, 1), y: peer.random.range(-1, 1), run: peer.random.chance(0.5) });
      return { move: { x: held.x, y: held.y }, run: held.run, fire: peer.random.chance(0.1) };
    });
    return peer;
  });
  return { stepper, room, peers };
}

/** Notes what each client predicts for its newest tick, and compares it when the server has made that tick. */
class Oracle {
  compared = 0;
  differences = 0;
  readonly #foreseen = new Map<Peer<Game>, Map<number, string>>();

  note(stepper: Stepper<Game>, peer: Peer<Game>): void {
    const { predictor } = peer.room;
    if (!predictor || predictor.tick < 0) return;
    const foreseen = this.#foreseen.get(peer) ?? new Map<number, string>();
    this.#foreseen.set(peer, foreseen);
    foreseen.set(predictor.tick, this.#words(peer, predictor.history, predictor.tick));
    const made = foreseen.get(stepper.core.world.tick);
    if (made === undefined) return;
    foreseen.delete(stepper.core.world.tick);
    this.compared++;
    if (made !== this.#words(peer, stepper.core.history, stepper.core.world.tick)) this.differences++;
  }

  /** The rows of everything that this client predicts. */
  #words(peer: Peer<Game>, history: Stepper<Game>['core']['history'], tick: number): string {
    const texts: string[] = [];
    for (const one of peer.room.received.entities) {
      if (!one || !peer.room.predictor?.isPredicted(one.id)) continue;
      const at = history.rowAt(slotOf(one.id), versionOf(one.id), tick);
      texts.push(
        at < 0
          ? 'none'
          : history
              .rows(slotOf(one.id))
              .subarray(at, at + one.type.layout.words)
              .join(','),
      );
    }
    return texts.join(' ');
  }
}

const corrections = (peer: Peer<Game>): number => peer.room.predictor?.corrections ?? -1;

describe('with nothing lost', () => {
  for (const [name, profile] of [
    ['no delay', networkProfiles.clean],
    ['40 ms each way', still],
    ['300 ms each way', { delayMs: 300 }],
  ] as const) {
    it(`[PR1] over ${name} an own entity and what everyone predicts are foreseen word for word: no correction in 10,000 ticks`, () => {
      const { stepper, peers } = start(profile, 2);
      stepper.run(4000);
      const before = peers.map(corrections);
      const oracle = new Oracle();
      stepper.run(10_000 * (1000 / 60), (peer) => oracle.note(stepper, peer));
      expect(stepper.core.world.tick).toBeGreaterThan(10_000);
      expect(peers.map(corrections)).toEqual(before);
      expect(oracle.compared).toBeGreaterThan(19_000);
      expect(oracle.differences).toBe(0);
      expect(peers.map((peer) => peer.room.stats.resyncs)).toEqual([0, 0]);
      // It was no walk in place.
      expect(stepper.core.world.all('walker').every(({ shots, pos }) => shots > 500 && Math.abs(pos.x) > 1)).toBe(true);
      expect(stepper.errors).toEqual([]);
    });
  }

  it('[PR1] presses are counted by the prediction as by the server', () => {
    const { stepper, peers } = start(still);
    let pressed = 0;
    peers[0]?.room.onInput(() => ({ fire: ++pressed % 3 === 0 ? 2 : 0 }));
    stepper.run(5000);
    peers[0]?.room.onInput(() => ({}));
    stepper.run(1000);
    expect(stepper.core.world.all('walker')[0]?.shots).toBe(Math.floor(pressed / 3) * 2);
    expect(peers[0]?.room.predictor?.world.all('walker')[0]?.shots).toBe(Math.floor(pressed / 3) * 2);
  });
});

describe('what the server alone does', () => {
  it('[PR2] a push is corrected by the first snapshot that has it, once, and from then on all is foreseen again', () => {
    const { stepper, room, peers } = start(still);
    const [peer] = peers as [Peer<Game>];
    stepper.run(4000);
    for (let push = 0; push < 5; push++) {
      const before = corrections(peer);
      room.after(1, 'push');
      const pushTick = stepper.core.world.tick + 1;
      // Until a snapshot of the push's tick is here, the client cannot know.
      while (peer.room.received.leadTick < pushTick) {
        expect(corrections(peer)).toBe(before);
        stepper.run(2);
      }
      expect(peer.room.received.leadTick - pushTick).toBeLessThan(3);
      stepper.run(18); // the next frame
      expect(corrections(peer)).toBe(before + 1);
      const oracle = new Oracle();
      stepper.run(1000, () => oracle.note(stepper, peer));
      expect([corrections(peer), oracle.differences, oracle.compared > 40]).toEqual([before + 1, 0, true]);
    }
  });

  for (const delayMs of [0, 40, 300]) {
    it(`[PR2] steps are told when they run again for a correction, and only then, ${delayMs} ms away`, () => {
      const { stepper, room } = start({ delayMs });
      stepper.run(5000);
      steps.length = 0;
      stepper.run(1000);
      expect(steps.some(({ isReplay }) => isReplay)).toBe(false);
      room.after(1, 'push');
      stepper.run(2000);
      expect(steps.filter(({ isReplay }) => isReplay).length).toBeGreaterThan(2 * (delayMs / (1000 / 60)));
      const firstTimes = steps.filter(({ isReplay }) => !isReplay).map(({ tick }) => tick);
      expect(new Set(firstTimes).size).toBe(firstTimes.length);
      expect(firstTimes.length).toBeGreaterThan(170);
    });
  }

  it('[PR3] control that is given, taken and given again moves the entity into the present and back', () => {
    const { stepper, room, peers } = start(still, 2);
    const [ada, bob] = peers as [Peer<Game>, Peer<Game>];
    stepper.run(3000);
    const [walker] = room.world.all('walker');
    if (!walker) throw new Error('no walker');
    const predicted = (): boolean[] => [ada, bob].map((peer) => peer.room.predictor?.isPredicted(walker.id) ?? false);
    const mine = (): boolean[] => [ada, bob].map((peer) => peer.room.view.all('walker').find(({ id }) => id === walker.id)?.mine ?? false);
    expect([predicted(), mine()]).toEqual([
      [true, false],
      [true, false],
    ]);
    room.clients[1]?.control(walker);
    stepper.run(500);
    expect([predicted(), mine()]).toEqual([
      [false, true],
      [false, true],
    ]);
    room.clients[1]?.release(walker);
    stepper.run(500);
    expect([predicted(), mine()]).toEqual([
      [false, false],
      [false, false],
    ]);
    room.clients[0]?.control(walker);
    stepper.run(500);
    expect(predicted()).toEqual([true, false]);
    const before = corrections(ada);
    const oracle = new Oracle();
    stepper.run(2000, (peer) => oracle.note(stepper, peer));
    expect([corrections(ada) - before, oracle.differences]).toEqual([0, 0]);
    room.world.despawn(walker);
    stepper.run(300);
    expect(ada.room.view.all('walker').some(({ id }) => id === walker.id)).toBe(false);
    expect(peers.map((peer) => peer.room.predictor?.world.get(walker.id))).toEqual([undefined, undefined]);
  });
});

describe('with inputs lost', () => {
  it('[PR4] every snapshot that leads leaves the client with the state that the server had, and when the network heals all is foreseen again', () => {
    const { stepper, peers } = start(networkProfiles.lossy20, 2, 7);
    let wrong = 0;
    let seen = 0;
    stepper.run(10_000, (peer) => {
      const { predictor, received } = peer.room;
      if (!predictor || received.leadTick < 0) return;
      for (const one of received.entities) {
        if (!one || !predictor.isPredicted(one.id) || one.newestTick !== received.leadTick) continue;
        const at = predictor.history.rowAt(slotOf(one.id), versionOf(one.id), received.leadTick);
        if (at < 0) continue;
        seen++;
        const { words } = one.type.layout;
        const rows = predictor.history.rows(slotOf(one.id));
        for (let word = 0; word < words; word++) if (rows[at + word] !== one.rows[one.rowAt(one.count - 1) + word]) wrong++;
      }
    });
    expect([wrong, seen > 1000]).toEqual([0, true]);
    stepper.setProfile(still);
    stepper.run(4000);
    const before = peers.map(corrections);
    const oracle = new Oracle();
    stepper.run(3000, (peer) => oracle.note(stepper, peer));
    expect([oracle.differences, peers.map(corrections)]).toEqual([0, before]);
  });
});

describe('stalls', () => {
  it('[PR5] a page that was asleep for three seconds goes on from the newest state, without simulating what it missed', () => {
    const { stepper, peers } = start(still);
    const [peer] = peers as [Peer<Game>];
    stepper.run(3000);
    peer.nextFrameAt = stepper.now + 3000;
    stepper.run(3000);
    steps.length = 0;
    stepper.run(40);
    expect(steps.length).toBeLessThan(40);
    stepper.run(3000);
    const before = corrections(peer);
    const oracle = new Oracle();
    stepper.run(2000, () => oracle.note(stepper, peer));
    expect([peer.room.ended, corrections(peer) - before, oracle.differences]).toEqual([undefined, 0, 0]);
  });

  it('[PR5] while the server is silent a client predicts on, and is corrected once when it is heard again', () => {
    const { stepper, peers } = start(still);
    const [peer] = peers as [Peer<Game>];
    stepper.run(3000);
    peer.pair.blackout(stepper.now + 1500);
    stepper.run(1700);
    stepper.run(3000);
    const oracle = new Oracle();
    const before = corrections(peer);
    stepper.run(2000, () => oracle.note(stepper, peer));
    expect([peer.room.ended, corrections(peer) - before, oracle.differences]).toEqual([undefined, 0, 0]);
  });

  it('[PR6] a client without input predicts what everyone predicts', () => {
    const { stepper } = start(still, 0);
    const peer = stepper.join();
    stepper.run(3000);
    const before = corrections(peer);
    const oracle = new Oracle();
    stepper.run(5000, () => oracle.note(stepper, peer));
    expect([corrections(peer) - before, oracle.differences]).toEqual([0, 0]);
    expect(oracle.compared).toBeGreaterThan(200);
  });
});
