// A room's events on their way to the page's handlers, whichever way they came: in snapshots, on the reliable lane, or from this client's own steps.
//
// Invariant: an event is handed over once, however often it came and whether or not a step foresaw it. What a server sends never throws here.
// Units: ticks of the server; milliseconds of the caller's clock.

import type { AnyGame, EntityId } from '@tickwire/shared';
import { type EventType, originOfEvent } from '@tickwire/shared/internal';
import { EventHandlers } from './event-handlers.ts';
import { EventTimeline } from './event-timeline.ts';
import { PredictedEvents } from './predicted-events.ts';
import type { MadeEvent } from './predictor.ts';
import type { ReceivedWorld } from './received-world.ts';
import type { ReceivedEffect } from './snapshot-reader.ts';

/** Effects that are remembered as played. */
const effectMemory = 256;

export class RoomEvents {
  readonly handlers: EventHandlers;
  readonly #game: AnyGame;
  readonly #predicted = new PredictedEvents();
  readonly #timeline: EventTimeline;
  readonly #playedEffects = new Int32Array(effectMemory).fill(-1);

  constructor(game: AnyGame, received: ReceivedWorld, isPredicted: (id: EntityId) => boolean) {
    this.#game = game;
    this.handlers = new EventHandlers(game);
    this.#timeline = new EventTimeline(received, isPredicted, (event, fields) => void this.handlers.deliver(event, fields));
  }

  /** The effects of a snapshot packet of `tick`. @param hasAll whether the packet has every mark of an event that a step made. */
  receiveEffects(effects: readonly ReceivedEffect[], tick: number, hasAll: boolean, viewTick: number, now: number): void {
    for (const effect of effects) this.#receiveEffect(effect, tick, viewTick, now);
    if (hasAll) this.#predicted.complete(tick);
  }

  /** An event of the reliable lane, of `tick`. @returns false when it is none of the game's. */
  receive(event: readonly unknown[], tick: number, viewTick: number, now: number): boolean {
    const type: EventType | undefined = this.#game.eventTypes[event[0] as number];
    const origin = type && originOfEvent(event, type.layout.fields.length);
    const fields = type?.layout.unpack(origin ? event.slice(0, -3) : event, 1);
    if (!type || !fields) return false;
    // What another's step made is seen with that other: only what this client has foreseen itself was in its present.
    if (!origin || this.#predicted.take(type.number, origin)) this.#timeline.arrived(type, fields, tick, viewTick, now);
    return true;
  }

  /** Plays what steps have made for the first time, and takes back what the server has not made. Empties `made`. */
  play(made: MadeEvent[]): void {
    for (let index = 0; index < made.length; index++) {
      const { name, fields, origin } = made[index] as MadeEvent;
      const { number } = this.handlers.typeOf(name);
      this.#predicted.made(number, origin, () => this.handlers.deliver(number, fields));
    }
    if (made.length > 0) made.length = 0;
    this.#predicted.settle(this.handlers.takeBack);
  }

  /** Hands over what the view, now at `viewTick`, has reached. */
  advance(viewTick: number, now: number): void {
    this.#timeline.advance(viewTick, now);
  }

  /** Another life of the server's room begins. */
  forgetPredicted(): void {
    this.#predicted.clear(this.handlers.takeBack);
  }

  /** The stay is over. */
  end(): void {
    this.#timeline.end();
  }

  #receiveEffect({ id, type, fields, tick, origin }: ReceivedEffect, packetTick: number, viewTick: number, now: number): void {
    if (this.#playedEffects[id % effectMemory] === id) return;
    this.#playedEffects[id % effectMemory] = id;
    if (type.expiresMs === undefined) {
      if (origin) this.#predicted.confirm(type.number, origin);
      return;
    }
    // With an origin it waits for an ack beyond its time.
    const isOver = ((packetTick - tick) * 1000) / this.#game.tickHz > type.expiresMs;
    if (!origin || (this.#predicted.take(type.number, origin) && !isOver)) this.#timeline.arrived(type, fields, tick, viewTick, now);
  }
}
