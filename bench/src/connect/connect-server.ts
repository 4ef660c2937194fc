// The server of the connect suite in a process of its own: the real serve() with the page that the suite built.
//
// Arguments: the folder of the page, and the host and the port to listen on. Prints its address as one line.

import { serve } from '@tickwire/server';
import { game, roomName } from './connect-game.ts';
import { ConnectRoom } from './connect-room.ts';

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
