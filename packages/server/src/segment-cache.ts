// Segments of one tick, coded once for every set of clients that is to get the same records (law 10).
//
// Invariant: two segments are the same when they name the same bodies in the same order; a body's number stands for its entity, form and bases.
// Reused arrays only. Units: bytes.

import { limits } from '@tickwire/shared';

export interface Segment {
  /** Numbers of the bodies named (and, for despawns, what they say), with `count` of them. */
  names: Int32Array;
  count: number;
  bytes: Uint8Array;
  length: number;
}

/** Segments that are remembered in a tick: sixteen kinds of loss times four packets. */
const segmentsMax = 64;

export class SegmentCache {
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

  /** Remembers a segment, unless there are too many. */
  add(names: Int32Array, from: number, count: number, bytes: Uint8Array, length: number): void {
    if (this.#used === segmentsMax) return;
    let segment = this.#segments[this.#used];
    if (!segment) {
      segment = { names: new Int32Array(64), count: 0, bytes: new Uint8Array(limits.packetBytes), length: 0 };
      this.#segments.push(segment);
    }
    if (segment.names.length < count) segment.names = new Int32Array(count * 2);
    for (let index = 0; index < count; index++) segment.names[index] = names[from + index] as number;
    segment.count = count;
    for (let index = 0; index < length; index++) segment.bytes[index] = bytes[index] as number;
    segment.length = length;
    this.#used++;
  }
}

/** From the end: segments that differ mostly do so in their last records. */
function startsWith(names: Int32Array, from: number, segment: Segment): boolean {
  for (let index = segment.count - 1; index >= 0; index--) if (segment.names[index] !== names[from + index]) return false;
  return true;
}
