// A second decoder of the wire, written from docs/PROTOCOL.md alone: every message of either direction to the `meaning` of section 14.
//
// Owns the frame of each message and the two unreliable packets. Invariant: states and the reference tick change only by a snapshot packet that
// was read whole. `isWhole` says that no bit was left over: streams end in the last byte and are filled with zeros, and what is coded as symbols
// are the very bytes that the document's encoder makes of those read.

import { BitStream, type Decision, encodeSymbols, SymbolList } from './independent-bits.ts';
import { decodePlain } from './independent-events.ts';
import { meaningOfFields, readRaw, textOf } from './independent-fields.ts';
import { PacketHash } from './independent-hash.ts';
import { type Raw, Unreadable } from './independent-raw.ts';
import { type Packet, RecordList } from './independent-records.ts';
import { parseSchema, type Schema } from './independent-schema.ts';
import { KnownStates, type News } from './independent-states.ts';

export interface Decoded {
  meaning: Record<string, unknown>;
  isWhole: boolean;
  /** The symbols of private records and of the segment, those that are there. */
  coded: Decision[][];
}

/** The head tells another hash than that of the records. */
export class OtherHash extends Error {}

export class IndependentDecoder {
  readonly #schema: Schema;
  readonly #known = new KnownStates();
  #reference: number;

  /** `reference`: the tick of the welcome for a client, the room's tick for a server. */
  constructor(lines: string[], reference: number) {
    this.#schema = parseSchema(lines);
    this.#reference = reference;
  }

  /** A message of a lane, or an HTTP body of joining. */
  decode(bytes: Uint8Array): Decoded {
    if (bytes[0] === 0x7b) return whole(decodeJoin(textOf(bytes)));
    if (bytes[0] === 0xc1) return whole(decodeLink(bytes));
    if (bytes[1] !== 1 && bytes[1] !== 2) return whole(decodePlain(this.#schema, bytes));
    const [body = new Uint8Array(), segment] = bodiesOf(bytes);
    return bytes[1] === 1 ? this.#decodeSnapshot(body, segment) : this.#decodeInput(body);
  }

  #decodeSnapshot(body: Uint8Array, second: Uint8Array | undefined): Decoded {
    const head = new BitStream(body);
    const sequence = head.bits(16);
    const hash = sequence % 32 === 0 ? head.bits(16) : null;
    const tick = unwrap(head.bits(16), this.#reference);
    if (tick < 0) throw new Unreadable(`tick ${tick}`);
    const [leads, hasPrivate, hasHandles, acked, hasInputs] = [head.bits(1), head.bits(1), head.bits(1), head.bits(1), head.bits(1)];
    const ack = acked ? { packet: head.bits(8), holdMs: head.bits(8) } : null;
    const inputs = hasInputs ? { lead: head.bits(6), margin: marginOf(head.bits(8)), missed: head.bits(4), lost: head.bits(1) === 1 } : null;
    const { bytes: rest, isFilledWithZeros } = head.rest();
    const news: News = { states: [], despawned: [], handles: new Map() };
    const packet: Packet = { schema: this.#schema, tick, known: this.#known, news, hash: new PacketHash() };
    const coded: SymbolList[] = [];
    let [group, effects, segment]: unknown[][] = [[], [], []];
    let moreEffects = false;
    if (hasPrivate) {
      const list = new SymbolList(rest);
      coded.push(list);
      group = new RecordList(packet, list, 'group', false).read();
      effects = this.#readEffects(list, tick);
      moreEffects = leads === 1 && list.bits(1) === 1;
      if (!list.isDone) throw new Unreadable('private records are not done');
    }
    const segmentBytes = hasPrivate ? second : rest;
    if (segmentBytes && segmentBytes.length > 0) {
      const list = new SymbolList(segmentBytes);
      coded.push(list);
      segment = new RecordList(packet, list, 'segment', hasHandles === 1).read();
      if (!list.isDone) throw new Unreadable('the segment is not done');
    }
    if (hash !== null && (packet.hash.value ?? hash) !== hash) throw new OtherHash(`${packet.hash.value}, not ${hash}`);
    this.#known.take(news, tick);
    this.#reference = Math.max(this.#reference, tick);
    const flags = { isHashed: hash !== null, tick, leads: leads === 1, hasHandles: hasHandles === 1 };
    return {
      meaning: { kind: 1, sequence, ...flags, ack, inputs, group, effects, ...(moreEffects ? { moreEffects } : {}), segment },
      isWhole: isFilledWithZeros && (hasPrivate === 1 || !second) && coded.every(isAsEncoded),
      coded: coded.map(({ decisions }) => decisions),
    };
  }

  #readEffects(coded: SymbolList, tick: number): unknown[] {
    const count = coded.variable();
    if (count > 128) throw new Unreadable(`${count} effects`);
    const effects: unknown[] = [];
    while (effects.length < count) {
      const id = coded.bits(16);
      const type = this.#schema.events[coded.bits(6)];
      const at = tick - coded.variable();
      const origin = coded.bits(1) === 1 ? { key: coded.bits(16), tick: at, number: coded.variable() } : null;
      if (!type || (!type.expires && !origin)) throw new Unreadable('no effect of that type');
      const fields = type.expires ? type.fields : [];
      const raws = fields.map(({ kind }) => readRaw(kind, 'step', coded));
      effects.push({ id, event: type.name, tick: at, ...(origin ? { origin } : {}), fields: meaningOfFields(fields, 'step', raws) });
    }
    return effects;
  }

  #decodeInput(body: Uint8Array): Decoded {
    const stream = new BitStream(body);
    const sequence = stream.bits(16);
    const resync = stream.bits(4);
    const ack = stream.bits(1) === 1 ? { newest: stream.bits(16), bits: stream.bits(32), holdMs: stream.bits(8) } : null;
    const count = stream.bits(5);
    if (count > 16) throw new Unreadable(`${count} inputs`);
    const hidden = stream.bits(1) === 1;
    const newest = count === 0 ? 0 : unwrap(stream.bits(16), this.#reference);
    const holds = count > 0 && stream.bits(1) === 1;
    const quiet = holds && stream.bits(1) === 1;
    const inputs = this.#readInputs(stream, count, newest);
    const { bytes, isFilledWithZeros } = stream.rest();
    return { meaning: { kind: 2, sequence, resync, ack, hidden, holds, quiet, inputs }, isWhole: isFilledWithZeros && bytes.length === 0, coded: [] };
  }

  #readInputs(stream: BitStream, count: number, newest: number): unknown[] {
    const fields = this.#schema.input;
    if (newest - count + 1 < 0) throw new Unreadable('an input of a tick below 0');
    const inputs: unknown[] = [];
    let [viewLag, raws]: [number, Raw[]] = [0, []];
    for (let i = 0; i < count; i++) {
      if (i === 0 || stream.bits(1) === 1) viewLag = stream.variable();
      if (i === 0) raws = fields.map(({ kind }) => readRaw(kind, 'wire', stream));
      else if (stream.bits(1) === 1) {
        const newer = raws;
        raws = fields.map(({ kind }, field) => (stream.bits(1) === 1 ? readRaw(kind, 'wire', stream) : (newer[field] ?? null)));
      }
      inputs.push({ tick: newest - i, viewLag, fields: meaningOfFields(fields, 'wire', raws) });
    }
    return inputs;
  }
}

/** The bodies of section 5.1: no other form of msgpack is taken. */
function bodiesOf(bytes: Uint8Array): Uint8Array[] {
  const count = bytes[0] === 0x92 ? 1 : bytes[0] === 0x93 && bytes[1] === 1 ? 2 : 0;
  if (count === 0) throw new Unreadable('no frame');
  const bodies: Uint8Array[] = [];
  let at = 2;
  while (bodies.length < count) {
    const isShort = bytes[at] === 0xc4;
    const length = isShort ? bytes[at + 1] : (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0);
    if (length === undefined || (!isShort && (bytes[at] !== 0xc5 || length < 256))) throw new Unreadable('no body');
    const from = at + (isShort ? 2 : 3);
    at = from + length;
    if (at > bytes.length) throw new Unreadable('a body beyond the end');
    bodies.push(bytes.subarray(from, at));
  }
  if (at !== bytes.length) throw new Unreadable('bytes behind the last body');
  return bodies;
}

function decodeLink(bytes: Uint8Array): Record<string, unknown> {
  const [, message, number] = bytes;
  if (message === 1 && bytes.length === 2) return { lane: 'reliable', link: 'ready' };
  const code = CLOSE_CODES[number ?? CLOSE_CODES.length];
  if (message !== 2 || bytes.length !== 3 || code === undefined) throw new Unreadable('no message of the link');
  return { lane: 'reliable', link: 'close', number, code };
}

/** A request has a `method`; an answer's status follows from what it says. */
function decodeJoin(text: string): Record<string, unknown> {
  const body = JSON.parse(text) as Record<string, unknown>;
  if ('method' in body) return { http: 'POST /tickwire/join', body };
  const status = 'token' in body ? 200 : REFUSALS.get(body['code'] as string);
  if (status === undefined) throw new Unreadable('no answer of Tickwire');
  return { status, body };
}

/** The tick nearest to the reference whose low 16 bits these are. */
function unwrap(low: number, reference: number): number {
  const forward = (((low - reference) % 65536) + 65536) % 65536;
  return reference + (forward >= 32768 ? forward - 65536 : forward);
}

function marginOf(bits: number): number | null {
  return bits === 128 ? null : bits > 128 ? bits - 256 : bits;
}

function isAsEncoded({ bytes, decisions }: SymbolList): boolean {
  return Buffer.compare(bytes, encodeSymbols(decisions)) === 0;
}

function whole(meaning: Record<string, unknown>): Decoded {
  return { meaning, isWhole: true, coded: [] };
}

/** Section 13.2, by number. */
const CLOSE_CODES = [
  ...['left', 'kicked', 'room-closed', 'room-error', 'server-shutdown', 'link-lost'],
  ...['timeout', 'protocol-error', 'flood', 'overflow', 'never-opened', 'taken-over', 'server-restart'],
];

/** Section 3. */
const REFUSALS = new Map([
  ['bad-request', 400],
  ['version-mismatch', 409],
  ['no-such-id', 404],
  ['unknown-room', 404],
  ['schema-mismatch', 409],
  ['unauthorized', 403],
  ['no-room', 404],
  ['room-full', 409],
  ['room-locked', 409],
  ['server-full', 503],
  ['server-draining', 503],
  ['room-failed', 500],
  ['origin-refused', 403],
  ['too-many-requests', 429],
]);
