// The arena's schema: what exists, what a player can do, what happens. Both ends import it, and a join is refused when theirs differ.
//
// Units: arena units, radians, ticks of 1/60 s, points of health.

import { defineGame, type EntityOf, entity, event, f, type InputOf } from '@tickwire/shared';
import { balance } from './balance.ts';
import { stepBullet } from './rules/bullet-flight.ts';
import { stepPlayer } from './rules/movement.ts';

/** How many player colours the page knows. */
export const colourCount = 8;

export const game = defineGame({
  name: 'arena',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity(
      {
        pos: f.vec2(0, 2000, { wire: 1 / 16 }),
        aim: f.angle({ wire: 8 }),
        /** 0 is dead. */
        hp: f.uint(balance.healthMax),
        /** Ticks until the next shot. Only its owner reloads it ahead of the server, so only its owner needs it. */
        reload: f.uint(balance.reloadTicks).owner(),
        /** Counts shots and wraps, so that a muzzle flash survives a lost packet. */
        shots: f.uint(15),
        /** Meaningful while dead. */
        respawnAt: f.tick(),
        score: f.uint(9999),
        deaths: f.uint(9999),
        colour: f.uint(colourCount - 1),
        name: f.string(32),
      },
      { predict: 'owner' },
    ),
    bullet: entity({
      pos: f.vec2(0, 2000, { wire: 1 / 4 }),
      velocity: f.vec2(-1000, 1000, { wire: 1 }),
      shooter: f.entity(),
      colour: f.uint(colourCount - 1),
      /** Only the server ends bullets. */
      endsAt: f.tick().owner(),
    }),
  },
  input: { move: f.vec2(-1, 1, { step: 1 / 64 }), aim: f.angle({ wire: 10 }), fire: f.button() },
  events: {
    /** Told to the one who was hit and to the one who shot. */
    hit: event({ target: f.entity(), shooter: f.entity(), damage: f.uint(balance.healthMax) }),
    /** With names, because an entity may be gone when its obituary is read. */
    kill: event({ victim: f.entity(), victimName: f.string(32), killer: f.entity(), killerName: f.string(32) }),
    /** From a client: a line to say. */
    say: event({ text: f.string(200) }),
    /** From the room: a line that somebody said. */
    chat: event({ name: f.string(32), colour: f.uint(colourCount - 1), text: f.string(200) }),
    /** Where a bullet ended. Worth nothing when it comes late. */
    spark: event({ at: f.vec2(0, 2000, { step: 1 / 4 }), on: f.enumOf('wall', 'player'), colour: f.uint(colourCount - 1) }, { expiresMs: 250 }),
  },
  steps: { player: stepPlayer, bullet: stepBullet },
});

export type Player = EntityOf<typeof game, 'player'>;
export type Bullet = EntityOf<typeof game, 'bullet'>;
export type ArenaInput = InputOf<typeof game>;
