// Flow control in a whole system, on a virtual clock: dark moments, losses that narrow the path, and the budget of each second.

import { Room } from '@tickwire/server/core';
import { defineGame, entity, f, type NetworkProfile } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { type Peer, Stepper } from '../stepper.ts';

const game = defineGame({
  name: 'flow',
  tickHz: 60,
  snapshotHz: 20,
  inputHz: 10,
  entities: {
    /** Where it is says at which tick that was. */
    clock: entity({ x: f.fixed(0, 100_000, { wire: 1 }) }),
    mob: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), aim: f.angle({ wire: 8 }) }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }) },
});

class FlowRoom extends Room<typeof game> {
  override autoDispose = false;
  mobs = 0;

  override onCreate(): void {
    this.world.spawn('clock', { x: 0 });
    for (let count = 0; count < this.mobs; count++)
      this.world.spawn('mob', { pos: { x: this.random.range(0, 2000), y: this.random.range(0, 2000) } });
  }

  override onTick(): void {
    for (const clock of this.world.all('clock')) clock.x = this.tick;
    for (const mob of this.world.all('mob')) {
      mob.pos.x += this.random.range(-5, 5);
      mob.pos.y += this.random.range(-5, 5);
      mob.aim = this.random.range(-3, 3);
    }
  }
}

const tickMs = 1000 / 60;
const intervalMs = 50;

function stage(profile: NetworkProfile, mobs = 20, isHeld = false): { stepper: Stepper<typeof game>; peer: Peer<typeof game>; room: FlowRoom } {
  const room = new FlowRoom();
  room.mobs = mobs;
  const stepper = new Stepper({ game, room, seed: 4, profile });
  const peer = stepper.join();
  let held = 0;
  peer.room.onInput(() => ({ move: { x: isHeld ? 1 : (held++ % 16) / 8 - 1, y: 0 } }));
  return { stepper, peer, room };
}

/** The oldest state that was applied as the newest, and when the first fresh one was there and on screen, in milliseconds after the first packet that got through. */
function afterDark(
  darkMs: number,
  kind: 'lost' | 'queued',
  rttMs: number,
  isHeld: boolean,
): { oldestMs: number; hereMs: number; seenMs: number; dark: number } {
  const { stepper, peer } = stage({ delayMs: rttMs / 2 }, 20, isHeld);
  stepper.run(4000);
  const member = [...stepper.core.members.values()][0];
  const endMs = stepper.now + darkMs;
  const before = member?.traffic.packets ?? 0;
  peer.pair.blackout(endMs);
  if (kind === 'queued') peer.stall.untilMs = endMs;
  stepper.run(darkMs);
  const dark = (member?.traffic.packets ?? 0) - before;
  const heard = [peer.room.stats.packetsReceived, member?.counters.packetsReceived];
  let throughMs = 0;
  let newest = peer.room.received.newestTick;
  let hereMs = -1;
  let seenMs = 0;
  let oldestMs = 0;
  const endTick = endMs / tickMs;
  for (let step = 0; step < 1500; step++) {
    stepper.run(2, () => {
      const drawn = peer.room.view.all('clock')[0]?.x ?? 0;
      if (seenMs === 0 && drawn >= endTick) seenMs = stepper.now;
    });
    if (throughMs === 0 && (peer.room.stats.packetsReceived !== heard[0] || member?.counters.packetsReceived !== heard[1])) throughMs = stepper.now;
    if (peer.room.received.newestTick === newest) continue;
    newest = peer.room.received.newestTick;
    oldestMs = Math.max(oldestMs, stepper.now - newest * tickMs);
    if (hereMs < 0 && newest >= endTick) hereMs = stepper.now - throughMs;
  }
  expect(stepper.errors).toEqual([]);
  return { oldestMs, hereMs, seenMs: seenMs - throughMs, dark };
}

describe('dark moments', () => {
  for (const darkMs of [1000, 3000]) {
    for (const [kind, how] of [
      ['lost', 'everything sent in it is lost'],
      ['queued', 'what the server sent waits and comes at its end, as from an SCTP stack'],
    ] as const) {
      it(`[BF11] after ${darkMs} ms no stale state is applied, and a fresh one is on screen at once, when ${how}`, () => {
        // The end lies anywhere between two probes.
        for (const [rttMs, moreMs] of [80, 200].flatMap((rttMs) => [0, 110, 230, 340, 450].map((moreMs) => [rttMs, moreMs] as const))) {
          // A client whose input does not change says little.
          const { oldestMs, hereMs, seenMs, dark } = afterDark(darkMs + moreMs, kind, rttMs, moreMs % 20 === 0);
          // Made within the last tick, and under way for half a round trip. What waited for less than 100 ms is as good as what jitter held up.
          expect(oldestMs).toBeLessThanOrEqual(rttMs / 2 + tickMs + (kind === 'queued' ? 100 : 0));
          expect(hereMs).toBeGreaterThanOrEqual(0);
          expect(hereMs).toBeLessThanOrEqual(1.5 * rttMs + intervalMs);
          expect(seenMs).toBeGreaterThanOrEqual(0);
          expect(seenMs).toBeLessThanOrEqual(1.5 * rttMs + intervalMs);
          // A round trip, two intervals and 150 ms until it is noticed, then probes.
          expect(dark).toBeLessThanOrEqual((rttMs + 2 * intervalMs + 150) / intervalMs + (darkMs + moreMs) / 500 + 2);
        }
      });
    }
  }
});

describe('the budget', () => {
  it('[BF1] no second has more than the room allows, whatever there is to send and whatever the network does', () => {
    for (const [budgetBytes, profile] of [
      [24_000, { delayMs: 40 }],
      [60_000, { delayMs: 40, jitterMs: 30, loss: 0.02 }],
      [6_000, { delayMs: 5 }],
    ] as const) {
      const { stepper, peer, room } = stage(profile, 1500);
      room.budgetBytes = budgetBytes;
      stepper.run(15_000);
      expect(peer.down.largestSecondBytes).toBeLessThanOrEqual(budgetBytes);
      expect(peer.down.bytes / 15).toBeGreaterThan(budgetBytes * (profile.delayMs === 5 ? 0.5 : 0.7));
      expect(peer.room.received.entities.filter((one) => one !== undefined).length).toBeGreaterThan(1500);
    }
  });

  it('[BF3] [BF15] where a path with losses carries less than the room allows, less is sent, and it says why', () => {
    const { stepper, room } = stage({ delayMs: 100 }, 900);
    stepper.run(5000);
    const pace = () => room.clients[0]?.pace;
    expect([pace()?.reason, pace()?.budgetBytes]).toEqual(['budget', 24_000]);
    // 1.2 x 1100 / (0.2 s x sqrt(0.2)) is 14,760 bytes a second; seven tenths of it is 10,330.
    stepper.setProfile({ delayMs: 100, loss: 0.2 });
    stepper.run(20_000);
    expect(pace()?.loss).toBeGreaterThan(0.1);
    expect(pace()?.loss).toBeLessThan(0.32);
    expect(pace()?.budgetBytes).toBeGreaterThan(7000);
    expect(pace()?.budgetBytes).toBeLessThan(15_000);
    expect(pace()?.reason).toBe('loss');
    stepper.setProfile({ delayMs: 100 });
    stepper.run(25_000);
    expect([pace()?.reason, pace()?.budgetBytes]).toEqual(['budget', 24_000]);
  });

  it('[BF4] [BF15] a queue that the budget makes is emptied, and the path stays usable', () => {
    const { stepper, peer, room } = stage({ delayMs: 40, rateBytesPerSecond: 12_500, queueBytes: 16_384 }, 900);
    const ages: number[] = [];
    const reasons = new Set<string | undefined>();
    stepper.run(40_000, () => {
      reasons.add(room.clients[0]?.pace.reason);
      if (stepper.now > 10_000) ages.push(stepper.now - peer.room.received.newestTick * tickMs);
    });
    ages.sort((a, b) => a - b);
    expect(reasons).toContain('queue');
    expect(ages[ages.length >> 1]).toBeLessThan(300);
    expect(ages[Math.floor(ages.length * 0.99)]).toBeLessThan(900);
  });

  it('[BF15] a client that gets everything says so, and a silent one does', () => {
    const { stepper, peer, room } = stage({ delayMs: 40 }, 5);
    stepper.run(40);
    expect(['starting', undefined]).toContain(room.clients[0]?.pace.reason);
    stepper.run(3000);
    expect(room.clients[0]?.pace).toMatchObject({ reason: 'full', budgetBytes: 24_000, loss: 0, skipped: 0 });
    peer.pair.blackout(stepper.now + 2000);
    stepper.run(1500);
    expect(room.clients[0]?.pace.reason).toBe('silence');
    expect(room.clients[0]?.pace.skipped).toBeGreaterThan(10);
  });
});

const crowded = defineGame({
  name: 'crowded',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    hero: entity({ a: f.string(240), b: f.string(240), c: f.string(240), d: f.string(200) }, { predict: 'owner' }),
    crate: entity({ note: f.string(200), n: f.uint(65_535) }),
  },
  input: {},
  steps: { hero: () => {} },
});

/** A prediction group of nearly a packet, new in each tick, and crates that do not fit beside it. */
class CrowdedRoom extends Room<typeof crowded> {
  override autoDispose = false;
  override budgetBytes = 5000;

  override onCreate(): void {
    for (let count = 0; count < 5; count++) this.world.spawn('crate');
  }

  override onJoin(client: (typeof this.clients)[number]): void {
    client.control(this.world.spawn('hero'));
  }

  override onTick(): void {
    for (const crate of this.world.all('crate')) {
      crate.n = this.tick % 65_536;
      crate.note = this.#text(200);
    }
    for (const hero of this.world.all('hero'))
      [hero.a, hero.b, hero.c, hero.d] = [this.#text(240), this.#text(240), this.#text(240), this.#text(200)];
  }

  #text(length: number): string {
    return Array.from({ length }, () => this.random.int(10)).join('');
  }
}

describe('a large prediction group', () => {
  it('[BF8] [BF1] does not keep all others out, at the least budget', () => {
    const stepper = new Stepper({ game: crowded, room: new CrowdedRoom(), seed: 2, profile: { delayMs: 30 } });
    const peer = stepper.join();
    peer.room.onInput(() => ({}));
    stepper.run(20_000);
    expect(stepper.errors).toEqual([]);
    expect(peer.down.largestSecondBytes).toBeLessThanOrEqual(5000);
    const ages = peer.room.received.entities.flatMap((one) => (one?.type.name === 'crate' ? [stepper.core.world.tick - one.newestTick] : []));
    expect(ages.length).toBe(5);
    expect(Math.max(...ages)).toBeLessThan(60 * 5);
  });
});

describe('the way up', () => {
  it('[BF16] a client sends nothing while more than 400 bytes wait in its own queue, and goes on with its newest inputs', () => {
    const { stepper, peer } = stage({ delayMs: 20 });
    stepper.run(2000);
    const member = [...stepper.core.members.values()][0];
    peer.pair.setProfile([{ delayMs: 20 }, { delayMs: 20, rateBytesPerSecond: 300 }]);
    let most = 0;
    stepper.run(8000, () => {
      most = Math.max(most, peer.pair.b.backlog('unreliable'));
    });
    expect(most).toBeGreaterThan(300);
    expect(most).toBeLessThanOrEqual(400 + peer.up.largestPacket);
    stepper.setProfile({ delayMs: 20 });
    // The clocks come back slowly from a path that was so slow.
    stepper.run(20_000);
    const missed = member?.inputs.missed;
    stepper.run(2000);
    expect([peer.room.ended, member?.counters.wrong, member?.inputs.missed]).toEqual([undefined, 0, missed]);
  });
});

/** What the room says about its entities. */
class Weighing extends FlowRoom {
  readonly asked: string[] = [];

  override priority(entity: { type: string }): number {
    this.asked.push(entity.type);
    return 2;
  }
}

describe('priorities of a room', () => {
  it('[BF7] the hook is asked only while something waits', () => {
    const room = new Weighing();
    room.mobs = 30;
    const stepper = new Stepper({ game, room, seed: 1, profile: { delayMs: 10 } });
    stepper.join().room.onInput(() => ({}));
    stepper.run(3000);
    expect(room.asked).toEqual([]);
    for (let count = 0; count < 900; count++) room.world.spawn('mob');
    stepper.run(200);
    expect(room.asked.length).toBeGreaterThan(500);
    expect(stepper.errors).toEqual([]);
  });

  it('[BF14] traffic adds up to what was sent, for each client and, after it has left, for the room', () => {
    const { stepper, peer, room } = stage({ delayMs: 20, loss: 0.05 }, 300);
    const second = stepper.join();
    stepper.run(4000);
    const members = [...stepper.core.members.values()];
    for (const [index, { traffic }] of members.entries()) {
      const down = stepper.peers[index]?.down;
      expect([traffic.packets, traffic.bytes]).toEqual([down?.packets, down?.bytes]);
      expect(sum(traffic.byReason())).toBeCloseTo(traffic.bytes, 3);
      const typed = traffic.of({ reason: 'group' }) + traffic.of({ reason: 'changed' }) + traffic.of({ reason: 'entered' });
      expect(sum(traffic.byType())).toBeCloseTo(typed, 3);
      expect(traffic.of({ type: 'mob', reason: 'changed' })).toBeGreaterThan(traffic.bytes / 2);
    }
    const before = room.traffic.bytes;
    expect(before).toBeCloseTo(sum(members.map(({ traffic }) => traffic.bytes)), 3);
    second.room.leave();
    stepper.run(200);
    expect(stepper.core.members.size).toBe(1);
    expect(room.traffic.bytes).toBeGreaterThan(before);
    expect(peer.room.ended).toBeUndefined();
  });
});

function sum(numbers: readonly number[] | Record<string, number>): number {
  return Object.values(numbers).reduce((total, one) => total + one, 0);
}
