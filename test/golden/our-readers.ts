// What our own readers make of the golden messages, in the words of their meanings.
//
// Owns nothing of the format: each value comes from a reader of the packages. Invariant: a message that a reader refuses gives undefined, never a part.
// Units: as in docs/PROTOCOL.md.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  AckWindow,
  type Bases,
  BitReader,
  BitWriter,
  codecTable,
  type EntityPlan,
  emptyInputHead,
  emptyOpening,
  emptySnapshotHead,
  type Frame,
  firstOpening,
  form,
  hasHash,
  type Identity,
  type Layout,
  noMargin,
  type Opening,
  operation,
  parseDrain,
  parseHello,
  parseWelcome,
  plansOf,
  readAsk,
  readChange,
  readFrame,
  readIdentity,
  readInputHead,
  readOpening,
  readReply,
  readRest,
  readSnapshotHead,
  readViewLag,
  readWhole,
  type SnapshotHead,
  SymbolDecoder,
  slotBits,
  unpackPlain,
  unwrap16,
} from '@tickwire/shared/internal';
import { ReceivedWorld } from '../../packages/client/src/received-world.ts';
import { SnapshotReader } from '../../packages/client/src/snapshot-reader.ts';
import { originOfEvent, parseEvents, parseReliableAck } from '../../packages/shared/src/protocol/events.ts';

const forms = ['seen', 'shared', 'owned'] as const;

/** Reads snapshot packets one after another, with the states that the ones before left. */
export class SnapshotMeanings {
  readonly #game: AnyGame;
  readonly #world: ReceivedWorld;
  readonly #reader: SnapshotReader;
  readonly #acks = new AckWindow();
  readonly #decoder = new SymbolDecoder(codecTable);
  readonly #plans: readonly EntityPlan[];
  readonly #identity: Identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };

  constructor(game: AnyGame) {
    this.#game = game;
    this.#world = new ReceivedWorld(game);
    this.#reader = new SnapshotReader(game, this.#world);
    this.#plans = plansOf(game.types);
  }

  /** The packet as the client takes it: openings of the records from the bytes, fields from the states that the client keeps. */
  read(bytes: Uint8Array, near: number, viewTick = 0): object | undefined {
    const named = this.#namedIn(bytes, near);
    if (this.#reader.read(bytes, near, viewTick, (sequence) => this.#acks.mark(sequence)) !== 'taken' || !named) return undefined;
    const { sequence, tick, leads, hasHandles, ack, ackHoldMs, inputLead, inputMargin, inputsMissed, inputsLost } = this.#reader.head;
    return {
      kind: bytes[1],
      sequence,
      isHashed: hasHash(sequence),
      tick,
      leads,
      hasHandles,
      ack: ack < 0 ? null : { packet: ack, holdMs: ackHoldMs },
      inputs: inputMargin === noMargin ? null : { lead: inputLead, margin: inputMargin, missed: inputsMissed, lost: inputsLost },
      group: named.group.map((record) => this.#recordMeaning(record)),
      effects: this.#reader.effects.map(({ id, type, tick: at, origin, fields }) => ({
        id,
        event: type.name,
        tick: at,
        ...(origin ? { origin } : {}),
        fields: plain(fields),
      })),
      ...(leads && !this.#reader.hasAllEffects ? { moreEffects: true } : {}),
      segment: named.segment.map((record) => this.#recordMeaning(record)),
    };
  }

  /** What the packet names, and how. Fields are read on the way, since nothing tells their length. */
  #namedIn(bytes: Uint8Array, near: number): { group: Named[]; segment: Named[] } | undefined {
    const frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
    const head = emptySnapshotHead();
    const bits = new BitReader();
    if (!readFrame(bytes, frame)) return undefined;
    bits.reset(bytes, frame.from, frame.to);
    readSnapshotHead(bits, head);
    const tick = unwrap16(head.tick, near);
    if (!head.hasPrivate) return { group: [], segment: this.#readList(bytes, bits.nextByte, frame.to, tick, head) };
    const group = this.#readList(bytes, bits.nextByte, frame.to, tick, undefined);
    return { group, segment: this.#readList(bytes, frame.secondFrom, frame.secondTo, tick, head) };
  }

  /** @param head of a segment's packet; without one, the list is the prediction group. */
  #readList(bytes: Uint8Array, from: number, to: number, tick: number, head: SnapshotHead | undefined): Named[] {
    const named: Named[] = [];
    if (from === to) return named;
    const decoder = this.#decoder;
    decoder.reset(bytes, from, to);
    const opening = emptyOpening();
    firstOpening(opening);
    for (let left = decoder.readVar(); left > 0 && !decoder.failed; left--) {
      readOpening(decoder, opening);
      const handle = head?.hasHandles ? opening.slot : undefined;
      const isFull = opening.operation === operation.full;
      const slot = handle === undefined ? opening.slot : this.#slotOf(handle, opening.operation, tick);
      const record: Named = { ...opening, slot, handle, tick, version: 0, seen: undefined };
      named.push(record);
      if (isFull) this.#passWhole(record, head === undefined);
      else if (opening.operation === operation.delta) this.#passChange(record, head === undefined);
    }
    return named;
  }

  /** The slot behind a handle, as a record says it or as it was said before; -1 when it is not known. */
  #slotOf(handle: number, what: number, tick: number): number {
    const isSaid = what === operation.full || (what === operation.despawn && this.#decoder.read(1) === 1);
    return isSaid ? this.#decoder.read(slotBits) : this.#world.slotOfHandle(handle, tick);
  }

  #passWhole(named: Named, isPrivate: boolean): void {
    readIdentity(this.#decoder, this.#identity, this.#game.types.length, isPrivate);
    const { version, type, form: seenAs } = this.#identity;
    named.version = version;
    const layout = this.#game.types[type]?.layout as Layout;
    readRest(this.#decoder);
    readWhole(this.#decoder, layout, new Int32Array(layout.words), 0, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned);
  }

  #passChange(named: Named, isPrivate: boolean): void {
    const { slot, newerAge, span, tick } = named;
    const entity = this.#world.entities[slot];
    const newer = entity?.baseIndex(tick - newerAge) ?? -1;
    const older = span > 0 ? (entity?.baseIndex(tick - newerAge - span) ?? -1) : newer;
    if (!entity || newer < 0 || older < 0) {
      this.#decoder.failed = true;
      return;
    }
    const { layout, number } = entity.type;
    const seenAs = isPrivate ? entity.formAt(newer) : form.seen;
    const olderAt = span > 0 ? entity.rowAt(older) : -1;
    const interval = this.#game.tickHz / this.#game.snapshotHz;
    const bases: Bases = { newer: entity.rows, newerAt: entity.rowAt(newer), older: entity.rows, olderAt, newerAge, span, interval };
    const row = new Int32Array(layout.words);
    const restAge = readChange(this.#decoder, this.#plans[number * 3 + seenAs] as EntityPlan, row, 0, bases);
    // Of its own entity the client keeps nothing that a segment says.
    if (seenAs !== entity.formAt(newer)) named.seen = { row: coarseRow(layout, row), restAge };
  }

  #recordMeaning({ slot, handle, operation: what, version, newerAge, span, tick, seen }: Named): object {
    const operationName = ['delta', 'full', 'despawn'][what];
    const named = handle === undefined ? { slot } : { handle, slot: slot < 0 ? null : slot };
    if (slot < 0) return { ...named, operation: operationName };
    if (what === operation.despawn) {
      const isKnown = this.#world.emptyTick(slot) >= tick;
      return { ...named, operation: isKnown ? operationName : 'despawn that left the slot as it was' };
    }
    const entity = this.#world.entities[slot];
    const index = entity?.indexAt(tick) ?? -1;
    if (!entity || index < 0 || (!seen && entity.tickAt(index) !== tick)) return { ...named, operation: `${operationName} that left no state` };
    const { layout, name: type } = entity.type;
    const seenAs = seen ? 'seen' : forms[entity.formAt(index)];
    const fields: Record<string, unknown> = {};
    layout.load(seen?.row ?? entity.rows, seen ? 0 : entity.rowAt(index), fields);
    for (const { name, kind } of layout.fields) if (kind.ownerOnly && seenAs !== 'owned') delete fields[name];
    const restAge = seen?.restAge ?? tick - entity.sinceAt(index);
    const newer = tick - newerAge;
    if (what === operation.delta)
      return { ...named, operation: operationName, bases: span > 0 ? [newer, newer - span] : [newer], restAge, fields: plain(fields) };
    const origin = seenAs === 'seen' ? null : (entity.origin ?? null);
    return { ...named, operation: operationName, version, type, form: seenAs, origin, restAge, fields: plain(fields) };
  }
}

/** A row as others have it: words that a change left alone are those of the finer base. */
function coarseRow(layout: Layout, fine: Int32Array): Int32Array {
  const row = new Int32Array(layout.words);
  const bits = new BitWriter(limits.packetBytes);
  layout.write(bits, fine, 0, 'wire', false);
  const reader = new BitReader();
  reader.reset(bits.finish());
  layout.read(reader, row, 0, 'wire', false);
  return row;
}

/** What a record says besides the state. */
interface Named extends Opening {
  readonly tick: number;
  readonly handle: number | undefined;
  version: number;
  /** What it says of an entity of the client's own. */
  seen: { readonly row: Int32Array; readonly restAge: number } | undefined;
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
  const { sequence, resync, hidden, holds, quiet } = head;
  return { kind: frame.kind, sequence, resync, ack, hidden, holds, quiet, inputs };
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
  const secondsLeft = parseDrain(message);
  if (secondsLeft !== undefined) return { kind, secondsLeft };
  const hello = parseHello(message);
  return hello ? { kind, protocol: message[1], ...hello } : { kind, ...parseWelcome(message) };
}

function eventMeaning(game: AnyGame, event: unknown[]): object {
  const ask = readAsk(game, event);
  if (ask) return { request: ask.type.name, ask: ask.ask, fields: plain(ask.fields) };
  const reply = readReply(game, event);
  if (reply && 'type' in reply) return { answer: reply.type.name, ask: reply.ask, fields: plain(reply.fields) };
  if (reply) return { refusal: reply.code, ask: reply.ask, reason: reply.reason };
  const type = game.eventTypes[event[0] as number];
  const origin = type && originOfEvent(event, type.layout.fields.length);
  return { event: type?.name, fields: plain(type?.layout.unpack(origin ? event.slice(0, -3) : event, 1)), ...(origin ? { origin } : {}) };
}

/** The value as JSON has it; bytes as hex. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, plain(one)]));
}
