// What a rewind costs the server: an arena with so many players on an uneven network, each of whom looks at all others in his past, in every tick.
//
//   npx tsx --conditions=@tickwire/source bench/src/feel/rewind-cpu.ts
//
// Invariant: the world, the network and the inputs are the same in every run; only the times are measured. Units: nanoseconds of process time.

import { pathToFileURL } from 'node:url';
import { ClientRoom } from '@tickwire/client/core';
import { type Client, RoomCore } from '@tickwire/server/core';
import { type MemoryLinkPair, memoryLinkPair, Random } from '@tickwire/shared';
import { game } from '../../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../../examples/arena/src/server/arena-room.ts';

export interface RewindCost {
  readonly players: number;
  readonly rewinds: number;
  /** A rewind that looks at all players: the median and the 99th percentile of ticks, each the mean of its rewinds. */
  readonly medianNs: number;
  readonly p99Ns: number;
  /** The same for each player that was looked at. */
  readonly perPlayerNs: number;
  /** A rewind that looks at one player by its id. */
  readonly getNs: number;
  /** A rewind that asks for nothing. */
  readonly emptyNs: number;
  /** Players that a rewind showed, on average: to see that there was something to look at. */
  readonly shown: number;
}

/** Measures it. @param seconds of the game that are measured, after three that are not. */
export function measureRewind(players = 64, seconds = 5): RewindCost {
  const room = new Crowd();
  const core = new RoomCore({ game, room, roomId: 'room', seed: 5, onError: fail }, 0);
  core.create({});
  const clients = Array.from({ length: players }, (_, number) => join(core, number));
  for (let now = 0; now < (3 + seconds) * 1000; now += stepMs) {
    room.isMeasured = now >= 3000;
    for (const { pair } of clients) pair.advance(now);
    core.advance(now);
    for (const { room: page } of clients) page.frame(now);
  }
  const at = (share: number, of: (tick: RewindTick) => number): number => {
    const sorted = room.ticks.map(of).sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  };
  const medianNs = at(0.5, ({ all }) => all);
  const shown = at(0.5, (tick) => tick.shown);
  return {
    players,
    rewinds: room.ticks.length * players,
    medianNs,
    p99Ns: at(0.99, ({ all }) => all),
    perPlayerNs: medianNs / shown,
    getNs: at(0.5, ({ get }) => get),
    emptyNs: at(0.5, ({ empty }) => empty),
    shown,
  };
}

/** A frame of everything: 120 a second. */
const stepMs = 1000 / 120;

function join(core: RoomCore<typeof game>, number: number): { pair: MemoryLinkPair; room: ClientRoom<typeof game> } {
  const seat = { roomId: 'room', sessionId: `session-${number}`, token: `token-${number}` };
  const random = new Random(number);
  const pair = memoryLinkPair({ seed: number, profile: { delayMs: 40, jitterMs: 20, loss: 0.02 }, thrown: fail });
  const room = new ClientRoom(game, seat, 0);
  core.reserve(seat.sessionId, seat.token, undefined, {}, 0);
  core.accept(seat.sessionId, pair.a);
  room.accept(pair.b).catch(fail);
  const move = { x: 0, y: 0 };
  let made = 0;
  room.onInput(() => {
    if (random.chance(0.05)) Object.assign(move, { x: random.range(-1, 1), y: random.range(-1, 1) });
    return { move, aim: ++made / 30, fire: made % 40 === 0 };
  });
  return { pair, room };
}

function fail(error: unknown): never {
  throw error;
}

interface RewindTick {
  readonly all: number;
  readonly get: number;
  readonly empty: number;
  readonly shown: number;
}

/** An arena for everyone who comes. */
class Crowd extends ArenaRoom {
  override maxClients = 256;
  isMeasured = false;
  readonly ticks: RewindTick[] = [];

  override onTick(): void {
    super.onTick();
    if (!this.isMeasured) return;
    let shown = 0;
    const [first] = this.world.all('player');
    const each = (look: (client: Client<typeof game>) => void): number => {
      const startedAt = process.hrtime.bigint();
      for (const client of this.clients) look(client);
      return Number(process.hrtime.bigint() - startedAt) / this.clients.length;
    };
    const all = each((client) => {
      shown += this.rewind(client, (past) => past.all('player').length);
    });
    const get = each((client) => void this.rewind(client, (past) => past.get(first?.id ?? null)));
    const empty = each((client) => void this.rewind(client, (past) => past.ticks));
    this.ticks.push({ all, get, empty, shown: shown / this.clients.length });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { rewinds, ...cost } = measureRewind();
  console.log(`${rewinds} rewinds:`, JSON.stringify(cost));
}
