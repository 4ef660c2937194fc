// Into a room and out of the list of rooms: what the page asks the server for.
//
// Invariant: nothing is sent before the first question.

import { type ClientRoom, connect, type RoomListing } from '@tickwire/client';
import { game } from '../game.ts';
import type { Choice } from './address.ts';

export type ArenaClientRoom = ClientRoom<typeof game>;

/** What an arena says of itself in the list. The word of the server's game code, which nothing checks: read it as such. */
export interface ArenaFacts {
  readonly players?: number;
  readonly bots?: number;
  readonly phase?: string;
}

const server = connect();

export function join(choice: Choice, name: string): Promise<ArenaClientRoom> {
  if (choice.how === 'quick') return server.joinOrCreate('arena', game, { name });
  if (choice.how === 'private') return server.create('arena', game, { name, unlisted: true });
  return server.joinById(choice.idOrCode, game, { name });
}

export function openRooms(): Promise<RoomListing<ArenaFacts>[]> {
  return server.listRooms<ArenaFacts>('arena', { limit: 20 });
}
