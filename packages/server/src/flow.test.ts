// When a client gets its next snapshot, and of how many packets: judged by its acks alone.

import { limits, Random } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Flow } from './flow.ts';

const intervalMs = 50;

/** A path with a round trip that the test may change, and a client that acknowledges what arrives. */
class Path {
  readonly flow = new Flow();
  now = 1000;
  sent = 0;
  skippedInRow = 0;
  mostSkipped = 0;
  lastAllowed = 0;
  #unacked = 0;
  #coming: { at: number; sentAt: number; number: number }[] = [];
  #acked = 0;

  /** Lets snapshots fall due for `ms`. `rttMs` and `arrives` are asked for each one that is sent. */
  run(ms: number, rttMs: (now: number) => number, arrives: () => boolean = () => true): void {
    for (const until = this.now + ms; this.now < until; this.now += intervalMs) {
      this.#coming.sort((a, b) => a.at - b.at);
      while (this.#coming[0] && this.#coming[0].at <= this.now) {
        const { at, sentAt, number } = this.#coming.shift() as { at: number; sentAt: number; number: number };
        this.#acked = Math.max(this.#acked, number);
        this.#unacked = this.sent - this.#acked;
        this.flow.acknowledged(sentAt, 0, at);
      }
      this.lastAllowed = this.flow.packetsAllowed(this.#unacked, intervalMs, this.now);
      this.skippedInRow = this.lastAllowed === 0 ? this.skippedInRow + 1 : 0;
      this.mostSkipped = Math.max(this.mostSkipped, this.skippedInRow);
      if (this.lastAllowed === 0) continue;
      this.sent++;
      this.#unacked = this.sent - this.#acked;
      this.flow.sent(this.now);
      if (arrives()) this.#coming.push({ at: this.now + rttMs(this.now), sentAt: this.now, number: this.sent });
    }
  }
}

describe('Flow', () => {
  it('[FL1] before the first ack a client gets one packet a snapshot, 32 snapshots long, then one in half a second', () => {
    const path = new Path();
    path.run(32 * intervalMs, () => Number.POSITIVE_INFINITY);
    expect([path.sent, path.lastAllowed]).toEqual([32, 1]);
    path.run(5000, () => Number.POSITIVE_INFINITY);
    expect(path.sent).toBe(32 + 10);
  });

  it('[FL1] ticks made in one go after a stall send one first snapshot, not several', () => {
    const flow = new Flow();
    expect(flow.packetsAllowed(0, intervalMs, 500)).toBe(1);
    flow.sent(500);
    expect(flow.packetsAllowed(1, intervalMs, 500)).toBe(0);
    expect(flow.packetsAllowed(1, intervalMs, 546)).toBe(1);
  });

  it('[FL2] each ack allows one packet more, four at most', () => {
    const flow = new Flow();
    const allowed = Array.from({ length: 6 }, (_, index) => {
      const now = 1000 + index * 50;
      flow.sent(now);
      flow.acknowledged(now, 0, now + 20);
      return flow.packetsAllowed(0, intervalMs, now + 50);
    });
    expect(allowed).toEqual([2, 3, 4, 4, 4, 4]);
    expect(limits.packetsPerSnapshot).toBe(4);
  });

  it('[FL3] round trips more than 100 ms above the least are a queue: every second snapshot, one packet, until they fall', () => {
    const path = new Path();
    path.run(2000, () => 40);
    expect([path.lastAllowed, path.flow.skipped]).toEqual([4, 0]);
    path.run(3000, () => 300);
    const sentBefore = path.sent;
    path.run(1000, () => 300);
    expect(path.sent - sentBefore).toBe(10);
    expect(path.lastAllowed).toBeLessThanOrEqual(1);
    path.run(3000, () => 40);
    expect(path.lastAllowed).toBe(4);
  });

  it('[FL3] jitter of 90 ms is no queue', () => {
    const path = new Path();
    const random = new Random(5);
    path.run(20_000, () => 40 + random.range(0, 90));
    expect(path.flow.skipped).toBe(0);
  });

  it('[FL4] no new ack for a round trip, two intervals and 150 ms is silence: one packet in half a second, and all is forgiven with the next ack', () => {
    const path = new Path();
    path.run(2000, () => 40);
    const sentBefore = path.sent;
    path.run(300, () => Number.POSITIVE_INFINITY);
    expect(path.sent - sentBefore).toBeGreaterThanOrEqual(5);
    const silent = path.sent;
    path.run(1000, () => Number.POSITIVE_INFINITY);
    expect(path.sent - silent).toBeLessThanOrEqual(3);
    path.run(3000, () => Number.POSITIVE_INFINITY);
    const dark = path.sent;
    path.run(4000, () => Number.POSITIVE_INFINITY);
    expect(path.sent - dark).toBe(8);
    // The way may be another one now: it is filled again from one packet on.
    path.flow.acknowledged(path.now - 40, 0, path.now);
    expect(path.flow.packetsAllowed(0, intervalMs, path.now)).toBe(2);
    path.run(1000, () => 40);
    expect([path.lastAllowed, path.skippedInRow]).toEqual([4, 0]);
  });

  it('[FL4] while the client is heard, a silence begins with one packet in two intervals, for a second and a half after the last ack', () => {
    const path = new Path();
    path.run(2000, () => 40);
    const sentAt: number[] = [];
    for (const from = path.now; path.now < from + 3000; ) {
      path.flow.heard(path.now);
      const before = path.sent;
      path.run(50, () => Number.POSITIVE_INFINITY);
      if (path.sent > before) sentAt.push(path.now - from);
    }
    expect(sentAt.filter((ms) => ms > 400 && ms <= 1300)).toHaveLength(9);
    expect(sentAt.filter((ms) => ms > 1700).length).toBeLessThanOrEqual(3);
  });

  it('[FL4] a client to whom nothing was sent has nothing to acknowledge: that is no silence', () => {
    const path = new Path();
    path.run(1000, () => 40);
    path.flow.acknowledged(path.now - 40, 0, path.now);
    expect(path.flow.packetsAllowed(0, intervalMs, path.now + 60_000)).toBe(4);
  });

  it('[FL5] loss is no reason to send less: at 20 % lost each way nearly every snapshot goes out', () => {
    const path = new Path();
    const random = new Random(7);
    path.run(
      60_000,
      () => 80,
      () => random.chance(0.64),
    );
    expect(path.sent).toBeGreaterThan(1100); // of 1200
    expect(path.mostSkipped).toBeLessThanOrEqual(10);
  });

  it('[FL6] no more than 32 snapshots are on their way without an ack', () => {
    const flow = new Flow();
    flow.acknowledged(1000, 0, 1040);
    flow.sent(1041);
    expect(flow.packetsAllowed(31, intervalMs, 1050)).toBeGreaterThan(0);
    expect(flow.packetsAllowed(32, intervalMs, 1050)).toBe(0);
    expect(flow.skipped).toBe(1);
  });

  it('[FL7] the time that the client kept the packet is no round trip, and a hold of 255 ms or more is no sample', () => {
    const flow = new Flow();
    flow.acknowledged(1000, 255, 5000);
    expect(flow.rttMs).toBe(0);
    flow.acknowledged(-1, 0, 5050); // the ack of an older packet, of which the hold time says nothing
    expect(flow.rttMs).toBe(0);
    flow.acknowledged(5000, 30, 5100);
    expect(flow.rttMs).toBe(70);
    flow.acknowledged(6000, 200, 6100); // a client that says that it held longer than it took
    expect(flow.rttMs).toBeCloseTo(70 - 70 / 8, 6);
  });

  it('[FL8] a path that has become longer is no queue for ever: the least round trip is forgotten after ten seconds', () => {
    const path = new Path();
    path.run(3000, () => 40);
    path.run(25_000, () => 400);
    const sentBefore = path.sent;
    path.run(2000, () => 400);
    expect(path.sent - sentBefore).toBe(40);
  });

  it('[BF12] on a clean queue with 80 ms, 5 % loss both ways and ten acks a second there is less than one false pause a minute', () => {
    let pauses = 0;
    const minutes = 30;
    for (let seed = 1; seed <= 4; seed++) {
      const random = new Random(seed);
      const flow = new Flow();
      /** What the client has, and acks under way: the newest packet in them, when it was sent and how long it was held. */
      let newest = { number: 0, sentAt: 0, at: 0 };
      const down: (typeof newest)[] = [];
      const up: { at: number; of: typeof newest; hold: number }[] = [];
      let acked = 0;
      let sent = 0;
      let isPaused = false;
      for (let now = 1000; now < 1000 + minutes * 60_000; now += 10) {
        for (; down[0] && down[0].at <= now; down.shift()) newest = down[0];
        if (now % 100 === 0 && newest.number > 0 && !random.chance(0.05)) up.push({ at: now + 40, of: newest, hold: now - newest.at });
        for (; up[0] && up[0].at <= now; up.shift()) {
          const { of, hold } = up[0];
          if (of.number <= acked) continue;
          acked = of.number;
          flow.acknowledged(of.sentAt, hold, now);
        }
        if (now % 50 !== 0) continue;
        const allowed = flow.packetsAllowed(sent - acked, 50, now);
        if (allowed === 0 && !isPaused && now > 3000) pauses++;
        isPaused = allowed === 0;
        if (allowed === 0) continue;
        sent++;
        flow.sent(now);
        if (!random.chance(0.05)) down.push({ number: sent, sentAt: now, at: now + 40 });
      }
      expect(flow.rttMs).toBeCloseTo(80, -1);
    }
    expect(pauses / (4 * minutes)).toBeLessThan(1);
  });

  it('[BF13] a client that is heard again after a quarter of a second is tried at once, and only once', () => {
    const path = new Path();
    path.run(2000, () => 40);
    path.flow.heard(path.now);
    path.run(2000, () => Number.POSITIVE_INFINITY);
    // The probe before may be just behind it.
    path.run(200, () => Number.POSITIVE_INFINITY);
    const sentBefore = path.sent;
    expect([path.flow.state, path.lastAllowed]).toEqual(['silence', 0]);
    path.flow.heard(path.now);
    path.run(50, () => Number.POSITIVE_INFINITY);
    expect(path.sent).toBe(sentBefore + 1);
    // Heard all the time, and still no ack: the way there is dark, and is tried as before.
    for (let count = 0; count < 20; count++) {
      path.flow.heard(path.now);
      path.run(50, () => Number.POSITIVE_INFINITY);
    }
    expect(path.sent).toBeLessThanOrEqual(sentBefore + 1 + 2);
  });

  it('[BF13] what was sent before a silence ended is no sample of the round trip', () => {
    const path = new Path();
    path.run(2000, () => 40);
    path.run(3000, () => Number.POSITIVE_INFINITY);
    expect(path.flow.state).toBe('silence');
    // Two packets that waited in a queue come after all.
    path.flow.acknowledged(path.now - 2900, 0, path.now);
    path.flow.acknowledged(path.now - 2000, 0, path.now + 1);
    expect(path.flow.rttMs).toBe(40);
    path.run(500, () => 40);
    expect([path.flow.state, path.lastAllowed]).toEqual(['open', 4]);
  });

  it('[BF10] an ack may take a round trip, two intervals and 150 ms; 600 ms stand for a round trip while none is known', () => {
    const flow = new Flow();
    expect(flow.patienceMs(50)).toBe(850);
    flow.sent(1000);
    flow.acknowledged(1000, 0, 1080);
    expect(flow.patienceMs(50)).toBe(330);
  });
});
