// What a server that will stop tells its clients: the seconds left, as each begins.
//
// Invariant: a handler that throws keeps no other from hearing, and ends nothing. Units: seconds.

import { parseDrain } from '@tickwire/shared/internal';

export class DrainNotice {
  readonly #handlers = new Set<(secondsLeft: number) => void>();
  readonly #failed: (error: unknown) => void;

  /** @param failed told what a handler throws. */
  constructor(failed: (error: unknown) => void) {
    this.#failed = failed;
  }

  /** @returns a function that removes the handler. */
  add(handler: (secondsLeft: number) => void): () => void {
    this.#handlers.add(handler);
    return () => this.#handlers.delete(handler);
  }

  /** @returns false when the message is no such notice. */
  take(message: readonly unknown[] | undefined): boolean {
    const secondsLeft = message && parseDrain(message);
    if (secondsLeft === undefined) return false;
    for (const handler of this.#handlers) {
      try {
        handler(secondsLeft);
      } catch (error) {
        this.#failed(error);
      }
    }
    return true;
  }
}
