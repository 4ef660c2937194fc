// A server that sends what no correct server sends, to a client core: nothing throws, nothing runs away, and in the end the client leaves.
//
// SIM_RUNS: how many seeds (default 20, 1,040 packets each). SIM_SEED: only this one. A failure prints the command that repeats it.

import { ClientRoom } from '@tickwire/client/core';
import { type CloseCode, type Lane, limits, type MemoryLinkPair, memoryLinkPair, Random } from '@tickwire/shared';
import {
  BitWriter,
  codecTable,
  Decisions,
  emptySnapshotHead,
  encodeDecisions,
  firstOpening,
  messageKind,
  operation,
  packPlain,
  type Sequence,
  welcomeMessage,
  writeFrame,
  writeOpening,
  writeSnapshotHead,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { type HostileGame, hostileGame } from './hostile-game.ts';
import { garbage, mutate } from './mutations.ts';
import { type Recording, Siege } from './siege.ts';

const { SIM_RUNS, SIM_SEED } = process.env;
const seeds = SIM_SEED !== undefined ? [Number(SIM_SEED)] : Array.from({ length: Number(SIM_RUNS ?? 20) }, (_, index) => index + 1);
const packetsPerSeed = 1040;
/** What a frame may take; an honest one takes well under a millisecond. */
const frameMsMax = 400;

/** A client whose server is the test. */
class Victim {
  readonly room: ClientRoom<HostileGame>;
  readonly pair: MemoryLinkPair;
  readonly thrown: unknown[] = [];
  left: CloseCode | undefined;
  now = 1000;
  drawn = 0;
  longestFrameMs = 0;

  constructor(welcome: Uint8Array) {
    this.pair = memoryLinkPair({ seed: 1, now0: this.now, thrown: (error) => this.thrown.push(error) });
    this.pair.a.listen({ opened: () => {}, received: () => {}, closed: () => {} });
    this.room = new ClientRoom(hostileGame, { roomId: 'room', sessionId: 'recorder', token: 'token' }, this.now);
    this.room.accept(this.pair.b).catch(() => {});
    this.room.onLeave((code) => {
      this.left = code;
    });
    this.room.onInput(() => ({ move: { x: 1, y: 0 }, fire: true }));
    for (const name of ['chat', 'rename', 'told', 'spark'] as const) this.room.on(name, (fields) => void JSON.stringify(fields));
    // A page that looks at everything.
    this.room.onRender((view) => {
      for (const type of ['walker', 'ball', 'mob'] as const) for (const one of view.all(type)) this.drawn += JSON.stringify(one).length;
      JSON.stringify(view.state);
    });
    this.pair.advance(this.now);
    this.say('reliable', welcome);
  }

  say(lane: Lane, bytes: Uint8Array): void {
    this.pair.a.send(lane, bytes, this.now);
  }

  /** Time passes, with a frame at its end. */
  frame(ms: number): void {
    this.now += ms;
    const startedAt = performance.now();
    this.pair.advance(this.now);
    this.room.frame(this.now);
    this.longestFrameMs = Math.max(this.longestFrameMs, performance.now() - startedAt);
  }

  expectWhole(): void {
    expect(this.thrown).toEqual([]);
    expect(this.longestFrameMs).toBeLessThan(frameMsMax);
    expect(this.room.received.entities.length).toBeLessThanOrEqual(limits.worldSlots);
    expect(this.room.received.departed.length).toBeLessThanOrEqual(limits.worldSlots);
    expect(this.room.predictor?.world.slotCount ?? 0).toBeLessThanOrEqual(limits.worldSlots);
    for (const one of this.room.received.entities) expect(one?.count ?? 0).toBeLessThanOrEqual(limits.clientStates);
  }
}

const calmWelcome = packPlain(welcomeMessage({ epoch: 1, tick: 100, reliableReceived: 0, seed: 5 }));

/** A leading packet that names nothing, or what is in its segment. */
function bareSnapshot(
  sequence: number,
  tick: number,
  changes: Partial<ReturnType<typeof emptySnapshotHead>> = {},
  segment = new Uint8Array(0),
): Uint8Array {
  const out = new BitWriter(64);
  writeSnapshotHead(out, { ...emptySnapshotHead(), sequence: (sequence & 0xffff) as Sequence, tick, leads: true, ...changes });
  const head = out.finish();
  const body = new Uint8Array(head.length + segment.length);
  body.set(head);
  body.set(segment, head.length);
  const bytes = new Uint8Array(200);
  return bytes.slice(0, writeFrame(bytes, messageKind.snapshot, body));
}

describe('a hostile server', () => {
  it('[BI10] mutated, truncated, doubled and replayed packets on both lanes make a client neither throw nor grow nor hang, and end it when they go on', () => {
    const siege = new Siege(1, { records: true });
    siege.run(6000);
    const totals = { sent: 0, wrong: 0, drawn: 0, left: 0 };
    for (const seed of seeds) {
      try {
        const done = storm(seed, siege.down);
        totals.sent += done.sent;
        totals.wrong += done.wrong;
        totals.drawn += done.drawn;
        totals.left += done.left;
      } catch (error) {
        throw new Error(`SIM_SEED=${seed} npx vitest run --project sim test/hostile\n${error instanceof Error ? error.message : error}`, {
          cause: error,
        });
      }
    }
    if (seeds.length >= 20) expect(totals.sent).toBeGreaterThanOrEqual(20_000);
    expect(totals.wrong).toBeGreaterThan(totals.sent / 10);
    expect(totals.left).toBeGreaterThan(seeds.length);
    expect(totals.drawn).toBeGreaterThan(100_000);
  });

  it('[BI10] a record for a slot that no world has is wrong', () => {
    const victim = new Victim(calmWelcome);
    for (const [index, slot] of [100, limits.worldSlots - 1, limits.worldSlots, 20_000, 2 ** 30].entries()) {
      const out = new Decisions();
      const opening = { slot: -1, operation: 0, newerAge: 0, span: 0, gapped: 0 };
      out.reset();
      out.writeVar(1);
      firstOpening(opening);
      writeOpening(out, opening, slot, operation.despawn, 0, 0);
      out.writeVar(1);
      const coded = new Uint8Array(100);
      victim.say(
        'unreliable',
        bareSnapshot(index, 103 + index, {}, coded.subarray(0, encodeDecisions(codecTable, out.list, 0, out.length, coded, 0, 100))),
      );
      victim.frame(16);
    }
    expect([victim.room.stats.packetsReceived, victim.room.stats.packetsWrong]).toEqual([5, 3]);
    victim.expectWhole();
  });

  it('[BI11] a welcome to a tick beyond any clock ends the client instead of its page', () => {
    for (const tick of [2 ** 31, 2 ** 40, Number.MAX_SAFE_INTEGER - 2, Number.MAX_SAFE_INTEGER]) {
      const victim = new Victim(packPlain(welcomeMessage({ epoch: 1, tick, reliableReceived: 0, seed: 5 })));
      for (let frame = 0; frame < 20; frame++) victim.frame(16);
      victim.expectWhole();
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
      victim.expectWhole();
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
    victim.expectWhole();
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
    second.expectWhole();
  });
});

/** Victims take the true beginning of a recording, then spoilt packets of what follows. */
function storm(seed: number, down: Recording): { sent: number; wrong: number; drawn: number; left: number } {
  const random = new Random(seed);
  const [welcome, ...reliable] = down.reliable as [Uint8Array, ...Uint8Array[]];
  const done = { sent: 0, wrong: 0, drawn: 0, left: 0 };
  while (done.sent < packetsPerSeed) {
    const victim = new Victim(welcome);
    let next = 1 + random.int(80);
    for (let index = 0; index < next; index++) {
      victim.say('unreliable', down.unreliable[index] as Uint8Array);
      if (index % 2 === 0) victim.frame(50);
    }
    const wrongBefore = victim.room.stats.packetsWrong;
    while (victim.left === undefined && done.sent < packetsPerSeed && next < down.unreliable.length - 10) {
      for (let times = random.int(6); times > 0; times--, done.sent++) {
        const lane: Lane = random.chance(0.15) ? 'reliable' : 'unreliable';
        const others = lane === 'reliable' ? reliable : down.unreliable.slice(Math.max(0, next - 40), next + 5);
        const bytes = random.chance(0.1)
          ? garbage(random, 300)
          : random.chance(0.1)
            ? random.pick(others)
            : mutate(random.pick(others), others, random);
        victim.say(lane, bytes);
        if (random.chance(0.05)) victim.say(lane, bytes);
      }
      if (random.chance(0.5)) victim.say('unreliable', down.unreliable[next] as Uint8Array);
      next++;
      victim.frame(random.int(60));
      victim.expectWhole();
    }
    done.wrong += victim.room.stats.packetsWrong - wrongBefore;
    done.drawn += victim.drawn;
    if (victim.left !== undefined) done.left++;
  }
  return done;
}
