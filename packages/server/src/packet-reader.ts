// Reads the packets that a client sends unreliably: acks, which change what the server believes it holds, and inputs, which go into its queue.
//
// Invariant: a packet is taken once; what is wrong in one harms nobody but its sender, and nothing is allocated for it. Units: milliseconds; ticks.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  BitReader,
  emptyInputHead,
  type Frame,
  type InputHead,
  messageKind,
  readFrame,
  readInputHead,
  readViewLag,
  unwrap16,
} from '@tickwire/shared/internal';
import type { Host, Member } from './member.ts';

export class PacketReader<G extends AnyGame> {
  /** Inputs came for which the client wants to know how early they were. Taken back by who tells. */
  gotInputs = false;
  /** Packets of the page at hand. */
  heard = 0;
  readonly #host: Host<G>;
  readonly #member: Member<G>;
  readonly #reader = new BitReader();
  readonly #frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  readonly #head = emptyInputHead();
  readonly #effectDone = (id: number): void => this.#member.effects.done(id);
  /** Two rows: the input being read, and the newer one that it is a delta to. */
  #row: Int32Array;
  #newerRow: Int32Array;
  #resync = 0;

  constructor(host: Host<G>, member: Member<G>) {
    this.#host = host;
    this.#member = member;
    this.#row = new Int32Array(host.game.inputLayout.words);
    this.#newerRow = new Int32Array(host.game.inputLayout.words);
  }

  /** Another page sends from now on. */
  restart(): void {
    this.heard = 0;
    this.#resync = 0;
  }

  /** @returns false for what no correct client sends. */
  read(bytes: Uint8Array, now: number): boolean {
    const frame = this.#frame;
    if (bytes.length > limits.packetBytes || !readFrame(bytes, frame) || frame.kind !== messageKind.input || frame.secondTo > 0) return false;
    const reader = this.#reader;
    const head = this.#head;
    const { session, flow, inputs, replica, sent, flight } = this.#member;
    reader.reset(bytes, frame.from, frame.to);
    readInputHead(reader, head);
    if (reader.failed || head.count > limits.inputsPerPacket) return false;
    flow.heard(now);
    if (!session.receive(head.sequence, now)) return true;
    this.heard++;
    const isNewest = session.received.newest === head.sequence;
    if (isNewest) inputs.isIdle = head.hidden;
    if (isNewest && head.resync !== this.#resync) {
      this.#resync = head.resync;
      replica.forget(this.#host.tick);
      sent.forget();
      flight.forget();
    }
    if (head.ack >= 0) {
      flight.acknowledge(head.ack, head.ackBits);
      const isNews = sent.acknowledge(head.ack, head.ackBits, replica, this.#effectDone);
      if (isNews) flow.acknowledged(sent.ackedSentAt, head.ackHoldMs, now);
    }
    return this.#readInputs(head, now);
  }

  #readInputs(head: InputHead, now: number): boolean {
    const layout = this.#host.game.inputLayout;
    const { inputs, claims, sent } = this.#member;
    const reader = this.#reader;
    const ticksNow = this.#host.ticksAt(now);
    const newestTick = unwrap16(head.newestTick, this.#host.tick);
    const next = this.#host.tick + 1;
    const { count } = head;
    let told: number | undefined;
    claims.packet(head.ack < 0 ? -1 : sent.tickOf(head.ack), head.ackHoldMs, ticksNow);
    // A full packet may leave out inputs between the held one and its oldest.
    if (count > 0 && count < limits.inputsPerPacket) inputs.bridge(newestTick - count + 1, next);
    for (let index = 0; index < count; index++) {
      told = readViewLag(reader, told);
      const lag = claims.plausible(newestTick - index, index, told);
      if (index === 0) layout.read(reader, this.#row, 0, 'wire', true);
      else if (reader.read(1) === 0) this.#row.set(this.#newerRow);
      else layout.readDelta(reader, this.#row, 0, this.#newerRow, 0, 'wire', true);
      if (reader.failed) return false;
      const isNew = newestTick - index >= 0 && inputs.accept(newestTick - index, this.#row, lag, next, ticksNow);
      if (isNew) claims.note(newestTick - index, index, lag);
      if (isNew && !head.quiet) this.gotInputs = true;
      const row = this.#row;
      this.#row = this.#newerRow;
      this.#newerRow = row;
    }
    if (count > 0) inputs.hold(newestTick, head.holds);
    return true;
  }
}
