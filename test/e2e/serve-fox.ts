// The server of the Firefox tests in a process of its own: the real serve() with a room that sends every note back to everyone.
//
// Argument: the folder of the page. Prints its address as one line.

import { type Client, Room, serve } from '@tickwire/server';
import { game } from './fox-game.ts';

class FoxRoom extends Room<typeof game> {
  /** The next test begins with an empty room. */
  override allowReconnection = 0;

  override onCreate(): void {
    this.on('note', (client, { number }) => this.emit('noted', { number, from: client.sessionId }));
  }

  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('square', { pos: { x: 300, y: 300 } }));
  }

  override onLeave(client: Client<typeof game>): void {
    for (const square of client.entities) this.world.despawn(square);
  }
}

const [staticDir = ''] = process.argv.slice(2);
const server = await serve({ rooms: { fox: { game, room: FoxRoom } }, host: '127.0.0.1', port: 0, staticDir, contentSecurityPolicy: false });
console.log(server.url);
