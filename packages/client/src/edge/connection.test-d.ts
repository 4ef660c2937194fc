// Types of the joins: what must compile and what must not. The type check runs this file; nothing executes it.

import { defineGame, entity, event, f } from '@tickwire/shared';
import type { Connection } from './connection.ts';

const game = defineGame({
  name: 'types',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ x: f.uint(100) }) },
  events: { hit: event({ damage: f.uint(100) }) },
});

export const rule = '[MM17] joins give rooms of their game, and lists metadata of the type that was asked for';

export async function joins(server: Connection): Promise<void> {
  server.token = 'a login';
  for (const room of [
    await server.joinOrCreate('match', game, { mode: 'duel' }),
    await server.join('match', game),
    await server.create('match', game),
    await server.joinById('CD5-9HX', game),
  ]) {
    room.emit('hit', { damage: 3 });
    // @ts-expect-error no such event
    room.emit('miss', {});
  }
  // @ts-expect-error options are plain data
  await server.join('match', game, { mode: () => 'duel' });
  for (const { roomId, metadata, clients } of await server.listRooms<{ map: string }>('match', { filter: { mode: 'duel' }, limit: 20 })) {
    const text: string = roomId + metadata.map;
    // @ts-expect-error the rooms set no such thing
    metadata.colour;
    // @ts-expect-error a number
    clients === text;
  }
  for (const { metadata } of await server.listRooms('match')) {
    // @ts-expect-error nobody has said what it is
    metadata.map;
  }
  // @ts-expect-error filters are texts, numbers and booleans
  await server.listRooms('match', { filter: { mode: ['duel'] } });
}
