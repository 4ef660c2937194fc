// The arena's server with more bots than it would take: a crowd that plays in front of one page.
//
// Started with the folder of the page and how many players there are to be in all. Prints its address as one line.

import { serve } from '@tickwire/server';
import { game } from '../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';

const [staticDir = '', players = '32'] = process.argv.slice(2);

class CrowdRoom extends ArenaRoom {
  override maxClients = Number(players);
  override bots = Number(players);
}

const server = await serve({ rooms: { arena: { game, room: CrowdRoom } }, host: '127.0.0.1', port: 0, staticDir });
console.log(server.url);
