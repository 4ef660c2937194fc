// Makes the packets of one snapshot for one client: what it does not hold yet, as deltas against what it is known to hold.
//
// A packet is a private head (acks, timing, the prediction group, effects) and a segment of what the client sees of others. What it says is complete in
// itself: any subset of packets, in any order, is of use. Invariant: no packet over `limits.packetBytes`; no entity is split; the prediction group is
// whole, from one tick, in the first packet. What does not fit waits its turn: segments go round by slot.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  BitWriter,
  frameBytesMax,
  HashSink,
  type History,
  hasHash,
  type Layout,
  messageKind,
  patchHash,
  type SnapshotHead,
  type World,
  writeEffectHead,
  writeFrame,
  writeSnapshotHead,
} from '@tickwire/shared/internal';
import { DueList, despawnedVersion, type Viewer } from './due-list.ts';
import { type Effects, effectBits, type WaitingEffect } from './effects.ts';
import { RecordList } from './record-list.ts';
import { despawnMarks } from './replica.ts';
import { SegmentCache } from './segment-cache.ts';
import type { SentPackets } from './sent-packets.ts';
import { TickTable } from './tick-table.ts';

/** The client's side of a snapshot: what it has, what it was sent, and what of the world is its own. */
export interface Receiver extends Viewer {
  readonly sent: SentPackets;
  readonly effects: Effects;
  /** The number of the entity at which the segments of the next snapshot begin. */
  segmentCursor: number;
}

/** Bytes for head, private records and segment together. */
const bodyBytes = limits.packetBytes - frameBytesMax;

export class SnapshotWriter {
  readonly #world: World<AnyGame>;
  readonly #table: TickTable;
  readonly #segments = new SegmentCache();
  readonly #head = new BitWriter(64);
  readonly #list: RecordList;
  readonly #private = new Uint8Array(limits.packetBytes);
  readonly #coded = new Uint8Array(limits.packetBytes);
  readonly #body = new Uint8Array(limits.packetBytes * 2);
  readonly #packet = new Uint8Array(limits.packetBytes + frameBytesMax);
  readonly #hash = new HashSink();
  /** Whether the packet at hand carries a hash of its values. */
  #isChecked = false;
  /** The segment at hand. */
  #segment: Uint8Array = this.#coded;
  #segmentLength = 0;
  readonly #due: DueList;
  #tick = -1;
  /** The first of the waiting effects that no packet of this snapshot has tried. */
  #nextEffect = 0;

  constructor(world: World<AnyGame>, history: History) {
    this.#world = world;
    this.#table = new TickTable(world, history);
    this.#due = new DueList(this.#table);
    this.#list = new RecordList(this.#table);
  }

  /**
   * Writes the snapshot of the world's tick in at most `packetsMax` packets and gives each to `send`.
   * @param head timing and acks; its `sequence` is taken from `takeSequence` for each packet.
   * @returns packets written. None when the client holds everything already and `mustSend` is false.
   * @throws RangeError when the prediction group does not fit a packet: so much that everyone predicts was spawned since control was given.
   */
  write(
    to: Receiver,
    head: SnapshotHead,
    packetsMax: number,
    mustSend: boolean,
    takeSequence: () => SnapshotHead['sequence'],
    now: number,
    send: (bytes: Uint8Array) => void,
  ): number {
    const { tick } = this.#world;
    const due = this.#due;
    if (tick !== this.#tick) {
      this.#tick = tick;
      this.#table.begin();
      this.#segments.begin();
    }
    to.effects.expire(tick);
    due.gather(to, tick);
    this.#nextEffect = 0;
    if (!mustSend && due.count === 0 && due.groupCount === 0 && to.effects.waiting.length === 0) return 0;
    let next = this.#firstDue(to.segmentCursor);
    let left = due.count;
    let packets = 0;
    let named = 0;
    do {
      head.sequence = takeSequence();
      head.tick = tick;
      head.leads = packets === 0;
      to.sent.begin(head.sequence, tick, head.leads, now);
      head.hasHandles = !due.isWhole;
      this.#isChecked = hasHash(head.sequence);
      this.#hash.reset();
      const privateLength = this.#writePrivate(to, head, tick);
      this.#head.reset();
      head.hasPrivate = privateLength >= 0;
      writeSnapshotHead(this.#head, head);
      const headLength = this.#compose(privateLength);
      const taken = this.#writeSegment(to, next, Math.min(left, due.count - next), bodyBytes - headLength);
      send(this.#packet.subarray(0, this.#frame(headLength, head.hasPrivate)));
      packets++;
      left -= taken;
      named += taken;
      next += taken;
      if (next >= due.count) next = 0;
      // When the private records left no room at all, one packet more: nothing may starve.
    } while (
      (left > 0 && named === 0 && packets === packetsMax) ||
      (packets < packetsMax && (left > 0 || this.#nextEffect < to.effects.waiting.length))
    );
    to.segmentCursor = left > 0 ? (due.slots[next] as number) : 0;
    return packets;
  }

  #firstDue(cursor: number): number {
    const { slots, count } = this.#due;
    for (let index = 0; index < count; index++) if ((slots[index] as number) >= cursor) return index;
    return 0;
  }

  /** Codes the prediction group (in the packet that leads) and the effects that fit. @returns the length, -1 when there is nothing. */
  #writePrivate(to: Receiver, head: SnapshotHead, tick: number): number {
    const groupCount = head.leads ? this.#due.groupCount : 0;
    if (groupCount === 0 && this.#nextEffect >= to.effects.waiting.length) return -1;
    const { group, groupBodies } = this.#due;
    let bits = 0;
    this.#list.open(group, group, groupBodies, 0, groupCount, tick);
    for (let index = 0; index < groupCount; index++) {
      const body = groupBodies[index] as number;
      to.sent.noteRecord(this.#table.marksOf(body), this.#table.versionOf(body));
      if (this.#isChecked) this.#check(group[index] as number, body);
      bits += this.#table.cost(body) / 256 + openingCost / 256;
    }
    this.#writeEffects(to, tick, Math.min(effectsBitsMax, privateBytesMax * 8 - bits - 32), groupCount === 0);
    const length = this.#list.encode(groupBodies, 0, groupCount, this.#private, privateBytesMax);
    if (length < 0) throw new RangeError(groupTooLarge(groupCount));
    return length;
  }

  /** Writes the effects that fit and that no packet of this snapshot has carried. */
  #writeEffects(to: Receiver, tick: number, bits: number, isAlone: boolean): void {
    const out = this.#list.symbols;
    const { waiting } = to.effects;
    const first = this.#nextEffect;
    let bitsLeft = bits;
    while (this.#nextEffect < waiting.length) {
      const needed = effectBits(waiting[this.#nextEffect]?.type.layout as Layout);
      // A large one may have a packet without a group to itself.
      if (needed > bitsLeft && !(isAlone && this.#nextEffect === first)) break;
      bitsLeft -= needed;
      this.#nextEffect++;
    }
    out.writeVar(this.#nextEffect - first);
    for (let index = first; index < this.#nextEffect; index++) {
      const { id, type, tick: at, row } = waiting[index] as WaitingEffect;
      writeEffectHead(out, { id, event: type.number, age: tick - at });
      type.layout.write(out, row, 0, 'step', true);
      to.sent.noteEffect(id);
    }
  }

  /** Puts head and private records into one body. @returns its length. */
  #compose(privateLength: number): number {
    const head = this.#head.finish();
    this.#body.set(head);
    for (let index = 0; index < privateLength; index++) this.#body[head.length + index] = this.#private[index] as number;
    return head.length + Math.max(0, privateLength);
  }

  /** Puts the bodies into a message: a segment without private records before it needs no body of its own. @returns the length. */
  #frame(headLength: number, hasPrivate: boolean): number {
    if (this.#isChecked) patchHash(this.#body, this.#hash.value);
    const length = this.#segmentLength;
    const segment = this.#segment;
    if (length === 0) return writeFrame(this.#packet, messageKind.snapshot, this.#body, headLength);
    if (hasPrivate) return writeFrame(this.#packet, messageKind.snapshot, this.#body, headLength, segment, length);
    for (let index = 0; index < length; index++) this.#body[headLength + index] = segment[index] as number;
    return writeFrame(this.#packet, messageKind.snapshot, this.#body, headLength + length);
  }

  /** Codes due records from index `next` on, as many as fit, into `#segment`. @returns how many it names. */
  #writeSegment(to: Receiver, next: number, most: number, bytesMax: number): number {
    const { bodies } = this.#due;
    let count = 0;
    let cost = segmentCost;
    while (count < most) {
      const body = bodies[next + count] as number;
      cost += body < 0 ? despawnCost : this.#table.cost(body) + openingCost;
      if (cost > bytesMax * 8 * 256) break;
      count++;
    }
    for (; count > 0; count -= 1 + (count >> 5)) {
      if (!this.#codeSegment(next, count, bytesMax)) continue; // dearer than estimated: a few records less
      this.#note(to, next, count);
      return count;
    }
    this.#segmentLength = 0;
    return 0;
  }

  /** Codes a segment, or finds it. @returns false when it does not fit. */
  #codeSegment(next: number, count: number, bytesMax: number): boolean {
    const due = this.#due;
    const shared = this.#segments.find(due.bodies, next, count);
    if (shared && shared.length <= bytesMax) {
      this.#segment = shared.bytes;
      this.#segmentLength = shared.length;
      return true;
    }
    const numbers = due.isWhole ? due.slots : due.handles;
    this.#list.open(numbers, due.slots, due.bodies, next, count, this.#world.tick);
    this.#segment = this.#coded;
    this.#segmentLength = this.#list.encode(due.bodies, next, count, this.#coded, bytesMax);
    if (this.#segmentLength < 0) return false;
    if (due.isWhole) this.#segments.add(due.bodies, next, count, this.#coded, this.#segmentLength);
    return true;
  }

  /** Notes the records of a segment, and takes their values into the packet's hash where it has one. */
  #note(to: Receiver, next: number, count: number): void {
    const { bodies, slots } = this.#due;
    for (let index = next; index < next + count; index++) {
      const body = bodies[index] as number;
      const slot = slots[index] as number;
      if (body < 0) to.sent.noteRecord(despawnMarks(slot), despawnedVersion(body, slot));
      else to.sent.noteRecord(this.#table.marksOf(body), this.#table.versionOf(body));
      if (this.#isChecked) this.#check(slot, body);
    }
  }

  /** Takes what a record says into the packet's hash. */
  #check(slot: number, body: number): void {
    this.#hash.write(slot, 14);
    if (body >= 0) this.#table.hash(body, slot, this.#hash);
  }
}

/** An opening takes less than a bit most of the time; a change of bases two bytes. Units here: 1/256 bit. */
const openingCost = 256;
const despawnCost = 14 * 256;
/** Count and first bases. */
const segmentCost = 48 * 256;
/** Effects may take half of a packet: the world must get through as well. */
const effectsBitsMax = bodyBytes * 4;
/** What the private records may take: a packet without its head. */
const privateBytesMax = bodyBytes - 32;

function groupTooLarge(entities: number): string {
  return `the prediction group of a client (${entities} entities) does not fit one packet (${limits.packetBytes} bytes): spawn fewer entities that everyone predicts, or give them smaller fields`;
}
