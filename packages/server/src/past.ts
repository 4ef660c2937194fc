// The world as one client saw it: what its page drew when it made an input, rebuilt on the server. A room asks it where things were that a shot was aimed at.
//
// Invariant: an entity that the client did not know then is not here; what it predicts is here in the present, as it saw it: the world's own object. Anything else
// is a copy, good until the past is over or goes on; to write to it changes nothing. What nobody asks for is not worked out. Objects and tables are used
// again: a rewind allocates nothing once they have grown. Units: ticks with fractions.

import type { AnyEntity, AnyGame, EntityId, EntityName, EntityOf, StateOf, WorldQuery } from '@tickwire/shared';
import {
  type Entity,
  type EntityType,
  entityId,
  form,
  type History,
  interpolate,
  type Life,
  type Slot,
  slotOf,
  type World,
} from '@tickwire/shared/internal';
import { PastSamples } from './past-samples.ts';
import { type Sight, stay, stayWords } from './sight.ts';

/** What a client saw, for as long as the function runs that `rewind` was given. */
export interface Past<G extends AnyGame> extends WorldQuery<G['entities'], G['state']> {
  /** The tick that others are shown at, with its fraction. */
  readonly tick: number;
  /** Whole ticks from there to the present: so many steps a shot is late, and so often `advance` can be called. */
  readonly ticks: number;
  /**
   * Goes on by one tick, as the client's view would have: for a shot that flies, step it, look at what it touches, go on. Behind what the client had when it
   * made the input, it is shown what was to come. Does nothing in the present. Entities asked for before are not good any more.
   */
  advance(): void;
}

/** Whose view, and when. */
export interface Viewpoint {
  readonly sight: Sight;
  readonly viewTick: number;
  /** The newest tick of which it had a state. */
  readonly knownTick: number;
  readonly oldestTick: number;
}

/** As `Entity`, but that it may become another one of its type. */
interface Copy {
  id: EntityId;
  readonly type: string;
  [field: string]: unknown;
}

export class PastWorld<G extends AnyGame> implements Past<G> {
  tick = 0;
  /** What the client had, and as the past goes on what was to come: states up to this tick. */
  #seenTo = 0;
  readonly #world: World<G>;
  readonly #history: History;
  readonly #intervalTicks: number;
  readonly #samples: PastSamples;
  #viewpoint: Viewpoint | undefined;
  /** By slot, where surveyed: the type of what is shown, 0 for nothing; where its stay is, `-1 - at` in the table of those that ended; and what was recorded. */
  #typeIn = new Int16Array(64);
  #stayIn = new Int32Array(64);
  readonly #lifeIn: (Life | undefined)[] = [];
  #isSurveyed = false;
  #slotEnd = 0;
  /** By slot: the object that copies are made in, and the last picture that it was filled for. */
  readonly #copies: (Copy | undefined)[] = [];
  #filledFor = new Int32Array(64);
  #picture = 0;
  /** By type: the list given out, and whether it is filled. */
  readonly #lists: Entity[][];
  readonly #isFilled: boolean[];
  readonly #typeNumbers = new Map<string, number>();
  readonly #state: Copy;
  #isStateFilled = false;

  constructor(world: World<G>, history: History) {
    const { game } = world;
    this.#world = world;
    this.#history = history;
    this.#intervalTicks = game.tickHz / game.snapshotHz;
    this.#samples = new PastSamples(this.#intervalTicks);
    this.#lists = game.types.map(() => []);
    this.#isFilled = game.types.map(() => false);
    for (const { name, number } of game.types) if (number > 0) this.#typeNumbers.set(name, number);
    this.#state = newCopy(game.types[0] as EntityType);
  }

  get isOpen(): boolean {
    return this.#viewpoint !== undefined;
  }

  /** Shows a view. */
  open(viewpoint: Viewpoint): void {
    this.#viewpoint = viewpoint;
    this.#seenTo = viewpoint.knownTick;
    this.#showAt(viewpoint.viewTick);
  }

  /** The past is over: who asks from now on made a mistake. */
  close(): void {
    this.#viewpoint = undefined;
    this.#lifeIn.length = 0;
  }

  get ticks(): number {
    return Math.floor(this.#world.tick - this.tick);
  }

  advance(): void {
    this.#opened();
    if (this.ticks < 1) return;
    this.#seenTo = Math.max(this.#seenTo, Math.ceil(this.tick + 1));
    this.#showAt(this.tick + 1);
  }

  get state(): StateOf<G> {
    const { sight } = this.#opened();
    if (!this.#isStateFilled) {
      this.#isStateFilled = true;
      const life = this.#history.life(0, 0);
      const hasState = sight.slotCount > 0 && (sight.here[stay.first] as number) >= 0;
      if (life && hasState) this.#fill(this.#state, life, sight.here, 0);
      else this.#world.game.types[0]?.layout.initialise(this.#state);
    }
    return this.#state as unknown as StateOf<G>;
  }

  all<Name extends EntityName<G>>(type: Name): readonly EntityOf<G, Name>[] {
    this.#opened();
    const number = this.#typeNumbers.get(type);
    if (number === undefined) throw new TypeError(`there is no entity type '${type}'`);
    return this.#listOf(number) as unknown as readonly EntityOf<G, Name>[];
  }

  get(id: EntityId | null): AnyEntity<G['entities']> | undefined {
    this.#opened();
    if (id === null || id === 0) return undefined;
    this.#survey();
    const slot = slotOf(id);
    if (slot >= this.#slotEnd || this.#typeIn[slot] === 0) return undefined;
    const shown = this.#shownIn(slot);
    return shown.id === id ? (shown as unknown as AnyEntity<G['entities']>) : undefined;
  }

  #opened(): Viewpoint {
    if (!this.#viewpoint) throw new Error('the past is over: it lasts as long as the function that was given to rewind()');
    return this.#viewpoint;
  }

  #showAt(tick: number): void {
    this.tick = tick;
    this.#picture = (this.#picture + 1) & 0x3fffffff;
    this.#isSurveyed = false;
    this.#isStateFilled = false;
    for (let number = 0; number < this.#isFilled.length; number++) this.#isFilled[number] = false;
  }

  #listOf(number: number): Entity[] {
    const list = this.#lists[number] as Entity[];
    if (this.#isFilled[number]) return list;
    this.#isFilled[number] = true;
    this.#survey();
    let count = 0;
    for (let slot = 1; slot < this.#slotEnd; slot++) if (this.#typeIn[slot] === number) list[count++] = this.#shownIn(slot);
    if (list.length > count) list.length = count;
    return list;
  }

  /** What is shown in a slot in which something is. */
  #shownIn(slot: number): Entity {
    const life = this.#lifeIn[slot];
    if (!life) return this.#world.at(slot) as Entity;
    let copy = this.#copies[slot];
    if (copy?.type !== life.type.name) {
      copy = newCopy(life.type);
      this.#copies[slot] = copy;
    } else if (this.#filledFor[slot] === this.#picture) {
      return copy;
    }
    const { sight } = this.#opened();
    const at = this.#stayIn[slot] as number;
    this.#filledFor[slot] = this.#picture;
    copy.id = entityId(slot as Slot, life.version);
    this.#fill(copy, life, at < 0 ? sight.ended : sight.here, at < 0 ? -1 - at : at);
    return copy;
  }

  #fill(copy: Copy, life: Life, table: Int32Array, at: number): void {
    const { knownTick, oldestTick } = this.#opened();
    this.#samples.take(table, at, life, knownTick, oldestTick, this.#seenTo);
    interpolate(life.type.layout, this.#samples, this.tick, this.#intervalTicks, copy);
  }

  /** Finds out what is shown in each slot, as the client does: what has ended and is still in view goes before what came after it. */
  #survey(): void {
    if (this.#isSurveyed) return;
    this.#isSurveyed = true;
    const { sight } = this.#opened();
    const { here, ended } = sight;
    this.#slotEnd = sight.slotCount;
    if (this.#typeIn.length < this.#slotEnd) {
      this.#typeIn = new Int16Array(this.#slotEnd);
      this.#stayIn = new Int32Array(this.#slotEnd);
      this.#filledFor = new Int32Array(this.#slotEnd);
    }
    this.#typeIn.fill(0);
    for (let index = 0; index < sight.endedCount; index++) {
      const at = sight.endedAt(index);
      this.#look(ended, at, -1 - at, ended[at + stay.end] as number);
    }
    for (let slot = 1; slot < this.#slotEnd; slot++) {
      const at = slot * stayWords;
      if ((here[at + stay.first] as number) >= 0) this.#look(here, at, at, Number.POSITIVE_INFINITY);
    }
  }

  /** Notes a stay as what its slot shows, if the client drew it. @param end the tick at which the client saw it go. */
  #look(table: Int32Array, at: number, place: number, end: number): void {
    const first = table[at + stay.first] as number;
    if (first > this.#seenTo) return;
    const slot = table[at + stay.slot] as number;
    const life = this.#history.life(slot, table[at + stay.version] as number);
    if (!life) return;
    if (end <= this.#seenTo) {
      // It knew that the entity is gone. What it only saw it goes on to see until the view is there.
      if (end <= this.tick || table[at + stay.form] !== form.seen) return;
    } else if (this.#isPredicted(table, at, life.type)) {
      // In the present, or not at all.
      this.#typeIn[slot] = this.#world.at(slot) !== null && this.#world.versionAt(slot) === life.version ? life.type.number : 0;
      this.#lifeIn[slot] = undefined;
      return;
    }
    if (this.#typeIn[slot] !== 0 || first > this.tick) return;
    this.#typeIn[slot] = life.type.number;
    this.#stayIn[slot] = place;
    this.#lifeIn[slot] = life;
  }

  /** Whether the client had the entity to predict when it made the input. */
  #isPredicted(table: Int32Array, at: number, type: EntityType): boolean {
    if (type.predict !== 'owner') return type.predict === 'everyone';
    const isOwned = table[at + stay.form] === form.owned;
    const since = table[at + stay.formSince] as number;
    return since <= this.#seenTo || since === table[at + stay.first] ? isOwned : !isOwned;
  }
}

function newCopy(type: EntityType): Copy {
  const copy: Copy = { id: 0 as EntityId, type: type.name };
  type.layout.initialise(copy);
  return copy;
}
