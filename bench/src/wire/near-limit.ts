// A bound to measure the codecs by: prediction from the two newest states that both ends hold, and an adaptive coder with contexts that has seen the
// whole trace before. Nobody can ship it (its tables are the trace's own), and it only counts bytes.
//
// What an entity looked like one state further back tells how well prediction fares; that is a context. Entities are told by their order, so ids cost
// nothing. Invariant: it uses nothing that both ends would not have. Units: wire counts; snapshots; bytes, with `headBytes` for sequence and tick.

import { AdaptiveCost } from './adaptive-cost.ts';
import type { Codec, WireServer } from './codec.ts';
import { type Unit, wireCount } from './precision.ts';
import { frameOf, snapshotCount, type Trace, type TraceType, viewOf } from './trace.ts';

/** A codec with a memory: run it once over the trace to train it and again for the figures. */
export function makeNearLimit(): Codec {
  const cost = new AdaptiveCost();
  return {
    name: 'near-limit',
    isOrdered: false,
    serve: (trace, clients) => new NearLimitServer(trace, clients, cost),
    connect: () => undefined,
  };
}

/** Sequence and tick, the least that any packet needs, and the coder's last byte. */
const headBytes = 5;

/** A snapshot's rows on the wire grid. */
interface WireFrame {
  readonly rows: Int32Array;
  readonly indexOf: ReadonlyMap<number, number>;
}

/** Kinds of decision, far enough apart for the steps within one. */
const decision = { gone: 1, asPredicted: 2, count: 3, type: 8, fresh: 9, discrete: 16, residual: 400 } as const;
const perAxis = 8;
/** 2 bits for the largest number of a rotation and 3 x 10 for the others, shared out. */
const quatAxisBits = 8;

class NearLimitServer implements WireServer {
  readonly #trace: Trace;
  readonly #cost: AdaptiveCost;
  readonly #frames: WireFrame[];
  readonly #bornAt = new Map<number, number>();
  /** Snapshots that each client is known to have, newest last. */
  readonly #held: number[][];
  #snapshot = 0;

  constructor(trace: Trace, clients: number, cost: AdaptiveCost) {
    this.#trace = trace;
    this.#cost = cost;
    this.#held = Array.from({ length: clients }, () => []);
    this.#frames = Array.from({ length: snapshotCount(trace) }, (_, snapshot) => this.#wireFrame(snapshot));
  }

  advance(snapshot: number): void {
    this.#snapshot = snapshot;
  }

  encode(client: number): readonly Uint8Array[] {
    const before = this.#cost.bits;
    this.#packet(client, this.#held[client] as number[]);
    return [new Uint8Array(headBytes + Math.ceil((this.#cost.bits - before) / 8))];
  }

  finish(): void {}

  acknowledge(client: number, snapshot: number, packets: number): void {
    if (packets === 0) return;
    const held = this.#held[client] as number[];
    held.push(snapshot);
    if (held.length > 3) held.shift();
  }

  join(client: number): number {
    const before = this.#cost.bits;
    this.#packet(client, []);
    return headBytes + Math.ceil((this.#cost.bits - before) / 8);
  }

  #packet(client: number, held: readonly number[]): void {
    const now = viewOf(this.#trace, client, this.#snapshot);
    const frame = frameOf(this.#trace, this.#snapshot);
    const [base, before, oldest] = [held.at(-1), held.at(-2), held.at(-3)];
    const known = base === undefined ? new Set<number>() : this.#idsIn(client, base);
    const earlier = before === undefined ? known : this.#idsIn(client, before);
    const first = oldest === undefined ? earlier : this.#idsIn(client, oldest);
    const here = new Set<number>();
    for (const index of now) here.add(frame.ids[index] as number);
    for (const id of known) this.#payGone(id, base as number, here.has(id));
    let wasExact = 1;
    let fresh = 0;
    for (const index of now) {
      const id = frame.ids[index] as number;
      if (!known.has(id)) fresh++;
      else wasExact = this.#payUpdate(index, id, base as number, earlier.has(id) ? before : undefined, first.has(id) ? oldest : undefined, wasExact);
    }
    this.#cost.size(decision.count, 0, 0, 0, fresh);
    for (const index of now) if (!known.has(frame.ids[index] as number)) this.#payFull(index);
  }

  #payGone(id: number, base: number, isHere: boolean): void {
    const type = this.#typeOf(base, id);
    const age = Math.min(30, base - (this.#bornAt.get(id) ?? 0));
    this.#cost.bit(decision.gone, type * 32 + age, type, 0, isHere ? 0 : 1);
  }

  #payFull(index: number): void {
    const { types, rows, stride } = { ...frameOf(this.#trace, this.#snapshot), stride: this.#trace.stride };
    const number = types[index] as number;
    const { units } = this.#trace.types[number] as TraceType;
    this.#cost.bit(decision.type, number, number, 0, number === 0 ? 0 : 1);
    for (const [axis, unit] of units.entries()) {
      if (unit.field.kind === 'quat') this.#cost.raw(quatAxisBits);
      else if (unit.field.kind !== 'uint') this.#cost.raw(unit.bits);
      else this.#cost.size(decision.fresh, number * 16 + axis, number * 16 + axis, 0, rows[index * stride + axis] as number);
    }
  }

  /** @returns 1 when the entity was just as predicted. */
  #payUpdate(index: number, id: number, base: number, before: number | undefined, oldest: number | undefined, wasExact: number): number {
    const { stride } = this.#trace;
    const number = frameOf(this.#trace, this.#snapshot).types[index] as number;
    const { units } = this.#trace.types[number] as TraceType;
    const is = this.#frames[this.#snapshot]?.rows as Int32Array;
    const [x1, at1] = this.#row(base, id);
    const [x0, at0] = before === undefined ? [x1, at1] : this.#row(before, id);
    const [x2, at2] = oldest === undefined || before === undefined ? [x0, at0] : this.#row(oldest, id);
    const reach = before === undefined ? 0 : (this.#snapshot - base) / (base - before);
    const reachBefore = oldest === undefined || before === undefined ? 0 : (base - before) / (before - oldest);
    const off: number[] = [];
    const bends: number[] = [];
    const speeds: number[] = [];
    for (const [axis, unit] of units.entries()) {
      const newest = x1[at1 + axis] as number;
      const step = around(unit, newest - (x0[at0 + axis] as number));
      const stepBefore = around(unit, (x0[at0 + axis] as number) - (x2[at2 + axis] as number));
      const isDiscrete = unit.field.kind === 'uint';
      const guess = isDiscrete ? newest : newest + Math.round(step * reach);
      const isImplied = unit.field.kind === 'quat' && axis === largestOf(units, x1, at1);
      off.push(isImplied ? 0 : around(unit, (is[index * stride + axis] as number) - guess));
      bends.push(isDiscrete ? 0 : bucket(Math.round(step - stepBefore * reachBefore)));
      speeds.push(isDiscrete ? 0 : bucket(step));
    }
    const bend = bends.reduce((most, one) => (one > most ? one : most), 0);
    const speed = speeds.reduce((most, one) => (one > most ? one : most), 0);
    const known = (before === undefined ? 0 : 1) + (oldest === undefined ? 0 : 1);
    const isExact = off.every((one) => one === 0);
    const about = (number * 3 + known) * 16 + bend;
    this.#cost.bit(decision.asPredicted, (about * 16 + speed) * 2 + wasExact, about, number * 16 + speed, isExact ? 1 : 0);
    if (isExact) return 1;
    let last = 0;
    for (const [axis, unit] of units.entries()) {
      if (unit.field.kind === 'quat' && axis === largestOf(units, x1, at1)) continue;
      const place = number * 16 + axis;
      const value = off[axis] as number;
      const own = (bends[axis] as number) * 16 + (speeds[axis] as number);
      const what = (unit.field.kind === 'uint' ? decision.discrete : decision.residual) + place * perAxis;
      this.#cost.number(what, own * 16 + last, (bends[axis] as number) * 16 + last, bend * 16 + (speeds[axis] as number), value);
      last = bucket(value);
    }
    return 0;
  }

  #idsIn(client: number, snapshot: number): Set<number> {
    const { ids } = frameOf(this.#trace, snapshot);
    const seen = new Set<number>();
    for (const index of viewOf(this.#trace, client, snapshot)) seen.add(ids[index] as number);
    return seen;
  }

  #row(snapshot: number, id: number): [Int32Array, number] {
    const { rows, indexOf } = this.#frames[snapshot] as WireFrame;
    return [rows, (indexOf.get(id) as number) * this.#trace.stride];
  }

  #typeOf(snapshot: number, id: number): number {
    return frameOf(this.#trace, snapshot).types[this.#frames[snapshot]?.indexOf.get(id) as number] as number;
  }

  #wireFrame(snapshot: number): WireFrame {
    const { ids, types, rows } = frameOf(this.#trace, snapshot);
    const { stride } = this.#trace;
    const wire = new Int32Array(rows.length);
    const indexOf = new Map<number, number>();
    for (const [index, id] of ids.entries()) {
      indexOf.set(id, index);
      if (!this.#bornAt.has(id)) this.#bornAt.set(id, snapshot);
      const { units } = this.#trace.types[types[index] as number] as TraceType;
      for (const [axis, unit] of units.entries()) wire[index * stride + axis] = wireCount(unit, rows[index * stride + axis] as number);
    }
    return { rows: wire, indexOf };
  }
}

/** The axis of the rotation's largest number: it follows from the others. */
function largestOf(units: readonly Unit[], row: Int32Array, at: number): number {
  let largest = -1;
  let most = -1;
  for (const [axis, { field, wireCounts }] of units.entries()) {
    const size = Math.abs(2 * (row[at + axis] as number) - wireCounts);
    if (field.kind !== 'quat' || size <= most) continue;
    largest = axis;
    most = size;
  }
  return largest;
}

/** A difference the short way round, for what wraps. */
function around({ field, wireCounts }: Unit, difference: number): number {
  if (field.kind !== 'angle') return difference;
  const positive = (((difference + wireCounts / 2) % wireCounts) + wireCounts) % wireCounts;
  return positive - wireCounts / 2;
}

/** 0, 1, 2, then by powers of two: 0 to 15. */
function bucket(value: number): number {
  const size = value < 0 ? -value : value;
  return size < 3 ? size : Math.min(15, 33 - Math.clz32(size - 1));
}
