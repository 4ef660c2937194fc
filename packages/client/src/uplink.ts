// What goes up to the server on the unreliable lane: inputs in bundles, and acks. When a packet is due, what is in it, and which of them arrived.
//
// A client whose input does not change goes quiet, once a packet that said so has arrived. From then on it sends acks, and a few times a second the held
// input again, so that the server goes on measuring how early it comes. The next change goes out at once.
// Invariant: every packet carries acks; packets with inputs are no closer than a bundle, and whoever is quiet is known by the server to hold.
// Units: milliseconds of the caller's clock; ticks.

import { type AnyGame, limits } from '@tickwire/shared';
import { BitWriter, emptyInputHead, frameBytesMax, messageKind, openFrame, Prefixes, type Session, writeInputHead } from '@tickwire/shared/internal';
import type { InputLog } from './input-log.ts';
import type { RoomStats } from './stats.ts';

/** An ack waits this long for an input packet to ride in, or for the next frame. */
const ackDelayMs = 50;
/** Acks of a quiet client carry the held input when it was last sent this long ago: 4 a second at most. */
const heldMs = 250;
/** Inputs that nobody answers for so much longer than a round trip go into the dark. */
const darkMs = 300;
/** In the dark a packet leaves in this time: more would only fill the send queue of the stack, and delay the first one that gets through. */
const darkEveryMs = 250;
/** Losses are those of the last second at 20 reports; 0.4 of them tell of a loss in 32 packets when 1.6 % are lost. */
const reportsRemembered = 20;
const lossyShare = 0.4;
/** With nothing to acknowledge, a quiet client is heard all the same: the server's own packets, every half second, may be lost. */
const aloneMs = 1000;

export class Uplink<G extends AnyGame> {
  readonly #session: Session;
  readonly #inputs: InputLog<G>;
  readonly #stats: RoomStats;
  /** Nobody sees this client's picture: every packet says so. */
  hidden = false;
  readonly #bundleTicks: number;
  /** Of the server's last reports, the share that tells of lost packets; and whether inputs leave each tick for that. */
  #lostShare = 0;
  #isLossy = false;
  readonly #body = new BitWriter(limits.packetBytes * 2);
  readonly #packet = new Uint8Array(limits.packetBytes + frameBytesMax);
  readonly #packets = new Prefixes(this.#packet);
  readonly #head = emptyInputHead();
  /** Of recent packets, by the low bits of their sequence: when they left, or -1; and their newest input if they said that it holds, or -1. */
  readonly #leftAt = new Float64Array(256).fill(-1);
  readonly #heldTick = new Int32Array(256).fill(-1);
  #resync = 0;
  #ackDue = false;
  #frameAt = Number.NEGATIVE_INFINITY;
  #sentAt = Number.NEGATIVE_INFINITY;
  #inputsSentAt = Number.NEGATIVE_INFINITY;
  #sentTick = -1;
  /** When the first packet left that the server would answer and has not; -1 when it answered all. */
  #askedAt = -1;

  /** @param bundleTicks ticks of input in a packet. @param stats counts what was sent. */
  constructor(session: Session, inputs: InputLog<G>, bundleTicks: number, stats: RoomStats) {
    this.#session = session;
    this.#inputs = inputs;
    this.#bundleTicks = bundleTicks;
    this.#stats = stats;
  }

  /** A link begins: the server behind it may be a restored one, which knows of no input. */
  start(): void {
    this.#inputs.knownTick = -1;
    this.#sentTick = -1;
    this.#askedAt = -1;
    this.#leftAt.fill(-1);
  }

  /** A snapshot packet could not be used: all packets say so from now on. */
  raiseResync(): void {
    this.#resync = (this.#resync + 1) & 15;
  }

  /** The server says whether packets were lost lately: then each tick's inputs leave at once, since the next packet is the repetition. */
  reported(lost: boolean): void {
    this.#lostShare += ((lost ? 1 : 0) - this.#lostShare) / reportsRemembered;
    if (this.#lostShare > lossyShare) this.#isLossy = true;
    else if (this.#lostShare < lossyShare / 3) this.#isLossy = false;
  }

  /** Sends an ack at once, to say that this client is hidden now, or no longer. */
  tell(hidden: boolean, now: number): void {
    this.hidden = hidden;
    this.#send(0, false, now);
  }

  /** A frame of a hidden page: it makes no inputs. */
  hiddenFrame(now: number): void {
    if (this.#ackDue && now - this.#sentAt >= ackDelayMs) this.#send(0, false, now);
  }

  /** An ack is due: the next frame sends it or, since a hidden tab has no frames, a packet that goes out from here. */
  answer(now: number): void {
    this.#ackDue = true;
    if (now - this.#frameAt >= ackDelayMs && now - this.#sentAt >= ackDelayMs) this.#send(0, false, now);
  }

  /**
   * Sends what is due. Call once a frame, when its inputs are made. @param maySettle whether clocks are good enough to go quiet on. @param rttMs a usual
   * round trip.
   */
  frame(now: number, maySettle: boolean, rttMs: number): void {
    this.#frameAt = now;
    if (this.#session.heardAt >= this.#askedAt) this.#askedAt = -1;
    if (this.#askedAt >= 0 && now - this.#askedAt > rttMs + darkMs && now - this.#sentAt < darkEveryMs) return;
    const { newestTick, isKnown } = this.#inputs;
    const isQuiet = isKnown && maySettle;
    if (
      isQuiet ? now - this.#inputsSentAt >= (this.#ackDue ? heldMs : aloneMs) : newestTick - this.#sentTick >= (this.#isLossy ? 1 : this.#bundleTicks)
    ) {
      const count = isQuiet ? this.#inputs.newest(this.#bundleTicks) : this.#inputs.unacknowledged;
      if (!this.#send(count, isQuiet, now)) return;
      this.#sentTick = newestTick;
      this.#inputsSentAt = now;
    } else if (this.#ackDue && now - this.#sentAt >= ackDelayMs) {
      this.#send(0, false, now);
    }
  }

  /** The round trip that an answer to a packet gives now, or -1 when it is no news. What is held for longer is no measure, and may be a packet of 256 before. */
  roundTrip(ack: number, holdMs: number, now: number): number {
    const leftAt = ack < 0 || holdMs >= 255 ? -1 : (this.#leftAt[ack & 0xff] as number);
    return leftAt < 0 ? -1 : Math.max(0, now - leftAt - holdMs);
  }

  /** The server says that a packet arrived, by the low 8 bits of its sequence, and how long ago. @returns its round trip, or -1 when this is no news. */
  arrived(ack: number, holdMs: number, now: number): number {
    const roundTrip = this.roundTrip(ack, holdMs, now);
    if (roundTrip < 0) return -1;
    this.#leftAt[ack & 0xff] = -1;
    this.#inputs.knownTick = Math.max(this.#inputs.knownTick, this.#heldTick[ack & 0xff] as number);
    return roundTrip;
  }

  #send(count: number, quiet: boolean, now: number): boolean {
    const { active } = this.#session;
    if (!active || active.backlog('unreliable') > limits.backlogBytes) return false;
    const head = this.#head;
    const { received } = this.#session;
    head.sequence = this.#session.takeSequence();
    head.ack = received.any ? received.newest : -1;
    head.ackBits = received.bits;
    head.ackHoldMs = this.#session.holdMs(now);
    head.resync = this.#resync;
    head.hidden = this.hidden;
    head.count = count;
    head.newestTick = Math.max(0, this.#inputs.newestTick);
    head.holds = count > 0 && this.#inputs.holds;
    head.quiet = quiet;
    this.#body.reset();
    writeInputHead(this.#body, head);
    this.#inputs.write(this.#body, count);
    const bodyLength = this.#body.end();
    const start = openFrame(this.#packet, messageKind.input, 1, bodyLength);
    for (let index = 0; index < bodyLength; index++) this.#packet[start + index] = this.#body.bytes[index] as number;
    const length = start + bodyLength;
    if (!this.#session.sendUnreliable(this.#packets.of(length), now)) return false;
    this.#leftAt[head.sequence & 0xff] = now;
    this.#heldTick[head.sequence & 0xff] = head.holds ? head.newestTick : -1;
    this.#sentAt = now;
    if (count > 0 && !quiet && this.#askedAt < 0) this.#askedAt = now;
    this.#ackDue = false;
    this.#stats.packetsSent++;
    this.#stats.bytesSent += length;
    return true;
  }
}
