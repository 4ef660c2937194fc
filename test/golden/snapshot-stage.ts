// A world and one receiver of its snapshots, moved by hand: what the server has of a room, without the room, its clock and its flow control.
//
// Invariant: a packet depends on the wire, the schema and the calls alone, so that no tuning of the server changes a golden file. Units: ticks.

import type { AnyGame, EntityId } from '@tickwire/shared';
import {
  type EventType,
  History,
  nextSequence,
  noMargin,
  type Sequence,
  type SnapshotHead,
  type SpawnOrigin,
  slotOf,
  World,
} from '@tickwire/shared/internal';
import type { VisibleSlots } from '../../packages/server/src/due-list.ts';
import { Effects } from '../../packages/server/src/effects.ts';
import { Flight } from '../../packages/server/src/flight.ts';
import { Priority } from '../../packages/server/src/priority.ts';
import { Replica } from '../../packages/server/src/replica.ts';
import { SentPackets } from '../../packages/server/src/sent-packets.ts';
import { type Receiver, SnapshotWriter } from '../../packages/server/src/snapshot-writer.ts';
import { Traffic } from '../../packages/server/src/traffic.ts';
import { type GoldenGame, goldenGame } from './golden-game.ts';

/** Of a head, what the member's inputs decide. */
export type Report = Pick<SnapshotHead, 'ack' | 'ackHoldMs' | 'inputLead' | 'inputMargin' | 'inputsMissed'>;

const noReport: Report = { ack: -1, ackHoldMs: 0, inputLead: 0, inputMargin: noMargin, inputsMissed: 0 };

export class SnapshotStage {
  readonly world: World<GoldenGame>;
  readonly #history: History = new History(goldenGame);
  readonly #writer: SnapshotWriter;
  readonly #controls = new Set<number>();
  readonly #receiver: Omit<Receiver, 'visible'> & { visible: VisibleSlots | undefined } = {
    replica: new Replica(),
    sent: new SentPackets(),
    effects: new Effects(),
    controls: this.#controls,
    visible: undefined,
    flight: new Flight(),
    priority: new Priority(),
    traffic: new Traffic(goldenGame),
  };
  #sequence: Sequence;

  /** @param sequence of the first packet. */
  constructor(firstTick: number, sequence: number) {
    this.world = new World(goldenGame);
    this.world.tick = firstTick;
    this.#writer = new SnapshotWriter(this.world as unknown as World<AnyGame>, this.#history);
    this.#sequence = ((sequence - 1) & 0xffff) as Sequence;
  }

  /** The receiver sees these slots only from now on. */
  see(...slots: number[]): void {
    this.#receiver.visible = { slots: Int32Array.from(slots), count: slots.length };
  }

  /** The next packet's sequence is this one. */
  skipTo(sequence: number): void {
    this.#sequence = ((sequence - 1) & 0xffff) as Sequence;
  }

  control({ id }: { readonly id: EntityId }, isControlled = true): void {
    if (isControlled) this.#controls.add(slotOf(id));
    else this.#controls.delete(slotOf(id));
  }

  spark(at: { x: number; y: number }, bright: boolean): void {
    const type = goldenGame.eventTypes.find(({ name }) => name === 'spark');
    if (type) this.#receiver.effects.add(type, { at, bright }, this.world.tick, this.world.tick + 12);
  }

  /** An event of a step that the receiver predicts. */
  made(name: string, fields: object, origin: SpawnOrigin): void {
    const type = goldenGame.eventTypes.find((one) => one.name === name);
    if (type?.expiresMs === undefined) this.#receiver.effects.mark(type as EventType, origin);
    else this.#receiver.effects.add(type, fields, origin.tick, origin.tick + 12, origin);
  }

  /** Ends the present tick, and each one up to `tick`, at which nothing more happens. */
  goTo(tick: number): void {
    for (this.record(); this.world.tick < tick; this.record()) this.world.tick++;
  }

  /** Ends the present tick: everything is rounded and recorded. */
  record(): void {
    const { world } = this;
    for (let slot = 0; slot < world.slotCount; slot++) {
      const entity = world.at(slot);
      if (entity) this.#history.record(slot, world.versionAt(slot), world.typeAt(slot), entity, world.tick);
    }
  }

  /** The packets of a snapshot of the present tick. */
  snapshot(report: Report = noReport): Uint8Array[] {
    this.record();
    const packets: Uint8Array[] = [];
    const head: SnapshotHead = { ...report, sequence: 0 as Sequence, tick: 0, hash: 0, leads: false, hasPrivate: false, hasHandles: false };
    const takeSequence = (): Sequence => {
      this.#sequence = nextSequence(this.#sequence);
      return this.#sequence;
    };
    this.#writer.write(this.#receiver, head, 4, true, takeSequence, 0, (bytes) => packets.push(bytes.slice()));
    return packets;
  }

  /** The receiver has everything that it was sent, or the packet `newest` and of the 32 before those whose bit is set. */
  acknowledge(newest: number = this.#receiver.sent.newest, bits = 0xffffffff): void {
    const { sent, replica, effects } = this.#receiver;
    sent.acknowledge(newest, bits, replica, (id) => effects.done(id));
  }

  /** The receiver lost its states. */
  startAgain(): void {
    this.#receiver.replica.forget(this.world.tick);
    this.#receiver.sent.forget();
  }
}
