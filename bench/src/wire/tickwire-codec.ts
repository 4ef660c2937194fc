// Tickwire as it ships: the real world, history, replicas, sent packets and snapshot writer on one side, the snapshot reader on the other.
//
// Every client is a spectator, so that all codecs send the same precision. Flow control is left out (the harness says how many packets a snapshot may
// have); acks reach `SentPackets` as they would from an input packet. Units: ticks, bytes; ids are the trace's outside and Tickwire's inside.

import { type AnyGame, type EntityId, limits } from '@tickwire/shared';
import { AckWindow, emptySnapshotHead, History, nextSequence, type Sequence, slotOf, World } from '@tickwire/shared/internal';
import { ReceivedWorld } from '../../../packages/client/src/received-world.ts';
import { SnapshotReader } from '../../../packages/client/src/snapshot-reader.ts';
import { Effects } from '../../../packages/server/src/effects.ts';
import { Flight } from '../../../packages/server/src/flight.ts';
import { Priority } from '../../../packages/server/src/priority.ts';
import { Replica } from '../../../packages/server/src/replica.ts';
import { SentPackets } from '../../../packages/server/src/sent-packets.ts';
import { type Receiver, SnapshotWriter } from '../../../packages/server/src/snapshot-writer.ts';
import { Traffic } from '../../../packages/server/src/traffic.ts';
import type { Codec, WireClient, WireServer } from './codec.ts';
import { gameOf, portsOf } from './tickwire-game.ts';
import { frameOf, type Trace, ticksPerSnapshot, viewOf } from './trace.ts';

export const tickwire: Codec = {
  name: 'tickwire',
  isOrdered: false,
  serve: (trace, clients) => new TickwireServer(trace, clients),
  connect: (trace, server) => new TickwireClient(trace, (server as TickwireServer).game, (server as TickwireServer).ids),
};

/** One client as the server knows it. */
interface Peer extends Receiver {
  readonly seen: { readonly slots: Int32Array; count: number };
  sequence: Sequence;
  /** What it said that it has, and the first sequence of each of its latest snapshots. */
  readonly window: AckWindow;
  readonly firstSequence: Int32Array;
}

class TickwireServer implements WireServer {
  readonly game: AnyGame;
  /** The trace's id of each entity. */
  readonly ids = new Map<EntityId, number>();
  readonly #trace: Trace;
  readonly #world: World<AnyGame>;
  readonly #history: History;
  readonly #writer: SnapshotWriter;
  readonly #peers: Peer[];
  readonly #head = emptySnapshotHead();
  readonly #entities = new Map<number, { readonly id: EntityId; readonly type: number; seenAt: number }>();
  readonly #packets: Uint8Array[] = [];
  /** What the packets lie in, used again for each client. */
  readonly #buffers: Uint8Array[] = [];
  readonly #ports;
  #snapshot = 0;

  constructor(trace: Trace, clients: number) {
    this.#trace = trace;
    this.game = gameOf(trace);
    this.#world = new World(this.game);
    this.#history = new History(this.game);
    this.#writer = new SnapshotWriter(this.#world, this.#history);
    this.#peers = Array.from({ length: clients }, () => newPeer(this.game, trace.views !== undefined));
    this.#ports = trace.types.map(portsOf);
  }

  advance(snapshot: number): void {
    const every = ticksPerSnapshot(this.#trace);
    for (let tick = Math.max(0, (snapshot - 1) * every + 1); tick <= snapshot * every; tick++) this.#apply(tick);
    this.#snapshot = snapshot;
  }

  encode(client: number, packetsMax: number): readonly Uint8Array[] {
    const peer = this.#peers[client] as Peer;
    this.#packets.length = 0;
    peer.firstSequence[this.#snapshot % remembered] = nextSequence(peer.sequence);
    this.#write(peer, client, packetsMax);
    return this.#packets;
  }

  finish(): void {}

  acknowledge(client: number, snapshot: number, packets: number): void {
    const peer = this.#peers[client] as Peer;
    const first = peer.firstSequence[snapshot % remembered] as number;
    for (let index = 0; packets >>> index > 0; index++) if ((packets >>> index) & 1) peer.window.mark(((first + index) & 0xffff) as Sequence);
    peer.flight.acknowledge(peer.window.newest, peer.window.bits);
    peer.sent.acknowledge(peer.window.newest, peer.window.bits, peer.replica, () => {});
  }

  join(client: number): number {
    this.#packets.length = 0;
    this.#write(newPeer(this.game, this.#trace.views !== undefined), client, 64);
    return this.#packets.reduce((sum, { length }) => sum + length, 0);
  }

  #write(peer: Peer, client: number, packetsMax: number): void {
    if (this.#trace.views) this.#look(peer, client);
    peer.flight.expire(this.#snapshot, patience);
    const take = (): Sequence => {
      peer.sequence = nextSequence(peer.sequence);
      return peer.sequence;
    };
    // A server that hears the client acknowledges its input packets: this part of the head is always there.
    this.#head.ack = peer.sequence;
    this.#writer.write(peer, this.#head, packetsMax, true, take, this.#snapshot, (bytes) => {
      const kept = this.#buffers[this.#packets.length] ?? new Uint8Array(limits.packetBytes);
      this.#buffers[this.#packets.length] = kept;
      kept.set(bytes);
      this.#packets.push(kept.subarray(0, bytes.length));
    });
  }

  #apply(tick: number): void {
    const { frames, types, stride } = this.#trace;
    const { ids, types: kinds, rows } = frames[tick] as Trace['frames'][number];
    const world = this.#world;
    world.tick = tick + firstTick;
    for (let index = 0; index < ids.length; index++) {
      const id = ids[index] as number;
      const type = kinds[index] as number;
      let known = this.#entities.get(id);
      if (!known) {
        known = { id: world.spawn((types[type] as { name: string }).name).id, type, seenAt: tick };
        this.#entities.set(id, known);
        this.ids.set(known.id, id);
      }
      known.seenAt = tick;
      const values = world.at(slotOf(known.id)) as unknown as Record<string, unknown>;
      let at = index * stride;
      for (const port of this.#ports[type] as ReturnType<typeof portsOf>) {
        port.load(values, rows, at);
        at += port.axes;
      }
    }
    if (this.#entities.size > ids.length) this.#despawn(tick);
    for (let slot = 0; slot < world.slotCount; slot++) {
      const entity = world.at(slot);
      if (entity) this.#history.record(slot, world.versionAt(slot), world.typeAt(slot), entity, world.tick);
    }
  }

  #despawn(tick: number): void {
    for (const [traceId, { id, seenAt }] of this.#entities) {
      if (seenAt === tick) continue;
      this.#world.despawn(id);
      this.#entities.delete(traceId);
    }
  }

  /** What the client sees in this snapshot, and the room's state in slot 0. */
  #look(peer: Peer, client: number): void {
    const { ids } = frameOf(this.#trace, this.#snapshot);
    const view = viewOf(this.#trace, client, this.#snapshot);
    const { seen } = peer;
    seen.count = 0;
    seen.slots[seen.count++] = 0;
    for (let at = 0; at < view.length; at++) {
      const known = this.#entities.get(ids[view[at] as number] as number) as { id: EntityId };
      seen.slots[seen.count++] = slotOf(known.id);
    }
  }
}

class TickwireClient implements WireClient {
  readonly #trace: Trace;
  readonly #ids: ReadonlyMap<EntityId, number>;
  readonly #world: ReceivedWorld;
  readonly #reader: SnapshotReader;
  readonly #window = new AckWindow();
  readonly #ports;
  readonly #delayTicks: number;

  constructor(trace: Trace, game: AnyGame, ids: ReadonlyMap<EntityId, number>) {
    this.#trace = trace;
    this.#ids = ids;
    this.#world = new ReceivedWorld(game);
    this.#reader = new SnapshotReader(game, this.#world);
    this.#ports = trace.types.map(portsOf);
    this.#delayTicks = 2 * ticksPerSnapshot(trace);
  }

  receive(packet: Uint8Array): boolean {
    const near = Math.max(0, this.#world.newestTick);
    const viewTick = near - this.#delayTicks;
    const result = this.#reader.read(packet, near, viewTick, (sequence) => this.#window.isNew(sequence));
    if (result === 'taken') this.#window.mark(this.#reader.head.sequence);
    this.#world.passed(viewTick);
    return result === 'taken';
  }

  state(): Map<number, readonly number[]> {
    const got = new Map<number, readonly number[]>();
    for (const entity of this.#world.entities) {
      if (!entity || entity.count === 0 || entity.id === 0) continue;
      const { layout, number } = entity.type;
      const values: Record<string, unknown> = {};
      layout.initialise(values);
      layout.load(entity.rows, entity.rowAt(entity.count - 1), values);
      const numbers = (this.#ports[number - 1] as ReturnType<typeof portsOf>).flatMap((port) => port.store(values));
      got.set(this.#ids.get(entity.id) as number, this.#turned(number - 1, numbers));
    }
    return got;
  }

  /** Angles as the trace has them, from 0 to a turn. */
  #turned(type: number, numbers: number[]): number[] {
    const { units } = this.#trace.types[type] as Trace['types'][number];
    return numbers.map((value, axis) => (units[axis]?.field.kind === 'angle' && value < 0 ? value + (units[axis]?.field.max ?? 0) : value));
  }
}

function newPeer(game: AnyGame, hasView: boolean): Peer {
  const seen = { slots: new Int32Array(hasView ? limits.worldSlots : 0), count: 0 };
  return {
    seen,
    visible: hasView ? seen : undefined,
    replica: new Replica(),
    sent: new SentPackets(),
    effects: new Effects(),
    controls: new Set(),
    flight: new Flight(),
    priority: new Priority(),
    traffic: new Traffic(game),
    sequence: 0 as Sequence,
    window: new AckWindow(),
    firstSequence: new Int32Array(remembered),
  };
}

/** Snapshots of which acks may still come: more than any ack age here. */
const remembered = 64;
/** Snapshots after which an ack is given up: a round trip and a quarter of a second, as the server waits. */
const patience = 8;
/** Tick 0 is the empty world of a new room. */
const firstTick = 1;
