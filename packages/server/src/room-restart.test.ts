// Rooms that end in one lobby and go on in another: what is saved, who is told what, and what is of no use.

import { defineGame, entity, event, f, type Link, type LinkHandler } from '@tickwire/shared';
import { helloMessage, messageKind, packPlain, protocolVersion, type Seat, unpackPlain } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { Client, JoinOptions } from './client.ts';
import { Lobby } from './lobby.ts';
import { Room, type RoomClass } from './room.ts';
import { readRoomFile, writeRoomFile } from './room-file.ts';

const parts = {
  name: 'parking',
  tickHz: 60,
  snapshotHz: 20,
  entities: { car: entity({ at: f.uint(1000) }) },
  state: { sum: f.uint(1_000_000) },
  events: { add: event({ number: f.uint(1000) }), told: event({ number: f.uint(1000) }) },
} as const;
const game = defineGame(parts);
const otherGame = defineGame({ ...parts, entities: { car: entity({ at: f.uint(2000) }) } });
type Parking = typeof game;

/** What happened in rooms, in order. */
let calls: string[] = [];

class Garage extends Room<Parking> {
  override autoDispose = false;
  lot = '';
  override onCreate(options: JoinOptions): void {
    this.lot = String(options['lot']);
    calls.push(`create ${this.lot}`);
    this.on('add', (client, { number }) => {
      this.world.state.sum += number;
      client.emit('told', { number });
    });
  }
  override onJoin(client: Client<Parking>): void {
    calls.push('join');
    client.control(this.world.spawn('car', { at: 5 }));
  }
  override onDrain(secondsLeft: number): void {
    calls.push(`drain ${secondsLeft}`);
    if (this.lot === 'bad drain') throw new Error('no drain');
    if (this.lot === 'short') this.close();
  }
  override onLeave(_client: Client<Parking>, code: string): void {
    calls.push(`leave ${code}`);
  }
  override onDispose(): void {
    calls.push('dispose');
  }
}
class Saved extends Garage {
  override onSave(): { lot: string } {
    if (this.lot === 'bad save') throw new Error('no save');
    // Nobody hears of it here; the room that goes on sends it.
    for (const client of this.clients) client.emit('told', { number: 999 });
    return { lot: this.lot };
  }
  override onRestore({ lot }: { lot: string }): void {
    calls.push(`restore ${lot} of ${this.lot}`);
    if (this.lot === 'bad restore') throw new Error('no restore');
  }
}
const rooms = { garage: { game, room: Garage }, saved: { game, room: Saved } };

interface Hall {
  readonly lobby: Lobby;
  readonly errors: string[];
}

function hall(definitions: { [name: string]: { game: unknown; room: RoomClass<never> } } = rooms as never): Hall {
  let ids = 0;
  const errors: string[] = [];
  const onError = (error: unknown, where: string): void => void errors.push(`${where}: ${error}`);
  return { lobby: new Lobby({ rooms: definitions as never, newId: () => `id-${++ids}`, newSeed: () => ++ids, onError }), errors };
}

interface Guest {
  readonly seat: Seat;
  handler: LinkHandler | undefined;
  readonly messages: unknown[][];
  closed: string[];
  emit(sequence: number, number: number): void;
}

async function join({ lobby }: Hall, target: string, lot: string): Promise<Guest> {
  const request = { protocol: protocolVersion, schemaHash: game.hash, method: 'create', target, options: { lot } };
  const { seat } = await lobby.join(request, { address: '', headers: {} }, () => 0);
  if (!seat) throw new Error('no seat');
  return comeTo(lobby, seat, 0, 0);
}

function comeTo(lobby: Lobby, seat: Seat, reliableReceived: number, now: number): Guest {
  const guest: Guest = {
    seat,
    handler: undefined,
    messages: [],
    closed: [],
    emit: (sequence, number) => guest.handler?.received('reliable', packPlain([messageKind.events, sequence, 0, 0, [0, number]]), now),
  };
  const link: Link = {
    kind: 'memory',
    listen: (handler) => {
      guest.handler = handler;
    },
    send: (lane, bytes) => {
      const message = lane === 'reliable' ? unpackPlain(bytes) : undefined;
      if (message) guest.messages.push(message);
      return true;
    },
    backlog: () => 0,
    maxBytes: () => 16_384,
    close: (code) => {
      guest.closed.push(code);
      guest.handler?.closed(code, now);
    },
  };
  lobby.accept(seat.roomId, seat.sessionId, link);
  guest.handler?.received('reliable', packPlain(helloMessage({ sessionId: seat.sessionId, token: seat.token, instance: 1, reliableReceived })), now);
  return guest;
}

const toldTo = ({ messages }: Guest): unknown[][] =>
  messages.filter(([kind]) => kind === messageKind.events).map(([, number, , , ...events]) => [number, ...events]);
const welcomeOf = ({ messages }: Guest): unknown[] | undefined => messages.find(([kind]) => kind === messageKind.welcome);

function park({ lobby }: Hall, now: number, keeps = true): Uint8Array[] {
  const files: Uint8Array[] = [];
  lobby.park((file) => {
    files.push(file);
    return keeps;
  }, now);
  return files;
}

describe('a draining lobby', () => {
  it('[GE1] refuses whoever asks for a seat, also who asked before, and lets those who have one come', async () => {
    calls = [];
    const here = hall();
    const { seat } = await join(here, 'garage', 'a');
    const request = { protocol: protocolVersion, schemaHash: game.hash, target: 'garage', options: {} };
    const asking = here.lobby.join({ ...request, method: 'create' }, { address: '', headers: {} }, () => 0);
    here.lobby.drain(30, 0);
    for (const method of ['create', 'joinOrCreate', 'joinById']) {
      const { refusal } = await here.lobby.join({ ...request, method, target: seat.roomId }, { address: '', headers: {} }, () => 0);
      expect(refusal?.code).toBe('server-draining');
    }
    expect((await asking).refusal?.code).toBe('server-draining');
    expect([here.lobby.isDraining, here.lobby.rooms.size]).toEqual([true, 1]);
    expect(welcomeOf(comeTo(here.lobby, seat, 0, 1))).toBeDefined();
  });

  it('[GE2] tells each room once; one that throws or ends by itself is gone, the others go on', async () => {
    calls = [];
    const here = hall();
    const guests = [await join(here, 'garage', 'bad drain'), await join(here, 'garage', 'short'), await join(here, 'garage', 'long')];
    calls = [];
    here.lobby.drain(12, 0);
    here.lobby.drain(5, 1);
    expect(calls).toEqual(['drain 12', 'leave room-error', 'dispose', 'drain 12', 'leave room-closed', 'dispose', 'drain 12']);
    expect(here.errors).toEqual(['garage: onDrain: Error: no drain']);
    expect([...here.lobby.rooms.keys()]).toEqual([guests[2]?.seat.roomId]);
  });
});

describe('the countdown', () => {
  it('[GE3] every client hears the seconds left as each begins, on the link that carries it then', async () => {
    const here = hall();
    const guest = await join(here, 'garage', 'a');
    const other = await join(here, 'garage', 'b');
    const told = ({ messages }: Guest): unknown[] => messages.flatMap(([kind, seconds]) => (kind === messageKind.drain ? [seconds] : []));
    here.lobby.drain(3, 500);
    expect([told(guest), told(other)]).toEqual([[3], [3]]);
    for (let now = 520; now <= 2400; now += 20) here.lobby.advance(now);
    expect(told(guest)).toEqual([3, 2]);
    const again = comeTo(here.lobby, guest.seat, 0, 2410);
    guest.handler?.closed('link-lost', 2420);
    for (let now = 2420; now <= 4000; now += 20) here.lobby.advance(now);
    expect([told(again), told(other)]).toEqual([
      [1, 0],
      [3, 2, 1, 0],
    ]);
  });
});

describe('parked rooms', () => {
  it('[GE6] everything is flushed before the save and nothing after it: the room that goes on repeats what may be lost, under the same numbers', async () => {
    calls = [];
    const here = hall();
    const guest = await join(here, 'saved', 'east');
    here.lobby.advance(100);
    guest.emit(1, 40);
    guest.emit(2, 2);
    calls = [];
    const [file] = park(here, 120);
    expect(calls).toEqual(['dispose']);
    expect([guest.closed, here.lobby.rooms.size, here.errors]).toEqual([['server-restart'], 0, []]);
    expect(toldTo(guest)).toEqual([[1, [1, 40], [1, 2]]]);
    const count = guest.messages.length;
    guest.emit(3, 500);
    here.lobby.advance(1000);
    expect(guest.messages.length).toBe(count);

    calls = [];
    const there = hall();
    expect(there.lobby.restore(file as Uint8Array, 70_000)).toBeUndefined();
    expect(calls).toEqual(['create east', 'restore east of east']);
    const room = there.lobby.rooms.get(guest.seat.roomId);
    expect([room?.world.tick, room?.world.state]).toMatchObject([5, { sum: 42 }]);
    there.lobby.advance(70_050);
    expect(room?.world.tick).toBe(5 + 3);
    const again = comeTo(there.lobby, { ...guest.seat, token: welcomeOf(guest)?.[5] as string }, 0, 70_060);
    expect(welcomeOf(again)?.[3]).toBe(2);
    there.lobby.advance(70_100);
    expect(toldTo(again)).toEqual([
      [1, [1, 40], [1, 2]],
      [2, [1, 999]],
    ]);
    again.emit(3, 500);
    expect([room?.world.state, calls.includes('join')]).toMatchObject([{ sum: 542 }, false]);
  });

  it('[GE6] a room without onSave and onRestore is closed, and so is one that nobody could keep', async () => {
    const here = hall();
    const guests = [await join(here, 'garage', 'a'), await join(here, 'saved', 'b')];
    calls = [];
    expect(park(here, 10, false).length).toBe(1);
    expect(calls).toEqual(['leave server-shutdown', 'dispose', 'leave server-shutdown', 'dispose']);
    expect(guests.map(({ closed }) => closed)).toEqual([['server-shutdown'], ['server-shutdown']]);
  });

  it('[GE7] a room whose onSave throws ends with room-error, the others are saved', async () => {
    const here = hall();
    const guests = [await join(here, 'saved', 'bad save'), await join(here, 'saved', 'good')];
    expect(park(here, 10).length).toBe(1);
    expect(guests.map(({ closed }) => closed)).toEqual([['room-error'], ['server-restart']]);
    expect(here.errors).toEqual(['saved: onSave: Error: no save']);
  });
});

describe('a saved room', () => {
  const fileOf = async (lot: string): Promise<Uint8Array> => {
    const here = hall();
    await join(here, 'saved', lot);
    return park(here, 10)[0] as Uint8Array;
  };

  it('[GE10] that is of no use is refused with a reason and leaves no room behind', async () => {
    const file = await fileOf('a');
    const damaged = Uint8Array.from(file, (byte, index) => (index === file.length - 3 ? byte ^ 1 : byte));
    const read = readRoomFile(file);
    if (typeof read === 'string') throw new Error(read);
    const cases: [Uint8Array, RegExp, Hall?][] = [
      [file.slice(0, 50), /no saved room, or only a part/],
      [file.slice(0, -1), /no saved room, or only a part/],
      [new Uint8Array(0), /no saved room/],
      [packPlain(['something', 1]), /no saved room/],
      [damaged, /bytes are damaged/],
      [packPlain(['tickwire room', 2]), /version 2, this server reads version 1/],
      [writeRoomFile({ ...read, name: 'cellar' }), /'cellar', which this server does not have/],
      [writeRoomFile({ ...read, name: 'constructor' }), /'constructor', which this server does not have/],
      [file, /another version of the game 'saved'/, hall({ saved: { game: otherGame, room: Saved as never } })],
      [writeRoomFile({ ...read, bytes: packPlain({ schemaHash: game.hash }) }), /could not be restored/],
      [writeRoomFile({ ...read, bytes: packPlain(7) }), /could not be restored/],
      [await fileOf('bad restore'), /could not be restored/],
    ];
    for (const [bytes, reason, there = hall()] of cases) {
      expect(there.lobby.restore(bytes, 0)).toMatch(reason);
      expect(there.lobby.rooms.size).toBe(0);
    }
    const there = hall();
    expect(there.lobby.restore(file, 0)).toBeUndefined();
    expect(there.lobby.restore(file, 0)).toMatch(/id is here already/);
    expect(there.lobby.rooms.size).toBe(1);
  });
});
