// The server of drain-game.ts in a process of its own: the real serve(), ended by signals. Started by the tests, which read its address from its first line.
//
// Arguments: port, seconds to drain, folder of saved rooms (none when left out), seconds between saves (none),
// folder of a page (none).

import { serve } from '@tickwire/server';
import { game } from './drain-game.ts';
import { Lasting, Match, Stuck } from './drain-room.ts';

const [port, drainSeconds, saveDir, saveEverySeconds, staticDir] = process.argv.slice(2);
const server = await serve({
  rooms: { match: { game, room: Match }, lasting: { game, room: Lasting }, stuck: { game, room: Stuck } },
  host: '127.0.0.1',
  port: Number(port),
  drainSeconds: Number(drainSeconds),
  requestsPer10Seconds: 10_000,
  ...(saveDir === undefined ? {} : { saveDir }),
  ...(saveEverySeconds === undefined ? {} : { saveEverySeconds: Number(saveEverySeconds) }),
  ...(staticDir === undefined ? {} : { staticDir }),
});
console.log(server.url);
