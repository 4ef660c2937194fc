import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { eventsMessage, parseEvents, parseReliableAck, reliableAckMessage } from './events.ts';
import { type Hello, helloMessage, parseHello, parseJoinRequest, parseWelcome, type Welcome, welcomeMessage } from './handshake.ts';
import { protocolVersion } from './message.ts';
import { packPlain, unpackPlain } from './plain.ts';

const name = fc.string({ minLength: 1, maxLength: limits.nameBytes });
const count = fc.oneof(fc.nat(100), fc.maxSafeNat());
const hello: fc.Arbitrary<Hello> = fc.record({
  sessionId: name,
  token: name,
  instance: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
  reliableReceived: count,
});
const welcome: fc.Arbitrary<Welcome> = fc.record({
  epoch: count,
  tick: fc.nat({ max: 2 ** 31 - 1 }),
  reliableReceived: count,
  seed: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  token: name,
  reliableFrom: count,
  reconnectSeconds: fc.nat({ max: limits.reconnectSeconds }),
  lives: count,
});
const events = fc.array(fc.tuple(fc.nat(62), fc.oneof(fc.integer(), fc.string())) as fc.Arbitrary<unknown[]>, { maxLength: 5 });
const eventsMessages = fc.record({ sequence: count, ack: count, tick: count, events });

/** Arrays of anything, those that begin like a message often. */
const loose = fc
  .tuple(
    fc.oneof(fc.integer({ min: 0, max: 8 }), fc.anything()),
    fc.array(fc.oneof(count, name, fc.anything(), fc.constant(protocolVersion)), { maxLength: 8 }),
  )
  .map(([first, rest]) => [first, ...rest]);
/** Right messages with one element changed, or left out. */
const changed = fc
  .tuple(
    fc.oneof(hello.map(helloMessage), welcome.map(welcomeMessage), eventsMessages.map(eventsMessage), count.map(reliableAckMessage)),
    fc.nat(8),
    fc.oneof(fc.anything(), fc.constantFrom<unknown>(-1, 1.5, Number.NaN, 2 ** 60, '', 'x'.repeat(65), 7n, null)),
    fc.boolean(),
  )
  .map(([message, at, value, cut]) => (cut ? message.slice(0, at) : message.with(at % message.length, value)));

describe('Handshake', () => {
  it('[MS9] hello and welcome come back through msgpack, and neither is taken for the other', () => {
    fc.assert(
      fc.property(hello, welcome, (one, other) => {
        const [helloBack, welcomeBack] = [sent(helloMessage(one)), sent(welcomeMessage(other))];
        expect([parseHello(helloBack), parseWelcome(welcomeBack)]).toEqual([one, other]);
        expect([parseHello(welcomeBack), parseWelcome(helloBack)]).toEqual([undefined, undefined]);
      }),
    );
    const one = { sessionId: 's', token: 't', instance: 9, reliableReceived: 3 };
    expect(helloMessage(one)).toEqual([4, protocolVersion, 's', 't', 9, 3]);
    const answer = { epoch: 1, tick: 2, reliableReceived: 3, seed: 4, token: 'u', reliableFrom: 5, reconnectSeconds: 20, lives: 6 };
    expect(welcomeMessage(answer)).toEqual([5, 1, 2, 3, 4, 'u', 5, 20, 6]);
    // Ticks are 31 bits, seeds 32; a session is kept for a day at most.
    expect(parseWelcome([5, 1, 2 ** 31, 3, 4, 'u', 5, 20, 6])).toBeUndefined();
    expect(parseWelcome([5, 1, 2, 3, 2 ** 32, 'u', 5, 20, 6])).toBeUndefined();
    expect(parseWelcome([5, 1, 2, 3, 4, '', 5, 20, 6])).toBeUndefined();
    expect(parseWelcome([5, 1, 2, 3, 4, 'u', 5, 86_401, 6])).toBeUndefined();
    expect(parseHello([4, protocolVersion + 1, 's', 't', 9, 3])).toBeUndefined();
    expect(parseHello([4, protocolVersion, 's', '', 9, 3])).toBeUndefined();
    expect(parseHello([4, protocolVersion, 's', 'x'.repeat(1024), 9, 3])?.token.length).toBe(1024);
    expect(parseHello([4, protocolVersion, 's', 'x'.repeat(1025), 9, 3])).toBeUndefined();
    expect(parseHello([4, protocolVersion, 'x'.repeat(65), 't', 9, 3])).toBeUndefined();
    for (const instance of [0, -1, 0.5, 2 ** 32, '9']) expect(parseHello([4, protocolVersion, 's', 't', instance, 3])).toBeUndefined();
  });

  it('[MS10] events and acks come back through msgpack', () => {
    fc.assert(
      fc.property(eventsMessages, count, (message, ack) => {
        const [eventsBack, ackBack] = [sent(eventsMessage(message)), sent(reliableAckMessage(ack))];
        expect([parseEvents(eventsBack), parseReliableAck(ackBack)]).toEqual([message, ack]);
        expect([parseEvents(ackBack), parseReliableAck(eventsBack)]).toEqual([undefined, undefined]);
      }),
    );
    expect(eventsMessage({ sequence: 1, ack: 2, tick: 3, events: [[0, 'a'], [5]] })).toEqual([6, 1, 2, 3, [0, 'a'], [5]]);
    for (const wrong of [
      [6, 1, 2],
      [6, 1, 2, -1],
      [6, 1, 2, 3, 5],
      [6, 1, 2, 3, []],
      [6, 1, 2, 3, ['a']],
      [6, 1, 2, 3, [0], null],
      [6, 0.5, 2, 3],
    ]) {
      expect(parseEvents(wrong), JSON.stringify(wrong)).toBeUndefined();
    }
    for (const wrong of [[7], [7, -1], [7, 1, 1], [7, '1'], [6, 1]]) expect(parseReliableAck(wrong), JSON.stringify(wrong)).toBeUndefined();
  });

  it('[MS11] whatever arrives as a message is refused, or has the right type in every place', () => {
    fc.assert(
      fc.property(fc.oneof(loose, changed), (message) => {
        const greeting = parseHello(message);
        if (greeting) {
          for (const [text, most] of [
            [greeting.sessionId, limits.nameBytes],
            [greeting.token, limits.tokenBytes],
          ] as const)
            expect(typeof text === 'string' && text.length > 0 && text.length <= most).toBe(true);
          expect(isCount(greeting.reliableReceived) && isCount(greeting.instance)).toBe(true);
        }
        const { token: next, ...counts } = parseWelcome(message) ?? { token: 'none' };
        expect(typeof next === 'string' && next.length > 0 && next.length <= limits.tokenBytes).toBe(true);
        for (const number of Object.values(counts)) expect(isCount(number)).toBe(true);
        const ack = parseReliableAck(message);
        if (ack !== undefined) expect(isCount(ack)).toBe(true);
        const flush = parseEvents(message);
        if (!flush) return;
        expect([flush.sequence, flush.ack, flush.tick].every(isCount)).toBe(true);
        expect(flush.events.every((event) => Array.isArray(event) && isCount(event[0]))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('[MS12] a join request that is wrong is answered with what is wrong with it', () => {
    const right = { protocol: 1, schemaHash: 'abc', method: 'joinOrCreate', target: 'arena', options: { name: 'Ada', deep: { list: [1, null] } } };
    expect(parseJoinRequest(right)).toEqual(right);
    expect(parseJoinRequest({ ...right, options: undefined })).toEqual({ ...right, options: {} });
    expect(parseJoinRequest({ ...right, more: 1, method: 'joinById' })).toEqual({ ...right, method: 'joinById' });
    for (const [wrong, message] of [
      [undefined, 'the request is no object'],
      [null, 'the request is no object'],
      ['join', 'the request is no object'],
      [[], 'protocol is missing'],
      [{ ...right, protocol: '1' }, 'protocol is missing'],
      [{ ...right, protocol: 1.5 }, 'protocol is missing'],
      [{ ...right, schemaHash: 5 }, 'schemaHash is missing'],
      [{ ...right, schemaHash: '' }, 'schemaHash is missing'],
      [{ ...right, method: 'leave' }, 'method must be one of joinOrCreate, join, create, joinById'],
      [{ ...right, method: ['create'] }, 'method must be one of joinOrCreate, join, create, joinById'],
      [{ ...right, target: undefined }, 'target must be a name of at most 64 characters'],
      [{ ...right, target: 'x'.repeat(10_000) }, 'target must be a name of at most 64 characters'],
      [{ ...right, options: null }, 'options must be an object'],
      [{ ...right, options: [1] }, 'options must be an object'],
      [{ ...right, options: 'Ada' }, 'options must be an object'],
    ] as const) {
      expect(parseJoinRequest(wrong)).toBe(message);
    }
  });

  it('[MS12] any value is a wrong join request or a right one', () => {
    const part = fc.oneof(fc.anything(), fc.integer(), name, fc.constantFrom('create', 'join', 'joinById'), fc.dictionary(fc.string(), fc.integer()));
    const request = fc.record({ protocol: part, schemaHash: part, method: part, target: part, options: part }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), request), (value) => {
        const parsed = parseJoinRequest(value);
        if (typeof parsed === 'string') return;
        expect(Number.isInteger(parsed.protocol)).toBe(true);
        expect(['joinOrCreate', 'join', 'create', 'joinById']).toContain(parsed.method);
        for (const text of [parsed.schemaHash, parsed.target]) expect(text.length > 0 && text.length <= limits.nameBytes).toBe(true);
        expect(typeof parsed.options === 'object' && parsed.options !== null && !Array.isArray(parsed.options)).toBe(true);
      }),
    );
  });
});

function sent(message: unknown[]): unknown[] {
  return unpackPlain(packPlain(message)) as unknown[];
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
