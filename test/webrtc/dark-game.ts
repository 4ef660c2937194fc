// A game that shows how old everything is: states and inputs carry the time of the clock at which they were made.
//
// Pages and Node read the same clock (`wallMs`), so ages are right across processes of one machine within a few milliseconds.
// Units: milliseconds, wrapped at 2^30.

import { defineGame, entity, f } from '@tickwire/shared';

export const WALL_CYCLE_MS: number = 2 ** 30;

export const game = defineGame({
  name: 'dark',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    /** What the server alone knows: its tick and its time, the newest input that moved the player, and who came and went. */
    clock: entity({ tick: f.tick(), ms: f.uint(WALL_CYCLE_MS - 1), heardMs: f.uint(WALL_CYCLE_MS - 1), joins: f.uint(100), leaves: f.uint(100) }),
    /** So that a snapshot has the size of a game's. */
    mover: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), turn: f.angle({ wire: 10 }) }),
    player: entity({ x: f.fixed(0, 100_000, { step: 1 / 16 }), madeMs: f.uint(WALL_CYCLE_MS - 1) }, { predict: 'owner' }),
  },
  input: { go: f.int(-1, 1), madeMs: f.uint(WALL_CYCLE_MS - 1) },
  steps: {
    player(player, input, { dt }) {
      player.x += input.go * 100 * dt;
      player.madeMs = input.madeMs;
    },
  },
});

/** Milliseconds from `earlier` to `later`, both of which may have wrapped. */
export function msBetween(earlier: number, later: number): number {
  const ahead = (((later - earlier) % WALL_CYCLE_MS) + WALL_CYCLE_MS) % WALL_CYCLE_MS;
  return ahead > WALL_CYCLE_MS / 2 ? ahead - WALL_CYCLE_MS : ahead;
}

/** The time of the machine's clock, with fractions. */
export function wallMs(): number {
  return (performance.timeOrigin + performance.now()) % WALL_CYCLE_MS;
}
