// Everything that arrived from the server: each known entity with its states, and what is known to be gone.
//
// Invariant: news that is older than what is known changes nothing that is newer: a late packet never brings back an entity that a newer one ended.
// Units: ticks.

import { type AnyGame, type EntityId, limits } from '@tickwire/shared';
import { type EntityType, entityId, type Form, type Slot, type SpawnOrigin, slotOf } from '@tickwire/shared/internal';
import { ReceivedEntity } from './received.ts';

/** An entity that is over, shown until the view reaches its end. */
export interface Departed {
  readonly entity: ReceivedEntity;
  tick: number;
}

/** Tables of one type that are kept for entities to come. */
const sparesMax = 256;

export class ReceivedWorld {
  /** By slot. */
  readonly entities: (ReceivedEntity | undefined)[] = [];
  /** Ended, but perhaps still in view. */
  readonly departed: Departed[] = [];
  /** Tick of the newest packet, and of the newest one that led a snapshot: what is predicted was whole in it. -1 before the first. */
  newestTick = -1;
  leadTick = -1;
  /** Counts the packets that changed anything. */
  changes = 0;
  readonly #types: readonly EntityType[];
  /** Tables of states that departed entities let go, by type: a new table costs more than all states that a bullet has. */
  readonly #spare: Int32Array[][];
  /** The newest tick at which each slot was said to be empty. */
  readonly #emptyTick: number[] = [];

  /** By handle: the slot that the server gave it to, and when. */
  readonly #slotOfHandle: number[] = [];
  readonly #handleTick: number[] = [];

  constructor(game: AnyGame) {
    this.#types = game.types;
    this.#spare = game.types.map(() => []);
  }

  /** As before the first packet. */
  clear(): void {
    for (const list of [this.entities, this.departed, this.#emptyTick, this.#slotOfHandle, this.#handleTick]) list.length = 0;
    this.newestTick = -1;
    this.leadTick = -1;
    this.changes++;
  }

  typeOf(number: number): EntityType | undefined {
    return this.#types[number];
  }

  /** The slot that a packet of `tick` means by a handle, or -1: it was given away since, or never. Handle 0 is the room's state always. */
  slotOfHandle(handle: number, tick: number): number {
    if (handle === 0) return 0;
    return tick < (this.#handleTick[handle] ?? 0) ? -1 : (this.#slotOfHandle[handle] ?? -1);
  }

  /** At `tick` the server gave a handle to a slot, or, with -1, ended what it named: the handle may be another slot's next. */
  nameHandle(handle: number, slot: number, tick: number): void {
    if (tick < (this.#handleTick[handle] ?? -1)) return;
    this.#slotOfHandle[handle] = slot;
    this.#handleTick[handle] = tick;
  }

  /** The newest tick at which the slot was said to be empty, or -1. */
  emptyTick(slot: number): number {
    return this.#emptyTick[slot] ?? -1;
  }

  /** A whole state arrived. */
  full(
    slot: number,
    version: number,
    typeNumber: number,
    origin: SpawnOrigin | undefined,
    tick: number,
    since: number,
    form: Form,
    row: Int32Array,
    at: number,
  ): void {
    if (tick <= this.emptyTick(slot)) return;
    const id = entityId(slot as Slot, version);
    let entity = this.entities[slot];
    if (entity && (entity.id !== id || entity.type.number !== typeNumber)) {
      if (tick <= entity.newestTick) return;
      this.#depart(entity, tick);
      entity = undefined;
    }
    if (!entity) {
      entity = new ReceivedEntity(id, this.#types[typeNumber] as EntityType, origin, this.#spare[typeNumber]?.pop());
      this.entities[slot] = entity;
    }
    if (origin) entity.origin = origin;
    entity.insert(tick, since, form, row, at);
  }

  /** A slot is empty for this client at `tick`: whatever was there before is gone, also an earlier entity whose own end was lost. */
  despawn(slot: number, tick: number): void {
    const entity = this.entities[slot];
    if (entity && tick > entity.newestTick) {
      this.#depart(entity, tick);
      this.entities[slot] = undefined;
    } else {
      this.#departedBefore(slot, tick);
    }
    this.#emptyTick[slot] = Math.max(this.emptyTick(slot), tick);
  }

  get(id: EntityId): ReceivedEntity | undefined {
    const entity = this.entities[slotOf(id)];
    return entity?.id === id ? entity : undefined;
  }

  /** Forgets departed entities that the view has passed. */
  passed(viewTick: number): void {
    const { departed } = this;
    let left = 0;
    for (let index = 0; index < departed.length; index++) {
      const one = departed[index] as Departed;
      if (one.tick > viewTick) departed[left++] = one;
      else this.#keepTable(one.entity);
    }
    if (left < departed.length) departed.length = left;
  }

  #keepTable(entity: ReceivedEntity): void {
    const rows = entity.release();
    const spare = this.#spare[entity.type.number];
    if (spare && spare.length < sparesMax) spare.push(rows);
  }

  /** What came after an entity was there before the news of its end, which was earlier than that: so it goes earlier. */
  #departedBefore(slot: number, tick: number): void {
    for (const one of this.departed) if (slotOf(one.entity.id) === slot && one.entity.newestTick < tick && tick < one.tick) one.tick = tick;
  }

  #depart(entity: ReceivedEntity, tick: number): void {
    this.departed.push({ entity, tick });
    if (this.departed.length > limits.worldSlots) this.departed.shift();
  }
}
