// What every client's snapshot of one tick has in common, worked out once: which entities live, since when each has held, and, for each pair of bases
// that clients acknowledged, the body of the entity's record as symbols (law 10).
//
// Invariant: a body depends on the entity, its form and its bases alone; `begin` forgets everything of the tick before. Reused arrays only: no tick
// allocates once they have grown. Units: ticks; costs in 1/256 bit.

import type { AnyGame } from '@tickwire/shared';
import {
  type Bases,
  codecTable,
  type EntityPlan,
  type EntityType,
  type Form,
  form,
  frequencySum,
  type History,
  type Identity,
  planOf,
  type SymbolEncoder,
  Symbols,
  type World,
  writeChange,
  writeIdentity,
  writeRest,
  writeWhole,
} from '@tickwire/shared/internal';

/** Cost of a symbol, by its frequency less 1. */
const costs = makeCosts();

export class TickTable {
  /** Slots in use, ascending, and how many. */
  live: Int32Array = new Int32Array(64);
  liveCount = 0;
  /** By slot: since when the state has held, its version, and whether everyone predicts its type. */
  since: Int32Array = new Int32Array(64);
  versions: Uint16Array = new Uint16Array(64);
  everyone: Uint8Array = new Uint8Array(64);
  /** By slot: the oldest tick that can be a base. */
  baseFrom: Int32Array = new Int32Array(64);
  readonly #world: World<AnyGame>;
  readonly #history: History;
  readonly #bases: Bases;
  readonly #identity: Identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
  readonly #symbols = new Symbols(codecTable);
  /** By type and form. */
  readonly #plans: readonly EntityPlan[];
  /** Bodies: a list for each slot, from the newest. */
  #firstBody = new Int32Array(64);
  #bodies: Int32Array = new Int32Array(256 * bodyWords);
  #bodyCount = 0;

  constructor(world: World<AnyGame>, history: History) {
    this.#world = world;
    this.#history = history;
    const none = new Int32Array(0);
    const interval = world.game.tickHz / world.game.snapshotHz;
    this.#plans = world.game.types.flatMap(({ layout }) => [planOf(layout, 'wire', false), planOf(layout, 'step', false), planOf(layout, 'step', true)]);
    this.#bases = { newer: none, newerAt: 0, older: none, olderAt: -1, newerAge: 0, span: 0, interval };
  }

  /** Looks at the world as it was recorded for its tick. */
  begin(): void {
    const world = this.#world;
    this.#grow(world.slotCount);
    this.#symbols.reset();
    this.#bodyCount = 0;
    this.liveCount = 0;
    for (let slot = 0; slot < world.slotCount; slot++) {
      this.#firstBody[slot] = -1;
      if (!world.at(slot)) continue;
      this.live[this.liveCount++] = slot;
      this.since[slot] = this.#history.sinceNow(slot);
      this.versions[slot] = world.versionAt(slot);
      this.baseFrom[slot] = this.#history.baseFrom(slot);
      this.everyone[slot] = this.#typeAt(slot).predict === 'everyone' ? 1 : 0;
    }
  }

  /**
   * The body of a record, made at its first use in a tick.
   * @param newerTick the newest tick that the receiver acknowledged of this entity, or -1: the body is the whole state then. @param olderTick the one before, or -1.
   * @returns its number.
   */
  body(slot: number, seenAs: Form, newerTick: number, olderTick: number): number {
    for (let at = this.#firstBody[slot] as number; at >= 0; at = this.#bodies[at * bodyWords + body.next] as number) {
      const from = at * bodyWords;
      if (this.#bodies[from + body.newer] === newerTick && this.#bodies[from + body.older] === olderTick && this.#bodies[from + body.form] === seenAs)
        return at;
    }
    return this.#make(slot, seenAs, newerTick, olderTick);
  }

  /** Puts a body's symbols into an encoder. */
  put(number: number, into: SymbolEncoder): void {
    const at = number * bodyWords;
    into.put(this.#symbols.list, this.#bodies[at + body.from] as number, this.#bodies[at + body.to] as number);
  }

  /** The base ticks of a body, -1 for none, and the form that it is in. */
  newerTick(number: number): number {
    const at = number * bodyWords;
    return this.#bodies[at + body.whole] === 1 ? -1 : (this.#bodies[at + body.newer] as number);
  }

  olderTick(number: number): number {
    const at = number * bodyWords;
    return this.#bodies[at + body.whole] === 1 ? -1 : (this.#bodies[at + body.older] as number);
  }

  formOf(number: number): Form {
    return this.#bodies[number * bodyWords + body.form] as Form;
  }

  /** About what a body costs. */
  cost(number: number): number {
    return this.#bodies[number * bodyWords + body.cost] as number;
  }

  #make(slot: number, seenAs: Form, newerTick: number, olderTick: number): number {
    const number = this.#bodyCount++;
    if (this.#bodies.length < this.#bodyCount * bodyWords) this.#bodies = doubled(this.#bodies, this.#bodyCount * bodyWords);
    const from = this.#symbols.length;
    let isWhole = newerTick < 0;
    if (isWhole) this.#writeWhole(slot, seenAs);
    else this.#writeChange(slot, seenAs, newerTick, olderTick);
    let cost = costOf(this.#symbols, from);
    // A change that nothing predicted can cost more than the state itself, and only a state is known to fit a packet.
    if (!isWhole && cost > this.#wholeCost(slot, seenAs)) {
      this.#symbols.length = from;
      this.#writeWhole(slot, seenAs);
      cost = costOf(this.#symbols, from);
      isWhole = true;
    }
    const at = number * bodyWords;
    this.#bodies[at + body.next] = this.#firstBody[slot] as number;
    this.#bodies[at + body.newer] = newerTick;
    this.#bodies[at + body.older] = olderTick;
    this.#bodies[at + body.form] = seenAs;
    this.#bodies[at + body.from] = from;
    this.#bodies[at + body.to] = this.#symbols.length;
    this.#bodies[at + body.cost] = cost;
    this.#bodies[at + body.whole] = isWhole ? 1 : 0;
    this.#firstBody[slot] = number;
    return number;
  }

  /** About what the whole state costs at most. */
  #wholeCost(slot: number, seenAs: Form): number {
    const { layout } = this.#typeAt(slot);
    return 256 * (layout.bitsMax(seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned) + layout.fields.length + identityBits);
  }

  #writeWhole(slot: number, seenAs: Form): void {
    const { tick } = this.#world;
    const { layout } = this.#typeAt(slot);
    const at = this.#history.rowAt(slot, this.versions[slot] as number, tick);
    this.#identify(slot, seenAs, tick);
    writeIdentity(this.#symbols, this.#identity, this.#world.game.types.length, seenAs !== form.seen);
    writeRest(this.#symbols, tick - (this.since[slot] as number));
    writeWhole(this.#symbols, layout, this.#history.rows(slot), at, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned);
  }

  #writeChange(slot: number, seenAs: Form, newerTick: number, olderTick: number): void {
    const { tick } = this.#world;
    const version = this.versions[slot] as number;
    const rows = this.#history.rows(slot);
    const bases = this.#bases;
    bases.newer = rows;
    bases.newerAt = this.#history.baseAt(slot, version, newerTick);
    bases.older = rows;
    bases.olderAt = olderTick < 0 ? -1 : this.#history.baseAt(slot, version, olderTick);
    bases.newerAge = tick - newerTick;
    bases.span = olderTick < 0 ? 0 : newerTick - olderTick;
    const plan = this.#plans[this.#world.typeAt(slot) * 3 + seenAs] as EntityPlan;
    writeChange(this.#symbols, plan, rows, this.#history.rowAt(slot, version, tick), bases, tick - (this.since[slot] as number));
  }

  #identify(slot: number, seenAs: Form, tick: number): void {
    const origin = this.#world.originAt(slot);
    this.#identity.version = this.versions[slot] as number;
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
    if (slots <= this.live.length) return;
    const size = slots * 2;
    this.live = new Int32Array(size);
    this.since = new Int32Array(size);
    this.versions = new Uint16Array(size);
    this.everyone = new Uint8Array(size);
    this.baseFrom = new Int32Array(size);
    this.#firstBody = new Int32Array(size);
  }
}

/** The words of a body in its table. */
const body = { next: 0, newer: 1, older: 2, form: 3, from: 4, to: 5, cost: 6, whole: 7 } as const;
const bodyWords = 8;
/** Version, type and the like, in a whole state. */
const identityBits = 40;

function costOf({ list, length }: Symbols, from: number): number {
  let cost = 0;
  for (let index = from; index < length; index++) cost += costs[(list[index] as number) & (frequencySum - 1)] as number;
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
