// The server's side of dark-game.ts: everything moves in every tick, and the clock says when.

import { type Client, Room } from '@tickwire/server';
import { type game, wallMs } from './dark-game.ts';

const MOVERS = 30;

export class DarkRoom extends Room<typeof game> {
  // What the clock says of inputs is of one player.
  override maxClients = 1;
  readonly #clock = { joins: 0, leaves: 0 };

  override onCreate(): void {
    this.world.spawn('clock', {});
    for (let index = 0; index < MOVERS; index++) this.world.spawn('mover', { pos: { x: this.random.range(0, 2000), y: this.random.range(0, 2000) } });
  }

  override onJoin(client: Client<typeof game>): void {
    this.#clock.joins++;
    client.control(this.world.spawn('player', { x: 50_000 }));
  }

  override onLeave(client: Client<typeof game>): void {
    this.#clock.leaves++;
    for (const player of client.entities) this.world.despawn(player);
  }

  override onTick(): void {
    for (const mover of this.world.all('mover')) {
      mover.turn += this.random.range(-0.2, 0.2);
      mover.pos.x += this.random.range(-4, 4);
      mover.pos.y += this.random.range(-4, 4);
    }
    const heardMs = this.world.all('player')[0]?.madeMs ?? 0;
    for (const clock of this.world.all('clock')) Object.assign(clock, this.#clock, { tick: this.tick, ms: Math.floor(wallMs()), heardMs });
  }
}
