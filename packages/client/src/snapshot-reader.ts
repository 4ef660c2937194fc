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
  type EntityPlan,
  type EntityType,
  type EventType,
  emptyOpening,
  emptySnapshotHead,
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
  plansOf,
  readChange,
  readEffectHead,
  readFrame,
  readIdentity,
  readOpening,
  readRest,
  readSnapshotHead,
  readWhole,
  type SnapshotHead,
  type SpawnOrigin,
  SymbolDecoder,
  slotBits,
  unwrap16,
  versionOf,
} from '@tickwire/shared/internal';
import type { ReceivedWorld } from './received-world.ts';

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const { full, despawn } = operation;
const { seen: seenForm, owned: ownedForm } = form;
const slotsMax: number = limits.worldSlots;

/** What was read of a record, in words of one table: what it says, and where its row stands. `handle` is -1 where the record has none. */
const staged = { slot: 0, handle: 1, operation: 2, version: 3, type: 4, form: 5, since: 6, baseTick: 7, at: 8 } as const;
const stagedWords = 9;

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
  /** Empty in the mark of a reliable event. */
  readonly fields: object;
  /** When it was made in a step that this client predicts. */
  readonly origin: SpawnOrigin | undefined;
}

export class SnapshotReader {
  /** The head of the last packet read. */
  readonly head: SnapshotHead = emptySnapshotHead();
  /** The effects of the last packet taken. */
  readonly effects: ReceivedEffect[] = [];
  /** They are all that wait for this client's ack: what the server has made in a step of its group up to this tick is there, or was acknowledged. */
  hasAllEffects = false;
  /** By number of the type: records add their bytes, while somebody counts them. */
  recordBytes: Float64Array | undefined;
  readonly #game: AnyGame;
  readonly #world: ReceivedWorld;
  readonly #reader = new BitReader();
  readonly #decoder = new SymbolDecoder(codecTable);
  readonly #opening: Opening = emptyOpening();
  readonly #identity: Identity = { version: 0, type: 0, form: seenForm, originKey: -1, originAge: 0, originNumber: 0 };
  readonly #bases: Bases;
  /** By type and form. */
  readonly #plans: readonly EntityPlan[];
  readonly #frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  readonly #effectHead: EffectHead = { id: 0, event: 0, age: 0, originKey: -1, originNumber: 0 };
  #staged = new Int32Array(256 * stagedWords);
  #stagedCount = 0;
  /** By place in the table, of the few records that have one. */
  readonly #origins: (SpawnOrigin | undefined)[] = [];
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
    this.#plans = plansOf(game.types);
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
    this.#origins.length = 0;
    this.#missesBase = false;
    this.effects.length = 0;
    this.hasAllEffects = this.head.leads;
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
    if (hasHash(this.head.sequence) && this.#isHashable() && this.#hashStaged() !== this.head.hash) return 'differs';
    this.#commit(viewTick);
    return 'taken';
  }

  #readRecords(isPrivate: boolean): void {
    const decoder = this.#decoder;
    const count = decoder.readVar();
    if (count > slotsMax) decoder.failed = true;
    firstOpening(this.#opening);
    let left = decoder.bytesLeft;
    for (let index = 0; index < count && !decoder.failed; index++) {
      readOpening(decoder, this.#opening);
      if (this.#opening.slot >= slotsMax) decoder.failed = true;
      this.#handle = this.head.hasHandles && !isPrivate ? this.#opening.slot : -1;
      this.#slot = this.#handle < 0 ? this.#opening.slot : this.#slotOf(this.#handle);
      if (!decoder.failed) this.#readBody(isPrivate);
      if (this.recordBytes && !decoder.failed) left = this.#countBytes(this.recordBytes, left);
    }
  }

  /** The record at hand took what is gone of `left`, to the nearest byte: the coder reads ahead. Ends have no type where nothing is known of the entity. */
  #countBytes(bytes: Float64Array, left: number): number {
    const { bytesLeft } = this.#decoder;
    const type = this.#opening.operation === despawn ? this.#world.entities[this.#slot]?.type.number : this.#stagedType;
    if (type !== undefined) bytes[type] = (bytes[type] as number) + left - bytesLeft;
    return bytesLeft;
  }

  get #stagedType(): number | undefined {
    return this.#staged[(this.#stagedCount - 1) * stagedWords + staged.type];
  }

  /** The slot behind a handle: a whole state says it, an end may say it, anything else speaks of one that was said. -1 when it is not here. */
  #slotOf(handle: number): number {
    const { operation: what } = this.#opening;
    const isSaid = what === full || (what === despawn && this.#decoder.read(1) === 1);
    return isSaid ? this.#decoder.read(slotBits) : this.#world.slotOfHandle(handle, this.head.tick);
  }

  /** Reads what stands behind a record's opening and stages the whole. */
  #readBody(isPrivate: boolean): void {
    if (this.#opening.operation === despawn) this.#stage(0, 0, seenForm, 0, -1, undefined);
    else if (this.#opening.operation === full) this.#readFull(isPrivate);
    else this.#readDelta(isPrivate);
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
    readWhole(decoder, type.layout, this.#rows, at, identity.form === seenForm ? 'wire' : 'step', identity.form === ownedForm);
    this.#stage(identity.version, type.number, identity.form, restAge, at, this.#origin());
  }

  #readDelta(isPrivate: boolean): void {
    const decoder = this.#decoder;
    const { newerAge, span } = this.#opening;
    const entity = this.#world.entities[this.#slot];
    const newerTick = this.head.tick - newerAge;
    const older = entity && span > 0 ? entity.baseIndex(newerTick - span) : -1;
    const newer = entity ? entity.baseIndex(newerTick, older < 0 ? 0 : older) : -1;
    if (!entity || newer < 0 || (span > 0 && older < 0)) {
      decoder.failed = true;
      this.#missesBase = true;
      return;
    }
    const { number } = entity.type;
    // A segment is for everyone who sees the world: what it says of an entity is on the wire grid, also to its owner.
    const seenAs = isPrivate ? entity.formAt(newer) : seenForm;
    const bases = this.#bases;
    bases.newer = entity.rows;
    bases.newerAt = entity.rowAt(newer);
    bases.older = entity.rows;
    bases.olderAt = older < 0 ? -1 : entity.rowAt(older);
    bases.newerAge = newerAge;
    bases.span = span;
    const at = this.#stageRow(entity.type);
    const plan = this.#plans[number * 3 + seenAs] as EntityPlan;
    const restAge = readChange(decoder, plan, this.#rows, at, bases);
    // What the server will not use any more. Two names of one state tell nothing of the older base; one that held is one state, however often it came.
    const isTold = span === 0 || entity.sinceAt(newer) > newerTick - span;
    this.#stage(versionOf(entity.id), number, seenAs, restAge, at, undefined, isTold ? newerTick - span : -1);
  }

  #readEffects(): void {
    const decoder = this.#decoder;
    const head = this.#effectHead;
    const count = decoder.readVar();
    // Behind the end there is no lack of zeros: a number of effects that is a lie would go on for ever.
    if (count > limits.effectsPerPacket) decoder.failed = true;
    for (let index = 0; index < count && !decoder.failed; index++) {
      readEffectHead(decoder, head);
      const type = this.#game.eventTypes[head.event];
      const tick = this.head.tick - head.age;
      const origin = head.originKey < 0 ? undefined : { key: head.originKey, tick, number: head.originNumber };
      // Of a reliable event only that it was made in a step is told here.
      if (!type || (type.expiresMs === undefined && !origin)) {
        decoder.failed = true;
        return;
      }
      const fields = {};
      if (type.expiresMs !== undefined) {
        const row = new Int32Array(type.layout.words);
        type.layout.read(decoder, row, 0, 'step', true);
        if (decoder.failed) return;
        type.layout.load(row, 0, fields);
      }
      this.effects.push({ id: head.id, type, tick, fields, origin });
    }
    if (this.head.leads) this.hasAllEffects = decoder.read(1) === 0;
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
    const to = this.#stagedCount * stagedWords;
    if (to === this.#staged.length) {
      const larger = new Int32Array(to * 2);
      larger.set(this.#staged);
      this.#staged = larger;
    }
    const table = this.#staged;
    table[to + staged.slot] = this.#slot;
    table[to + staged.handle] = this.#handle;
    table[to + staged.operation] = this.#opening.operation;
    table[to + staged.version] = version;
    table[to + staged.type] = type;
    table[to + staged.form] = seenAs;
    table[to + staged.since] = this.head.tick - restAge;
    table[to + staged.baseTick] = baseTick;
    table[to + staged.at] = at;
    if (origin) this.#origins[this.#stagedCount] = origin;
    this.#stagedCount++;
  }

  /** Whether everything staged has its slot: the end of an entity whose beginning was lost has none. */
  #isHashable(): boolean {
    for (let index = 0; index < this.#stagedCount; index++) if ((this.#staged[index * stagedWords + staged.slot] as number) < 0) return false;
    return true;
  }

  /** The sum of the hashes of all records that were staged, as the server makes it. */
  #hashStaged(): number {
    const hash = this.#hash;
    const table = this.#staged;
    let sum = 0;
    for (let index = 0; index < this.#stagedCount; index++) {
      const from = index * stagedWords;
      hash.reset();
      hash.write(table[from + staged.slot] as number, slotBits);
      if (table[from + staged.operation] !== despawn) {
        const seenAs = table[from + staged.form];
        const type = this.#world.typeOf(table[from + staged.type] as number);
        type?.layout.write(hash, this.#rows, table[from + staged.at] as number, seenAs === seenForm ? 'wire' : 'step', seenAs === ownedForm);
      }
      sum += hash.value;
    }
    return sum & 0xffff;
  }

  #commit(viewTick: number): void {
    const { tick, leads } = this.head;
    const world = this.#world;
    const table = this.#staged;
    for (let index = 0; index < this.#stagedCount; index++) {
      const from = index * stagedWords;
      const slot = table[from + staged.slot] as number;
      if (slot < 0) continue; // the end of an entity whose beginning was lost
      const version = table[from + staged.version] as number;
      const type = table[from + staged.type] as number;
      const since = table[from + staged.since] as number;
      const seenAs = table[from + staged.form] as Form;
      const at = table[from + staged.at] as number;
      const what = table[from + staged.operation];
      if (what === despawn) {
        world.despawn(slot, tick);
        const handle = table[from + staged.handle] as number;
        if (handle > 0) world.nameHandle(handle, -1, tick);
      } else if (what === full) {
        const handle = table[from + staged.handle] as number;
        if (handle > 0) world.nameHandle(handle, slot, tick);
        world.full(slot, version, type, this.#origins[index], tick, since, seenAs, this.#rows, at);
      } else {
        // By version: a record before it in this packet may have put another entity into the slot.
        const entity = world.entities[slot];
        if (!entity || versionOf(entity.id) !== version || entity.type.number !== type) continue;
        // What this client predicts it has from the private records, finer.
        if (seenAs === seenForm && entity.form !== seenForm) continue;
        entity.insert(tick, since, seenAs, this.#rows, at);
        entity.prune(table[from + staged.baseTick] as number, viewTick);
      }
    }
    world.changes++;
    world.newestTick = Math.max(world.newestTick, tick);
    if (leads) world.leadTick = Math.max(world.leadTick, tick);
  }
}
