// Segments of one tick, coded once for every set of clients that is to get the same records (law 10).
//
// Invariant: two segments are the same when they name the same bodies in the same order; a body's number stands for its entity, form and bases.
// All lie in one buffer, behind the room in which a packet is put together, so that a segment goes into a packet without a copy of its own. Reused arrays only. Units: bytes.

import { limits } from '@tickwire/shared';
import { frameBytesMax } from '@tickwire/shared/internal';

export interface Segment {
  /** Numbers of the bodies named (and, for despawns, what they say), with `count` of them. */
  names: Int32Array;
  count: number;
  /** Where its bytes begin in the buffer, and how many. */
  readonly at: number;
  length: number;
  /** Where the log notes its records. */
  logFrom: number;
  logTo: number;
  /** Where the log's masks of them begin; -1 where there are none. */
  masksAt: number;
}

/** Segments that are remembered in a tick: sixteen kinds of loss times four packets. */
const segmentsMax = 64;

/** Room for a packet and its frame, and for each segment. */
const packetRoom = limits.packetBytes + frameBytesMax;

export class SegmentCache {
  /** A packet from 0 on, then the segments. */
  readonly buffer: Uint8Array = new Uint8Array(packetRoom + (segmentsMax + 1) * limits.packetBytes);
  readonly #segments: Segment[] = [];
  #used = 0;

  /** Forgets the tick before. */
  begin(): void {
    this.#used = 0;
  }

  /** The segment that names exactly these, or undefined. */
  find(names: Int32Array, from: number, count: number): Segment | undefined {
    for (let index = 0; index < this.#used; index++) {
      const segment = this.#segments[index] as Segment;
      if (segment.count === count && startsWith(names, from, segment)) return segment;
    }
    return undefined;
  }

  /** Where the next segment's bytes may be put. */
  get next(): Segment {
    const { length } = this.#segments;
    if (this.#used === length) {
      const at = packetRoom + length * limits.packetBytes;
      this.#segments.push({ names: new Int32Array(64), count: 0, at, length: 0, logFrom: 0, logTo: 0, masksAt: -1 });
    }
    return this.#segments[this.#used] as Segment;
  }

  /** Remembers the next segment by what it names, unless there are too many. */
  keep(names: Int32Array, from: number, count: number): void {
    if (this.#used === segmentsMax) return;
    const segment = this.next;
    if (segment.names.length < count) segment.names = new Int32Array(count * 2);
    for (let index = 0; index < count; index++) segment.names[index] = names[from + index] as number;
    segment.count = count;
    this.#used++;
  }
}

/** From the end: segments that differ mostly do so in their last records. */
function startsWith(names: Int32Array, from: number, segment: Segment): boolean {
  for (let index = segment.count - 1; index >= 0; index--) if (segment.names[index] !== names[from + index]) return false;
  return true;
}
