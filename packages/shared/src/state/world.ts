// The entities of one room: plain objects in slots, and the room's own state as the entity in slot 0.
//
// Invariant: iteration is by slot, ascending, on both ends; an array given out by `all` never changes under the loop that reads it;
// a spawn takes the lowest free slot, so that slots in use lie close together: gaps between them cost bytes in every packet.
// Units: ticks. A server's world spawns; a client's is filled by `put` with the ids that the server gave. What a client spawns ahead of the server is a guest:
// it has an id of the client's own and no slot, and stands behind all others, until `rename` gives it the server's.

import { limits } from '../limits.ts';
import type { AnyEntity, AnyGame, EntityName, EntityOf, StateOf, WorldQuery } from '../schema/game.ts';
import type { ValuesOf } from '../schema/layout.ts';
import { type EntityId, entityId, isGuest, type Slot, slotOf, versionOf } from './entity-id.ts';

/** Where something that a step made came from, the same at both ends: the key of the entity that stepped, the tick, and which one of that step it was. */
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
  readonly #origins = new Map<EntityId, SpawnOrigin>();
  readonly #guests = new Map<EntityId, Entity>();
  /** What has an origin, by it. */
  #spawned: Entity[] = [];
  #isSpawnedGivenOut = false;
  /** No slot below is free. */
  #freeFrom = 1;
  readonly #byType: Entity[][];
  readonly #givenOut: boolean[];
  readonly #typeNumbers = new Map<string, number>();

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
   * @param origin of a spawn in a step, and @param guest its id in the world of a client that predicts it: for the framework.
   * @throws RangeError when the world is full, TypeError for a type or a field that the game does not have. Nothing was spawned then.
   */
  spawn<Name extends EntityName<G>>(
    type: Name,
    values: Partial<ValuesOf<G['entities'][Name]['fields']>> = {},
    origin?: SpawnOrigin,
    guest?: EntityId,
  ): EntityOf<G, Name> {
    const number = this.#typeNumber(type);
    const fields = this.game.types[number]?.layout.fields as readonly { name: string }[];
    for (const name of Object.keys(values)) {
      if (!fields.some((field) => field.name === name)) throw new TypeError(`spawn('${type}'): there is no field '${name}'`);
    }
    const entity = this.#place(guest ?? this.#freeId(), number, origin);
    for (const [name, value] of Object.entries(values)) entity[name] = ownCopy(value);
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
    if (isGuest(id)) return this.#guests.get(id);
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

  /** Where an entity came from; undefined unless a step made it. */
  originOf(id: EntityId): SpawnOrigin | undefined {
    return this.#origins.get(id);
  }

  /** Whether there is anything that a step has made. */
  get hasSpawned(): boolean {
    return this.#spawned.length > 0;
  }

  /** What steps have made, in the order of their origins, which is the same on both ends. The array stays as it is while you loop over it. */
  get spawned(): readonly Entity[] {
    this.#isSpawnedGivenOut = true;
    return this.#spawned;
  }

  /** Puts an entity that another world made into its slot, in place of whatever is there. Its fields have their initial values. */
  put(id: EntityId, typeNumber: number, origin?: SpawnOrigin): Entity {
    const slot = slotOf(id);
    const there = this.#entities[slot];
    if (there) this.remove(there.id);
    return this.#place(id, typeNumber, origin);
  }

  /** Gives a guest the id that the server has for it. */
  rename(guest: EntityId, id: EntityId): Entity {
    const from = this.#guests.get(guest) as Entity;
    const origin = this.#origins.get(guest);
    const type = this.#typeNumber(from.type);
    this.remove(guest);
    const entity = this.put(id, type, origin);
    for (const { name } of this.game.types[type]?.layout.fields ?? []) entity[name] = from[name];
    return entity;
  }

  /** Takes an entity out. @returns false when it was not there. */
  remove(id: EntityId): boolean {
    const entity = this.entityOf(id);
    if (!entity || id === 0) return false;
    const slot = slotOf(id);
    if (isGuest(id)) {
      this.#guests.delete(id);
    } else {
      this.#entities[slot] = null;
      if (slot < this.#freeFrom) this.#freeFrom = slot;
    }
    const list = this.#ownList(this.#typeNumber(entity.type));
    list.splice(indexByPlace(list, placeOf(id)), 1);
    if (this.#origins.delete(id)) {
      const spawned = this.#ownSpawned();
      spawned.splice(spawned.indexOf(entity), 1);
    }
    return true;
  }

  /** Slots and versions as plain data, for a saved room. The entities' fields are saved as rows. */
  saveTables(): unknown {
    const live: unknown[] = [];
    for (let slot = 1; slot < this.slotCount; slot++) {
      const entity = this.at(slot);
      const origin = entity && this.originOf(entity.id);
      live.push([this.versionAt(slot), entity ? this.typeAt(slot) : 0, origin ? [origin.key, origin.tick, origin.number] : null]);
    }
    return [this.tick, live];
  }

  /** Fills an empty world from `saveTables` of a trusted save. */
  restoreTables(saved: unknown): void {
    const [tick, live] = saved as [number, [number, number, [number, number, number] | null][]];
    this.tick = tick;
    for (const [index, [version, type, origin]] of live.entries()) {
      const slot = (index + 1) as Slot;
      if (type > 0) this.#place(entityId(slot, version), type, origin ? { key: origin[0], tick: origin[1], number: origin[2] } : undefined);
      this.#versions[slot] = version;
      this.slotCount = Math.max(this.slotCount, slot + 1);
    }
  }

  #typeNumber(type: string): number {
    const number = this.#typeNumbers.get(type);
    if (number === undefined || number === 0) throw new TypeError(`there is no entity type '${type}'`);
    return number;
  }

  #freeId(): EntityId {
    let slot = this.#freeFrom;
    while (slot < this.slotCount && this.#entities[slot]) slot++;
    if (slot === limits.worldSlots) throw new RangeError(`the world is full: ${limits.worldSlots} entities`);
    this.#freeFrom = slot + 1;
    return entityId(slot as Slot, (this.#versions[slot] ?? 0) + 1);
  }

  #place(id: EntityId, typeNumber: number, origin?: SpawnOrigin): Entity {
    const type = this.game.types[typeNumber] as AnyGame['types'][number];
    const entity = { id, type: type.name } as Entity;
    type.layout.initialise(entity);
    if (isGuest(id)) this.#guests.set(id, entity);
    else this.#takeSlot(slotOf(id), entity, typeNumber);
    const list = this.#ownList(typeNumber);
    list.splice(indexByPlace(list, placeOf(id)), 0, entity);
    if (origin) this.#note(entity, origin);
    return entity;
  }

  #takeSlot(slot: Slot, entity: Entity, typeNumber: number): void {
    this.#entities[slot] = entity;
    this.#types[slot] = typeNumber;
    this.#versions[slot] = versionOf(entity.id);
    if (slot >= this.slotCount) {
      for (let empty = this.slotCount; empty < slot; empty++) {
        this.#entities[empty] ??= null;
        this.#types[empty] ??= 0;
        this.#versions[empty] ??= 0;
      }
      this.slotCount = slot + 1;
    }
  }

  /** Notes where an entity came from, and puts it into its place among what steps have made: mostly the last. */
  #note(entity: Entity, origin: SpawnOrigin): void {
    this.#origins.set(entity.id, origin);
    const spawned = this.#ownSpawned();
    let at = spawned.length;
    while (at > 0 && comesBefore(origin, this.#origins.get((spawned[at - 1] as Entity).id) as SpawnOrigin)) at--;
    spawned.splice(at, 0, entity);
  }

  #ownSpawned(): Entity[] {
    if (this.#isSpawnedGivenOut) this.#spawned = [...this.#spawned];
    this.#isSpawnedGivenOut = false;
    return this.#spawned;
  }

  /** The type's list, copied first when a loop may be reading it. */
  #ownList(typeNumber: number): Entity[] {
    if (this.#givenOut[typeNumber]) {
      this.#byType[typeNumber] = [...(this.#byType[typeNumber] as Entity[])];
      this.#givenOut[typeNumber] = false;
    }
    return this.#byType[typeNumber] as Entity[];
  }
}

function comesBefore(a: SpawnOrigin, b: SpawnOrigin): boolean {
  return a.tick !== b.tick ? a.tick < b.tick : a.key !== b.key ? a.key < b.key : a.number < b.number;
}

/** An entity's place in lists: its slot; guests stand behind all others. */
function placeOf(id: EntityId): number {
  return isGuest(id) ? limits.worldSlots + versionOf(id) : slotOf(id);
}

/** Where a place is or belongs in a list ordered by places. */
function indexByPlace(list: readonly Entity[], place: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (placeOf((list[middle] as Entity).id) < place) low = middle + 1;
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
