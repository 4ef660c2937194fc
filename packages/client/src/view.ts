// What is to be drawn: every entity that this client knows, own ones in the present, others a little in the past.
//
// Invariant: the objects are the view's own and live as long as their entity is in view; changing them changes nothing but the picture. What this client
// has spawned ahead of the server has an id of its own until the server's arrives; then the same object has that.
// Units: ticks.

import { type AnyEntity, type AnyGame, type EntityId, type EntityName, type EntityOf, limits, type StateOf, type WorldQuery } from '@tickwire/shared';
import { type EntityType, isGuest, slotOf, versionOf } from '@tickwire/shared/internal';

/** What a view says of an entity besides its fields. */
interface Marks {
  /** Whether this client controls it. */
  readonly mine: boolean;
  /**
   * Whether it is drawn somewhere that no state says: beyond the newest one that arrived, or on the way back from there. Whoever aims at it aims at a guess,
   * and the server, which rewinds to what this client had received, may judge otherwise.
   */
  readonly extrapolated: boolean;
}

/** An entity as it is drawn. */
export type ViewEntity<G extends AnyGame, Name extends EntityName<G> = EntityName<G>> = EntityOf<G, Name> & Marks;

/** Guests, which have no slot yet, stand behind all others. */
function placeOf(id: EntityId): number {
  return isGuest(id) ? limits.worldSlots + versionOf(id) : slotOf(id);
}

/** An entity's object as the framework fills it. */
export interface Shown {
  readonly id: EntityId;
  readonly type: string;
  mine: boolean;
  extrapolated: boolean;
  [field: string]: unknown;
}

export class View<G extends AnyGame> implements WorldQuery<G['entities'], G['state']> {
  /** The server tick that others are shown at, with its fraction. */
  tick = 0;
  /** The tick that own entities are shown at, with its fraction. */
  inputTick = 0;
  readonly #bySlot: (Shown | undefined)[] = [];
  readonly #guests = new Map<EntityId, Shown>();
  readonly #byType = new Map<string, Shown[]>();
  readonly #state: Shown;
  #givenOut = new Set<string>();

  constructor(game: G) {
    const [stateType, ...types] = game.types as readonly EntityType[];
    this.#state = { id: 0 as EntityId, type: 'state', mine: false, extrapolated: false };
    stateType?.layout.initialise(this.#state);
    for (const { name } of types) this.#byType.set(name, []);
  }

  /** The room's own state. */
  get state(): StateOf<G> {
    return this.#state as unknown as StateOf<G>;
  }

  /** Every entity of a type in view, by slot. The array stays as it is while you loop over it. */
  all<Name extends EntityName<G>>(type: Name): readonly ViewEntity<G, Name>[] {
    const list = this.#byType.get(type);
    if (!list) throw new TypeError(`there is no entity type '${type}'`);
    this.#givenOut.add(type);
    return list as unknown as readonly ViewEntity<G, Name>[];
  }

  /** The entity with this id, if it is in view. */
  get(id: EntityId | null): (AnyEntity<G['entities']> & Marks) | undefined {
    const shown = id === null || id === 0 ? undefined : isGuest(id) ? this.#guests.get(id) : this.#bySlot[slotOf(id)];
    return shown?.id === id ? (shown as unknown as AnyEntity<G['entities']> & Marks) : undefined;
  }

  /** The first entity of a type that this client controls. */
  mine<Name extends EntityName<G>>(type: Name): ViewEntity<G, Name> | undefined {
    return this.all(type).find((entity) => entity.mine);
  }

  /** The object for an entity, made when it comes into view. Slot 0 is the room's state. For the framework. */
  show(id: EntityId, type: EntityType): Shown {
    if (type.number === 0) return this.#state;
    const slot = slotOf(id);
    const here = isGuest(id) ? this.#guests.get(id) : this.#bySlot[slot];
    if (here?.id === id && here.type === type.name) return here;
    if (here) this.hide(slot);
    const shown: Shown = { id, type: type.name, mine: false, extrapolated: false };
    type.layout.initialise(shown);
    if (isGuest(id)) this.#guests.set(id, shown);
    else this.#bySlot[slot] = shown;
    this.#list(shown);
    return shown;
  }

  /** The server's id for what was shown as a guest: the object goes on. For the framework. */
  rename(guest: EntityId, id: EntityId): void {
    const shown = this.#guests.get(guest);
    if (!shown) return;
    this.#guests.delete(guest);
    const list = this.#ownList(shown.type);
    list.splice(list.indexOf(shown), 1);
    this.hide(slotOf(id));
    (shown as { id: EntityId }).id = id;
    this.#bySlot[slotOf(id)] = shown;
    this.#list(shown);
  }

  /** Takes the guests out of view that are over. For the framework. */
  hideGuests(isOver: (id: EntityId) => boolean): void {
    if (this.#guests.size === 0) return;
    for (const [id, shown] of this.#guests) {
      if (!isOver(id)) continue;
      this.#guests.delete(id);
      const list = this.#ownList(shown.type);
      list.splice(list.indexOf(shown), 1);
    }
  }

  /** Takes whatever is in a slot out of view. For the framework. */
  hide(slot: number): void {
    const shown = this.#bySlot[slot];
    if (!shown) return;
    this.#bySlot[slot] = undefined;
    const list = this.#ownList(shown.type);
    list.splice(list.indexOf(shown), 1);
  }

  /** One past the highest slot in view. */
  get slotCount(): number {
    return this.#bySlot.length;
  }

  #list(shown: Shown): void {
    const list = this.#ownList(shown.type);
    let at = list.length;
    while (at > 0 && placeOf((list[at - 1] as Shown).id) > placeOf(shown.id)) at--;
    list.splice(at, 0, shown);
  }

  #ownList(type: string): Shown[] {
    let list = this.#byType.get(type) as Shown[];
    if (this.#givenOut.delete(type)) {
      list = [...list];
      this.#byType.set(type, list);
    }
    return list;
  }
}
