// The packets that one client was sent and what each one named, so that an ack can be turned into what the client now holds.
//
// Invariant: a packet is acknowledged at most once; one older than the ring, or than the log of records, is forgotten, which only costs a newer base.
// Units: milliseconds, ticks. The ring holds `limits.packetsRemembered` packets and is reused.

import { limits } from '@tickwire/shared';
import { type Sequence, sequenceDistance } from '@tickwire/shared/internal';
import type { LogPage } from './record-log.ts';
import type { Replica } from './replica.ts';

const ring = limits.packetsRemembered;

interface SentPacket {
  sequence: number;
  tick: number;
  /** Which snapshot it belongs to, counted from 1. */
  snapshot: number;
  sentAt: number;
  waiting: boolean;
  /** Where its records stand: those of the private part and those of the segment, which other clients may share. */
  page: LogPage | undefined;
  privateFrom: number;
  privateTo: number;
  segmentFrom: number;
  segmentTo: number;
  /** The masks of the segment's records, -1 where it has none. */
  masksAt: number;
  effects: number[];
}

export class SentPackets {
  /** All there from the start: what a client's first seconds cost is what all others do. */
  readonly #packets: readonly SentPacket[] = Array.from({ length: ring }, newPacket);
  #open: SentPacket | undefined;
  /** Sequence of the newest packet sent, or -1. */
  newest = -1;
  /** When the packet of the last ack was sent; -1 when it was acknowledged before. */
  ackedSentAt = -1;
  #snapshots = 0;
  #ackedSnapshot = 0;
  /** The newest ack that came, or -1, with the bits that came with it or before. */
  #acked = -1;
  #ackedBits = 0;

  /** Snapshots sent after the newest one of which a packet was acknowledged. */
  get unacknowledged(): number {
    return this.#snapshots - this.#ackedSnapshot;
  }

  /** Begins to note a packet; `leads` begins a snapshot. */
  begin(sequence: Sequence, tick: number, leads: boolean, now: number): void {
    if (leads) this.#snapshots++;
    const packet = this.#packets[sequence % ring] as SentPacket;
    packet.sequence = sequence;
    packet.tick = tick;
    packet.snapshot = this.#snapshots;
    packet.sentAt = now;
    packet.waiting = true;
    packet.page = undefined;
    packet.privateTo = packet.privateFrom;
    packet.segmentTo = packet.segmentFrom;
    packet.masksAt = -1;
    if (packet.effects.length > 0) packet.effects.length = 0;
    this.#open = packet;
    this.newest = sequence;
  }

  /** Notes the records of the packet's private part. */
  notePrivate(page: LogPage, from: number, to: number): void {
    const packet = this.#open as SentPacket;
    packet.page = page;
    packet.privateFrom = from;
    packet.privateTo = to;
  }

  /** Notes the records of the packet's segment. @param masksAt of those that the page has masks of. */
  noteSegment(page: LogPage, from: number, to: number, masksAt = -1): void {
    const packet = this.#open as SentPacket;
    packet.page = page;
    packet.segmentFrom = from;
    packet.segmentTo = to;
    packet.masksAt = masksAt;
  }

  /** The tick of a packet, or -1 when none of this sequence is remembered. */
  tickOf(sequence: number): number {
    const packet = this.#packets[sequence % ring];
    return packet?.sequence === sequence ? packet.tick : -1;
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
    const fresh = this.#freshBits(ack, bits);
    for (let back = 32; back >= 0; back--) {
      if (back > 0 && ((fresh >>> (back - 1)) & 1) === 0) continue;
      const sequence = (ack - back) & 0xffff;
      const packet = this.#packets[sequence % ring];
      if (!packet?.waiting || packet.sequence !== sequence) continue;
      packet.waiting = false;
      isNews = true;
      if (back === 0) this.ackedSentAt = packet.sentAt;
      this.#ackedSnapshot = Math.max(this.#ackedSnapshot, packet.snapshot);
      acknowledgePacket(packet, replica);
      for (const id of packet.effects) effectDone(id);
    }
    return isNews;
  }

  /** The bits of an ack that the acks before it did not have. */
  #freshBits(ack: number, bits: number): number {
    const ahead = this.#acked < 0 ? 64 : sequenceDistance(ack, this.#acked);
    if (ahead < 0) return bits;
    const known = ahead === 0 ? this.#ackedBits : ahead > 32 ? 0 : (ahead === 32 ? 0 : this.#ackedBits << ahead) | (1 << (ahead - 1));
    this.#acked = ack;
    this.#ackedBits = bits | known;
    return bits & ~known;
  }

  /** Acks of packets sent so far no longer count: the client said that it lost its states. */
  forget(): void {
    for (const packet of this.#packets) packet.waiting = false;
  }
}

function acknowledgePacket({ tick, page, privateFrom, privateTo, segmentFrom, segmentTo, masksAt }: SentPacket, replica: Replica): void {
  if (!page || page.tick !== tick) {
    replica.acknowledgeTick(tick);
    return;
  }
  const { records, masks, maskWords } = page;
  if (masksAt < 0) {
    replica.acknowledgeTick(tick);
    replica.acknowledge(records, privateFrom, privateTo, tick);
    replica.acknowledge(records, segmentFrom, segmentTo, tick);
    return;
  }
  replica.acknowledgeTick(tick, masks, masksAt, maskWords);
  replica.acknowledge(records, privateFrom, privateTo, tick);
  replica.acknowledgeSegment(records, segmentFrom, tick, masks, masksAt, maskWords);
}

function newPacket(): SentPacket {
  return {
    sequence: 0,
    tick: 0,
    snapshot: 0,
    sentAt: 0,
    waiting: false,
    page: undefined,
    privateFrom: 0,
    privateTo: 0,
    segmentFrom: 0,
    segmentTo: 0,
    masksAt: -1,
    effects: [],
  };
}
