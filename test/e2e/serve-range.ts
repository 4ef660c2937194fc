// The server of the shooting range in a process of its own: the real serve() with the room of range-room.ts.
//
// Started by shots.test.ts. Prints its address as one line.

import { serve } from '@tickwire/server';
import { game } from './range-game.ts';
import { RangeRoom } from './range-room.ts';

const server = await serve({ rooms: { range: { game, room: RangeRoom } }, host: '127.0.0.1', port: 0 });
console.log(server.url);
