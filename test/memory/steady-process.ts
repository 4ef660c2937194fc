// The process of the memory test: one room, three clients and their memory links on a virtual clock, and what they allocate in steady state.
//
//   node --expose-gc --min-semi-space-size=16 --conditions=@tickwire/source --import tsx test/memory/steady-process.ts [ticks] [--where] [--turning]
//
// First it counts: ticks with nothing between them, and the collections and bytes of all. Then it measures, with readings of the heap between the parts.
// `--where` lists the functions that allocate, instead; with `--turning` 20 numbers with a fraction change in each tick. Invariant: between two readings nothing allocates but the part that is measured and the reading,
// whose share is measured as well. Units: bytes of the heap, a tick of the whole system where nothing else is said; milliseconds of virtual time.

import { Session } from 'node:inspector';
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapStatistics } from 'node:v8';
import { ClientRoom } from '@tickwire/client/core';
import { RoomCore } from '@tickwire/server/core';
import { type MemoryLinkPair, memoryLinkPair } from '@tickwire/shared';
import { SteadyRoom, steadyGame, steadyPlayer, steadyRenderer } from './steady-game.ts';
import { type AllocationNode, allocators } from './where.ts';

/** What a run gives, as one line of JSON. */
export interface SteadyReport {
  readonly ticks: number;
  /** Collections while the ticks ran: of the young part of the heap, and of all of it. */
  readonly scavenges: number;
  readonly majors: number;
  /** Allocated in the heap, and for typed arrays outside of it. */
  readonly bytes: number;
  readonly outsideBytes: number;
  /** `server`: a tick of the room. `clients`: a frame of each. `delivery`: the links, with what either end does with what came. */
  readonly parts: Readonly<Record<Part, number>>;
  /** To see that it was a game: entities and packets, and what went wrong. */
  readonly entities: number;
  readonly packets: number;
  readonly inputPackets: number;
  readonly wrong: number;
}

export type Part = 'server' | 'clients' | 'delivery';

const clients = 3;
const tickMs = 1000 / 60;
/** Long enough that everything is compiled for good and every table has grown: a minute and a half. */
const warmTicks = 6000;
const measuredTicks = 2000;
/** PerformanceObserver's `kind` of a scavenge: NODE_PERFORMANCE_GC_MINOR. */
const minor = 1;

const core = new RoomCore({ game: steadyGame, room: new SteadyRoom(), roomId: 'room', seed: 1, onError: fail }, 0);
core.create({ turns: process.argv.includes('--turning') });
const pairs: MemoryLinkPair[] = [];
const rooms: ClientRoom<typeof steadyGame>[] = [];
for (let number = 1; number <= clients; number++) join(number);

let tick = 0;

await main();

async function main(): Promise<void> {
  const ticks = Number(process.argv[2] ?? 10_000);
  run(warmTicks);
  measure(500);
  run(500);
  if (process.argv.includes('--where')) {
    for (const line of where(ticks)) console.log(line);
    return;
  }
  const counted = await count(ticks);
  const parts = measure(measuredTicks);
  const report: SteadyReport = {
    ticks,
    ...counted,
    parts,
    entities: core.world.slotCount - 1,
    packets: sum(({ stats }) => stats.packetsReceived),
    inputPackets: sum(({ stats }) => stats.packetsSent),
    wrong: sum(({ stats }) => stats.packetsWrong + stats.resyncs),
  };
  console.log(JSON.stringify(report));
}

/** Lets so many ticks pass. */
function run(ticks: number): void {
  for (const end = tick + ticks; tick < end; tick++) {
    const now = tick * tickMs;
    server(now + 0.1);
    deliver(now + 4.3);
    frames(now + 8.7);
    deliver(now + 12.9);
  }
}

/** The same, and what of the heap it took. */
async function count(ticks: number): Promise<Pick<SteadyReport, 'scavenges' | 'majors' | 'bytes' | 'outsideBytes'>> {
  let scavenges = 0;
  let collections = 0;
  let startedAt = 0;
  let endedAt = 0;
  const observer = new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      // What was before is told late, and the telling itself allocates.
      if (entry.startTime < startedAt || entry.startTime > endedAt) continue;
      collections++;
      if ((entry as unknown as { detail: { kind: number } }).detail.kind === minor) scavenges++;
    }
  });
  globalThis.gc?.();
  await settled();
  observer.observe({ entryTypes: ['gc'] });
  startedAt = performance.now();
  const outside = process.memoryUsage().arrayBuffers;
  const before = heapBytes();
  run(ticks);
  endedAt = performance.now();
  const bytes = (heapBytes() - before) / ticks;
  const outsideBytes = (process.memoryUsage().arrayBuffers - outside) / ticks;
  await settled();
  observer.disconnect();
  return { scavenges, majors: collections - scavenges, bytes, outsideBytes };
}

/** The same, with a reading between the parts. */
function measure(ticks: number): Record<Part, number> {
  let [served, framed, delivered, read, counted] = [0, 0, 0, 0, 0];
  globalThis.gc?.();
  for (const end = tick + ticks; tick < end; tick++) {
    const now = tick * tickMs;
    const nothing = heapBytes();
    const start = heapBytes();
    server(now + 0.1);
    const first = heapBytes();
    deliver(now + 4.3);
    const second = heapBytes();
    frames(now + 8.7);
    const third = heapBytes();
    deliver(now + 12.9);
    const fourth = heapBytes();
    if (start < nothing || first < start || second < first || third < second || fourth < third) continue; // collected meanwhile
    counted++;
    read += start - nothing;
    served += first - start;
    framed += third - second;
    delivered += second - first + (fourth - third);
  }
  return { server: (served - read) / counted, clients: (framed - read) / counted, delivery: (delivered - 2 * read) / counted };
}

/** Lets ticks pass under V8's sampling heap profiler. @returns the functions that allocated, most bytes first. */
function where(ticks: number): string[] {
  const session = new Session();
  let lines: string[] = [];
  session.connect();
  // What was collected meanwhile counts as well: the types of Node 20 do not know these two.
  const all = { samplingInterval: 64, includeObjectsCollectedByMajorGC: true, includeObjectsCollectedByMinorGC: true };
  session.post('HeapProfiler.startSampling', all);
  run(ticks);
  session.post('HeapProfiler.stopSampling', (error, result) => {
    if (error) throw error;
    lines = allocators(result.profile.head as AllocationNode, ticks);
  });
  return lines;
}

function server(now: number): void {
  core.advance(now);
}

function deliver(now: number): void {
  for (let index = 0; index < clients; index++) (pairs[index] as MemoryLinkPair).advance(now);
}

function frames(now: number): void {
  for (let index = 0; index < clients; index++) (rooms[index] as ClientRoom<typeof steadyGame>).frame(now);
}

function heapBytes(): number {
  return getHeapStatistics().used_heap_size;
}

function join(number: number): void {
  const pair = memoryLinkPair({ seed: number, profile: { delayMs: 30, jitterMs: 5 }, thrown: fail });
  const seat = { roomId: 'room', sessionId: `session-${number}`, token: `token-${number}` };
  core.reserve(seat.sessionId, seat.token, undefined, {}, 0);
  core.accept(seat.sessionId, pair.a);
  const room = new ClientRoom(steadyGame, seat, 0);
  room.accept(pair.b).catch(fail);
  room.onInput(steadyPlayer(number));
  room.onRender(steadyRenderer());
  pairs.push(pair);
  rooms.push(room);
}

function sum(of: (room: ClientRoom<typeof steadyGame>) => number): number {
  return rooms.reduce((total, room) => total + of(room), 0);
}

/** Observers are told of collections in a later turn. */
function settled(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 50));
}

function fail(error: unknown): never {
  console.error(error);
  process.exit(1);
}
