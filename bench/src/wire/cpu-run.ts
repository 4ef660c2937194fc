// How much processor time a codec takes: its server for all clients of a trace, and one client's reading.
//
// Serving all clients one snapshot is read from process.cpuUsage (user and system) before and after, and summed over whole passes: where that clock moves
// in steps of 4 ms, only the sum means anything. Passes of all contenders alternate, round after round, and a figure is the median of its rounds. Putting
// the trace's numbers into plain objects is the harness's own work: it is measured alike and taken off every server. Servers and readers run in processes
// of their own (cpu-process.ts), as in life: what is compiled for the one is not made slower by what the other does.
// Units: microseconds of CPU per client per snapshot.

import { getHeapStatistics } from 'node:v8';
import { Random } from '@tickwire/shared';
import { type Codec, packetsPerSnapshot, type WireServer } from './codec.ts';
import { snapshotCount, type Trace, type TraceType, ticksPerSnapshot } from './trace.ts';

/** A codec on a trace, with so many clients and their ack ages in turn. */
export interface Contender {
  readonly codec: Codec;
  readonly trace: Trace;
  readonly clients: number;
  readonly ackAges: readonly number[];
  readonly loss: number;
  /** Whether reading and heap are measured as well. */
  readonly isWhole: boolean;
}

export interface CpuResult {
  /** Everything that a server does for a snapshot: taking the states over, differences, priorities, encoding, acks. */
  readonly serverUs: number;
  /** Without taking the states over (change tracking, recording). */
  readonly encodeUs: number;
  readonly decodeUs: number;
  /** Bytes of heap that the server allocates. */
  readonly heapBytes: number;
  /** `serverUs` of each round, for ratios within rounds. */
  readonly rounds: readonly { readonly serverUs: number; readonly encodeUs: number; readonly decodeUs: number }[];
}

/** A pass shorter than this is run again: the clock moves in steps of up to 4 ms. */
const passUsMin = 60_000;
/** Snapshots that are run and not measured: the join. */
const settleSnapshots = 12;

/** Which side is measured. */
export type Side = 'server' | 'client';

/** Measures one side of every contender; the figures of the other are NaN. */
export function runCpu(contenders: readonly Contender[], rounds: number, side: Side, tell: (what: string) => void): CpuResult[] {
  const isServer = side === 'server';
  const packets = contenders.map((contender) => (contender.isWhole && !isServer ? packetsOf(contender) : []));
  const results: CpuResult['rounds'][number][][] = contenders.map(() => []);
  // Once, before warming up: a forced collection drops compiled code that no living object needs, and what runs next is up to four times slower.
  globalThis.gc?.();
  for (let round = -1; round < rounds; round++) {
    tell(round < 0 ? `CPU of the ${side}: warming up` : `CPU of the ${side}: round ${round + 1} of ${rounds}`);
    for (const [index, contender] of contenders.entries()) {
      const { trace, clients } = contender;
      const measured = snapshotCount(trace) - settleSnapshots;
      if (!isServer) {
        const reading = contender.isWhole ? timed((meter) => decode(contender, packets[index] as Uint8Array[][], meter)).first : Number.NaN;
        if (round >= 0) results[index]?.push({ serverUs: Number.NaN, encodeUs: Number.NaN, decodeUs: reading / measured });
        continue;
      }
      const assigning = timed((meter) => meter.measure(() => assign(trace))).first / snapshotCount(trace);
      const serving = timed((meter) => serve(contender, meter));
      const encodeUs = serving.second / measured / clients;
      const serverUs = encodeUs + Math.max(0, serving.first / measured - assigning) / clients;
      if (round >= 0) results[index]?.push({ serverUs, encodeUs, decodeUs: Number.NaN });
    }
  }
  return contenders.map((contender, index) => {
    const all = results[index] as CpuResult['rounds'];
    return {
      serverUs: median(all.map(({ serverUs }) => serverUs)),
      encodeUs: median(all.map(({ encodeUs }) => encodeUs)),
      decodeUs: median(all.map(({ decodeUs }) => decodeUs)),
      heapBytes: contender.isWhole && isServer ? heapOf(contender) : Number.NaN,
      rounds: all,
    };
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length % 2 === 1) return sorted[middle] as number;
  return ((sorted[middle - 1] ?? Number.NaN) + (sorted[middle] ?? Number.NaN)) / 2;
}

/** Adds up the CPU time of two kinds of section. */
class Meter {
  first = 0;
  second = 0;

  measure(run: () => void, isSecond = false): void {
    const before = process.cpuUsage();
    run();
    const after = process.cpuUsage();
    const us = after.user - before.user + after.system - before.system;
    if (isSecond) this.second += us;
    else this.first += us;
  }
}

const unmeasured = new Meter();

/** Microseconds of the sections of one run, from as many runs as the clock needs. */
function timed(run: (meter: Meter) => void): Meter {
  const meter = new Meter();
  let runs = 0;
  do {
    run(meter);
    runs++;
  } while (meter.first + meter.second < passUsMin);
  meter.first /= runs;
  meter.second /= runs;
  return meter;
}

/** The trace's numbers into plain objects, as every server does first. */
function assign(trace: Trace): void {
  const objects = new Map<number, Record<string, number>>();
  const names = trace.types.map(({ units }) => units.map(({ field }, axis) => `${field.name}${axis}`));
  for (const { ids, types, rows } of trace.frames) {
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index] as number;
      const number = types[index] as number;
      let object = objects.get(id);
      if (!object) {
        object = {};
        objects.set(id, object);
      }
      const { units } = trace.types[number] as TraceType;
      for (let axis = 0; axis < units.length; axis++) {
        const { min, step } = units[axis] as TraceType['units'][number];
        object[names[number]?.[axis] as string] = min + (rows[index * trace.stride + axis] as number) * step;
      }
    }
  }
}

/** First section: the states are taken over. Second: every client is served. */
function serve(contender: Contender, meter: Meter): void {
  const { codec, trace, clients } = contender;
  const server = codec.serve(trace, clients);
  const arrivals = new Arrivals(contender);
  for (let snapshot = 0; snapshot < snapshotCount(trace); snapshot++) {
    const to = snapshot < settleSnapshots ? unmeasured : meter;
    to.measure(() => server.advance(snapshot));
    to.measure(() => serveSnapshot(server, contender, arrivals, snapshot), true);
  }
}

function serveSnapshot(server: WireServer, { clients }: Contender, arrivals: Arrivals, snapshot: number): void {
  for (let client = 0; client < clients; client++) {
    arrivals.tell(server, client, snapshot);
    arrivals.sent(client, snapshot, server.encode(client, packetsPerSnapshot).length);
  }
  server.finish();
}

/** What a client of the middle ack age is sent, by snapshots. */
function packetsOf(contender: Contender): Uint8Array[][] {
  const { codec, trace } = contender;
  const ackAge = contender.ackAges[contender.ackAges.length >> 1] as number;
  const server = codec.serve(trace, 1);
  const arrivals = new Arrivals({ ...contender, clients: 1, ackAges: [ackAge], loss: 0 });
  const packets: Uint8Array[][] = [];
  for (let snapshot = 0; snapshot < snapshotCount(trace); snapshot++) {
    server.advance(snapshot);
    arrivals.tell(server, 0, snapshot);
    const sent = server.encode(0, packetsPerSnapshot);
    arrivals.sent(0, snapshot, sent.length);
    packets.push(sent.map((packet) => packet.slice()));
    server.finish();
  }
  decoders.set(contender, server);
  return packets;
}

function decode(contender: Contender, packets: readonly (readonly Uint8Array[])[], meter: Meter): void {
  const client = contender.codec.connect(contender.trace, decoders.get(contender) as WireServer, 0);
  const receive = (from: number, to: number): void => {
    for (let snapshot = from; snapshot < to; snapshot++) for (const packet of packets[snapshot] ?? []) client?.receive(packet);
  };
  receive(0, settleSnapshots);
  meter.measure(() => receive(settleSnapshots, packets.length));
}

/** The server that made a contender's packets: its clients know its ids. */
const decoders = new WeakMap<Contender, WireServer>();

/** Bytes that serving one client one snapshot allocates: the growth of the heap over snapshots in which nothing was collected. */
function heapOf(contender: Contender): number {
  const { codec, trace, clients } = contender;
  const server = codec.serve(trace, clients);
  const arrivals = new Arrivals(contender);
  const grown: number[] = [];
  for (let snapshot = 0; snapshot < Math.min(120, snapshotCount(trace)); snapshot++) {
    server.advance(snapshot);
    const before = getHeapStatistics().used_heap_size;
    serveSnapshot(server, contender, arrivals, snapshot);
    const growth = getHeapStatistics().used_heap_size - before;
    if (growth >= 0 && snapshot >= 20) grown.push(growth / clients);
  }
  return median(grown);
}

/** Which packets arrived, and when the server hears of it. */
class Arrivals {
  readonly #ackAges: readonly number[];
  readonly #loss: number;
  readonly #random = new Random(1);
  readonly #bits: Uint32Array[];

  constructor({ trace, clients, ackAges, loss }: Contender) {
    this.#ackAges = ackAges;
    this.#loss = loss;
    this.#bits = Array.from({ length: clients }, () => new Uint32Array(trace.frames.length / ticksPerSnapshot(trace) + 1));
  }

  sent(client: number, snapshot: number, packets: number): void {
    let bits = 0;
    for (let index = 0; index < packets; index++) if (!this.#random.chance(this.#loss)) bits |= 1 << index;
    (this.#bits[client] as Uint32Array)[snapshot] = bits;
  }

  tell(server: WireServer, client: number, snapshot: number): void {
    const age = this.#ackAges[client % this.#ackAges.length] as number;
    if (snapshot >= age) server.acknowledge(client, snapshot - age, this.#bits[client]?.[snapshot - age] as number);
  }
}
