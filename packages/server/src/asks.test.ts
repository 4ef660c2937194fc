import { type AnyGame, defineGame, event, f, limits, request } from '@tickwire/shared';
import { askEvent, Outbox, type RequestType, readReply, unpackPlain } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Asks, Refused } from './asks.ts';
import type { Client } from './client.ts';

const game: AnyGame = defineGame({
  name: 'asks',
  tickHz: 60,
  snapshotHz: 20,
  entities: {},
  events: { hit: event({}) },
  requests: { buy: request({ item: f.uint(9) }, { left: f.uint(9) }), ping: request({}, {}) },
});
const [buy, ping] = game.requestTypes as [RequestType, RequestType];

/** One client's place in a room, and what the room says to it. */
class Asker {
  isHere = true;
  readonly client = { name: 'Ada' } as unknown as Client<AnyGame>;
  readonly session = { outbox: new Outbox() };

  heard(): unknown[] {
    const events: unknown[][] = [];
    this.session.outbox.flush(1, 0, (message) => events.push(...((unpackPlain(message) as unknown[]).slice(4) as unknown[][])) > 0);
    return events.map((event) => {
      const reply = readReply(game, event);
      return reply && ('type' in reply ? [reply.ask, reply.fields] : [reply.ask, reply.code, reply.reason]);
    });
  }
}

class Desk {
  readonly failed: string[] = [];
  readonly asks = new Asks(
    game,
    () => 5,
    (error, where) => this.failed.push(`${where}: ${(error as Error).message}`),
  );
  readonly ada = new Asker();

  asked(type: RequestType, ask: number, fields: object = {}, from = this.ada): boolean {
    return this.asks.receive(from, askEvent({ type, ask, fields }));
  }
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('Asks of a room', () => {
  it('[AK2] the handler is given the client and the fields, and what it returns is the answer, at once or later', async () => {
    const desk = new Desk();
    const seen: unknown[] = [];
    let later: (answer: object) => void = () => {};
    desk.asks.handle('buy', (client, { item }: { item: number }) => {
      seen.push(client, item);
      return { left: item + 1 };
    });
    desk.asks.handle('ping', () => new Promise((resolve) => (later = resolve)));
    expect([desk.asked(ping, 7), desk.asked(buy, 8, { item: 3 })]).toEqual([true, true]);
    expect(seen).toEqual([desk.ada.client, 3]);
    expect(desk.ada.heard()).toEqual([[8, { left: 4 }]]);
    later({});
    await settled();
    expect(desk.ada.heard()).toEqual([[7, {}]]);
    expect(() => desk.asks.handle('sell', () => ({}))).toThrow("no request 'sell'");
  });

  it('[AK3] Refused, thrown at once or later, refuses with its reason, and the room goes on', async () => {
    const desk = new Desk();
    desk.asks.handle('buy', () => {
      throw new Refused('not enough gold');
    });
    desk.asks.handle('ping', async () => {
      await settled();
      throw new Refused('too late');
    });
    desk.asked(buy, 1, { item: 1 });
    desk.asked(ping, 2);
    expect(desk.ada.heard()).toEqual([[1, 'ask-refused', 'not enough gold']]);
    await settled();
    await settled();
    expect(desk.ada.heard()).toEqual([[2, 'ask-refused', 'too late']]);
    expect(desk.failed).toEqual([]);
  });

  it('[AK4] anything else that is thrown, and an answer with wrong fields, is a fault of the room, at once or later', async () => {
    const desk = new Desk();
    let how: () => object | Promise<object> = () => ({});
    desk.asks.handle('buy', () => how());
    const faults: (() => object | Promise<object>)[] = [
      () => {
        throw new Error('at once');
      },
      async () => {
        throw new Error('later');
      },
      () => ({}),
      async () => ({ left: 'x' }),
      () => undefined as never,
    ];
    for (const [index, fault] of faults.entries()) {
      how = fault;
      desk.asked(buy, index, { item: 1 });
    }
    await settled();
    expect(desk.failed).toEqual([
      "onAsk('buy'): at once",
      "onAsk('buy'): buy, answer.left: expected uint 9, got undefined",
      expect.stringContaining("onAsk('buy'): buy, answer.left: Cannot read"),
      "onAsk('buy'): later",
      `onAsk('buy'): buy, answer.left: expected uint 9, got "x"`,
    ]);
    expect(desk.ada.heard()).toEqual([]);
  });

  it('[AK5] a request without a handler is refused, with its name', () => {
    const desk = new Desk();
    expect(desk.asked(buy, 4, { item: 1 })).toBe(true);
    expect(desk.ada.heard()).toEqual([[4, 'ask-unhandled', 'buy']]);
  });

  it('[AK6] more than 16 of one client do not wait: one more is refused, until one has been answered', async () => {
    const desk = new Desk();
    const answers: (() => void)[] = [];
    desk.asks.handle('ping', () => new Promise((resolve) => answers.push(() => resolve({}))));
    const bob = new Asker();
    for (let ask = 0; ask <= limits.asksOpen; ask++) desk.asked(ping, ask);
    desk.asked(ping, 0, {}, bob);
    expect(desk.ada.heard()).toEqual([[16, 'asks-open', 'ping']]);
    expect(answers).toHaveLength(limits.asksOpen + 1);
    answers[3]?.();
    await settled();
    expect(desk.ada.heard()).toEqual([[3, {}]]);
    desk.asked(ping, 17);
    expect([desk.ada.heard(), bob.heard()]).toEqual([[], []]);
  });

  it('[AK10] an ask with the number of one that waits, or with wrong fields, is none; one whose client has left is answered to nobody', async () => {
    const desk = new Desk();
    let later: (answer: object) => void = () => {};
    desk.asks.handle('ping', () => new Promise((resolve) => (later = resolve)));
    expect([desk.asked(ping, 1), desk.asked(ping, 1)]).toEqual([true, false]);
    for (const wrong of [[1], [1, 0], [1, 0, 'x'], [1, -1, 3], [3, 0, 1], [5, 0, 0, ''], [77, 0]])
      expect(desk.asks.receive(desk.ada, wrong), String(wrong)).toBe(false);
    desk.ada.isHere = false;
    later({});
    await settled();
    expect([desk.ada.heard(), desk.failed]).toEqual([[], []]);
  });
});
