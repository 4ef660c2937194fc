// One codec on one trace, packet by packet: how many bytes, and whether every receiver ends up with the truth.
//
// Packets are lost by a seed; news of what arrived reaches the server `ackAge` snapshots later. Clients that come and go are not part of it. Invariant:
// a codec whose receiver differs from the truth by more than the required precision is reported as a fault. Units: bytes per client per snapshot.

import { Random } from '@tickwire/shared';
import { type Codec, packetsPerSnapshot, type WireClient } from './codec.ts';
import { faultOf, frameOf, snapshotCount, type Trace, type TraceType, viewOf } from './trace.ts';

export interface ByteOptions {
  readonly clients: number;
  /** Snapshots between one that is sent and the first that is made in the knowledge of what became of it; one number for each client in turn. */
  readonly ackAges: readonly number[];
  /** Share of packets that are lost, 0 to 1. */
  readonly loss: number;
  readonly seed: number;
  /** Read every packet and compare every so many snapshots. False: bytes only. */
  readonly isVerified: boolean;
}

export interface ByteResult {
  readonly mean: number;
  readonly p95: number;
  readonly max: number;
  readonly join: number;
  /** Packets per client per snapshot. */
  readonly packets: number;
  readonly fault: string | undefined;
  readonly checks: number;
}

/** Snapshots left out of the figures: the join. */
const warmUp = 20;
const checkEvery = 10;
/** The last snapshots lose nothing, so that everyone can be whole at the end. */
const healSnapshots = 12;

export function runBytes(codec: Codec, trace: Trace, options: ByteOptions): ByteResult {
  const random = new Random(options.seed);
  const server = codec.serve(trace, options.clients);
  const clients = Array.from({ length: options.clients }, (_, client) => (options.isVerified ? codec.connect(trace, server, client) : undefined));
  const arrived = clients.map(() => new Uint32Array(snapshotCount(trace)));
  const sizes: number[] = [];
  let packetCount = 0;
  let join = 0;
  let checks = 0;
  let fault: string | undefined;
  const last = snapshotCount(trace) - 1;
  for (let snapshot = 0; snapshot <= last; snapshot++) {
    server.advance(snapshot);
    for (let client = 0; client < options.clients; client++) {
      const age = options.ackAges[client % options.ackAges.length] as number;
      if (snapshot >= age) server.acknowledge(client, snapshot - age, arrived[client]?.[snapshot - age] as number);
      const receiver = clients[client];
      let size = 0;
      let bits = 0;
      for (const [index, packet] of server.encode(client, packetsPerSnapshot).entries()) {
        size += packet.length;
        if (snapshot >= warmUp) packetCount++;
        const isLost = random.chance(options.loss) && snapshot <= last - healSnapshots && !codec.isOrdered;
        if (isLost) continue;
        bits |= 1 << index;
        if (receiver && !receiver.receive(packet)) fault ??= `snapshot ${snapshot}: a packet was refused`;
      }
      (arrived[client] as Uint32Array)[snapshot] = bits;
      if (snapshot >= warmUp) sizes.push(size);
      const isDue = options.loss === 0 ? snapshot % checkEvery === 0 && snapshot >= warmUp : snapshot === last;
      if (!receiver || !isDue) continue;
      fault ??= difference(trace, client, snapshot, receiver);
      checks++;
    }
    if (snapshot === warmUp) join = server.join(0);
    server.finish();
  }
  return { ...spread(sizes), join, packets: packetCount / Math.max(1, sizes.length), fault, checks };
}

/** What a receiver has wrong, too much or too little at a snapshot. */
export function difference(trace: Trace, client: number, snapshot: number, receiver: WireClient): string | undefined {
  const { ids, types, rows } = frameOf(trace, snapshot);
  const got = receiver.state();
  const view = viewOf(trace, client, snapshot);
  for (const index of view) {
    const id = ids[index] as number;
    const has = got.get(id);
    if (!has) return `snapshot ${snapshot}: entity ${id} is missing`;
    const wrong = faultOf(trace.types[types[index] as number] as TraceType, rows, index * trace.stride, has);
    if (wrong) return `snapshot ${snapshot}: entity ${id} ${wrong}`;
  }
  return got.size === view.length ? undefined : `snapshot ${snapshot}: ${got.size} entities for ${view.length}`;
}

function spread(sizes: number[]): { mean: number; p95: number; max: number } {
  const sorted = sizes.toSorted((a, b) => a - b);
  const mean = sizes.reduce((sum, size) => sum + size, 0) / Math.max(1, sizes.length);
  return { mean, p95: sorted[Math.floor(sorted.length * 0.95)] ?? 0, max: sorted.at(-1) ?? 0 };
}
