// What a client may control: one controller for each entity, and never more than a packet holds.

import { defineGame, entity, f, type Link, type LinkHandler } from '@tickwire/shared';
import { helloMessage, packPlain } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const game = defineGame({
  name: 'control',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity({ x: f.fixed(-1000, 1000) }, { predict: 'owner' }),
    chest: entity({ blob: f.bytes(400) }, { predict: 'owner' }),
    ball: entity({ blob: f.bytes(250) }, { predict: 'everyone' }),
  },
  input: { go: f.button() },
  steps: {
    walker(walker, input) {
      if (input.go) walker.x += 1;
    },
    chest: () => {},
    ball: () => {},
  },
});
type Control = typeof game;

class Field extends Room<Control> {}

class Match<R extends Field> {
  readonly room: R;
  readonly core: RoomCore<Control>;
  readonly errors: string[] = [];
  constructor(room: R) {
    this.room = room;
    this.core = new RoomCore({ game, room, roomId: 'r', seed: 1, onError: (error, where) => void this.errors.push(`${where}: ${error}`) }, 0);
    this.core.create({});
  }
  join(sessionId: string): Client<Control> {
    const member = this.core.reserve(sessionId, 'token', true, {}, 0);
    let handler: LinkHandler | undefined;
    const link: Link = {
      kind: 'memory',
      listen: (given) => {
        handler = given;
      },
      send: () => true,
      backlog: () => 0,
      maxBytes: () => 1100,
      close: () => {},
    };
    this.core.accept(sessionId, link);
    handler?.received('reliable', packPlain(helloMessage({ sessionId, token: 'token', instance: 1, reliableReceived: 0 })), 0);
    return member?.client as Client<Control>;
  }
  /** Makes ticks, with one client holding its button. */
  ticks(count: number, going?: Client<Control>): void {
    for (let made = 0; made < count; made++) {
      const tick = this.core.world.tick + 1;
      for (const { client, inputs } of this.core.members.values()) inputs.accept(tick, Int32Array.of(client === going ? 1 : 0), 0, tick, tick - 1);
      this.core.advance(this.core.nextTickAt);
    }
  }
}

describe('control', () => {
  it('[RM8] a controlled entity moves by its client, a released one by nobody, a given one by the other', () => {
    const match = new Match(new Field());
    const [ada, bob] = [match.join('ada'), match.join('bob')];
    const walker = match.room.world.spawn('walker');
    match.ticks(5, ada);
    expect(walker.x).toBe(0);
    ada.control(walker);
    match.ticks(5, ada);
    expect(walker.x).toBe(5);
    bob.control(walker);
    match.ticks(5, ada);
    expect(walker.x).toBe(5);
    expect([ada.entities, bob.entities]).toEqual([[], [walker]]);
    ada.release(walker); // it is not hers any more
    match.ticks(5, bob);
    expect(walker.x).toBe(10);
    bob.release(walker);
    match.ticks(5, bob);
    expect(walker.x).toBe(10);
    expect(bob.entities).toEqual([]);
  });

  it('[RM8] control ends with the entity, with the client, and only for the entity that was meant', () => {
    const match = new Match(new Field());
    const ada = match.join('ada');
    const gone = match.room.world.spawn('walker');
    ada.control(gone);
    match.room.world.despawn(gone);
    expect(ada.entities).toEqual([]);
    expect(() => ada.control(gone)).toThrow(/despawned/);
    match.ticks(70); // the slot has rested and is used again
    const next = match.room.world.spawn('walker');
    expect([next.id & 0x3fff, next.id === gone.id]).toEqual([gone.id & 0x3fff, false]);
    expect(ada.entities).toEqual([]);
    ada.control(next);
    ada.release(gone);
    expect(ada.entities).toEqual([next]);
    match.ticks(3, ada);
    expect(next.x).toBe(3);
    ada.leave(); // with her button held
    const bob = match.join('bob');
    match.ticks(5);
    expect(next.x).toBe(3);
    bob.control(next);
    expect([ada.entities, bob.entities]).toEqual([[], [next]]);
  });

  it('[RM8] in onLeave the client still has its entities, so that the room can take them out', () => {
    class Tidy extends Field {
      override onLeave(client: Client<Control>): void {
        for (const one of client.entities) this.world.despawn(one);
      }
    }
    const match = new Match(new Tidy());
    const ada = match.join('ada');
    ada.control(match.room.world.spawn('walker'));
    match.ticks(5);
    ada.leave();
    expect(match.room.world.all('walker')).toEqual([]);
    expect(match.errors).toEqual([]);
  });
});

describe('the prediction group', () => {
  const refusal = /control\(\): .* would predict up to \d+ bytes.* must fit one packet \(\d+ bytes\).*fewer entities/;

  it('[RM9] control that could make it larger than a packet is refused with the sum, and changes nothing', () => {
    const match = new Match(new Field());
    const [ada, bob] = [match.join('ada'), match.join('bob')];
    const chests = [1, 2, 3].map(() => match.room.world.spawn('chest'));
    const [one, two, three] = chests as [(typeof chests)[number], (typeof chests)[number], (typeof chests)[number]];
    ada.control(one);
    ada.control(two);
    bob.control(three);
    expect(() => ada.control(three)).toThrow(refusal);
    expect([ada.entities, bob.entities]).toEqual([[one, two], [three]]);
    ada.control(two); // what it has already does not count twice
    ada.release(one);
    ada.control(three);
    expect([ada.entities, bob.entities]).toEqual([[two, three], []]);
  });

  it('[RM9] what everyone predicts counts too', () => {
    const match = new Match(new Field());
    const ada = match.join('ada');
    match.room.world.spawn('ball');
    match.room.world.spawn('ball');
    ada.control(match.room.world.spawn('chest'));
    expect(() => ada.control(match.room.world.spawn('chest'))).toThrow(refusal);
  });

  it('[RM9] what everyone predicts and no packet holds ends the room with an error that says so', () => {
    const match = new Match(new Field());
    match.join('ada');
    for (let count = 0; count < 5; count++) match.room.world.spawn('ball', { blob: new Uint8Array(250).fill(count) });
    expect(() => match.ticks(60)).not.toThrow();
    expect(match.errors.length).toBe(1);
    expect(match.errors[0]).toMatch(/the prediction group .*1100 bytes.*fewer entities/);
    expect(match.core.isClosed).toBe(true);
  });
});
