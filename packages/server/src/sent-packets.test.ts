// Acks turned into packets: each counts once, in whatever order acks come, however often they repeat themselves.

import { limits } from '@tickwire/shared';
import { form, type Sequence, sequenceDistance } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RecordLog, stateMarks } from './record-log.ts';
import { entry, entryWords, keyOf, Replica } from './replica.ts';
import { SentPackets } from './sent-packets.ts';

/** Packets that name slot 0, one a tick, each with an effect that has the number of its tick. */
class Sender {
  readonly replica = new Replica();
  readonly sent = new SentPackets();
  readonly log = new RecordLog();
  readonly done: number[] = [];
  tick = 0;

  constructor() {
    this.replica.grow(1);
    this.replica.enter(0, 1, form.seen, 0);
  }

  /** The first packet has this sequence. */
  static readonly first = 0xfff0;

  send(packets: number): void {
    for (let made = 0; made < packets; made++) {
      this.tick++;
      this.log.begin(this.tick);
      this.sent.begin(((Sender.first + this.tick - 1) & 0xffff) as Sequence, this.tick, true, 1000 + this.tick);
      this.log.add(stateMarks(0, false), keyOf(1, form.seen));
      this.sent.noteSegment(this.log.page, 0, this.log.page.length);
      this.sent.noteEffect(this.tick);
    }
  }

  /** Acknowledges the packet of a tick and, by bits, ticks before it. @returns when it was sent, or false when nothing is new. */
  ack(tick: number, bits = 0): number | false {
    const isNews = this.sent.acknowledge((Sender.first + tick - 1) & 0xffff, bits, this.replica, (id) => this.done.push(id));
    return isNews && this.sent.ackedSentAt;
  }

  get bases(): [number, number] {
    const at = 0 * entryWords;
    return [this.replica.entries[at + entry.base] as number, this.replica.entries[at + entry.older] as number];
  }
}

describe('SentPackets', () => {
  it('[RP6] acks of the future, of the far past and repeated ones count for nothing', () => {
    const sender = new Sender();
    expect(sender.ack(1)).toBe(false);
    sender.send(200);
    const old = sender.bases;
    expect([sender.ack(201), sender.ack(0x7000), sender.ack(-1, 0xffffffff), sender.ack(20)]).toEqual([false, false, false, false]);
    expect([sender.bases, sender.done, sender.sent.unacknowledged]).toEqual([old, [], 200]);
    expect([sender.ack(190, 0b101), sender.bases, sender.sent.unacknowledged]).toEqual([1190, [190, 189], 10]);
    expect(sender.done).toEqual([187, 189, 190]);
    expect(sender.ack(190, 0b101)).toBe(false);
    // News of an older packet only: the client's hold time is not of that packet, so there is no sample in it.
    expect(sender.ack(190, 0x8000_0000)).toBe(-1);
    expect([sender.done.at(-1), sender.bases]).toEqual([158, [190, 189]]);
  });

  it('[RP5] what was sent before all was forgotten does not count any more', () => {
    const sender = new Sender();
    sender.send(3);
    expect(sender.ack(1)).toBe(1001);
    sender.sent.forget();
    expect([sender.ack(3, 0b11), sender.done]).toEqual([false, [1]]);
    sender.send(1);
    expect([sender.ack(4, 0b111), sender.done]).toEqual([1004, [1, 4]]);
  });

  it('[RP6] what was named in ticks that the log has forgotten is forgotten, and only that', () => {
    const sender = new Sender();
    sender.send(1);
    // Ticks with snapshots, in which this client was sent nothing.
    for (let tick = 2; tick < 2 + limits.snapshotsInFlight * 2; tick++) sender.log.begin(tick);
    expect([sender.ack(1), sender.done, sender.bases[0] < 0]).toEqual([1001, [1], true]);
  });

  it('[RP7] whatever acks come, in whatever order, each packet counts once, as if every bit of every ack were looked at', () => {
    const arrivals = fc.array(
      fc.record({
        send: fc.nat(12),
        /** How far behind the newest packet, and which of those before it. */
        back: fc.oneof(fc.nat(3), fc.nat(80)),
        bits: fc.oneof(fc.constant(0), fc.constant(0xffff_ffff), fc.nat(0xffff_ffff)),
        repeats: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(arrivals, (list) => {
        const sender = new Sender();
        const acked = new Set<number>();
        let last: [number, number] = [1, 0];
        sender.send(1);
        for (const { send, back, bits, repeats } of list) {
          sender.send(send);
          const [tick, set] = repeats ? last : ([Math.max(1, sender.tick - back), bits] as [number, number]);
          last = [tick, set];
          const fresh: number[] = [];
          for (let number = 32; number >= 0; number--) {
            const one = tick - number;
            const isSaid = number === 0 || ((set >>> (number - 1)) & 1) === 1;
            if (isSaid && one > 0 && one > sender.tick - limits.packetsRemembered && !acked.has(one)) fresh.push(one);
          }
          for (const one of fresh) acked.add(one);
          sender.done.length = 0;
          const result = sender.ack(tick, set);
          expect(sender.done).toEqual(fresh);
          expect(result).toBe(fresh.length === 0 ? false : fresh.includes(tick) ? 1000 + tick : -1);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('[RP7] so it is for a client that sends every ack in order, across the turn of sequences and gaps of any length', () => {
    for (const gap of [1, 2, 31, 32, 33, 34, 70]) {
      const sender = new Sender();
      const received = new Set<number>();
      for (let round = 0; round < 12; round++) {
        sender.send(gap);
        received.add(sender.tick);
        // One that came late, behind the newest.
        if (round % 3 === 2 && gap > 1) received.add(sender.tick - 1);
        let bits = 0;
        for (let back = 1; back <= 32; back++) if (received.has(sender.tick - back)) bits |= 1 << (back - 1);
        sender.ack(sender.tick, bits >>> 0);
      }
      expect([...sender.done].sort((a, b) => a - b)).toEqual([...received].sort((a, b) => a - b));
      expect(sequenceDistance(sender.sent.newest, Sender.first)).toBe(sender.tick - 1);
    }
  });
});
