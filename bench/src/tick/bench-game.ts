// The arena as the bench plays it: its rules at the rates of a cell, in a room that takes every bot and deals the same spawn points for the same seed.
//
// Invariant: server and bots make the game from the same rates, so that its hash is equal at both ends.
// Rates in Hz. The arena counts reloads and lives of bullets in ticks: at another tick rate the same rules play faster or slower.

import { defineGame, Random } from '@tickwire/shared';
import { game } from '../../../examples/arena/src/game.ts';
import { ArenaRoom } from '../../../examples/arena/src/server/arena-room.ts';

export type BenchGame = typeof game;

export interface Rates {
  readonly tickHz: number;
  readonly snapshotHz: number;
}

/** Under this name the server has the room. */
export const roomName = 'arena';

/** @throws RangeError when the rates do not fit each other. */
export function gameAt({ tickHz, snapshotHz }: Rates): BenchGame {
  const { name, entities, state, input, events, steps } = game;
  return defineGame({ name, tickHz, snapshotHz, entities, state, input, events, steps });
}

export function roomFor(players: number, seed: number): typeof ArenaRoom {
  return class BenchRoom extends ArenaRoom {
    override maxClients = players;
    readonly #random = new Random(seed);

    override get random(): Random {
      return this.#random;
    }
  };
}
