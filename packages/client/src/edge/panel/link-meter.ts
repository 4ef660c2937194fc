// What can be seen on a room's links, between the room and the network: bytes, round trips, losses each way, and how evenly snapshots come.
//
// It reads the heads of packets that pass and changes nothing. Downward losses are gaps in the sequence of snapshots. Upward ones are seen in acks: each snapshot
// says which packet of ours was the newest at the server and how long it had been there; one that had left so much later should have been there as well. Where the
// path is too uneven for that, the server's reports tell roughly.
// Invariant: no packet allocates, and none throws. Units: milliseconds of the room's clock; bytes of payload; ticks.

import type { Lane, Link } from '@tickwire/shared';
import {
  AckWindow,
  BitReader,
  emptyInputHead,
  emptySnapshotHead,
  type Frame,
  messageKind,
  noMargin,
  readFrame,
  readInputHead,
  readSnapshotHead,
  sequenceDistance,
  unwrap16,
} from '@tickwire/shared/internal';

/** Arrivals that are remembered: three seconds at 20 Hz. */
const arrivals = 64;
/** Held for so long, or longer: the server cannot tell. */
const holdMsMax = 255;
/** A path is so uneven at least: below this, an ack says nothing of the packet after it. */
const slackMs = 6;

export class LinkMeter {
  readonly bytesDown: Record<Lane, number> = { unreliable: 0, reliable: 0 };
  readonly bytesUp: Record<Lane, number> = { unreliable: 0, reliable: 0 };
  /** Snapshot packets that came, the gaps in their sequence, and the packets missing in these. What comes late after all is taken back. */
  received = 0;
  gaps = 0;
  lost = 0;
  doubled = 0;
  /** Came after one that was sent later. */
  overtaken = 0;
  /** Moments at which it could be seen whether the packet was there that should have been, and those at which it was not. */
  upSeen = 0;
  upLost = 0;
  /** Reports of the server on our packets, and those that tell of a lost one among the 28 of lately (the newest four apart). */
  reports = 0;
  reportsOfLoss = 0;
  roundTrips = 0;
  roundTripMsSum = 0;
  readonly #tickMs: number;
  readonly #clock: () => number;
  #aheadMs = 0;
  readonly #reader = new BitReader();
  readonly #frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  readonly #snapshot = emptySnapshotHead();
  readonly #input = emptyInputHead();
  readonly #seen = new AckWindow();
  #tick = 0;
  /** Of our packets, by the low bits of their sequence: when they left; and whether their round trip was taken. */
  readonly #leftAt = new Float64Array(256).fill(-1);
  readonly #isAcked = new Uint8Array(256);
  #sentNewest = -1;
  /** Of the newest leading packets, in a ring: how much later each came than its tick says, and when. */
  readonly #late = new Float64Array(arrivals);
  readonly #lateAt = new Float64Array(arrivals).fill(Number.NEGATIVE_INFINITY);
  #lateCount = 0;
  readonly #sorted = new Float64Array(arrivals);

  /** @param clock the platform's: what the room's is ahead of it is seen as messages pass. */
  constructor(tickHz: number, clock: () => number) {
    this.#tickMs = 1000 / tickHz;
    this.#clock = clock;
  }

  /** Listens on a link. */
  join(link: Link): Link {
    return {
      kind: link.kind,
      listen: (handler) =>
        link.listen({
          opened: (now) => handler.opened(now),
          received: (lane, bytes, now) => {
            this.bytesDown[lane] += bytes.length;
            if (lane === 'unreliable') this.#came(bytes, now);
            handler.received(lane, bytes, now);
          },
          closed: (code, now) => handler.closed(code, now),
        }),
      send: (lane, bytes, now) => {
        const isSent = link.send(lane, bytes, now);
        if (isSent) this.bytesUp[lane] += bytes.length;
        if (isSent && lane === 'unreliable') this.#left(bytes, now);
        return isSent;
      },
      backlog: (lane) => link.backlog(lane),
      path: (now) => link.path?.(now),
      maxBytes: (lane) => link.maxBytes(lane),
      close: (code, now) => link.close(code, now),
    };
  }

  /** How much later than the earliest 95 of 100 snapshots of the last seconds came. NaN when too few did. */
  jitterMs(): number {
    const now = this.#now();
    const sorted = this.#sorted;
    let count = 0;
    for (let at = 0; at < arrivals; at++) if (now - (this.#lateAt[at] as number) < jitterWindowMs) sorted[count++] = this.#late[at] as number;
    if (count < 10) return Number.NaN;
    sorted.fill(Number.POSITIVE_INFINITY, count);
    sorted.sort();
    return (sorted[Math.floor((count - 1) * 0.95)] as number) - (sorted[0] as number);
  }

  /** How late the least late snapshot of the last second was, on a scale whose zero means nothing: it grows as the server falls behind. NaN without any. */
  leastLateMs(): number {
    const now = this.#now();
    let least = Number.POSITIVE_INFINITY;
    for (let at = 0; at < arrivals; at++) if (now - (this.#lateAt[at] as number) < 1000) least = Math.min(least, this.#late[at] as number);
    return least === Number.POSITIVE_INFINITY ? Number.NaN : least;
  }

  #now(): number {
    return this.#clock() + this.#aheadMs;
  }

  #came(bytes: Uint8Array, now: number): void {
    this.#aheadMs = now - this.#clock();
    const head = this.#snapshot;
    const reader = this.#reader;
    if (!readFrame(bytes, this.#frame) || this.#frame.kind !== messageKind.snapshot) return;
    reader.reset(bytes, this.#frame.from, this.#frame.to);
    readSnapshotHead(reader, head);
    if (reader.failed) return;
    const ahead = this.#seen.any ? sequenceDistance(head.sequence, this.#seen.newest) : 1;
    if (!this.#seen.mark(head.sequence)) {
      this.doubled++;
      return;
    }
    this.received++;
    if (ahead > 1) this.gaps++;
    if (ahead > 0) this.lost += ahead - 1;
    else {
      this.lost--;
      this.overtaken++;
    }
    this.#tick = unwrap16(head.tick, this.#tick);
    if (head.leads) {
      const at = this.#lateCount++ % arrivals;
      this.#late[at] = now - this.#tick * this.#tickMs;
      this.#lateAt[at] = now;
    }
    if (head.inputMargin !== noMargin) {
      this.reports++;
      if (head.inputsLost) this.reportsOfLoss++;
    }
    if (head.ack >= 0 && head.ackHoldMs < holdMsMax) this.#acked(head.ack, head.ackHoldMs, now);
  }

  #left(bytes: Uint8Array, now: number): void {
    const reader = this.#reader;
    if (!readFrame(bytes, this.#frame) || this.#frame.kind !== messageKind.input) return;
    reader.reset(bytes, this.#frame.from, this.#frame.to);
    readInputHead(reader, this.#input);
    this.#sentNewest = this.#input.sequence;
    this.#leftAt[this.#sentNewest & 0xff] = now;
    this.#isAcked[this.#sentNewest & 0xff] = 0;
  }

  /** @param ack the low 8 bits of the newest packet of ours at the server. */
  #acked(ack: number, holdMs: number, now: number): void {
    const leftAt = this.#leftAt[ack] as number;
    // Of before this meter was here.
    if (leftAt < 0 || this.#sentNewest < 0) return;
    if (this.#isAcked[ack] === 0) {
      this.#isAcked[ack] = 1;
      this.roundTrips++;
      this.roundTripMsSum += Math.max(0, now - leftAt - holdMs);
    }
    if (ack === (this.#sentNewest & 0xff)) {
      this.upSeen++;
      return;
    }
    const afterMs = (this.#leftAt[(ack + 1) & 0xff] as number) - leftAt;
    // More than two packets of the path hardly ever differ by: who is late is not lost.
    const slack = Math.max(slackMs, 1.2 * (this.jitterMs() || 0));
    // Sooner than that after its arrival nothing can be seen of the one behind it, and nothing at all where packets are closer than the path is even.
    if (holdMs < slack || slack > 0.6 * afterMs) return;
    this.upSeen++;
    if (afterMs <= holdMs - slack) this.upLost++;
  }
}

const jitterWindowMs = 3000;
