// The server's side of range-game.ts: targets that turn, stop and start as they like, and the judge of each shot.
//
// Units: the range's own; ticks; ways are units a tick.

import { type Client, Room } from '@tickwire/server';
import { firstHit, type game, range } from './range-game.ts';

/** How a target goes on for now. */
interface Leg {
  x: number;
  y: number;
  ticksLeft: number;
}

export class RangeRoom extends Room<typeof game> {
  readonly #legs: Leg[] = [];

  override onCreate(): void {
    for (let number = 0; number < range.targets; number++) {
      this.world.spawn('target', { pos: { x: this.random.range(0, range.width), y: this.random.range(0, range.height) }, number });
      this.#legs.push({ x: 0, y: 0, ticksLeft: 0 });
    }
  }

  override onJoin(client: Client<typeof game>): void {
    client.control(this.world.spawn('player', { pos: { x: range.width / 4, y: range.height / 2 } }));
  }

  override onLeave(client: Client<typeof game>): void {
    for (const player of client.entities) this.world.despawn(player);
  }

  override onTick(): void {
    this.#moveTargets();
    for (const client of this.clients) if (client.input.fire > 0) this.#judge(client);
  }

  #judge(client: Client<typeof game>): void {
    const [player] = client.entities;
    if (player?.type !== 'player') return;
    const { aim, shot } = client.input;
    const seen = this.rewind(client, (past) => firstHit(player.pos, aim, past.all('target')));
    const present = firstHit(player.pos, aim, this.world.all('target'));
    this.emit('judged', { shot, tick: this.tick, seen, present }, { to: client });
  }

  #moveTargets(): void {
    for (const { pos, number } of this.world.all('target')) {
      const leg = this.#legs[number] as Leg;
      if (leg.ticksLeft-- <= 0) this.#turn(leg);
      if (pos.x + leg.x < 0 || pos.x + leg.x > range.width) leg.x = -leg.x;
      if (pos.y + leg.y < 0 || pos.y + leg.y > range.height) leg.y = -leg.y;
      pos.x += leg.x;
      pos.y += leg.y;
    }
  }

  /** A new way for up to a second; one in five is a stop. */
  #turn(leg: Leg): void {
    const stops = this.random.chance(0.2);
    const speed = stops ? 0 : this.random.range(0.5, 1) * (range.targetSpeedMax / this.game.tickHz);
    const heading = this.random.range(-Math.PI, Math.PI);
    leg.x = Math.cos(heading) * speed;
    leg.y = Math.sin(heading) * speed;
    leg.ticksLeft = Math.floor(this.random.range(6, stops ? 20 : 60));
  }
}
