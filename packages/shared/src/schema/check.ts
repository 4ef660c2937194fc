// What a person can get wrong in a game, found when the game is defined, each with an error that names the place.
//
// Invariant: a game that passes can be recorded, sent and read without any size or name check later.

import { limits } from '../limits.ts';
import type { AnyGame, EntityDef, EntityType, EventDef, EventType, Predict, Visible } from './game.ts';
import type { Interpolation, Kind } from './kind.ts';
import type { Fields, Layout } from './layout.ts';
import { headBytes } from './packed-size.ts';
import type { RequestDef, RequestType } from './request.ts';

/** Names that entities, views and events already use for themselves, or that JavaScript objects treat specially. */
const reservedFields: ReadonlySet<string> = new Set([
  'id',
  'type',
  'mine',
  'extrapolated',
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'valueOf',
  'toJSON',
]);
const reservedTypes: ReadonlySet<string> = new Set(['state', '__proto__', 'constructor', 'prototype', 'toString', 'valueOf']);

/** Bits that a packet and a record need before their fields: header, segment header, slot, version, type, base, marks. */
const recordOverheadBits = 8 * 64;

/** Most types of entities and of events: their numbers are 6 bits. As many requests, though theirs are counts. */
const typesMax = 63;
/** Most fields of one record: keeps a changed mask small. */
const fieldsMax = 64;

/**
 * Most bits of an input with one for each field (its part of a changed mask): 16 such inputs and their heads are within a packet,
 * 16 x (512 + 2 + 20 for the view's lag) + 98 bits = 1081 bytes.
 */
const inputBitsMax = 512;

const predictions: readonly Predict[] = ['owner', 'everyone', 'never'];
const interpolations: readonly Interpolation[] = ['smooth', 'between', 'step', 'none'];
const visibilities: readonly Visible[] = ['everyone', 'team', 'owner'];

type Parts = Pick<
  AnyGame,
  'name' | 'tickHz' | 'snapshotHz' | 'inputHz' | 'inputMissing' | 'entities' | 'state' | 'input' | 'events' | 'requests' | 'steps'
>;

/** Names, rates and kinds, before anything is laid out by them. @throws TypeError or RangeError at the first fault. */
export function checkParts(game: Parts): void {
  if (!/^[A-Za-z0-9-]{1,64}$/.test(game.name)) throw new TypeError(`game name '${game.name}': use 1 to 64 letters, digits and dashes`);
  checkRate('tickHz', game.tickHz, 240);
  checkRate('snapshotHz', game.snapshotHz, game.tickHz);
  checkRate('inputHz', game.inputHz, game.tickHz);
  for (const rate of ['snapshotHz', 'inputHz'] as const) {
    if (game.tickHz % game[rate] !== 0)
      throw new RangeError(`${rate} ${game[rate]} must divide tickHz ${game.tickHz}: every so many ticks, one is sent`);
  }

  if (game.inputMissing !== 'repeat' && game.inputMissing !== 'neutral')
    throw new TypeError(`inputMissing '${game.inputMissing}' must be 'repeat' or 'neutral'`);
  checkFields('state', game.state, '{ ... }');
  for (const [name, def] of Object.entries<EntityDef>(game.entities)) {
    checkName('entity', name, reservedTypes);
    checkFields(`entity ${name}`, def?.fields, 'entity({ ... })');
    if (!predictions.includes(def.predict))
      throw new TypeError(`entity ${name}: predict '${def.predict}' must be one of '${predictions.join("', '")}'`);
    if (!(def.priority >= 1 / limits.priorityMax && def.priority <= limits.priorityMax))
      throw new RangeError(`entity ${name}: priority ${def.priority} must be from 1/${limits.priorityMax} to ${limits.priorityMax}`);
    if (def.predict !== 'never' && typeof game.steps[name] !== 'function')
      throw new TypeError(`entity ${name} is predicted ('${def.predict}') but steps.${name} is missing: a client could not move it`);
    checkVisible(name, def);
  }
  for (const name of Object.keys(game.steps))
    if (!Object.hasOwn(game.entities, name)) throw new TypeError(`steps.${name}: there is no entity type '${name}'`);
  for (const [name, def] of Object.entries<EventDef>(game.events)) {
    checkName('event', name, reservedTypes);
    checkFields(`event ${name}`, def?.fields, 'event({ ... })');
    if (def.expiresMs !== undefined && !(def.expiresMs >= 1 && def.expiresMs <= 10_000))
      throw new RangeError(`event ${name}: expiresMs ${def.expiresMs} must be 1 to 10000`);
  }
  for (const [name, def] of Object.entries<RequestDef>(game.requests)) {
    checkName('request', name, reservedTypes);
    checkFields(`request ${name}`, def?.fields, 'request({ ... }, { ... })');
    checkFields(`request ${name}, its answer`, def.answer, 'request({ ... }, { ... })');
  }
  checkFields('input', game.input, '{ ... }', true);
}

function checkVisible(name: string, { fields, predict, visible }: EntityDef): void {
  if (!visibilities.includes(visible)) throw new TypeError(`entity ${name}: visible '${visible}' must be one of '${visibilities.join("', '")}'`);
  if (visible !== 'everyone' && predict === 'everyone')
    throw new TypeError(`entity ${name} is predicted by everyone, so everyone must see it: visible '${visible}' cannot be`);
  if (visible === 'team' && !['number', 'string', 'boolean'].includes(typeof fields['team']?.initial()))
    throw new TypeError(`entity ${name} is visible to its 'team': give it a field 'team', such as f.uint(3) or f.enumOf('red', 'blue')`);
}

/** What must fit the wire. @throws RangeError at the first thing that does not. */
export function checkSizes(
  game: Pick<AnyGame, 'inputLayout'> & {
    readonly types: readonly EntityType[];
    readonly eventTypes: readonly EventType[];
    readonly requestTypes: readonly RequestType[];
  },
): void {
  if (game.types.length > typesMax + 1) throw new RangeError(`${game.types.length - 1} entity types: at most ${typesMax} fit the wire`);
  if (game.eventTypes.length > typesMax) throw new RangeError(`${game.eventTypes.length} event types: at most ${typesMax} fit the wire`);
  if (game.requestTypes.length > typesMax) throw new RangeError(`${game.requestTypes.length} requests: at most ${typesMax} fit the wire`);
  for (const { name, layout } of game.types) checkSize(name === 'state' ? 'state' : `entity ${name}`, layout, true);
  for (const { name, expiresMs, layout } of game.eventTypes) {
    if (expiresMs === undefined) checkEventSize(`event ${name}`, layout, originBytesMax);
    else checkSize(`event ${name}`, layout, true, instead);
  }
  for (const { name, layout, answerLayout } of game.requestTypes) {
    checkEventSize(`request ${name}`, layout, askBytesMax);
    checkEventSize(`request ${name}, its answer`, answerLayout, askBytesMax);
  }
  const inputBits = game.inputLayout.bitsMax('wire', true) + game.inputLayout.fields.length;
  if (inputBits > inputBitsMax)
    throw new RangeError(
      `input: ${inputBits} bits, one for each field counted; at most ${inputBitsMax}, since a packet repeats up to ${limits.inputsPerPacket} inputs`,
    );
}

function checkRate(name: string, hz: number, max: number): void {
  if (!Number.isInteger(hz) || hz < 1 || hz > max) throw new RangeError(`${name} ${hz} must be a whole number from 1 to ${max}`);
}

function checkName(what: string, name: string, reserved: ReadonlySet<string>): void {
  if (reserved.has(name)) throw new TypeError(`${what} '${name}': the name is reserved`);
  if (!/^[A-Za-z][A-Za-z0-9]{0,63}$/.test(name)) throw new TypeError(`${what} '${name}': use a letter, then letters and digits, at most 64`);
}

function checkFields(place: string, fields: Fields | undefined, shape: string, isInput = false): void {
  if (typeof fields !== 'object' || fields === null) throw new TypeError(`${place} has no fields: write ${shape}`);
  const entries = Object.entries(fields);
  if (entries.length > fieldsMax) throw new RangeError(`${place} has ${entries.length} fields; at most ${fieldsMax}`);
  for (const [name, kind] of entries) {
    checkName(`${place}, field`, name, reservedFields);
    if (typeof kind?.store !== 'function') throw new TypeError(`${place}, field '${name}' is no field kind: use f.uint(...), f.vec2(...) and so on`);
    if (!isInput && /^(press|button)( owner)?$/.test(kind.text))
      throw new TypeError(`${place}, field '${name}': f.${kind.text.split(' ')[0]}() is for inputs; use f.bool() or f.uint()`);
    if (kind.ownerOnly && !place.startsWith('entity'))
      throw new TypeError(`${place}, field '${name}': .owner() is for fields of entities, which have a controller`);
    checkShown(place, name, kind, fields, place === 'state' || place.startsWith('entity '));
  }
}

/** What is said of how a field is shown. */
function checkShown(place: string, name: string, kind: Kind<unknown>, fields: Fields, isShown: boolean): void {
  const { interpolation, numbers, velocityField } = kind;
  const field = `${place}, field '${name}'`;
  if (!isShown && /^teleport/.test(kind.text)) throw new TypeError(`${field}: f.teleport() is for entities, which are drawn between states`);
  if (!interpolations.includes(interpolation))
    throw new TypeError(`${field}: interpolate '${interpolation}' must be one of '${interpolations.join("', '")}'`);
  if ((interpolation === 'smooth' || interpolation === 'between') && !numbers)
    throw new TypeError(`${field}: there is nothing between two values of ${kind.text}; interpolate 'step' or 'none'`);
  if (velocityField === undefined) return;
  const velocity = Object.hasOwn(fields, velocityField) ? fields[velocityField] : undefined;
  if (!kind.motion || numbers?.along === 'rotation')
    throw new TypeError(`${field}: only numbers, vectors and angles that are interpolated follow a velocity`);
  if (velocity?.numbers?.along !== 'line' || velocity.numbers.size !== numbers?.size)
    throw new TypeError(`${field}: its velocity '${velocityField}' must be a field beside it, with as many numbers, in units per second`);
  if (velocity.ownerOnly && !kind.ownerOnly)
    throw new TypeError(`${field}: those who see it do not get its velocity '${velocityField}', which is .owner()`);
}

function checkSize(place: string, layout: Layout, owner: boolean, advice = ''): void {
  const bits = layout.bitsMax('step', owner) + recordOverheadBits;
  if (bits <= limits.packetBytes * 8) return;
  const bytesOf = (kind: Kind<unknown>): number => Math.ceil(kind.bitsMax('step') / 8);
  throw new RangeError(
    `${place} can need ${Math.ceil(bits / 8)} bytes, and a packet holds ${limits.packetBytes}: a record is never split. ${largestField(layout, bytesOf)}${advice}`,
  );
}

/** What goes over the reliable lane: no event of it may be larger than a packet, or what is urgent would wait behind what is bulk. */
function checkEventSize(place: string, layout: Layout, moreBytes: number): void {
  const bytesOf = (kind: Kind<unknown>): number => kind.packedBytesMax;
  const elements = 1 + layout.fields.length + originElements;
  const bytes = headBytes(elements) + 1 + layout.fields.reduce((sum, { kind }) => sum + bytesOf(kind), 0) + moreBytes;
  if (bytes <= limits.eventBytes) return;
  throw new RangeError(`${place} can need ${bytes} bytes, and an event is at most ${limits.eventBytes}. ${largestField(layout, bytesOf)}${instead}`);
}

function largestField(layout: Layout, bytesOf: (kind: Kind<unknown>) => number): string {
  const largest = [...layout.fields].sort((a, b) => bytesOf(b.kind) - bytesOf(a.kind))[0];
  return largest ? `Its largest field is '${largest.name}' (${largest.kind.text}, ${bytesOf(largest.kind)} bytes)` : 'It has no fields';
}

const instead = ': make it smaller, or fetch bulk over HTTP and send only where it is';
/** Key, tick and number behind the fields of an event that a step made: 16 bits, 31 bits, a count. */
const originElements = 3;
const originBytesMax = 3 + 5 + 5;
/** The number of an ask is a count, and that of an answer is beyond 127 when there are many. */
const askBytesMax = 9 + 1;
