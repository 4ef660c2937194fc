// Reads snapshot packets into the received world: the mirror of the server's SnapshotWriter.
//
// Invariant: a packet is taken whole or not at all: it is read into a staging area first, and only a packet that was taken is acknowledged. Nothing that
// arrives throws. A base that is not here means that both ends disagree: the packet is refused and the caller asks for a fresh start.
// Units: ticks, words.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  BitReader,
  type EffectHead,
  type EntityType,
  type EventType,
  emptyRecord,
  emptySnapshotHead,
  entityId,
  type Form,
  type Frame,
  form,
  messageKind,
  operation,
  readEffectHead,
  readFrame,
  readRecord,
  readSnapshotHead,
  type Slot,
  type SnapshotHead,
  type SpawnOrigin,
  unwrap16,
  versionOf,
} from '@tickwire/shared/internal';
import type { ReceivedWorld } from './received-world.ts';

interface Staged {
  slot: number;
  operation: number;
  version: number;
  type: number;
  form: Form;
  since: number;
  baseTick: number;
  at: number;
  origin: SpawnOrigin | undefined;
}

/**
 * What became of a packet. `old`: it was here before, or came so late that what it builds on is gone; it is left out. `no-base`: it is new and needs a
 * state that is not here. `wrong`: no correct server sends it.
 */
export type ReadResult = 'taken' | 'old' | 'no-base' | 'wrong';

/** An effect in a packet: which event, when, and its fields. Its id tells whether it was played before. */
export interface ReceivedEffect {
  readonly id: number;
  readonly type: EventType;
  readonly tick: number;
  readonly fields: object;
}

export class SnapshotReader {
  /** The head of the last packet read. */
  readonly head: SnapshotHead = emptySnapshotHead();
  /** The effects of the last packet taken. */
  readonly effects: ReceivedEffect[] = [];
  readonly #game: AnyGame;
  readonly #world: ReceivedWorld;
  readonly #reader = new BitReader();
  readonly #record = emptyRecord();
  readonly #frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  readonly #effectHead: EffectHead = { id: 0, event: 0, age: 0 };
  readonly #staged: Staged[] = [];
  #stagedCount = 0;
  #rows = new Int32Array(1024);
  #rowsUsed = 0;
  #missesBase = false;

  constructor(game: AnyGame, world: ReceivedWorld) {
    this.#game = game;
    this.#world = world;
  }

  /** @param near a tick near the server's present one. @param isNew says whether a packet of this sequence is to be taken. */
  read(bytes: Uint8Array, near: number, viewTick: number, isNew: (sequence: SnapshotHead['sequence']) => boolean): ReadResult {
    const frame = this.#frame;
    const reader = this.#reader;
    if (bytes.length > limits.packetBytes || !readFrame(bytes, frame) || frame.kind !== messageKind.snapshot) return 'wrong';
    reader.reset(bytes, frame.from, frame.to);
    readSnapshotHead(reader, this.head);
    if (reader.failed) return 'wrong';
    this.head.tick = unwrap16(this.head.tick, near);
    if (this.head.tick < 0) return 'wrong';
    if (!isNew(this.head.sequence)) return 'old';
    this.#stagedCount = 0;
    this.#rowsUsed = 0;
    this.#missesBase = false;
    this.effects.length = 0;
    if (this.head.leads) this.#readRecords(true);
    this.#readEffects();
    if (frame.secondTo > 0 && !reader.failed) {
      reader.reset(bytes, frame.secondFrom, frame.secondTo);
      this.#readRecords(false);
    }
    if (this.#missesBase) return this.head.tick >= this.#world.newestTick ? 'no-base' : 'old';
    if (reader.failed) return 'wrong';
    this.#commit(viewTick);
    return 'taken';
  }

  #readRecords(isPrivate: boolean): void {
    const reader = this.#reader;
    const count = reader.readVar();
    let before = -1;
    for (let index = 0; index < count && !reader.failed; index++) {
      const record = this.#record;
      readRecord(reader, record, before, isPrivate);
      if (record.slot >= limits.worldSlots) reader.failed = true;
      if (reader.failed) return;
      before = record.slot;
      this.#readFields();
    }
  }

  /** Reads the fields behind the record's head and stages the whole. */
  #readFields(): void {
    const record = this.#record;
    const reader = this.#reader;
    if (record.operation === operation.despawn) {
      this.#stage(record.version, 0, form.seen, -1, undefined);
      return;
    }
    if (record.operation === operation.full) {
      const type = this.#world.typeOf(record.type);
      if (!type || (type.number === 0) !== (record.slot === 0)) {
        reader.failed = true;
        return;
      }
      const at = this.#stageRow(type);
      type.layout.read(reader, this.#rows, at, record.form === form.seen ? 'wire' : 'step', record.form === form.owned);
      this.#stage(record.version, type.number, record.form, at, this.#origin());
      return;
    }
    const entity = this.#world.entities[record.slot];
    const baseTick = this.head.tick - record.baseAge;
    const index = entity ? entity.baseIndex(baseTick) : -1;
    if (!entity || index < 0) {
      reader.failed = true;
      this.#missesBase = true;
      return;
    }
    const { type } = entity;
    const seenAs = entity.formAt(index);
    const at = this.#stageRow(type);
    type.layout.readDelta(
      reader,
      this.#rows,
      at,
      entity.rows,
      index * type.layout.words,
      seenAs === form.seen ? 'wire' : 'step',
      seenAs === form.owned,
    );
    this.#stage(versionOf(entity.id), type.number, seenAs, at, undefined, baseTick);
  }

  #readEffects(): void {
    const reader = this.#reader;
    const head = this.#effectHead;
    const count = reader.readVar();
    for (let index = 0; index < count && !reader.failed; index++) {
      readEffectHead(reader, head);
      const type = this.#game.eventTypes[head.event];
      if (!type || type.expiresMs === undefined) {
        reader.failed = true;
        return;
      }
      const row = new Int32Array(type.layout.words);
      type.layout.read(reader, row, 0, 'step', true);
      if (reader.failed) return;
      const fields = {};
      type.layout.load(row, 0, fields);
      this.effects.push({ id: head.id, type, tick: this.head.tick - head.age, fields });
    }
  }

  #origin(): SpawnOrigin | undefined {
    const { originKey: key, originAge, originNumber: number } = this.#record;
    return key < 0 ? undefined : { key, tick: this.head.tick - originAge, number };
  }

  #stageRow(type: EntityType): number {
    const at = this.#rowsUsed;
    this.#rowsUsed += type.layout.words;
    if (this.#rowsUsed > this.#rows.length) {
      const larger = new Int32Array(this.#rowsUsed * 2);
      larger.set(this.#rows);
      this.#rows = larger;
    }
    return at;
  }

  #stage(version: number, type: number, seenAs: Form, at: number, origin: SpawnOrigin | undefined, baseTick = -1): void {
    const { slot, operation: what, restAge } = this.#record;
    const since = this.head.tick - restAge;
    const staged: Staged = { slot, operation: what, version, type, form: seenAs, since, baseTick, at, origin };
    const place = this.#staged[this.#stagedCount];
    if (place) Object.assign(place, staged);
    else this.#staged.push(staged);
    this.#stagedCount++;
  }

  #commit(viewTick: number): void {
    const { tick, leads } = this.head;
    for (let index = 0; index < this.#stagedCount; index++) {
      const one = this.#staged[index] as Staged;
      if (one.operation === operation.despawn) {
        this.#world.despawn(one.slot, tick);
      } else if (one.operation === operation.full) {
        this.#world.full(one.slot, one.version, one.type, one.origin, tick, one.since, one.form, this.#rows, one.at);
      } else {
        // By id: a record before it in this packet may have put another entity into the slot.
        const entity = this.#world.get(entityId(one.slot as Slot, one.version));
        entity?.insert(tick, one.since, one.form, this.#rows, one.at);
        entity?.prune(one.baseTick, viewTick);
      }
    }
    this.#world.changes++;
    this.#world.newestTick = Math.max(this.#world.newestTick, tick);
    if (leads) this.#world.leadTick = Math.max(this.#world.leadTick, tick);
  }
}
