// The arena's server: the room, and the page that Vite built, on one port. PORT and HOST say where; `--bots 6` fills rooms up to so many players, and
// `--match 300` says how many seconds a match lasts; Ctrl-C ends it.
//
// `npm run dev` sets ARENA_DEV: Vite serves the page then, and this is the game only.

import { fileURLToPath } from 'node:url';
import { serve } from '@tickwire/server';
import { game } from '../game.ts';
import { ArenaRoom } from './arena-room.ts';
import { readOptions } from './options.ts';

const port = Number(process.env['PORT'] ?? 9208);
const host = process.env['HOST'] ?? 'localhost';
const isDev = process.env['ARENA_DEV'] !== undefined;
const page = isDev ? {} : { staticDir: fileURLToPath(new URL('../../dist/page', import.meta.url)) };

try {
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`PORT=${process.env['PORT']} is no port: use a number from 0 (any free one) to 65535.`);
  const { bots, matchSeconds } = readOptions(process.argv.slice(2));
  class Arena extends ArenaRoom {
    override bots = bots;
    override matchSeconds = matchSeconds;
  }
  const server = await serve({ rooms: { arena: { game, room: Arena } }, port, host, ...page });
  if (!isDev) console.log(`The arena is open: ${server.url}\nOpen it in two windows. Ctrl-C ends it.`);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
