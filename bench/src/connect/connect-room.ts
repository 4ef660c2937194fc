// The server's side of connect-game.ts.
//
// Units: those of the game's own fields.

import { type Client, Room } from '@tickwire/server';
import type { game } from './connect-game.ts';

export class ConnectRoom extends Room<typeof game> {
  override onCreate(): void {
    this.world.spawn('marker');
  }

  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('square', { pos: { x: 300, y: 300 } }));
  }

  override onLeave(client: Client<typeof game>): void {
    for (const square of client.entities) this.world.despawn(square);
  }

  override onTick(): void {
    for (const marker of this.world.all('marker')) marker.at = this.tick % 600;
  }
}
