import { defineGame, event, f } from '@tickwire/shared';
import type { EventType } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Effects } from './effects.ts';

const game = defineGame({
  name: 'effects',
  tickHz: 60,
  snapshotHz: 20,
  entities: {},
  events: { spark: event({ x: f.uint(9) }, { expiresMs: 100 }), hit: event({ damage: f.uint(9) }) },
});
const [spark, hit] = game.eventTypes as [EventType, EventType];

describe('Effects', () => {
  it('[PE7] an effect of a step that the client predicts, and the mark of a reliable event, wait for an ack beyond their time; others do not', () => {
    const effects = new Effects();
    effects.add(spark, { x: 1 }, 10, 16);
    effects.add(spark, { x: 2 }, 10, 16, { key: 3, tick: 10, number: 0 });
    effects.mark(hit, { key: 3, tick: 10, number: 1 });
    effects.expire(16);
    expect(effects.waiting.map(({ id }) => id)).toEqual([1, 2, 3]);
    effects.expire(17);
    expect(effects.waiting.map(({ id, type, tick, row }) => [id, type.name, tick, row.length])).toEqual([
      [2, 'spark', 10, 1],
      [3, 'hit', 10, 0],
    ]);
    effects.expire(10_000);
    effects.done(2);
    effects.done(3);
    effects.done(3);
    expect(effects.waiting).toEqual([]);
    for (let number = 0; number < 200; number++) effects.mark(hit, { key: 3, tick: 11, number });
    expect([effects.waiting.length, effects.waiting[0]?.origin?.number]).toEqual([128, 72]);
  });
});
