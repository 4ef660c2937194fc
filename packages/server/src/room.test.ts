// A room with clients: who comes, goes, controls and hears what. The clients are links in this process that say what the test says.

import { type CloseCode, defineGame, entity, event, f, type Lane, type Link, type LinkHandler } from '@tickwire/shared';
import { helloMessage, messageKind, packPlain, unpackPlain } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const game = defineGame({
  name: 'tables',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity({ x: f.fixed(-1000, 1000) }),
  },
  events: { chat: event({ text: f.string(8) }), order: event({ what: f.enumOf('leave', 'throw', 'count') }), unheard: event({}) },
});
type Tables = typeof game;

class Table extends Room<Tables> {
  override allowReconnection = 0;
  readonly seen: string[] = [];
  override onJoin(client: Client<Tables>): void {
    this.seen.push(`join ${client.sessionId}`);
  }
  override onLeave(client: Client<Tables>, code: string): void {
    this.seen.push(`leave ${client.sessionId} ${code}`);
  }
  override onDispose(): void {
    this.seen.push('dispose');
  }
}

/** A client's end of a link, without a network: what it says arrives at once, and what it is told stays in lists. */
class Guest implements Link {
  readonly kind = 'memory';
  readonly events: unknown[][] = [];
  closed: CloseCode | undefined;
  handler: LinkHandler | undefined;
  #reliable = 0;
  listen(handler: LinkHandler): void {
    this.handler = handler;
  }
  send(lane: Lane, bytes: Uint8Array): boolean {
    const message = lane === 'reliable' ? unpackPlain(bytes) : undefined;
    if (message?.[0] === messageKind.events) this.events.push(...(message.slice(4) as unknown[][]));
    return this.closed === undefined;
  }
  backlog(): number {
    return 0;
  }
  maxBytes(): number {
    return 1100;
  }
  close(code: CloseCode): void {
    this.closed ??= code;
  }
  hello(sessionId: string, now: number, token = 'token'): void {
    this.handler?.opened(now);
    this.handler?.received('reliable', packPlain(helloMessage({ sessionId, token, instance: 1, reliableReceived: 0 })), now);
  }
  says(events: unknown[][], now: number): void {
    if (this.closed) return;
    this.handler?.received('reliable', packPlain([messageKind.events, ++this.#reliable, 0, 0, ...events]), now);
  }
}

class Evening<R extends Room<Tables>> {
  now = 0;
  readonly room: R;
  readonly core: RoomCore<Tables>;
  readonly errors: string[] = [];
  isOver = false;
  constructor(room: R) {
    this.room = room;
    const onError = (error: unknown, where: string): void => void this.errors.push(`${where}: ${error}`);
    this.core = new RoomCore({ game, room, roomId: 'r', seed: 1, onError, onDisposed: () => (this.isOver = true) }, 0);
    this.core.create({});
  }
  join(sessionId: string): Guest {
    if (!this.core.reserve(sessionId, 'token', true, {}, this.now)) throw new Error('no seat');
    const guest = this.link(sessionId);
    guest.hello(sessionId, this.now);
    return guest;
  }
  link(sessionId: string): Guest {
    const guest = new Guest();
    this.core.accept(sessionId, guest);
    return guest;
  }
  client(sessionId: string): Client<Tables> {
    return this.core.members.get(sessionId)?.client as Client<Tables>;
  }
  run(ms: number): void {
    const until = this.now + ms;
    for (; this.core.nextTickAt <= until && !this.core.isClosed; this.core.advance(this.now)) this.now = this.core.nextTickAt;
    this.now = until;
  }
}

const chat = 0;
const order = 1;
const unheard = 2;

describe('coming and going', () => {
  const endings: { [name: string]: [end: (evening: Evening<Table>, guest: Guest) => void, code: string] } = {
    'a link that is lost': [(evening, guest) => guest.handler?.closed('link-lost', evening.now), 'link-lost'],
    'a link that both ends report': [
      (evening, guest) => {
        evening.client('ada').leave('kicked');
        guest.handler?.closed('kicked', evening.now);
        guest.handler?.closed('link-lost', evening.now);
      },
      'kicked',
    ],
    'a second leave': [
      (evening) => {
        const client = evening.client('ada');
        client.leave();
        client.leave('flood');
      },
      'kicked',
    ],
    silence: [(evening) => evening.run(10_200), 'timeout'],
    'the room closing': [(evening) => evening.core.close('server-shutdown', evening.now), 'server-shutdown'],
    'a room that throws': [
      (evening, guest) => {
        evening.room.on('order', () => {
          throw new Error('boom');
        });
        guest.says([[order, 'throw']], evening.now);
      },
      'room-error',
    ],
    'twenty-one messages that cannot be read': [
      (evening, guest) => {
        for (let count = 0; count < 21; count++) guest.handler?.received('unreliable', Uint8Array.of(1, 2, 3), evening.now);
      },
      'protocol-error',
    ],
  };
  for (const [name, [end, code]] of Object.entries(endings)) {
    it(`[RM7] onLeave runs once after ${name}, with '${code}'`, () => {
      const evening = new Evening(new Table());
      const guest = evening.join('ada');
      evening.run(50);
      end(evening, guest);
      evening.run(100);
      guest.handler?.closed('link-lost', evening.now);
      expect(evening.room.seen.filter((line) => line !== 'dispose')).toEqual(['join ada', `leave ada ${code}`]);
      expect(evening.room.clients).toEqual([]);
      expect(evening.core.members.size).toBe(0);
      if (code !== 'link-lost') expect(guest.closed).toBe(code);
    });
  }

  it('[RM7] a client that is sent away in its own onJoin has left, once', () => {
    class Strict extends Table {
      override onJoin(client: Client<Tables>): void {
        super.onJoin(client);
        client.leave('kicked');
      }
    }
    const evening = new Evening(new Strict());
    const guest = evening.join('ada');
    evening.run(50);
    expect(evening.room.seen).toEqual(['join ada', 'leave ada kicked']);
    expect(guest.closed).toBe('kicked');
  });

  it('[RM7] a second link that says hello after its client has left brings nobody back', () => {
    const evening = new Evening(new Table());
    evening.join('ada');
    const second = evening.link('ada');
    evening.client('ada').leave();
    expect(second.closed).toBe('kicked');
    second.hello('ada', evening.now);
    evening.run(50);
    expect(evening.room.seen).toEqual(['join ada', 'leave ada kicked']);
    expect(evening.room.clients).toEqual([]);
  });

  it('[RM7] a hello with another token, or for another session, takes no seat', () => {
    const evening = new Evening(new Table());
    evening.core.reserve('ada', 'token', true, {}, 0);
    const wrongToken = evening.link('ada');
    wrongToken.hello('ada', 0, 'guess');
    const wrongName = evening.link('ada');
    wrongName.hello('bob', 0);
    expect([wrongToken.closed, wrongName.closed, evening.room.seen]).toEqual(['protocol-error', 'protocol-error', []]);
    evening.link('ada').hello('ada', 0);
    expect(evening.room.seen).toEqual(['join ada']);
  });

  it('[RM17] a room that ends tells links that wait for their hello, and takes nobody any more', () => {
    const evening = new Evening(new Table());
    evening.core.reserve('ada', 'token', true, {}, 0);
    const waiting = evening.link('ada');
    evening.core.close('room-closed', 10);
    expect(waiting.closed).toBe('room-closed');
    waiting.hello('ada', 20);
    expect(evening.room.seen).toEqual(['dispose']);
    expect(evening.core.reserve('bob', 'token', true, {}, 20)).toBeUndefined();
    expect(evening.core.accept('ada', new Guest())).toBe(false);
  });

  it('[RM10] seats are limited by maxClients, those whose link has not opened included', () => {
    class Small extends Table {
      override maxClients = 2;
    }
    const evening = new Evening(new Small());
    evening.join('ada');
    evening.core.reserve('bob', 'token', true, {}, 0);
    expect(evening.core.reserve('eve', 'token', true, {}, 0)).toBeUndefined();
    evening.client('ada').leave();
    expect(evening.core.reserve('eve', 'token', true, {}, 0)).toBeDefined();
  });

  it('[RM11] a seat that nobody takes is free again after 15 seconds, and its link is closed with never-opened', () => {
    const evening = new Evening(new Table());
    evening.core.reserve('ada', 'token', true, {}, 0);
    const silent = evening.link('ada');
    evening.run(14_900);
    expect([evening.core.members.size, silent.closed]).toEqual([1, undefined]);
    evening.run(200);
    expect([evening.core.members.size, silent.closed]).toEqual([0, 'never-opened']);
    expect(evening.room.seen).toEqual([]);
  });

  it('[RM12] a room ends one second after its last client or seat has gone, unless autoDispose is off', () => {
    class Kept extends Table {
      override autoDispose = false;
    }
    const evening = new Evening(new Table());
    evening.join('ada');
    evening.run(3000);
    evening.client('ada').leave();
    evening.run(950);
    expect(evening.isOver).toBe(false);
    evening.run(100);
    expect(evening.isOver).toBe(true);
    const empty = new Evening(new Table());
    empty.run(1100);
    expect(empty.isOver).toBe(true);
    const kept = new Evening(new Kept());
    kept.run(20_000);
    expect(kept.isOver).toBe(false);
  });
});

describe('events', () => {
  it('[RM13] an event goes to everyone, to one, to several, or to all but one; and to nobody who has left', () => {
    const evening = new Evening(new Table());
    const guests = ['ada', 'bob', 'eve'].map((name) => evening.join(name));
    const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((name) => evening.client(name)) as [Client<Tables>, Client<Tables>, Client<Tables>];
    const { room } = evening;
    room.emit('chat', { text: 'all' });
    room.emit('chat', { text: 'bob' }, { to: bob });
    room.emit('chat', { text: 'two' }, { to: [ada, eve] });
    room.emit('chat', { text: 'not ada' }, { except: ada });
    room.emit('chat', { text: 'none' }, { to: [bob], except: bob });
    eve.emit('chat', { text: 'eve' });
    evening.run(50);
    eve.leave();
    eve.emit('chat', { text: 'late' });
    room.emit('chat', { text: 'late' }, { to: eve });
    evening.run(50);
    const heard = guests.map(({ events }) => events.map(([, text]) => text));
    expect(heard).toEqual([
      ['all', 'two'],
      ['all', 'bob', 'not ada'],
      ['all', 'two', 'not ada', 'eve'],
    ]);
  });

  it('[RM13] an event with a wrong field is an error of the sender that names the field', () => {
    const { room } = new Evening(new Table());
    expect(() => room.emit('chat', { text: 5 as unknown as string })).toThrow(/chat\.text/);
    expect(() => room.emit('nothing' as 'chat', { text: '' })).toThrow(/no event 'nothing'/);
    expect(() => room.on('nothing' as 'chat', () => {})).toThrow(/no event 'nothing'/);
  });

  it('[RM14] events that nobody handles, that do not exist, or whose fields are wrong are ignored and counted', () => {
    const evening = new Evening(new Table());
    const guest = evening.join('ada');
    const heard: string[] = [];
    evening.room.on('chat', (client, { text }) => heard.push(`${client.sessionId} ${text}`));
    guest.says([[unheard], [99, 1], [chat, 5], [chat], [chat, ['x']], [chat, { text: 'x' }], [chat, 'hello'], [chat, 'far too long']], 1);
    expect(heard).toEqual(['ada hello', 'ada far too ']);
    expect(evening.core.eventsIgnored).toBe(6);
    expect(evening.room.seen).toEqual(['join ada']);
    expect(evening.errors).toEqual([]);
  });

  it('[RM14] no event of a message reaches the room after one of them has ended the client or the room', () => {
    const evening = new Evening(new Table());
    const [ada, bob] = [evening.join('ada'), evening.join('bob')];
    let counted = 0;
    evening.room.on('order', (client, { what }) => {
      if (what === 'count') counted++;
      if (what === 'leave') client.leave();
      if (what === 'throw') throw new Error('boom');
    });
    ada.says(
      [
        [order, 'count'],
        [order, 'leave'],
        [order, 'count'],
      ],
      1,
    );
    expect(counted).toBe(1);
    bob.says(
      [
        [order, 'throw'],
        [order, 'count'],
        [order, 'throw'],
      ],
      1,
    );
    expect(counted).toBe(1);
    expect(evening.errors).toEqual([`on('order'): Error: boom`]);
    expect(evening.room.seen).toEqual(['join ada', 'join bob', 'leave ada kicked', 'leave bob room-error', 'dispose']);
  });
});
