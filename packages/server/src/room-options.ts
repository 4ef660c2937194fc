// What a running room is made with: its game, its class, and what only the process around it has.
//
// Invariant: randomness and ids come from here, so that a room on a virtual clock is the same twice.

import type { AnyGame } from '@tickwire/shared';
import type { RoomCodes } from './door.ts';
import type { Room } from './room.ts';

export interface RoomOptions<G extends AnyGame> {
  game: G;
  room: Room<G>;
  roomId: string;
  /** Seeds `random` and the random numbers of steps. */
  seed: number;
  /** Where its code for saying aloud comes from. Without it the room has none. */
  codes?: RoomCodes;
  /** Makes reconnection tokens that nobody can guess. Without it each client keeps that of its seat. */
  newToken?(): string;
  /** The game's code threw: the room is closing. */
  onError(error: unknown, where: string): void;
  /** The room is over and will do nothing any more. */
  onDisposed?(): void;
}
