// The list of rooms: what a client asks for over HTTP, and one room in the answer.
//
// Invariant: the reader checks every element; an answer holds at most `limits.roomsListed` rooms. Units: milliseconds since 1970.

import { limits } from '../limits.ts';
import type { Plain } from './plain.ts';

/** What a client asks for. */
export interface ListRequest {
  protocol: number;
  /** The rooms' name. */
  name: string;
  /** Values of options in the rooms' `filterBy`. */
  filter: { [key: string]: Plain };
  /** Rooms left out at the beginning, and the most in one answer. */
  offset: number;
  limit: number;
}

/** A room that is open to all, as a list shows it. */
export interface RoomListing<Metadata = Plain> {
  readonly roomId: string;
  readonly name: string;
  /** Players, those included who are still connecting. */
  readonly clients: number;
  readonly maxClients: number;
  /** Whether nobody can join it now: it is full, or the room has locked itself. */
  readonly isLocked: boolean;
  /** What the room says of itself. It comes from the server's game code. */
  readonly metadata: Metadata;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
}

/** Checks a list request of unknown shape; a string says what is wrong with it. */
export function parseListRequest(request: unknown): ListRequest | string {
  if (typeof request !== 'object' || request === null) return 'the request is no object';
  const { protocol, name, filter = {}, offset = 0, limit = limits.roomsListed } = request as Partial<Record<keyof ListRequest, unknown>>;
  if (!Number.isInteger(protocol)) return 'protocol is missing';
  if (typeof name !== 'string' || name.length === 0 || name.length > limits.nameBytes)
    return `name must be a name of at most ${limits.nameBytes} characters`;
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter)) return 'filter must be an object';
  if (!Number.isSafeInteger(offset) || (offset as number) < 0) return 'offset must be a whole number of at least 0';
  if (!Number.isSafeInteger(limit) || (limit as number) < 1 || (limit as number) > limits.roomsListed)
    return `limit must be 1 to ${limits.roomsListed}`;
  return { protocol: protocol as number, name, filter: filter as ListRequest['filter'], offset: offset as number, limit: limit as number };
}
