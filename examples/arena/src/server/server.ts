// The arena's server: the room, and the page that Vite built, on one port. PORT and HOST say where.
//
// Ctrl-C ends it: everyone is told, then the process goes.

import { fileURLToPath } from 'node:url';
import { serve } from '@tickwire/server';
import { game } from '../game.ts';
import { ArenaRoom } from './arena-room.ts';

const port = portOf(process.env['PORT'] ?? '9208');
const host = process.env['HOST'] ?? '127.0.0.1';
const staticDir = fileURLToPath(new URL('../page', import.meta.url));

try {
  const server = await serve({ rooms: { arena: { game, room: ArenaRoom } }, port, host, staticDir });
  console.log(`Arena: ${addressOf(server.url)}  (open it in two windows; Ctrl-C ends it)`);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void server.close().finally(() => process.exit(0));
    });
  }
} catch (error) {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'EADDRINUSE') fail(`Port ${port} is taken. Stop what uses it, or choose another: PORT=${port + 1} npm start`);
  if (code === 'EACCES') fail(`Port ${port} needs more rights than this process has. Choose another: PORT=9208 npm start`);
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') fail(`HOST=${host} is no address of this machine. 127.0.0.1 serves this machine only, 0.0.0.0 everyone who can reach it.`);
  throw error;
}

function portOf(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1 || number > 65_535) fail(`PORT=${text} is no port: use a whole number from 1 to 65535.`);
  return number;
}

/** Browsers and terminals know `localhost`; a bare loopback address is less of a link. */
function addressOf(url: string): string {
  return url.replace(/\/\/(127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?=[:/]|$)/, '//localhost');
}

function fail(line: string): never {
  console.error(line);
  process.exit(1);
}
