// The notice of a server that will stop, over a whole session: what a page hears, and that it costs the session nothing.

import { defineGame, entity, f, type Link, type LinkHandler } from '@tickwire/shared';
import { drainMessage, packPlain, welcomeMessage } from '@tickwire/shared/internal';
import { expect, test } from 'vitest';
import { ClientRoom } from './client-room.ts';

const game = defineGame({ name: 'notice', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(7) }) } });

test('[GE4] every handler hears the seconds left; one that throws is told and keeps nobody else from hearing', () => {
  const room = new ClientRoom(game, { roomId: 'r', sessionId: 's', token: 't' }, 0);
  let handler: LinkHandler | undefined;
  const link: Link = {
    kind: 'memory',
    listen: (given) => {
      handler = given;
    },
    send: () => true,
    backlog: () => 0,
    maxBytes: () => 16_384,
    close: () => {},
  };
  void room.accept(link);
  handler?.opened(0);
  handler?.received(
    'reliable',
    packPlain(welcomeMessage({ epoch: 1, tick: 5, reliableReceived: 0, seed: 1, token: 'next', reliableFrom: 0, reconnectSeconds: 20, lives: 0 })),
    1,
  );
  const told: number[] = [];
  const errors: unknown[] = [];
  room.onError((error) => errors.push(error));
  const off = room.onDrain(() => {
    throw new Error('a bug of the page');
  });
  room.onDrain((seconds) => told.push(seconds));
  // More than a session forgives of unreadable messages.
  for (let left = 40; left > 0; left--) handler?.received('reliable', packPlain(drainMessage(left)), 1000 - left);
  expect([told.length, told[0], told.at(-1), errors.length]).toEqual([40, 40, 1, 40]);
  expect([room.ended, room.stats.packetsWrong]).toEqual([undefined, 0]);
  off();
  handler?.received('reliable', packPlain(drainMessage(0)), 1001);
  expect([told.at(-1), errors.length]).toEqual([0, 40]);
  handler?.received('reliable', packPlain(drainMessage(-1)), 1002);
  handler?.received('reliable', packPlain([8, 5, 5]), 1002);
  expect([told.length, room.stats.packetsWrong]).toEqual([41, 2]);
});
