// Reads snapshot packets into the received world: the mirror of the server's SnapshotWriter.
//
// Invariant: a packet is taken whole or not at all: it is read into a staging area first, and only a packet that was taken is acknowledged. Nothing that
// arrives throws. A base that is not here means that both ends disagree: the packet is refused and the caller asks for a fresh start.
// Units: ticks, words.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  type Bases,
  BitReader,
  codecTable,
  type EffectHead,
  type EntityType,
  type EventType,
  emptySnapshotHead,
  entityId,
  type Form,
  type Frame,
  firstOpening,
  form,
  HashSink,
  hasHash,
  type Identity,
  messageKind,
  type Opening,
  operation,
  planOf,
  readChange,
  readEffectHead,
  readFrame,
  readIdentity,
  readOpening,
  readRest,
  readSnapshotHead,
  readWhole,
  type Slot,
  type SnapshotHead,
  type SpawnOrigin,
  slotBits,
  SymbolDecoder,
  unwrap16,
  versionOf,
} from '@tickwire/shared/internal';
import type { ReceivedWorld } from './received-world.ts';

interface Staged {
  slot: number;
  /** The number that the server gave it for this client, or -1. */
  handle: number;
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
 * state that is not here. `differs`: its values are not those that the server hashed: one end's codec is at fault. `wrong`: no correct server sends it.
 */
export type ReadResult = 'taken' | 'old' | 'no-base' | 'differs' | 'wrong';

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
  readonly #decoder = new SymbolDecoder(codecTable);
  readonly #opening: Opening = { slot: -1, operation: 0, newerAge: 0, span: 0, gapped: 0 };
  readonly #identity: Identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
  readonly #bases: Bases;
  readonly #frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  readonly #effectHead: EffectHead = { id: 0, event: 0, age: 0 };
  readonly #staged: Staged[] = [];
  #stagedCount = 0;
  #rows = new Int32Array(1024);
  #rowsUsed = 0;
  #missesBase = false;
  /** Of the record at hand. */
  #slot = 0;
  #handle = -1;
  readonly #hash = new HashSink();

  constructor(game: AnyGame, world: ReceivedWorld) {
    this.#game = game;
    this.#world = world;
    const none = new Int32Array(0);
    this.#bases = { newer: none, newerAt: 0, older: none, olderAt: -1, newerAge: 0, span: 0, interval: game.tickHz / game.snapshotHz };
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
    const decoder = this.#decoder;
    decoder.failed = false;
    if (this.head.hasPrivate) {
      decoder.reset(bytes, reader.nextByte, frame.to);
      this.#readRecords(true);
      if (!decoder.failed) this.#readEffects();
      if (!decoder.done) decoder.failed = true;
    }
    // The segment: a body of its own behind private records, else the rest of the first.
    const segmentFrom = this.head.hasPrivate ? frame.secondFrom : reader.nextByte;
    const segmentTo = this.head.hasPrivate ? frame.secondTo : frame.to;
    if (segmentTo > segmentFrom && !decoder.failed) {
      decoder.reset(bytes, segmentFrom, segmentTo);
      this.#readRecords(false);
      if (!decoder.done) decoder.failed = true;
    }
    if (this.#missesBase) return this.head.tick >= this.#world.newestTick ? 'no-base' : 'old';
    if (decoder.failed) return 'wrong';
    if (hasHash(this.head.sequence) && this.#hashStaged() !== this.head.hash) return 'differs';
    this.#commit(viewTick);
    return 'taken';
  }

  #readRecords(isPrivate: boolean): void {
    const decoder = this.#decoder;
    const count = decoder.readVar();
    if (count > limits.worldSlots) decoder.failed = true;
    firstOpening(this.#opening);
    for (let index = 0; index < count && !decoder.failed; index++) {
      readOpening(decoder, this.#opening);
      if (this.#opening.slot >= limits.worldSlots) decoder.failed = true;
      this.#handle = this.head.hasHandles && !isPrivate ? this.#opening.slot : -1;
      this.#slot = this.#handle < 0 ? this.#opening.slot : this.#slotOf(this.#handle);
      if (!decoder.failed) this.#readBody(isPrivate);
    }
  }

  /** The slot behind a handle: a whole state says it, anything else speaks of one that it said. -1 when it is not here. */
  #slotOf(handle: number): number {
    return this.#opening.operation === operation.full ? this.#decoder.read(slotBits) : this.#world.slotOfHandle(handle);
  }

  /** Reads what stands behind a record's opening and stages the whole. */
  #readBody(isPrivate: boolean): void {
    if (this.#opening.operation === operation.despawn) this.#stage(0, 0, form.seen, 0, -1, undefined);
    else if (this.#opening.operation === operation.full) this.#readFull(isPrivate);
    else this.#readDelta();
  }

  #readFull(isPrivate: boolean): void {
    const decoder = this.#decoder;
    const identity = this.#identity;
    readIdentity(decoder, identity, this.#game.types.length, isPrivate);
    const type = this.#world.typeOf(identity.type);
    if (!type || (type.number === 0) !== (this.#slot === 0)) decoder.failed = true;
    if (!type || decoder.failed) return;
    const restAge = readRest(decoder);
    const at = this.#stageRow(type);
    readWhole(decoder, type.layout, this.#rows, at, identity.form === form.seen ? 'wire' : 'step', identity.form === form.owned);
    this.#stage(identity.version, type.number, identity.form, restAge, at, this.#origin());
  }

  #readDelta(): void {
    const decoder = this.#decoder;
    const { newerAge, span } = this.#opening;
    const entity = this.#world.entities[this.#slot];
    const newerTick = this.head.tick - newerAge;
    const newer = entity ? entity.baseIndex(newerTick) : -1;
    const older = entity && span > 0 ? entity.baseIndex(newerTick - span) : -1;
    if (!entity || newer < 0 || (span > 0 && older < 0)) {
      decoder.failed = true;
      this.#missesBase = true;
      return;
    }
    const { layout, number } = entity.type;
    const seenAs = entity.formAt(newer);
    const bases = this.#bases;
    bases.newer = entity.rows;
    bases.newerAt = newer * layout.words;
    bases.older = entity.rows;
    bases.olderAt = older < 0 ? -1 : older * layout.words;
    bases.newerAge = newerAge;
    bases.span = span;
    const at = this.#stageRow(entity.type);
    const plan = planOf(layout, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned);
    const restAge = readChange(decoder, plan, this.#rows, at, bases);
    this.#stage(versionOf(entity.id), number, seenAs, restAge, at, undefined, newerTick - span);
  }

  #readEffects(): void {
    const decoder = this.#decoder;
    const head = this.#effectHead;
    const count = decoder.readVar();
    for (let index = 0; index < count && !decoder.failed; index++) {
      readEffectHead(decoder, head);
      const type = this.#game.eventTypes[head.event];
      if (!type || type.expiresMs === undefined) {
        decoder.failed = true;
        return;
      }
      const row = new Int32Array(type.layout.words);
      type.layout.read(decoder, row, 0, 'step', true);
      if (decoder.failed) return;
      const fields = {};
      type.layout.load(row, 0, fields);
      this.effects.push({ id: head.id, type, tick: this.head.tick - head.age, fields });
    }
  }

  #origin(): SpawnOrigin | undefined {
    const { originKey: key, originAge, originNumber: number } = this.#identity;
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

  #stage(version: number, type: number, seenAs: Form, restAge: number, at: number, origin: SpawnOrigin | undefined, baseTick = -1): void {
    const since = this.head.tick - restAge;
    let staged = this.#staged[this.#stagedCount++];
    if (!staged) {
      staged = { slot: 0, handle: -1, operation: 0, version: 0, type: 0, form: 0, since: 0, baseTick: -1, at: 0, origin: undefined };
      this.#staged.push(staged);
    }
    staged.slot = this.#slot;
    staged.handle = this.#handle;
    staged.operation = this.#opening.operation;
    staged.version = version;
    staged.type = type;
    staged.form = seenAs;
    staged.since = since;
    staged.baseTick = baseTick;
    staged.at = at;
    staged.origin = origin;
  }

  /** The hash of everything that was staged, as the server makes it. */
  #hashStaged(): number {
    const hash = this.#hash;
    hash.reset();
    for (let index = 0; index < this.#stagedCount; index++) {
      const { slot, operation: what, type, form: seenAs, at } = this.#staged[index] as Staged;
      hash.write(slot, slotBits);
      if (what !== operation.despawn)
        this.#world.typeOf(type)?.layout.write(hash, this.#rows, at, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned);
    }
    return hash.value;
  }

  #commit(viewTick: number): void {
    const { tick, leads } = this.head;
    for (let index = 0; index < this.#stagedCount; index++) {
      const one = this.#staged[index] as Staged;
      if (one.slot < 0) continue; // the end of an entity whose beginning was lost
      if (one.operation === operation.despawn) {
        this.#world.despawn(one.slot, tick);
      } else if (one.operation === operation.full) {
        if (one.handle > 0) this.#world.nameHandle(one.handle, one.slot, tick);
        this.#world.full(one.slot, one.version, one.type, one.origin, tick, one.since, one.form, this.#rows, one.at);
      } else {
        // By id: a record before it in this packet may have put another entity into the slot.
        const entity = this.#world.get(entityId(one.slot as Slot, one.version));
        if (entity?.type.number !== one.type) continue;
        entity.insert(tick, one.since, one.form, this.#rows, one.at);
        entity.prune(one.baseTick, viewTick);
      }
    }
    this.#world.changes++;
    this.#world.newestTick = Math.max(this.#world.newestTick, tick);
    if (leads) this.#world.leadTick = Math.max(this.#world.leadTick, tick);
  }
}
