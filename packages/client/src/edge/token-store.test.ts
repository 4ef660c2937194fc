// The token of a session in the storage of a tab, with storages that the test holds in its hand.

import { defineGame, entity, f } from '@tickwire/shared';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { seatOf } from './join.ts';
import { TokenStore } from './token-store.ts';

const [game, other] = [100, 200].map((most) =>
  defineGame({ name: 'kept', tickHz: 60, snapshotHz: 20, entities: { thing: entity({ at: f.uint(most) }) } }),
);
const kept = new Map<string, string>();
const going: (() => void)[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  });
  vi.stubGlobal('addEventListener', (_name: string, listener: () => void) => void going.push(listener));
  vi.stubGlobal('removeEventListener', () => void going.pop());
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  kept.clear();
  going.length = 0;
});

test('[KP26] a token is kept as it changes, used with its own game only, and gone when the stay is over', () => {
  const room = {
    seat: { roomId: 'room', sessionId: 'session', token: 'first' },
    code: undefined as string | undefined,
    ended: undefined as string | undefined,
  };
  const store = new TokenStore('http://a arena');
  expect(store.read(game as never)).toBeUndefined();
  store.follow(room, game as never);
  expect([store.read(game as never), store.read(other as never)]).toEqual([{ token: 'room.session.first' }, undefined]);
  expect(new TokenStore('http://a hello').read(game as never)).toBeUndefined();
  room.seat = { ...room.seat, token: 'second.with.dots' };
  vi.advanceTimersByTime(300);
  expect(seatOf(store.read(game as never)?.token ?? '')).toEqual(room.seat);
  room.seat = { ...room.seat, token: 'third' };
  room.code = 'H7X2MC';
  for (const listener of going) listener();
  expect(store.read(game as never)).toEqual({ token: 'room.session.third', code: 'H7X2MC' });
  room.ended = 'left';
  vi.advanceTimersByTime(300);
  expect([store.read(game as never), kept.size, vi.getTimerCount(), going.length]).toEqual([undefined, 0, 0, 0]);
});

test('[KP26] a page that may store nothing keeps no token, and plays', () => {
  vi.stubGlobal('sessionStorage', undefined);
  const store = new TokenStore('http://a arena');
  store.follow({ seat: { roomId: 'room', sessionId: 'session', token: 'first' }, code: undefined, ended: undefined }, game as never);
  expect(store.read(game as never)).toBeUndefined();
});

test('[KP27] a text that is no reconnection token is refused', () => {
  for (const text of ['', 'room', 'room.session', 'room..token', '.session.token', 'room.session.'])
    expect(() => seatOf(text)).toThrow(/this is no reconnection token/);
});
