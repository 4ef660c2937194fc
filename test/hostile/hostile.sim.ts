// Clients that send what no correct client sends, to a live room with an honest client beside them: refused, ignored and counted, or ended; never felt.
//
// SIM_RUNS and SIM_SEED: see storms.ts. A failure prints the command that repeats it.

import { Lobby, Room } from '@tickwire/server/core';
import { type Lane, limits } from '@tickwire/shared';
import { messageKind, openBody, openFrame, packPlain, protocolVersion, type Sequence } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { hostileGame } from './hostile-game.ts';
import type { HostileGuest } from './hostile-guest.ts';
import { garbage, mutate } from './mutations.ts';
import { Siege } from './siege.ts';
import { packetsPerSeed, stormSeeds, stormTimeoutMs, sumOfStorms } from './storms.ts';

const chat = 0;
const rename = 1;

describe('joining', () => {
  it('[BI1] a join with another schema, another version or for an unknown room is refused by name, and no room is made or touched', async () => {
    let errors = 0;
    class Any extends Room<typeof hostileGame> {}
    const lobby = new Lobby({
      rooms: { arena: { game: hostileGame, room: Any } } as never,
      newId: () => `${Math.random()}`,
      newSeed: () => 1,
      onError: () => errors++,
    });
    const right = { protocol: protocolVersion, schemaHash: hostileGame.hash, method: 'joinOrCreate', target: 'arena', options: {} };
    const join = async (changes: object): Promise<string | undefined> =>
      (await lobby.join({ ...right, ...changes }, { address: '', headers: {} }, () => 0)).refusal?.code;
    expect(await join({ schemaHash: 'deadbeef' })).toBe('schema-mismatch');
    expect(await join({ protocol: 99 })).toBe('version-mismatch');
    expect(await join({ target: 'castle' })).toBe('unknown-room');
    expect(await join({ options: { name: 'x'.repeat(10_000) } })).toBe('bad-request');
    expect([lobby.rooms.size, errors]).toEqual([0, 0]);
    expect(await join({})).toBeUndefined();
  });

  it('[BI1] a hello of another version, with another token or for another seat ends its link, and never reaches the room', () => {
    const siege = new Siege(1);
    const [version, token, noise] = [siege.guest(false), siege.guest(false), siege.guest(false)] as [HostileGuest, HostileGuest, HostileGuest];
    version.hello({ protocol: 99 });
    token.hello({ token: 'guess' });
    noise.send('reliable', packPlain([messageKind.events, 1, 0, 0, [chat, 'let me in']]));
    siege.run(100);
    expect(siege.guests.map(({ closed }) => closed)).toEqual(['protocol-error', 'protocol-error', 'protocol-error']);
    expect([siege.room.left, siege.room.clients.length]).toEqual([[], 1]);
    expect(siege.room.chats.some((line) => line.startsWith('hostile'))).toBe(false);
    siege.expectHonest();
  });

  it('[BI2] a client that opens a link and never says hello loses it and its seat after 15 seconds', () => {
    const siege = new Siege(2);
    const silent = siege.guest(false);
    let step = 0;
    siege.run(3000, () => ++step % 75 === 0 && silent.send('unreliable', silent.packet()));
    expect(siege.member(silent)?.isHere).toBe(false);
    siege.run(12_500);
    expect([silent.closed, siege.member(silent), siege.room.left]).toEqual(['never-opened', undefined, []]);
    siege.expectHonest();
  });
});

describe('packets', () => {
  it(
    '[BI3] garbage, mutated, truncated, oversized, doubled and replayed packets on both lanes change nothing for anybody else',
    async () => {
      const sums = await sumOfStorms(storm);
      expect(sums.sent).toBeGreaterThanOrEqual(packetsPerSeed * stormSeeds.length);
      // The run did work: the packets reached readers, and guests were ended for them.
      expect(sums.wrong).toBeGreaterThan(sums.sent / 10);
      expect(sums.closed).toBeGreaterThan(stormSeeds.length);
      expect(sums.forged).toBeGreaterThan(sums.sent / 10);
    },
    stormTimeoutMs,
  );

  it('[BI4] an input outside its range is counted as wrong and moves nothing; 21 of them end the client', () => {
    const siege = new Siege(4);
    const guest = siege.guest();
    siege.run(50);
    const walker = siege.member(guest)?.client.entities[0] as { pos: { x: number } };
    const spoilt = (): Uint8Array =>
      guest.packet({ count: 1, newestTick: siege.stepper.core.world.tick + 3 }, (out) => {
        out.writeVar(0);
        out.write(31, 5); // move.x: -1 to 1 in eighths has the counts 0 to 16
        out.write(16, 5);
        out.write(15, 4); // level: 0 to 10
        out.write(3, 2); // mode: three choices
        out.write(0, 4);
      });
    for (let count = 0; count < 20; count++) guest.send('unreliable', spoilt());
    siege.run(200);
    expect([siege.member(guest)?.counters.wrong, guest.closed, walker.pos.x]).toEqual([20, undefined, 0]);
    guest.send('unreliable', guest.input(siege.stepper.core.world.tick + 3, { x: 1 }));
    siege.run(200);
    expect(walker.pos.x).toBeGreaterThan(0);
    guest.send('unreliable', spoilt());
    siege.run(50);
    expect([guest.closed, siege.room.left]).toEqual(['protocol-error', ['protocol-error']]);
    siege.expectHonest();
  });

  it('[BI4] what only a server says, or has more to it than an input packet, is wrong', () => {
    const siege = new Siege(3, { records: true });
    const guest = siege.guest();
    const input = guest.input(siege.stepper.core.world.tick + 3, { x: 1 });
    const body = input.subarray(4);
    const twice = new Uint8Array(200);
    const from = openFrame(twice, messageKind.input, 2, body.length);
    twice.set(body, from);
    const secondFrom = openBody(twice, from + body.length, body.length);
    twice.set(body, secondFrom);
    guest.send('unreliable', siege.down.unreliable.at(-1) as Uint8Array);
    guest.send(
      'unreliable',
      Uint8Array.from(input, (byte, index) => (index === 1 ? messageKind.snapshot : byte)),
    );
    guest.send('unreliable', twice.slice(0, secondFrom + body.length));
    guest.send('reliable', siege.down.reliable[0] as Uint8Array);
    guest.send('reliable', siege.up.reliable[0] as Uint8Array);
    siege.run(200);
    expect(siege.member(guest)?.counters.wrong).toBe(5);
    expect(siege.member(guest)?.client.entities.map((one) => one.type === 'walker' && one.pos.x)).toEqual([0]);
    siege.expectHonest();
  });

  it('[BI4] a name of 10 kB in an event is cut to its field, and other values out of range are brought into it or ignored', () => {
    const siege = new Siege(5);
    const guest = siege.guest();
    siege.run(50);
    guest.events(
      [rename, 'n'.repeat(10_000), 2],
      [rename, 'plain', 77],
      [rename, 'p', 'many'],
      [rename, { toString: 'x' }, 1],
      [chat, 'c'.repeat(3000)],
    );
    siege.run(100);
    expect(siege.room.names.map(({ length }) => length)).toEqual([12, 5]);
    expect(siege.room.world.all('walker').map(({ name }) => name.length <= 12)).toEqual([true, true]);
    expect(siege.room.chats.find((line) => line.startsWith('hostile'))?.length).toBe(`${guest.sessionId}: `.length + 40);
    expect([guest.closed, siege.stepper.core.eventsIgnored]).toEqual([undefined, 2]);
    siege.expectHonest();
  });

  it('[BI5] inputs for ticks thousands ahead or behind are refused, and those of the same client that are right still count', () => {
    const siege = new Siege(6);
    const guest = siege.guest();
    siege.run(50);
    const { core } = siege.stepper;
    for (const offset of [70, 100, 1000, 32_000, 32_767, 32_768, 40_000, 65_000])
      guest.send('unreliable', guest.input(core.world.tick + offset, { x: 1, fire: 9 }));
    const walker = siege.member(guest)?.client.entities[0] as { pos: { x: number }; presses: number };
    siege.run(2500);
    expect([walker.pos.x, walker.presses]).toEqual([0, 0]);
    for (let count = 0; count < 40; count++) {
      guest.send('unreliable', guest.input(core.world.tick + 2, { x: 1, fire: count % 16 }));
      siege.run(16);
    }
    expect(walker.pos.x).toBeGreaterThan(20);
    expect(guest.closed).toBeUndefined();
    siege.expectHonest();
  });

  it('[BI6] acks of packets that were never sent, or that never came, harm their sender alone', () => {
    const siege = new Siege(7);
    const guest = siege.guest();
    let tick = 0;
    siege.run(3000, () => {
      if (++tick % 10 !== 0) return;
      const ack = (siege.member(guest)?.sent.newest ?? 0) + siege.random.pick([0, 1, 5, 500, 32_767, 40_000]);
      guest.send(
        'unreliable',
        guest.packet({ ack: ack & 0xffff, ackBits: siege.random.int(2 ** 32), ackHoldMs: siege.random.int(256), resync: siege.random.int(16) }),
      );
    });
    expect(guest.closed).toBeUndefined();
    const { effects, flow } = siege.member(guest) ?? {};
    expect([(effects?.waiting.length ?? 999) <= 128, Number.isFinite(flow?.rttMs)]).toEqual([true, true]);
    siege.expectHonest();
  });
});

describe('floods and silence', () => {
  it('[BI7] a flood of the unreliable lane is dropped unread beyond 240 a second, and ended when it goes on', () => {
    const siege = new Siege(8);
    const guest = siege.guest();
    const { counters } = siege.member(guest) ?? {};
    siege.run(1500, () => guest.send('unreliable', guest.packet()));
    expect(counters?.packetsReceived).toBeLessThanOrEqual(2 * limits.unreliablePerSecond + 1);
    expect(counters?.overRate).toBeGreaterThan(150);
    expect(guest.closed).toBeUndefined();
    siege.run(6000, () => guest.send('unreliable', guest.packet()));
    expect([guest.closed, siege.room.left]).toEqual(['flood', ['flood']]);
    siege.expectHonest();
  });

  it('[BI7] a flood of the reliable lane ends its client', () => {
    const siege = new Siege(9);
    const guest = siege.guest();
    siege.run(40, () => {
      for (let count = 0; count < 100; count++) guest.events([chat, 'spam']);
    });
    siege.run(100);
    expect(guest.closed).toBe('flood');
    expect(siege.member(guest)).toBeUndefined();
    expect(siege.room.chats.filter((line) => line.startsWith('hostile')).length).toBeLessThan(200);
    siege.expectHonest();
  });

  it('[BI8] a client that sends inputs and never acknowledges gets ever less, a bounded amount is kept for it, and it is ended when reliable events pile up', () => {
    const siege = new Siege(10);
    const guest = siege.guest();
    let step = 0;
    const play = (): void => {
      if (++step % 16 === 0) guest.send('unreliable', guest.input(siege.stepper.core.world.tick + 3, { x: 1 }));
    };
    siege.run(6000, play);
    const before = guest.snapshots;
    siege.run(4000, play);
    expect(guest.snapshots - before).toBeLessThanOrEqual(9);
    expect(siege.member(guest)?.effects.waiting.length).toBeLessThanOrEqual(128);
    let emitted = 0;
    siege.run(25_000, () => {
      play();
      if (guest.closed) return;
      emitted++;
      siege.member(guest)?.client.emit('chat', { text: 'y'.repeat(40) });
    });
    expect(guest.closed).toBe('overflow');
    expect(emitted).toBeGreaterThan(1000);
    siege.expectHonest();
  });

  it('[BI8] a client that says hello and nothing more loses its link after ten seconds, and its place after twenty more', () => {
    const siege = new Siege(11);
    const guest = siege.guest();
    siege.run(9500);
    expect(guest.closed).toBeUndefined();
    siege.run(700);
    expect([guest.closed, siege.room.left]).toEqual(['timeout', []]);
    siege.run(20_000);
    expect([siege.member(guest), siege.room.left]).toEqual([undefined, ['timeout']]);
    siege.expectHonest();
  });

  it('[BI9] a message that teaches the reader records of its own changes the reading of no other message', () => {
    const siege = new Siege(12);
    const guest = siege.guest();
    // The extension by which msgpackr defines record structures: 64 is "an object with a and b" from here on, if it is believed.
    guest.send('reliable', Uint8Array.of(0x92, 0x06, 0xd4, 0x72, 0x40, 0x92, 0xa1, 0x61, 0xa1, 0x62, 1, 2));
    guest.send('reliable', Uint8Array.of(0xd5, 0x72, 0x40, 0x41, 0x92, 0xa1, 0x61, 0xa1, 0x62, 1, 2));
    siege.run(100);
    const other = siege.guest();
    other.send('reliable', packPlain([messageKind.events, 1, 0, 64, [rename, 'after', 3], [99, 65, 66]]));
    siege.run(100);
    expect([siege.room.names, siege.stepper.core.eventsIgnored]).toEqual([['after'], 1]);
    siege.expectHonest();
  });
});

/** Four guests send spoilt packets of a recorder for as long as it takes, and come again when they are ended. */
function storm(seed: number): Record<'sent' | 'wrong' | 'closed' | 'forged', number> {
  const siege = new Siege(seed, { records: true });
  const { random, up } = siege;
  let guests: HostileGuest[] = Array.from({ length: 4 }, () => siege.guest());
  let [sent, wrong, closed, step, forgedCount] = [0, 0, 0, 0, 0];
  const attack = (guest: HostileGuest): void => {
    const lane: Lane = random.chance(0.15) ? 'reliable' : 'unreliable';
    const others = up[lane];
    if (random.chance(0.2)) {
      guest.send('unreliable', forged(siege, guest));
      forgedCount++;
    } else {
      const bytes = random.chance(0.15)
        ? garbage(random, 200)
        : random.chance(0.1)
          ? random.pick(others)
          : mutate(random.pick(others), others, random);
      guest.send(lane, bytes);
      if (random.chance(0.1)) guest.send(lane, bytes);
    }
    if (random.chance(0.02)) guest.send(lane, new Uint8Array(random.int(20_000)));
    sent++;
  };
  while (sent < packetsPerSeed) {
    siege.run(2, () => {
      if (++step % 3 !== 0) return;
      guests = guests.map((guest) => {
        if (guest.closed === undefined) return guest;
        closed++;
        return siege.guest();
      });
      for (const guest of guests) attack(guest);
    });
    wrong = Math.max(wrong, 0) + guests.reduce((sum, guest) => sum + newlyWrong(siege, guest), 0);
  }
  expect(siege.stepper.core.members.size).toBeLessThanOrEqual(2 + siege.guests.length);
  for (const guest of guests) expect(siege.member(guest)?.effects.waiting.length ?? 0).toBeLessThanOrEqual(128);
  siege.expectHonest();
  return { sent, wrong, closed, forged: forgedCount };
}

/** A packet that can be read and lies: about what came, about ticks, and asking for a fresh start again and again. */
function forged(siege: Siege, guest: HostileGuest): Uint8Array {
  const { random } = siege;
  const { session, sent } = siege.member(guest) ?? {};
  const newest = session?.received.any ? session.received.newest : 0;
  const tick = siege.stepper.core.world.tick + random.pick([1, 2, 3, 5, 30, 60, -3, 2000]);
  const head = {
    sequence: ((newest + random.int(4)) & 0xffff) as Sequence,
    ack: random.chance(0.2) ? -1 : ((sent?.newest ?? 0) - random.pick([0, 0, 1, 2, 7, 40, -1, 30_000])) & 0xffff,
    ackBits: random.pick([0, 0xffffffff, random.int(2 ** 32)]),
    ackHoldMs: random.int(256),
    resync: random.chance(0.1) ? random.int(16) : 0,
    newestTick: tick & 0xffff,
  };
  return random.chance(0.3) ? guest.packet(head) : guest.input(tick, { x: random.range(-1, 1), fire: random.int(16) }, head);
}

const counted = new WeakMap<HostileGuest, number>();

function newlyWrong(siege: Siege, guest: HostileGuest): number {
  const now = siege.member(guest)?.counters.wrong ?? 0;
  const more = Math.max(0, now - (counted.get(guest) ?? 0));
  counted.set(guest, now);
  return more;
}
