// A server that sends what no correct server sends, to a client core: nothing throws, nothing runs away, and in the end the client leaves.
//
// SIM_RUNS and SIM_SEED: see storms.ts. A failure prints the command that repeats it.

import { type Lane, limits, Random } from '@tickwire/shared';
import {
  BitReader,
  emptySnapshotHead,
  messageKind,
  packPlain,
  readFrame,
  readSnapshotHead,
  type Sequence,
  welcomeMessage,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { despawns, forgedSnapshot, snapshotPacket } from './forged-snapshot.ts';
import { hostileGame } from './hostile-game.ts';
import { garbage, mutate } from './mutations.ts';
import { type Recording, Siege } from './siege.ts';
import { packetsPerSeed, stormSeeds, stormTimeoutMs, sumOfStorms } from './storms.ts';
import { Victim } from './victim.ts';

const greeting = { token: 'next', reliableFrom: 0, reconnectSeconds: 20, lives: 0 };
const calmWelcome = packPlain(welcomeMessage({ epoch: 1, tick: 100, reliableReceived: 0, seed: 5, ...greeting }));

/** A leading packet that names nothing. */
function bareSnapshot(sequence: number, tick: number, changes: Parameters<typeof snapshotPacket>[0] = {}): Uint8Array {
  return snapshotPacket({ sequence: (sequence & 0xffff) as Sequence, tick, leads: true, ...changes });
}

describe('a hostile server', () => {
  it(
    '[BI10] spoilt packets on both lanes, and forged snapshots, make a client neither throw nor grow nor hang, and end it when they go on',
    async () => {
      const siege = new Siege(1, { records: true });
      siege.run(6000);
      const sums = await sumOfStorms((seed) => storm(seed, siege.down));
      expect(sums.sent).toBeGreaterThanOrEqual(packetsPerSeed * stormSeeds.length);
      // The run did work: packets reached readers, lies were believed, and clients left for it.
      expect(sums.wrong).toBeGreaterThan(sums.sent / 10);
      expect(sums.believed).toBeGreaterThan(sums.sent / 50);
      expect(sums.left).toBeGreaterThan(stormSeeds.length);
      expect(sums.drawn).toBeGreaterThan(5000 * stormSeeds.length);
    },
    stormTimeoutMs,
  );

  it('[BI10] a record for a slot that no world has is wrong', () => {
    const victim = new Victim(calmWelcome);
    const last = limits.worldSlots - 1;
    for (const [index, slots] of [[100], [last], [last, last + 1], [9000, 20_000], [100, last, last + last]].entries()) {
      victim.say('unreliable', snapshotPacket({ sequence: index as Sequence, tick: 103 + index, leads: true }, despawns(slots)));
      victim.frame(16);
    }
    expect([victim.room.stats.packetsReceived, victim.room.stats.packetsWrong]).toEqual([5, 3]);
    expect(victim.faults).toEqual([]);
  });

  it('[BI11] a welcome to a tick beyond any clock ends the client instead of its page', () => {
    for (const tick of [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER - 2, Number.MAX_SAFE_INTEGER]) {
      const victim = new Victim(packPlain(welcomeMessage({ epoch: 1, tick, reliableReceived: 0, seed: 5, ...greeting })));
      for (let frame = 0; frame < 20; frame++) victim.frame(16);
      expect(victim.faults).toEqual([]);
      expect(victim.left).toBe('protocol-error');
    }
  });

  for (const leads of [true, false]) {
    it(`[BI11] snapshots that leap through time do not make a client simulate what they leap over, ${leads ? 'leading' : 'not leading'}`, () => {
      const { down } = new Siege(1, { records: true });
      const victim = new Victim(down.reliable[0] as Uint8Array);
      for (let index = 0; index < 40; index++) {
        victim.say('unreliable', down.unreliable[index] as Uint8Array);
        victim.frame(50);
      }
      expect(victim.room.view.all('ball').length).toBe(1);
      let sequence = 1000;
      let tick = victim.room.received.newestTick;
      for (let frame = 0; frame < 200; frame++) {
        for (let packet = 0; packet < 10; packet++) {
          tick += 32_000;
          victim.say('unreliable', bareSnapshot(sequence++, tick, { leads }));
        }
        victim.frame(16);
      }
      expect(tick).toBeGreaterThan(60_000_000);
      expect(victim.faults).toEqual([]);
      expect(victim.left).toBeUndefined();
    });
  }

  it('[BI11] reports of impossible lateness move the inputs ahead by a bounded number of ticks', () => {
    const victim = new Victim(calmWelcome);
    for (let frame = 0; frame < 600; frame++) {
      if (frame % 3 === 0)
        victim.say('unreliable', bareSnapshot(frame / 3, 100 + frame, { ack: (frame / 3) & 0xff, ackHoldMs: 255, inputMargin: -127 }));
      victim.frame(1000 / 60);
    }
    expect(victim.faults).toEqual([]);
    expect(victim.room.stats.leadTicks).toBeLessThanOrEqual(limits.inputsQueued + 1);
  });

  it('[BI12] messages before the welcome, a second welcome and events of no known kind are wrong or ignored', () => {
    const victim = new Victim(packPlain([messageKind.events, 1, 0, 0, [0, 'early']]));
    victim.frame(16);
    expect(victim.left).toBe('protocol-error');
    const second = new Victim(calmWelcome);
    second.say('reliable', calmWelcome);
    second.say('reliable', packPlain([messageKind.events, 1, 0, 0, [77, 1], [0, 5], [2, 'x'], [0, 'fine']]));
    const heard: string[] = [];
    second.room.on('chat', ({ text }) => heard.push(text));
    second.frame(16);
    expect([heard, second.room.stats.packetsWrong, second.left]).toEqual([['fine'], 4, undefined]);
    expect(second.faults).toEqual([]);
  });
});

/** Victims take the true beginning of a recording, then spoilt packets of what follows, and forged ones in its place. */
function storm(seed: number, down: Recording): Record<'sent' | 'wrong' | 'believed' | 'drawn' | 'left', number> {
  const random = new Random(seed);
  const [welcome, ...reliable] = down.reliable as [Uint8Array, ...Uint8Array[]];
  const done = { sent: 0, wrong: 0, believed: 0, drawn: 0, left: 0 };
  while (done.sent < packetsPerSeed) {
    const victim = new Victim(welcome);
    let next = 1 + random.int(80);
    for (let index = 0; index < next; index++) {
      victim.say('unreliable', down.unreliable[index] as Uint8Array);
      if (index % 2 === 0) victim.frame(50);
    }
    const wrongBefore = victim.room.stats.packetsWrong;
    const { received } = victim.room;
    while (victim.left === undefined && done.sent < packetsPerSeed && next < down.unreliable.length - 10) {
      for (let times = random.int(6); times > 0; times--, done.sent++) {
        const lane: Lane = random.chance(0.15) ? 'reliable' : 'unreliable';
        const others = lane === 'reliable' ? reliable : down.unreliable.slice(Math.max(0, next - 40), next + 5);
        const bytes = spoilt(random, others);
        victim.say(lane, bytes);
        if (random.chance(0.05)) victim.say(lane, bytes);
      }
      victim.frame(random.int(60));
      const before = received.changes;
      const isForged = random.chance(0.4);
      const told = { game: hostileGame, entities: received.entities, tick: received.newestTick };
      const truth = down.unreliable[next] as Uint8Array;
      if (isForged) victim.say('unreliable', forgedSnapshot(random, told, sequenceOf(truth)));
      else if (random.chance(0.6)) victim.say('unreliable', truth);
      next++;
      victim.frame(random.int(20));
      if (isForged) {
        done.sent++;
        if (received.changes > before) done.believed++;
      }
      const { faults } = victim;
      if (faults.length > 0) throw new Error(`after packet ${done.sent}: ${faults.join(', ')}`);
    }
    done.wrong += victim.room.stats.packetsWrong - wrongBefore;
    done.drawn += victim.drawn;
    if (victim.left !== undefined) done.left++;
  }
  return done;
}

function spoilt(random: Random, others: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.1)) return garbage(random, 300);
  return random.chance(0.1) ? random.pick(others) : mutate(random.pick(others), others, random);
}

function sequenceOf(packet: Uint8Array): Sequence {
  const frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  const reader = new BitReader();
  const head = emptySnapshotHead();
  readFrame(packet, frame);
  reader.reset(packet, frame.from, frame.to);
  readSnapshotHead(reader, head);
  return head.sequence;
}
