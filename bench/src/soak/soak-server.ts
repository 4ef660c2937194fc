// The server of a soak, in a process of its own: the arena through serve(), in rooms that end by themselves, and what the process holds.
//
// Invariant: nothing is counted that a sample itself makes; memory is read after a collection (--expose-gc). Units: bytes; seconds since the start.

import { readdirSync, readFileSync } from 'node:fs';
import { type GameServer, serve } from '@tickwire/server';
import { game } from '../../../examples/arena/src/game.ts';
import { answerParent } from '../answering.ts';
import type { Leak } from './soak-options.ts';
import { roomName, soakRoom } from './soak-room.ts';

export interface SoakSettings {
  readonly clients: number;
  readonly leak: Leak;
}

/** What the process holds at a moment. */
export interface Held {
  readonly atSeconds: number;
  readonly rssBytes: number;
  readonly heapBytes: number;
  /** Of buffers outside V8's heap. */
  readonly externalBytes: number;
  /** Timers, sockets and whatever else keeps Node's loop busy. */
  readonly resources: number;
  /** Open descriptors: each native peer connection has one or more. NaN where the system does not say. */
  readonly descriptors: number;
  readonly threads: number;
  readonly rooms: number;
  readonly sessions: number;
  readonly links: number;
  readonly handshakes: number;
}

let server: GameServer | undefined;

answerParent({
  async start({ clients, leak }: SoakSettings): Promise<string> {
    server = await serve({
      rooms: { [roomName]: { game, room: soakRoom(leak) } },
      port: 0,
      host: '127.0.0.1',
      signals: false,
      requestsPer10Seconds: 1000 * clients,
      development: false,
    });
    return server.url;
  },
  held,
  stop: () => server?.close(),
});

function held(): Held {
  if (!server) throw new Error('the server was not started');
  // Twice: the first collection queues what the second can free.
  globalThis.gc?.();
  globalThis.gc?.();
  const memory = process.memoryUsage();
  const { linksNow, handshakesNow } = server.counters.webrtc;
  let sessions = 0;
  for (const { members } of server.lobby.rooms.values()) sessions += members.size;
  return {
    atSeconds: process.uptime(),
    rssBytes: memory.rss,
    heapBytes: memory.heapUsed,
    externalBytes: memory.external,
    resources: process.getActiveResourcesInfo().length,
    descriptors: descriptors(),
    threads: Number(/^Threads:\s+(\d+)/m.exec(readText('/proc/self/status'))?.[1] ?? Number.NaN),
    rooms: server.lobby.rooms.size,
    sessions,
    links: linksNow,
    handshakes: handshakesNow,
  };
}

/** Without the one that reads the folder. */
function descriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length - 1;
  } catch {
    return Number.NaN;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
