// A room as bytes: what was saved goes on in another room as if nothing had happened.

import { defineGame, entity, event, f, type Link, type LinkHandler } from '@tickwire/shared';
import { helloMessage, messageKind, packPlain, unpackPlain } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const game = defineGame({
  name: 'saved',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity({ pos: f.vec2(-500, 500), name: f.string(12), secret: f.uint(1000).owner() }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(-500, 500), speed: f.fixed(-10, 10) }, { predict: 'everyone' }),
    spark: entity({ born: f.tick(), list: f.list(f.int(-5, 5), 3), note: f.optional(f.string(4)), blob: f.bytes(5), h: f.float32() }),
  },
  state: { round: f.uint(100_000), sum: f.int(-1_000_000, 1_000_000) },
  input: { go: f.button() },
  events: { told: event({ number: f.uint(1000) }), nudge: event({ by: f.fixed(-10, 10) }) },
  steps: {
    walker(walker, input, { random }) {
      walker.pos.x += input.go ? 1 : random.range(-0.3, 0.3);
    },
    ball(ball, _input, { random }) {
      if (random.chance(0.1)) ball.speed = random.range(-5, 5);
      ball.pos.y += ball.speed;
    },
  },
});
type Saved = typeof game;

class World extends Room<Saved> {
  override autoDispose = false;
  count = 0;
  override onCreate(): void {
    for (let number = 0; number < 3; number++) this.world.spawn('ball', { pos: { x: number, y: 0 } });
    this.after(10, 'round', { step: 3 });
    this.on('nudge', (client, { by }) => {
      for (const one of client.entities) if (one.type === 'walker') one.pos.y += by;
      client.emit('told', { number: 7 });
    });
  }
  override onJoin(client: Client<Saved>): void {
    client.control(
      this.world.spawn('walker', { name: client.sessionId, pos: { x: this.random.range(-9, 9), y: 0.123 } }, { key: 5, tick: this.tick, number: 0 }),
    );
  }
  override onTimer(_name: string, data: { step: number }): void {
    this.world.state.round += data.step;
    this.after(7 + this.random.int(5), 'round', data);
  }
  override onTick(): void {
    this.count++;
    this.world.state.sum += this.random.int(9) - 4;
    for (const spark of this.world.all('spark')) if (this.random.chance(0.1)) this.world.despawn(spark);
    if (this.random.chance(0.2)) this.world.spawn('spark', { born: this.tick, list: [this.random.int(5)], note: 'abc', h: this.random.next() });
    for (const walker of this.world.all('walker')) walker.secret = this.random.int(1000);
  }
  override onSave(): number {
    return this.count;
  }
  override onRestore(count: number): void {
    this.count = count;
  }
}

function start(seed: number, now = 0): { core: RoomCore<Saved>; room: World; errors: unknown[] } {
  const room = new World();
  const errors: unknown[] = [];
  const core = new RoomCore<Saved>({ game, room, roomId: 'r', seed, onError: (error) => void errors.push(error) }, now);
  core.create({});
  return { core, room, errors };
}

function ticks(core: RoomCore<Saved>, count: number): number[] {
  return Array.from({ length: count }, () => {
    core.advance(core.nextTickAt);
    return core.hash();
  });
}

/** A client without a network. */
function join(
  core: RoomCore<Saved>,
  sessionId: string,
  now: number,
  isNew = true,
): { handler: LinkHandler | undefined; told: unknown[][]; welcome: unknown[] } {
  if (isNew) core.reserve(sessionId, `token of ${sessionId}`, { rank: 3 }, { colour: 'red' }, now);
  const guest: { handler: LinkHandler | undefined; told: unknown[][]; welcome: unknown[] } = { handler: undefined, told: [], welcome: [] };
  const link: Link = {
    kind: 'memory',
    listen: (handler) => {
      guest.handler = handler;
    },
    send: (lane, bytes) => {
      const message = lane === 'reliable' ? unpackPlain(bytes) : undefined;
      if (message?.[0] === messageKind.events) guest.told.push(message);
      if (message?.[0] === messageKind.welcome) guest.welcome = message;
      return true;
    },
    backlog: () => 0,
    maxBytes: () => 1100,
    close: () => {},
  };
  core.accept(sessionId, link);
  guest.handler?.received('reliable', packPlain(helloMessage({ sessionId, token: `token of ${sessionId}`, instance: 1, reliableReceived: 0 })), now);
  return guest;
}

describe('save and restore', () => {
  for (const ticksBefore of [0, 1, 59, 500]) {
    it(`[RM15] saved after ${ticksBefore} ticks, it has the same hash for 100 ticks more: world, random numbers, timers, controlled entities, own fields`, () => {
      const { core, room, errors } = start(11);
      if (ticksBefore > 0) join(core, 'ada', 0);
      ticks(core, ticksBefore);
      const bytes = core.save();
      const other = start(999, 50_000);
      other.core.restore(bytes, 50_000);
      if (ticksBefore > 0) expect(other.core.hash()).toBe(core.hash()); // before the first tick nothing is recorded yet
      expect(other.core.world.tick).toBe(ticksBefore);
      expect(ticks(other.core, 100)).toEqual(ticks(core, 100));
      expect(other.room.count).toBe(room.count);
      expect([...errors, ...other.errors]).toEqual([]);
      expect(new Set(ticks(core, 10)).size).toBe(10);
    });
  }

  it('[MM18] a room that was locked, unlisted and had metadata is so when it is restored', () => {
    const { core, room } = start(3);
    room.lock();
    room.unlisted = true;
    room.metadata = { title: 'Ada and friends' };
    const other = start(4);
    other.core.restore(core.save(), 1000);
    expect([other.room.isLocked, other.room.unlisted, other.room.metadata]).toEqual([true, true, { title: 'Ada and friends' }]);
  });

  it('[RM15] queries see each entity once, and the next tick comes one tick after the restore', () => {
    const { core, room } = start(3);
    join(core, 'ada', 0);
    ticks(core, 200);
    const other = start(4, 7000);
    other.core.restore(core.save(), 8000);
    expect(other.core.nextTickAt).toBeCloseTo(8000 + 1000 / 60, 6);
    for (const type of ['walker', 'ball', 'spark'] as const) {
      expect(other.room.world.all(type).map(({ id }) => id)).toEqual(room.world.all(type).map(({ id }) => id));
      expect(other.room.world.all(type)).toEqual(room.world.all(type));
    }
    expect(other.room.world.state).toEqual(room.world.state);
  });

  it('[RM15] clients are still there: sessions, tokens, auth and options, and what they control moves by their input', () => {
    const { core } = start(3);
    const before = join(core, 'ada', 0);
    ticks(core, 20);
    const other = start(4);
    other.core.restore(core.save(), 1000);
    const [client] = other.room.clients;
    expect([client?.sessionId, client?.auth, client?.options]).toEqual(['ada', { rank: 3 }, { colour: 'red' }]);
    expect(client?.entities.map(({ type }) => type)).toEqual(['walker']);
    const walker = other.room.world.all('walker')[0];
    const x = walker?.pos.x ?? 0;
    const guest = join(other.core, 'ada', 1000, false);
    expect(guest.welcome[4]).toBe(before.welcome[4]); // the seed of the random numbers of steps
    expect(guest.welcome[2]).toBe(20);
    const { inputs } = other.core.members.get('ada') as NonNullable<ReturnType<typeof other.core.members.get>>;
    inputs.isIdle = false; // as by any packet of the client
    inputs.accept(other.core.world.tick + 1, Int32Array.of(1), 0, other.core.world.tick + 1, other.core.world.tick);
    ticks(other.core, 3);
    expect((walker?.pos.x ?? 0) - x).toBeCloseTo(3, 6);
    expect(other.room.clients.length).toBe(1);
  });

  it('[RM15] clients that do not come back time out, and a room without clients has its second before it ends', () => {
    const { core } = start(3);
    join(core, 'ada', 0);
    ticks(core, 400);
    const other = start(4);
    other.room.autoDispose = true;
    other.core.restore(core.save(), 1000);
    ticks(other.core, 1199);
    expect(other.room.clients.map(({ isConnected }) => isConnected)).toEqual([false]);
    ticks(other.core, 3);
    expect([other.room.clients.length, other.core.isClosed]).toEqual([0, false]);
    const empty = start(4);
    empty.room.autoDispose = true;
    const lone = start(5);
    ticks(lone.core, 1000);
    empty.core.restore(lone.core.save(), 1000);
    ticks(empty.core, 50);
    expect(empty.core.isClosed).toBe(false);
  });

  it('[RM16] a save between two ticks holds what has changed since the last one, and both rooms go on alike', () => {
    const { core, room } = start(21);
    const guest = join(core, 'ada', 0);
    ticks(core, 30);
    guest.handler?.received('reliable', packPlain([messageKind.events, 1, 0, 0, [1, 1.23456]]), 500);
    room.world.spawn('spark', { born: 3, list: [1, 2], note: 'late', blob: Uint8Array.of(1, 2), h: 0.5 });
    join(core, 'bob', 500);
    const bytes = core.save();
    const other = start(22);
    other.core.restore(bytes, 9000);
    expect(other.room.world.all('walker').map(({ pos }) => pos)).toEqual(room.world.all('walker').map(({ pos }) => pos));
    expect(other.room.world.all('spark')).toEqual(room.world.all('spark'));
    expect(ticks(other.core, 100)).toEqual(ticks(core, 100));
  });

  it('[RM16] events that a client has not acknowledged are sent again by the restored room, those of the present tick included', () => {
    const { core } = start(21);
    const guest = join(core, 'ada', 0);
    core.room.clients[0]?.emit('told', { number: 1 });
    ticks(core, 3);
    core.room.clients[0]?.emit('told', { number: 2 });
    guest.handler?.received('reliable', packPlain([messageKind.events, 1, 0, 0, [1, 1]]), 500);
    const other = start(22);
    other.core.restore(core.save(), 9000);
    const again = join(other.core, 'ada', 9000, false);
    ticks(other.core, 2);
    expect(again.told.flatMap((message) => message.slice(4))).toEqual([
      [0, 1],
      [0, 2],
      [0, 7],
    ]);
    // The event that the client sent before the save is not taken a second time.
    again.handler?.received('reliable', packPlain([messageKind.events, 1, 0, 0, [1, 1]]), 9100);
    ticks(other.core, 2);
    expect(again.told.flatMap((message) => message.slice(4)).length).toBe(3);
  });

  it('[RM15] bytes that are no save of this game are refused', () => {
    const { core } = start(1);
    const refusal = /no save of this version/;
    expect(() => core.restore(Uint8Array.of(1, 2, 3), 0)).toThrow(refusal);
    expect(() => core.restore(new Uint8Array(0), 0)).toThrow(refusal);
    expect(() => core.restore(packPlain({ schemaHash: 'other' }), 0)).toThrow(refusal);
    expect(() => core.restore(packPlain(null), 0)).toThrow(refusal);
  });
});
