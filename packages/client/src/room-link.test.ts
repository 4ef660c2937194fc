// A link with something in between, on an in-memory pair.

import { type Link, memoryLinkPair } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { type Between, RoomLink } from './room-link.ts';

/** Passes everything on, and notes it. */
function noting(notes: string[]): Between {
  return (link): Link => ({
    kind: link.kind,
    listen: (handler) =>
      link.listen({
        opened: (now) => handler.opened(now),
        received: (lane, bytes, now) => {
          notes.push(`in ${bytes[0]}`);
          handler.received(lane, bytes, now);
        },
        closed: (code, now) => handler.closed(code, now),
      }),
    send: (lane, bytes, now) => {
      notes.push(`out ${bytes[0]}`);
      return link.send(lane, bytes, now);
    },
    backlog: (lane) => link.backlog(lane) + 1000,
    maxBytes: (lane) => link.maxBytes(lane),
    close: (code, now) => link.close(code, now),
  });
}

test('[PL8] what is put between sees both ways, can be changed and taken out in the middle, and the handler is told everything once', () => {
  const pair = memoryLinkPair({ seed: 1 });
  const told: string[] = [];
  const notes: [string[], string[]] = [[], []];
  const link = new RoomLink(pair.a, noting(notes[0]));
  pair.b.listen({ opened() {}, received: (lane, bytes, now) => void pair.b.send(lane, Uint8Array.of((bytes[0] as number) + 100), now), closed() {} });
  link.listen({ opened: () => told.push('opened'), received: (_lane, bytes) => told.push(String(bytes[0])), closed: (code) => told.push(code) });
  const say = (number: number, now: number): void => {
    link.send('reliable', Uint8Array.of(number), now);
    for (const at of [now, now + 1, now + 2]) pair.advance(at);
  };
  pair.advance(0);
  say(1, 10);
  link.interpose(noting(notes[1]));
  expect(link.backlog('reliable')).toBe(1000);
  say(2, 20);
  link.interpose(undefined);
  expect(link.backlog('reliable')).toBe(0);
  say(3, 30);
  link.close('left', 40);
  pair.advance(41);
  expect(told).toEqual(['opened', '101', '102', '103', 'left']);
  expect(notes).toEqual([
    ['out 1', 'in 101'],
    ['out 2', 'in 102'],
  ]);
});
