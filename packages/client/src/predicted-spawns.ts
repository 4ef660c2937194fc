// Guests: what this client's steps have spawned ahead of the server. Each has an id of the client's own and its origin, by which the server's is known.
//
// Invariant: a guest was spawned in a tick that no leading snapshot has told of yet. When one does, its guest has become the server's entity, or is
// over: the server has not made it. A replay that does not spawn it again ends it too. At most `limits.predictedSpawns` at once; what is spawned beyond
// them appears when the server's arrives. Units: ticks.

import { type AnyGame, type EntityId, limits } from '@tickwire/shared';
import { type Entity, entityId, History, type Slot, type SpawnOrigin, versionOf, type World } from '@tickwire/shared/internal';
import { drawPicture } from './predicted-picture.ts';
import type { Predictor } from './predictor.ts';
import type { ReceivedEntity } from './received.ts';
import type { Smoothing } from './smoothing.ts';
import type { View } from './view.ts';

interface Guest {
  readonly id: EntityId;
  readonly type: number;
  readonly origin: SpawnOrigin;
  readonly isOwned: boolean;
  /** Its row in the history of guests. */
  readonly place: number;
  /** False from the beginning of a replay until it is spawned again. */
  isMade: boolean;
  /** The tick in which a step has despawned it. */
  goneTick: number;
}

/** Another name for what the view shows. */
export interface Renamed {
  readonly from: EntityId;
  readonly to: EntityId;
}

/** An input that came late moves a spawn by so many ticks at most: it still is the same one for the view. */
const lateTicksMax = 16;

export class PredictedSpawns {
  /** The guests that became entities of the server since the view was drawn last. */
  readonly renamed: Renamed[] = [];
  readonly #world: World<AnyGame>;
  readonly #history: History;
  #guests: Guest[] = [];
  #names = 0;
  #drawnTick = -1;

  constructor(world: World<AnyGame>) {
    this.#world = world;
    this.#history = new History(world.game, limits.predictedTicks);
  }

  has(id: EntityId): boolean {
    return this.#guests.some((guest) => guest.id === id);
  }

  isOwned(id: EntityId): boolean {
    return this.#guests.some((guest) => guest.id === id && guest.isOwned);
  }

  /** Spawns a guest, or the one that was spawned in this tick before. @returns an entity that is in no world when there are too many. */
  spawn(type: string, values: object, origin: SpawnOrigin, isOwned: boolean): Entity {
    const number = this.#world.game.types.findIndex(({ name }) => name === type);
    const known = this.#guests.find((guest) => guest.type === number && isSame(guest.origin, origin));
    if (known) {
      known.isMade = true;
      known.goneTick = Number.POSITIVE_INFINITY;
      return this.#world.spawn(type, values, origin, known.id) as unknown as Entity;
    }
    const id = this.#nextId();
    const entity = this.#world.spawn(type, values, origin, id) as unknown as Entity;
    if (this.#guests.length < limits.predictedSpawns) {
      const place = this.#freePlace();
      this.#guests.push({ id, type: number, origin, isOwned, place, isMade: true, goneTick: Number.POSITIVE_INFINITY });
    } else {
      this.#world.remove(id);
    }
    return entity;
  }

  /** Makes an entity that is in no world: what is not for this client to predict. */
  draft(type: string, values: object, origin: SpawnOrigin): Entity {
    const id = this.#nextId();
    const entity = this.#world.spawn(type, values, origin, id) as unknown as Entity;
    this.#world.remove(id);
    return entity;
  }

  /** @returns whether it was a guest. */
  despawn(id: EntityId, tick: number): boolean {
    const guest = this.#guests.find((one) => one.id === id);
    if (!guest) return false;
    guest.goneTick = tick;
    this.#world.remove(id);
    return true;
  }

  /**
   * Looks for the guest that an entity of the server is. If it is in the world, it is that entity from now on, with all that was predicted of it.
   * @returns the tick in which it was despawned, endless when it lives; undefined when no guest is it.
   */
  adopt(received: ReceivedEntity, into: History): number | undefined {
    const { origin, id, type } = received;
    if (!origin || this.#guests.length === 0) return undefined;
    const guest = this.#guests.find((one) => one.type === type.number && isSame(one.origin, origin));
    if (!guest) return undefined;
    this.#guests = this.#guests.filter((one) => one !== guest);
    this.renamed.push({ from: guest.id, to: id });
    into.adopt(id, this.#history, guest.place);
    if (this.#world.entityOf(guest.id)) this.#world.rename(guest.id, id);
    return guest.goneTick;
  }

  /** Whether the server should have a guest at `tick` and has not. */
  isRefused(tick: number): boolean {
    return this.#guests.some(({ origin, goneTick }) => origin.tick <= tick && goneTick > tick);
  }

  /**
   * A leading snapshot of `tick` is here: guests of until then are over. @param arrived entities that are new in it and no guest: one of them may be what a
   * guest was to be, some ticks later, since its input was late.
   */
  settle(tick: number, arrived: readonly ReceivedEntity[]): void {
    if (this.#guests.length === 0) return;
    for (const { id, type, origin } of arrived) {
      if (!origin) continue;
      const guest = this.#guests.find(
        (one) =>
          one.type === type.number &&
          one.origin.tick <= tick &&
          one.origin.key === origin.key &&
          origin.tick >= one.origin.tick &&
          origin.tick - one.origin.tick <= lateTicksMax,
      );
      if (!guest) continue;
      this.renamed.push({ from: guest.id, to: id });
      this.#end(guest);
    }
    for (const guest of this.#guests) if (guest.origin.tick <= tick) this.#end(guest);
  }

  /** The ticks after `tick` run again: their guests must be spawned again. */
  rewind(): void {
    for (const guest of this.#guests) {
      guest.isMade = false;
      this.#world.remove(guest.id);
    }
  }

  /** Records the guests of a tick; those that it should have spawned again and has not are over. */
  record(tick: number): void {
    for (const guest of this.#guests) {
      if (!guest.isMade && guest.origin.tick <= tick) this.#end(guest);
      const entity = this.#world.entityOf(guest.id);
      if (entity) this.#history.record(guest.place, versionOf(guest.id), guest.type, entity, tick);
    }
  }

  /** Shows the guests between their last two ticks. */
  draw<G extends AnyGame>(view: View<G>, predictor: Predictor<G>, smoothing: Smoothing, inputTick: number): void {
    const { tick } = predictor;
    for (const { from, to } of this.renamed) view.rename(from, to);
    if (this.renamed.length > 0) this.renamed.length = 0;
    for (const guest of this.#guests) {
      const { id, place, isOwned } = guest;
      const type = this.#world.game.types[guest.type] as AnyGame['types'][number];
      if (this.#history.rowAt(place, versionOf(id), tick) < 0) continue;
      const shown = view.show(id, type);
      shown.mine = isOwned;
      const track = smoothing.guestTrack(shown, type.layout);
      drawPicture(track, type.layout, this.#history, place, versionOf(id), predictor, smoothing, inputTick);
    }
    this.#drawnTick = tick;
    view.hideGuests(this.#isOver);
  }

  /** While a replay catches up with a guest, the view keeps it as it is. */
  readonly #isOver = (id: EntityId): boolean => !this.#guests.some((guest) => guest.id === id && guest.goneTick > this.#drawnTick);

  #end(guest: Guest): void {
    this.#guests = this.#guests.filter((one) => one !== guest);
    this.#world.remove(guest.id);
  }

  #nextId(): EntityId {
    this.#names = (this.#names % 0xffff) + 1;
    return entityId(0 as Slot, this.#names);
  }

  #freePlace(): number {
    let place = 0;
    while (this.#guests.some((guest) => guest.place === place)) place++;
    return place;
  }
}

function isSame(a: SpawnOrigin, b: SpawnOrigin): boolean {
  return a.tick === b.tick && a.key === b.key && a.number === b.number;
}
