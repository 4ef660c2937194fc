// Events that this client's steps made ahead of the server: played at once, then confirmed or rolled back.
//
// Invariant: what was played here is not played again when the server's comes, however often and on whichever lane; and what the server has not made is
// undone, once, when a leading snapshot that has all marks is `lateTicksMax` ticks past it. An input that came late moves the server's by a few ticks:
// it is the same event. Units: ticks. At most `remembered` events are known at once; of more the oldest is forgotten as if it was confirmed.

import type { SpawnOrigin } from '@tickwire/shared/internal';
import type { Undo } from './event-handlers.ts';

interface KnownEvent {
  readonly type: number;
  /** The server's, once it is confirmed. */
  origin: SpawnOrigin;
  isConfirmed: boolean;
  readonly undos: readonly Undo[];
}

/** An event whose input came late is made so many ticks later at most: 167 ms at 60 Hz. */
const lateTicksMax = 10;
const remembered = 256;

export class PredictedEvents {
  readonly #known: KnownEvent[] = [];
  #completeTick = -1;

  /** A step that ran for the first time made an event. @param play tells the page, and returns what takes it back. */
  made(type: number, origin: SpawnOrigin, play: () => readonly Undo[]): void {
    if (this.#find(type, origin)) return;
    this.#remember({ type, origin, isConfirmed: false, undos: play() });
  }

  /** The server has made an event, which comes or came in another way. */
  confirm(type: number, origin: SpawnOrigin): void {
    const known = this.#find(type, origin) ?? this.#findNear(type, origin);
    if (!known) return;
    known.isConfirmed = true;
    known.origin = origin;
  }

  /** The server's event is here. @returns whether it is to be played: it was not yet. */
  take(type: number, origin: SpawnOrigin): boolean {
    this.confirm(type, origin);
    if (this.#find(type, origin)) return false;
    this.#remember({ type, origin, isConfirmed: true, undos: [] });
    return true;
  }

  /** Everything that the server made up to `tick` was confirmed by now. */
  complete(tick: number): void {
    this.#completeTick = Math.max(this.#completeTick, tick);
  }

  /** Forgets what the server has not made and gives each way to take it back to `run`. */
  settle(run: (undo: Undo) => void): void {
    let kept = 0;
    for (let index = 0; index < this.#known.length; index++) {
      const known = this.#known[index] as KnownEvent;
      if (known.isConfirmed || known.origin.tick + lateTicksMax > this.#completeTick) this.#known[kept++] = known;
      else for (const undo of known.undos) run(undo);
    }
    if (kept < this.#known.length) this.#known.length = kept;
  }

  /** The server's clock may have gone back: nothing that waits for it will be told of. Gives each way to take it back to `run`. */
  clear(run: (undo: Undo) => void): void {
    for (const { isConfirmed, undos } of this.#known.splice(0)) if (!isConfirmed) for (const undo of undos) run(undo);
    this.#completeTick = -1;
  }

  #find(type: number, { key, tick, number }: SpawnOrigin): KnownEvent | undefined {
    return this.#known.find((one) => one.type === type && one.origin.tick === tick && one.origin.key === key && one.origin.number === number);
  }

  /** The nearest one that may be the same. */
  #findNear(type: number, { key, tick }: SpawnOrigin): KnownEvent | undefined {
    let nearest: KnownEvent | undefined;
    let least = lateTicksMax + 1;
    for (const one of this.#known) {
      const off = Math.abs(one.origin.tick - tick);
      if (one.type !== type || one.origin.key !== key || one.isConfirmed || off >= least) continue;
      nearest = one;
      least = off;
    }
    return nearest;
  }

  #remember(event: KnownEvent): void {
    if (this.#known.length === remembered) this.#known.shift();
    this.#known.push(event);
  }
}
