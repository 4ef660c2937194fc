// A connection: the joins of one server, over links that a keeper finds. The same in browsers and in Node.
//
// Invariant: a promise of a room is kept when the server has welcomed this client on an open link, and rejected with a TickwireError otherwise.
// Units: milliseconds of performance.now().

import { type AnyGame, guardSteps, Random, TickwireError } from '@tickwire/shared';
import type { JoinMethod, Plain, Seat } from '@tickwire/shared/internal';
import { ClientRoom } from '../client-room.ts';
import { LinkKeeper, type Transport } from '../link-keeper.ts';
import { requestIce } from './client-ice.ts';
import { makeDialer, type OpenLink } from './dialer.ts';
import { driveFrames, watchHidden, watchOnline } from './frame-loop.ts';
import { requestSeat, seatOf } from './join.ts';
import type { TokenStore } from './token-store.ts';

/** Plain data for the room's `onJoin` (and, when the room is made for this client, its `onCreate`). At most 4 kB. */
export type JoinOptions = { readonly [key: string]: Plain };

export interface Connection {
  /** Joins a room of this name that has a place, or a new one. */
  joinOrCreate<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Joins a new room. */
  create<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Joins the room with this id. */
  joinById<G extends AnyGame>(roomId: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Goes on with a session that lost its page, by the `reconnectionToken` of its room. Rejects with `ticket-invalid` when the server has let go of it. */
  reconnect<G extends AnyGame>(token: string, game: G): Promise<ClientRoom<G>>;
}

/** How a platform connects. */
export interface ConnectionParts {
  url: string;
  loop: 'auto' | 'manual';
  transport: Transport;
  /** How each kind of link is opened for a seat; a kind that is missing does not exist here. */
  open(seat: Seat): { readonly webrtc?: OpenLink; readonly websocket?: OpenLink };
  /** Whether steps are guarded and drift is printed. */
  development: boolean;
  /** Where the token of the room that was asked for is kept; without it, none is. */
  tokens?: ((key: string) => TokenStore) | undefined;
}

/** Between two looks at how the first link fares. */
const openingMs = 20;

export function connection({ url, loop, transport, open, development, tokens }: ConnectionParts): Connection {
  const origin = url.replace(/\/+$/, '');
  const now = (): number => performance.now();
  /** Takes the place of a seat: that of a join, or one that was left for a moment. */
  const enter = async <G extends AnyGame>(seat: Seat, game: G): Promise<ClientRoom<G>> => {
    const room = new ClientRoom(development ? guardSteps(game, { dice: Math, clock: Date, timer: performance }) : game, seat, now());
    if (development) room.onDrift(({ message }) => console.warn(message));
    const keeper = new LinkKeeper(makeDialer(origin, open(seat), now), transport, new Random(crypto.getRandomValues(new Uint32Array(1))[0] ?? 0));
    room.keeper = keeper;
    // Until there is a room nobody frames it.
    const timer = setInterval(() => room.frame(now()), openingMs);
    try {
      await keeper.start(room, now());
    } finally {
      clearInterval(timer);
    }
    if (loop === 'auto') driveFrames(room);
    watchHidden(room);
    watchOnline(room);
    return room;
  };
  /** What came with the join was lost with the page. */
  const goOn = async <G extends AnyGame>(token: string, game: G): Promise<ClientRoom<G>> => {
    const seat = seatOf(token);
    return enter({ ...seat, ...(await requestIce(origin, token)) }, game);
  };
  const join = async <G extends AnyGame>(method: JoinMethod, target: string, game: G, options: JoinOptions = {}): Promise<ClientRoom<G>> => {
    const store = method === 'joinOrCreate' ? tokens?.(`${origin} ${target}`) : undefined;
    const token = store?.read(game);
    const resumed = token === undefined ? undefined : await goOn(token, game).catch(notThereAnyMore);
    const room = resumed ?? (await enter(await requestSeat(origin, game, method, target, options), game));
    store?.follow(room, game);
    return room;
  };
  return {
    joinOrCreate: (name, game, options) => join('joinOrCreate', name, game, options),
    create: (name, game, options) => join('create', name, game, options),
    joinById: (roomId, game, options) => join('joinById', roomId, game, options),
    reconnect: goOn,
  };
}

/** What says nothing of the session: a new one could not be had either. */
const unreachable: readonly string[] = ['unreachable', 'no-data-channel', 'no-webrtc', 'too-many-requests'];

/** A session that is over is no error of a join. */
function notThereAnyMore(error: unknown): undefined {
  if (!(error instanceof TickwireError) || unreachable.includes(error.code)) throw error;
}
