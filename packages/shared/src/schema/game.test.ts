import { describe, expect, it } from 'vitest';
import { BitWriter } from '../bits.ts';
import { emptyOpening, form, operation, writeIdentity, writeOpening, writeRest } from '../codec/record-model.ts';
import { writeWhole } from '../codec/spawn-model.ts';
import { SymbolEncoder, Symbols } from '../codec/symbol-coder.ts';
import { codecTable } from '../codec/table.ts';
import { limits } from '../limits.ts';
import { answerEvent, askEvent } from '../protocol/asks.ts';
import { eventsMessage } from '../protocol/events.ts';
import { writeInputHead, writeViewLag } from '../protocol/input.ts';
import { frameBytesMax } from '../protocol/message.ts';
import { packPlain } from '../protocol/plain.ts';
import { emptySnapshotHead, writeSnapshotHead } from '../protocol/snapshot.ts';
import type { Sequence } from '../sequence.ts';
import { f } from './fields.ts';
import { type AnyGame, defineGame, entity, event } from './game.ts';
import type { Kind } from './kind.ts';
import { type RequestType, request } from './request.ts';

const step = () => {};
const player = entity({ pos: f.vec2(0, 100), hp: f.uint(100) }, { predict: 'owner' });

/** A game that is right, but for `parts`. Wrong on purpose, so beyond the types. */
function gameWith(parts: object): AnyGame {
  return defineGame({ name: 'test', tickHz: 60, snapshotHz: 20, entities: { player }, steps: { player: step }, ...parts } as never);
}

/** So many fields f0, f1, ... of one kind. */
function fields(count: number, kind: Kind<unknown> = f.bool() as Kind<unknown>): Record<string, Kind<unknown>> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`f${index}`, kind]));
}

function types<T>(count: number, one: T): Record<string, T> {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`t${index}`, one]));
}

/** Fields of `bits` bits together, not one more. */
function fieldsOfBits(bits: number): Record<string, Kind<unknown>> {
  return {
    ...fields(Math.floor(bits / 32), f.float32() as Kind<unknown>),
    ...(bits % 32 > 0 ? { rest: f.uint(2 ** (bits % 32) - 1) as Kind<unknown> } : {}),
  };
}

const faults: readonly (readonly [message: RegExp, error: typeof TypeError | typeof RangeError, parts: object])[] = [
  [/^game name '': use 1 to 64 letters, digits and dashes/, TypeError, { name: '' }],
  [/^game name 'a b'/, TypeError, { name: 'a b' }],
  [/^game name 'x+'/, TypeError, { name: 'x'.repeat(65) }],
  [/^tickHz 0 must be a whole number from 1 to 240/, RangeError, { tickHz: 0 }],
  [/^tickHz 241/, RangeError, { tickHz: 241 }],
  [/^tickHz 59.94/, RangeError, { tickHz: 59.94 }],
  [/^tickHz undefined/, RangeError, { tickHz: undefined }],
  [/^snapshotHz 0 must be a whole number from 1 to 60/, RangeError, { snapshotHz: 0 }],
  [/^snapshotHz 61 must be a whole number from 1 to 60/, RangeError, { snapshotHz: 61 }],
  [/^snapshotHz 25 must divide tickHz 60/, RangeError, { snapshotHz: 25 }],
  [/^inputHz 0.5 must be a whole number from 1 to 60/, RangeError, { inputHz: 0.5 }],
  [/^inputHz 45 must divide tickHz 60/, RangeError, { inputHz: 45 }],
  [/^entity 'state': the name is reserved/, TypeError, { entities: { player, state: entity({}) } }],
  [/^entity 'toString': the name is reserved/, TypeError, { entities: { player, toString: entity({}) } }],
  [/^entity '2nd': use a letter, then letters and digits, at most 64/, TypeError, { entities: { player, '2nd': entity({}) } }],
  [/^entity 'big_rock'/, TypeError, { entities: { player, big_rock: entity({}) } }],
  [/^entity 'x+': use a letter/, TypeError, { entities: { player, ['x'.repeat(65)]: entity({}) } }],
  [/^entity rock has no fields: write entity\(\{ \.\.\. \}\)/, TypeError, { entities: { player, rock: { pos: f.vec2(0, 1) } } }],
  [/^entity rock has no fields/, TypeError, { entities: { player, rock: undefined } }],
  [/^entity rock, field 'id': the name is reserved/, TypeError, { entities: { player, rock: entity({ id: f.uint(3) }) } }],
  [/^entity rock, field 'type': the name is reserved/, TypeError, { entities: { player, rock: entity({ type: f.uint(3) }) } }],
  [/^entity rock, field 'mine': the name is reserved/, TypeError, { entities: { player, rock: entity({ mine: f.bool() }) } }],
  [/^entity rock, field 'a-b': use a letter/, TypeError, { entities: { player, rock: entity({ 'a-b': f.bool() }) } }],
  [/^entity rock, field 'size' is no field kind: use f\.uint/, TypeError, { entities: { player, rock: entity({ size: 5 } as never) } }],
  [/^entity rock, field 'size' is no field kind/, TypeError, { entities: { player, rock: entity({ size: undefined } as never) } }],
  [/^entity rock, field 'size' is no field kind/, TypeError, { entities: { player, rock: entity({ size: f.uint } as never) } }],
  [/^entity rock, field 'roll': f\.press\(\) is for inputs/, TypeError, { entities: { player, rock: entity({ roll: f.press() }) } }],
  [/^entity rock, field 'roll': f\.press\(\) is for inputs/, TypeError, { entities: { player, rock: entity({ roll: f.press().owner() }) } }],
  [/^entity rock, field 'held': f\.button\(\) is for inputs/, TypeError, { entities: { player, rock: entity({ held: f.button() }) } }],
  [/^entity rock has 65 fields; at most 64/, RangeError, { entities: { player, rock: entity(fields(65)) } }],
  [
    /^entity rock is predicted \('everyone'\) but steps\.rock is missing/,
    TypeError,
    { entities: { player, rock: entity({}, { predict: 'everyone' }) } },
  ],
  [
    /^entity rock: predict 'owners' must be one of 'owner', 'everyone', 'never'/,
    TypeError,
    { entities: { player, rock: entity({}, { predict: 'owners' as never }) } },
  ],
  [/^entity player is predicted \('owner'\) but steps\.player is missing/, TypeError, { steps: {} }],
  [/^steps\.rock: there is no entity type 'rock'/, TypeError, { steps: { player: step, rock: step } }],
  [/^steps\.toString: there is no entity type/, TypeError, { steps: { player: step, toString: step } }],
  [/^64 entity types: at most 63 fit the wire/, RangeError, { entities: types(64, entity({})), steps: {} }],
  [/^state, field 'mine': the name is reserved/, TypeError, { state: { mine: f.bool() } }],
  [/^state, field 'fire': f\.press\(\) is for inputs/, TypeError, { state: { fire: f.press() } }],
  [/^state, field 'gold': \.owner\(\) is for fields of entities/, TypeError, { state: { gold: f.uint(9).owner() } }],
  [/^state has 65 fields/, RangeError, { state: fields(65) }],
  [/^state has no fields/, TypeError, { state: 5 }],
  [/^input, field 'id': the name is reserved/, TypeError, { input: { id: f.bool() } }],
  [/^input, field 'move': \.owner\(\) is for fields of entities/, TypeError, { input: { move: f.vec2(-1, 1).owner() } }],
  [/^input, field 'move' is no field kind/, TypeError, { input: { move: {} } }],
  [/^input: 528 bits, .* at most 512, since a packet repeats up to 16 inputs/, RangeError, { input: fieldsOfBits(512) }],
  [/^event 'constructor': the name is reserved/, TypeError, { events: { constructor: event({}) } }],
  [/^event 'player-hit': use a letter/, TypeError, { events: { 'player-hit': event({}) } }],
  [/^event hit has no fields: write event\(\{ \.\.\. \}\)/, TypeError, { events: { hit: { damage: f.uint(9) } } }],
  [/^event hit, field 'damage': \.owner\(\)/, TypeError, { events: { hit: event({ damage: f.uint(9).owner() }) } }],
  [/^event hit, field 'by': f\.button\(\) is for inputs/, TypeError, { events: { hit: event({ by: f.button() }) } }],
  [/^event hit: expiresMs 0 must be 1 to 10000/, RangeError, { events: { hit: event({}, { expiresMs: 0 }) } }],
  [/^event hit: expiresMs NaN/, RangeError, { events: { hit: event({}, { expiresMs: Number.NaN }) } }],
  [/^64 event types: at most 63 fit the wire/, RangeError, { events: types(64, event({})) }],
  [/^request 'state': the name is reserved/, TypeError, { requests: { state: request({}, {}) } }],
  [/^request 'buy-it': use a letter/, TypeError, { requests: { 'buy-it': request({}, {}) } }],
  [/^request buy has no fields: write request\(/, TypeError, { requests: { buy: { item: f.uint(9) } } }],
  [/^request buy has no fields/, TypeError, { requests: { buy: undefined } }],
  [/^request buy, its answer has no fields/, TypeError, { requests: { buy: request({}, undefined as never) } }],
  [/^request buy, its answer, field 'left' is no field kind/, TypeError, { requests: { buy: request({}, { left: 5 } as never) } }],
  [/^request buy, field 'hit': f\.press\(\) is for inputs/, TypeError, { requests: { buy: request({ hit: f.press() }, {}) } }],
  [/^request buy, its answer, field 'gold': \.owner\(\)/, TypeError, { requests: { buy: request({}, { gold: f.uint(9).owner() }) } }],
  [/^64 requests: at most 63 fit the wire/, RangeError, { requests: types(64, request({}, {})) }],
];

const big = { small: f.uint(3), story: f.string(1000), note: f.string(300).owner() };

describe('defineGame', () => {
  it.each(faults)('[GD1] a fault is an error that names its place: %s', (message, error, parts) => {
    expect(() => gameWith(parts)).toThrow(error);
    expect(() => gameWith(parts)).toThrow(message);
  });

  it('[GD2] a record that cannot fit a packet is an error that names it and its largest field', () => {
    const message = /can need \d{4} bytes, and a packet holds 1100: .* Its largest field is 'story' \(string 1000, 1002 bytes\)/;
    expect(() => gameWith({ entities: { player, book: entity(big) } })).toThrow(message);
    expect(() => gameWith({ entities: { player, book: entity(big) } })).toThrow(/^entity book/);
    const open = { story: f.string(1000), note: f.string(300) };
    expect(() => gameWith({ state: open })).toThrow(/^state can need/);
    expect(() => gameWith({ events: { told: event(open) } })).toThrow(/^event told can need/);
    expect(() => gameWith({ state: { story: f.string(1000) } })).not.toThrow();
  });

  it('[GD2] the largest record that passes fits a packet, whatever stands around it', () => {
    // 64 fields, so that the changed mask is as long as it can be, and one list to fill the record to its last bit.
    const rock = (items: number) => entity({ blob: f.bytes(1000), tail: f.list(f.bool(), items), ...fields(62) });
    const most = largest((items) => gameWith({ entities: { rock: rock(items) }, steps: {} }));
    expect(most).toBeLessThan(255);
    const layout = gameWith({ entities: { rock: rock(most) }, steps: {} }).types[1]?.layout as AnyGame['inputLayout'];
    const row = new Int32Array(layout.words);
    const flags = Object.fromEntries(Object.keys(fields(62)).map((name) => [name, true]));
    layout.store({ blob: new Uint8Array(1000).fill(255), tail: Array.from({ length: most }, () => true), ...flags }, row, 0);
    // A delta may be dearer than the whole state, never the whole state dearer than a packet.
    const out = new Symbols(codecTable);
    const identity = { version: 65_535, type: 1, form: form.owned, originKey: 65_535, originAge: 2 ** 32 - 1, originNumber: limits.worldSlots };
    out.writeVar(1);
    writeOpening(out, emptyOpening(), limits.worldSlots - 1, operation.full, 0, 0);
    writeIdentity(out, identity, 64, true);
    writeRest(out, 2 ** 31);
    writeWhole(out, layout, row, 0, 'step', true);
    out.writeVar(0);
    const head = new BitWriter(64);
    writeSnapshotHead(head, { ...emptySnapshotHead(), sequence: 0 as Sequence, ack: 255, inputMargin: 5 });
    const encoder = new SymbolEncoder();
    encoder.begin(new Uint8Array(4000), 0, 4000);
    encoder.put(out.list, 0, out.length);
    const length = encoder.finish();
    expect(length).toBeGreaterThan(1025);
    expect(frameBytesMax + head.byteLength + length).toBeLessThanOrEqual(limits.packetBytes);
  });

  it('[GD12] an event or a request that is too large for a packet is an error that names it and its largest field, and says what to do', () => {
    const open = { title: f.string(100), story: f.string(1000) };
    const message =
      / can need \d{4} bytes, and an event is at most 1068\. Its largest field is 'story' \(string 1000, 1003 bytes\): make it smaller, or fetch bulk over HTTP/;
    for (const [place, parts] of [
      ['event told', { events: { told: event(open) } }],
      ['request tell', { requests: { tell: request(open, {}) } }],
      ['request tell, its answer', { requests: { tell: request({}, open) } }],
    ] as const) {
      expect(() => gameWith(parts)).toThrow(message);
      expect(() => gameWith(parts)).toThrow(place);
    }
    // In bits these points fit a packet four times; as doubles of msgpack they do not.
    expect(() => gameWith({ events: { path: event({ points: f.list(f.vec2(0, 15, { step: 1 / 4 }), 100) }) } })).toThrow(
      /^event path can need 1918 bytes.* 'points' \(list 100 of/,
    );
    expect(() => gameWith({ events: { boom: event(open, { expiresMs: 100 }) } })).toThrow(
      /^event boom can need \d{4} bytes, and a packet holds 1100.*'story'.*: make it smaller, or fetch bulk over HTTP/,
    );
    expect(() => gameWith({ events: { told: event({ story: f.string(1000) }) } })).not.toThrow();
  });

  it('[GD12] the largest event, request or answer that passes is a message within a packet, with the longest numbers around it', () => {
    const parts = (items: number) => ({ story: f.string(900), tail: f.list(f.uint(9), items), ...fields(40) });
    const most = (how: (items: number) => object): number => largest((items) => gameWith(how(items)));
    const events = most((items) => ({ events: { told: event(parts(items)) } }));
    const asks = most((items) => ({ requests: { tell: request(parts(items), {}) } }));
    const answers = most((items) => ({ requests: { tell: request({}, parts(items)) } }));
    const values = (items: number) => ({
      story: 'x'.repeat(900),
      tail: Array(items).fill(9),
      ...Object.fromEntries(Object.keys(fields(40)).map((name) => [name, true])),
    });
    const { eventTypes } = gameWith({ events: { told: event(parts(events)) } });
    const [tell] = gameWith({ requests: { tell: request(parts(asks), parts(answers)) } }).requestTypes;
    const made = [...(eventTypes[0]?.layout.packRounded(values(events)) ?? []), 65_535, 2 ** 31 - 1, 70_000];
    const type = { ...(tell as RequestType), number: 62, answerNumber: 188 };
    const all = [[62, ...made], askEvent({ type, ask: 2 ** 52, fields: values(asks) }), answerEvent({ type, ask: 2 ** 52, fields: values(answers) })];
    for (const one of all) {
      const { length } = packPlain(eventsMessage({ sequence: 2 ** 52, ack: 2 ** 52, tick: 2 ** 31, events: [one] }));
      expect(length).toBeLessThanOrEqual(limits.packetBytes);
      expect(length).toBeGreaterThan(limits.packetBytes - 20);
    }
  });

  it('[GD3] a packet of as many inputs as there can be fits, however the inputs differ', () => {
    for (const count of [16, 32, 40, 64]) {
      const kind = f.uint(2 ** Math.floor(512 / count - 1) - 1) as Kind<unknown>;
      const { inputLayout } = gameWith({ input: fields(count, kind) });
      const out = new BitWriter(4000);
      writeInputHead(out, {
        sequence: 65_535 as Sequence,
        ack: 65_535,
        ackBits: 0xffffffff,
        ackHoldMs: 255,
        resync: 15,
        hidden: true,
        count: limits.inputsPerPacket,
        newestTick: 65_535,
        holds: true,
        quiet: true,
      });
      const rows = [0, 1].map((word) => new Int32Array(inputLayout.words).fill(word));
      for (let index = 0; index < limits.inputsPerPacket; index++) {
        // Views 1024 ticks behind, and a part of a tick more or less.
        writeViewLag(out, 65_535 - (index % 2), index === 0 ? undefined : 65_534 + (index % 2));
        if (index > 0) out.write(1, 1);
        inputLayout.writeDelta(out, rows[index % 2] as Int32Array, 0, rows[1 - (index % 2)] as Int32Array, 0, 'wire', true);
      }
      expect(out.byteLength + frameBytesMax).toBeLessThanOrEqual(limits.packetBytes);
    }
    expect(largest((bits) => gameWith({ input: fieldsOfBits(bits) }))).toBe(512 - 16);
  });

  it('[GD4] what is just within the limits passes', () => {
    const game = gameWith({
      name: 'A-1',
      tickHz: 240,
      snapshotHz: 1,
      inputHz: 240,
      entities: types(63, entity(fields(64))),
      steps: {},
      events: types(63, event({ at: f.tick() }, { expiresMs: 10_000 })),
      requests: types(63, request({ at: f.tick() }, {})),
      input: { ...fields(62), held: f.button(), hit: f.press() },
      state: fields(64),
    });
    expect([game.types.length, game.eventTypes.length, game.requestTypes.length]).toEqual([64, 63, 63]);
    expect(() => gameWith({ entities: {}, steps: {} })).not.toThrow();
  });

  it('[GD5] types are numbered in the order written, the state first; events from 0, requests behind them, answers behind these', () => {
    const game = gameWith({
      entities: { player, rock: entity({}), ball: entity({}, { predict: 'everyone' }) },
      steps: { player: step, ball: step },
      events: { hit: event({}), spark: event({}, { expiresMs: 50 }) },
      requests: { buy: request({}, {}), ping: request({}, {}) },
    });
    expect(game.requestTypes.map(({ name, number, answerNumber }) => [name, number, answerNumber])).toEqual([
      ['buy', 2, 4],
      ['ping', 3, 5],
    ]);
    expect(game.types.map(({ name, number, predict }) => [name, number, predict])).toEqual([
      ['state', 0, 'never'],
      ['player', 1, 'owner'],
      ['rock', 2, 'never'],
      ['ball', 3, 'everyone'],
    ]);
    expect(game.eventTypes.map(({ name, number, expiresMs }) => [name, number, expiresMs])).toEqual([
      ['hit', 0, undefined],
      ['spark', 1, 50],
    ]);
  });

  it('[GD6] inputHz is the largest divisor of tickHz up to 30 when it is not given', () => {
    expect([1, 20, 30, 31, 50, 60, 64, 120, 128, 240].map((tickHz) => gameWith({ tickHz, snapshotHz: 1 }).inputHz)).toEqual([
      1, 20, 30, 1, 25, 30, 16, 30, 16, 30,
    ]);
    expect(gameWith({ inputHz: 60 }).inputHz).toBe(60);
  });
});

/** The most bits that pass. */
function largest(define: (bits: number) => unknown): number {
  let [passes, fails] = [1, 20_000];
  while (fails - passes > 1) {
    const middle = (passes + fails) >> 1;
    try {
      define(middle);
      passes = middle;
    } catch {
      fails = middle;
    }
  }
  return passes;
}
