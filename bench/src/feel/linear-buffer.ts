// Snapshots by time, and straight lines between them: what all plain viewers have in common.
//
// Invariant: beyond the newest snapshot the newest is shown, before the oldest kept the oldest. Units: milliseconds on the server's clock.

import type { Place, StateSnapshot } from './viewer.ts';

/** A minute at 20 Hz is far more than any delay. */
const kept = 64;

export class LinearBuffer {
  /** Ascending. */
  readonly #snapshots: StateSnapshot[] = [];
  #from: StateSnapshot | undefined;
  #to: StateSnapshot | undefined;
  #share = 0;

  get newestMs(): number {
    return this.#snapshots[this.#snapshots.length - 1]?.timeMs ?? Number.NEGATIVE_INFINITY;
  }

  insert(snapshot: StateSnapshot): void {
    let index = this.#snapshots.length;
    while (index > 0 && (this.#snapshots[index - 1] as StateSnapshot).timeMs > snapshot.timeMs) index--;
    if (this.#snapshots[index - 1]?.timeMs === snapshot.timeMs) return;
    this.#snapshots.splice(index, 0, snapshot);
    if (this.#snapshots.length > kept) this.#snapshots.shift();
  }

  /** Sets the time to show. */
  show(timeMs: number): void {
    const all = this.#snapshots;
    let index = all.length - 1;
    while (index > 0 && (all[index] as StateSnapshot).timeMs > timeMs) index--;
    this.#from = all[index];
    this.#to = all[index + 1] ?? this.#from;
    const [from, to] = [this.#from?.timeMs ?? 0, this.#to?.timeMs ?? 0];
    this.#share = to > from ? Math.max(0, Math.min(1, (timeMs - from) / (to - from))) : 0;
  }

  placeOf(player: number): Place | undefined {
    const [from, to] = [this.#from?.places[player], this.#to?.places[player]];
    if (!from || !to) return undefined;
    return { x: from.x + (to.x - from.x) * this.#share, y: from.y + (to.y - from.y) * this.#share };
  }
}
