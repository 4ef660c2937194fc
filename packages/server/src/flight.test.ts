// What is on its way to a client, when it is given up, and what share of packets its path loses.

import { Random } from '@tickwire/shared';
import { nextSequence, type Sequence } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Flight } from './flight.ts';

/** Sends packets that name slot 1, and acknowledges them as a client does. */
class Path {
  readonly flight = new Flight();
  sequence = 0xfff0 as Sequence;
  tick = 0;
  now = 0;
  readonly #slots = Int32Array.from([1]);
  readonly #arrived = new Set<number>();

  constructor() {
    this.flight.grow(8);
  }

  /** A snapshot of some packets, 50 ms and 3 ticks after the one before. @returns their sequences. */
  snapshot(packets = 1): Sequence[] {
    this.tick += 3;
    this.now += 50;
    return Array.from({ length: packets }, () => {
      this.sequence = nextSequence(this.sequence);
      this.flight.begin(this.sequence, this.tick, this.now);
      this.flight.names(this.#slots, 0, 1, this.tick);
      return this.sequence;
    });
  }

  arrive(...sequences: readonly Sequence[]): void {
    let newest = sequences[0] as number;
    for (const sequence of sequences) {
      this.#arrived.add(sequence);
      if (((sequence - newest) << 16) >> 16 > 0) newest = sequence;
    }
    let bits = 0;
    for (let back = 1; back <= 32; back++) if (this.#arrived.has((newest - back) & 0xffff)) bits |= 1 << (back - 1);
    this.flight.acknowledge(newest, bits >>> 0);
  }

  /** Whether the entity of slot 1, at rest since `since`, is on its way. */
  carries(since: number, base = -1): boolean {
    return this.flight.carries(1, since, base);
  }
}

describe('Flight', () => {
  it('[BF9] a state that holds is on its way from the first packet that has it; once that was acknowledged, the mark of its rest is not', () => {
    const path = new Path();
    expect(path.carries(0)).toBe(false);
    path.snapshot();
    const { tick } = path;
    expect([path.carries(tick - 1), path.carries(tick), path.carries(tick + 1)]).toEqual([true, true, false]);
    expect([path.carries(tick, tick - 1), path.carries(tick, tick)]).toEqual([true, false]);
    // It came into view, or back, after that packet.
    expect([path.carries(tick, -1 - tick), path.carries(tick, -1 - (tick + 1))]).toEqual([true, false]);
  });

  it('[BF10] a packet is lost when one of a later snapshot was acknowledged before it, not one of the same', () => {
    const path = new Path();
    const [first, second] = path.snapshot(2);
    path.arrive(second as Sequence);
    expect([first === undefined, path.carries(path.tick - 1)]).toEqual([false, true]);
    const [later] = path.snapshot();
    const before = path.tick - 3;
    path.flight.names(Int32Array.from([1]), 0, 1, before);
    expect(path.carries(before - 1)).toBe(true);
    path.arrive(later as Sequence);
    expect(path.carries(before - 1)).toBe(false);
  });

  it('[BF10] without any ack it is given up after its time', () => {
    const path = new Path();
    path.snapshot();
    path.flight.expire(path.now + 300, 300);
    expect(path.carries(path.tick - 1)).toBe(true);
    path.flight.expire(path.now + 301, 300);
    expect(path.carries(path.tick - 1)).toBe(false);
  });

  it('[BF10] nothing is on its way after the client lost its states', () => {
    const path = new Path();
    const [sequence] = path.snapshot();
    path.flight.forget();
    expect(path.carries(path.tick - 1)).toBe(false);
    path.arrive(sequence as Sequence);
    expect([path.carries(path.tick - 1), path.flight.loss]).toEqual([false, 0]);
  });

  it('[BF10] acks of the future, of the far past and repeated ones count for nothing', () => {
    const path = new Path();
    path.flight.acknowledge(5, 0xffffffff);
    const [sequence] = path.snapshot();
    path.flight.acknowledge(((sequence as number) + 3) & 0xffff, 0xffffffff);
    path.flight.acknowledge(((sequence as number) - 40) & 0xffff, 0xffffffff);
    expect([path.carries(path.tick - 1), path.flight.loss]).toEqual([true, 0]);
    for (let times = 0; times < 50; times++) path.arrive(sequence as Sequence);
    expect([path.carries(path.tick - 1), path.flight.loss]).toEqual([true, 0]);
  });

  it('[BF10] the share of lost packets is the share that the path loses; what comes late is not lost, and a dark moment says little', () => {
    for (const share of [0, 0.05, 0.2]) {
      const path = new Path();
      const random = new Random(11);
      const late: Sequence[] = [];
      let sum = 0;
      for (let count = 0; count < 4000; count++) {
        const [sequence] = path.snapshot() as [Sequence];
        if (random.chance(share)) late.length = 0;
        else late.push(sequence);
        // Every third ack is lost; one packet in two comes behind the next one.
        if (count % 3 > 0 && late.length > 1) path.arrive(...late.splice(0).reverse());
        path.flight.expire(path.now, 400);
        if (count > 500) sum += path.flight.loss;
      }
      // Dropping `late` loses those before as well: one and a half packets a time on average.
      expect(sum / 3499).toBeGreaterThanOrEqual(share);
      expect(sum / 3499).toBeLessThan(share * 2.6 + 0.001);
    }
    const path = new Path();
    for (let count = 0; count < 100; count++) path.arrive(...path.snapshot());
    for (let count = 0; count < 40; count++) path.snapshot();
    path.flight.expire(path.now + 1000, 400);
    expect(path.flight.loss).toBeLessThan(0.05);
  });

  it('[BF10] more packets than are remembered push the oldest out, which then count as given up', () => {
    const path = new Path();
    for (let count = 0; count < 1000; count++) path.snapshot();
    path.flight.grow(500);
    const [newest] = path.snapshot();
    path.arrive(newest as Sequence);
    expect(path.carries(path.tick - 1)).toBe(true);
  });
});
