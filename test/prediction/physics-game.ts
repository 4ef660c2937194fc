// Boxes on a floor seen from above, pushed by players, in Rapier: everyone predicts the boxes, each player itself.
//
// Invariant: each tick the bodies take poses and velocities from the entities and give them back, so what is recorded and sent is all that goes on, but for
// what the engine keeps of contacts: that is saved with it. Units: metres, seconds, radians.

import RAPIER from '@dimforge/rapier2d-compat';
import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, f } from '@tickwire/shared';

await RAPIER.init();

/** Half the side of a box, and the radius of a player. */
export const boxHalf = 0.5;
const playerRadius = 0.4;

interface Engine {
  readonly world: RAPIER.World;
  /** By entity: the handle of its body. */
  readonly bodies: Map<number, number>;
}

/** How often engines were saved and brought back. */
export const engineCalls = { saves: 0, restores: 0 };

export const game = defineGame({
  name: 'boxes',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity({ pos: f.vec2(-20, 20), speed: f.vec2(-10, 10) }, { predict: 'owner' }),
    box: entity({ pos: f.vec2(-20, 20), angle: f.angle(), speed: f.vec2(-30, 30), spin: f.fixed(-30, 30) }, { predict: 'everyone' }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }) },
  steps: {
    player(player, { move }, { dt }) {
      player.speed = { x: move.x * 4, y: move.y * 4 };
      player.pos.x = within(player.pos.x + player.speed.x * dt);
      player.pos.y = within(player.pos.y + player.speed.y * dt);
    },
    box() {},
  },
  engine: {
    create(): Engine {
      const world = new RAPIER.World({ x: 0, y: 0 });
      world.timestep = 1 / 60;
      for (const [x, y, w, h] of [
        [0, 15, 20, 1],
        [0, -15, 20, 1],
        [15, 0, 1, 20],
        [-15, 0, 1, 20],
      ] as const)
        world.createCollider(RAPIER.ColliderDesc.cuboid(w, h).setTranslation(x, y));
      return { world, bodies: new Map() };
    },
    save(engine) {
      engineCalls.saves++;
      return { world: engine.world.takeSnapshot(), bodies: [...engine.bodies] };
    },
    restore(saved, before): Engine {
      engineCalls.restores++;
      before.world.free();
      return { world: RAPIER.World.restoreSnapshot(saved.world), bodies: new Map(saved.bodies) };
    },
  },
  stepWorld({ world, dt }, { world: physics, bodies }) {
    for (const [id, handle] of bodies) {
      if (world.get(id as never)) continue;
      physics.removeRigidBody(physics.getRigidBody(handle));
      bodies.delete(id);
    }
    const bodyOf = (id: number, make: () => RAPIER.RigidBody): RAPIER.RigidBody => {
      const handle = bodies.get(id);
      if (handle !== undefined) return physics.getRigidBody(handle);
      const body = make();
      bodies.set(id, body.handle);
      return body;
    };
    for (const { id, pos, speed } of world.all('player')) {
      const body = bodyOf(id, () => {
        const made = physics.createRigidBody(RAPIER.RigidBodyDesc.kinematicVelocityBased());
        physics.createCollider(RAPIER.ColliderDesc.ball(playerRadius), made);
        return made;
      });
      // The step has moved it already: the engine moves it the same way.
      body.setTranslation({ x: pos.x - speed.x * dt, y: pos.y - speed.y * dt }, true);
      body.setLinvel(speed, true);
    }
    for (const box of world.all('box')) {
      const body = bodyOf(box.id, () => {
        const made = physics.createRigidBody(RAPIER.RigidBodyDesc.dynamic().setLinearDamping(3).setAngularDamping(3));
        physics.createCollider(RAPIER.ColliderDesc.cuboid(boxHalf, boxHalf).setFriction(0.5), made);
        return made;
      });
      body.setTranslation(box.pos, true);
      body.setRotation(box.angle, true);
      body.setLinvel(box.speed, true);
      body.setAngvel(box.spin, true);
    }
    physics.step();
    for (const box of world.all('box')) {
      const body = physics.getRigidBody(bodies.get(box.id) as number);
      const [at, speed] = [body.translation(), body.linvel()];
      box.pos = { x: at.x, y: at.y };
      box.speed = { x: stopped(speed.x), y: stopped(speed.y) };
      box.angle = body.rotation();
      box.spin = stopped(body.angvel());
    }
  },
});
export type Game = typeof game;

/** Damping takes a twentieth a tick: below ten steps of the grid that is rounded away, and a box would creep for ever. */
function stopped(speed: number): number {
  return Math.abs(speed) < 0.02 ? 0 : speed;
}

function within(value: number): number {
  return Math.max(-13.5, Math.min(13.5, value));
}

export class Floor extends Room<Game> {
  override autoDispose = false;
  override onCreate(): void {
    for (let count = 0; count < 9; count++) this.world.spawn('box', { pos: { x: (count % 3) * 1.2 - 1.2, y: Math.floor(count / 3) * 1.2 - 1.2 } });
  }
  override onJoin(client: Client<Game>): void {
    client.control(this.world.spawn('player', { pos: { x: this.world.all('player').length * 8 - 4, y: 0 } }));
  }
}
