// What the page does when something happens: its handlers, by event.
//
// Invariant: a handler that throws is the page's own bug: neither the other handlers nor the session suffer by it.
// Units: none.

import type { AnyGame } from '@tickwire/shared';
import { type EventType, eventTypeOf } from '@tickwire/shared/internal';

/** Takes back what a handler did. */
export type Undo = () => unknown;

export class EventHandlers {
  /** Hears of what handlers throw. */
  failed: (error: unknown) => void = (error) => void Promise.reject(error);
  readonly #game: AnyGame;
  readonly #byEvent = new Map<number, Set<(fields: never) => unknown>>();

  constructor(game: AnyGame) {
    this.#game = game;
  }

  /** @throws TypeError when the game has no such event. */
  typeOf(name: string): EventType {
    return eventTypeOf(this.#game, name);
  }

  /** @returns a function that removes the handler. */
  add(name: string, handler: (fields: never) => unknown): () => void {
    const { number } = this.typeOf(name);
    const handlers = this.#byEvent.get(number) ?? new Set();
    this.#byEvent.set(number, handlers);
    handlers.add(handler);
    return () => handlers.delete(handler);
  }

  /** @returns what takes the event back. */
  deliver(event: number, fields: object): readonly Undo[] {
    const undos: Undo[] = [];
    for (const handler of this.#byEvent.get(event) ?? []) {
      try {
        const undo = handler(fields as never);
        if (typeof undo === 'function') undos.push(undo as Undo);
      } catch (error) {
        this.failed(error);
      }
    }
    return undos;
  }

  /** Runs what takes an event back. */
  readonly takeBack = (undo: Undo): void => {
    try {
      undo();
    } catch (error) {
      this.failed(error);
    }
  };
}
