// A game to look at: what moves like people, with and without a velocity in the schema, what stands, what jumps, and a ball that players push.
//
// Invariant: everything that the room decides comes from its seed. Units: units of length, about a pixel; ticks.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, event, f } from '@tickwire/shared';

export const wire = 1 / 16;
export const playerSpeed = 200;
export const ballRadius = 20;
/** How fast a pushed ball goes: as the player who pushes it in the test. */
export const pushSpeed = 100;
const playerRadius = 16;

export const pictureGame = defineGame({
  name: 'picture',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    drone: entity({ pos: f.vec2(0, 2000, { wire }), heading: f.angle({ wire: 8 }) }),
    car: entity({ pos: f.vec2(0, 2000, { wire }).velocity('speed'), speed: f.vec2(-400, 400, { step: 1 / 64, wire: 1 / 4 }) }),
    crate: entity({ pos: f.vec2(0, 2000, { wire }) }),
    imp: entity({ pos: f.vec2(0, 2000, { wire }), jumps: f.teleport() }),
    player: entity({ pos: f.vec2(0, 2000, { wire }), jumps: f.teleport() }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(0, 2000, { wire }), speed: f.vec2(-400, 400) }, { predict: 'everyone' }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), jump: f.press() },
  events: {
    moved: event({ who: f.entity(), tick: f.tick() }),
    said: event({ number: f.uint(1e9) }),
    spark: event({ who: f.entity(), tick: f.tick() }, { expiresMs: 1000 }),
    flash: event({ tick: f.tick() }, { expiresMs: 1000 }),
  },
  steps: {
    player(player, input, { dt }) {
      player.pos.x += input.move.x * playerSpeed * dt;
      player.pos.y += input.move.y * playerSpeed * dt;
      if (input.jump > 0) {
        player.pos.x = player.pos.x > 1000 ? player.pos.x - 700 : player.pos.x + 700;
        player.jumps++;
      }
    },
    ball(ball, _input, { dt, world }) {
      for (const player of world.all('player')) {
        const [x, y] = [ball.pos.x - player.pos.x, ball.pos.y - player.pos.y];
        const distance = Math.sqrt(x * x + y * y);
        if (distance >= ballRadius + playerRadius || distance === 0) continue;
        // Pushed out, and away.
        ball.pos.x = player.pos.x + (x / distance) * (ballRadius + playerRadius);
        ball.pos.y = player.pos.y + (y / distance) * (ballRadius + playerRadius);
        ball.speed.x = (x / distance) * pushSpeed;
        ball.speed.y = (y / distance) * pushSpeed;
      }
      ball.pos.x += ball.speed.x * dt;
      ball.pos.y += ball.speed.y * dt;
      ball.speed.x *= 0.97;
      ball.speed.y *= 0.97;
    },
  },
});
export type PictureGame = typeof pictureGame;

interface Walk {
  x: number;
  y: number;
  wantedX: number;
  wantedY: number;
}

export class PictureRoom extends Room<PictureGame> {
  override autoDispose = false;
  /** By entity id: where it was at each tick. */
  readonly truth: Map<number, Map<number, { x: number; y: number }>> = new Map();
  /** What each pair of movers is about: a drone and a car go the same ways. */
  readonly #walks: Walk[] = [];

  override onCreate(): void {
    for (let number = 0; number < 2; number++) {
      this.world.spawn('drone', { pos: { x: 700 + 400 * number, y: 1000 } });
      this.world.spawn('car', { pos: { x: 700 + 400 * number, y: 1000 } });
      this.#walks.push({ x: 0, y: 0, wantedX: 0, wantedY: 0 });
    }
    this.world.spawn('crate', { pos: { x: 300, y: 300 } });
    this.world.spawn('imp', { pos: { x: 100, y: 100 } });
  }

  override onJoin(client: Client<PictureGame>): void {
    client.control(this.world.spawn('player', { pos: { x: 1000, y: 200 + 100 * this.clients.length } }));
  }

  override onTick(): void {
    const movers = [...this.world.all('drone'), ...this.world.all('car')];
    for (const [index, mover] of movers.entries()) {
      const walk = this.#walks[index % 2] as Walk;
      if (index < 2 && this.random.chance(0.03)) {
        const isStop = this.random.chance(0.2);
        walk.wantedX = isStop ? 0 : this.random.range(-250, 250);
        walk.wantedY = isStop ? 0 : this.random.range(-250, 250);
      }
      // As a person does: to the wanted speed in about a tenth of a second, away from the walls.
      if (index < 2) {
        walk.x += (walk.wantedX - walk.x) * 0.2;
        walk.y += (walk.wantedY - walk.y) * 0.2;
      }
      if (mover.pos.x < 100 || mover.pos.x > 1900) walk.wantedX = mover.pos.x < 100 ? 250 : -250;
      if (mover.pos.y < 100 || mover.pos.y > 1900) walk.wantedY = mover.pos.y < 100 ? 250 : -250;
      if (Math.abs(walk.x) + Math.abs(walk.y) < 0.5) continue;
      mover.pos.x += walk.x / 60;
      mover.pos.y += walk.y / 60;
      if (mover.type === 'car') mover.speed = { x: walk.x, y: walk.y };
      else mover.heading = Math.atan2(walk.y, walk.x);
    }
    const [imp] = this.world.all('imp');
    if (imp && this.tick % 50 === 0) {
      imp.pos = { x: this.random.range(100, 1900), y: this.random.range(100, 1900) };
      imp.jumps++;
    }
    for (const { id, pos } of [...movers, ...this.world.all('imp'), ...this.world.all('player'), ...this.world.all('ball')]) {
      const places = this.truth.get(id) ?? new Map<number, { x: number; y: number }>();
      this.truth.set(id, places);
      places.set(this.tick, { x: pos.x, y: pos.y });
    }
  }

  /** Where an entity was at a tick with its fraction. */
  place(id: number, tick: number): { x: number; y: number } | undefined {
    const places = this.truth.get(id);
    const [from, to] = [places?.get(Math.floor(tick)), places?.get(Math.floor(tick) + 1)];
    if (!from || !to) return undefined;
    const share = tick - Math.floor(tick);
    return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share };
  }
}
