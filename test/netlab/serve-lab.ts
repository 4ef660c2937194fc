// The server of the lab's tests in a process of its own: the real serve() with the smallest room.
//
// usage: serve-lab.ts OPTIONS - options of serve() as JSON. Prints its address as one line.

import { Room, type ServeOptions, serve } from '@tickwire/server';
import { game } from './lab-game.ts';

class LabRoom extends Room<typeof game> {
  #dot: { x: number } | undefined;

  override onCreate(): void {
    this.#dot = this.world.spawn('dot', { x: 0 });
  }

  override onTick(): void {
    if (this.#dot) this.#dot.x = (this.#dot.x + 1) % 1000;
  }
}

const options = JSON.parse(process.argv[2] ?? '{}') as Partial<ServeOptions>;
const server = await serve({ rooms: { lab: { game, room: LabRoom } }, host: '0.0.0.0', port: 9300, ...options });
console.log(server.url);
