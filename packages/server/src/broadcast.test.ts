// When members are sent their snapshots: the first at once, the others by turns.
//
// Links here take everything and write down in which tick. Units: ticks.

import { defineGame, entity, f, type Link, type LinkHandler } from '@tickwire/shared';
import { helloMessage, packPlain } from '@tickwire/shared/internal';
import { expect, it } from 'vitest';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const game = defineGame({ name: 'turns', tickHz: 60, snapshotHz: 20, entities: { thing: entity({ x: f.uint(100) }) } });

it('[BC4] a member’s first snapshot leaves with the first tick after the welcome, whoever’s turn it is', () => {
  const room = new (class extends Room<typeof game> {})();
  const core = new RoomCore<typeof game>({ game, room, roomId: 'r', seed: 1, onError: (error) => expect.unreachable(String(error)) }, 0);
  core.create({});
  room.world.spawn('thing');
  const sentIn = Array.from({ length: 9 }, (_, number) => join(core, `member-${number}`));
  for (let tick = 0; tick < 30; tick++) core.advance(core.nextTickAt);
  for (const { joinedAt, ticks } of sentIn) expect(ticks[0]).toBe(joinedAt + 1);
  // The later ones are spread: no tick has them all.
  expect(new Set(sentIn.map(({ ticks }) => (ticks.at(-1) ?? 0) % 3)).size).toBe(3);
});

/** Joins, says hello, and lets one tick pass. */
function join(core: RoomCore<typeof game>, sessionId: string): { joinedAt: number; ticks: number[] } {
  core.reserve(sessionId, 'token', true, {}, 0);
  const sent = { joinedAt: core.world.tick, ticks: [] as number[] };
  let handler: LinkHandler | undefined;
  const link: Link = {
    kind: 'memory',
    listen: (given) => {
      handler = given;
    },
    send: (lane) => {
      if (lane === 'unreliable') sent.ticks.push(core.world.tick);
      return true;
    },
    backlog: () => 0,
    maxBytes: () => 1100,
    close: () => {},
  };
  core.accept(sessionId, link);
  handler?.received('reliable', packPlain(helloMessage({ sessionId, token: 'token', instance: 1, reliableReceived: 0 })), 0);
  core.advance(core.nextTickAt);
  return sent;
}
