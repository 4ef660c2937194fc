// How much may be sent to one client now, judged by its acks: the server cannot see its own send queue (law 6).
//
// Two signs of trouble: round-trip times well above the least one seen are a queue, no new ack for too long is silence. A gap in the acks is loss and
// no reason to stop. When behind, snapshots are left out; the next one is made from the newest state, so nothing stale is ever sent.
// Units: milliseconds; packets.

import { limits } from '@tickwire/shared';

/** A smoothed round trip this far above the least one is a queue. */
const queueMs = 100;
/** While it is silent, the client gets one packet in this time. */
const probeMs = 500;
/** No new ack for a round trip, two intervals and this is silence. */
const silenceMs = 150;
/** The round trip of a path of which nothing is known: what a new client is sent is not sent again before. */
const firstRttMs = 600;
/** A client that was not heard for so long and is heard again has its way back: it is tried at once. */
const quietMs = 250;
/** Longer than a spell of losses lasts: then it is the way there that is dark. */
const spellMs = 1500;
/** The least round trip is forgotten after this time, for a path that has changed. */
const leastRttMs = 10_000;

/** What holds packets back: nothing; acks that are still to come; a queue; silence. */
export type FlowState = 'open' | 'starting' | 'queue' | 'silence';

export class Flow {
  /** Smoothed round trip, 0 before the first ack. */
  rttMs = 0;
  /** As of the last snapshot that was due. */
  state: FlowState = 'starting';
  #leastRtt = Number.POSITIVE_INFINITY;
  #leastRttAt = 0;
  #ackedAt = 0;
  #heardAt = Number.NEGATIVE_INFINITY;
  #sentAt = Number.NEGATIVE_INFINITY;
  #packets = 1;
  #waitingSince = Number.POSITIVE_INFINITY;
  /** When the path began, or the last silence ended: round trips of what was sent before measure the silence. */
  #brokenAt: number;
  #isBack = false;
  /** Snapshots left out because of a queue or of silence. */
  skipped = 0;

  /** @param startedAt of the path: what was sent before says nothing of it. */
  constructor(startedAt: number = Number.NEGATIVE_INFINITY) {
    this.#brokenAt = startedAt;
  }

  /** How long an ack may take. @param intervalMs time between snapshots. */
  patienceMs(intervalMs: number): number {
    return (this.#ackedAt === 0 ? firstRttMs : this.rttMs) + 2 * intervalMs + silenceMs;
  }

  /** Anything came from the client. */
  heard(now: number): void {
    if (now - this.#heardAt >= quietMs) this.#isBack = true;
    this.#heardAt = now;
  }

  /** @param sentAt of the packet that was acknowledged, or -1 when there is no sample in it. @param hold how long the client kept the packet before it answered; 255 says that this is no sample. */
  acknowledged(sentAt: number, hold: number, now: number): void {
    this.#ackedAt = now;
    this.#waitingSince = Number.POSITIVE_INFINITY;
    this.#packets = Math.min(limits.packetsPerSnapshot, this.#packets + 1);
    if (this.state === 'silence') {
      this.state = 'starting';
      this.#brokenAt = now;
    }
    if (sentAt < this.#brokenAt || sentAt < 0 || hold >= 255) return;
    const rtt = Math.max(0, now - sentAt - hold);
    this.rttMs = this.rttMs === 0 ? rtt : this.rttMs + (rtt - this.rttMs) / 8;
    if (rtt <= this.#leastRtt || now - this.#leastRttAt > leastRttMs) {
      this.#leastRtt = rtt;
      this.#leastRttAt = now;
    }
  }

  /**
   * Packets that the snapshot due now may have; 0 to leave it out.
   * @param unacked snapshots sent after the newest acknowledged one. @param intervalMs time between snapshots.
   */
  packetsAllowed(unacked: number, intervalMs: number, now: number): number {
    if (this.#ackedAt === 0) return now - this.#sentAt >= intervalMs * 0.9 ? this.#first(unacked, now) : 0;
    const unansweredMs = now - Math.max(this.#ackedAt, this.#waitingSince);
    const silent = unansweredMs > this.patienceMs(intervalMs) || unacked >= limits.snapshotsInFlight;
    const queued = this.rttMs - this.#leastRtt > queueMs;
    this.state = silent ? 'silence' : queued ? 'queue' : this.#packets < limits.packetsPerSnapshot ? 'starting' : 'open';
    if (!silent && !queued) {
      this.#isBack = false;
      return this.#packets;
    }
    this.#packets = 1;
    // Of whom much is heard, most often a spell of losses has hit one way only, and is over soon.
    const isSpell = now - this.#heardAt < quietMs && unansweredMs < spellMs;
    const waitMs = !silent ? 2 * intervalMs : this.#isBack ? 0.9 * intervalMs : isSpell ? 2 * intervalMs : probeMs;
    if (now - this.#sentAt >= waitMs) return 1;
    this.skipped++;
    return 0;
  }

  sent(now: number): void {
    this.#sentAt = now;
    this.#isBack = false;
    this.#waitingSince = Math.min(this.#waitingSince, now);
  }

  /** Before the first ack: a packet a snapshot for a while, then probes. */
  #first(unacked: number, now: number): number {
    return unacked < limits.snapshotsInFlight || now - this.#sentAt >= probeMs ? 1 : 0;
  }
}
