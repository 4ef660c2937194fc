// The game that the memory test plays: drones that move, crates that rest, a ship for each player, inputs that change. Its own code allocates nothing.
//
// Invariant: after the start nothing comes or goes and nothing is emitted: every tick is like the others.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, f, type InputSample } from '@tickwire/shared';
import type { View } from '../../packages/client/src/view.ts';

export const steadyGame = defineGame({
  name: 'steady',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    ship: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), heading: f.angle({ wire: 8 }), shots: f.uint(65535) }, { predict: 'owner' }),
    drone: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), heading: f.angle({ wire: 8 }), hp: f.uint(100) }),
    crate: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), heading: f.angle({ wire: 8 }), load: f.fixed(0, 1) }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), aim: f.angle({ wire: 10 }), fire: f.press() },
  steps: {
    ship(ship, input, { dt }) {
      ship.pos.x = (ship.pos.x + input.move.x * 90 * dt + 2000) % 2000;
      ship.pos.y = (ship.pos.y + input.move.y * 90 * dt + 2000) % 2000;
      ship.heading = input.aim;
      ship.shots = (ship.shots + input.fire) % 65536;
    },
  },
});

type SteadyGame = typeof steadyGame;

const drones = 20;
const crates = 10;

export class SteadyRoom extends Room<SteadyGame> {
  override autoDispose = false;

  /** Whether drones turn as they go: their heading changes in every tick. */
  #turns = false;

  override onCreate(options: { readonly turns?: unknown }): void {
    this.#turns = options.turns === true;
    for (let number = 0; number < drones; number++) this.world.spawn('drone', { pos: { x: 40 + 90 * number, y: 1000 }, hp: 50 });
    for (let number = 0; number < crates; number++)
      this.world.spawn('crate', { pos: { x: 40.5 + 150 * number, y: 300.25 }, heading: 0.1 * number, load: 0.3 });
  }

  override onJoin(client: Client<SteadyGame>): void {
    client.control(this.world.spawn('ship', { pos: { x: 500, y: 500 } }));
  }

  override onTick(): void {
    const drones = this.world.all('drone');
    for (let index = 0; index < drones.length; index++) {
      const drone = drones[index] as (typeof drones)[number];
      // Each draws its own zigzag: now it goes on as before, now it turns.
      const phase = (this.tick + index * 37) % 240;
      drone.pos.x = (drone.pos.x + (phase < 120 ? 1.3 : -1.3) + 2000) % 2000;
      drone.pos.y += phase % 80 < 40 ? 0.7 : -0.7;
      if (this.#turns) drone.heading += 0.013;
      if (phase === 0) drone.hp = (drone.hp + 7) % 100;
    }
  }
}

/** A player: steers this way and that, aims all around, fires twice a second, and stands still for a second in five. */
export function steadyPlayer(number: number): () => InputSample<SteadyGame> {
  const sample = { move: { x: 0.5, y: 0.5 }, aim: 0.5, fire: false };
  let made = number * 100;
  return () => {
    made++;
    const phase = made % 300;
    sample.fire = made % 30 === 0;
    if (phase > 240) return sample;
    sample.move.x = phase < 100 ? 0.5 : -0.25;
    sample.move.y = phase % 50 < 25 ? 0.75 : -0.75;
    sample.aim = ((made % 628) - 314) / 100;
    return sample;
  };
}

/** Looks at everything that is in view, as a page that draws does. */
export function steadyRenderer(): (view: View<SteadyGame>) => void {
  const canvas = new Float64Array(64);
  return (view) => {
    const drones = view.all('drone');
    for (let index = 0; index < drones.length; index++) {
      const drone = drones[index] as (typeof drones)[number];
      canvas[index % 64] = drone.pos.x + drone.pos.y;
    }
  };
}
