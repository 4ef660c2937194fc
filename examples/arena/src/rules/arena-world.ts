// The world that the rules work on: a room's, or in tests one made by hand.

import type { Room } from '@tickwire/server';
import type { game } from '../game.ts';

export type ArenaWorld = Room<typeof game>['world'];
