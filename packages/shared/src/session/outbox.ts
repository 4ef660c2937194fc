// Reliable messages of one session on their way to the peer, kept until it acknowledged them, so that a new link can carry what an old one lost.
//
// Invariant: sequences run from 1 without a gap; what was accepted here is sent on every new link until its ack arrives. Bounded in count and bytes.
// Units: bytes as packed; ticks.

import { limits } from '../limits.ts';
import { eventsMessage } from '../protocol/events.ts';
import { packPlain } from '../protocol/plain.ts';

interface Waiting {
  readonly sequence: number;
  readonly tick: number;
  readonly events: unknown[][];
  readonly bytes: number;
}

/** Bytes that an events message has besides its events. */
const messageOverheadBytes = 32;

export class Outbox {
  #waiting: Waiting[] = [];
  #bytes = 0;
  #last = 0;
  /** Newest sequence that the present link was given. */
  #sent = 0;
  #pending: unknown[][] = [];
  #pendingBytes = 0;

  /** Adds one event, `[number, ...fields]`, to the next flush. @throws RangeError when it alone is larger than a reliable message. */
  add(event: unknown[], tick: number): void {
    const bytes = packPlain(event).length;
    if (bytes + messageOverheadBytes > limits.reliableBytes)
      throw new RangeError(`an event of ${bytes} bytes is larger than a reliable message (${limits.reliableBytes})`);
    if (this.#pendingBytes + bytes + messageOverheadBytes > limits.reliableBytes) this.#close(tick);
    this.#pending.push(event);
    this.#pendingBytes += bytes;
  }

  /** Makes messages of what was added and gives each new one to `send`, until it refuses one with false: that one comes first at the next flush. */
  flush(tick: number, ack: number, send: (message: Uint8Array) => boolean): void {
    if (this.#pending.length > 0) this.#close(tick);
    for (const message of this.#waiting) {
      if (message.sequence <= this.#sent) continue;
      if (!send(pack(message, ack))) return;
      this.#sent = message.sequence;
    }
  }

  /** Forgets everything up to and including `sequence`. */
  acknowledge(sequence: number): void {
    while (this.#waiting.length > 0 && (this.#waiting[0] as Waiting).sequence <= sequence) this.#bytes -= (this.#waiting.shift() as Waiting).bytes;
  }

  /** Everything not acknowledged is sent again at the next flush: a new link carries the session. */
  resend(): void {
    this.#sent = this.acknowledged;
  }

  /** Messages are numbered on from `sequence`, those that wait already included: the page before this one sent so many. Before anything was sent. */
  goOn(sequence: number): void {
    this.#last += sequence;
    this.#waiting = this.#waiting.map((message) => ({ ...message, sequence: message.sequence + sequence }));
    this.resend();
  }

  /** The peer does not acknowledge, and no more may wait. */
  get isFull(): boolean {
    return this.#waiting.length > limits.outboxMessages || this.#bytes > limits.outboxBytes;
  }

  /** A flush has something to send. */
  get hasNews(): boolean {
    return this.#pending.length > 0 || this.#sent < this.#last;
  }

  /** Nothing waits to be sent or acknowledged. */
  get isEmpty(): boolean {
    return this.#waiting.length === 0 && this.#pending.length === 0;
  }

  /** Newest sequence that was acknowledged, and with it all before. */
  get acknowledged(): number {
    return this.#waiting[0] ? this.#waiting[0].sequence - 1 : this.#last;
  }

  /** Newest sequence given out. */
  get last(): number {
    return this.#last;
  }

  /** As plain data, for a saved room: what waits for an ack, and what was added since the last flush. */
  save(): unknown {
    return [this.#last, this.#waiting.map(({ sequence, tick, events, bytes }) => [sequence, tick, events, bytes]), this.#pending];
  }

  restore(saved: unknown): void {
    const [last, waiting, pending] = saved as [number, [number, number, unknown[][], number][], unknown[][]];
    this.#last = last;
    this.#waiting = waiting.map(([sequence, tick, events, bytes]) => ({ sequence, tick, events, bytes }));
    this.#bytes = this.#waiting.reduce((sum, { bytes }) => sum + bytes, 0);
    this.#pending = pending;
    this.#pendingBytes = pending.reduce((sum, event) => sum + packPlain(event).length, 0);
    this.resend();
  }

  #close(tick: number): void {
    this.#waiting.push({ sequence: ++this.#last, tick, events: this.#pending, bytes: this.#pendingBytes });
    this.#bytes += this.#pendingBytes;
    this.#pending = [];
    this.#pendingBytes = 0;
  }
}

function pack({ sequence, tick, events }: Waiting, ack: number): Uint8Array {
  return packPlain(eventsMessage({ sequence, ack, tick, events }));
}
