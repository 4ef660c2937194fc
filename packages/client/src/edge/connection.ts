// A connection: the joins of one server, over links that a transport opens. The same in browsers and in Node.
//
// Invariant: a promise of a room is kept when the server has welcomed this client on an open link, and rejected with a TickwireError otherwise.
// Units: milliseconds of performance.now().

import { type AnyGame, guardSteps, type Link } from '@tickwire/shared';
import type { JoinMethod, Plain } from '@tickwire/shared/internal';
import { ClientRoom } from '../client-room.ts';
import { driveFrames, watchHidden } from './frame-loop.ts';
import { requestSeat, seatAuthorization } from './join.ts';

/** Plain data for the room's `onJoin` (and, when the room is made for this client, its `onCreate`). At most 4 kB. */
export type JoinOptions = { readonly [key: string]: Plain };

export interface Connection {
  /** Joins a room of this name that has a place, or a new one. */
  joinOrCreate<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Joins a new room. */
  create<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Joins the room with this id. */
  joinById<G extends AnyGame>(roomId: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
}

/** The joins of a connection, over links that `open` makes. @param development whether steps are guarded and drift is printed. */
export function connection(
  url: string,
  loop: 'auto' | 'manual',
  open: (url: string, authorization: string, now: () => number) => Promise<Link>,
  development = false,
): Connection {
  const origin = url.replace(/\/+$/, '');
  const now = (): number => performance.now();
  const join = async <G extends AnyGame>(method: JoinMethod, target: string, game: G, options: JoinOptions = {}): Promise<ClientRoom<G>> => {
    const seat = await requestSeat(origin, game, method, target, options);
    const link = await open(origin, seatAuthorization(seat), now);
    const room = new ClientRoom(development ? guardSteps(game, { dice: Math, clock: Date, timer: performance }) : game, seat, now());
    if (development) room.onDrift(({ message }) => console.warn(message));
    await room.accept(link);
    if (loop === 'auto') driveFrames(room);
    watchHidden(room);
    return room;
  };
  return {
    joinOrCreate: (name, game, options) => join('joinOrCreate', name, game, options),
    create: (name, game, options) => join('create', name, game, options),
    joinById: (roomId, game, options) => join('joinById', roomId, game, options),
  };
}
