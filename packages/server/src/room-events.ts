// A room's events: those of its clients on their way to its handlers, and its own on their way to clients. Among them go requests and their answers.
//
// Invariant: what a client sends reaches a handler with all its fields in range, or is counted; a handler that throws is a fault of the room.
// Units: ticks.

import type { AnyGame } from '@tickwire/shared';
import { eventTypeOf, isOfAsks, type SpawnOrigin } from '@tickwire/shared/internal';
import { Asks } from './asks.ts';
import type { Client } from './client.ts';
import type { Member } from './member.ts';

/** What events need of their room. */
interface EventHost {
  readonly game: AnyGame;
  readonly tick: () => number;
  /** Runs code of the game. */
  guard(where: string, run: () => void): void;
  /** Code of the game threw. */
  failed(error: unknown, where: string): void;
}

export class RoomEvents<G extends AnyGame> {
  readonly asks: Asks<G>;
  /** Events from clients that nobody handles, or with wrong fields. */
  ignored = 0;
  readonly #host: EventHost;
  readonly #handlers = new Map<number, (client: Client<G>, fields: never) => void>();

  constructor(game: G, host: Omit<EventHost, 'game'>) {
    this.#host = { game, ...host };
    this.asks = new Asks(game, host.tick, host.failed);
  }

  /** @throws TypeError when the game has no such event. */
  handle(name: string, handler: (client: Client<G>, fields: never) => void): void {
    this.#handlers.set(eventTypeOf(this.#host.game, name).number, handler);
  }

  /** An event of the reliable lane came. */
  receive(member: Member<G>, event: unknown[]): void {
    const { game } = this.#host;
    const type = game.eventTypes[event[0] as number];
    const handler = type && this.#handlers.get(type.number);
    const fields = handler && type.layout.unpack(event, 1);
    if (fields) this.#host.guard(`on('${type.name}')`, () => handler(member.client, fields as never));
    else if (!isOfAsks(game, event) || !this.asks.receive(member, event)) this.ignored++;
  }

  /** @param origin when a step has made it, and @param predicts who runs that step as well. */
  emit(name: string, fields: object, to: Iterable<Member<G> | undefined>, origin?: SpawnOrigin, predicts?: (member: Member<G>) => boolean): void {
    const { game } = this.#host;
    const tick = this.#host.tick();
    const type = eventTypeOf(game, name);
    const packed = type.expiresMs === undefined ? [type.number, ...type.layout.packRounded(fields)] : undefined;
    const lifeTicks = Math.max(1, Math.round(((type.expiresMs ?? 0) * game.tickHz) / 1000));
    for (const member of to) {
      if (!member?.isHere) continue;
      const known = origin && predicts?.(member) ? origin : undefined;
      if (packed) member.session.outbox.add(known ? [...packed, known.key, known.tick, known.number] : packed, tick);
      else member.effects.add(type, fields, tick, tick + lifeTicks, known);
      if (packed && known) member.effects.mark(type, known);
    }
  }
}
