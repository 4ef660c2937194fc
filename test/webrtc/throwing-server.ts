// A server whose game throws wherever nobody looks: promises without an owner, timers, async handlers. Started as a process of its own.

import { setTimeout as pause } from 'node:timers/promises';
import { type Client, Room, serve } from '@tickwire/server';
import { defineGame, event, f } from '@tickwire/shared';

export const throwingGame = defineGame({
  name: 'throwing',
  tickHz: 20,
  snapshotHz: 20,
  entities: {},
  events: { fail: event({ how: f.enumOf('reject', 'timer', 'handler') }), ping: event({ number: f.uint(100) }) },
});

class ThrowingRoom extends Room<typeof throwingGame> {
  override onCreate(): void {
    this.on('fail', async (_client, { how }) => {
      if (how === 'reject') void Promise.reject(new Error('a promise without an owner'));
      if (how === 'timer') setTimeout(throwing, 1);
      if (how !== 'handler') return;
      await pause(1);
      throw new Error('an async handler');
    });
    this.on('ping', (client: Client<typeof throwingGame>, { number }) => client.emit('ping', { number: number + 1 }));
  }
}

function throwing(): void {
  throw new Error('a timer of the game');
}

if (process.argv.includes('--serve')) {
  const server = await serve({ rooms: { throwing: { game: throwingGame, room: ThrowingRoom } }, port: 0, host: '127.0.0.1', logLevel: 'error' });
  process.stdout.write(`${server.url} \n`);
}
