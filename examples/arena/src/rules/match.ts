// The match: begins, is over when its time is or when somebody has enough points, shows who won, and begins anew. And the goals that are scored in it.
//
// Invariant: everything about it is in the world's state, so a saved room goes on with it. Units: ticks, points.

import type { Random } from '@tickwire/shared';
import { goals } from '../arena-map.ts';
import { balance } from '../balance.ts';
import type { Player } from '../game.ts';
import type { ArenaWorld } from './arena-world.ts';
import { playerOf } from './damage.ts';
import { putBack, putBallBack } from './spawning.ts';

export interface Goal {
  readonly side: 'left' | 'right';
  /** Undefined when nobody has touched the ball, or who has is gone. */
  readonly scorer: Player | undefined;
}

/** Everyone at the start, with nothing scored. */
export function beginMatch(world: ArenaWorld, tick: number, matchTicks: number, random: Random): void {
  Object.assign(world.state, { phase: 'play', endsAt: tick + matchTicks, winner: '' });
  for (const ball of world.all('ball')) putBallBack(ball);
  for (const rocket of world.all('rocket')) world.despawn(rocket);
  for (const pickup of world.all('pickup')) pickup.isThere = true;
  // Nobody is in the way of who is put back first.
  for (const player of world.all('player')) player.hp = 0;
  for (const player of world.all('player')) {
    putBack(world, player, random);
    player.score = 0;
    player.deaths = 0;
  }
}

/** Ends what is over: a match with its result, and a result with the next match. */
export function passTime(world: ArenaWorld, tick: number, matchTicks: number, random: Random): void {
  const { state } = world;
  if (state.phase === 'result') {
    if (tick >= state.endsAt) beginMatch(world, tick, matchTicks, random);
    return;
  }
  const best = world.all('player').reduce((most, { score }) => Math.max(most, score), 0);
  if (tick < state.endsAt && best < balance.pointsToWin) return;
  state.phase = 'result';
  state.endsAt = tick + balance.resultTicks;
  state.winner = best === 0 ? '' : (leader(world.all('player'))?.name ?? '');
}

/** Who leads: the most points, then the fewest deaths, then who was here first. */
export function leader(players: readonly Player[]): Player | undefined {
  return players.reduce<Player | undefined>((best, one) => {
    if (!best || one.score > best.score || (one.score === best.score && one.deaths < best.deaths)) return one;
    return best;
  }, undefined);
}

/** Gives the points for a ball that is in a goal, and puts it back. Undefined when it is in none. */
export function scoreGoal(world: ArenaWorld): Goal | undefined {
  for (const ball of world.all('ball')) {
    const index = goals.findIndex(
      ({ x, y, width, height }) => ball.pos.x >= x && ball.pos.x <= x + width && ball.pos.y >= y && ball.pos.y <= y + height,
    );
    if (index < 0) continue;
    const scorer = playerOf(world, ball.touchedBy);
    if (scorer) scorer.score += balance.goalPoints;
    putBallBack(ball);
    return { side: index === 0 ? 'left' : 'right', scorer };
  }
  return undefined;
}
