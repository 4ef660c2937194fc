// The independent decoder's records: a list of them, in the prediction group or in a segment (docs/PROTOCOL.md sections 10.5 to 10.8).
//
// Owns openings, handles, identities, whole states and changes. Invariant: reads symbols in the document's order and only those; it changes no
// state: what a packet says is handed back as news.

import { isDeepStrictEqual } from 'node:util';
import type { SymbolList } from './independent-bits.ts';
import { bitsFor, coarseRaw, initialRaw, meaningOfFields, readRaw } from './independent-fields.ts';
import type { PacketHash } from './independent-hash.ts';
import { type Ages, activityOf, ageOf, heldNumber, isMoving, movingNumbers, readRun, Track, unitOf } from './independent-numbers.ts';
import { type Precision, type Raw, Unreadable } from './independent-raw.ts';
import { RotationTrack } from './independent-rotations.ts';
import type { Schema, SchemaField } from './independent-schema.ts';
import type { EntityState, Form, KnownStates, News, StateNews } from './independent-states.ts';

/** What all records of a packet have in common. */
export interface Packet {
  schema: Schema;
  tick: number;
  known: KnownStates;
  news: News;
  hash: PacketHash;
}

/** A field that the receiver is sent, by its place in the type. */
interface Sent {
  field: SchemaField;
  index: number;
}

export class RecordList {
  readonly #packet: Packet;
  readonly #coded: SymbolList;
  readonly #list: 'group' | 'segment';
  readonly #hasHandles: boolean;
  /** Slot or handle of the record at hand. */
  #number = -1;
  #hadGap = 0;
  #newerAge = 0;
  #span = 0;
  #spanBefore = 0;

  constructor(packet: Packet, coded: SymbolList, list: 'group' | 'segment', hasHandles: boolean) {
    this.#packet = packet;
    this.#coded = coded;
    this.#list = list;
    this.#hasHandles = hasHandles;
  }

  read(): unknown[] {
    const count = this.#coded.variable();
    if (count > MAX_SLOT + 1) throw new Unreadable('more records than slots');
    const records: unknown[] = [];
    while (records.length < count) {
      const says = this.#readOpening();
      const record = says === FULL ? this.#readFull() : says === DESPAWN ? this.#readDespawn() : this.#readDelta();
      records.push(this.#hasHandles ? { handle: this.#number, ...record } : record);
    }
    return records;
  }

  #readOpening(): number {
    const symbol = this.#coded.symbol(OPENING + this.#hadGap);
    const gap = symbol % 2;
    const says = Math.floor(symbol / 2);
    this.#number++;
    if (gap === 1) {
      const length = this.#coded.symbol(GAP + this.#hadGap);
      this.#number += 2 ** length + this.#coded.bits(length);
    }
    this.#hadGap = gap;
    if (this.#number > MAX_SLOT) throw new Unreadable(`slot or handle ${this.#number}`);
    if (says === SAME_BASES) this.#span = this.#spanBefore;
    if (says === NEWER_BASE) this.#span = 0;
    if (says === OWN_BASES) {
      this.#newerAge = this.#coded.variable();
      this.#span = this.#coded.variable();
      if (this.#span > 0) this.#spanBefore = this.#span;
    }
    return says;
  }

  #readDespawn(): object {
    const { tick, known, news, hash } = this.#packet;
    const isSaid = this.#hasHandles && this.#coded.bits(1) === 1;
    const slot = isSaid ? this.#coded.bits(14) : this.#hasHandles ? known.slotOf(this.#number, tick) : this.#number;
    if (slot === null) hash.giveUp();
    else {
      news.despawned.push(slot);
      hash.record(slot, [], 'wire');
      if (this.#hasHandles && this.#number > 0) news.handles.set(this.#number, null);
    }
    return { slot, operation: 'despawn' };
  }

  #readFull(): object {
    const { schema, tick, news } = this.#packet;
    const slot = this.#hasHandles ? this.#coded.bits(14) : this.#number;
    if (this.#hasHandles && this.#number > 0) news.handles.set(this.#number, slot);
    const version = this.#coded.variable();
    if (version > 65535) throw new Unreadable(`version ${version}`);
    const typeNumber = this.#coded.bits(bitsFor(schema.types.length - 1));
    const type = schema.types[typeNumber];
    if (!type || (slot === 0) !== (typeNumber === 0)) throw new Unreadable(`slot ${slot} of type ${typeNumber}`);
    const form: Form = this.#list === 'segment' ? 'seen' : this.#coded.bits(1) === 1 ? 'owned' : 'shared';
    const origin = this.#list === 'group' && this.#coded.bits(1) === 1 ? this.#readOrigin() : null;
    const restAge = this.#coded.symbol(REST) === 1 ? this.#coded.variable() + 1 : 0;
    const raws = type.fields.map(({ kind, isOwner }) => {
      const isSent = !isOwner || form === 'owned';
      return isSent && this.#coded.symbol(NOT_INITIAL) === 1 ? readRaw(kind, precisionOf(form), this.#coded) : initialRaw(kind, precisionOf(form));
    });
    const fields = this.#remember({
      state: { slot, tick, since: tick - restAge, version, type: typeNumber, form, raws },
      isDelta: false,
      olderBase: null,
    });
    return { slot, operation: 'full', version, type: type.name, form, origin, restAge, fields };
  }

  #readOrigin(): unknown {
    const key = this.#coded.bits(16);
    const tick = this.#packet.tick - this.#coded.variable();
    return { key, tick, number: this.#coded.variable() };
  }

  #readDelta(): object {
    const { tick, known, schema } = this.#packet;
    const slot = this.#hasHandles ? known.slotOf(this.#number, tick) : this.#number;
    const newerTick = tick - this.#newerAge;
    const bases = this.#span === 0 ? [newerTick] : [newerTick, newerTick - this.#span];
    const [newer, older = null] = bases.map((base) => this.#base(slot, base));
    if (slot === null || !newer) throw new Error('a delta has a base');
    const ages: Ages = { newerAge: this.#newerAge, span: this.#span, ticksPerSnapshot: schema.tickHz / schema.snapshotHz };
    const raws = structuredClone(newer.raws);
    const restAge = this.#readChange(newer, older, ages, raws);
    const olderTick = newerTick - this.#span;
    const olderBase = this.#span > 0 && newer.since <= olderTick ? null : olderTick;
    const fields = this.#remember({ state: { ...newer, slot, tick, since: tick - restAge, raws }, isDelta: true, olderBase });
    return { slot, operation: 'delta', bases, restAge, fields };
  }

  /** The state that a tick means, on the grid and in the form of the list. */
  #base(slot: number | null, tick: number): EntityState {
    const state = this.#packet.known.base(slot ?? -1, tick);
    if (this.#list === 'group' || state.form === 'seen') return state;
    const fields = this.#packet.schema.types[state.type]?.fields ?? [];
    return { ...state, form: 'seen', raws: fields.map(({ kind }, i) => coarseRaw(kind, state.raws[i] ?? null)) };
  }

  /** Puts into `raws`, those of the newer base, what has changed. */
  #readChange(newer: EntityState, older: EntityState | null, ages: Ages, raws: Raw[]): number {
    const precision = precisionOf(newer.form);
    const sent = this.#sentFields(newer);
    const held = sent.filter(({ field }) => !isMoving(field.kind)).map((one) => ({ ...one, recent: isRecent(one.index, newer, older) }));
    const lanes = sent.flatMap(({ field: { kind }, index }) =>
      movingNumbers(kind, precision).map((number, axis) => {
        const old = older && unitOf(older.raws[index], axis);
        return { index, axis, track: new Track(number, unitOf(newer.raws[index], axis), old, ages) };
      }),
    );
    const rotations = sent.flatMap(({ field: { kind }, index }) =>
      kind.is === 'quat'
        ? [{ index, track: new RotationTrack(kind, precision, newer.raws[index] ?? null, older && (older.raws[index] ?? null), ages) }]
        : [],
    );
    const changes = [...lanes.map(({ track }) => Math.abs(track.change)), ...rotations.map(({ track }) => track.change)];
    const activity = older ? activityOf(Math.max(0, ...changes)) : 0;
    const age = ageOf(ages);
    const shape = this.#coded.symbol(SHAPE + (4 * activity + age) * 2 + Math.max(0, ...held.map(({ recent }) => recent)));
    const restAge = shape >= 4 ? this.#coded.variable() + 1 : 0;
    if (restAge >= ages.newerAge) return restAge;
    const isOff = shape % 2 === 1;
    const largests = rotations.map(({ track }) => track.largest(isOff ? this.#coded.symbol(TURNED) : 0));
    const numbers = [...lanes.map(({ track }) => track), ...rotations.flatMap(({ track }, i) => track.numbers(largests[i] ?? 0))];
    const offs = isOff ? readRun(this.#coded, age, numbers) : numbers.map(() => 0);
    for (const [i, { index, axis, track }] of lanes.entries()) {
      const unit = track.bounded(track.line() + (offs[i] ?? 0));
      const raw = raws[index];
      if (Array.isArray(raw)) raw[axis] = unit;
      else raws[index] = unit;
    }
    for (const [i, { index, track }] of rotations.entries()) {
      const from = lanes.length + 3 * i;
      raws[index] = track.raw(largests[i] ?? 0, offs.slice(from, from + 3));
    }
    if (Math.floor(shape / 2) % 2 === 1) this.#readHeld(held, newer, older, ages, raws);
    return restAge;
  }

  #readHeld(held: (Sent & { recent: 0 | 1 })[], newer: EntityState, older: EntityState | null, ages: Ages, raws: Raw[]): void {
    for (const { field, index, recent } of held) {
      if (this.#coded.symbol(HELD + recent) === 0) continue;
      const number = heldNumber(field.kind);
      if (number) {
        const now = unitOf(newer.raws[index], 0);
        const track = new Track(number, now, older && unitOf(older.raws[index], 0), ages);
        raws[index] = track.bounded(now + (readRun(this.#coded, ageOf(ages), [track])[0] ?? 0));
      } else raws[index] = readRaw(field.kind, precisionOf(newer.form), this.#coded);
    }
  }

  #remember(told: StateNews): Record<string, unknown> {
    const { state } = told;
    const sent = this.#sentFields(state).map(({ field, index }) => ({ field, kind: field.kind, raw: state.raws[index] ?? null }));
    const precision = precisionOf(state.form);
    this.#packet.news.states.push(told);
    this.#packet.hash.record(state.slot, sent, precision);
    return meaningOfFields(
      sent.map(({ field }) => field),
      precision,
      sent.map(({ raw }) => raw),
    );
  }

  #sentFields({ type, form }: EntityState): Sent[] {
    const fields = this.#packet.schema.types[type]?.fields ?? [];
    return fields.map((field, index) => ({ field, index })).filter(({ field }) => !field.isOwner || form === 'owned');
  }
}

function isRecent(index: number, newer: EntityState, older: EntityState | null): 0 | 1 {
  return older && !isDeepStrictEqual(older.raws[index], newer.raws[index]) ? 1 : 0;
}

function precisionOf(form: Form): Precision {
  return form === 'seen' ? 'wire' : 'step';
}

const MAX_SLOT = 16383;

/** What an opening says. */
const SAME_BASES = 0;
const NEWER_BASE = 1;
const OWN_BASES = 2;
const FULL = 3;
const DESPAWN = 4;

/** First contexts of the families, section 10.3. */
const OPENING = 0;
const GAP = 2;
const SHAPE = 4;
const TURNED = 536;
const HELD = 537;
const NOT_INITIAL = 539;
const REST = 540;
