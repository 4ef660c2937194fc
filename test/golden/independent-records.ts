// The independent decoder's records: a list of them, in the prediction group or in a segment (docs/PROTOCOL.md sections 10.6 and 10.7).
//
// Owns openings, identities, whole states and changes. Invariant: reads decisions in the document's order and only those; it changes no
// state: what a packet says is handed back as news.

import { isDeepStrictEqual } from 'node:util';
import type { RangeDecoder } from './independent-bits.ts';
import { bitsFor, initialRaw, meaningOfFields, type Precision, type Raw, readRaw, Unreadable } from './independent-fields.ts';
import { movingNumbers, type NumberKind, readOff, Track, unitOf } from './independent-numbers.ts';
import type { Schema, SchemaField } from './independent-schema.ts';
import type { EntityState, Form, KnownStates, News } from './independent-states.ts';

export class RecordList {
  readonly #schema: Schema;
  readonly #coded: RangeDecoder;
  readonly #tick: number;
  readonly #list: 'group' | 'segment';
  readonly #known: KnownStates;
  readonly #news: News;
  #slot = -1;
  #hadGap: 0 | 1 = 0;
  #newerAge = 0;
  #span = 0;

  constructor(schema: Schema, coded: RangeDecoder, tick: number, list: 'group' | 'segment', known: KnownStates, news: News) {
    this.#schema = schema;
    this.#coded = coded;
    this.#tick = tick;
    this.#list = list;
    this.#known = known;
    this.#news = news;
  }

  read(): unknown[] {
    const count = this.#coded.variable();
    if (count > MAX_SLOT + 1) throw new Unreadable('more records than slots');
    const records: unknown[] = [];
    while (records.length < count) records.push(this.#readRecord());
    return records;
  }

  #readRecord(): unknown {
    this.#slot = this.#readSlot();
    if (this.#slot > MAX_SLOT) throw new Unreadable(`slot ${this.#slot}`);
    if (this.#coded.decide(NOT_DELTA) === 0) return this.#readDelta();
    return this.#coded.decide(DESPAWN) === 1 ? this.#readDespawn() : this.#readFull();
  }

  #readSlot(): number {
    const next = this.#slot + 1;
    this.#hadGap = this.#coded.decide(GAP + this.#hadGap);
    if (this.#hadGap === 0) return next;
    let length = 0;
    while (length < 15 && this.#coded.decide(LONG_GAP + length) === 1) length++;
    return next + 2 ** length + this.#coded.bits(length);
  }

  #readDespawn(): unknown {
    const version = this.#readVersion();
    this.#news.despawned.push({ slot: this.#slot, version });
    return { slot: this.#slot, operation: 'despawn', version };
  }

  #readFull(): unknown {
    const version = this.#readVersion();
    const typeNumber = this.#coded.bits(bitsFor(this.#schema.types.length - 1));
    const type = this.#schema.types[typeNumber];
    if (!type || (this.#slot === 0) !== (typeNumber === 0)) throw new Unreadable(`slot ${this.#slot} of type ${typeNumber}`);
    const form: Form = this.#list === 'segment' ? 'seen' : this.#coded.bits(1) === 1 ? 'owned' : 'shared';
    const origin = form === 'owned' && this.#coded.bits(1) === 1 ? this.#readOrigin() : null;
    const restAge = this.#readRestAge(0);
    const raws = type.fields.map(({ kind, isOwner }) => {
      const isSent = !isOwner || form === 'owned';
      return isSent && this.#coded.decide(NOT_INITIAL) === 1 ? readRaw(kind, precisionOf(form), this.#coded) : initialRaw(kind, precisionOf(form));
    });
    const fields = this.#remember({ slot: this.#slot, tick: this.#tick, version, type: typeNumber, form, raws });
    return { slot: this.#slot, operation: 'full', version, type: type.name, form, origin, restAge, fields };
  }

  #readVersion(): number {
    const version = this.#coded.variable();
    if (version > 65535) throw new Unreadable(`version ${version}`);
    return version;
  }

  #readOrigin(): unknown {
    const key = this.#coded.bits(16);
    const tick = this.#tick - this.#coded.variable();
    return { key, tick, number: this.#coded.variable() };
  }

  #readRestAge(activity: number): number {
    return this.#coded.decide(REST + (activity === 1 ? 1 : 0)) === 1 ? this.#coded.variable() + 1 : 0;
  }

  #readDelta(): unknown {
    if (this.#coded.decide(OWN_BASES) === 1) {
      this.#newerAge = this.#coded.variable();
      this.#span = this.#coded.variable();
    }
    const bases = [this.#tick - this.#newerAge, ...(this.#span === 0 ? [] : [this.#tick - this.#newerAge - this.#span])];
    const newer = this.#known.base(this.#slot, this.#tick - this.#newerAge, this.#list);
    const older = this.#span === 0 ? null : this.#known.base(this.#slot, this.#tick - this.#newerAge - this.#span, this.#list);
    const raws = structuredClone(newer.raws);
    const tracks = this.#movingTracks(newer, older);
    const activity = older ? Math.max(1, ...tracks.map(({ track }) => track.activity)) : 0;
    const restAge = this.#readRestAge(activity);
    if (restAge === 0 || restAge < this.#newerAge) {
      this.#readMoving(tracks, activity, raws);
      this.#readHeld(newer, older, raws);
    }
    this.#news.oldest.set(this.#slot, bases.at(-1) ?? this.#tick);
    const fields = this.#remember({ ...newer, tick: this.#tick, raws });
    return { slot: this.#slot, operation: 'delta', bases, restAge, fields };
  }

  #movingTracks(newer: EntityState, older: EntityState | null): { field: number; axis: number; track: Track }[] {
    return this.#sentFields(newer).flatMap(({ field: { kind }, index }) =>
      movingNumbers(kind, precisionOf(newer.form)).map((number, axis) => {
        const track = this.#track(number, unitOf(newer.raws[index], axis), older && unitOf(older.raws[index], axis));
        return { field: index, axis, track };
      }),
    );
  }

  #readMoving(tracks: { field: number; axis: number; track: Track }[], activity: number, raws: Raw[]): void {
    if (tracks.length === 0) return;
    const age = tracks[0]?.track.age ?? 0;
    const isAnyOff = this.#coded.decide(ANY_OFF + 4 * activity + age) === 1;
    let neighbour = 0;
    for (const { field, axis, track } of tracks) {
      const off = isAnyOff ? readOff(this.#coded, track, neighbour) : 0;
      neighbour = off === 0 ? 1 : 2;
      const unit = track.bounded(track.line() + off);
      const raw = raws[field];
      if (Array.isArray(raw)) raw[axis] = unit;
      else raws[field] = unit;
    }
  }

  #readHeld(newer: EntityState, older: EntityState | null, raws: Raw[]): void {
    const held = this.#sentFields(newer)
      .filter(({ field }) => movingNumbers(field.kind, 'step').length === 0)
      .map(({ field, index }) => ({ kind: field.kind, index, recent: older && !isDeepStrictEqual(older.raws[index], newer.raws[index]) ? 1 : 0 }));
    if (held.length === 0 || this.#coded.decide(ANY_HELD + (held.some(({ recent }) => recent === 1) ? 1 : 0)) === 0) return;
    for (const { kind, index, recent } of held) {
      if (this.#coded.decide(HELD + recent) === 0) continue;
      const largest = kind.is === 'tick' ? 2 ** 31 - 1 : kind.is === 'whole' ? kind.max - kind.min : null;
      if (largest !== null) {
        const now = unitOf(newer.raws[index], 0);
        const track = this.#track({ fieldClass: COUNT, largest, turn: null }, now, older && unitOf(older.raws[index], 0));
        raws[index] = track.bounded(now + readOff(this.#coded, track, 0));
      } else raws[index] = readRaw(kind, precisionOf(newer.form), this.#coded);
    }
  }

  #track(number: NumberKind, now: number, old: number | null): Track {
    const ticksPerSnapshot = this.#schema.tickHz / this.#schema.snapshotHz;
    return new Track(number, { now, old, newerAge: this.#newerAge, span: this.#span, ticksPerSnapshot });
  }

  #remember(state: EntityState): Record<string, unknown> {
    this.#news.states.push(state);
    const sent = this.#sentFields(state);
    return meaningOfFields(
      sent.map(({ field }) => field),
      precisionOf(state.form),
      sent.map(({ index }) => state.raws[index] ?? null),
    );
  }

  #sentFields({ type, form }: EntityState): { field: SchemaField; index: number }[] {
    const fields = this.#schema.types[type]?.fields ?? [];
    return fields.map((field, index) => ({ field, index })).filter(({ field }) => !field.isOwner || form === 'owned');
  }
}

function precisionOf(form: Form): Precision {
  return form === 'seen' ? 'wire' : 'step';
}

const MAX_SLOT = 16383;

const COUNT = 2;

/** First contexts of the families, section 10.3. */
const ANY_OFF = 5825;
const ANY_HELD = 5849;
const HELD = 5851;
const NOT_INITIAL = 5853;
const GAP = 5854;
const LONG_GAP = 5856;
const NOT_DELTA = 5872;
const DESPAWN = 5873;
const OWN_BASES = 5874;
const REST = 5875;
