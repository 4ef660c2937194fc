// How the stay has gone: when its connection was lost and came back.
//
// Invariant: what is kept is bounded; `close` lets go of the room. Units: milliseconds of the page's clock.

import type { CloseCode } from '@tickwire/shared';

/** Lost connections that are told one by one; all are counted. */
const dropsMax = 20;

export interface Drop {
  readonly at: number;
  readonly code: CloseCode;
  /** Undefined while it has not come back. */
  backMs: number | undefined;
}

/** What this needs of a room. */
interface Logged {
  onDrop(handler: (code: CloseCode) => void): () => void;
  onReconnect(handler: () => void): () => void;
}

export class SessionLog {
  readonly drops: Drop[] = [];
  dropCount = 0;
  reconnectCount = 0;
  readonly #removers: readonly (() => void)[];

  constructor(room: Logged, now: () => number) {
    this.#removers = [
      room.onDrop((code) => {
        this.dropCount++;
        this.drops.push({ at: now(), code, backMs: undefined });
        if (this.drops.length > dropsMax) this.drops.shift();
      }),
      room.onReconnect(() => {
        this.reconnectCount++;
        const newest = this.drops.at(-1);
        if (newest) newest.backMs = now() - newest.at;
      }),
    ];
  }

  close(): void {
    for (const remove of this.#removers) remove();
  }
}
