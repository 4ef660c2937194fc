// What the server believes a client to hold, ack by ack. Against a client that loses packets it is played in due-list.test.ts.

import { Random } from '@tickwire/shared';
import { type Form, form } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { despawnMarks, RecordLog, stateMarks } from './record-log.ts';
import { entry, entryWords, keyOf, Replica } from './replica.ts';

function wordsOf(replica: Replica, slot: number): { base: number; older: number; rest: number } {
  const [, base = 0, older = 0, rest = 0] = replica.entries.subarray(slot * entryWords, (slot + 1) * entryWords);
  return { base: base < 0 ? -1 : base, older, rest };
}

/** The client acknowledged a packet of `tick` with a state of an entity. */
function acknowledge(replica: Replica, slot: number, version: number, seenAs: Form, tick: number, rests = false): void {
  replica.acknowledge(Int32Array.of(9, 9, stateMarks(slot, rests), keyOf(version, seenAs), 9, 9), 2, 4, tick);
}

function acknowledgeEnd(replica: Replica, slot: number, key: number, tick: number): void {
  replica.acknowledge(Int32Array.of(despawnMarks(slot), key), 0, 2, tick);
}

function keyAt(replica: Replica, slot: number): number {
  return replica.entries[slot * entryWords + entry.key] as number;
}

function make(slots = 4): Replica {
  const replica = new Replica();
  replica.grow(slots);
  return replica;
}

describe('Replica', () => {
  it('[RP3] an ack of before an entity changed its form, came back or was replaced says nothing about it', () => {
    const replica = make();
    replica.enter(1, 1, form.seen, 10);
    acknowledge(replica, 1, 1, form.seen, 9, true);
    expect(wordsOf(replica, 1)).toEqual({ base: -1, older: -1, rest: -1 });
    acknowledge(replica, 1, 1, form.seen, 12, true);
    expect(wordsOf(replica, 1)).toEqual({ base: 12, older: -1, rest: 12 });
    replica.enter(1, 1, form.owned, 20);
    expect(wordsOf(replica, 1)).toEqual({ base: -1, older: -1, rest: -1 });
    acknowledge(replica, 1, 1, form.owned, 19, true);
    acknowledge(replica, 1, 1, form.seen, 25, true); // the form of before
    expect(wordsOf(replica, 1)).toEqual({ base: -1, older: -1, rest: -1 });
    acknowledge(replica, 1, 1, form.owned, 20);
    expect(wordsOf(replica, 1)).toEqual({ base: 20, older: -1, rest: -1 });
    replica.leave(1, 22);
    replica.enter(1, 1, form.owned, 24); // out of view and back
    acknowledge(replica, 1, 1, form.owned, 23, true);
    expect(wordsOf(replica, 1).base).toBe(-1);
    replica.enter(1, 2, form.owned, 30);
    acknowledge(replica, 1, 1, form.owned, 31, true);
    expect(wordsOf(replica, 1)).toEqual({ base: -1, older: -1, rest: -1 });
  });

  it('[RP3] what is taken under control just now is no longer known as it was seen', () => {
    const replica = make();
    replica.enter(1, 7, form.seen, 10);
    acknowledge(replica, 1, 7, form.seen, 12, true);
    replica.enterOwned(1, 15);
    expect([keyAt(replica, 1), wordsOf(replica, 1).base]).toEqual([keyOf(7, form.owned), -1]);
    // As others see it, it is acknowledged as well: from now on, and forward only.
    acknowledge(replica, 1, 7, form.seen, 14, true);
    expect(replica.seenRests[1]).toBe(14);
    acknowledge(replica, 1, 7, form.seen, 18, true);
    acknowledge(replica, 1, 7, form.seen, 17, true);
    acknowledge(replica, 1, 7, form.seen, 21, false);
    acknowledge(replica, 1, 6, form.seen, 22, true);
    expect([replica.seenRests[1], wordsOf(replica, 1).base]).toEqual([18, -1]);
  });

  it('[RP3] bases are the two newest ticks that were acknowledged, in whatever order', () => {
    const replica = make();
    replica.enter(1, 1, form.seen, 10);
    const bases: [number, number][] = [];
    for (const tick of [13, 11, 19, 16, 17, 14, 19, 22]) {
      acknowledge(replica, 1, 1, form.seen, tick);
      bases.push([wordsOf(replica, 1).base, wordsOf(replica, 1).older]);
    }
    // 11 comes after 13 was a base that may have been named alone.
    expect(bases).toEqual([
      [13, -1],
      [13, -1],
      [19, 13],
      [19, 16],
      [19, 17],
      [19, 17],
      [19, 17],
      [22, 19],
    ]);
  });

  it('[RP3] the two newest ticks of packets are kept beside it, whatever was in them, until all is forgotten', () => {
    const replica = make();
    const ticks: [number, number][] = [];
    for (const tick of [6, 6, 12, 9, 3, 10, 12, 15]) {
      replica.acknowledgeTick(tick);
      ticks.push([replica.newestTick, replica.previousTick]);
    }
    expect(ticks).toEqual([
      [6, -1],
      [6, -1],
      [12, 6],
      [12, 9],
      [12, 9],
      [12, 10],
      [12, 10],
      [15, 12],
    ]);
    replica.forget(20);
    expect([replica.newestTick, replica.previousTick]).toEqual([-1, -1]);
  });

  it('[RP8] an older base that is given up does not come back with late acks', () => {
    const replica = make();
    replica.enter(1, 1, form.seen, 0);
    acknowledge(replica, 1, 1, form.seen, 3);
    acknowledge(replica, 1, 1, form.seen, 100);
    replica.dropOlder(1); // 3 is too old: 100 is named alone
    acknowledge(replica, 1, 1, form.seen, 97);
    expect(wordsOf(replica, 1)).toEqual({ base: 100, older: -1, rest: -1 });
    acknowledge(replica, 1, 1, form.seen, 103);
    expect(wordsOf(replica, 1)).toEqual({ base: 103, older: 100, rest: -1 });
  });

  it('[RP4] a despawn is due until one of its own was acknowledged', () => {
    const replica = make();
    replica.enter(1, 5, form.seen, 10);
    replica.leave(1, 20);
    const leaving = keyAt(replica, 1);
    expect(leaving).toBeLessThan(0);
    acknowledge(replica, 1, 5, form.seen, 19, true);
    acknowledge(replica, 1, 5, form.seen, 21, true);
    acknowledgeEnd(replica, 1, leaving, 19); // of an earlier time out of view
    acknowledgeEnd(replica, 1, leaving - 1, 22); // of the entity after it
    expect(keyAt(replica, 1)).toBe(leaving);
    acknowledgeEnd(replica, 1, leaving, 20);
    expect(keyAt(replica, 1)).toBe(0);
    acknowledgeEnd(replica, 1, leaving, 23);
    expect(keyAt(replica, 1)).toBe(0);
  });

  it('[RP5] forgetting leaves no base and no rest, and keeps what is to be known and what is to end', () => {
    const replica = make();
    replica.enter(1, 1, form.owned, 10);
    replica.enter(2, 1, form.seen, 10);
    replica.leave(2, 11);
    acknowledge(replica, 1, 1, form.owned, 12, true);
    acknowledge(replica, 1, 1, form.seen, 12, true);
    replica.forget(15);
    expect([wordsOf(replica, 1), replica.seenRests[1]]).toEqual([{ base: -1, older: -1, rest: -1 }, 14]);
    expect([keyAt(replica, 1), keyAt(replica, 2), keyAt(replica, 3)]).toEqual([keyOf(1, form.owned), -2, 0]);
    acknowledge(replica, 1, 1, form.owned, 14, true);
    acknowledgeEnd(replica, 2, -2, 14);
    expect([wordsOf(replica, 1).base, keyAt(replica, 2)]).toEqual([-1, -2]);
  });

  it('[RP9] a slot has its handle until the client has forgotten it; then the next one has it, the lowest first', () => {
    const replica = make(200);
    const give = (slot: number): number => {
      replica.giveHandles(Int32Array.of(slot), 1);
      return replica.slotOfHandle.indexOf(slot, 1);
    };
    expect([150, 7, 33, 7].map(give)).toEqual([1, 2, 3, 2]);
    replica.giveHandles(Int32Array.of(0, 33), 2); // the room's state is handle 0 always
    expect(replica.handleEnd).toBe(4);
    for (const slot of [150, 7]) {
      replica.enter(slot, 1, form.seen, 10);
      replica.leave(slot, 20);
    }
    replica.enter(150, 2, form.seen, 30);
    acknowledgeEnd(replica, 150, -2, 25);
    acknowledgeEnd(replica, 7, -2, 25);
    expect([8, 150, 9].map(give)).toEqual([2, 1, 4]);
    expect(replica.handleEnd).toBe(5);
    replica.grow(1000);
    expect([give(33), give(900), replica.handleEnd]).toEqual([3, 5, 6]);
  });

  it('[RP10] a client knows by its handle what it acknowledged as seen; what it owned, or never acknowledged, it does not', () => {
    const replica = make();
    const leaves = (seenAs: Form, acked: boolean): boolean => {
      replica.enter(1, 1, seenAs, 10);
      if (acked) acknowledge(replica, 1, 1, seenAs, 12);
      replica.leave(1, 20);
      return replica.isLeavingNamed(1);
    };
    expect([leaves(form.seen, true), leaves(form.seen, false), leaves(form.owned, true), leaves(form.shared, true)]).toEqual([
      true,
      false,
      false,
      false,
    ]);
    leaves(form.seen, true);
    replica.forget(30);
    expect(replica.isLeavingNamed(1)).toBe(false);
  });

  it('[RP3] what a shared segment named is acknowledged by masks as it is record by record', () => {
    fc.assert(
      fc.property(fc.nat(), (seed) => {
        const both = new TwoReplicas(new Random(seed));
        for (let tick = 1; tick < 120; tick++) both.next(tick);
        expect(both.usual).toBeGreaterThan(10);
      }),
      { numRuns: 60 },
    );
  });
});

const slots = 70;

/** The same client twice: one takes acks by masks, the other record by record. */
class TwoReplicas {
  usual = 0;
  readonly #random: Random;
  readonly #log = new RecordLog();
  readonly #masked = make(slots);
  readonly #plain = make(slots);
  readonly #sent: {
    readonly tick: number;
    readonly from: number;
    readonly to: number;
    readonly masksAt: number;
    readonly page: RecordLog['page'];
  }[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Things come, go and are taken under control; a snapshot of up to two packets leaves; acks come, late ones too. */
  next(tick: number): void {
    const random = this.#random;
    for (let slot = 0; slot < slots; slot++) {
      const what = random.int(200);
      for (const replica of [this.#masked, this.#plain]) {
        if (keyAt(replica, slot) === 0 || what === 0) replica.enter(slot, tick, what === 1 ? form.owned : form.seen, tick);
        else if (keyAt(replica, slot) > 0 && what === 2) replica.leave(slot, tick);
        else if (keyAt(replica, slot) > 0 && what === 3) replica.enterOwned(slot, tick);
        else if (what === 4) replica.dropOlder(slot);
      }
    }
    if (random.chance(0.01)) for (const replica of [this.#masked, this.#plain]) replica.forget(tick);
    this.#log.begin(tick, slots);
    const middle = random.chance(0.8) ? slots : random.int(slots);
    this.#send(tick, 0, middle);
    this.#send(tick, middle, slots);
    for (let acks = random.int(4); acks > 0 && this.#sent.length > 0; acks--) {
      // The oldest mostly; at times a newer one overtakes it, and at times one is lost.
      const [packet] = this.#sent.splice(random.chance(0.6) ? 0 : random.int(Math.min(8, this.#sent.length)), 1);
      if (packet && random.chance(0.95)) this.#acknowledge(packet);
    }
  }

  #send(tick: number, fromSlot: number, toSlot: number): void {
    const random = this.#random;
    const from = this.#log.page.length;
    for (let slot = fromSlot; slot < toSlot; slot++) {
      const key = keyAt(this.#plain, slot);
      if (key === 0 || random.chance(0.1)) continue;
      if (key < 0) this.#log.add(despawnMarks(slot), key);
      // What a client controls, a segment names as others see it.
      else this.#log.add(stateMarks(slot, random.chance(0.1)), ((key - 1) & ~3) + 1);
    }
    const to = this.#log.page.length;
    this.#sent.push({ tick, from, to, masksAt: this.#log.mask(from, to), page: this.#log.page });
  }

  #acknowledge({ tick, from, to, masksAt, page }: { tick: number; from: number; to: number; masksAt: number; page: RecordLog['page'] }): void {
    const [masked, plain] = [this.#masked, this.#plain];
    masked.acknowledgeTick(tick, page.masks, masksAt, page.maskWords);
    masked.acknowledgeSegment(page.records, from, tick, page.masks, masksAt, page.maskWords);
    plain.acknowledgeTick(tick);
    plain.acknowledge(page.records, from, to, tick);
    const told = (replica: Replica): number[][] =>
      Array.from({ length: slots }, (_, slot) => [
        keyAt(replica, slot),
        replica.baseOf(slot),
        replica.olderOf(slot),
        wordsOf(replica, slot).rest,
        replica.seenRests[slot] as number,
      ]);
    expect(told(masked)).toEqual(told(plain));
    for (const word of masked.usual) if (word !== 0) this.usual++;
  }
}
