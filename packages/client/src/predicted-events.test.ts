import { describe, expect, it } from 'vitest';
import { PredictedEvents } from './predicted-events.ts';

/** Events with a log of what was played and what was taken back. */
function logged(): {
  readonly events: PredictedEvents;
  readonly log: string[];
  made(tick: number, number?: number): void;
  settle(tick: number): void;
} {
  const events = new PredictedEvents();
  const log: string[] = [];
  return {
    events,
    log,
    made(tick, number = 0) {
      events.made(2, { key: 5, tick, number }, () => {
        log.push(`play ${tick}`);
        return [() => log.push(`undo ${tick}`)];
      });
    },
    settle(tick) {
      events.complete(tick);
      events.settle((undo) => undo());
    },
  };
}

describe('PredictedEvents', () => {
  it('[PE4] an event is played when it is made, and the server\u2019s is left out, however often it comes and in whatever order', () => {
    const { events, log, made, settle } = logged();
    made(10);
    made(10);
    expect(log).toEqual(['play 10']);
    for (let copy = 0; copy < 3; copy++) expect(events.take(2, { key: 5, tick: 10, number: 0 })).toBe(false);
    // The mark comes before the event, or after it.
    made(11);
    events.confirm(2, { key: 5, tick: 11, number: 0 });
    expect(events.take(2, { key: 5, tick: 11, number: 0 })).toBe(false);
    expect(events.take(2, { key: 5, tick: 12, number: 0 })).toBe(true);
    events.confirm(2, { key: 5, tick: 12, number: 0 });
    made(12);
    settle(1000);
    expect(log).toEqual(['play 10', 'play 11']);
  });

  it('[PE4] other types, keys and numbers are other events', () => {
    const { events, made } = logged();
    made(10);
    events.confirm(2, { key: 5, tick: 10, number: 0 });
    expect(events.take(2, { key: 5, tick: 10, number: 1 })).toBe(true);
    expect(events.take(2, { key: 6, tick: 10, number: 0 })).toBe(true);
    expect(events.take(3, { key: 5, tick: 10, number: 0 })).toBe(true);
  });

  it('[PE5] what the server makes up to ten ticks later, since the input was late, is the same event; beyond that it is another one', () => {
    const { events, log, made, settle } = logged();
    made(10);
    settle(19);
    expect(events.take(2, { key: 5, tick: 20, number: 0 })).toBe(false);
    settle(100);
    made(100);
    settle(109);
    expect(log).toEqual(['play 10', 'play 100']);
    settle(110);
    settle(110);
    expect(log).toEqual(['play 10', 'play 100', 'undo 100']);
    expect(events.take(2, { key: 5, tick: 111, number: 0 })).toBe(true);
  });

  it('[PE6] of more than 256 events the oldest are forgotten, and not taken back', () => {
    const { log, made, settle } = logged();
    for (let tick = 1; tick <= 300; tick++) made(tick);
    log.length = 0;
    settle(1000);
    expect([log.length, log[0]]).toEqual([256, 'undo 45']);
  });
});
