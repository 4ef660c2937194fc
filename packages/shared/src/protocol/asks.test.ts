import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { askCodes } from '../link/close-codes.ts';
import { f } from '../schema/fields.ts';
import { type AnyGame, defineGame, event } from '../schema/game.ts';
import { type RequestType, request } from '../schema/request.ts';
import { type Ask, answerEvent, askEvent, isOfAsks, readAsk, readReply, refusalEvent } from './asks.ts';
import { packPlain, unpackPlain } from './plain.ts';

const game: AnyGame = defineGame({
  name: 'asks',
  tickHz: 60,
  snapshotHz: 20,
  entities: {},
  events: { hit: event({ damage: f.uint(9) }), miss: event({}) },
  requests: { buy: request({ item: f.uint(99), note: f.string(8) }, { at: f.vec2(0, 9) }), ping: request({}, {}) },
});
const [buy, ping] = game.requestTypes as [RequestType, RequestType];
const ask = fc.oneof(fc.nat(), fc.maxSafeNat());

/** Through the wire and back. */
function sent(event: unknown[]): unknown[] {
  return unpackPlain(packPlain(event)) as unknown[];
}

describe('Asks among events', () => {
  it('[AK1] a request comes back from its bytes, and is no answer', () => {
    fc.assert(
      fc.property(ask, fc.nat(99), fc.string({ maxLength: 8 }), (ask, item, note) => {
        const fields = { item, note: f.string(8).unpack(note) as string };
        const event = sent(askEvent({ type: buy, ask, fields: { item, note } }));
        expect(isOfAsks(game, event)).toBe(true);
        expect(readAsk(game, event)).toEqual({ type: buy, ask, fields });
        expect(readReply(game, event)).toBeUndefined();
      }),
    );
    expect(readAsk(game, sent(askEvent({ type: ping, ask: 7, fields: {} })))).toEqual({ type: ping, ask: 7, fields: {} });
  });

  it('[AK1] an answer comes back from its bytes, and is no request', () => {
    fc.assert(
      fc.property(ask, fc.double({ noNaN: true }), (ask, x) => {
        const event = sent(answerEvent({ type: buy, ask, fields: { at: { x, y: 2 } } }));
        const { at } = (readReply(game, event) as Ask).fields as { at: { x: number } };
        expect(Math.abs(at.x - Math.min(9, Math.max(0, x)))).toBeLessThanOrEqual(1 / 2048);
        expect([isOfAsks(game, event), readAsk(game, event)]).toEqual([true, undefined]);
      }),
    );
  });

  it('[AK1] a refusal comes back from its bytes, its reason cut at 200 bytes; a code that is not known means that the room refused', () => {
    for (const code of askCodes) expect(readReply(game, sent(refusalEvent(game, 3, code, 'no gold')))).toEqual({ ask: 3, code, reason: 'no gold' });
    expect(readReply(game, sent(refusalEvent(game, 3, 'ask-refused', '€'.repeat(100))))).toMatchObject({ reason: '€'.repeat(66) });
    expect(readReply(game, [6, 3, 77, ''])).toEqual({ ask: 3, code: 'ask-refused', reason: '' });
  });

  it('[AK1] whatever stands among events, reading it throws nothing, and what is read can be written', () => {
    const anything = fc.oneof(fc.nat(9), fc.anything(), fc.string(), fc.constant(null));
    fc.assert(
      fc.property(fc.nat(8), fc.array(anything, { maxLength: 4 }), (number, rest) => {
        const event = [number, ...rest];
        const asked = readAsk(game, event);
        const reply = readReply(game, event);
        if (asked) expect(readAsk(game, sent(askEvent(asked)))).toEqual(asked);
        if (reply && 'type' in reply) expect(readReply(game, sent(answerEvent(reply)))).toEqual(reply);
        expect(asked && reply).toBeUndefined();
        expect(isOfAsks(game, event)).toBe(number > 1);
      }),
      { numRuns: 1000 },
    );
    for (const wrong of [[2], [2, 1], [2, -1, 3, 'a'], [2, 1, 3], [2, 1, 3, 4], [2, 1, 3, 'a', 0], [2, 1.5, 3, 'a'], [4, 1, 3, 'a'], [99, 1]])
      expect(readAsk(game, wrong)).toBeUndefined();
    for (const wrong of [
      [4],
      [4, 1],
      [4, 1, [1]],
      [4, 1, [1, 2], 0],
      [4, 1, [1, 'a']],
      [6, 1],
      [6, 1, 0],
      [6, 1, 'x', ''],
      [6, 1, 0, 5],
      [6, 1, 0, '', 1],
      [7, 1],
    ])
      expect(readReply(game, wrong)).toBeUndefined();
  });

  it('[AK2] what a game asks or answers wrongly is an error that names the field', () => {
    expect(() => askEvent({ type: buy, ask: 1, fields: { item: 'x', note: '' } })).toThrow(/^buy\.item: expected uint 99/);
    expect(() => askEvent({ type: buy, ask: 1, fields: { item: 1 } })).toThrow(/^buy\.note/);
    expect(() => answerEvent({ type: buy, ask: 1, fields: {} })).toThrow(/^buy, answer\.at/);
    expect(() => answerEvent({ type: buy, ask: 1, fields: undefined as never })).toThrow(TypeError);
  });
});
