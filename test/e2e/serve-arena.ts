// The arena's server from its sources, in a process of its own: the real room behind serve(), with the page that the test built.
//
// Started by game-server.ts with the folder of the page and the port as arguments. Prints its address as one line.

import { serve } from '@tickwire/server';
import { game } from '../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../examples/arena/src/server/arena-room.ts';

const [staticDir = '', port = '0'] = process.argv.slice(2);
const server = await serve({ rooms: { arena: { game, room: ArenaRoom } }, host: '127.0.0.1', port: Number(port), staticDir });
console.log(server.url);
