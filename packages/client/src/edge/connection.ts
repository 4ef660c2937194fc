// A connection: the joins of one server, over links that a keeper finds. The same in browsers and in Node.
//
// Invariant: a promise of a room is kept when the server has welcomed this client on an open link, and rejected with a TickwireError otherwise.
// Units: milliseconds of performance.now().

import { type AnyGame, guardSteps, Random, TickwireError } from '@tickwire/shared';
import type { JoinMethod, Plain, RoomListing, Seat } from '@tickwire/shared/internal';
import { ClientRoom } from '../client-room.ts';
import { LinkKeeper, type Transport } from '../link-keeper.ts';
import { requestIce } from './client-ice.ts';
import { makeDialer, type OpenLink } from './dialer.ts';
import { driveFrames, leaveWithPage, watchHidden, watchOnline } from './frame-loop.ts';
import { requestRooms, requestSeat, seatOf } from './join.ts';
import type { TokenStore } from './token-store.ts';

/** Plain data for the room's `onJoin` (and, when the room is made for this client, its `onCreate`). At most 4 kB. */
export type JoinOptions = { readonly [key: string]: Plain };

/** Which rooms, and how many. */
export interface ListOptions {
  /** Values of the options in the rooms' `filterBy`. Default: all rooms of the name. */
  readonly filter?: { readonly [option: string]: string | number | boolean };
  /** Rooms left out at the beginning. Default 0. */
  readonly offset?: number;
  /** At most 100, which is the default. */
  readonly limit?: number;
}

/** Every method rejects with a TickwireError, whose `code` says why. */
export interface Connection {
  /** A login of the game's own, for the room's `onAuth` (`context.token`). May be changed at any time. */
  token: string | undefined;
  /** Joins a room of this name that has a place and was created with the same `filterBy` options, the fullest first, or a new one. */
  joinOrCreate<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** The same, but only a room that is there: `no-room` if there is none. */
  join<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Joins a new room. */
  create<G extends AnyGame>(name: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Joins the room with this id, or with this code as somebody typed it: case, spaces and dashes do not matter. */
  joinById<G extends AnyGame>(idOrCode: string, game: G, options?: JoinOptions): Promise<ClientRoom<G>>;
  /** Goes on with a session that lost its page, by the `reconnectionToken` of its room. Rejects with `ticket-invalid` when the server has let go of it. */
  reconnect<G extends AnyGame>(token: string, game: G): Promise<ClientRoom<G>>;
  /**
   * The rooms of this name that are open to all, the oldest first; full and locked ones too.
   * @typeParam Metadata what the rooms set as `metadata`: the word of the server's game code, which nothing checks here.
   */
  listRooms<Metadata = Plain>(name: string, options?: ListOptions): Promise<RoomListing<Metadata>[]>;
}

/** How a platform connects. */
export interface ConnectionParts {
  url: string;
  loop: 'auto' | 'manual';
  transport: Transport;
  /** Whether the first link is to be WebRTC: its offer then comes with the seat. Default false. */
  wantsOffer?: boolean;
  /** How each kind of link is opened for a seat; a kind that is missing does not exist here. */
  open(seat: Seat): { readonly webrtc?: OpenLink; readonly websocket?: OpenLink };
  /** Whether steps are guarded and drift is printed. */
  development: boolean;
  /** Where the token of the room that was asked for is kept; without it, none is. */
  tokens?: ((key: string) => TokenStore) | undefined;
}

/** What a page that was loaded again knows of its session. */
interface Kept {
  readonly token: string;
  readonly code?: string;
}

/** Between two looks at how the first link fares. */
const openingMs = 20;

export function connection({ url, loop, transport, wantsOffer = false, open, development, tokens }: ConnectionParts): Connection {
  const origin = url.replace(/\/+$/, '');
  const now = (): number => performance.now();
  /** Takes the place of a seat: that of a join, or one that was left for a moment. */
  const enter = async <G extends AnyGame>(seat: Seat, game: G): Promise<ClientRoom<G>> => {
    const room = new ClientRoom(development ? guardSteps(game, { dice: Math, clock: Date, timer: performance }) : game, seat, now(), random32() || 1);
    if (development) room.onDrift(({ message }) => console.warn(message));
    const keeper = new LinkKeeper(makeDialer(origin, open(seat), now), transport, new Random(random32()));
    room.keeper = keeper;
    // Until there is a room nobody frames it.
    const timer = setInterval(() => room.frame(now()), openingMs);
    try {
      await keeper.start(room, now());
    } finally {
      clearInterval(timer);
    }
    room.loop = loop;
    if (loop === 'auto') driveFrames(room);
    watchHidden(room);
    watchOnline(room);
    if (!tokens) leaveWithPage(origin, room);
    return room;
  };
  /** What came with the join was lost with the page. */
  const goOn = async <G extends AnyGame>({ token, code }: Kept, game: G): Promise<ClientRoom<G>> => {
    const seat = seatOf(token);
    return enter({ ...seat, ...(code !== undefined && { code }), ...(await requestIce(origin, token)) }, game);
  };
  const join = async <G extends AnyGame>(method: JoinMethod, target: string, game: G, options: JoinOptions = {}): Promise<ClientRoom<G>> => {
    const store = method === 'joinOrCreate' ? tokens?.(`${origin} ${target}`) : undefined;
    const kept = store?.read(game);
    const resumed = kept && (await goOn(kept, game).catch(notThereAnyMore));
    const room = resumed ?? (await enter(await requestSeat(origin, game, method, target, options, made.token, wantsOffer), game));
    store?.follow(room, game);
    return room;
  };
  const made: Connection = {
    token: undefined,
    joinOrCreate: (name, game, options) => join('joinOrCreate', name, game, options),
    join: (name, game, options) => join('join', name, game, options),
    create: (name, game, options) => join('create', name, game, options),
    joinById: (idOrCode, game, options) => join('joinById', idOrCode, game, options),
    reconnect: (token, game) => goOn({ token }, game),
    listRooms: <Metadata>(name: string, options: ListOptions = {}) => requestRooms(origin, { name, ...options }) as Promise<RoomListing<Metadata>[]>,
  };
  return made;
}

/** What says nothing of the session: a new one could not be had either. */
const unreachable: readonly string[] = ['unreachable', 'no-data-channel', 'no-webrtc', 'too-many-requests'];

/** A session that is over is no error of a join. */
function notThereAnyMore(error: unknown): undefined {
  if (!(error instanceof TickwireError) || unreachable.includes(error.code)) throw error;
}

function random32(): number {
  return crypto.getRandomValues(new Uint32Array(1))[0] ?? 0;
}
