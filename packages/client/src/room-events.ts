// A room's events on their way: to the page's handlers, whichever way they came (in snapshots, on the reliable lane, or from this client's own steps), and
// from the page to the room. Among them go the requests of the page and their answers.
//
// Invariant: an event is handed over once, however often it came and whether or not a step foresaw it. What a server sends never throws here.
// Units: ticks of the server; milliseconds of the caller's clock.

import { type AnyGame, type CloseCode, type EntityId, limits } from '@tickwire/shared';
import { type EventType, isOfAsks, originOfEvent, type Session, unpackPlain } from '@tickwire/shared/internal';
import { Asks } from './asks.ts';
import { DrainNotice } from './drain-notice.ts';
import { EventHandlers } from './event-handlers.ts';
import { EventTimeline } from './event-timeline.ts';
import { PredictedEvents } from './predicted-events.ts';
import type { MadeEvent } from './predictor.ts';
import type { ReceivedWorld } from './received-world.ts';
import type { ReceivedEffect } from './snapshot-reader.ts';
import type { RoomStats } from './stats.ts';
import type { Timeline } from './timeline.ts';

/** The room has this long to answer a request when the page does not say. */
const askTimeoutMs = 5000;
/** Effects that are remembered as played. */
const effectMemory = 256;

/** The room that events are of. */
interface Place {
  readonly game: AnyGame;
  readonly received: ReceivedWorld;
  readonly stats: RoomStats;
}

export class RoomEvents {
  readonly handlers: EventHandlers;
  readonly asks: Asks;
  readonly drain: DrainNotice = new DrainNotice((error) => this.handlers.failed(error));
  readonly #place: Place;
  readonly #session: Session;
  readonly #clocks: Timeline;
  readonly #predicted = new PredictedEvents();
  readonly #timeline: EventTimeline;
  readonly #playedEffects = new Int32Array(effectMemory).fill(-1);

  constructor(place: Place, session: Session, clocks: Timeline, isPredicted: (id: EntityId) => boolean) {
    this.#place = place;
    this.#session = session;
    this.#clocks = clocks;
    this.handlers = new EventHandlers(place.game);
    this.asks = new Asks(place.game);
    this.#timeline = new EventTimeline(place.received, isPredicted, (event, fields) => void this.handlers.deliver(event, fields));
  }

  /** Sends an event with the next flush. @throws TypeError when a field is missing or wrong. */
  emit(name: string, fields: object): void {
    const type = this.handlers.typeOf(name);
    this.#add([type.number, ...type.layout.packRounded(fields)]);
  }

  /** Sends a request with the next flush. @returns the answer; see `Asks.ask`. */
  ask(name: string, fields: object, timeoutMs: number | undefined, now: number): Promise<object> {
    return this.asks.ask(name, fields, timeoutMs ?? askTimeoutMs, now, (event) => this.#add(event));
  }

  /** The effects of a snapshot packet of `tick`. @param hasAll whether the packet has every mark of an event that a step made. */
  receiveEffects(effects: readonly ReceivedEffect[], tick: number, hasAll: boolean, now: number): void {
    this.asks.advance(now);
    for (const effect of effects) this.#receiveEffect(effect, tick, now);
    if (hasAll) this.#predicted.complete(tick);
  }

  /** A message of the reliable lane. Of its events, those that are none of the game's are counted. @returns false when it is no message of a session. */
  receiveMessage(bytes: Uint8Array, now: number): boolean {
    const message = bytes.length <= limits.reliableBytes ? unpackPlain(bytes) : undefined;
    const events = message ? this.#session.receiveReliable(message, now) : 'wrong';
    if (events === 'wrong') return this.drain.take(message);
    for (const event of events?.events ?? []) if (!this.#receive(event, events?.tick ?? 0, now)) this.#place.stats.packetsWrong++;
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

  /** Hands over what the view has reached, and gives up requests whose time is over. */
  advance(now: number): void {
    this.asks.advance(now);
    this.#timeline.advance(this.#clocks.viewTick, now);
  }

  /** Another life of the server's room begins. */
  forgetPredicted(): void {
    this.#predicted.clear(this.handlers.takeBack);
  }

  /** The stay is over. */
  end(code: CloseCode): void {
    this.#timeline.end();
    this.asks.end(code);
  }

  #add(event: unknown[]): void {
    this.#session.outbox.add(event, Math.max(0, Math.floor(this.#clocks.inputTick)));
  }

  /** @returns false when it is none of the game's. */
  #receive(event: readonly unknown[], tick: number, now: number): boolean {
    const { game } = this.#place;
    if (isOfAsks(game, event)) return this.asks.receive(event);
    const type: EventType | undefined = game.eventTypes[event[0] as number];
    const origin = type && originOfEvent(event, type.layout.fields.length);
    const fields = type?.layout.unpack(origin ? event.slice(0, -3) : event, 1);
    if (!type || !fields) return false;
    // What another's step made is seen with that other: only what this client has foreseen itself was in its present.
    if (!origin || this.#predicted.take(type.number, origin)) this.#timeline.arrived(type, fields, tick, this.#clocks.viewTick, now);
    return true;
  }

  #receiveEffect({ id, type, fields, tick, origin }: ReceivedEffect, packetTick: number, now: number): void {
    if (this.#playedEffects[id % effectMemory] === id) return;
    this.#playedEffects[id % effectMemory] = id;
    if (type.expiresMs === undefined) {
      if (origin) this.#predicted.confirm(type.number, origin);
      return;
    }
    // With an origin it waits for an ack beyond its time.
    const isOver = ((packetTick - tick) * 1000) / this.#place.game.tickHz > type.expiresMs;
    if (!origin || (this.#predicted.take(type.number, origin) && !isOver)) this.#timeline.arrived(type, fields, tick, this.#clocks.viewTick, now);
  }
}
