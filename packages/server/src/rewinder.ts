// Lag compensation: shows a room the world as one of its clients saw it when it made the input of this tick.
// After Y. Bernier 2001, "Latency compensating methods in client/server in-game protocol design".
//
// Invariant: the past is what the client acknowledged in the packet that carried the input, at the view that the input claimed and that its acks make
// plausible (`view-claims.ts`), never farther back than `maxRewindMs`. One past at a time. Units: ticks, milliseconds.

import { type AnyGame, limits } from '@tickwire/shared';
import { type History, viewTickParts, type World } from '@tickwire/shared/internal';
import type { InputQueue } from './input-queue.ts';
import { type Past, PastWorld } from './past.ts';
import type { Replica } from './replica.ts';
import type { ViewClaims } from './view-claims.ts';

/** What a rewind must know of a client. */
export interface Looker<G extends AnyGame> {
  readonly replica: Replica;
  readonly inputs: InputQueue<G>;
  readonly claims: ViewClaims;
}

/** The history holds the ticks before this one; a view interpolates between two of them. */
const ticksMax = limits.historyTicks - 2;

export class Rewinder<G extends AnyGame> {
  readonly #world: World<G>;
  readonly #past: PastWorld<G>;

  constructor(world: World<G>, history: History) {
    this.#world = world;
    this.#past = new PastWorld(world, history);
  }

  /** Runs `look` in the past of a client. @returns what it returns. @throws Error inside of another rewind, and where nothing was noted for it. */
  rewind<T>(client: Looker<G> | undefined, maxRewindMs: number, look: (past: Past<G>) => T): T {
    if (this.#past.isOpen) throw new Error('rewind() inside of another rewind(): there is one past at a time');
    if (!client) throw new Error('rewind(): this client has left');
    const { sight } = client.replica;
    if (!sight) throw new Error('rewind(): maxRewindMs was 0 when this client came; set it in a field of the room or in onCreate');
    const { tick, game } = this.#world;
    const most = Math.min(ticksMax, Math.max(0, (maxRewindMs * game.tickHz) / 1000));
    const viewTick = Math.max(tick - client.inputs.viewLag / viewTickParts, tick - most);
    this.#past.open({ sight, viewTick, knownTick: client.claims.knownTick(tick), oldestTick: Math.ceil(tick - most) });
    try {
      return look(this.#past);
    } finally {
      this.#past.close();
    }
  }
}
