// A snapshot writer and readers without room, session or network: the test itself decides which packets and which acks arrive.
//
// Invariant: packets are what the writer gave, copied; a client acknowledges what its reader took and nothing else. Units: ticks; a snapshot every 3.

import { type AnyGame, type EntityId, limits } from '@tickwire/shared';
import { AckWindow, emptySnapshotHead, History, nextSequence, type Sequence, slotOf, World } from '@tickwire/shared/internal';
import { ReceivedWorld } from '../../packages/client/src/received-world.ts';
import { type ReadResult, SnapshotReader } from '../../packages/client/src/snapshot-reader.ts';
import { Effects } from '../../packages/server/src/effects.ts';
import { Flight } from '../../packages/server/src/flight.ts';
import { Priority } from '../../packages/server/src/priority.ts';
import { Replica } from '../../packages/server/src/replica.ts';
import { SentPackets } from '../../packages/server/src/sent-packets.ts';
import { type Receiver, SnapshotWriter } from '../../packages/server/src/snapshot-writer.ts';
import { Traffic } from '../../packages/server/src/traffic.ts';

/** One client: the server's knowledge of it, and what it has. */
export class Pair implements Receiver {
  readonly replica: Replica = new Replica();
  readonly sent: SentPackets = new SentPackets();
  readonly effects: Effects = new Effects();
  readonly controls: Set<number> = new Set();
  /** All of the world. */
  readonly visible = undefined;
  readonly flight: Flight = new Flight();
  readonly priority: Priority = new Priority();
  readonly traffic: Traffic;
  readonly received: ReceivedWorld;
  readonly reader: SnapshotReader;
  readonly window: AckWindow = new AckWindow();
  /** Effects that the reader found in packets, by id, with repetitions. */
  readonly effectsRead: number[] = [];
  sequence = 0xffff as Sequence;

  constructor(game: AnyGame) {
    this.traffic = new Traffic(game);
    this.received = new ReceivedWorld(game);
    this.reader = new SnapshotReader(game, this.received);
  }

  control(entity: { readonly id: EntityId }): void {
    this.controls.add(slotOf(entity.id));
  }

  /** Reads packets in the order given; `viewTick` is what the client is looking at. */
  receive(packets: readonly Uint8Array[], viewTick: number = this.received.newestTick - 6): ReadResult[] {
    return packets.map((bytes) => {
      const result = this.reader.read(bytes, Math.max(0, this.received.newestTick), viewTick, (sequence) => this.window.isNew(sequence));
      if (result !== 'taken') return result;
      this.window.mark(this.reader.head.sequence);
      this.effectsRead.push(...this.reader.effects.map(({ id }) => id));
      return result;
    });
  }

  /** The ack that the client would send now arrives. */
  acknowledge(): void {
    if (!this.window.any) return;
    this.flight.acknowledge(this.window.newest, this.window.bits);
    this.sent.acknowledge(this.window.newest, this.window.bits, this.replica, (id) => this.effects.done(id));
  }
}

/** Ticks after which an ack is given up. */
const patienceTicks = 12;

/** The server's world with its writer. */
export class Stage<G extends AnyGame> {
  readonly world: World<G>;
  readonly history: History;
  readonly writer: SnapshotWriter;
  readonly #head = emptySnapshotHead();

  constructor(game: G) {
    this.world = new World(game);
    this.history = new History(game);
    this.writer = new SnapshotWriter(this.world as unknown as World<AnyGame>, this.history);
    this.record();
  }

  /** Makes ticks: `change` is what happens in each. */
  tick(count = 1, change: () => void = () => {}): void {
    for (let made = 0; made < count; made++) {
      this.world.tick++;
      change();
      this.record();
    }
  }

  record(): void {
    const { world } = this;
    for (let slot = 0; slot < world.slotCount; slot++) {
      const entity = world.at(slot);
      if (entity) this.history.record(slot, world.versionAt(slot), world.typeAt(slot), entity, world.tick);
    }
  }

  /** The packets of a snapshot of this tick. */
  snapshot(to: Pair, packetsMax: number = limits.packetsPerSnapshot, mustSend = false): Uint8Array[] {
    const packets: Uint8Array[] = [];
    const take = (): Sequence => {
      to.sequence = nextSequence(to.sequence);
      return to.sequence;
    };
    to.flight.expire(this.world.tick, patienceTicks);
    this.writer.write(to, this.#head, packetsMax, mustSend, take, this.world.tick, (bytes) => packets.push(bytes.slice()));
    return packets;
  }

  /** A snapshot that arrives whole and is acknowledged at once. */
  exchange(to: Pair, packetsMax: number = limits.packetsPerSnapshot): Uint8Array[] {
    const packets = this.snapshot(to, packetsMax);
    to.receive(packets);
    to.acknowledge();
    return packets;
  }

  /** How a client's newest state of a slot differs from the world; undefined when it does not. */
  difference(to: Pair, slot: number): string | undefined {
    const there = this.world.at(slot);
    const here = to.received.entities[slot];
    if (!there || !here || there.id !== here.id) return there?.id === here?.id ? undefined : `the world has ${there?.id}, the client ${here?.id}`;
    const { layout } = here.type;
    const at = this.history.rowAt(slot, this.world.versionAt(slot), this.world.tick);
    const mine = here.rowAt(here.count - 1);
    const rows = this.history.rows(slot);
    if (layout.same(here.rows, mine, rows, at, here.form === 0 ? 'wire' : 'step', here.form === 2)) return undefined;
    return layout.firstDifference(here.rows, mine, rows, at);
  }
}
