// The server of the connect suite in a process of its own: the real serve() with the page that the suite built.
//
// Arguments: the folder of the page, the host to listen on, and the UDP port for all players where there is to be one. Prints its address as one line.

import { type Client, Room, serve } from '@tickwire/server';
import { game, roomName } from './connect-game.ts';

class ConnectRoom extends Room<typeof game> {
  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('square', { pos: { x: 300, y: 300 } }));
  }

  override onLeave(client: Client<typeof game>): void {
    for (const square of client.entities) this.world.despawn(square);
  }
}

const [staticDir = '', host = '127.0.0.1', port = '0'] = process.argv.slice(2);
const server = await serve({
  rooms: { [roomName]: { game, room: ConnectRoom } },
  host,
  port: Number(port),
  staticDir,
  // Every visit comes from one address.
  requestsPer10Seconds: 1000,
  development: false,
});
console.log(server.url);
