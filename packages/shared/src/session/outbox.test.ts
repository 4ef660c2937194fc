import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { type EventsMessage, parseEvents } from '../protocol/events.ts';
import { packPlain, unpackAny, unpackPlain } from '../protocol/plain.ts';
import { Outbox } from './outbox.ts';

describe('Outbox', () => {
  it('[SS1] what was added goes out at the next flush, in one message, in order; messages are numbered from 1', () => {
    const outbox = new Outbox();
    expect([flushed(outbox, 1), outbox.isEmpty, outbox.last]).toEqual([[], true, 0]);
    outbox.add([3, 'a'], 4);
    outbox.add([0], 5);
    expect(outbox.isEmpty).toBe(false);
    expect(flushed(outbox, 6, 9)).toEqual([{ sequence: 1, ack: 9, tick: 6, events: [[3, 'a'], [0]] }]);
    outbox.add([1, true], 7);
    expect(flushed(outbox, 7, 10)).toEqual([{ sequence: 2, ack: 10, tick: 7, events: [[1, true]] }]);
    expect([flushed(outbox, 8), outbox.last]).toEqual([[], 2]);
  });

  it('[SS2] no message is larger than the reliable lane takes, and each is as full as it can be', () => {
    const sizes = fc.array(fc.oneof(fc.nat(40), fc.integer({ min: 1000, max: 16_000 }), fc.constantFrom(limits.reliableBytes - 38, 8000, 8170)), {
      maxLength: 30,
    });
    fc.assert(
      fc.property(sizes, fc.maxSafeNat(), (lengths, big) => {
        const outbox = new Outbox();
        lengths.forEach((length, index) => {
          outbox.add([index, 'x'.repeat(length)], big);
        });
        const messages: Uint8Array[] = [];
        outbox.flush(big, big, (message) => messages.push(message) > 0);
        for (const message of messages) expect(message.length).toBeLessThanOrEqual(limits.reliableBytes);
        const events = messages.map((message) => (parseEvents(unpackPlain(message) as unknown[]) as EventsMessage).events);
        expect(events.flat().map(([index]) => index)).toEqual(lengths.map((_, index) => index));
        for (let index = 1; index < events.length; index++) {
          const first = packPlain(events[index]?.[0]).length;
          expect((messages[index - 1] as Uint8Array).length + first).toBeGreaterThan(limits.reliableBytes - 32);
        }
      }),
    );
  });

  it('[SS2] nor is one with the longest numbers in its head and many events', () => {
    for (let last = 470; last <= 510; last++) {
      const outbox = new Outbox();
      outbox.restore([2 ** 40, [], []]);
      for (let number = 0; number < 31; number++) outbox.add([number, 'x'.repeat(507)], 1);
      outbox.add([31, 'x'.repeat(last)], 1);
      const lengths: number[] = [];
      outbox.flush(2 ** 40, 2 ** 40, ({ length }) => lengths.push(length) > 0);
      for (const length of lengths) expect(length).toBeLessThanOrEqual(limits.reliableBytes);
      expect(lengths.length).toBe(last <= 475 ? 1 : 2);
    }
  });

  it('[SS2] an event that is too large alone is refused, and leaves the others as they are', () => {
    const outbox = new Outbox();
    outbox.add([1], 1);
    expect(() => outbox.add([2, 'x'.repeat(limits.reliableBytes)], 1)).toThrow(`larger than a reliable message (${limits.reliableBytes})`);
    outbox.add([3], 1);
    expect(flushed(outbox, 1).map(({ events }) => events)).toEqual([[[1], [3]]]);
  });

  it('[SS3] what is acknowledged is forgotten; the rest goes out again, as it was, when a new link carries the session', () => {
    const outbox = new Outbox();
    for (let number = 1; number <= 4; number++) {
      outbox.add([0, number], number);
      flushed(outbox, number);
    }
    outbox.add([0, 5], 5);
    outbox.acknowledge(2);
    outbox.resend();
    expect(flushed(outbox, 9, 7)).toEqual([
      { sequence: 3, ack: 7, tick: 3, events: [[0, 3]] },
      { sequence: 4, ack: 7, tick: 4, events: [[0, 4]] },
      { sequence: 5, ack: 7, tick: 9, events: [[0, 5]] },
    ]);
    expect(flushed(outbox, 10)).toEqual([]);
    outbox.acknowledge(4);
    outbox.acknowledge(1);
    expect(outbox.isEmpty).toBe(false);
    outbox.acknowledge(5);
    expect(outbox.isEmpty).toBe(true);
    outbox.resend();
    expect(flushed(outbox, 11)).toEqual([]);
  });

  it('[SS4] a message that the link refuses is the first of the next flush, and nothing behind it overtakes it', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.nat(3), fc.boolean()), { maxLength: 40 }), (steps) => {
        const outbox = new Outbox();
        const arrived: number[] = [];
        let added = 0;
        for (const [adds, takes, acks] of steps) {
          if (adds) outbox.add([0, ++added], 1);
          let room = takes;
          let last = 0;
          outbox.flush(1, 0, (message) => {
            if (room-- <= 0) return false;
            const { sequence, events } = parseEvents(unpackPlain(message) as unknown[]) as EventsMessage;
            arrived.push(...events.map(([, number]) => number as number));
            last = sequence;
            return true;
          });
          if (acks) outbox.acknowledge(last);
        }
        outbox.flush(1, 0, (message) => {
          arrived.push(...(parseEvents(unpackPlain(message) as unknown[]) as EventsMessage).events.map(([, number]) => number as number));
          return true;
        });
        expect(arrived).toEqual(Array.from({ length: added }, (_, index) => index + 1));
      }),
    );
  });

  it('[SS5] it is full with one message too many, or with too many bytes, and not before', () => {
    const many = new Outbox();
    for (let number = 0; number < limits.outboxMessages; number++) {
      many.add([0, number], 1);
      flushed(many, 1);
    }
    expect(many.isFull).toBe(false);
    many.add([0], 1);
    flushed(many, 1);
    expect(many.isFull).toBe(true);
    many.acknowledge(1);
    expect(many.isFull).toBe(false);

    const large = new Outbox();
    let bytes = 0;
    while (!large.isFull) {
      large.add([0, 'x'.repeat(10_000)], 1);
      bytes += 10_005;
      flushed(large, 1);
    }
    expect(bytes).toBeGreaterThan(limits.outboxBytes);
    expect(bytes - 10_005).toBeLessThanOrEqual(limits.outboxBytes);
    large.acknowledge(large.last);
    expect([large.isFull, large.isEmpty]).toEqual([false, true]);
  });

  it('[SS6] saved and restored, it sends all that was not acknowledged, what no flush had taken yet included', () => {
    const outbox = new Outbox();
    for (let number = 1; number <= 3; number++) {
      outbox.add([0, number, Uint8Array.of(number)], number);
      flushed(outbox, number);
    }
    outbox.acknowledge(1);
    outbox.add([0, 4], 4);
    const restored = new Outbox();
    restored.restore(unpackAny(packPlain(outbox.save())));
    expect([restored.last, restored.isEmpty]).toEqual([3, false]);
    restored.add([0, 5], 5);
    expect(flushed(restored, 6).map(({ sequence, tick, events }) => [sequence, tick, events.map(([, number]) => number)])).toEqual([
      [2, 2, [2]],
      [3, 3, [3]],
      [4, 6, [4, 5]],
    ]);
    restored.acknowledge(4);
    expect([restored.isEmpty, restored.isFull]).toEqual([true, false]);
    // What waited for a flush counts for the size of the message.
    restored.add([0, 'x'.repeat(9000)], 1);
    const again = new Outbox();
    again.restore(restored.save());
    again.add([0, 'x'.repeat(9000)], 1);
    expect(flushed(again, 7).map(({ events }) => events.length)).toEqual([1, 1]);
  });
});

function flushed(outbox: Outbox, tick: number, ack = 0): EventsMessage[] {
  const messages: EventsMessage[] = [];
  outbox.flush(tick, ack, (message) => messages.push(parseEvents(unpackPlain(message) as unknown[]) as EventsMessage) > 0);
  return messages;
}
