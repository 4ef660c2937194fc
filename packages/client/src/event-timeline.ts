// Events on their way to the page: each is handed over when what it is about is seen, not when its packet came.
//
// Invariant: each is handed over once; reliable ones that wait keep their order; none waits for longer than `waitMs`, and nothing that a server sends
// makes more than `waitingMax` wait. Units: ticks of the server; milliseconds of the caller's clock.

import type { EntityId } from '@tickwire/shared';
import { type EventType, slotOf } from '@tickwire/shared/internal';
import type { ReceivedWorld } from './received-world.ts';

interface Waiting {
  readonly type: EventType;
  readonly fields: object;
  readonly tick: number;
  readonly since: number;
}

export class EventTimeline {
  readonly #waiting: Waiting[] = [];
  readonly #received: ReceivedWorld;
  readonly #isPredicted: (id: EntityId) => boolean;
  readonly #deliver: (type: number, fields: object) => void;
  /** By event type: the fields that name entities, made when one of the type comes. */
  readonly #entityFields: (readonly string[] | undefined)[] = [];

  constructor(received: ReceivedWorld, isPredicted: (id: EntityId) => boolean, deliver: (type: number, fields: object) => void) {
    this.#received = received;
    this.#isPredicted = isPredicted;
    this.#deliver = deliver;
  }

  /** An event of `tick` came. */
  arrived(type: EventType, fields: object, tick: number, viewTick: number, now: number): void {
    this.#waiting.push({ type, fields, tick, since: now });
    this.advance(viewTick, now);
    if (this.#waiting.length > waitingMax) this.#take(0);
  }

  /** Hands over what is due at `now`, with the view at `viewTick`. */
  advance(viewTick: number, now: number): void {
    let isHeldUp = false;
    let index = 0;
    // A handler may end the stay, and all that waits with it.
    while (index < this.#waiting.length) {
      const one = this.#waiting[index] as Waiting;
      const isReliable = one.type.expiresMs === undefined;
      const when = this.#when(one, viewTick, now);
      if (when === 'now' || (when === 'in turn' && !(isReliable && isHeldUp))) {
        this.#take(index);
        continue;
      }
      if (isReliable) isHeldUp = true;
      index++;
    }
  }

  /** The stay is over: hands over what is reliable and waits, and drops the effects. */
  end(): void {
    const rest = this.#waiting.splice(0);
    for (const { type, fields } of rest) if (type.expiresMs === undefined) this.#deliver(type.number, fields);
  }

  #take(index: number): void {
    const [one] = this.#waiting.splice(index, 1);
    if (one) this.#deliver(one.type.number, one.fields);
  }

  /** `now`: it belongs to the present, or has waited for long enough. `in turn`: the view has reached it. */
  #when({ type, fields, tick, since }: Waiting, viewTick: number, now: number): 'now' | 'in turn' | 'later' {
    const waitedMs = now - since;
    let subject: EntityId | undefined;
    for (const name of this.#fieldsOf(type)) {
      const id = (fields as Record<string, EntityId | null>)[name];
      if (id === null || id === undefined) continue;
      if (!this.#isKnown(id, tick)) return waitedMs < unknownMs ? 'later' : 'in turn';
      subject ??= id;
    }
    if (subject === undefined ? type.expiresMs === undefined : this.#isPredicted(subject)) return 'now';
    if (waitedMs >= waitMs) return 'in turn';
    return viewTick >= tick && (subject === undefined || this.#isInView(subject, viewTick)) ? 'in turn' : 'later';
  }

  #fieldsOf(type: EventType): readonly string[] {
    let names = this.#entityFields[type.number];
    if (!names) {
      names = type.layout.fields.filter(({ kind }) => kind.text === 'entity').map(({ name }) => name);
      this.#entityFields[type.number] = names;
    }
    return names;
  }

  /** Whether this client has heard of an entity, or of its end. */
  #isKnown(id: EntityId, tick: number): boolean {
    const slot = slotOf(id);
    if (this.#received.get(id) || this.#received.emptyTick(slot) >= tick) return true;
    for (const { entity } of this.#received.departed) if (entity.id === id) return true;
    // Another one has the slot since.
    const here = this.#received.entities[slot];
    return here !== undefined && here.tickAt(0) >= tick;
  }

  /** Whether the view has reached an entity's first state, or the entity is gone. */
  #isInView(id: EntityId, viewTick: number): boolean {
    const entity = this.#received.get(id);
    return !entity || entity.indexAt(viewTick) >= 0;
  }
}

/** How long an event waits for an entity of which nothing is known. */
const unknownMs = 250;
/** How long an event waits at all: the view of a page that draws no frames does not move. Longer than any view delay. */
const waitMs = 1000;
/** Events that wait at most. */
const waitingMax = 1024;
