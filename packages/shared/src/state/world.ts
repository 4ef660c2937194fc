// The entities of one room: plain objects in slots, and the room's own state as the entity in slot 0.
//
// Invariant: iteration is by slot, ascending, on both ends; an array given out by `all` never changes under the loop that reads it;
// a spawn takes the lowest free slot, so that slots in use lie close together: gaps between them cost bytes in every packet.
// Units: ticks. A server's world spawns; a client's is filled by `put` with the ids that the server gave.

import { limits } from '../limits.ts';
import type { AnyEntity, AnyGame, EntityName, EntityOf, StateOf, WorldQuery } from '../schema/game.ts';
import type { ValuesOf } from '../schema/layout.ts';
import { type EntityId, entityId, type Slot, slotOf, versionOf } from './entity-id.ts';

/** Where a spawn came from, for the client that predicted it: the game's key, the tick, and which spawn of that key in the tick it was. */
export interface SpawnOrigin {
  readonly key: number;
  readonly tick: number;
  readonly number: number;
}

/** An entity as the framework handles it: its type is in the world's tables. */
export interface Entity {
  readonly id: EntityId;
  readonly type: string;
  [field: string]: unknown;
}

export class World<G extends AnyGame> implements WorldQuery<G['entities'], G['state']> {
  readonly game: G;
  /** The tick being made; set by the owner of the world. */
  tick = 0;
  /** One past the highest slot ever used. */
  slotCount = 1;
  readonly #entities: (Entity | null)[] = [];
  readonly #types: number[] = [0];
  readonly #versions: number[] = [0];
  readonly #origins = new Map<Slot, SpawnOrigin>();
  /** No slot below is free. */
  #freeFrom = 1;
  readonly #byType: Entity[][];
  readonly #givenOut: boolean[];
  readonly #typeNumbers = new Map<string, number>();
  /** Spawns of each key in the tick `#keysTick`, those that are gone again included. */
  readonly #keys = new Map<number, number>();
  #keysTick = -1;

  constructor(game: G) {
    this.game = game;
    for (const { name, number } of game.types) this.#typeNumbers.set(name, number);
    this.#byType = game.types.map(() => []);
    this.#givenOut = game.types.map(() => false);
    this.#place(0 as EntityId, 0);
  }

  /** The room's own state. */
  get state(): StateOf<G> {
    return this.#entities[0] as unknown as StateOf<G>;
  }

  /** Every entity of a type, by slot. The array stays as it is while you loop over it. */
  all<Name extends EntityName<G>>(type: Name): readonly EntityOf<G, Name>[] {
    const number = this.#typeNumber(type);
    this.#givenOut[number] = true;
    return this.#byType[number] as unknown as readonly EntityOf<G, Name>[];
  }

  /** The entity with this id; undefined when it is gone. */
  get(id: EntityId | null): AnyEntity<G['entities']> | undefined {
    return id === null || id === 0 ? undefined : (this.entityOf(id) as AnyEntity<G['entities']> | undefined);
  }

  /**
   * Makes an entity. Fields that `values` leaves out have their initial value.
   * @param options.key a number of the game's own (0 to 65535) by which a client that predicted this spawn knows it again.
   * @throws RangeError when the world is full, TypeError for a type or a field that the game does not have. Nothing was spawned then.
   */
  spawn<Name extends EntityName<G>>(
    type: Name,
    values: Partial<ValuesOf<G['entities'][Name]['fields']>> = {},
    options: { key?: number } = {},
  ): EntityOf<G, Name> {
    const number = this.#typeNumber(type);
    const fields = this.game.types[number]?.layout.fields as readonly { name: string }[];
    for (const name of Object.keys(values)) {
      if (!fields.some((field) => field.name === name)) throw new TypeError(`spawn('${type}'): there is no field '${name}'`);
    }
    const origin = options.key === undefined ? undefined : this.#originOf(options.key);
    const slot = this.#freeSlot();
    const entity = this.#place(entityId(slot, (this.#versions[slot] ?? 0) + 1), number);
    for (const [name, value] of Object.entries(values)) entity[name] = ownCopy(value);
    if (origin) this.#origins.set(slot, origin);
    return entity as unknown as EntityOf<G, Name>;
  }

  /** Removes an entity; one that is gone already is no error. */
  despawn(entity: EntityId | { readonly id: EntityId }): void {
    this.remove(typeof entity === 'number' ? entity : entity.id);
  }

  /** The entity in a slot, or null. */
  at(slot: number): Entity | null {
    return this.#entities[slot] ?? null;
  }

  entityOf(id: EntityId): Entity | undefined {
    const slot = slotOf(id);
    return this.#versions[slot] === versionOf(id) ? (this.#entities[slot] ?? undefined) : undefined;
  }

  /** The type number of whatever is or was last in a slot. */
  typeAt(slot: number): number {
    return this.#types[slot] ?? 0;
  }

  versionAt(slot: number): number {
    return this.#versions[slot] ?? 0;
  }

  originAt(slot: number): SpawnOrigin | undefined {
    return this.#origins.get(slot as Slot);
  }

  /** Puts an entity that another world made into its slot, in place of whatever is there. Its fields have their initial values. */
  put(id: EntityId, typeNumber: number): Entity {
    const slot = slotOf(id);
    const there = this.#entities[slot];
    if (there) this.remove(there.id);
    return this.#place(id, typeNumber);
  }

  /** Takes an entity out. @returns false when it was not there. */
  remove(id: EntityId): boolean {
    const entity = this.entityOf(id);
    if (!entity || id === 0) return false;
    const slot = slotOf(id);
    this.#entities[slot] = null;
    this.#origins.delete(slot);
    if (slot < this.#freeFrom) this.#freeFrom = slot;
    const list = this.#ownList(this.#types[slot] as number);
    list.splice(indexBySlot(list, slot), 1);
    return true;
  }

  /** Slots and versions as plain data, for a saved room. The entities' fields are saved as rows. */
  saveTables(): unknown {
    const live: unknown[] = [];
    for (let slot = 1; slot < this.slotCount; slot++) {
      const origin = this.originAt(slot);
      live.push([this.versionAt(slot), this.at(slot) ? this.typeAt(slot) : 0, origin ? [origin.key, origin.tick, origin.number] : null]);
    }
    return [this.tick, live];
  }

  /** Fills an empty world from `saveTables` of a trusted save. */
  restoreTables(saved: unknown): void {
    const [tick, live] = saved as [number, [number, number, [number, number, number] | null][]];
    this.tick = tick;
    this.#keys.clear();
    for (const [index, [version, type, origin]] of live.entries()) {
      const slot = (index + 1) as Slot;
      if (type > 0) this.#place(entityId(slot, version), type);
      this.#versions[slot] = version;
      this.slotCount = Math.max(this.slotCount, slot + 1);
      if (!origin) continue;
      const [key, spawnTick, number] = origin;
      this.#origins.set(slot, { key, tick: spawnTick, number });
      if (spawnTick === tick) this.#keys.set(key, Math.max(this.#keys.get(key) ?? 0, number + 1));
    }
    this.#keysTick = tick;
  }

  #typeNumber(type: string): number {
    const number = this.#typeNumbers.get(type);
    if (number === undefined || number === 0) throw new TypeError(`there is no entity type '${type}'`);
    return number;
  }

  #freeSlot(): Slot {
    let slot = this.#freeFrom;
    while (slot < this.slotCount && this.#entities[slot]) slot++;
    if (slot === limits.worldSlots) throw new RangeError(`the world is full: ${limits.worldSlots} entities`);
    this.#freeFrom = slot + 1;
    return slot as Slot;
  }

  #place(id: EntityId, typeNumber: number): Entity {
    const slot = slotOf(id);
    const type = this.game.types[typeNumber] as AnyGame['types'][number];
    const entity = { id, type: type.name } as Entity;
    type.layout.initialise(entity);
    this.#entities[slot] = entity;
    this.#types[slot] = typeNumber;
    this.#versions[slot] = versionOf(id);
    if (slot >= this.slotCount) {
      for (let empty = this.slotCount; empty < slot; empty++) {
        this.#entities[empty] ??= null;
        this.#types[empty] ??= 0;
        this.#versions[empty] ??= 0;
      }
      this.slotCount = slot + 1;
    }
    const list = this.#ownList(typeNumber);
    list.splice(indexBySlot(list, slot), 0, entity);
    return entity;
  }

  /** The type's list, copied first when a loop may be reading it. */
  #ownList(typeNumber: number): Entity[] {
    if (this.#givenOut[typeNumber]) {
      this.#byType[typeNumber] = [...(this.#byType[typeNumber] as Entity[])];
      this.#givenOut[typeNumber] = false;
    }
    return this.#byType[typeNumber] as Entity[];
  }

  #originOf(key: number): SpawnOrigin {
    if (!Number.isInteger(key) || key < 0 || key > 0xffff) throw new RangeError(`spawn key ${key} must be a whole number from 0 to 65535`);
    if (this.#keysTick !== this.tick) this.#keys.clear();
    this.#keysTick = this.tick;
    const number = this.#keys.get(key) ?? 0;
    this.#keys.set(key, number + 1);
    return { key, tick: this.tick, number };
  }
}

/** Where a slot is or belongs in a list ordered by slot. */
function indexBySlot(list: readonly Entity[], slot: Slot): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (slotOf((list[middle] as Entity).id) < slot) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** A spawn's own copy of a vector, list, bytes or flags, so that two entities never share one. */
function ownCopy(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ownCopy);
  if (value instanceof Uint8Array) return value.slice();
  // Not `{ ...value }`: V8 boxes each number that is written into such a copy later on, 16 bytes a coordinate and tick.
  const copy: Record<string, unknown> = {};
  for (const [name, part] of Object.entries(value)) copy[name] = part;
  return copy;
}
