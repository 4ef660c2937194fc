// The rooms of drain-game.ts: one that is not saved, one that outlives its process, and one that cannot be saved.
//
// Invariant: what is accepted of `add` changes `sum` once and is told to everyone as `added`, with a number of its own.

import { type Client, type Plain, Room } from '@tickwire/server';
import type { game } from './drain-game.ts';

type Game = typeof game;

/** A match: it is not saved, and ends when a player says so while the server drains. */
export class Match extends Room<Game> {
  protected told = 0;
  #isDraining = false;
  override onCreate(): void {
    this.on('add', (client, { number }) => {
      this.world.state.sum += number;
      this.emit('added', { number: ++this.told, by: client.sessionId, count: number });
    });
    this.on('finish', () => {
      if (this.#isDraining) this.close();
    });
  }
  override onJoin(client: Client<Game>): void {
    client.control(this.world.spawn('walker', {}));
  }
  override onLeave(client: Client<Game>): void {
    for (const entity of client.entities) if (entity.type === 'walker') this.world.despawn(entity);
  }
  override onDrain(seconds: number): void {
    this.#isDraining = true;
    this.emit('draining', { seconds });
  }
}

/** A world that outlives its process. */
export class Lasting extends Match {
  override onSave(): Plain {
    return this.told;
  }
  override onRestore(told: number): void {
    this.told = told;
  }
}

/** A world that cannot be saved: its `onSave` never comes back. */
export class Stuck extends Lasting {
  override onSave(): Plain {
    for (;;);
  }
}
