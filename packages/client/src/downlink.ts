// What comes down from the server on the unreliable lane: snapshot packets, into the received world, the clocks, and what is known of the inputs.
//
// Invariant: a packet is taken once and whole, and each one that is taken, or cannot be, is answered. Nothing that arrives throws, and one that is like the
// others makes no function. Units: milliseconds of the caller's clock; ticks.

import type { AnyGame } from '@tickwire/shared';
import { noMargin, type Sequence, type Session, snapshotHeadBytes } from '@tickwire/shared/internal';
import type { ClientRoom } from './client-room.ts';
import { DarkMoment } from './dark-moment.ts';
import type { InputLog } from './input-log.ts';
import type { RoomEvents } from './room-events.ts';
import { SnapshotReader } from './snapshot-reader.ts';
import { countLost } from './stats.ts';
import type { Timeline } from './timeline.ts';
import type { Uplink } from './uplink.ts';

/** What stands around the head in a packet that is nothing else. */
const emptyFrameBytes = 4;

/** What packets change, besides the room's received world and stats. */
interface DownlinkParts<G extends AnyGame> {
  readonly session: Session;
  readonly timeline: Timeline;
  readonly inputs: InputLog<G>;
  readonly events: RoomEvents;
  readonly uplink: Uplink<G>;
}

export class Downlink<G extends AnyGame> {
  readonly #room: ClientRoom<G>;
  readonly #parts: DownlinkParts<G>;
  readonly #reader: SnapshotReader;
  readonly #darkMoment: DarkMoment;
  /** The last packet told nothing of the world. */
  #wasEmpty = false;
  /** Missed inputs that the server has told of, as it counts them; -1 before it has. */
  #missedTold = 0;
  /** Run once, before the next packet that is wanted is read. */
  #begin: (() => void) | undefined;
  #now = 0;

  constructor(room: ClientRoom<G>, parts: DownlinkParts<G>) {
    this.#room = room;
    this.#parts = parts;
    this.#reader = new SnapshotReader(room.game, room.received);
    this.#darkMoment = new DarkMoment(1000 / room.game.snapshotHz);
  }

  /** The packets are of another life of the server's room. @param begin run when the first of them is here. */
  restart(begin: () => void): void {
    this.#missedTold = -1;
    this.#begin = begin;
  }

  /** @returns false for what no correct server sends. */
  receive(bytes: Uint8Array, now: number): boolean {
    this.#now = now;
    const { session, timeline, uplink, events } = this.#parts;
    const { received, stats, hidden } = this.#room;
    const near = Math.max(0, received.newestTick, Math.round(timeline.viewTick));
    const newest = session.received.any ? session.received.newest : -1;
    this.#reader.recordBytes = this.#room.probe?.recordBytes;
    const result = this.#reader.read(bytes, near, Math.floor(timeline.viewTick), this.#isWanted);
    if (result === 'old') return true;
    if (result === 'no-base' || result === 'differs') {
      uplink.raiseResync();
      stats.resyncs++;
      if (result === 'differs') stats.codecFaults++;
      uplink.answer(now);
      return true;
    }
    if (result === 'wrong') return false;
    const { head } = this.#reader;
    const lost = countLost(stats, newest, head.sequence);
    session.receive(head.sequence, now);
    const isEmpty = !head.hasPrivate && bytes.length <= emptyFrameBytes + snapshotHeadBytes(head);
    // What was lost between two of which one is empty is taken for another such one.
    const wasQuiet = (isEmpty || this.#wasEmpty) && newest >= 0;
    this.#wasEmpty = isEmpty;
    timeline.snapshot(head.tick, now, wasQuiet || hidden, lost === 0);
    if (head.ack >= 0) this.#takeReport(now);
    events.receiveEffects(this.#reader.effects, head.tick, this.#reader.hasAllEffects, now);
    uplink.answer(now);
    return true;
  }

  /** Whether the snapshot at hand is to be taken. Made once: no packet makes a function of its own. */
  readonly #isWanted = (sequence: Sequence): boolean => {
    if (!this.#parts.session.received.isNew(sequence)) return false;
    const begin = this.#begin;
    if (!begin) return !this.#isStale(this.#now);
    this.#begin = undefined;
    begin();
    return true;
  };

  /** Whether the snapshot at hand, whose head was read, waited somewhere through a dark moment. */
  #isStale(now: number): boolean {
    const { timeline, uplink } = this.#parts;
    const { tick, ack, ackHoldMs } = this.#reader.head;
    const roundTrip = uplink.roundTrip(ack, ackHoldMs, now);
    if (!this.#darkMoment.refuses(timeline.lateByMs(tick, now), roundTrip, timeline.rttMs, now)) return false;
    this.#room.stats.packetsStale++;
    // So that the server hears that it can be heard.
    uplink.answer(now);
    return true;
  }

  /** What the server says about this client's packets. */
  #takeReport(now: number): void {
    const { head } = this.#reader;
    const { timeline, uplink, inputs } = this.#parts;
    const { received, predictor, stats } = this.#room;
    const rttMs = uplink.arrived(head.ack, head.ackHoldMs, now);
    if (rttMs >= 0) timeline.roundTrip(rttMs);
    if (head.tick < received.newestTick) return;
    inputs.ackedTick = Math.max(inputs.ackedTick, head.tick + head.inputLead);
    if (head.leads) predictor?.drift.reported(head.tick, head.inputMargin === noMargin ? undefined : head.inputsMissed);
    if (!head.leads || head.inputMargin === noMargin) return;
    const missed = this.#missedTold < 0 ? 0 : (head.inputsMissed - this.#missedTold) & 0xf;
    this.#missedTold = head.inputsMissed;
    stats.inputsMissed += missed;
    timeline.margin(head.tick, head.inputMargin / 4, missed, now);
    uplink.reported(head.inputsLost);
    stats.inputMarginTicks = head.inputMargin / 4;
  }
}
