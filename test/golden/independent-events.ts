// The independent decoder's reliable messages: hello, welcome, events and acks (docs/PROTOCOL.md sections 6 and 7).
//
// Owns what stands in msgpack. Invariant: a message has its elements by number and type or is Unreadable; an event whose fields are not those of
// its type is left out, and the others stay.

import { angleCountOf, angleOf, axesOf, countOf, meaningOf, textOf, valueOnGrid } from './independent-fields.ts';
import { type Packed, unpack } from './independent-msgpack.ts';
import { oneOf } from './independent-quat.ts';
import { Unreadable } from './independent-raw.ts';
import type { Kind, QuatKind, Schema, SchemaField } from './independent-schema.ts';

export function decodePlain(schema: Schema, bytes: Uint8Array): Record<string, unknown> {
  const message = unpack(bytes);
  if (!Array.isArray(message)) throw new Unreadable('no array');
  const [kind, ...elements] = message;
  switch (kind) {
    case 4: {
      const [protocol, sessionId, token, instance, reliableReceived] = elements;
      const known = { kind, protocol: count(protocol), sessionId: name(sessionId, 64), token: name(token, 1024), instance: count(instance) };
      if (known.instance < 1 || known.instance >= 2 ** 32) throw new Unreadable(`instance ${known.instance}`);
      return { ...known, reliableReceived: count(reliableReceived) };
    }
    case 5: {
      const [epoch, tick, reliableReceived, seed, token, reliableFrom, reconnectSeconds, lives] = elements;
      const known = { kind, epoch: count(epoch), tick: count(tick), reliableReceived: count(reliableReceived), seed: count(seed) };
      if (known.seed >= 2 ** 32) throw new Unreadable(`seed ${known.seed}`);
      const kept = { reliableFrom: count(reliableFrom), reconnectSeconds: count(reconnectSeconds), lives: count(lives) };
      if (kept.reconnectSeconds > 86400) throw new Unreadable(`kept for ${kept.reconnectSeconds} s`);
      return { ...known, token: name(token, 1024), ...kept };
    }
    case 6: {
      const [sequence, ack, tick, ...events] = elements;
      const read = events.map((event) => decodeEvent(schema, event)).filter((event) => event !== null);
      return { kind, sequence: count(sequence), ack: count(ack), tick: count(tick), events: read };
    }
    case 7:
      if (elements.length !== 1) throw new Unreadable('an ack has two elements');
      return { kind, ack: count(elements[0]) };
    case 8:
      if (elements.length !== 1 || count(elements[0]) > 86_400) throw new Unreadable('seconds of a day at most');
      return { kind, secondsLeft: count(elements[0]) };
    default:
      throw new Unreadable(`kind ${kind}`);
  }
}

function decodeEvent(schema: Schema, event: Packed): unknown {
  if (!Array.isArray(event)) throw new Unreadable('an event is an array');
  const [number, ...values] = event;
  const type = schema.events[count(number)];
  const origin = type && values.length === type.fields.length + 3 ? values.slice(-3).map((value) => count(value)) : null;
  if (!type) return decodeAsk(schema, count(number) - schema.events.length, values);
  const fields = fieldsOfEvent(type.fields, origin ? values.slice(0, -3) : values);
  if (!fields) return null;
  return origin ? { event: type.name, fields, origin: { key: origin[0], tick: origin[1], number: origin[2] } } : { event: type.name, fields };
}

/** Behind the events by their numbers: requests, then the answers to them, then the refusal. */
function decodeAsk(schema: Schema, number: number, [ask, ...values]: Packed[]): unknown {
  const { requests } = schema;
  if (!Number.isSafeInteger(ask) || (ask as number) < 0) return null;
  if (number === 2 * requests.length) {
    const [code, reason, ...more] = values;
    if (!isNumber(code) || typeof reason !== 'string' || more.length > 0) return null;
    return { refusal: ASK_CODES[Math.round(code)] ?? ASK_CODES[0], ask, reason: cutText(reason, 200) };
  }
  const type = requests[number % requests.length];
  if (!type || number > 2 * requests.length) return null;
  const isAnswer = number >= requests.length;
  const fields = fieldsOfEvent(isAnswer ? type.answer : type.fields, values);
  return fields && (isAnswer ? { answer: type.name, ask, fields } : { request: type.name, ask, fields });
}

function fieldsOfEvent(types: SchemaField[], values: Packed[]): Record<string, unknown> | null {
  if (values.length !== types.length) return null;
  const fields = types.map(({ name, kind }, i) => [name, onGrid(kind, values[i] ?? null)] as const);
  return fields.some(([, value]) => value === REFUSED) ? null : Object.fromEntries(fields);
}

/** What the game sees, bytes in hex; REFUSED for a value of another type. */
function onGrid(kind: Kind, value: Packed): unknown {
  switch (kind.is) {
    case 'bool':
      return typeof value === 'boolean' ? value : REFUSED;
    case 'whole':
      return wholeWithin(value, kind.min, kind.max);
    case 'tick':
      return wholeWithin(value, 0, 2 ** 31 - 1);
    case 'fixed': {
      const axes = kind.axes === 1 ? [value] : value;
      if (!Array.isArray(axes) || axes.length !== kind.axes || !axes.every(kind.axes === 1 ? isNumber : Number.isFinite)) return REFUSED;
      return axesOf(axes.map((axis) => valueOnGrid(kind.grid, countOf(kind.grid, axis as number))));
    }
    case 'angle':
      return Number.isFinite(value) ? angleOf(kind.stepBits, angleCountOf(kind.stepBits, value as number)) : REFUSED;
    case 'quat':
      return quatOf(kind, value);
    case 'float32':
      return Number.isFinite(value) ? Math.fround(value as number) + 0 : REFUSED;
    case 'enum':
      return typeof value === 'string' && kind.names.includes(value) ? value : REFUSED;
    case 'flags':
      return flagsOf(kind.names, value);
    case 'string':
      return typeof value === 'string' ? cutText(value, kind.max) : REFUSED;
    case 'bytes':
      return value instanceof Uint8Array ? Buffer.from(value.subarray(0, kind.max)).toString('hex') : REFUSED;
    case 'entity':
      return value === null ? null : wholeWithin(value, 0, 2 ** 30 - 1);
    case 'list': {
      if (!Array.isArray(value) || value.length > kind.max) return REFUSED;
      const items = value.map((item) => onGrid(kind.item, item));
      return items.includes(REFUSED) ? REFUSED : items;
    }
    case 'optional':
      return value === null ? null : onGrid(kind.item, value);
    default:
      throw new Error(`an event has no ${kind.is}`);
  }
}

/** Four numbers of any length but 0 as the game sees them. */
function quatOf(kind: QuatKind, value: Packed): unknown {
  if (!Array.isArray(value) || value.length !== 4 || !value.every(Number.isFinite)) return REFUSED;
  const numbers = value as number[];
  const length = Math.sqrt(numbers.reduce((sum, number) => sum + number * number, 0));
  if (length === 0) return REFUSED;
  const sizes = numbers.map(Math.abs);
  const largest = sizes.indexOf(Math.max(...sizes));
  const scale = ((numbers[largest] ?? 0) < 0 ? -1 : 1) * (oneOf(kind) / length);
  const units = numbers.map((number) => Math.min(2 ** (kind.stepBits - 1) - 1, Math.round(number * scale))).filter((_, i) => i !== largest);
  return meaningOf(kind, 'step', [largest, ...units]);
}

function wholeWithin(value: Packed, min: number, max: number): unknown {
  return isNumber(value) ? Math.min(max, Math.max(min, Math.round(value))) + 0 : REFUSED;
}

function flagsOf(names: string[], value: Packed): unknown {
  if (!(value instanceof Map)) return REFUSED;
  const known = [...value].every(([name, isSet]) => names.includes(name as string) && typeof isSet === 'boolean');
  return known ? Object.fromEntries(names.map((name) => [name, value.get(name) ?? false])) : REFUSED;
}

/** At most `max` bytes, before a whole character. */
function cutText(text: string, max: number): string {
  const bytes = Buffer.from(text, 'utf8');
  let end = Math.min(max, bytes.length);
  while (end < bytes.length && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return textOf(bytes.subarray(0, end));
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number' && !Number.isNaN(value);
}

function count(value: Packed | undefined): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new Unreadable(`no count: ${value}`);
  return value as number;
}

function name(value: Packed | undefined, most: number): string {
  if (typeof value !== 'string' || value.length < 1 || value.length > most) throw new Unreadable(`no name: ${value}`);
  return value;
}

/** Section 7.1, by number. */
const ASK_CODES = ['ask-refused', 'ask-unhandled', 'asks-open', 'ask-timeout'];

const REFUSED = Symbol('refused');
