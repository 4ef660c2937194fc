// The server of the fallback tests in a process of its own: the real serve(), and a room that counts what it hears and tells it back.
//
// Started by fallback.test.ts. Prints its address as one line.

import { type Client, Room, serve } from '@tickwire/server';
import { game } from './fallback-game.ts';

class FallbackRoom extends Room<typeof game> {
  override maxClients = 1;
  override allowReconnection = 5;
  readonly #counts = { joins: 0, leaves: 0, heard: 0, wrong: 0 };

  override onCreate(): void {
    this.world.spawn('clock', {});
    this.on('say', (client: Client<typeof game>, { number }) => {
      this.#counts.heard++;
      if (number !== this.#counts.heard) this.#counts.wrong++;
      client.emit('told', { number });
    });
  }

  override onJoin(): void {
    this.#counts.joins++;
  }

  override onLeave(): void {
    this.#counts.leaves++;
  }

  override onTick(): void {
    for (const clock of this.world.all('clock')) Object.assign(clock, this.#counts, { tick: this.tick });
  }
}

const server = await serve({ rooms: { fallback: { game, room: FallbackRoom } }, host: '127.0.0.1', port: 0 });
console.log(server.url);
