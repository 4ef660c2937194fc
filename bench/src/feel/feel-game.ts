// The game of the feel suite: players that chase a pointer as on a spring, with a top speed. A player depends on nothing but its own input.
//
// Invariant: the step reads its own entity only, so a prediction with the same inputs is exact. Units: units of the pointer recordings, seconds.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, f } from '@tickwire/shared';

/** What others see positions in. */
export const wireStep: number = 1 / 8;
/** What both ends round to: the default. */
export const quantum: number = 1 / 1024;
/** Of the spring, critically damped: a pointer is caught in about a quarter of a second. */
const stiffness = 18;
export const topSpeed: number = 800;

/** Told of the input that a tick was made with, on whichever end. `world` tells which. */
export type InputNote = (world: object, id: number, tick: number, x: number, y: number) => void;

/** A game for one run. */
export const feelGame = (note: InputNote = () => {}) =>
  defineGame({
    name: 'feel',
    tickHz: 60,
    snapshotHz: 20,
    entities: {
      player: entity(
        { pos: f.vec2(-64, 576, { wire: wireStep }).velocity('velocity'), velocity: f.vec2(-topSpeed, topSpeed, { wire: 1 }) },
        { predict: 'owner' },
      ),
    },
    input: { pointer: f.vec2(0, 512, { wire: 1 / 4 }) },
    steps: {
      player({ id, pos, velocity }, { pointer }, { dt, tick, world }) {
        note(world, id, tick, pointer.x, pointer.y);
        velocity.x = limited(velocity.x + ((pointer.x - pos.x) * stiffness - 2 * velocity.x) * stiffness * dt);
        velocity.y = limited(velocity.y + ((pointer.y - pos.y) * stiffness - 2 * velocity.y) * stiffness * dt);
        pos.x += velocity.x * dt;
        pos.y += velocity.y * dt;
      },
    },
  });

export type FeelGame = ReturnType<typeof feelGame>;

export class FeelRoom extends Room<FeelGame> {
  override autoDispose = false;
  override onJoin(client: Client<FeelGame>): void {
    client.control(this.world.spawn('player', { pos: { x: 256, y: 192 } }));
  }
}

function limited(speed: number): number {
  return Math.max(-topSpeed, Math.min(topSpeed, speed));
}
