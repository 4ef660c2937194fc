// Makes the packets of one snapshot for one client: what it does not hold yet, as deltas against what it is known to hold.
//
// A packet is a private head (acks, timing, the prediction group, effects) and a segment of what the client sees of others. What it says is complete in
// itself: any subset of packets, in any order, is of use. Invariant: no packet over `limits.packetBytes`; no entity is split; the prediction group is
// whole, from one tick, in the first packet. What does not fit waits, by priority (`priority.ts`).

import { type AnyGame, limits } from '@tickwire/shared';
import {
  BitWriter,
  frameBytesMax,
  HashSink,
  type History,
  hasHash,
  messageKind,
  openBody,
  openFrame,
  Prefixes,
  patchHash,
  type SnapshotHead,
  slotBits,
  type World,
  writeEffectHead,
  writeSnapshotHead,
} from '@tickwire/shared/internal';
import { DueList, despawnCost, despawnKey, type NamedRecords, openingCost, type Viewer } from './due-list.ts';
import { type Effects, effectBits, type WaitingEffect } from './effects.ts';
import type { Priority } from './priority.ts';
import { RecordList } from './record-list.ts';
import { despawnMarks, RecordLog } from './record-log.ts';
import { type Segment, SegmentCache } from './segment-cache.ts';
import type { SentPackets } from './sent-packets.ts';
import { TickTable } from './tick-table.ts';
import { CostTally, cellsPerType, type Traffic, typeCell } from './traffic.ts';

/** The client's side of a snapshot: what it has, what it was sent, and what of the world is its own. */
export interface Receiver extends Viewer {
  readonly sent: SentPackets;
  readonly effects: Effects;
  /** Who waits when not everything fits. */
  readonly priority: Priority;
  readonly traffic: Traffic;
}

/** The module's own: what is imported is looked up at every use. */
const opened: number = openingCost;

/** Bytes for head, private records and segment together. */
const bodyBytes = limits.packetBytes - frameBytesMax;

export class SnapshotWriter {
  readonly #world: World<AnyGame>;
  readonly #table: TickTable;
  readonly #segments = new SegmentCache();
  readonly #log = new RecordLog();
  readonly #head = new BitWriter(64);
  readonly #list: RecordList;
  readonly #private = new Uint8Array(limits.packetBytes);
  /** The sum of the hashes of its records. */
  #hash = 0;
  readonly #despawnHash = new HashSink();
  /** Whether the packet at hand carries a hash of its values. */
  #isChecked = false;
  /** Whether records were due in the last snapshot and none of them found room beside the private ones. */
  namedNone = false;
  /** The segment at hand, and one with all that is due, if another client was sent the same. */
  #segment: Segment | undefined;
  #whole: Segment | undefined;
  /** Packets: they are put together at the beginning of the segments' buffer. */
  readonly #packets = new Prefixes(this.#segments.buffer);
  readonly #due: DueList;
  #tick = -1;
  /** The first of the waiting effects that no packet of this snapshot has tried. */
  #nextEffect = 0;
  /** What the private part at hand is made up of, and each segment, by the types of their entities. */
  readonly #privateTally: CostTally;
  readonly #tallies = new WeakMap<Segment, CostTally>();
  readonly #despawnCell: number;

  constructor(world: World<AnyGame>, history: History) {
    this.#world = world;
    this.#table = new TickTable(world, history);
    this.#due = new DueList(this.#table);
    this.#list = new RecordList(this.#table);
    this.#privateTally = new CostTally(world.game.types.length);
    this.#despawnCell = world.game.types.length * cellsPerType;
  }

  /**
   * Writes the snapshot of the world's tick in at most `packetsMax` packets and gives each to `send`.
   * @param head timing and acks; its `sequence` is taken from `takeSequence` for each packet.
   * @param packetsAfforded one packet beyond `packetsMax` is made when the private records left no room for anything else, and it is within this.
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
    packetsAfforded: number = packetsMax + 1,
  ): number {
    const { tick } = this.#world;
    const due = this.#due;
    if (tick !== this.#tick) {
      this.#tick = tick;
      this.#table.begin();
      this.#segments.begin();
      this.#log.begin(tick, this.#table.slotCount);
    }
    to.effects.expire(tick);
    due.gather(to, tick);
    this.#nextEffect = 0;
    this.namedNone = false;
    if (!mustSend && due.count === 0 && due.groupCount === 0 && to.effects.waiting.length === 0) return 0;
    this.#whole = due.isWhole && due.count > 0 ? this.#segments.find(due.bodies, 0, due.count) : undefined;
    const fits = this.#whole !== undefined || due.fitting(0, due.count, this.#roomFor(to, packetsMax)) === due.count;
    to.priority.begin(due, fits, this.#table.slotCount, tick);
    let next = 0;
    let packets = 0;
    do {
      head.sequence = takeSequence();
      head.tick = tick;
      head.leads = packets === 0;
      to.sent.begin(head.sequence, tick, head.leads, now);
      to.flight.begin(head.sequence, tick, now);
      head.hasHandles = !due.isWhole;
      this.#isChecked = hasHash(head.sequence);
      this.#hash = 0;
      const privateLength = this.#writePrivate(to, head, tick);
      this.#head.reset();
      head.hasPrivate = privateLength >= 0;
      writeSnapshotHead(this.#head, head);
      const headLength = this.#head.end();
      next += this.#writeSegment(to, next, bodyBytes - headLength - Math.max(0, privateLength));
      const packet = this.#frame(headLength, privateLength);
      this.#count(to.traffic, packet.length, privateLength);
      send(packet);
      packets++;
      // When the private records left no room at all, one packet more: nothing may starve.
    } while (
      (next === 0 && due.count > 0 && packets === packetsMax && packets < packetsAfforded) ||
      (packets < packetsMax && (next < due.count || this.#nextEffect < to.effects.waiting.length))
    );
    this.namedNone = next === 0 && due.count > 0;
    if (!to.priority.isChoice) to.priority.missed(due, this.#table.slotCount, next);
    return packets;
  }

  /** About what the records of a snapshot's segments may cost: what the packets hold, without what else is in them. */
  #roomFor(to: Receiver, packets: number): number {
    const { waiting } = to.effects;
    let room = packets * ((bodyBytes - headBytesMax) * 8 * 256 - segmentCost);
    for (let index = 0; index < this.#due.groupCount; index++) room -= this.#costOf(this.#due.groupBodies[index] as number);
    let effects = 0;
    for (let index = 0; index < waiting.length; index++) effects += effectBits(waiting[index] as WaitingEffect);
    room -= 256 * Math.min(effects, packets * effectsBitsMax);
    return room - (packets + 1) * spareCost;
  }

  /** About what a record costs. */
  #costOf(body: number): number {
    return body < 0 ? despawnCost : (this.#table.costs[body] as number) + openingCost;
  }

  /** Counts the packet at hand: its segment and its private part by what they say, the rest as head. */
  #count(traffic: Traffic, length: number, privateLength: number): void {
    const segment = this.#segment;
    const own = Math.max(0, privateLength);
    traffic.countPacket(length, length - own - (segment ? segment.length : 0));
    if (own > 0) traffic.countPart(own, this.#privateTally);
    if (segment) traffic.countPart(segment.length, this.#tallies.get(segment) as CostTally);
  }

  /** Codes the prediction group (in the packet that leads) and the effects that fit. @returns the length, -1 when there is nothing. */
  #writePrivate(to: Receiver, head: SnapshotHead, tick: number): number {
    const groupCount = head.leads ? this.#due.groupCount : 0;
    if (groupCount === 0 && this.#nextEffect >= to.effects.waiting.length) return -1;
    const { group, groupBodies } = this.#due;
    const logFrom = this.#log.page.length;
    const tally = this.#privateTally;
    let bits = 0;
    tally.reset();
    this.#list.open(group, group, groupBodies, 0, groupCount, tick);
    for (let index = 0; index < groupCount; index++) {
      const body = groupBodies[index] as number;
      this.#note(group[index] as number, body);
      if (this.#isChecked) this.#check(group[index] as number, body);
      const cost = this.#costOf(body);
      bits += cost / 256;
      const type = body < 0 ? this.#world.game.types.length : this.#world.typeAt(group[index] as number);
      tally.add(type * cellsPerType + (body < 0 ? 0 : typeCell.group), cost);
    }
    to.sent.notePrivate(this.#log.page, logFrom, this.#log.page.length);
    this.#writeEffects(to, tick, Math.min(effectsBitsMax, privateBytesMax * 8 - bits - 32), groupCount === 0, head.leads);
    const length = this.#list.encode(groupBodies, 0, groupCount, this.#private, 0, privateBytesMax);
    if (length < 0) throw new RangeError(groupTooLarge(groupCount));
    return length;
  }

  /** Writes the effects that fit and that no packet of this snapshot has carried. */
  #writeEffects(to: Receiver, tick: number, bits: number, isAlone: boolean, leads: boolean): void {
    const out = this.#list.symbols;
    const { waiting } = to.effects;
    const first = this.#nextEffect;
    let bitsLeft = bits;
    while (this.#nextEffect < waiting.length) {
      const needed = effectBits(waiting[this.#nextEffect] as WaitingEffect);
      // A large one may have a packet without a group to itself.
      if (needed > bitsLeft && !(isAlone && this.#nextEffect === first)) break;
      bitsLeft -= needed;
      this.#nextEffect++;
    }
    out.writeVar(this.#nextEffect - first);
    for (let index = first; index < this.#nextEffect; index++) {
      const effect = waiting[index] as WaitingEffect;
      const { id, type, tick: at, row, origin } = effect;
      writeEffectHead(out, { id, event: type.number, age: tick - at, originKey: origin?.key ?? -1, originNumber: origin?.number ?? 0 });
      if (type.expiresMs !== undefined) type.layout.write(out, row, 0, 'step', true);
      this.#privateTally.add(this.#world.game.types.length * cellsPerType + 1, effectBits(effect) * 256);
      to.sent.noteEffect(id);
    }
    // Last, and mostly 0: it takes no byte then.
    if (leads) out.write(this.#nextEffect === waiting.length ? 0 : 1, 1);
  }

  /** Puts the packet together: a segment without private records before it needs no body of its own. @returns the packet. */
  #frame(headLength: number, privateLength: number): Uint8Array {
    const { buffer } = this.#segments;
    const length = this.#segment ? this.#segment.length : 0;
    const isSplit = length > 0 && privateLength >= 0;
    let at = openFrame(buffer, messageKind.snapshot, isSplit ? 2 : 1, headLength + Math.max(0, privateLength) + (isSplit ? 0 : length));
    if (this.#isChecked) patchHash(this.#head.bytes, this.#hash & 0xffff);
    for (let index = 0; index < headLength; index++) buffer[at++] = this.#head.bytes[index] as number;
    for (let index = 0; index < privateLength; index++) buffer[at++] = this.#private[index] as number;
    if (isSplit) at = openBody(buffer, at, length);
    if (this.#segment) buffer.copyWithin(at, this.#segment.at, this.#segment.at + length);
    return this.#packets.of(at + length);
  }

  /** Codes due records into `#segment`, as many as fit: from index `next` on or, where there is a choice, the most urgent. @returns how many it names. */
  #writeSegment(to: Receiver, next: number, bytesMax: number): number {
    this.#segment = undefined;
    const due = this.#due;
    const most = due.count - next;
    if (most === 0) return 0;
    const costMax = bytesMax * 8 * 256 - segmentCost;
    if (to.priority.isChoice) return this.#writeChoice(to, costMax, bytesMax);
    let count = most;
    if (!this.#take(to, next === 0 ? this.#whole : undefined, bytesMax)) {
      count = due.fitting(next, most, costMax);
      // Dearer than estimated: a few records less.
      while (count > 0 && !this.#codeSegment(to, due, next, count, bytesMax)) count -= 1 + (count >> 5);
    }
    if (count <= 0) return 0;
    this.#noteNamed(to, due, next, count);
    return count;
  }

  /** Codes the most urgent records that fit. @returns how many. */
  #writeChoice(to: Receiver, costMax: number, bytesMax: number): number {
    const { priority } = to;
    let room = costMax - spareCost;
    do {
      priority.take(this.#due, this.#table.costs, room);
      if (!this.#codeSegment(to, priority, 0, priority.count, bytesMax)) {
        // Dearer than estimated: the least urgent of them wait after all.
        room -= costMax >> 5;
        continue;
      }
      priority.sent((this.#segment?.length ?? 0) * 8 * 256 - segmentCost);
      this.#noteNamed(to, priority, 0, priority.count);
      return priority.count;
    } while (priority.count > 1);
    return 0;
  }

  /** The segment at hand names these. */
  #noteNamed(to: Receiver, { slots, bodies }: NamedRecords, next: number, count: number): void {
    to.flight.names(slots, next, next + count, this.#world.tick);
    if (this.#isChecked) for (let index = next; index < next + count; index++) this.#check(slots[index] as number, bodies[index] as number);
  }

  /** Takes a segment that another client was sent, if it fits. */
  #take(to: Receiver, shared: Segment | undefined, bytesMax: number): boolean {
    if (!shared || shared.length > bytesMax) return false;
    this.#segment = shared;
    to.sent.noteSegment(this.#log.page, shared.logFrom, shared.logTo, shared.masksAt);
    return true;
  }

  /** Codes a segment and notes its records. @returns false when it does not fit. */
  #codeSegment(to: Receiver, records: NamedRecords, next: number, count: number, bytesMax: number): boolean {
    const { isWhole } = this.#due;
    const { slots, bodies } = records;
    const log = this.#log;
    if (isWhole && this.#take(to, this.#segments.find(bodies, next, count), bytesMax)) return true;
    const segment = this.#segments.next;
    this.#list.open(isWhole ? slots : records.handles, slots, bodies, next, count, this.#world.tick);
    segment.length = this.#list.encode(bodies, next, count, this.#segments.buffer, segment.at, bytesMax);
    if (segment.length < 0) return false;
    segment.logFrom = log.page.length;
    const tally = this.#tallyOf(segment);
    const table = this.#table;
    for (let index = next; index < next + count; index++) {
      const body = bodies[index] as number;
      this.#note(slots[index] as number, body);
      if (body < 0) tally.add(this.#despawnCell, despawnCost);
      else tally.add(table.cellOf(body), (table.costs[body] as number) + opened);
    }
    segment.logTo = log.page.length;
    segment.masksAt = isWhole ? log.mask(segment.logFrom, segment.logTo) : -1;
    if (isWhole) this.#segments.keep(bodies, next, count);
    this.#segment = segment;
    to.sent.noteSegment(log.page, segment.logFrom, segment.logTo, segment.masksAt);
    return true;
  }

  /** Notes a record in the log. */
  #note(slot: number, body: number): void {
    if (body < 0) this.#log.add(despawnMarks(slot), despawnKey(body, slot));
    else this.#log.add(this.#table.marksOf(body), this.#table.keyOf(body));
  }

  #tallyOf(segment: Segment): CostTally {
    let tally = this.#tallies.get(segment);
    if (!tally) {
      tally = new CostTally(this.#world.game.types.length);
      this.#tallies.set(segment, tally);
    }
    tally.reset();
    return tally;
  }

  /** Adds what a record says to the packet's hash. */
  #check(slot: number, body: number): void {
    if (body >= 0) {
      this.#hash += this.#table.hashOf(body, slot);
      return;
    }
    this.#despawnHash.reset();
    this.#despawnHash.write(slot, slotBits);
    this.#hash += this.#despawnHash.value;
  }
}

/** Count and first bases. */
const segmentCost = 48 * 256;
/** The most that a head takes. */
const headBytesMax = 12;
/** Estimates are right within so much a packet, mostly: 14 bytes. A packet that is filled by choice leaves them, so that hardly ever it must be coded twice. */
const spareCost = 14 * 8 * 256;
/** Effects may take half of a packet: the world must get through as well. */
const effectsBitsMax = bodyBytes * 4;
/** What the private records may take: a packet without its head. */
const privateBytesMax = bodyBytes - 32;

function groupTooLarge(entities: number): string {
  return `the prediction group of a client (${entities} entities) does not fit one packet (${limits.packetBytes} bytes): spawn fewer entities that everyone predicts, or give them smaller fields`;
}
