// The engine that a game's `stepWorld` runs on this client, and how it was after each of the last ticks.
//
// Invariant: before a tick runs again, the engine is as it was before that tick ran first, apart from what the game gives it from the entities. When no
// such save is left, the engine goes on as it is. Units: ticks; as many saves as a history has.

import { type AnyGame, limits } from '@tickwire/shared';

export class EngineSaves {
  engine: unknown;
  readonly #parts: AnyGame['engine'];
  readonly #saves: ({ readonly tick: number; readonly saved: unknown } | undefined)[] = [];

  constructor(game: AnyGame) {
    this.#parts = game.engine;
    this.engine = game.engine?.create();
  }

  /** Saves the engine as it is after a tick. */
  record(tick: number): void {
    if (this.#parts) this.#saves[tick % limits.predictedTicks] = { tick, saved: this.#parts.save(this.engine) };
  }

  /** Brings back the engine of after a tick. */
  goBack(tick: number): void {
    const save = this.#saves[tick % limits.predictedTicks];
    if (this.#parts && save?.tick === tick) this.engine = this.#parts.restore(save.saved, this.engine);
  }
}
