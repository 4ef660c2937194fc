// The server: a square for everyone who comes.
import { type Client, Room, serve } from '@tickwire/server';
import { game } from './game.ts';

class Hello extends Room<typeof game> {
  override onJoin(client: Client<typeof game>): void {
    const pos = { x: this.random.range(0, 600), y: this.random.range(0, 600) };
    client.control(this.world.spawn('square', { pos, hue: this.random.int(360) }));
  }
  override onLeave(client: Client<typeof game>): void {
    for (const square of client.entities) this.world.despawn(square);
  }
}

const staticDir = `${import.meta.dirname}/../dist/page`;
const server = await serve({ rooms: { hello: { game, room: Hello } }, port: Number(process.env['PORT'] ?? 9210), staticDir });
console.log(`Open ${server.url} in two windows.`);
