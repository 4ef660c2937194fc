// Pages that nobody sees, slow pages and fast ones, in a whole system on the virtual clock.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, event, f } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';

const tickMs = 1000 / 60;

const game = defineGame({
  name: 'hidden',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    own: entity({ x: f.fixed(0, 60_000, { wire: 1 / 16 }), shots: f.uint(60_000) }, { predict: 'owner' }),
    /** Goes two units a tick: where it is says at which tick that was. */
    mover: entity({ x: f.fixed(0, 100_000, { wire: 1 / 16 }) }),
  },
  input: { go: f.uint(1), fire: f.press() },
  events: { note: event({ n: f.uint(65_535) }) },
  steps: {
    own(own, input) {
      own.x = Math.min(60_000, own.x + input.go);
      own.shots = (own.shots + input.fire) % 60_000;
    },
  },
});
type Game = typeof game;

class Field extends Room<Game> {
  override onCreate(): void {
    this.world.spawn('mover');
  }
  override onJoin(client: Client<Game>): void {
    client.control(this.world.spawn('own'));
  }
  override onTick(): void {
    for (const mover of this.world.all('mover')) mover.x = (this.tick * 2) % 100_000;
    if (this.tick % 60 === 0) this.emit('note', { n: this.tick % 65_536 });
  }
}

function start(delayMs: number): { stepper: Stepper<Game>; peer: Peer<Game>; own: () => number } {
  const stepper = new Stepper<Game>({ game, room: new Field(), seed: 7, profile: { delayMs } });
  const peer = stepper.join();
  peer.room.onInput(() => ({ go: 1 }));
  return { stepper, peer, own: () => [...stepper.core.world.all('own')][0]?.x ?? -1 };
}

const moverX = (peer: Peer<Game>): number => peer.room.view.all('mover')[0]?.x ?? -1;

describe('a hidden page', () => {
  for (const [seconds, everyMs] of [
    [60, 1000],
    [360, 60_000],
  ] as const) {
    it(`[HL1] [HL2] hidden for ${seconds} s with a frame every ${everyMs} ms: two snapshots a second, idle input, the session lives, and the view is right soon after`, () => {
      for (const delayMs of [10, 75]) {
        const { stepper, peer, own } = start(delayMs);
        let notes = 0;
        peer.room.on('note', () => notes++);
        stepper.run(4000);
        peer.room.hidden = true;
        peer.room.frame(stepper.now);
        stepper.run(1000);
        const before = [peer.down.packets, own(), stepper.core.members.get('session-1')?.inputs.missed];
        const drawn = peer.room.view.tick;
        for (let passed = 1; passed < seconds; passed++) {
          peer.nextFrameAt = Math.ceil((stepper.now + 1) / everyMs) * everyMs;
          stepper.run(1000);
          // Events come, and the server knows that they did.
          for (const { session } of stepper.core.members.values())
            expect((session.outbox.save() as [number, unknown[]])[1].length).toBeLessThanOrEqual(2);
        }
        expect(notes).toBeGreaterThanOrEqual(seconds);
        expect(peer.room.ended).toBeUndefined();
        expect(peer.room.view.tick).toBe(drawn);
        expect((peer.down.packets - (before[0] as number)) / (seconds - 1)).toBeGreaterThan(1.8);
        expect((peer.down.packets - (before[0] as number)) / (seconds - 1)).toBeLessThan(2.2);
        expect([own(), stepper.core.members.get('session-1')?.inputs.missed]).toEqual(before.slice(1));
        peer.room.hidden = false;
        const backAt = stepper.now;
        let rightAt = -1;
        let [lastX, lastTick] = [-1, -1];
        peer.nextFrameAt = stepper.now;
        stepper.run(2000, () => {
          const [x, tick] = [moverX(peer), peer.room.view.tick];
          const isRight = Math.abs(x - ((tick * 2) % 100_000)) < 0.2;
          if (rightAt < 0 && isRight) rightAt = stepper.now;
          if (rightAt >= 0) expect(isRight, `${stepper.now - backAt} ms: ${x} at ${tick}`).toBe(true);
          // As far as the view went, and no farther.
          if (rightAt >= 0 && lastTick >= 0) expect(Math.abs(x - lastX - 2 * (tick - lastTick))).toBeLessThan(0.3);
          [lastX, lastTick] = rightAt >= 0 ? [x, tick] : [-1, -1];
        });
        expect(rightAt).toBeGreaterThanOrEqual(backAt);
        expect(rightAt - backAt).toBeLessThanOrEqual(2 * delayMs + 200);
        expect(stepper.errors).toEqual([]);
        const walked = own();
        stepper.run(1000);
        expect(own() - walked).toBe(60);
        expect(peer.room.view.tick).toBeGreaterThan(stepper.core.world.tick - delayMs / tickMs - 8);
      }
    });
  }
});

describe('frames of any length', () => {
  it('[HL3] at 10 frames a second every tick has its own input, and latency does not grow; after a stall of 2 s it is as before', () => {
    const { stepper, peer, own } = start(40);
    let samples = 0;
    peer.room.onInput(() => ({ go: 1, fire: samples++ % 2 }));
    const run = (ms: number, frameMs: number): void => {
      for (const until = stepper.now + ms; stepper.now < until; ) {
        peer.nextFrameAt = stepper.now + frameMs;
        stepper.run(frameMs);
      }
    };
    run(10_000, 100);
    const before = [own(), samples, stepper.core.members.get('session-1')?.inputs.missed ?? 0] as const;
    const { leadTicks } = peer.room.stats;
    run(20_000, 100);
    expect(own() - before[0]).toBe(1200);
    expect(Math.abs(samples - before[1] - 1200)).toBeLessThan(3);
    expect(stepper.core.members.get('session-1')?.inputs.missed).toBe(before[2]);
    expect(Math.abs(peer.room.stats.leadTicks - leadTicks)).toBeLessThan(2);
    const missed = stepper.core.members.get('session-1')?.inputs.missed;
    run(2000, 2000);
    run(3000, 100);
    expect((stepper.core.members.get('session-1')?.inputs.missed ?? 0) - (missed ?? 0)).toBeLessThan(140);
    expect(Math.abs(peer.room.stats.leadTicks - leadTicks)).toBeLessThan(3);
    expect(peer.room.ended).toBeUndefined();
  });

  it('[HL4] at any frame rate the own entity goes on evenly between ticks, and an input is seen within a tick and a frame', () => {
    for (const frameMs of [100, 50, 1000 / 60, 1000 / 144, 1000 / 240]) {
      const stepper = new Stepper<Game>({ game, room: new Field(), seed: 3, profile: { delayMs: 30 } });
      const peer = stepper.join();
      let go = 0;
      peer.room.onInput(() => ({ go }));
      const own = (): number => peer.room.view.all('own')[0]?.x ?? -1;
      let frames = 0;
      const frame = (each: () => void): void => {
        peer.nextFrameAt = frames++ * frameMs;
        stepper.run(Math.max(0, peer.nextFrameAt - stepper.now) + 0.001, each);
      };
      for (; stepper.now < 4000; ) frame(() => {});
      for (let turn = 0; turn < 8; turn++) {
        // An event between two frames.
        const pressedAt = stepper.now + 0.001;
        go = 1;
        const before = own();
        let seenAt = -1;
        for (let count = 0; count < 40 && seenAt < 0; count++) {
          frame(() => {
            if (own() > before + 1e-6) seenAt = stepper.now;
          });
        }
        expect(seenAt).toBeGreaterThan(pressedAt);
        expect(seenAt - pressedAt, `${frameMs}`).toBeLessThanOrEqual(tickMs + frameMs + 2.1);
        for (let count = 0; count < 20; count++) frame(() => {});
        let [x, at] = [own(), stepper.now];
        for (let count = 0; count < 20; count++) {
          frame(() => {});
          expect(Math.abs(own() - x - (stepper.now - at) / tickMs), `${frameMs}`).toBeLessThan(0.1 + (0.06 * frameMs) / tickMs);
          [x, at] = [own(), stepper.now];
        }
        go = 0;
        for (let count = 0; count < 20; count++) frame(() => {});
      }
      expect(stepper.errors).toEqual([]);
    }
  });
});

describe('cheating with time', () => {
  it('[TM8] a client whose clock runs at twice the speed walks no farther and shoots no more than there are ticks', () => {
    const { stepper, peer, own } = start(20);
    peer.room.onInput(() => ({ go: 1, fire: 1 }));
    const frame = peer.room.frame.bind(peer.room);
    peer.room.frame = (now) => frame(now * 2);
    stepper.run(20_000);
    expect(own()).toBeGreaterThan(0);
    expect(own()).toBeLessThanOrEqual(stepper.core.world.tick);
    expect([...stepper.core.world.all('own')][0]?.shots).toBeLessThanOrEqual(stepper.core.world.tick + 15);
  });

  it('[TM9] with an input delay less is predicted, by as many ticks, and nothing is missed for it', () => {
    const ahead = (ticks: number): number => {
      const { stepper, peer } = start(50);
      peer.room.inputDelayTicks = ticks;
      for (const wrong of [-1, 33, Number.NaN]) expect(() => (peer.room.inputDelayTicks = wrong)).toThrow(/inputDelayTicks/);
      stepper.run(8000);
      const before = stepper.core.members.get('session-1')?.inputs.missed;
      let last = -1;
      stepper.run(4000, () => {
        expect(peer.room.view.inputTick).toBeGreaterThanOrEqual(last);
        last = peer.room.view.inputTick;
      });
      expect([stepper.core.members.get('session-1')?.inputs.missed, peer.room.predictor?.corrections]).toEqual([before, 0]);
      return peer.room.view.inputTick - stepper.core.world.tick;
    };
    expect(ahead(0) - ahead(3)).toBeGreaterThan(2);
    expect(ahead(0) - ahead(3)).toBeLessThan(4);
  });
});
