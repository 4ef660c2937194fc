// Tickets: what they open, and every way of getting in without a right one. The clock is the test's.

import { createHmac } from 'node:crypto';
import { defineGame, entity, f, limits } from '@tickwire/shared';
import { protocolVersion, type Seat } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import { Lobby } from '../lobby.ts';
import { Room } from '../room.ts';
import { type Authorize, makeAuthorize, readAuthorization } from './authorize.ts';
import { openTickets, type TicketKey, Tickets } from './tickets.ts';

const key = 'a key of the tests that has at least 32 bytes';
const secret = new TextEncoder().encode(key);
const page = 'https://play.example';
const game = defineGame({ name: 'tickets', tickHz: 60, snapshotHz: 20, entities: { one: entity({ x: f.uint(100) }) } });

interface Gate {
  wall: number;
  now: number;
  readonly lobby: Lobby;
  readonly tickets: Tickets;
  readonly authorize: Authorize;
  seat(): Promise<Seat>;
}

function gate(ticketKey: TicketKey = key): Gate {
  let ids = 0;
  class Any extends Room<typeof game> {}
  const made: Gate = {
    wall: Date.UTC(2030, 0),
    now: 0,
    tickets: new Tickets({ key: ticketKey, clock: () => made.wall }),
    lobby: new Lobby({
      rooms: { any: { game, room: Any } } as never,
      newId: () => `id-${++ids}`,
      newSeed: () => 1,
      onError: () => {},
      sign: (roomId, sessionId, origin) => made.tickets.sign(roomId, sessionId, origin),
    }),
    authorize: (authorization, origin) => makeAuthorize(made.lobby, made.tickets, () => made.now)(authorization, origin),
    async seat() {
      const request = { protocol: protocolVersion, schemaHash: game.hash, method: 'create', target: 'any', options: {} };
      const { seat } = await made.lobby.join(request, { address: '', headers: {}, origin: page }, () => made.now);
      return seat as Seat;
    },
  };
  return made;
}

const shown = ({ roomId, sessionId, token }: Seat): string => `${roomId}.${sessionId}.${token}`;

describe('Tickets', () => {
  it('[TK1] the ticket of a seat opens it for a page of its origin, again and again while it waits', async () => {
    const { authorize, seat } = gate();
    const given = await seat();
    expect(given.token.split('.').length).toBe(3);
    expect(given.token.length).toBeLessThan(limits.tokenBytes);
    for (let use = 0; use < 3; use++) expect(await authorize(shown(given), page)).toEqual(given);
  });

  it('[TK1] shown with a right ticket a seat is alive: its time begins anew; with a wrong one it is not', async () => {
    const world = gate();
    const [mine, other] = [await world.seat(), await world.seat()];
    const run = (ms: number): void => {
      for (const until = world.now + ms; world.now < until; world.now += 10) world.lobby.advance(world.now);
    };
    run(limits.handshakeMs - 1000);
    await world.authorize(shown(mine), page);
    await world.authorize(shown(other), 'https://evil.example');
    run(limits.handshakeMs - 1000);
    expect([world.lobby.knows(mine), world.lobby.knows(other)]).toEqual([true, false]);
  });

  it('[TK1] of a page with the longest origin it still fits, and a program without an origin has one too', async () => {
    const { tickets } = gate();
    const origin = `https://${'x'.repeat(limits.originBytes - 8)}`;
    const token = await tickets.sign('r'.repeat(limits.nameBytes), 's'.repeat(limits.nameBytes), origin);
    expect(token.length).toBeLessThanOrEqual(limits.tokenBytes);
    const own = await tickets.sign('room', 'session', undefined);
    expect(await tickets.isValid({ roomId: 'room', sessionId: 'session', token: own }, undefined)).toBe(true);
    expect(await tickets.isValid({ roomId: 'room', sessionId: 'session', token: own }, page)).toBe(false);
  });

  it('[TK2] a ticket for another room, session or origin, or a minute old, opens nothing', async () => {
    const world = gate();
    const [mine, other] = [await world.seat(), await world.seat()];
    expect(await world.authorize(shown({ ...mine, roomId: other.roomId }), page)).toBeNull();
    expect(await world.authorize(shown({ ...mine, sessionId: other.sessionId }), page)).toBeNull();
    expect(await world.authorize(shown({ ...mine, token: other.token }), page)).toBeNull();
    expect(await world.tickets.isValid({ ...mine, roomId: other.roomId }, page)).toBe(false);
    expect(await world.tickets.isValid({ ...mine, sessionId: other.sessionId }, page)).toBe(false);
    for (const origin of [undefined, '', 'null', 'https://evil.example', `${page}:8080`, page.toUpperCase()]) {
      expect(await world.authorize(shown(mine), origin)).toBeNull();
    }
    world.wall += limits.ticketMs - 1000;
    expect(await world.authorize(shown(mine), page)).toEqual(mine);
    world.wall += 1000;
    expect(await world.authorize(shown(mine), page)).toBeNull();
  });

  it('[TK2] a forged ticket, one without a signature or with another algorithm opens nothing', async () => {
    const { tickets, seat } = gate();
    const { roomId, sessionId, token } = await seat();
    const isValid = (forged: string): Promise<boolean> => tickets.isValid({ roomId, sessionId, token: forged }, page);
    const [, payload = '', signature = ''] = token.split('.');
    const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as { exp: number };
    const good = (): SignJWT => new SignJWT({ ...claims }).setProtectedHeader({ alg: 'HS256' });
    expect(await isValid(await good().sign(secret))).toBe(true);

    for (const alg of ['none', 'None', 'HS512', 'RS256', 'HS256']) {
      expect(await isValid(`${part({ alg })}.${payload}.`), alg).toBe(false);
      if (alg !== 'HS256') expect(await isValid(`${part({ alg })}.${payload}.${signature}`), alg).toBe(false);
    }
    const hs512 = `${part({ alg: 'HS512' })}.${payload}`;
    expect(await isValid(`${hs512}.${createHmac('sha512', key).update(hs512).digest('base64url')}`)).toBe(false);
    expect(await isValid(await good().sign(new TextEncoder().encode('another key that has 32 bytes too.......')))).toBe(false);
    expect(await isValid(`${part({ alg: 'HS256' })}.${part({ ...claims, exp: claims.exp + 3600 })}.${signature}`)).toBe(false);
    for (const claim of ['aud', 'sub', 'exp', 'origin']) {
      const without = Object.fromEntries(Object.entries(claims).filter(([name]) => name !== claim));
      expect(await isValid(await new SignJWT(without).setProtectedHeader({ alg: 'HS256' }).sign(secret)), claim).toBe(false);
    }
    for (let at = 0; at < token.length; at += 7) {
      const swapped = token[at] === 'A' ? 'B' : 'A';
      expect(await isValid(token.slice(0, at) + swapped + token.slice(at + 1)), `character ${at}`).toBe(false);
    }
  });

  it('[TK2] a right signature is not enough: the seat must wait, and have this very ticket', async () => {
    const world = gate();
    const given = await world.seat();
    expect(await world.authorize(`room.session.${await world.tickets.sign('room', 'session', page)}`, page)).toBeNull();
    world.wall += 1000;
    expect(await world.authorize(shown({ ...given, token: await world.tickets.sign(given.roomId, given.sessionId, page) }), page)).toBeNull();
    for (; world.now < limits.handshakeMs + 100; world.now += 10) world.lobby.advance(world.now);
    expect(await world.authorize(shown(given), page)).toBeNull();
  });

  it('[TK2] whatever is shown is answered with no, and never throws', async () => {
    const { authorize } = gate();
    const bits = fc.oneof(fc.string(), fc.base64String(), fc.constantFrom('.', '..', 'id-1', 'eyJhbGciOiJub25lIn0', 'x'.repeat(2000)));
    await fc.assert(
      fc.asyncProperty(fc.option(fc.array(bits, { maxLength: 6 })), fc.option(fc.string()), async (parts, origin) => {
        expect(await authorize(parts?.join('.'), origin ?? undefined)).toBeNull();
      }),
    );
    expect(readAuthorization('a.b.c.d.e')).toEqual({ roomId: 'a', sessionId: 'b', token: 'c.d.e' });
    for (const wrong of [undefined, '', 'a.b', 'a..c', '.b.c', 'a.b.', 'a b.c.d', `a.b.${'x'.repeat(3000)}`]) {
      expect(readAuthorization(wrong), wrong?.slice(0, 9)).toBeNull();
    }
  });

  it('[TK3] a key is 32 bytes at least; of several the first signs and each is accepted', async () => {
    const [old, young] = ['the old key of at least 32 bytes ....', new Uint8Array(32).fill(7)];
    for (const short of ['', 'short', 'x'.repeat(31), new Uint8Array(31), [key, 'short'], []]) {
      expect(() => gate(short)).toThrow(/ticketKey must have at least 32 bytes: make one with/);
    }
    const [before, during, after] = [gate(old), gate([young, old]), gate(young)];
    const ticketOf = async ({ tickets }: Gate): Promise<Seat> => ({
      roomId: 'r',
      sessionId: 's',
      token: await tickets.sign('r', 's', page),
    });
    expect(await during.tickets.isValid(await ticketOf(before), page)).toBe(true);
    expect(await after.tickets.isValid(await ticketOf(during), page)).toBe(true);
    expect(await after.tickets.isValid(await ticketOf(before), page)).toBe(false);
  });

  it('[TK6] without a key a process has its own, and its log says in one line what to set: a warning in production', async () => {
    const said: string[] = [];
    const say = (level: string, message: string): void => void said.push(`${level}: ${message}`);
    openTickets(key, true, say);
    expect(said).toEqual([]);
    openTickets(undefined, true, say);
    openTickets(undefined, false, say);
    expect(said).toEqual([
      expect.stringMatching(/^warn: .*Set serve\(\{ ticketKey \}\) to a secret of at least 32 bytes, the same in every process/),
      expect.stringMatching(/^info: .*Set serve\(\{ ticketKey \}\) to a secret of at least 32 bytes in production\.$/),
    ]);
    const [one, two] = [new Tickets({ clock: () => 0 }), new Tickets({ clock: () => 0 })];
    const seat = { roomId: 'r', sessionId: 's', token: await one.sign('r', 's', page) };
    expect([await one.isValid(seat, page), await two.isValid(seat, page)]).toEqual([true, false]);
  });
});
