// The server of the darkness tests in a process of its own: the real serve() with the room of dark-room.ts.
//
// Started by dark.test.ts. Prints its address as one line.

import { serve } from '@tickwire/server';
import { game } from '../webrtc/dark-game.ts';
import { DarkRoom } from '../webrtc/dark-room.ts';

const server = await serve({ rooms: { dark: { game, room: DarkRoom } }, host: '127.0.0.1', port: 0 });
console.log(server.url);
