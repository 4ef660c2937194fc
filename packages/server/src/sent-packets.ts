// The packets that one client was sent and what each one named, so that an ack can be turned into what the client now holds.
//
// Invariant: a packet is acknowledged at most once; one older than the ring is forgotten, which only costs a newer base.
// Units: milliseconds, ticks. The ring holds `limits.packetsRemembered` packets; entries grow to the fullest packet and are then reused.

import { limits } from '@tickwire/shared';
import { type Sequence, sequenceDistance } from '@tickwire/shared/internal';
import type { Replica } from './replica.ts';

const ring = limits.packetsRemembered;

interface SentPacket {
  sequence: number;
  tick: number;
  /** Which snapshot it belongs to, counted from 1. */
  snapshot: number;
  sentAt: number;
  waiting: boolean;
  /** Two numbers a record, as the replica reads them. */
  records: Int32Array;
  recordCount: number;
  effects: number[];
}

export class SentPackets {
  readonly #packets: SentPacket[] = [];
  #open: SentPacket | undefined;
  /** Sequence of the newest packet sent, or -1. */
  newest = -1;
  /** When the packet of the last ack was sent; -1 when it was acknowledged before. */
  ackedSentAt = -1;
  #snapshots = 0;
  #ackedSnapshot = 0;

  /** Snapshots sent after the newest one of which a packet was acknowledged. */
  get unacknowledged(): number {
    return this.#snapshots - this.#ackedSnapshot;
  }

  /** Begins to note a packet; `leads` begins a snapshot. */
  begin(sequence: Sequence, tick: number, leads: boolean, now: number): void {
    if (leads) this.#snapshots++;
    const index = sequence % ring;
    let packet = this.#packets[index];
    if (!packet) {
      packet = { sequence: 0, tick: 0, snapshot: 0, sentAt: 0, waiting: false, records: new Int32Array(64), recordCount: 0, effects: [] };
      this.#packets[index] = packet;
    }
    packet.sequence = sequence;
    packet.tick = tick;
    packet.snapshot = this.#snapshots;
    packet.sentAt = now;
    packet.waiting = true;
    packet.recordCount = 0;
    packet.effects.length = 0;
    this.#open = packet;
    this.newest = sequence;
  }

  /** Notes that the packet names an entity. @param marks and version as the replica reads them. */
  noteRecord(marks: number, version: number): void {
    const packet = this.#open as SentPacket;
    const at = packet.recordCount * 2;
    if (at === packet.records.length) {
      const larger = new Int32Array(at * 2);
      larger.set(packet.records);
      packet.records = larger;
    }
    packet.records[at] = marks;
    packet.records[at + 1] = version;
    packet.recordCount++;
  }

  noteEffect(id: number): void {
    (this.#open as SentPacket).effects.push(id);
  }

  /**
   * Takes the client's ack: the newest packet it has and a bit for each of the 32 before.
   * @returns whether any packet was acknowledged that was not before. `ackedSentAt` says when the newest was sent, or -1 when that is no news: the client's
   * hold time speaks of that packet only.
   */
  acknowledge(ack: number, bits: number, replica: Replica, effectDone: (id: number) => void): boolean {
    if (this.newest < 0 || sequenceDistance(ack, this.newest) > 0) return false;
    let isNews = false;
    this.ackedSentAt = -1;
    for (let back = 32; back >= 0; back--) {
      if (back > 0 && ((bits >>> (back - 1)) & 1) === 0) continue;
      const sequence = (ack - back) & 0xffff;
      const packet = this.#packets[sequence % ring];
      if (!packet?.waiting || packet.sequence !== sequence) continue;
      packet.waiting = false;
      isNews = true;
      if (back === 0) this.ackedSentAt = packet.sentAt;
      this.#ackedSnapshot = Math.max(this.#ackedSnapshot, packet.snapshot);
      replica.acknowledge(packet.records, packet.recordCount, packet.tick);
      for (const id of packet.effects) effectDone(id);
    }
    return isNews;
  }

  /** Acks of packets sent so far no longer count: the client said that it lost its states. */
  forget(): void {
    for (const packet of this.#packets) if (packet) packet.waiting = false;
  }
}
