// Matchmaking: which of a server's rooms a client may get, in which order, and what a list shows of them.
//
// Invariant: an unlisted room is in no list and no choice; a locked or full one is in no choice. Rooms are compared by the options that their table entry
// names in `filterBy`; what a client leaves out (or sends as null) matches any room. Units: milliseconds of the lobby's clock.

import type { AnyGame } from '@tickwire/shared';
import type { Plain, RoomListing } from '@tickwire/shared/internal';
import type { JoinOptions } from './client.ts';
import type { RoomClass } from './room.ts';
import type { RoomCore } from './room-core.ts';

/** A kind of room that clients may ask for. */
export interface RoomDefinition<G extends AnyGame = AnyGame> {
  game: G;
  room: RoomClass<G>;
  /** Options (texts, numbers or booleans) by which `joinOrCreate`, `join` and `listRooms` choose: only rooms that were created with the same values. */
  filterBy?: readonly string[];
}

/** A room and how it came to be. */
export interface OpenRoom {
  // biome-ignore lint/suspicious/noExplicitAny: a lobby holds rooms of any games
  readonly core: RoomCore<any>;
  readonly name: string;
  /** What it was created with: of the options in `filterBy`, and all. */
  readonly filter: Filter;
  readonly options: JoinOptions;
  readonly createdAt: number;
}

export type Filter = ReadonlyMap<string, string | number | boolean>;

/** The values by which to choose; a string says what is wrong with them. */
export function filterOf({ filterBy = [] }: RoomDefinition, options: JoinOptions): Filter | string {
  const filter = new Map<string, string | number | boolean>();
  for (const key of filterBy) {
    const value = Object.hasOwn(options, key) ? options[key] : null;
    if (value === null || value === undefined) continue;
    if (typeof value === 'object') return `option '${key}' chooses among rooms: it must be a text, a number or a boolean`;
    filter.set(key, value);
  }
  return filter;
}

/** The rooms that a client may be put into: the fullest first, so that rooms fill up; of equally full ones the oldest. */
export function choiceOf(rooms: Iterable<OpenRoom>, name: string, wanted: Filter): OpenRoom[] {
  return [...rooms]
    .filter((open) => open.name === name && !open.core.room.unlisted && !open.core.room.isLocked && matches(open.filter, wanted))
    .sort((a, b) => b.core.members.size - a.core.members.size);
}

/** The rooms of a list, the oldest first. */
export function listOf(rooms: Iterable<OpenRoom>, name: string, wanted: Filter): RoomListing[] {
  return [...rooms].filter((open) => open.name === name && !open.core.room.unlisted && matches(open.filter, wanted)).map(listingOf);
}

function listingOf({ core, name, createdAt }: OpenRoom): RoomListing {
  const { maxClients, isLocked, metadata } = core.room;
  return { roomId: core.roomId, name, clients: core.members.size, maxClients, isLocked, metadata: metadata as Plain, createdAt };
}

function matches(has: Filter, wanted: Filter): boolean {
  for (const [key, value] of wanted) if (has.get(key) !== value) return false;
  return true;
}
