// Makes the packets of one snapshot for one client: what it does not hold yet, as deltas against what it is known to hold.
//
// A packet is a private head (acks, timing, the prediction group, effects) and a segment of what the client sees of others. What it says is complete in
// itself: any subset of packets, in any order, is of use. Invariant: no packet over `limits.packetBytes`; no entity is split; the prediction group is
// whole, from one tick, in the first packet. What does not fit waits its turn: segments go round by slot.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  BitWriter,
  codecTable,
  type Form,
  firstOpening,
  form,
  frameBytesMax,
  type History,
  type Layout,
  messageKind,
  type Opening,
  operation,
  type SnapshotHead,
  SymbolEncoder,
  Symbols,
  type World,
  writeEffectHead,
  writeFrame,
  writeOpening,
  writeSnapshotHead,
} from '@tickwire/shared/internal';
import { type Effects, effectBits, type WaitingEffect } from './effects.ts';
import type { Replica } from './replica.ts';
import { SegmentCache } from './segment-cache.ts';
import type { SentPackets } from './sent-packets.ts';
import { TickTable } from './tick-table.ts';

/** The client's side of a snapshot: what it has, what it was sent, and what of the world is its own. */
export interface Receiver {
  readonly replica: Replica;
  readonly sent: SentPackets;
  readonly effects: Effects;
  /** Slots of the entities that it controls. */
  readonly controls: ReadonlySet<number>;
  /** The slots that it may see, ascending; undefined for all of them. */
  readonly visible: VisibleSlots | undefined;
  /** Slot at which the segments of the next snapshot begin. */
  segmentCursor: number;
}

/** Slots, ascending, in a table that is used again: the first `count` of it. */
export interface VisibleSlots {
  readonly slots: Int32Array;
  readonly count: number;
}

/** Bytes for head, private records and segment together. */
const bodyBytes = limits.packetBytes - frameBytesMax;

export class SnapshotWriter {
  readonly #world: World<AnyGame>;
  readonly #table: TickTable;
  readonly #segments = new SegmentCache();
  readonly #head = new BitWriter(64);
  /** The openings of a list's records, and where each ends; its count lies before the first, what follows the list behind the last. */
  readonly #openings = new Symbols(codecTable);
  #openingEnds = new Int32Array(64);
  readonly #encoder = new SymbolEncoder();
  readonly #private = new Uint8Array(limits.packetBytes);
  readonly #coded = new Uint8Array(limits.packetBytes);
  readonly #body = new Uint8Array(limits.packetBytes * 2);
  readonly #packet = new Uint8Array(limits.packetBytes + frameBytesMax);
  readonly #opening: Opening = { slot: -1, operation: 0, newerAge: 0, span: 0, gapped: 0 };
  /** What is due for a client, in the order of slots: the slot, its body (below 0 for a despawn). */
  #due = new Int32Array(64);
  #bodies = new Int32Array(64);
  #dueCount = 0;
  /** The prediction group, likewise. */
  #group = new Int32Array(64);
  #groupBodies = new Int32Array(64);
  #groupCount = 0;
  /** What is gone for a client; and, by slot, the last client for which it was visible. */
  #gone = new Int32Array(64);
  #marks = new Int32Array(64);
  #mark = 0;
  #tick = -1;
  /** The first of the waiting effects that no packet of this snapshot has tried. */
  #nextEffect = 0;

  constructor(world: World<AnyGame>, history: History) {
    this.#world = world;
    this.#table = new TickTable(world, history);
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
    if (tick !== this.#tick) {
      this.#tick = tick;
      this.#table.begin();
      this.#segments.begin();
    }
    to.replica.grow(this.#world.slotCount);
    to.effects.expire(tick);
    this.#gather(to, tick);
    this.#nextEffect = 0;
    if (!mustSend && this.#dueCount === 0 && this.#groupCount === 0 && to.effects.waiting.length === 0) return 0;
    let next = this.#firstDue(to.segmentCursor);
    let left = this.#dueCount;
    let packets = 0;
    let named = 0;
    do {
      head.sequence = takeSequence();
      head.tick = tick;
      head.leads = packets === 0;
      to.sent.begin(head.sequence, tick, head.leads, now);
      const privateLength = this.#writePrivate(to, head, tick);
      this.#head.reset();
      head.hasPrivate = privateLength >= 0;
      writeSnapshotHead(this.#head, head);
      const headLength = this.#compose(privateLength);
      const [segment, taken] = this.#writeSegment(to, tick, next, Math.min(left, this.#dueCount - next), bodyBytes - headLength);
      send(this.#packet.subarray(0, this.#frame(headLength, segment, head.hasPrivate)));
      packets++;
      left -= taken;
      named += taken;
      next += taken;
      if (next >= this.#dueCount) next = 0;
      // When the private records left no room at all, one packet more: nothing may starve.
    } while (
      (left > 0 && named === 0 && packets === packetsMax) ||
      (packets < packetsMax && (left > 0 || this.#nextEffect < to.effects.waiting.length))
    );
    to.segmentCursor = left > 0 ? (this.#due[next] as number) : 0;
    return packets;
  }

  /** Collects what this client must hear of: the prediction group, and the rest, each in the order of slots. */
  #gather(to: Receiver, tick: number): void {
    const { live, liveCount } = this.#table;
    const slots = to.visible ? to.visible.slots : live;
    const count = to.visible ? to.visible.count : liveCount;
    if (this.#due.length < this.#world.slotCount) this.#makeRoom(this.#world.slotCount * 2);
    this.#dueCount = 0;
    this.#groupCount = 0;
    const goneCount = this.#gatherGone(to, slots, count, tick);
    let gone = 0;
    for (let index = 0; index < count; index++) {
      const slot = slots[index] as number;
      while (gone < goneCount && (this.#gone[gone] as number) < slot) this.#addGone(to, this.#gone[gone++] as number);
      this.#gatherLive(to, slot, tick);
    }
    while (gone < goneCount) this.#addGone(to, this.#gone[gone++] as number);
  }

  /** What the client knows and is not to see any more. */
  #gatherGone(to: Receiver, slots: Int32Array, count: number, tick: number): number {
    const { replica } = to;
    const mark = ++this.#mark;
    for (let index = 0; index < count; index++) this.#marks[slots[index] as number] = mark;
    let goneCount = 0;
    for (let index = 0; index < replica.knownCount; index++) {
      const slot = replica.knownAt(index);
      if (this.#marks[slot] !== mark && replica.leave(slot, tick)) this.#gone[goneCount++] = slot;
    }
    if (goneCount > 1) this.#gone.subarray(0, goneCount).sort();
    return goneCount;
  }

  #gatherLive(to: Receiver, slot: number, tick: number): void {
    const table = this.#table;
    const { replica } = to;
    const seenAs: Form = to.controls.has(slot) ? form.owned : table.everyone[slot] === 1 ? form.shared : form.seen;
    replica.enter(slot, table.versions[slot] as number, seenAs, tick);
    if (replica.isSilent(slot, table.since[slot] as number)) return;
    const from = table.baseFrom[slot] as number;
    const newer = replica.baseTick(slot);
    const older = replica.olderTick(slot);
    const number = newer >= from ? table.body(slot, seenAs, newer, older >= from ? older : -1) : table.body(slot, seenAs, -1, -1);
    if (seenAs === form.seen) {
      this.#add(slot, number);
    } else {
      this.#group[this.#groupCount] = slot;
      this.#groupBodies[this.#groupCount++] = number;
    }
  }

  /** A despawn has no body; what it says stands in its place, so that equal ones are known as equal. */
  #addGone(to: Receiver, slot: number): void {
    this.#add(slot, -1 - (to.replica.version(slot) * limits.worldSlots + slot));
  }

  #add(slot: number, number: number): void {
    this.#due[this.#dueCount] = slot;
    this.#bodies[this.#dueCount++] = number;
  }

  #makeRoom(size: number): void {
    this.#due = new Int32Array(size);
    this.#bodies = new Int32Array(size);
    this.#group = new Int32Array(size);
    this.#groupBodies = new Int32Array(size);
    this.#gone = new Int32Array(size);
    this.#marks = new Int32Array(size);
  }

  #firstDue(cursor: number): number {
    for (let index = 0; index < this.#dueCount; index++) if ((this.#due[index] as number) >= cursor) return index;
    return 0;
  }

  /** Codes the prediction group (in the packet that leads) and the effects that fit. @returns the length, -1 when there is nothing. */
  #writePrivate(to: Receiver, head: SnapshotHead, tick: number): number {
    const groupCount = head.leads ? this.#groupCount : 0;
    if (groupCount === 0 && this.#nextEffect >= to.effects.waiting.length) return -1;
    let bits = 0;
    this.#openList(groupCount);
    for (let index = 0; index < groupCount; index++) {
      const slot = this.#group[index] as number;
      const number = this.#groupBodies[index] as number;
      this.#open(tick, index, slot, number);
      to.sent.noteRecord(slot, this.#table.versions[slot] as number, this.#table.formOf(number), (this.#table.since[slot] as number) < tick, false);
      bits += this.#table.cost(number) / 256 + openingBits;
    }
    this.#writeEffects(to, tick, Math.min(effectsBitsMax, privateBytesMax * 8 - bits - 32), groupCount === 0);
    const length = this.#encode(this.#groupBodies, 0, groupCount, this.#private, privateBytesMax);
    if (length < 0) throw new RangeError(groupTooLarge(groupCount));
    return length;
  }

  /** Writes the effects that fit and that no packet of this snapshot has carried. */
  #writeEffects(to: Receiver, tick: number, bits: number, isAlone: boolean): void {
    const out = this.#openings;
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
  #frame(headLength: number, segment: Uint8Array | undefined, hasPrivate: boolean): number {
    if (!segment || hasPrivate) return writeFrame(this.#packet, messageKind.snapshot, this.#body.subarray(0, headLength), segment);
    this.#body.set(segment, headLength);
    return writeFrame(this.#packet, messageKind.snapshot, this.#body.subarray(0, headLength + segment.length));
  }

  /** Codes due records from index `next` on, as many as fit. @returns the segment (undefined when it is empty) and how many it names. */
  #writeSegment(to: Receiver, tick: number, next: number, most: number, bytesMax: number): [Uint8Array | undefined, number] {
    let count = 0;
    let cost = segmentCost;
    while (count < most) {
      const number = this.#bodies[next + count] as number;
      cost += (number < 0 ? despawnCost : this.#table.cost(number)) + openingBits * 256;
      if (cost > bytesMax * 8 * 256) break;
      count++;
    }
    for (; count > 0; count -= 1 + (count >> 5)) {
      const segment = this.#codeSegment(to, tick, next, count, bytesMax);
      if (!segment) continue; // dearer than estimated: a few records less
      this.#note(to, next, count);
      return [segment, count];
    }
    return [undefined, 0];
  }

  #codeSegment(to: Receiver, tick: number, next: number, count: number, bytesMax: number): Uint8Array | undefined {
    const shared = this.#segments.find(this.#bodies, next, count);
    if (shared && shared.length <= bytesMax) return shared;
    this.#openList(count);
    for (let index = 0; index < count; index++) {
      this.#open(tick, index, this.#due[next + index] as number, this.#bodies[next + index] as number);
    }
    const length = this.#encode(this.#bodies, next, count, this.#coded, bytesMax);
    if (length < 0) return undefined;
    this.#segments.add(this.#bodies, next, count, this.#coded, length);
    return this.#coded.subarray(0, length);
  }

  /** Begins a list of records. */
  #openList(count: number): void {
    if (this.#openingEnds.length < count) this.#openingEnds = new Int32Array(count * 2);
    this.#openings.reset();
    this.#openings.writeVar(count);
    firstOpening(this.#opening);
  }

  /** Writes the opening of the list's next record; a despawn is nothing else. */
  #open(tick: number, index: number, slot: number, number: number): void {
    const out = this.#openings;
    const newer = number < 0 ? -1 : this.#table.newerTick(number);
    const older = newer < 0 ? -1 : this.#table.olderTick(number);
    if (number < 0) writeOpening(out, this.#opening, slot, operation.despawn, 0, 0);
    else if (newer < 0) writeOpening(out, this.#opening, slot, operation.full, 0, 0);
    else writeOpening(out, this.#opening, slot, operation.delta, tick - newer, older < 0 ? 0 : newer - older);
    if (number < 0) out.writeVar((-1 - number - slot) / limits.worldSlots);
    this.#openingEnds[index] = out.length;
  }

  /** Codes a list of records, the last first, as the coder needs it. @returns the length, -1 when it does not fit. */
  #encode(bodies: Int32Array, first: number, count: number, into: Uint8Array, bytesMax: number): number {
    const encoder = this.#encoder;
    const { list, length } = this.#openings;
    encoder.begin(into, 0, bytesMax);
    let end = length;
    for (let index = count - 1; index >= 0; index--) {
      const opened = this.#openingEnds[index] as number;
      encoder.put(list, opened, end);
      const number = bodies[first + index] as number;
      if (number >= 0) this.#table.put(number, encoder);
      end = opened;
    }
    encoder.put(list, 0, end);
    return encoder.finish();
  }

  #note(to: Receiver, next: number, count: number): void {
    const { tick } = this.#world;
    for (let index = next; index < next + count; index++) {
      const slot = this.#due[index] as number;
      const isGone = (this.#bodies[index] as number) < 0;
      to.sent.noteRecord(slot, to.replica.version(slot), form.seen, !isGone && (this.#table.since[slot] as number) < tick, isGone);
    }
  }
}

/** An opening takes less than a bit most of the time; a change of bases two bytes. */
const openingBits = 1;
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
