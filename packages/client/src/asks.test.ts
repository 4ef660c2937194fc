import { type AnyGame, defineGame, event, f, limits, request, TickwireError } from '@tickwire/shared';
import { answerEvent, type RequestType, refusalEvent } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Asks } from './asks.ts';

const game: AnyGame = defineGame({
  name: 'asks',
  tickHz: 60,
  snapshotHz: 20,
  entities: {},
  events: { hit: event({}) },
  requests: { buy: request({ item: f.uint(9) }, { left: f.uint(9) }), ping: request({}, {}) },
});
const [buy, ping] = game.requestTypes as [RequestType, RequestType];

class Asking {
  readonly asks = new Asks(game);
  readonly sent: unknown[][] = [];
  readonly told: unknown[] = [];

  /** What is told stands in `told` at the end of the turn. */
  ask(name: string, fields: object, now = 0, timeoutMs = 5000): void {
    this.asks
      .ask(name, fields, timeoutMs, now, (event) => void this.sent.push(event))
      .then(
        (answer) => this.told.push(answer),
        (error) => this.told.push(error instanceof TickwireError ? [error.code, error.detail] : error),
      );
  }

  async hears(): Promise<unknown[]> {
    await new Promise((resolve) => setImmediate(resolve));
    return this.told.splice(0);
  }
}

describe('Asks of a client', () => {
  it('[AK2] an ask ends with its own answer, in whatever order they come; a second answer is ignored', async () => {
    const one = new Asking();
    one.asks.epoch = 2;
    for (const item of [1, 2]) one.ask('buy', { item });
    expect(one.sent).toEqual([
      [1, 131072, 1],
      [1, 131073, 2],
    ]);
    expect(one.asks.receive(answerEvent({ type: buy, ask: 131073, fields: { left: 7 } }))).toBe(true);
    expect(await one.hears()).toEqual([{ left: 7 }]);
    expect(one.asks.receive(answerEvent({ type: buy, ask: 131072, fields: { left: 6 } }))).toBe(true);
    expect(one.asks.receive(answerEvent({ type: buy, ask: 131072, fields: { left: 5 } }))).toBe(true);
    expect(await one.hears()).toEqual([{ left: 6 }]);
  });

  it('[AK2] a wrong field or name is a TypeError, and nothing is sent', async () => {
    const one = new Asking();
    one.ask('buy', { item: 'x' });
    one.ask('sell', {});
    one.ask('buy', { item: 1 }, 0, 0);
    expect((await one.hears()).map(String)).toEqual([
      'TypeError: buy.item: expected uint 9, got "x"',
      "TypeError: there is no request 'sell' in the game 'asks'",
      "RangeError: ask('buy'): timeoutMs 0 must be above 0",
    ]);
    expect(one.sent).toEqual([]);
  });

  it('[AK3] a refusal rejects with its code and its reason', async () => {
    const one = new Asking();
    one.ask('ping', {});
    one.asks.receive(refusalEvent(game, 0, 'ask-refused', 'not enough gold'));
    expect(await one.hears()).toEqual([['ask-refused', 'not enough gold']]);
    const { message } = new TickwireError('ask-refused', 'not enough gold');
    expect(message).toBe('The room refused the request. (not enough gold)');
  });

  it('[AK6] one ask too many is rejected at once, and asking goes on when one has ended', async () => {
    const one = new Asking();
    for (let count = 0; count <= limits.asksOpen; count++) one.ask('buy', { item: 1 });
    expect(await one.hears()).toEqual([['asks-open', 'buy; at most 16']]);
    expect(one.sent).toHaveLength(limits.asksOpen);
    one.asks.receive(answerEvent({ type: buy, ask: 3, fields: { left: 1 } }));
    one.ask('buy', { item: 2 });
    expect(await one.hears()).toEqual([{ left: 1 }]);
    expect(one.sent.at(-1)).toEqual([1, 16, 2]);
  });

  it('[AK7] an ask is given up when its time is over, not before, and what comes later is ignored', async () => {
    const one = new Asking();
    one.ask('buy', { item: 1 }, 1000, 500);
    one.ask('buy', { item: 1 }, 1000, 600);
    one.asks.advance(1499);
    expect(await one.hears()).toEqual([]);
    one.asks.advance(1500);
    expect(await one.hears()).toEqual([['ask-timeout', 'buy']]);
    expect(one.asks.receive(answerEvent({ type: buy, ask: 0, fields: { left: 1 } }))).toBe(true);
    one.asks.receive(answerEvent({ type: buy, ask: 1, fields: { left: 2 } }));
    expect(await one.hears()).toEqual([{ left: 2 }]);
  });

  it('[AK8] the end of the stay ends every ask, with its code, and those that come after it', async () => {
    const one = new Asking();
    one.ask('buy', { item: 1 });
    one.ask('ping', {});
    one.asks.end('room-error');
    one.ask('ping', {});
    expect(await one.hears()).toEqual([
      ['room-error', undefined],
      ['room-error', undefined],
      ['room-error', undefined],
    ]);
    expect(one.sent).toHaveLength(2);
  });

  it('[AK10] what no room says is told from what one says, and ends no ask', async () => {
    const one = new Asking();
    one.ask('buy', { item: 1 });
    for (const wrong of [[3, 0], [3, 0, 'x'], [4, 0], [1, 0, 1], [5, 0, 0], [9, 0], [3]]) expect(one.asks.receive(wrong), String(wrong)).toBe(false);
    expect(one.asks.receive(answerEvent({ type: ping, ask: 55, fields: {} }))).toBe(true);
    expect(await one.hears()).toEqual([]);
  });
});
