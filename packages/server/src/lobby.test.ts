// Joining: every request gets a seat or a refusal that says what is wrong, and one room's trouble is its own.

import { defineGame, entity, f, limits, refusalMessages } from '@tickwire/shared';
import { describeDifference, protocolVersion } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { Lobby } from './lobby.ts';
import type { RoomDefinition } from './matchmaking.ts';
import { type AuthContext, Room } from './room.ts';

const game = defineGame({ name: 'lobby', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(100), y: f.uint(7) }) } });
const other = defineGame({ name: 'lobby', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(200), y: f.uint(7) }) } });
type Game = typeof game;

class Plain extends Room<Game> {
  override maxClients = 2;
}

interface Hall {
  readonly lobby: Lobby;
  readonly errors: string[];
  now: number;
  join(request?: object): ReturnType<Lobby['join']>;
}

function hall(rooms: { [name: string]: RoomDefinition<Game> }): Hall {
  let ids = 0;
  const errors: string[] = [];
  const lobby = new Lobby({
    rooms: rooms as unknown as { [name: string]: RoomDefinition },
    newId: () => `id-${++ids}`,
    newSeed: () => ids,
    onError: (error, where, roomId) => errors.push(`${roomId} ${where}: ${error}`),
  });
  const made: Hall = {
    lobby,
    errors,
    now: 0,
    join: (request = {}) =>
      lobby.join(
        { protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'plain', options: {}, ...request },
        { address: '127.0.0.1', headers: {} },
        () => made.now,
      ),
  };
  return made;
}

describe('a join request', () => {
  const rooms = { plain: { game, room: Plain }, other: { game, room: Plain } };

  it('[LB1] is answered with a seat: a room, a session and a token that nobody else has', async () => {
    const { lobby, join } = hall(rooms);
    const [a, b] = [await join(), await join()];
    expect(a.refusal).toBeUndefined();
    expect(b.seat?.roomId).toBe(a.seat?.roomId);
    expect(new Set([a.seat?.roomId, a.seat?.sessionId, a.seat?.token, b.seat?.sessionId, b.seat?.token]).size).toBe(5);
    if (!a.seat || !b.seat) throw new Error('no seats');
    expect(lobby.knows(a.seat)).toBe(true);
    expect(lobby.knows({ ...a.seat, token: b.seat.token })).toBe(false);
    expect(lobby.knows({ ...a.seat, roomId: 'other' })).toBe(false);
  });

  const endless = JSON.parse(`${'['.repeat(6000)}${']'.repeat(6000)}`);
  const bad: [what: string, request: object, code: string, detail: RegExp][] = [
    ['no protocol', { protocol: undefined }, 'bad-request', /protocol is missing/],
    ['no schema hash', { schemaHash: 5 }, 'bad-request', /schemaHash is missing/],
    ['an unknown method', { method: 'steal' }, 'bad-request', /joinOrCreate, join, create, joinById/],
    ['no target', { target: '' }, 'bad-request', /target must be a name of at most 64/],
    ['a target of 10 kB', { target: 'x'.repeat(10_000) }, 'bad-request', /target must be a name of at most 64/],
    ['options that are none', { options: [1] }, 'bad-request', /options must be an object/],
    ['options without end', { options: { a: endless } }, 'bad-request', /no plain data/],
    ['options with a name of 10 kB', { options: { name: 'x'.repeat(10_000) } }, 'bad-request', /options are larger than 4096 bytes/],
    [
      'another protocol version',
      { protocol: protocolVersion + 1 },
      'version-mismatch',
      new RegExp(`client protocol ${protocolVersion + 1}, server protocol ${protocolVersion}`),
    ],
    ['an unknown room', { target: 'castle' }, 'unknown-room', /asked for 'castle', the server has plain, other/],
    ['a name that every object has', { target: 'constructor' }, 'unknown-room', /'constructor'/],
    ['an id that is none', { method: 'joinById', target: 'id-77' }, 'no-such-id', /id 'id-77'/],
    ['another schema', { schemaHash: other.hash }, 'schema-mismatch', /^undefined$/],
  ];
  for (const [what, request, code, detail] of bad) {
    it(`[LB2] with ${what} is refused with ${code}`, async () => {
      const { lobby, errors, join } = hall(rooms);
      const { seat, refusal } = await join(request);
      expect([seat, refusal?.code]).toEqual([undefined, code]);
      expect(String(refusal?.detail)).toMatch(detail);
      expect(refusalMessages).toHaveProperty(code);
      expect(lobby.refused.get(code as keyof typeof refusalMessages)).toBe(1);
      expect([lobby.rooms.size, errors]).toEqual([0, []]);
    });
  }

  it('[LB2] that is no request at all, or that cannot be packed, is refused and never throws', async () => {
    const { lobby } = hall(rooms);
    const cyclic: { [key: string]: unknown } = {};
    cyclic['self'] = cyclic;
    let deep: unknown = 1;
    for (let level = 0; level < 100_000; level++) deep = [deep];
    const whole = { protocol: protocolVersion, schemaHash: game.hash, method: 'create', target: 'plain' };
    for (const request of [
      undefined,
      null,
      5,
      'x',
      [],
      {},
      { ...whole, options: cyclic },
      { ...whole, options: { deep } },
      { ...whole, options: { big: 2n ** 70n } },
    ]) {
      const { refusal } = await lobby.join(request, { address: '', headers: {} }, () => 0);
      expect(refusal?.code).toBe('bad-request');
    }
  });

  it('[LB3] with another schema is told the schema of the server, from which the difference can be named', async () => {
    const { join } = hall(rooms);
    const { refusal } = await join({ schemaHash: other.hash });
    expect(refusal?.description).toEqual(game.description);
    expect(describeDifference(other.description, refusal?.description ?? [])).toMatch(/one.*x.*200.*100|x.*uint/s);
  });
});

describe('onAuth', () => {
  it('[LB4] false and what it throws refuse with unauthorized, awaited; anything else is the auth of the client', async () => {
    const asked: [object, AuthContext][] = [];
    class Guarded extends Plain {
      static override async onAuth(options: { pass?: string }, context: AuthContext): Promise<unknown> {
        asked.push([options, context]);
        await Promise.resolve();
        if (options.pass === 'throw') throw new Error('the door is shut');
        if (options.pass === 'odd') throw 'a string';
        return options.pass === 'good' ? { level: 3 } : false;
      }
    }
    class Synchronous extends Plain {
      static override onAuth(): unknown {
        return false;
      }
    }
    const { lobby, join, errors } = hall({ plain: { game, room: Guarded }, sync: { game, room: Synchronous } });
    expect((await join({ options: {} })).refusal).toEqual({ code: 'unauthorized' });
    expect((await join({ target: 'sync' })).refusal).toEqual({ code: 'unauthorized' });
    expect((await join({ options: { pass: 'throw' } })).refusal).toEqual({ code: 'unauthorized', detail: 'the door is shut' });
    expect((await join({ options: { pass: 'odd' } })).refusal?.code).toBe('unauthorized');
    expect([lobby.rooms.size, errors]).toEqual([0, []]);
    const { seat } = await join({ options: { pass: 'good' } });
    const client = lobby.rooms.get(seat?.roomId ?? '')?.members.get(seat?.sessionId ?? '')?.client;
    expect([client?.auth, client?.options]).toEqual([{ level: 3 }, { pass: 'good' }]);
    expect(asked[0]?.[1]).toEqual({ address: '127.0.0.1', headers: {}, roomName: 'plain' });
  });

  it('[LB4] a room that ends while its onAuth still thinks is no longer there to be joined', async () => {
    let admit: (value: boolean) => void = () => {};
    class Slow extends Plain {
      static override onAuth(options: { wait?: boolean }): unknown {
        return options.wait ? new Promise((resolve) => (admit = resolve)) : true;
      }
    }
    const { lobby, join } = hall({ plain: { game, room: Slow } });
    const { seat } = await join();
    const waiting = join({ method: 'joinById', target: seat?.roomId, options: { wait: true } });
    await Promise.resolve();
    lobby.close('room-closed', 5);
    admit(true);
    expect((await waiting).refusal?.code).toBe('no-such-id');
  });
});

describe('rooms', () => {
  it('[LB5] joinOrCreate fills a room before it makes another, create always makes one, joinById takes that one or says that it is full', async () => {
    const { lobby, join } = hall({ plain: { game, room: Plain }, other: { game, room: Plain } });
    const first = (await join()).seat?.roomId as string;
    expect((await join({ method: 'create' })).seat?.roomId).not.toBe(first);
    expect((await join({ target: 'other' })).seat?.roomId).not.toBe(first);
    expect((await join({ method: 'joinById', target: first })).seat?.roomId).toBe(first);
    expect((await join({ method: 'joinById', target: first })).refusal?.code).toBe('room-full');
    expect((await join()).seat?.roomId).not.toBe(first);
    expect(lobby.rooms.size).toBe(3);
    expect((await join()).refusal).toBeUndefined();
    expect(lobby.rooms.size).toBe(4);
  });

  it('[LB5] a room for nobody is full, and ends', async () => {
    class Nobody extends Plain {
      override maxClients = 0;
    }
    const { lobby, join } = hall({ plain: { game, room: Nobody } });
    expect((await join()).refusal?.code).toBe('room-full');
    for (let now = 0; now < 1200; now += 10) lobby.advance(now);
    expect(lobby.rooms.size).toBe(0);
  });

  it('[LB6] a server has so many rooms and no more: server-full', async () => {
    const { lobby, join } = hall({ plain: { game, room: Plain } });
    for (let count = 0; count < limits.rooms; count++) expect((await join({ method: 'create' })).refusal).toBeUndefined();
    expect((await join({ method: 'create' })).refusal?.code).toBe('server-full');
    expect((await join({ method: 'joinById', target: [...lobby.rooms.keys()][7] })).seat).toBeDefined();
    lobby.close('server-shutdown', 0);
    expect([lobby.rooms.size, lobby.nextTickAt]).toEqual([0, Number.POSITIVE_INFINITY]);
  });

  it('[LB7] a room whose constructor or onCreate throws is refused with room-failed, told with its place, and gone', async () => {
    class BadClass extends Plain {
      readonly early = this.tick;
    }
    class BadCreate extends Plain {
      override onCreate(): void {
        throw new Error('no map');
      }
    }
    class Closing extends Plain {
      override onCreate(): void {
        this.close();
      }
    }
    const { lobby, join, errors } = hall({ a: { game, room: BadClass }, b: { game, room: BadCreate }, c: { game, room: Closing } });
    for (const target of ['a', 'b', 'c']) expect((await join({ target })).refusal).toEqual({ code: 'room-failed' });
    expect(errors.length).toBe(2);
    expect(errors[0]).toMatch(/a: the constructor: .*use onCreate/);
    expect(errors[1]).toMatch(/b: onCreate: Error: no map/);
    expect(lobby.rooms.size).toBe(0);
  });

  it('[RM6] when a room throws, the other rooms of the lobby go on', async () => {
    class Bomb extends Plain {
      override onTick(): void {
        if (this.tick === 30) throw new Error('boom');
      }
    }
    const { lobby, join, errors } = hall({ bomb: { game, room: Bomb }, plain: { game, room: Plain } });
    const seats = [
      (await join({ target: 'plain' })).seat,
      (await join({ target: 'bomb' })).seat,
      (await join({ target: 'plain', method: 'create' })).seat,
    ];
    for (let now = 0; now <= 1000; now += 4) lobby.advance(now);
    expect(errors.length).toBe(1);
    expect(errors[0]).toBe(`${seats[1]?.roomId} bomb: onTick: Error: boom`);
    expect([...lobby.rooms.keys()]).toEqual([seats[0]?.roomId, seats[2]?.roomId]);
    for (const room of lobby.rooms.values()) expect(room.world.tick).toBe(60);
    for (const room of lobby.rooms.values()) expect(room.nextTickAt).toBeCloseTo((61 * 1000) / 60, 6);
  });

  it('[HO18] the loop is not woken for a room in which nobody is: it ticks with the others, or 10 ms late', async () => {
    const { lobby, join } = hall({ plain: { game, room: Plain } });
    const room = lobby.rooms.get((await join()).seat?.roomId ?? '');
    expect(lobby.nextTickAt).toBeCloseTo(1000 / 60 + 10, 6);
    lobby.advance(1000 / 60);
    expect([room?.world.tick, lobby.nextTickAt - 10]).toEqual([1, expect.closeTo(2000 / 60, 6)]);
    Object.defineProperty(room?.room, 'clients', { get: () => [{}] });
    expect(lobby.nextTickAt).toBeCloseTo(2000 / 60, 6);
  });

  it('[RM6] a link is only taken for a seat that is there', async () => {
    const { lobby, join } = hall({ plain: { game, room: Plain } });
    const { seat } = await join();
    const link = { kind: 'memory', listen: () => {}, send: () => true, backlog: () => 0, maxBytes: () => 1, close: () => {} } as const;
    expect(lobby.accept(seat?.roomId ?? '', seat?.sessionId ?? '', link)).toBe(true);
    expect(lobby.accept(seat?.roomId ?? '', 'nobody', link)).toBe(false);
    expect(lobby.accept('nowhere', seat?.sessionId ?? '', link)).toBe(false);
  });
});
