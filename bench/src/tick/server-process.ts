// The server of a cell, in a process of its own: the arena through serve(), as a game would run it, measured from within.
//
// Invariant: between `begin` and `end` it does nothing that a game's server would not do, but for the recorder's and the counters' few stores.
// Units: milliseconds; bytes; CPU in per cent of one core.

import { type GameServer, serve } from '@tickwire/server';
import { answerParent } from '../answering.ts';
import { type ThreadTime, threadTime } from '../thread-time.ts';
import { gameAt, type Rates, roomFor, roomName } from './bench-game.ts';
import { TickRecorder, type TickTimes } from './tick-recorder.ts';
import { countTraffic, type Traffic } from './traffic.ts';

export interface ServerSettings extends Rates {
  readonly players: number;
  readonly seed: number;
}

/** Totals of the window. */
export interface ServerMeasure extends TickTimes, Traffic {
  readonly windowMs: number;
  /** Clients here at the end of the window. */
  readonly clients: number;
  readonly cpuPercent: number;
  /** The part of it that is the thread of the game's code, the rest being the native library's; null where the system does not say. */
  readonly mainThreadPercent: number | null;
  /** Time in which that thread had work and no core to do it on; null where the system does not say. */
  readonly coreWaitPercent: number | null;
  /** Beyond the idle server, after a collection: all clients and the room together. */
  readonly rssBytes: number;
  readonly heapBytes: number;
}

let running: Running | undefined;

answerParent({
  async start(settings: ServerSettings): Promise<string> {
    running = await Running.start(settings);
    return running.server.url;
  },
  begin: (seconds: number) => started().begin(seconds),
  end: () => started().end(),
  stop: () => running?.server.close(),
});

class Running {
  readonly server: GameServer;
  readonly #recorder: TickRecorder;
  readonly #traffic: () => Traffic;
  readonly #idle: NodeJS.MemoryUsage;
  #before: { readonly at: number; readonly cpu: NodeJS.CpuUsage; readonly thread: ThreadTime; readonly traffic: Traffic } | undefined;

  static async start({ players, seed, ...rates }: ServerSettings): Promise<Running> {
    const rooms = { [roomName]: { game: gameAt(rates), room: roomFor(players, seed) } };
    // Every bot comes from one address, within a second or two.
    const server = await serve({ rooms, port: 0, host: '127.0.0.1', signals: false, requestsPer10Seconds: 100 * players, development: false });
    return new Running(server, rates.tickHz);
  }

  private constructor(server: GameServer, tickHz: number) {
    this.server = server;
    this.#recorder = new TickRecorder(server.lobby, tickHz);
    this.#traffic = countTraffic(server.lobby);
    this.#idle = collectedMemory();
  }

  begin(seconds: number): void {
    this.#recorder.begin(seconds);
    this.#before = { at: performance.now(), cpu: process.cpuUsage(), thread: threadTime(), traffic: this.#traffic() };
  }

  end(): ServerMeasure {
    const before = this.#before;
    if (!before) throw new Error('`end` was asked before `begin`');
    const windowMs = performance.now() - before.at;
    const { user, system } = process.cpuUsage(before.cpu);
    const thread = threadTime();
    const percent = (ms: number): number | null => (Number.isNaN(ms) ? null : (ms / windowMs) * 100);
    const traffic = this.#traffic();
    for (const name of Object.keys(traffic) as (keyof Traffic)[]) traffic[name] -= before.traffic[name];
    const times = this.#recorder.end();
    const memory = collectedMemory();
    return {
      ...times,
      ...traffic,
      windowMs,
      clients: [...this.server.lobby.rooms.values()].reduce((sum, room) => sum + room.room.clients.length, 0),
      cpuPercent: (user + system) / 10 / windowMs,
      mainThreadPercent: percent(thread.ranMs - before.thread.ranMs),
      coreWaitPercent: percent(thread.waitedMs - before.thread.waitedMs),
      rssBytes: memory.rss - this.#idle.rss,
      heapBytes: memory.heapUsed - this.#idle.heapUsed,
    };
  }
}

function started(): Running {
  if (!running) throw new Error('the server was not started');
  return running;
}

/** Twice: the first collection queues what the second can free. Needs --expose-gc. */
function collectedMemory(): NodeJS.MemoryUsage {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage();
}
