// What every client's snapshot of one tick has in common, worked out once: which entities live, since when each has held, and, for each pair of bases
// that clients acknowledged, the body of the entity's record as symbols (law 10).
//
// Invariant: a body depends on the entity, its form and its bases alone; `begin` forgets everything of the tick before. Reused arrays only: no tick
// allocates once they have grown. Units: ticks; costs in 1/256 bit.

import { type AnyGame, limits } from '@tickwire/shared';
import {
  type Bases,
  codecTable,
  type EntityPlan,
  type EntityType,
  entityId,
  type Form,
  form,
  frequencySum,
  HashSink,
  type History,
  type Identity,
  plansOf,
  type Slot,
  type SymbolEncoder,
  Symbols,
  slotBits,
  type World,
  writeChange,
  writeIdentity,
  writeRest,
  writeWhole,
} from '@tickwire/shared/internal';
import { stateMarks } from './record-log.ts';
import { keyOf } from './replica.ts';
import { maskWords, setSlot } from './slot-mask.ts';
import { cellsPerType, typeCell } from './traffic.ts';

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const { owned: ownedForm, seen: seenForm, shared: sharedForm } = form;
const { entered: enteredCell, changed: changedCell } = typeCell;
const cells: number = cellsPerType;
const ringTicks: number = limits.historyTicks;
const symbolMask = frequencySum - 1;

/** Cost of a symbol, by its frequency less 1. */
const costs = makeCosts();

/** The key of no entity. */
const notSeen = 2 ** 31 - 1;

export class TickTable {
  slotCount = 0;
  /** By slot: what a client that does not control the entity is to have (`keyOf`); 0 where none lives. */
  keys: Int32Array = new Int32Array(64);
  /** By slot, two numbers: the key of what others than its owner only see (`notSeen` of what everyone predicts), and since when they have seen it so. */
  seen: Int32Array = new Int32Array(128);
  /** By slot: since when the state has held, for its owner and as others see it. */
  since: Int32Array = new Int32Array(64);
  seenSince: Int32Array = new Int32Array(64);
  /** Masks of slots: whose state, as others see it, changed in this tick, and whose key is not that of the tick before, which was `tickBefore`. */
  moving: Int32Array = new Int32Array(2);
  entered: Int32Array = new Int32Array(2);
  tickBefore = -1;
  /** From this tick on every row that was ever recorded of what lives now is there. */
  ringFrom = 0;
  /** By body: about what it costs. */
  costs: Int32Array = new Int32Array(256);
  /** The tick at hand; -1 when nothing of it is to be the tick before. */
  #tick = -1;
  readonly #world: World<AnyGame>;
  readonly #history: History;
  readonly #bases: Bases;
  readonly #identity: Identity = { version: 0, type: 0, form: seenForm, originKey: -1, originAge: 0, originNumber: 0 };
  readonly #symbols = new Symbols(codecTable);
  readonly #hash = new HashSink();
  /** By type and form. */
  readonly #plans: readonly EntityPlan[];
  /** The pairs of bases (and forms) that were asked for in this tick, each with the numbers of its bodies by slot, plus 1. */
  readonly #pairs: Pair[] = [];
  #pairCount = 0;
  /** By hash: the pair's number, from 1. */
  readonly #pairPlaces = new Uint8Array(pairPlaces);
  #bodies: Int32Array = new Int32Array(256 * bodyWords);
  #bodyCount = 0;

  constructor(world: World<AnyGame>, history: History) {
    this.#world = world;
    this.#history = history;
    const none = new Int32Array(0);
    const interval = world.game.tickHz / world.game.snapshotHz;
    this.#plans = plansOf(world.game.types);
    this.#bases = { newer: none, newerAt: 0, older: none, olderAt: -1, newerAge: 0, span: 0, interval };
  }

  /** Looks at the world as it was recorded for its tick. */
  begin(): void {
    const world = this.#world;
    this.#grow(world.slotCount);
    this.#symbols.reset();
    this.#bodyCount = 0;
    this.slotCount = world.slotCount;
    this.#pairCount = 0;
    this.#pairPlaces.fill(0);
    this.ringFrom = world.tick - limits.historyTicks + 1;
    this.tickBefore = this.#tick;
    this.#tick = world.tick;
    this.moving.fill(0);
    this.entered.fill(0);
    for (let slot = 0; slot < world.slotCount; slot++) {
      const keyBefore = this.seen[slot * 2];
      if (!world.at(slot)) {
        this.keys[slot] = 0;
        this.seen[slot * 2] = 0;
        if (keyBefore !== 0) setSlot(this.entered, slot);
        continue;
      }
      this.keys[slot] = keyOf(world.versionAt(slot), this.#typeAt(slot).predict === 'everyone' ? sharedForm : seenForm);
      this.since[slot] = this.#history.sinceNow(slot, true);
      this.seenSince[slot] = this.#history.sinceNow(slot, false);
      this.seen[slot * 2] = ((this.keys[slot] as number) - 1) & 3 ? notSeen : (this.keys[slot] as number);
      this.seen[slot * 2 + 1] = this.seenSince[slot] as number;
      if (this.seen[slot * 2] !== keyBefore) setSlot(this.entered, slot);
      if (this.seenSince[slot] === world.tick) setSlot(this.moving, slot);
    }
  }

  /** Since when the state of a slot has held, for those who have it in this form. */
  sinceAs(slot: number, seenAs: Form): number {
    return (seenAs === ownedForm ? this.since[slot] : this.seenSince[slot]) as number;
  }

  /** The oldest tick that can be a base. */
  baseFrom(slot: number, seenAs: Form): number {
    return this.#history.baseFrom(slot, seenAs === ownedForm);
  }

  /** Since when the state at `tick`, which can be a base, had held then. */
  heldSince(slot: number, tick: number, seenAs: Form): number {
    return this.#history.sinceAt(slot, tick, seenAs === ownedForm);
  }

  /**
   * The body of a record, made at its first use in a tick.
   * @param newerTick the newest tick that the receiver acknowledged of this entity, or -1: the body is the whole state then. @param olderTick the one before, or -1.
   * @returns its number.
   */
  body(slot: number, seenAs: Form, newerTick: number, olderTick: number): number {
    const pair = this.pairOf(seenAs, newerTick, olderTick);
    const known = pair.bodies[slot] as number;
    if (known !== 0) return known - 1;
    const number = this.#make(slot, seenAs, newerTick, olderTick);
    pair.bodies[slot] = number + 1;
    return number;
  }

  /** Puts a body's symbols into an encoder. */
  put(number: number, into: SymbolEncoder): void {
    const at = number * bodyWords;
    into.put(this.#symbols.list, this.#bodies[at + body.from] as number, this.#bodies[at + body.to] as number);
  }

  /** The base ticks of a body, -1 for none. */
  newerTick(number: number): number {
    return this.#bodies[number * bodyWords + body.newer] as number;
  }

  olderTick(number: number): number {
    return this.#bodies[number * bodyWords + body.older] as number;
  }

  /** Where `Traffic` counts a body in a segment. */
  cellOf(number: number): number {
    return this.#bodies[number * bodyWords + body.cell] as number;
  }

  /** What the log notes of a packet that carries a body. */
  marksOf(number: number): number {
    return this.#bodies[number * bodyWords + body.marks] as number;
  }

  keyOf(number: number): number {
    return this.#bodies[number * bodyWords + body.key] as number;
  }

  /** A hash of a record: of its slot and the state that its body gives, at its precision. Made at its first use in a tick. */
  hashOf(number: number, slot: number): number {
    const at = number * bodyWords + body.hash;
    if (this.#bodies[at] === -1) {
      const seenAs = this.#bodies[number * bodyWords + body.form] as Form;
      const row = this.#history.rowAt(slot, this.#world.versionAt(slot), this.#world.tick);
      this.#hash.reset();
      this.#hash.write(slot, slotBits);
      const { layout } = this.#typeAt(slot);
      layout.write(this.#hash, this.#history.rows(slot), row, seenAs === seenForm ? 'wire' : 'step', seenAs === ownedForm);
      this.#bodies[at] = this.#hash.value;
    }
    return this.#bodies[at] as number;
  }

  /** The pair of two base ticks in a form; its bodies are made as they are asked for. */
  pairOf(seenAs: Form, newer: number, older: number): Pair {
    let place = (newer * 7 + older * 3 + seenAs) & (pairPlaces - 1);
    for (; this.#pairPlaces[place] !== 0; place = (place + 1) & (pairPlaces - 1)) {
      const pair = this.#pairs[(this.#pairPlaces[place] as number) - 1] as Pair;
      if (pair.newer === newer && pair.older === older && pair.form === seenAs) return pair;
    }
    // The last pair takes all that have no place of their own: what it has is made anew.
    if (this.#pairCount === pairsMax) {
      this.#pairCount--;
      place = this.#pairPlaces.indexOf(pairsMax);
    }
    const pair = this.#pairs[this.#pairCount] ?? { newer, older, form: seenAs, bodies: new Int32Array(this.keys.length) };
    pair.bodies.fill(0, 0, this.slotCount);
    pair.newer = newer;
    pair.older = older;
    pair.form = seenAs;
    this.#pairs[this.#pairCount++] = pair;
    this.#pairPlaces[place] = this.#pairCount;
    return pair;
  }

  #make(slot: number, seenAs: Form, newerTick: number, olderTick: number): number {
    const number = this.#bodyCount++;
    if (this.#bodies.length < this.#bodyCount * bodyWords) this.#bodies = doubled(this.#bodies, this.#bodyCount * bodyWords);
    const { tick } = this.#world;
    const type = this.#world.typeAt(slot);
    const plan = this.#plans[type * 3 + seenAs] as EntityPlan;
    const since = this.sinceAs(slot, seenAs);
    const from = this.#symbols.length;
    let isWhole = newerTick < 0;
    if (isWhole) this.#writeWhole(slot, seenAs);
    else this.#writeChange(slot, seenAs, plan, newerTick, olderTick, tick - since);
    let cost = costOf(this.#symbols, from);
    // A change that nothing predicted can cost more than the state itself, and only a state is known to fit a packet.
    if (!isWhole && cost > 256 * (plan.wholeBits + identityBits)) {
      this.#symbols.length = from;
      this.#writeWhole(slot, seenAs);
      cost = costOf(this.#symbols, from);
      isWhole = true;
    }
    if (this.costs.length <= number) this.costs = doubled(this.costs, number + 1);
    this.costs[number] = cost;
    const bodies = this.#bodies;
    const at = number * bodyWords;
    bodies[at + body.newer] = isWhole ? -1 : newerTick;
    bodies[at + body.older] = isWhole ? -1 : olderTick;
    bodies[at + body.form] = seenAs;
    bodies[at + body.from] = from;
    bodies[at + body.to] = this.#symbols.length;
    bodies[at + body.cell] = type * cells + (isWhole ? enteredCell : changedCell);
    bodies[at + body.marks] = stateMarks(slot, since < tick);
    bodies[at + body.hash] = -1;
    bodies[at + body.key] = keyOf(this.#world.versionAt(slot), seenAs);
    return number;
  }

  #writeWhole(slot: number, seenAs: Form): void {
    const { tick } = this.#world;
    const { layout } = this.#typeAt(slot);
    const at = this.#history.rowAt(slot, this.#world.versionAt(slot), tick);
    this.#identify(slot, seenAs, tick);
    writeIdentity(this.#symbols, this.#identity, this.#world.game.types.length, seenAs !== seenForm);
    writeRest(this.#symbols, tick - this.sinceAs(slot, seenAs));
    writeWhole(this.#symbols, layout, this.#history.rows(slot), at, seenAs === seenForm ? 'wire' : 'step', seenAs === ownedForm);
  }

  #writeChange(slot: number, seenAs: Form, plan: EntityPlan, newerTick: number, olderTick: number, restAge: number): void {
    const { tick } = this.#world;
    const { rows, stride } = this.#history.ring(slot);
    const bases = this.#bases;
    bases.newer = rows;
    bases.newerAt = this.#baseAt(slot, seenAs, newerTick, stride);
    bases.older = rows;
    bases.olderAt = olderTick < 0 ? -1 : this.#baseAt(slot, seenAs, olderTick, stride);
    bases.newerAge = tick - newerTick;
    bases.span = olderTick < 0 ? 0 : newerTick - olderTick;
    writeChange(this.#symbols, plan, rows, (tick % ringTicks) * stride, bases, restAge);
  }

  /** Where the state of a base begins. What was acknowledged of this entity was recorded of it: within the ring there is no more to ask. */
  #baseAt(slot: number, seenAs: Form, tick: number, stride: number): number {
    if (tick >= this.ringFrom) return (tick % ringTicks) * stride;
    return this.#history.baseAt(slot, this.#world.versionAt(slot), tick, seenAs === ownedForm);
  }

  #identify(slot: number, seenAs: Form, tick: number): void {
    const origin = this.#world.originOf(entityId(slot as Slot, this.#world.versionAt(slot)));
    this.#identity.version = this.#world.versionAt(slot);
    this.#identity.type = this.#world.typeAt(slot);
    this.#identity.form = seenAs;
    this.#identity.originKey = origin?.key ?? -1;
    this.#identity.originAge = origin ? tick - origin.tick : 0;
    this.#identity.originNumber = origin?.number ?? 0;
  }

  #typeAt(slot: number): EntityType {
    return this.#world.game.types[this.#world.typeAt(slot)] as EntityType;
  }

  #grow(slots: number): void {
    if (slots <= this.keys.length) return;
    const size = slots * 2;
    this.keys = new Int32Array(size);
    this.seen = new Int32Array(size * 2);
    this.since = new Int32Array(size);
    this.seenSince = new Int32Array(size);
    this.moving = new Int32Array(maskWords(size));
    this.entered = new Int32Array(maskWords(size));
    this.#tick = -1;
    this.#pairs.length = 0;
  }
}

/** Two base ticks and a form, with the bodies that were made for them. */
export interface Pair {
  newer: number;
  older: number;
  form: Form;
  readonly bodies: Int32Array;
}

/** Pairs that are remembered in a tick, and places to find them: clients near and far, with and without losses. */
const pairsMax = 255;
const pairPlaces = 1024;

/** The words of a body in its table. */
const body = { newer: 0, older: 1, form: 2, from: 3, to: 4, cell: 5, marks: 6, key: 7, hash: 8 } as const;
const bodyWords = 9;
/** Version, type and the like, in a whole state. */
const identityBits = 40;

function costOf({ list, length }: Symbols, from: number): number {
  let cost = 0;
  for (let index = from; index < length; index++) cost += costs[(list[index] as number) & symbolMask] as number;
  return cost;
}

function makeCosts(): Uint16Array {
  return Uint16Array.from({ length: frequencySum }, (_, less) => Math.round(256 * Math.log2(frequencySum / (less + 1))));
}

function doubled(table: Int32Array, least: number): Int32Array {
  const larger = new Int32Array(Math.max(least, table.length * 2));
  larger.set(table);
  return larger;
}
