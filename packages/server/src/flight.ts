// What one client was sent and has not acknowledged yet: which ticks are on their way to it, and what share of packets its path loses.
//
// A packet is judged lost when one of a later tick was acknowledged before it, or when nothing came back for too long; an ack that comes after all mends
// that. Invariant: a tick is on its way only while none of its packets was judged lost; whoever waits for it waits a bounded time, so what was lost is
// sent again. Units: ticks, milliseconds, packets. One ring of `limits.packetsRemembered`, reused.

import { limits } from '@tickwire/shared';
import { type Sequence, sequenceDistance } from '@tickwire/shared/internal';

const ring = limits.packetsRemembered;
/** Ticks that can be told apart: those of the history. */
const wayTicks = limits.historyTicks;
/** An ack speaks of its packet and of 32 before it; what is farther back stays unknown. */
const ackedBack = 32;
/** Packets over which the share of lost ones is smoothed: three seconds at 20 Hz. */
const lossMemory = 64;
/** Packets lost one behind the other are a dark moment; after so many they say nothing more about the share that the path loses otherwise. */
const lossRunMax = 3;

const fate = { waiting: 0, acknowledged: 1, lost: 2 } as const;

export class Flight {
  /** Smoothed share of packets lost, 0 to 1. */
  loss = 0;
  /** By slot: the tick of the newest packet whose segment named it; -1 for none. */
  namedTicks: Int32Array = new Int32Array(0);
  /** By tick modulo `historyTicks`: the tick itself while it is on its way; -1. */
  readonly ways: Int32Array = new Int32Array(wayTicks).fill(-1);
  readonly #sequences = new Int32Array(ring).fill(-1);
  readonly #ticks = new Int32Array(ring);
  readonly #sentAt = new Float64Array(ring);
  readonly #fates = new Uint8Array(ring);
  /** Packets are numbered from 0: those before `#settled` have had their say about the loss, `#end` comes next. */
  #settled = 0;
  #end = 0;
  #lossRun = 0;
  #newestTick = -1;

  /** Makes room for slots below `slotCount`. */
  grow(slotCount: number): void {
    if (slotCount <= this.namedTicks.length) return;
    const larger = new Int32Array(slotCount * 2).fill(-1);
    larger.set(this.namedTicks);
    this.namedTicks = larger;
  }

  /** A packet of `tick` leaves. */
  begin(sequence: Sequence, tick: number, now: number): void {
    if (this.#end - this.#settled === ring) this.#settle(true);
    const at = this.#end++ % ring;
    this.#sequences[at] = sequence;
    this.#ticks[at] = tick;
    this.#sentAt[at] = now;
    this.#fates[at] = fate.waiting;
    this.ways[tick % wayTicks] = tick;
  }

  /** The packet at hand names these slots. */
  names(slots: Int32Array, from: number, to: number, tick: number): void {
    for (let index = from; index < to; index++) this.namedTicks[slots[index] as number] = tick;
  }

  /**
   * Whether a state that has held since `since` is on its way already: all that a packet could say of it now, but perhaps for the mark that it rests, which
   * costs little once the state was acknowledged. @param base of the client's Replica: the newest tick acknowledged, or -1 - the tick in which it began.
   */
  carries(slot: number, since: number, base: number): boolean {
    const tick = this.namedTicks[slot] as number;
    return tick >= since && (base < 0 ? tick >= -1 - base : tick > base) && this.ways[tick % wayTicks] === tick;
  }

  /** Takes the client's ack: the newest packet it has and a bit for each of the 32 before. */
  acknowledge(ack: number, bits: number): void {
    if (this.#end === 0) return;
    const ahead = sequenceDistance(ack, this.#sequences[(this.#end - 1) % ring] as number);
    if (ahead > 0) return;
    const newest = this.#end - 1 + ahead;
    for (let back = 0; back <= ackedBack && newest - back >= this.#settled; back++) {
      if (back > 0 && ((bits >>> (back - 1)) & 1) === 0) continue;
      const at = (newest - back) % ring;
      if (this.#sequences[at] !== ((ack - back) & 0xffff)) continue;
      this.#fates[at] = fate.acknowledged;
      this.#newestTick = Math.max(this.#newestTick, this.#ticks[at] as number);
    }
    for (let number = this.#settled; number < this.#end; number++) {
      const at = number % ring;
      if ((this.#ticks[at] as number) >= this.#newestTick) break;
      if (this.#fates[at] === fate.waiting) this.#lose(at);
    }
    while (this.#settled < this.#end && (this.#fates[this.#settled % ring] === fate.acknowledged || newest - this.#settled > ackedBack))
      this.#settle();
  }

  /** Gives up what was sent longer ago than `patienceMs`. */
  expire(now: number, patienceMs: number): void {
    for (let number = this.#settled; number < this.#end; number++) {
      const at = number % ring;
      if (now - (this.#sentAt[at] as number) <= patienceMs) break;
      if (this.#fates[at] === fate.waiting) this.#lose(at);
      if (number === this.#settled) this.#settle();
    }
  }

  /** Nothing that was sent so far counts: the client said that it lost its states. */
  forget(): void {
    this.ways.fill(-1);
    this.#settled = this.#end;
  }

  #lose(at: number): void {
    const tick = this.#ticks[at] as number;
    this.#fates[at] = fate.lost;
    if (this.ways[tick % wayTicks] === tick) this.ways[tick % wayTicks] = -1;
  }

  /** The oldest packet has its say. @param isUnknown it has none: it was pushed out. */
  #settle(isUnknown = false): void {
    const at = this.#settled++ % ring;
    const isLost = this.#fates[at] !== fate.acknowledged;
    if (isLost) this.#lose(at);
    this.#lossRun = isLost ? this.#lossRun + 1 : 0;
    if (!isUnknown && this.#lossRun <= lossRunMax) this.loss += ((isLost ? 1 : 0) - this.loss) / lossMemory;
  }
}
