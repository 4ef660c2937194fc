// Which room a client gets, what a list shows, and how long a seat waits: the lobby on a virtual clock.

import { defineGame, entity, f, limits } from '@tickwire/shared';
import { protocolVersion, type RoomListing, type Seat } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { JoinOptions } from './client.ts';
import { type JoinContext, Lobby, type LobbyOptions } from './lobby.ts';
import type { RoomDefinition } from './matchmaking.ts';
import { Room } from './room.ts';

const game = defineGame({ name: 'matches', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(100) }) } });
type Game = typeof game;

class Match extends Room<Game> {
  override maxClients = 3;
  override onCreate({ unlisted, title }: JoinOptions): void {
    this.unlisted = unlisted === true;
    if (title !== undefined) this.metadata = { title };
  }
}

/** A lobby, and joins that say in which room they ended. */
class Hall {
  readonly lobby: Lobby;
  readonly errors: string[] = [];
  now = 0;
  #ids = 0;
  #seeds = 0;

  constructor(rooms: { [name: string]: RoomDefinition<Game> }, options: Partial<LobbyOptions> = {}) {
    this.lobby = new Lobby({
      rooms: rooms as unknown as { [name: string]: RoomDefinition },
      newId: () => `id-${++this.#ids}`,
      newSeed: () => ++this.#seeds,
      onError: (error) => this.errors.push(String(error)),
      ...options,
    });
  }

  join(method = 'joinOrCreate', target = 'match', options: JoinOptions = {}, context: Partial<JoinContext> = {}): ReturnType<Lobby['join']> {
    const request = { protocol: protocolVersion, schemaHash: game.hash, method, target, options };
    return this.lobby.join(request, { address: '10.0.0.1', headers: {}, ...context }, () => this.now);
  }

  /** The room's id, or the refusal's code. */
  async roomOf(...asked: Parameters<Hall['join']>): Promise<string> {
    const { seat, refusal } = await this.join(...asked);
    return seat?.roomId ?? (refusal?.code as string);
  }

  room(roomId: string): Match {
    return this.lobby.rooms.get(roomId)?.room as Match;
  }

  list(request: object = {}): RoomListing[] | string {
    const { rooms, refusal } = this.lobby.list({ protocol: protocolVersion, name: 'match', ...request });
    return rooms ?? (refusal?.code as string);
  }

  /** Time goes on, a tick at a time. */
  run(ms: number): void {
    for (const until = this.now + ms; this.now < until; this.now += 10) this.lobby.advance(this.now);
  }
}

describe('the choice of a room', () => {
  it('[MM1] is the fullest with a place, of equally full ones the oldest; join never makes one', async () => {
    const hall = new Hall({ match: { game, room: Match }, other: { game, room: Match } });
    expect(await hall.roomOf('join')).toBe('no-room');
    const [oldest, fullest, youngest] = [await hall.roomOf('create'), await hall.roomOf('create'), await hall.roomOf('create')];
    expect(await hall.roomOf('joinOrCreate', 'other')).not.toBe(oldest);
    await hall.join('joinById', fullest);
    expect(await hall.roomOf('join')).toBe(fullest);
    expect(await hall.roomOf('joinOrCreate')).toBe(oldest);
    for (let count = 0; count < 3; count++) expect([oldest, youngest]).toContain(await hall.roomOf('join'));
    expect(await hall.roomOf('join')).toBe('no-room');
    expect(hall.lobby.rooms.size).toBe(4);
    expect([oldest, fullest, youngest]).not.toContain(await hall.roomOf('joinOrCreate'));
  });

  it('[MM2] is among the rooms created with equal values of filterBy; what is left out or null matches any', async () => {
    const hall = new Hall({ match: { game, room: Match, filterBy: ['mode', 'ranked'] } });
    const duel = await hall.roomOf('joinOrCreate', 'match', { mode: 'duel', ranked: true, name: 'Ada' });
    expect(await hall.roomOf('join', 'match', { mode: 'duel', ranked: false })).toBe('no-room');
    expect(await hall.roomOf('join', 'match', { mode: 'team' })).toBe('no-room');
    expect(await hall.roomOf('joinOrCreate', 'match', { mode: 'duel', name: 'Bob' })).toBe(duel);
    const team = await hall.roomOf('joinOrCreate', 'match', { mode: 'team', ranked: null });
    expect(team).not.toBe(duel);
    expect(await hall.roomOf('join', 'match', { mode: 'team', ranked: true })).toBe('no-room');
    expect(await hall.roomOf('join', 'match', {})).toBe(duel);
    expect((await hall.join('create', 'match', { mode: ['duel'] })).refusal).toEqual({
      code: 'bad-request',
      detail: "option 'mode' chooses among rooms: it must be a text, a number or a boolean",
    });
    // A number is not its text.
    await hall.join('create', 'match', { mode: 1 });
    expect(await hall.roomOf('join', 'match', { mode: '1' })).toBe('no-room');
  });

  it('[MM3] two joins at once end in one room if it has a place, however long onAuth and the signing take', async () => {
    const doors: (() => void)[] = [];
    class Slow extends Match {
      static override onAuth(): Promise<boolean> {
        return new Promise((resolve) => doors.push(() => resolve(true)));
      }
    }
    const hall = new Hall({ match: { game, room: Slow } }, { sign: async (roomId) => `${roomId}.signed.ticket` });
    const joins = [1, 2, 3, 4].map(() => hall.join());
    await Promise.resolve();
    for (const open of doors.reverse()) open();
    const seats = (await Promise.all(joins)).map(({ seat }) => seat as Seat);
    expect(new Set(seats.map(({ roomId }) => roomId)).size).toBe(2);
    expect(hall.lobby.rooms.size).toBe(2);
    for (const seat of seats) expect([seat.token, hall.lobby.knows(seat)]).toEqual([`${seat.roomId}.signed.ticket`, true]);
  });

  it('[MM4] never is a locked room: full, or locked by itself; a place that is free again opens a full one', async () => {
    const hall = new Hall({ match: { game, room: Match } });
    const first = await hall.roomOf();
    hall.room(first).lock();
    expect([await hall.roomOf('joinById', first), await hall.roomOf('join')]).toEqual(['room-locked', 'no-room']);
    hall.room(first).unlock();
    expect([await hall.roomOf('joinById', first), await hall.roomOf('join')]).toEqual([first, first]);
    expect([hall.room(first).isLocked, await hall.roomOf('joinById', first)]).toEqual([true, 'room-full']);
    hall.room(first).maxClients = 4;
    expect(hall.room(first).isLocked).toBe(false);
    expect(await hall.roomOf('join')).toBe(first);
    hall.run(limits.handshakeMs + 100);
    expect(await hall.roomOf('joinById', first)).toBe(first);
  });

  it('[MM5] never is an unlisted room, which no list shows either; its id and its code let in', async () => {
    const hall = new Hall({ match: { game, room: Match } });
    const { seat } = await hall.join('create', 'match', { unlisted: true });
    const { roomId, code } = seat as Seat & { code: string };
    expect([await hall.roomOf('join'), hall.list()]).toEqual(['no-room', []]);
    expect(await hall.roomOf()).not.toBe(roomId);
    expect(await hall.roomOf('joinById', roomId)).toBe(roomId);
    expect(await hall.roomOf('joinById', ` ${code.slice(0, 3).toLowerCase()} - ${code.slice(3)}`)).toBe(roomId);
    hall.room(roomId).unlisted = false;
    expect((hall.list() as RoomListing[])[0]?.roomId).toBe(roomId);
  });

  it('[MM7] a code is made when it is asked for first, is of one live room, and is free again with its end', async () => {
    // The secure source repeats itself: codes must not.
    const seeds = [1, 7, 2, 7, 8];
    const hall = new Hall({ match: { game, room: Match } }, { newSeed: () => seeds.shift() ?? 7 });
    const listed = await hall.join('create');
    expect(listed.seat?.code).toBeUndefined();
    const { roomId } = listed.seat as Seat;
    const { code } = hall.room(roomId);
    expect([code, hall.room(roomId).code]).toEqual([code, code]);
    expect((await hall.join('joinById', code)).seat).toMatchObject({ roomId, code });
    const other = await hall.join('create', 'match', { unlisted: true });
    expect(other.seat?.code).toMatch(/^\w{6}$/);
    expect(other.seat?.code).not.toBe(code);
    hall.room(roomId).close();
    expect(await hall.roomOf('joinById', code)).toBe('no-such-id');
    seeds.push(7);
    expect((await hall.join('create', 'match', { unlisted: true })).seat?.code).toBe(code);
  });

  it('[MM8] an address that guesses codes is refused, with right ones too, until its minute is over; others are not', async () => {
    const hall = new Hall({ match: { game, room: Match } });
    const { seat } = await hall.join('create', 'match', { unlisted: true });
    const { roomId, code } = seat as Seat & { code: string };
    for (let count = 0; count < limits.wrongCodesPerMinute; count++) expect(await hall.roomOf('joinById', '222-222')).toBe('no-such-id');
    expect(await hall.roomOf('joinById', code)).toBe('too-many-requests');
    expect(await hall.roomOf('joinById', code, {}, { address: '10.0.0.2' })).toBe(roomId);
    expect(await hall.roomOf('joinById', roomId)).toBe(roomId);
    hall.now += 60_000;
    expect(await hall.roomOf('joinById', '222222')).toBe('no-such-id');
  });
});

describe('the list of rooms', () => {
  it('[MM9] shows what a room says of itself, of at most 1,024 bytes, and no more than that', async () => {
    const hall = new Hall({ match: { game, room: Match } });
    hall.now = 5000;
    const roomId = await hall.roomOf('create', 'match', { title: 'Ada and friends' });
    const entry = { roomId, name: 'match', clients: 1, maxClients: 3, isLocked: false, metadata: { title: 'Ada and friends' }, createdAt: 5000 };
    expect(hall.list()).toEqual([entry]);
    const room = hall.room(roomId);
    const mine = { title: 'later', players: ['Ada'] };
    room.metadata = mine;
    mine.players.push('x'.repeat(5000));
    expect(room.metadata).toEqual({ title: 'later', players: ['Ada'] });
    expect(() => {
      room.metadata = 'x'.repeat(1022);
    }).toThrow(/metadata has 1025 bytes packed, and 1024 are allowed/);
    room.lock();
    expect(hall.list()).toEqual([{ ...entry, isLocked: true, metadata: { title: 'later', players: ['Ada'] } }]);
  });

  it('[MM10] is the oldest first, filtered, in pages of at most 100; a wrong request is refused', async () => {
    const hall = new Hall({ match: { game, room: Match, filterBy: ['mode'] } });
    const made: string[] = [];
    for (let count = 0; count < 130; count++) made.push(await hall.roomOf('create', 'match', { mode: count % 2 ? 'duel' : 'team' }));
    const ids = (request: object): string[] => (hall.list(request) as RoomListing[]).map(({ roomId }) => roomId);
    expect(ids({})).toEqual(made.slice(0, 100));
    expect(ids({ offset: 100 })).toEqual(made.slice(100));
    expect(ids({ offset: 1000 })).toEqual([]);
    expect(ids({ filter: { mode: 'duel' }, offset: 1, limit: 2 })).toEqual([made[3], made[5]]);
    expect(ids({ filter: { mode: null } }).length).toBe(100);
    for (const [request, code] of [
      [{ name: 'castle' }, 'unknown-room'],
      [{ name: '' }, 'bad-request'],
      [{ protocol: 99 }, 'version-mismatch'],
      [{ filter: { colour: 'red' } }, 'bad-request'],
      [{ filter: { mode: {} } }, 'bad-request'],
      [{ filter: 5 }, 'bad-request'],
      [{ limit: 101 }, 'bad-request'],
      [{ limit: 0 }, 'bad-request'],
      [{ offset: -1 }, 'bad-request'],
      [{ offset: 0.5 }, 'bad-request'],
    ] as const)
      expect(hall.list(request), JSON.stringify(request)).toBe(code);
    for (const request of [undefined, null, 5, 'x', []]) expect(hall.lobby.list(request).refusal?.code).toBe('bad-request');
  });
});

describe('seats', () => {
  it('[MM11] an address has so many joins that are undecided or wait for their link, whatever rooms they are for; each end of one frees it', async () => {
    const doors: ((answer: boolean) => void)[] = [];
    class Slow extends Match {
      static override onAuth({ slow }: JoinOptions): unknown {
        return slow ? new Promise((resolve) => doors.push(resolve)) : true;
      }
    }
    const hall = new Hall({ match: { game, room: Slow } }, { joinsPerAddress: 2 });
    const slow = hall.join('create', 'match', { slow: true });
    const roomId = await hall.roomOf('create');
    expect(await hall.roomOf('create')).toBe('too-many-requests');
    expect(await hall.roomOf('joinById', roomId, {}, { address: '10.0.0.2' })).toBe(roomId);
    doors[0]?.(false);
    expect((await slow).refusal?.code).toBe('unauthorized');
    const again = await hall.roomOf('create');
    expect(again).toMatch(/^id-/);
    expect(await hall.roomOf('create')).toBe('too-many-requests');
    hall.run(limits.handshakeMs + 100);
    expect(await hall.roomOf('create')).toMatch(/^id-/);
  });

  it('[HO16] an address has so many rooms that nobody has come to yet, by whatever method; others are not touched', async () => {
    const hall = new Hall({ match: { game, room: Match } }, { roomsPerAddress: 2 });
    const [first] = [await hall.roomOf('create'), await hall.roomOf('create')];
    expect(await hall.roomOf('create')).toBe('too-many-requests');
    // In a room that is there already it has its place; another address of its /64 is the same one.
    expect(await hall.roomOf('joinOrCreate')).toBe(first);
    expect(await hall.roomOf('create', 'match', {}, { address: '2001:db8::1' })).toMatch(/^id-/);
    expect(await hall.roomOf('create', 'match', {}, { address: '2001:db8::2' })).toMatch(/^id-/);
    expect(await hall.roomOf('create', 'match', {}, { address: '2001:db8::3' })).toBe('too-many-requests');
    hall.run(limits.handshakeMs + 100);
    expect(await hall.roomOf('create')).toMatch(/^id-/);
  });

  it('[MM12] a seat is kept for 15 s after the last sign of life of its client, not after the join', async () => {
    const hall = new Hall({ match: { game, room: Match } });
    const { seat } = await hall.join();
    const { roomId } = seat as Seat;
    for (let count = 0; count < 4; count++) {
      hall.run(limits.handshakeMs - 1000);
      hall.lobby.heard(seat as Seat, hall.now);
    }
    expect(hall.lobby.knows(seat as Seat)).toBe(true);
    // Signs for other seats, and old ones, change nothing.
    hall.run(limits.handshakeMs - 1000);
    hall.lobby.heard({ roomId, sessionId: 'nobody', token: '' }, hall.now);
    hall.lobby.heard({ roomId: 'nowhere', sessionId: '', token: '' }, hall.now);
    hall.lobby.heard(seat as Seat, 5);
    hall.run(900);
    expect(hall.lobby.knows(seat as Seat)).toBe(true);
    hall.run(200);
    expect(hall.lobby.knows(seat as Seat)).toBe(false);
  });

  it('[MM12] a session whose link was welcomed is kept alive by its packets alone', async () => {
    const hall = new Hall({ match: { game, room: Match } });
    const seat = (await hall.join()).seat as Seat;
    const session = hall.lobby.rooms.get(seat.roomId)?.members.get(seat.sessionId)?.session;
    if (!session) throw new Error('no session');
    session.epoch = 1;
    hall.lobby.heard(seat, 5000);
    expect(session.heardAt).toBe(0);
  });

  it('[MM13] onAuth is told the origin and the login of who asks; one that takes too long refuses with unauthorized', async () => {
    const asked: unknown[] = [];
    class Guarded extends Match {
      static override onAuth(_options: JoinOptions, context: unknown): Promise<boolean> {
        asked.push(context);
        return new Promise(() => {});
      }
    }
    const late: string[] = [];
    const deadline = <T>(_work: Promise<T>, roomName: string): Promise<T> => {
      late.push(roomName);
      return Promise.reject(new Error('the server could not decide in time'));
    };
    const hall = new Hall({ match: { game, room: Guarded } }, { deadline });
    const { refusal } = await hall.join('joinOrCreate', 'match', {}, { origin: 'https://play.example', token: 'login' });
    expect(refusal).toEqual({ code: 'unauthorized', detail: 'the server could not decide in time' });
    expect(asked).toEqual([{ address: '10.0.0.1', headers: {}, origin: 'https://play.example', token: 'login', roomName: 'match' }]);
    expect([late, hall.lobby.rooms.size]).toEqual([['match'], 0]);
  });
});
