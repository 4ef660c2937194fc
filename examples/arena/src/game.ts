// The arena as a game: the schema and the steps. Both ends import it, and a join is refused when theirs differ.
//
// Units: Hz.

import { defineGame, type EntityOf, type InputOf } from '@tickwire/shared';
import { stepBall } from './rules/ball.ts';
import { stepPlayer } from './rules/movement.ts';
import { stepRocket } from './rules/rocket.ts';
import { entities, events, input, state } from './schema.ts';

export { colourCount } from './schema.ts';

export const game = defineGame({
  name: 'arena',
  tickHz: 60,
  snapshotHz: 20,
  entities,
  state,
  input,
  events,
  steps: { ball: stepBall, player: stepPlayer, rocket: stepRocket },
});

export type Player = EntityOf<typeof game, 'player'>;
export type Rocket = EntityOf<typeof game, 'rocket'>;
export type Ball = EntityOf<typeof game, 'ball'>;
export type Pickup = EntityOf<typeof game, 'pickup'>;
export type ArenaInput = InputOf<typeof game>;
