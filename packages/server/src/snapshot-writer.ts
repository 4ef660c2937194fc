// Makes the packets of one snapshot for one client: what it does not hold yet, as deltas against what it is known to hold.
//
// A packet is a private head (acks, timing, the prediction group, effects) and a segment of what the client sees of others. What it says is complete in
// itself: any subset of packets, in any order, is of use. Invariant: no packet over `limits.packetBytes`; no entity is split; the prediction group is
// whole, from one tick, in the first packet. What does not fit waits its turn: segments go round by slot.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  BitWriter,
  type EntityType,
  emptyRecord,
  type Form,
  form,
  frameBytesMax,
  type History,
  messageKind,
  operation,
  type SnapshotHead,
  type World,
  writeEffectHead,
  writeFrame,
  writeRecord,
  writeSnapshotHead,
} from '@tickwire/shared/internal';
import { type Effects, effectBits } from './effects.ts';
import type { Replica } from './replica.ts';
import type { SentPackets } from './sent-packets.ts';

/** The client's side of a snapshot: what it has, what it was sent, and what of the world is its own. */
export interface Receiver {
  readonly replica: Replica;
  readonly sent: SentPackets;
  readonly effects: Effects;
  /** Slots of the entities that it controls. */
  readonly controls: ReadonlySet<number>;
  /** Slot at which the segments of the next snapshot begin. */
  segmentCursor: number;
}

/** Most bits for head and segment together. */
const bodyBits = (limits.packetBytes - frameBytesMax) * 8;
/** What a writer may hold before it is found to be too much: two packets. */
const scratchBytes = limits.packetBytes * 2;

export class SnapshotWriter {
  readonly #world: World<AnyGame>;
  readonly #history: History;
  readonly #head = new BitWriter(scratchBytes);
  readonly #records = new BitWriter(scratchBytes);
  readonly #body = new BitWriter(scratchBytes);
  readonly #packet = new Uint8Array(limits.packetBytes + frameBytesMax);
  readonly #record = emptyRecord();
  #due = new Int32Array(64);
  #dueCount = 0;

  constructor(world: World<AnyGame>, history: History) {
    this.#world = world;
    this.#history = history;
  }

  /**
   * Writes the snapshot of the world's tick in at most `packetsMax` packets and gives each to `send`.
   * @param head timing and acks; its `sequence` is taken from `takeSequence` for each packet.
   * @returns packets written. None when the client holds everything already and `mustSend` is false.
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
    const tick = this.#world.tick;
    to.replica.grow(this.#world.slotCount);
    to.effects.expire(tick);
    this.#gather(to, tick);
    const groupSize = this.#countGroup(to);
    if (!mustSend && this.#dueCount === 0 && groupSize === 0 && to.effects.waiting.length === 0) return 0;
    let next = this.#firstDue(to.segmentCursor);
    let left = this.#dueCount;
    let packets = 0;
    do {
      head.sequence = takeSequence();
      head.tick = tick;
      head.leads = packets === 0;
      to.sent.begin(head.sequence, tick, head.leads, now);
      this.#head.reset();
      writeSnapshotHead(this.#head, head);
      if (head.leads) this.#writeGroup(to, tick);
      this.#writeEffects(to, tick);
      const [written, taken] = this.#writeSegment(to, tick, next, left, bodyBits - this.#head.byteLength * 8);
      const length = writeFrame(this.#packet, messageKind.snapshot, this.#head.finish(), written);
      send(this.#packet.subarray(0, length));
      packets++;
      left -= taken;
      next += taken;
      if (next >= this.#dueCount) next = 0;
    } while (left > 0 && packets < packetsMax);
    to.segmentCursor = left > 0 ? (this.#due[next] as number) : 0;
    return packets;
  }

  /** Collects the slots of which this client must hear, ascending, without those that lead in the prediction group. */
  #gather(to: Receiver, tick: number): void {
    const world = this.#world;
    if (this.#due.length < world.slotCount) this.#due = new Int32Array(world.slotCount * 2);
    this.#dueCount = 0;
    for (let slot = 0; slot < world.slotCount; slot++) {
      if (world.at(slot)) {
        const seenAs = this.#formOf(to, slot);
        to.replica.enter(slot, world.versionAt(slot), seenAs, tick);
        if (seenAs !== form.seen || to.replica.isSilent(slot, this.#history.sinceNow(slot))) continue;
      } else if (!to.replica.leave(slot, tick)) {
        continue;
      }
      this.#due[this.#dueCount++] = slot;
    }
  }

  #formOf(to: Receiver, slot: number): Form {
    if (to.controls.has(slot)) return form.owned;
    return this.#typeAt(slot).predict === 'everyone' ? form.shared : form.seen;
  }

  #firstDue(cursor: number): number {
    for (let index = 0; index < this.#dueCount; index++) if ((this.#due[index] as number) >= cursor) return index;
    return 0;
  }

  #isGroupDue(to: Receiver, slot: number): boolean {
    return this.#world.at(slot) !== null && this.#formOf(to, slot) !== form.seen && !to.replica.isSilent(slot, this.#history.sinceNow(slot));
  }

  #countGroup(to: Receiver): number {
    let count = 0;
    for (let slot = 1; slot < this.#world.slotCount; slot++) if (this.#isGroupDue(to, slot)) count++;
    return count;
  }

  /**
   * Everything that this client predicts and that is not at rest, whole: its sum was checked when it was given to the client.
   * @throws RangeError when it does not fit: so much that everyone predicts was spawned since.
   */
  #writeGroup(to: Receiver, tick: number): void {
    this.#head.writeVar(this.#countGroup(to));
    let before = -1;
    for (let slot = 1; slot < this.#world.slotCount; slot++) {
      if (!this.#isGroupDue(to, slot)) continue;
      this.#writeEntity(this.#head, to, slot, before, tick);
      before = slot;
      if (this.#head.bitLength > bodyBits - groupReserveBits) throw new RangeError(groupTooLarge(slot));
    }
  }

  #writeEffects(to: Receiver, tick: number): void {
    const { waiting } = to.effects;
    let bitsLeft = bodyBits - this.#head.byteLength * 8 - 16;
    let count = 0;
    for (const { type } of waiting) {
      bitsLeft -= effectBits(type.layout);
      if (bitsLeft < 0) break;
      count++;
    }
    this.#head.writeVar(count);
    for (const { id, type, tick: at, row } of waiting) {
      if (count-- === 0) break;
      writeEffectHead(this.#head, { id, event: type.number, age: tick - at });
      type.layout.write(this.#head, row, 0, 'step', true);
      to.sent.noteEffect(id);
    }
  }

  /** Writes due slots from index `next` on, ascending, as many as fit. @returns the segment (undefined when it is empty) and how many it names. */
  #writeSegment(to: Receiver, tick: number, next: number, left: number, bitsMax: number): [Uint8Array | undefined, number] {
    this.#records.reset();
    let taken = 0;
    let before = -1;
    const most = Math.min(left, this.#dueCount - next);
    while (taken < most) {
      const slot = this.#due[next + taken] as number;
      const mark = this.#records.mark();
      this.#writeEntity(this.#records, to, slot, before, tick, bitsMax - countBits);
      if (this.#records.bitLength > bitsMax - countBits) {
        this.#records.rewind(mark);
        break;
      }
      before = slot;
      taken++;
    }
    if (taken === 0) return [undefined, 0];
    this.#body.reset();
    this.#body.writeVar(taken);
    const bits = this.#records.bitLength;
    this.#body.append(this.#records.finish(), bits);
    return [this.#body.finish(), taken];
  }

  /** Writes one record and notes it; when it goes beyond `bitsMax` it is not noted and the caller takes it back. */
  #writeEntity(out: BitWriter, to: Receiver, slot: number, before: number, tick: number, bitsMax = Number.POSITIVE_INFINITY): void {
    const record = this.#record;
    const isHead = out === this.#head;
    record.slot = slot;
    if (!this.#world.at(slot)) {
      record.operation = operation.despawn;
      record.version = to.replica.version(slot);
      writeRecord(out, record, before, isHead);
      if (out.bitLength <= bitsMax) to.sent.noteRecord(slot, record.version, form.seen, false, true);
      return;
    }
    const { layout } = this.#typeAt(slot);
    const seenAs = this.#formOf(to, slot);
    const version = this.#world.versionAt(slot);
    const rows = this.#history.rows(slot);
    const at = this.#history.rowAt(slot, version, tick);
    const baseTick = to.replica.baseTick(slot);
    const baseAt = baseTick < 0 ? -1 : this.#history.baseAt(slot, version, baseTick);
    const precision = seenAs === form.seen ? 'wire' : 'step';
    const owner = seenAs === form.owned;
    record.restAge = tick - this.#history.sinceNow(slot);
    if (baseAt >= 0) {
      record.operation = operation.delta;
      record.baseAge = tick - baseTick;
      writeRecord(out, record, before, isHead);
      layout.writeDelta(out, rows, at, rows, baseAt, precision, owner);
    } else {
      record.operation = operation.full;
      record.version = version;
      record.type = this.#world.typeAt(slot);
      record.form = seenAs;
      this.#setOrigin(slot, tick);
      writeRecord(out, record, before, isHead);
      layout.write(out, rows, at, precision, owner);
    }
    if (out.bitLength <= bitsMax) to.sent.noteRecord(slot, version, seenAs, record.restAge > 0, false);
  }

  #setOrigin(slot: number, tick: number): void {
    const origin = this.#world.originAt(slot);
    this.#record.originKey = origin?.key ?? -1;
    this.#record.originAge = origin ? tick - origin.tick : 0;
    this.#record.originNumber = origin?.number ?? 0;
  }

  #typeAt(slot: number): EntityType {
    return this.#world.game.types[this.#world.typeAt(slot)] as EntityType;
  }
}

/** Bits of a segment's count at most: 3 groups, up to 4095 records. */
const countBits = 15;

/** Bits that a group leaves for the counts of effects and of the segment behind it. */
const groupReserveBits = 32;

function groupTooLarge(slot: number): string {
  return `the prediction group of a client does not fit one packet (${limits.packetBytes} bytes) with the entity in slot ${slot}: spawn fewer entities that everyone predicts, or give them smaller fields`;
}
