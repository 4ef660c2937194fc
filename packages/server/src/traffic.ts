// Where one client's bytes went: every byte of every snapshot packet, by entity type and by reason. The one place that counts them.
//
// Invariant: the parts are the whole: what `of` gives for every type and reason adds up to `bytes`, headers of IP, UDP, DTLS and SCTP included. What an
// entity took of a segment is its share of the estimated cost, so parts are fractions. A segment is taken apart once, however many clients share it.
// Units: bytes.

import { type AnyGame, limits } from '@tickwire/shared';

/**
 * Why bytes were sent. `group`: what the client predicts. `changed`: deltas of what it sees. `entered`: whole states, for it had no base. `despawn`,
 * `effects`: these. `head`: timing, acks and framing. `overhead`: what IP, UDP, DTLS and SCTP put around a packet.
 */
export type TrafficReason = 'group' | 'changed' | 'entered' | 'despawn' | 'effects' | 'head' | 'overhead';

/** Reasons that an entity type has, then those that stand for themselves. */
const typed = ['group', 'changed', 'entered'] as const;
const untyped = ['despawn', 'effects', 'head', 'overhead'] as const;
export const trafficReasons: readonly TrafficReason[] = [...typed, ...untyped];

/** The places of an entity type's reasons, from its number times 3 on. */
export const typeCell = { group: 0, changed: 1, entered: 2 } as const;
export const cellsPerType: number = typed.length;

/** The costs of one segment or private part by place, in 1/256 bit: those of types, and despawns behind them. Reused. */
export class CostTally {
  readonly costs: Float64Array;
  /** Places in use, the first `count`. */
  readonly cells: Uint16Array;
  count = 0;
  total = 0;

  constructor(types: number) {
    this.costs = new Float64Array(types * cellsPerType + 2);
    this.cells = new Uint16Array(types * cellsPerType + 2);
  }

  reset(): void {
    for (let index = 0; index < this.count; index++) this.costs[this.cells[index] as number] = 0;
    this.count = 0;
    this.total = 0;
  }

  add(cell: number, cost: number): void {
    if (this.costs[cell] === 0) this.cells[this.count++] = cell;
    this.costs[cell] = (this.costs[cell] as number) + cost;
    this.total += cost;
  }
}

export class Traffic {
  packets = 0;
  /** All of it. */
  bytes = 0;
  readonly #names: readonly string[];
  readonly #cells: Float64Array;

  constructor(game: AnyGame) {
    this.#names = game.types.map(({ name }) => name);
    this.#cells = new Float64Array(this.#names.length * cellsPerType + untyped.length);
  }

  /** Bytes for one reason, or for one entity type (`state` is the room's own), or both; `group`, `changed` and `entered` have a type. */
  of(what: { readonly type?: string; readonly reason?: TrafficReason }): number {
    const { type, reason } = what;
    if (type === undefined && reason === undefined) return this.bytes;
    const place = (untyped as readonly string[]).indexOf(reason ?? '');
    if (place >= 0) return type === undefined ? (this.#cells[this.#names.length * cellsPerType + place] as number) : 0;
    let sum = 0;
    for (let number = 0; number < this.#names.length; number++) {
      if (type !== undefined && this.#names[number] !== type) continue;
      for (const [cell, name] of typed.entries())
        if (reason === undefined || reason === name) sum += this.#cells[number * cellsPerType + cell] as number;
    }
    return sum;
  }

  /** Bytes by reason, for a table or a chart. */
  byReason(): Record<TrafficReason, number> {
    return Object.fromEntries(trafficReasons.map((reason) => [reason, this.of({ reason })])) as Record<TrafficReason, number>;
  }

  /** Bytes by entity type; what belongs to none is not in it. */
  byType(): Record<string, number> {
    return Object.fromEntries(this.#names.map((type) => [type, this.of({ type })]));
  }

  /** Adds what another counted, for a total. */
  add(other: Traffic): void {
    this.packets += other.packets;
    this.bytes += other.bytes;
    for (let cell = 0; cell < this.#cells.length; cell++) this.#count(cell, other.#cells[cell] as number);
  }

  /** A packet: how long it is, and what of it was head and frame. */
  countPacket(bytes: number, headBytes: number): void {
    this.packets++;
    this.bytes += bytes + limits.overheadBytes;
    this.#count(this.#cells.length - 2, headBytes);
    this.#count(this.#cells.length - 1, limits.overheadBytes);
  }

  /** Bytes of a packet that are made up as the tally says. */
  countPart(bytes: number, tally: CostTally): void {
    if (tally.total === 0) {
      // Nothing but a count: that is framing.
      this.#count(this.#cells.length - 2, bytes);
      return;
    }
    const share = bytes / tally.total;
    for (let index = 0; index < tally.count; index++) {
      const cell = tally.cells[index] as number;
      this.#count(cell, (tally.costs[cell] as number) * share);
    }
  }

  #count(cell: number, bytes: number): void {
    this.#cells[cell] = (this.#cells[cell] as number) + bytes;
  }
}

/** What those that are here have been sent, and those before them. */
export function totalOf(game: AnyGame, before: Traffic, here: Iterable<{ readonly traffic: Traffic }>): Traffic {
  const total = new Traffic(game);
  total.add(before);
  for (const { traffic } of here) total.add(traffic);
  return total;
}
