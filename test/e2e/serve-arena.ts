// The arena's server from its sources, in a process of its own: the real room behind serve(), with the page that the test built.
//
// Started by arena-server.ts with the folder of the page, the port, the number of bots and the seconds of a match. Prints its address as one line.

import { serve } from '@tickwire/server';
import { game } from '../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';

const [staticDir = '', port, bots, matchSeconds] = process.argv.slice(2);

class Arena extends ArenaRoom {
  override bots = Number(bots);
  override matchSeconds = Number(matchSeconds);
}

const server = await serve({ rooms: { arena: { game, room: Arena } }, host: '127.0.0.1', port: Number(port), staticDir });
console.log(server.url);
