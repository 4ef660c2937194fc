// How many bytes one client may be sent: what the room allows, less where its path carries less. A bucket of bytes that fills with time.
//
// A packet is begun only when the bucket holds the largest one, and costs what it has, with what IP, UDP, DTLS and SCTP put around it. Invariant: what the
// bucket holds and what flows in within a second are the budget together, so no second has more. Units: bytes, bytes a second, milliseconds.
// Method: token bucket; what a path with losses carries is 1.2 x packet / (round trip x sqrt(loss)), as measured with usrsctp and as in
// Mathis et al., "The macroscopic behavior of the TCP congestion avoidance algorithm" (1997).

import { limits } from '@tickwire/shared';

/** The largest packet on the wire. */
const packetCost = limits.packetBytes + limits.overheadBytes;
/** The bucket holds this share of a second's budget: at 24,000 four packets, so that one snapshot may have them all. */
const burstShare = 0.2;
/** Of what the formula gives: near it the queue grows already (1000 B x 60 Hz at 80 ms and 5 %: a median of 234 ms instead of 41). */
const carriedShare = 0.7 * 1.2;
/** Below this share of loss the formula says nothing: other limits come first. */
const lossLeast = 0.01;
/** Down when the path carries less than this of the limit, up again when it carries that much more. */
const lowerAt = 0.9;
const raiseAt = 1.2;
/** After a queue the limit is this share of what was sent, and not cut again before the queue had time to empty. */
const queueCut = 0.7;
const queueMs = 3000;
/** The limit goes up by this share a step. */
const raiseShare = 0.1;
/** Between two steps, so that the effect of the last one is seen. */
const stepMs = 1000;

/** Why the limit is below what the room allows. */
export type BudgetReason = 'none' | 'loss' | 'queue';

export class Budget {
  /** Bytes a second that count now. */
  bytesPerSecond: number = limits.budgetBytes;
  reason: BudgetReason = 'none';
  #allowed: number = limits.budgetBytes;
  #bytes: number = burstOf(limits.budgetBytes);
  #filledAt = Number.NEGATIVE_INFINITY;
  #steppedAt = Number.NEGATIVE_INFINITY;
  #cutAt = Number.NEGATIVE_INFINITY;
  /** Sent since the last step. */
  #sent = 0;

  /** Packets that can be paid now, each of the largest size. @param allowed what the room allows, bytes a second. */
  packets(allowed: number, now: number): number {
    if (allowed !== this.#allowed) this.#allow(allowed);
    const burst = burstOf(this.bytesPerSecond);
    const filled = this.#filledAt === Number.NEGATIVE_INFINITY ? burst : ((now - this.#filledAt) * (this.bytesPerSecond - burst)) / 1000;
    this.#bytes = Math.min(burst, this.#bytes + Math.max(0, filled));
    this.#filledAt = now;
    return Math.floor(this.#bytes / packetCost);
  }

  /** A packet of so many bytes was sent. */
  spend(bytes: number): void {
    this.#bytes -= bytes + limits.overheadBytes;
    this.#sent += bytes + limits.overheadBytes;
  }

  /** Follows what the path carries: down at once, up by a tenth a second. @param loss share of packets lost. @param isQueued round trips say so. */
  follow(loss: number, rttMs: number, isQueued: boolean, now: number): void {
    const carried =
      loss < lossLeast || rttMs <= 0 ? Number.POSITIVE_INFINITY : (carriedShare * limits.packetBytes * 1000) / (rttMs * Math.sqrt(loss));
    if (this.#steppedAt === Number.NEGATIVE_INFINITY) this.#step(now);
    if (carried < this.bytesPerSecond * lowerAt) {
      this.#limit(carried, 'loss');
      this.#step(now);
    }
    const passedMs = now - this.#steppedAt;
    if (passedMs < stepMs) return;
    if (isQueued && now - this.#cutAt >= queueMs) {
      this.#limit(queueCut * Math.min(this.bytesPerSecond, (this.#sent * 1000) / passedMs), 'queue');
      this.#cutAt = now;
    } else if (!isQueued && this.bytesPerSecond < this.#allowed && carried > this.bytesPerSecond * raiseAt) {
      this.#limit(Math.min(this.bytesPerSecond * (1 + raiseShare), carried), this.reason);
    }
    this.#step(now);
  }

  #allow(allowed: number): void {
    checkBudget(allowed);
    this.#allowed = allowed;
    this.#limit(this.reason === 'none' ? allowed : this.bytesPerSecond, this.reason);
  }

  #limit(bytesPerSecond: number, reason: BudgetReason): void {
    this.bytesPerSecond = Math.max(limits.budgetBytesLeast, Math.min(this.#allowed, bytesPerSecond));
    this.reason = this.bytesPerSecond < this.#allowed ? reason : 'none';
  }

  #step(now: number): void {
    this.#steppedAt = now;
    this.#sent = 0;
  }
}

/** @throws RangeError when a room allows less than makes sense. */
export function checkBudget(budgetBytes: number): void {
  if (budgetBytes >= limits.budgetBytesLeast) return; // no number is not
  throw new RangeError(`budgetBytes ${budgetBytes} must be at least ${limits.budgetBytesLeast} a second`);
}

/** What the bucket of a budget holds: two packets at least, since the prediction group may fill one. */
function burstOf(bytesPerSecond: number): number {
  return Math.max(2 * packetCost, bytesPerSecond * burstShare);
}
