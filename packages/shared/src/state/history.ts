// The last second or so of every entity, as rows on the `step` grid, one a tick: delta baselines and rewind on the server, reconciliation on the client.
//
// Invariant: a recorded row never changes. Each row ends in two words more: the first tick from which it has held without change, and the first from
// which what others than the owner see of it has, so that a base older than the ring is still known while the entity has not changed (law 4).
// A slot's rows are those of the entity that has it now; those of entities that had it in the ticks of a ring before are found by their version.
// Units: ticks. A slot's ring holds `limits.historyTicks` rows, on a client `limits.predictedTicks`; no recording allocates once the slot has a ring.

import { limits } from '../limits.ts';
import type { AnyGame, EntityType } from '../schema/game.ts';
import { type EntityId, slotOf, versionOf } from './entity-id.ts';

/** A slot's rows, one behind the other: that of a tick of the last `ringTicks` begins at `tick % ringTicks` times `stride`. */
export interface Ring {
  readonly rows: Int32Array;
  readonly stride: number;
  readonly ringTicks: number;
}

/** What was recorded of one entity: living, or gone not long ago. */
export interface Life extends Ring {
  readonly version: number;
  readonly type: EntityType;
  readonly firstTick: number;
  readonly lastTick: number;
}

interface SlotHistory {
  version: number;
  type: EntityType;
  /** Words of a row, and its two `since`. */
  stride: number;
  rows: Int32Array;
  readonly ringTicks: number;
  firstTick: number;
  lastTick: number;
  /** The entity that had the slot before, as long as its rows are not older than a ring. */
  before: SlotHistory | undefined;
}

export class History {
  readonly #types: readonly EntityType[];
  readonly #ringTicks: number;
  readonly #slots: (SlotHistory | undefined)[] = [];
  /** Rings that earlier entities left, by type. */
  readonly #spare: Int32Array[][];

  /** @param ringTicks rows of a slot's ring. */
  constructor(game: AnyGame, ringTicks: number = limits.historyTicks) {
    this.#ringTicks = ringTicks;
    this.#types = game.types;
    this.#spare = game.types.map(() => []);
  }

  /** Rounds an entity to the grid, records it at `tick` and puts the rounded values back: what is recorded is what goes on being simulated. */
  record(slot: number, version: number, typeNumber: number, values: object, tick: number): void {
    const at = this.advance(slot, version, typeNumber, tick);
    const entry = this.#slots[slot] as SlotHistory;
    entry.type.layout.record(values, entry.rows, at);
    this.settle(slot, tick);
  }

  /** Makes room for the row of `tick` and returns where it begins in `rows(slot)`; the caller fills it and calls `settle`. */
  advance(slot: number, version: number, typeNumber: number, tick: number): number {
    let entry = this.#slots[slot];
    if (!entry || entry.version !== version || entry.type.number !== typeNumber || tick > entry.lastTick + 1 || tick < oldestTick(entry)) {
      entry = this.#open(slot, version, typeNumber, tick);
    }
    if (tick < entry.lastTick) entry.firstTick = oldestTick(entry); // recorded anew from here on: what later ticks overwrote is gone
    entry.lastTick = tick;
    return (tick % this.#ringTicks) * entry.stride;
  }

  /** Notes since when the row of `tick` has held. */
  settle(slot: number, tick: number): void {
    const { rows, stride, firstTick, type } = this.#slots[slot] as SlotHistory;
    const { ownerWords, words } = type.layout;
    const at = (tick % this.#ringTicks) * stride;
    let since = tick;
    let seenSince = tick;
    if (tick > firstTick) {
      const before = ((tick - 1) % this.#ringTicks) * stride;
      let word = 0;
      while (word < words && rows[at + word] === rows[before + word]) word++;
      if (word === words) since = rows[before + words] as number;
      while (word < words && (rows[at + word] === rows[before + word] || ownerWords[word] === 1)) word++;
      if (word === words) seenSince = rows[before + words + 1] as number;
    }
    rows[at + words] = since;
    rows[at + words + 1] = seenSince;
  }

  /** What is known of an entity that has the slot or had it, or undefined when that is too long ago. */
  life(slot: number, version: number): Life | undefined {
    let entry = this.#slots[slot];
    while (entry && entry.version !== version) entry = entry.before;
    return entry;
  }

  /** Takes over the rows that another history has in a slot, as those of the entity with this id. */
  adopt(id: EntityId, from: History, fromSlot: number): void {
    const entry = from.#slots[fromSlot];
    if (!entry) return;
    from.#slots[fromSlot] = undefined;
    const [slot, version] = [slotOf(id), versionOf(id)];
    this.#slots[slot] = { ...entry, version, before: this.#release(this.#slots[slot], version, entry.firstTick) };
  }

  /** Lets the rings from `entry` on back go that are older than a ring at `tick`, for the next entities of their types. @returns what stays. */
  #release(entry: SlotHistory | undefined, version: number, tick: number): SlotHistory | undefined {
    if (!entry) return undefined;
    const stays = entry.version !== version && entry.lastTick > tick - this.#ringTicks && entry.lastTick <= tick;
    // What had the slot before this one is older still.
    entry.before = this.#release(entry.before, version, stays ? tick : Number.POSITIVE_INFINITY);
    if (stays) return entry;
    this.#spare[entry.type.number]?.push(entry.rows);
    return undefined;
  }

  /** The ring of a slot in which something was recorded. */
  ring(slot: number): Ring {
    return this.#slots[slot] as SlotHistory;
  }

  /** The rows of a slot. */
  rows(slot: number): Int32Array {
    return (this.#slots[slot] as SlotHistory).rows;
  }

  /** Where the row of `tick` begins in `rows(slot)`, or -1 when that version has no such row any more. */
  rowAt(slot: number, version: number, tick: number): number {
    const entry = this.#slots[slot];
    if (!entry || entry.version !== version || tick > entry.lastTick || tick < oldestTick(entry)) return -1;
    return (tick % this.#ringTicks) * entry.stride;
  }

  /** As `rowAt`, and also finds a row that left the ring but has held without change ever since `tick`, for the owner or for others. */
  baseAt(slot: number, version: number, tick: number, isOwner: boolean): number {
    const entry = this.#slots[slot];
    if (!entry || entry.version !== version || tick > entry.lastTick || tick < entry.firstTick) return -1;
    const oldest = oldestTick(entry);
    if (tick >= oldest) return (tick % this.#ringTicks) * entry.stride;
    return sinceOf(entry, oldest, isOwner) <= tick ? (oldest % this.#ringTicks) * entry.stride : -1;
  }

  /** The oldest tick that `baseAt` still finds for the newest version in a slot. */
  baseFrom(slot: number, isOwner: boolean): number {
    const entry = this.#slots[slot] as SlotHistory;
    const oldest = oldestTick(entry);
    return Math.max(entry.firstTick, Math.min(oldest, sinceOf(entry, oldest, isOwner)));
  }

  /** The first tick from which the newest row of a slot has held, for the owner or for others. */
  sinceNow(slot: number, isOwner: boolean): number {
    const entry = this.#slots[slot] as SlotHistory;
    return sinceOf(entry, entry.lastTick, isOwner);
  }

  /** The first tick from which the row at `tick` has held, for the owner or for others. `tick` is one that `baseFrom` allows. */
  sinceAt(slot: number, tick: number, isOwner: boolean): number {
    const entry = this.#slots[slot] as SlotHistory;
    return sinceOf(entry, Math.max(tick, oldestTick(entry)), isOwner);
  }

  #open(slot: number, version: number, typeNumber: number, tick: number): SlotHistory {
    const type = this.#types[typeNumber] as EntityType;
    const before = this.#release(this.#slots[slot], version, tick);
    const stride = type.layout.words + 2;
    const rows = this.#spare[typeNumber]?.pop() ?? new Int32Array(this.#ringTicks * stride);
    const entry: SlotHistory = { version, type, stride, rows, ringTicks: this.#ringTicks, firstTick: tick, lastTick: tick, before };
    this.#slots[slot] = entry;
    return entry;
  }
}

/** Where the row of `tick` begins, a tick of the life's last ring. */
export function rowOfLife({ stride, ringTicks }: Life, tick: number): number {
  return (tick % ringTicks) * stride;
}

/** The first tick from which the row of `tick` has held, for the owner or for others. */
export function sinceOfLife(life: Life, tick: number, isOwner: boolean): number {
  return sinceOf(life, tick, isOwner);
}

function sinceOf({ rows, stride, ringTicks }: Ring, tick: number, isOwner: boolean): number {
  return rows[(tick % ringTicks) * stride + stride - (isOwner ? 2 : 1)] as number;
}

function oldestTick(entry: SlotHistory): number {
  return Math.max(entry.firstTick, entry.lastTick - entry.ringTicks + 1);
}
