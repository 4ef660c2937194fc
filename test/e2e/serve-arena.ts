// The arena's server from its sources, in a process of its own: the real room behind serve(), with the page that the test built.
//
// Started by arena-server.ts with the folder of the page, the port, the number of bots, the seconds of a match, and where everybody appears
// (`x,y`; a spawn point by chance when it is empty). Prints its address as one line.

import { type Client, type JoinOptions, serve } from '@tickwire/server';
import { game } from '../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';

const [staticDir = '', port, bots, matchSeconds, startsAt = ''] = process.argv.slice(2);
const [startX, startY] = startsAt.split(',').map(Number);

class Arena extends ArenaRoom {
  override bots = Number(bots);
  override matchSeconds = Number(matchSeconds);
  override onJoin(client: Client<typeof game>, options: JoinOptions): void {
    super.onJoin(client, options);
    for (const player of client.entities) if (startY !== undefined) Object.assign(player.pos, { x: startX, y: startY });
  }
}

const server = await serve({ rooms: { arena: { game, room: Arena } }, host: '127.0.0.1', port: Number(port), staticDir });
console.log(server.url);
