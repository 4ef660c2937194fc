// When this client's recent packets left, so that the server's answers give round-trip times.
//
// Invariant: each packet gives one round trip at most; the time that the server kept it is not in it, and a time that it could not say (255 ms or more)
// gives none. Units: milliseconds; packets by the low 8 bits of their sequence.

const remembered = 256;
/** A hold of so much or more is not told. */
const holdMax = 255;

export class RoundTrips {
  readonly #sentAt = new Float64Array(remembered).fill(-1);

  sent(sequence: number, now: number): void {
    this.#sentAt[sequence & (remembered - 1)] = now;
  }

  /** What an answer that arrives now would give. @param ack the packet that it answers, or -1. */
  peek(ack: number, holdMs: number, now: number): number | undefined {
    const sentAt = ack >= 0 && holdMs < holdMax ? (this.#sentAt[ack & (remembered - 1)] as number) : -1;
    return sentAt >= 0 ? Math.max(0, now - sentAt - holdMs) : undefined;
  }

  /** What it gives, once. */
  take(ack: number, holdMs: number, now: number): number | undefined {
    const roundTrip = this.peek(ack, holdMs, now);
    if (roundTrip !== undefined) this.#sentAt[ack & (remembered - 1)] = -1;
    return roundTrip;
  }
}
