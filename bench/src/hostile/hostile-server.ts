// The server of the hostile suite, in a process of its own: the arena through serve() with the limits that it comes with, or with those of handshakes lifted.
//
// Invariant: between `begin` and `end` it does nothing that a game's server would not do, but for the recorder's few stores. Units: milliseconds; bytes.

import { type GameServer, type GameServerCounters, type ServerLimits, serve } from '@tickwire/server';
import { answerParent } from '../answering.ts';
import { threadTime } from '../thread-time.ts';
import { gameAt, type Rates, roomFor, roomName } from '../tick/bench-game.ts';
import { TickRecorder, type TickTimes } from '../tick/tick-recorder.ts';

export interface HostileServerSettings extends Rates {
  /** Honest and hostile ones: all may be in the room. */
  readonly players: number;
  readonly seed: number;
  /** So many requests from one address: all honest bots have one. */
  readonly requestsPer10Seconds: number;
  readonly limits?: Partial<ServerLimits>;
}

export interface ServerState {
  readonly counters: GameServerCounters;
  readonly rooms: number;
  /** Seats taken in all rooms. */
  readonly members: number;
  /** After a collection. */
  readonly rssBytes: number;
  readonly heapBytes: number;
}

/** Per cent of one core. */
export interface ServerLoad {
  readonly cpuPercent: number;
  /** Of it, the thread of the game's code; the rest is the native library's. */
  readonly mainThreadPercent: number;
  /** That thread had work, and other processes had its core. */
  readonly coreWaitPercent: number;
}

export interface ServerWindow extends TickTimes, ServerLoad {}

let before = { at: 0, cpu: process.cpuUsage(), thread: threadTime() };
let server: GameServer | undefined;
let recorder: TickRecorder | undefined;

answerParent({
  async start({ players, seed, requestsPer10Seconds, limits = {}, ...rates }: HostileServerSettings): Promise<string> {
    const rooms = { [roomName]: { game: gameAt(rates), room: roomFor(players, seed) } };
    server = await serve({ rooms, port: 0, host: '127.0.0.1', signals: false, requestsPer10Seconds, limits, development: false, logLevel: 'silent' });
    recorder = new TickRecorder(server.lobby, rates.tickHz);
    return server.url;
  },
  begin(seconds: number) {
    recorder?.begin(seconds);
    before = { at: performance.now(), cpu: process.cpuUsage(), thread: threadTime() };
  },
  end: (): ServerWindow | undefined => recorder && { ...recorder.end(), ...loadSince(before) },
  state: (): ServerState => stateOf(started()),
  tickZero: (): number => tickZeroOf(started()),
  handshakes: (): number => started().counters.webrtc.handshakesNow,
  stop: () => server?.close(),
});

function started(): GameServer {
  if (!server) throw new Error('the server was not started');
  return server;
}

function loadSince({ at, cpu, thread }: typeof before): ServerLoad {
  const percent = (ms: number): number => (ms / (performance.now() - at)) * 100;
  const { user, system } = process.cpuUsage(cpu);
  const now = threadTime();
  return {
    cpuPercent: percent((user + system) / 1000),
    mainThreadPercent: percent(now.ranMs - thread.ranMs),
    coreWaitPercent: percent(now.waitedMs - thread.waitedMs),
  };
}

function stateOf({ lobby, counters }: GameServer): ServerState {
  let members = 0;
  for (const room of lobby.rooms.values()) members += room.members.size;
  globalThis.gc?.();
  globalThis.gc?.();
  const { rss, heapUsed } = process.memoryUsage();
  return {
    counters,
    rooms: lobby.rooms.size,
    members,
    rssBytes: rss,
    heapBytes: heapUsed,
  };
}

/** When tick 0 of the honest room was, on the clock that all processes of a machine share. Ticks that were left out move it. */
function tickZeroOf({ lobby }: GameServer): number {
  const [honest] = lobby.rooms.values();
  if (!honest) return Number.NaN;
  return sharedNow() - performance.now() + honest.nextTickAt - ((honest.world.tick + 1) * 1000) / honest.game.tickHz;
}

function sharedNow(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
