// What our own readers make of the golden messages, in the words of their meanings.
//
// Owns nothing of the format: each value comes from a reader of the packages. Invariant: a message that a reader refuses gives undefined, never a part.
// Units: as in docs/PROTOCOL.md.

import type { AnyGame } from '@tickwire/shared';
import {
  AckWindow,
  BitReader,
  emptyInputHead,
  emptyRecord,
  emptySnapshotHead,
  type Frame,
  form,
  type Layout,
  operation,
  parseHello,
  parseWelcome,
  readEffectHead,
  readFrame,
  readInputHead,
  readRecord,
  readSnapshotHead,
  readViewLag,
  type SnapshotRecord,
  slotOf,
  unpackPlain,
  unwrap16,
} from '@tickwire/shared/internal';
import { ReceivedWorld } from '../../packages/client/src/received-world.ts';
import { SnapshotReader } from '../../packages/client/src/snapshot-reader.ts';
import { parseEvents, parseReliableAck } from '../../packages/shared/src/protocol/events.ts';

const forms = ['seen', 'shared', 'owned'] as const;

/** Reads snapshot packets one after another, with the states that the ones before left. */
export class SnapshotMeanings {
  readonly #game: AnyGame;
  readonly #world: ReceivedWorld;
  readonly #reader: SnapshotReader;
  readonly #acks = new AckWindow();
  readonly #bits = new BitReader();

  constructor(game: AnyGame) {
    this.#game = game;
    this.#world = new ReceivedWorld(game);
    this.#reader = new SnapshotReader(game, this.#world);
  }

  /** The packet as the client takes it: heads of the records from the bits, fields from the states that the client keeps. */
  read(bytes: Uint8Array, near: number): object | undefined {
    const heads = this.#recordHeads(bytes, near);
    if (this.#reader.read(bytes, near, 0, (sequence) => this.#acks.mark(sequence)) !== 'taken' || !heads) return undefined;
    const { sequence, tick, leads, ack, ackHoldMs, inputLead, inputMargin, inputsMissed } = this.#reader.head;
    return {
      kind: bytes[1],
      sequence,
      tick,
      leads,
      report: ack < 0 ? null : { ack, holdMs: ackHoldMs, inputLead, inputMargin, inputsMissed },
      group: heads.group?.map((record) => this.#recordMeaning(record)) ?? null,
      effects: this.#reader.effects.map(({ id, type, tick: at, fields }) => ({ id, event: type.name, tick: at, fields: plain(fields) })),
      segment: heads.segment?.map((record) => this.#recordMeaning(record)) ?? null,
    };
  }

  /** The heads of all records. Fields are read on the way, since nothing tells their length. */
  #recordHeads(bytes: Uint8Array, near: number): { group: Named[] | undefined; segment: Named[] | undefined } | undefined {
    const frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
    const head = emptySnapshotHead();
    if (!readFrame(bytes, frame)) return undefined;
    this.#bits.reset(bytes, frame.from, frame.to);
    readSnapshotHead(this.#bits, head);
    head.tick = unwrap16(head.tick, near);
    const group = head.leads ? this.#readRecords(head.tick, true) : undefined;
    const effect = { id: 0, event: 0, age: 0 };
    for (let left = this.#bits.readVar(); left > 0 && !this.#bits.failed; left--) {
      readEffectHead(this.#bits, effect);
      const layout = this.#game.eventTypes[effect.event]?.layout;
      layout?.read(this.#bits, new Int32Array(layout.words), 0, 'step', true);
    }
    if (frame.secondTo === 0) return { group, segment: undefined };
    this.#bits.reset(bytes, frame.secondFrom, frame.secondTo);
    return { group, segment: this.#readRecords(head.tick, false) };
  }

  #readRecords(tick: number, isPrivate: boolean): Named[] {
    const records: Named[] = [];
    let before = -1;
    for (let left = this.#bits.readVar(); left > 0 && !this.#bits.failed; left--) {
      const record: Named = { ...emptyRecord(), tick, changed: [] };
      readRecord(this.#bits, record, before, isPrivate);
      records.push(record);
      before = record.slot;
      if (record.operation === operation.full) {
        const layout = this.#game.types[record.type]?.layout as Layout;
        layout.read(this.#bits, new Int32Array(layout.words), 0, record.form === form.seen ? 'wire' : 'step', record.form === form.owned);
      } else if (record.operation === operation.delta) {
        this.#readMask(record);
      }
    }
    return records;
  }

  /** Which fields a delta has, from the bits in front of them. */
  #readMask(record: Named): void {
    const base = this.#world.entities[record.slot];
    if (!base) return;
    const seenAs = base.formAt(base.baseIndex(record.tick - record.baseAge));
    for (const { name, kind } of base.type.layout.fields) {
      if ((kind.ownerOnly && seenAs !== form.owned) || this.#bits.read(1) === 0) continue;
      kind.read(this.#bits, new Int32Array(kind.words), 0, seenAs === form.seen ? 'wire' : 'step');
      record.changed.push(name);
    }
  }

  #recordMeaning(record: Named): object {
    const { slot, version, tick } = record;
    const operationName = ['delta', 'full', 'despawn'][record.operation];
    if (record.operation === operation.despawn) {
      const departed = this.#world.departed.find(({ entity }) => slotOf(entity.id) === slot && !this.#world.get(entity.id));
      return { slot, operation: departed ? operationName : 'despawn of what was not there', version };
    }
    const entity = this.#world.entities[slot];
    const index = entity?.baseIndex(tick) ?? -1;
    if (!entity || index < 0) return { slot, operation: `${operationName} that left no state` };
    const { layout, name: type } = entity.type;
    const seenAs = forms[entity.formAt(index)];
    const fields: Record<string, unknown> = {};
    layout.load(entity.rows, index * layout.words, fields);
    for (const { name, kind } of layout.fields) if (kind.ownerOnly && seenAs !== 'owned') delete fields[name];
    const restAge = tick - entity.sinceAt(index);
    if (record.operation === operation.delta)
      return { slot, operation: operationName, baseTick: tick - record.baseAge, restAge, changed: record.changed, fields: plain(fields) };
    const origin = seenAs === 'owned' ? (entity.origin ?? null) : null;
    return { slot, operation: operationName, version, type, form: seenAs, origin, restAge, fields: plain(fields) };
  }
}

interface Named extends SnapshotRecord {
  readonly tick: number;
  readonly changed: string[];
}

export function readInputPacket(game: AnyGame, bytes: Uint8Array, near: number): object | undefined {
  const frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  if (!readFrame(bytes, frame)) return undefined;
  const reader = new BitReader();
  reader.reset(bytes, frame.from, frame.to);
  const head = emptyInputHead();
  readInputHead(reader, head);
  const layout = game.inputLayout;
  const inputs: object[] = [];
  let row = new Int32Array(layout.words);
  let viewLag: number | undefined;
  for (let index = 0; index < head.count; index++) {
    const newer = row;
    row = Int32Array.from(newer);
    viewLag = readViewLag(reader, viewLag);
    if (index === 0) layout.read(reader, row, 0, 'wire', true);
    else if (reader.read(1) === 1) layout.readDelta(reader, row, 0, newer, 0, 'wire', true);
    const fields = {};
    layout.load(row, 0, fields);
    inputs.push({ tick: unwrap16(head.newestTick, near) - index, viewLag, fields });
  }
  if (reader.failed) return undefined;
  const ack = head.ack < 0 ? null : { newest: head.ack, bits: head.ackBits, holdMs: head.ackHoldMs };
  return { kind: frame.kind, sequence: head.sequence, resync: head.resync, ack, inputs };
}

/** Hello, welcome, events and reliable acks. */
export function readPlainMessage(game: AnyGame, bytes: Uint8Array): object | undefined {
  const message = unpackPlain(bytes);
  if (!message) return undefined;
  const kind = message[0];
  const events = parseEvents(message);
  if (events) return { kind, ...events, events: events.events.map((event) => eventMeaning(game, event)) };
  const ack = parseReliableAck(message);
  if (ack !== undefined) return { kind, ack };
  const hello = parseHello(message);
  return hello ? { kind, protocol: message[1], ...hello } : { kind, ...parseWelcome(message) };
}

function eventMeaning(game: AnyGame, event: unknown[]): object {
  const type = game.eventTypes[event[0] as number];
  return { event: type?.name, fields: plain(type?.layout.unpack(event, 1)) };
}

/** The value as JSON has it; bytes as hex. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
