// What one client may send, by kind: messages, bytes and events, before and after its hello; and that an honest client who was in the dark is no flood.
//
// Units: milliseconds of the stepper's clock.

import { Room } from '@tickwire/server/core';
import { limits } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Stepper } from '../stepper.ts';
import { type HostileGame, hostileGame } from './hostile-game.ts';
import { Siege } from './siege.ts';

const chat = 0;

describe('what a link may carry', () => {
  it('[HO1] a message of a thousand events is handled over many ticks, in order, and more than may wait end their client', () => {
    const siege = new Siege(21);
    const guest = siege.guest();
    siege.run(50);
    const said = (): string[] => siege.room.chats.filter((line) => line.startsWith(`${guest.sessionId}: `));
    let most = 0;
    let before = 0;
    guest.events(...Array.from({ length: 1000 }, (_, index) => [chat, `${index}`]));
    siege.run(1500, () => {
      const { length } = said();
      // A step of 2 ms has one tick at most, and the message itself comes with the share of a tick that has begun.
      most = Math.max(most, length - before);
      before = length;
    });
    expect(said()).toEqual(Array.from({ length: 1000 }, (_, index) => `${guest.sessionId}: ${index}`));
    expect(most).toBeLessThanOrEqual(32);
    for (let message = 0; message < 3; message++) guest.events(...Array.from({ length: 1000 }, () => [chat, 'more']));
    siege.run(100);
    expect(guest.closed).toBe('flood');
    expect(said().length).toBeLessThan(1000 + 300);
    siege.expectHonest();
  });

  it('[HO2] unreliable bytes over 128 KiB in a second are dropped unread, and four times the messages of a second are a flood at once', () => {
    const siege = new Siege(22);
    const large = siege.guest();
    siege.run(50);
    const taken = (): number => siege.member(large)?.counters.packetsReceived ?? Number.NaN;
    // To the beginning of a second of the rate limit.
    siege.run(1000 - (siege.stepper.now % 1000));
    const before = taken();
    const full = (): Uint8Array =>
      large.packet({}, (out) => {
        for (let word = 0; word < 265; word++) out.write(0, 32);
      });
    for (let count = 0; count < limits.unreliablePerSecond; count++) large.send('unreliable', full());
    siege.run(20);
    expect(taken() - before).toBe(Math.floor(limits.unreliableBytesPerSecond / full().length));
    const quick = siege.guest();
    siege.run(50);
    for (let count = 0; count < limits.unreliableFlood + 2; count++) quick.send('unreliable', quick.packet());
    siege.run(20);
    expect(quick.closed).toBe('flood');
    siege.expectHonest();
  });

  it('[HO2] so are reliable bytes beyond what an outbox holds and 64 KiB a second', () => {
    const siege = new Siege(23);
    const guest = siege.guest();
    siege.run(50);
    const text = 'x'.repeat(16_000);
    siege.run(10_000, () => {
      if (guest.closed === undefined) for (let count = 0; count < 4; count++) guest.events([chat, text]);
    });
    expect(guest.closed).toBe('flood');
    expect(siege.room.chats.filter((line) => line.startsWith(guest.sessionId)).length).toBeLessThan((2 * limits.outboxBytes) / text.length);
    siege.expectHonest();
  });

  it('[HO3] a link that says other things than hello is closed with `flood` at 33 messages', () => {
    const siege = new Siege(24);
    const guest = siege.guest(false);
    for (let count = 0; count < limits.beforeHello; count++) guest.send('unreliable', guest.packet());
    siege.run(20);
    expect(guest.closed).toBeUndefined();
    guest.send('unreliable', guest.packet());
    siege.run(20);
    expect([guest.closed, siege.room.left]).toEqual(['flood', []]);
    siege.expectHonest();
  });

  it('[HO4] what an honest client has saved up in six seconds of darkness is no flood, and all of it is handled', () => {
    class Listening extends Room<HostileGame> {
      readonly heard: number[] = [];
      override onCreate(): void {
        this.on('told', (_client, { number }) => this.heard.push(number));
      }
    }
    const room = new Listening();
    const stepper = new Stepper<HostileGame>({ game: hostileGame, room, seed: 25 });
    const peer = stepper.join();
    let said = 0;
    const speak = (): void => {
      for (let count = 0; count < 2; count++) peer.room.emit('told', { number: ++said });
    };
    stepper.run(1000);
    peer.pair.blackout(6000);
    stepper.run(6000, speak);
    stepper.run(6000, speak);
    stepper.run(2000);
    expect([peer.room.ended, stepper.errors]).toEqual([undefined, []]);
    expect(room.heard).toEqual(Array.from({ length: said }, (_, index) => index + 1));
    expect(said).toBeGreaterThan(1400);
  });
});
