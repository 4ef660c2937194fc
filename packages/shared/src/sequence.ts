// Numbers that wrap: packet sequences and ticks as 16 bits on the wire, and the window of packets that a peer says it has.
//
// Invariant: wrapped numbers are compared by distance, never by `<`; they have no total order, on purpose.
// Units: sequences count packets, ticks count simulation steps.

/** A packet's number, 0 to 65535, wrapping. */
export type Sequence = number & { readonly brand: 'sequence' };

/** The sequence after `sequence`. */
export function nextSequence(sequence: Sequence): Sequence {
  return ((sequence + 1) & 0xffff) as Sequence;
}

/** How far `a` is ahead of `b` on the circle of 65536: -32768 to 32767. */
export function sequenceDistance(a: number, b: number): number {
  return ((a - b) << 16) >> 16;
}

/** The whole number nearest to `near` whose low 16 bits are `low`. */
export function unwrap16(low: number, near: number): number {
  return near + sequenceDistance(low, near & 0xffff);
}

/**
 * What a receiver has, as it tells the sender: the newest sequence and one bit for each of the 32 before it (bit 0 is newest - 1).
 * Method: G. Fiedler, "Reliable Ordered Messages" (gafferongames.com).
 */
export class AckWindow {
  newest = 0 as Sequence;
  bits = 0;
  /** False until the first packet. */
  any = false;

  /** Marks a packet as received. @returns false when it was marked before, or is too old to tell. */
  mark(sequence: Sequence): boolean {
    if (!this.any) {
      this.any = true;
      this.newest = sequence;
      this.bits = 0;
      return true;
    }
    const ahead = sequenceDistance(sequence, this.newest);
    if (ahead > 0) {
      this.bits = ahead > 32 ? 0 : ahead === 32 ? 0x80000000 : ((this.bits << ahead) | (1 << (ahead - 1))) >>> 0;
      this.newest = sequence;
      return true;
    }
    if (ahead === 0 || ahead < -32) return false;
    const bit = (1 << (-ahead - 1)) >>> 0;
    if ((this.bits & bit) !== 0) return false;
    this.bits = (this.bits | bit) >>> 0;
    return true;
  }

  /** As before the first packet. */
  clear(): void {
    this.any = false;
    this.newest = 0 as Sequence;
    this.bits = 0;
  }

  /** Whether `mark` would take this packet as new. */
  isNew(sequence: Sequence): boolean {
    if (!this.any) return true;
    const ahead = sequenceDistance(sequence, this.newest);
    if (ahead > 0) return true;
    return ahead < 0 && ahead >= -32 && (this.bits & (1 << (-ahead - 1))) === 0;
  }
}
