// The rooms of a soak: arenas that end by themselves after a while, and the faults that a run can be given.
//
// Invariant: without a fault a room keeps nothing beyond its end. Units: seconds.

import type { Client, JoinOptions } from '@tickwire/server';
import type { game } from '../../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../../examples/arena/src/server/arena-room.ts';
import type { Leak } from './soak-options.ts';

/** Under this name bots ask for rooms. */
export const roomName = 'soak';
const clientsPerRoom = 10;
/** A room ends, with everyone in it, after 20 to 60 seconds. */
const lifeSeconds: readonly [number, number] = [20, 60];

class SoakRoom extends ArenaRoom {
  override maxClients = clientsPerRoom;
  override onCreate(options: JoinOptions): void {
    super.onCreate(options);
    this.after(this.random.range(...lifeSeconds) * this.game.tickHz, 'end');
  }
  override onTimer(): void {
    this.close();
  }
}

const kept: unknown[] = [];

/** The room, with the fault that a run is to find. */
export function soakRoom(leak: Leak): typeof SoakRoom {
  return class extends SoakRoom {
    override onLeave(client: Client<typeof game>): void {
      super.onLeave(client);
      if (leak === 'heap') kept.push(client);
      if (leak === 'handles') kept.push(setInterval(() => {}, 60_000));
    }
  };
}
