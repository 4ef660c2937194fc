// The HTTP routes, without a socket: bodies, statuses, origins.

import { defineGame, entity, f, limits } from '@tickwire/shared';
import { protocolVersion } from '@tickwire/shared/internal';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, describe, expect, it } from 'vitest';
import type { JoinOptions } from '../client.ts';
import { Lobby } from '../lobby.ts';
import { type AuthContext, Room } from '../room.ts';
import { addJoinRoutes, refuseForeignPages } from './join-route.ts';
import { validation } from './join-schema.ts';
import { originCheck } from './origins.ts';

const game = defineGame({ name: 'routes', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(100) }) } });
const asked: AuthContext[] = [];

class Hut extends Room<typeof game> {
  override maxClients = 1;
  static override onAuth(_options: JoinOptions, context: AuthContext): boolean {
    asked.push(context);
    return true;
  }
  override onCreate({ locked }: JoinOptions): void {
    this.metadata = { map: 'hills' };
    if (locked) this.after(1, 'lock');
  }
  override onTimer(): void {
    this.lock();
  }
}

const open: FastifyInstance[] = [];
afterEach(async () => {
  for (const app of open.splice(0)) await app.close();
});

type Post = (route: string, body: unknown, headers?: { [name: string]: string }) => Promise<[status: number, body: { [key: string]: unknown }]>;

function routes(origins: readonly string[] | '*' = []): { app: FastifyInstance; post: Post; lobby: Lobby } {
  let ids = 0;
  const lobby = new Lobby({
    rooms: { hut: { game, room: Hut, filterBy: ['mode'] } } as never,
    newId: () => `id-${++ids}`,
    newSeed: () => ids,
    onError(error) {
      throw error;
    },
  });
  const app = fastify({ ajv: validation });
  open.push(app);
  refuseForeignPages(app, originCheck(origins));
  addJoinRoutes(app, lobby, () => {});
  const post: Post = async (route, body, headers = {}) => {
    const payload = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await app.inject({
      method: 'POST',
      url: `/tickwire/${route}`,
      headers: { 'content-type': 'application/json', ...headers },
      payload,
    });
    return [reply.statusCode, reply.json()];
  };
  return { app, post, lobby };
}

const join = { protocol: protocolVersion, schemaHash: game.hash, method: 'joinOrCreate', target: 'hut', options: { mode: 'duel' } };
const list = { protocol: protocolVersion, name: 'hut' };

describe('the routes', () => {
  it('[MM14] a body is held against its schema, an unknown key is ignored, and another version is told before all else', async () => {
    const { post, lobby } = routes();
    for (const [route, body, detail] of [
      ['join', { ...join, protocol: `${protocolVersion}` }, /protocol/],
      ['join', { ...join, protocol: undefined }, /protocol/],
      ['join', { ...join, schemaHash: '' }, /schemaHash/],
      ['join', { ...join, method: 'steal' }, /method/],
      ['join', { ...join, target: 5 }, /target/],
      ['join', { ...join, target: 'x'.repeat(65) }, /target/],
      ['join', { ...join, options: 'all' }, /options/],
      ['join', { ...join, options: [1] }, /options/],
      ['join', [], /object/],
      ['join', 'null', /object/],
      ['join', '{', /JSON/],
      ['rooms', { ...list, name: 7 }, /name/],
      ['rooms', { ...list, limit: 101 }, /limit/],
      ['rooms', { ...list, offset: '1' }, /offset/],
      ['rooms', { ...list, filter: [] }, /filter/],
    ] as const) {
      const [status, answer] = await post(route, body);
      expect([status, answer['code']], JSON.stringify(body)).toEqual([400, 'bad-request']);
      expect(String(answer['detail'])).toMatch(detail);
    }
    expect(await post('join', { protocol: 999, new: 'shape' })).toMatchObject([409, { code: 'version-mismatch' }]);
    expect(await post('rooms', { protocol: 999 })).toMatchObject([409, { code: 'version-mismatch' }]);
    expect(lobby.refused.get('bad-request')).toBe(15);
    expect(lobby.refused.get('version-mismatch')).toBe(2);
    expect((await post('join', { ...join, more: 1 }))[0]).toBe(200);
    const [status, tooLarge] = await post('join', { ...join, options: { name: 'x'.repeat(limits.optionsBytes * 4) } });
    expect([status, tooLarge['code']]).toEqual([413, 'bad-request']);
  });

  it('[MM14] every refusal of matchmaking has its status, and a list the time at which a room was made', async () => {
    const { post, lobby } = routes();
    expect(await post('join', { ...join, method: 'join' })).toMatchObject([404, { code: 'no-room' }]);
    expect(await post('rooms', { ...list, name: 'castle' })).toMatchObject([404, { code: 'unknown-room' }]);
    expect(await post('rooms', list)).toEqual([200, { rooms: [] }]);
    const before = Date.now();
    const [, seat] = await post('join', { ...join, options: { mode: 'duel', locked: true } });
    const byId = { ...join, method: 'joinById', target: seat['roomId'] };
    expect(await post('join', byId)).toMatchObject([409, { code: 'room-full' }]);
    const [, { rooms }] = await post('rooms', { ...list, filter: { mode: 'duel' } });
    const [{ createdAt, ...entry }] = rooms as [{ createdAt: number }];
    expect(entry).toEqual({ roomId: seat['roomId'], name: 'hut', clients: 1, maxClients: 1, isLocked: true, metadata: { map: 'hills' } });
    expect(Math.abs(createdAt - before)).toBeLessThan(2000);
    const room = lobby.rooms.get(seat['roomId'] as string);
    if (room) room.room.maxClients = 2;
    lobby.advance(performance.now() + 100);
    expect(await post('join', byId)).toMatchObject([409, { code: 'room-locked' }]);
  });

  it('[MM13] onAuth is told the address, the headers, the origin and the bearer token of the request', async () => {
    const { post } = routes(['https://play.example']);
    asked.length = 0;
    await post('join', join, { origin: 'https://play.example', authorization: 'Bearer a.login.token' });
    expect(asked[0]).toMatchObject({ roomName: 'hut', address: '127.0.0.1', origin: 'https://play.example', token: 'a.login.token' });
    expect(asked[0]?.headers['content-type']).toBe('application/json');
    await post('join', join, { authorization: 'Basic xyz' });
    expect([asked[1]?.origin, asked[1]?.token]).toEqual([undefined, undefined]);
  });

  it('[MM15] a page of a foreign origin is refused on every route of Tickwire before anything else is looked at', async () => {
    const { app, post, lobby } = routes(['https://play.example']);
    for (const [route, body] of [
      ['join', join],
      ['rooms', list],
      ['join', '{ not json'],
      ['nothing', {}],
    ] as const) {
      expect(await post(route, body, { origin: 'https://evil.example' }), route).toMatchObject([403, { code: 'origin-refused' }]);
    }
    for (const url of ['/%74ickwire/join', '/tickwire/join?x=/health', '/tickwire%2Fjoin']) {
      const reply = await app.inject({ method: 'POST', url, headers: { origin: 'https://evil.example' }, payload: join });
      expect([403, 404], url).toContain(reply.statusCode);
    }
    expect([lobby.rooms.size, asked.some(({ origin }) => origin === 'https://evil.example')]).toEqual([0, false]);
    expect((await post('join', join, { origin: 'https://play.example' }))[0]).toBe(200);
  });

  it('[MM15] own pages, pages of localhost, listed ones and requests of no page are taken; nothing that only looks like them', () => {
    const check = originCheck(['https://play.example']);
    for (const [origin, host, isTaken] of [
      [undefined, 'game.example', true],
      ['https://play.example', 'game.example', true],
      ['http://localhost:5173', 'game.example', true],
      ['http://127.0.0.1', 'game.example', true],
      ['http://[::1]:80', 'game.example', true],
      ['https://game.example', 'game.example', true],
      ['https://game.example', 'game.example:443', true],
      ['http://game.example:9208', 'game.example:9208', true],
      ['https://GAME.example', 'game.example', true],
      ['https://game.example:444', 'game.example:443', false],
      ['http://game.example', 'game.example:9208', false],
      ['https://evil.example', 'game.example', false],
      ['https://play.example.evil.example', 'game.example', false],
      ['https://localhost.evil.example', 'game.example', false],
      ['http://play.example', 'game.example', false],
      ['https://evil.example', undefined, false],
      ['null', 'game.example', false],
      ['null', 'null', false],
      ['', '', false],
      ['file://', '', false],
      [`https://${'x'.repeat(limits.originBytes)}`, 'x'.repeat(limits.originBytes), false],
    ] as const)
      expect(check(origin, host), `${origin} at ${host}`.slice(0, 80)).toBe(isTaken);
    expect(originCheck('*')('https://anywhere.example', 'game.example')).toBe(true);
    expect(originCheck()('https://play.example', 'game.example')).toBe(false);
  });
});
