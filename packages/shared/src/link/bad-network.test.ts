import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { Random } from '../random.ts';
import { BadNetwork } from './bad-network.ts';
import type { Lane } from './link.ts';
import { averageLoss, completeProfile, type NetworkProfile, networkProfiles } from './network-profile.ts';

interface Arrival {
  readonly lane: Lane;
  readonly number: number;
  readonly atMs: number;
}

describe('BadNetwork', () => {
  it('[BN1] the same seed and the same calls give the same fate, another seed another one', () => {
    const fate = (seed: number) => sendSteadily(new BadNetwork(seed, networkProfiles.everything), 500, ['unreliable', 'reliable']);
    expect(fate(1)).toEqual(fate(1));
    expect(fate(2)).not.toEqual(fate(1));
  });

  it('[BN2] a message arrives when its delay is over and not before, and send delivers nothing', () => {
    const network = new BadNetwork(1, { delayMs: 50 });
    network.send('unreliable', numbered(1), 100);
    network.send('reliable', numbered(2), 100);
    expect(drained(network, 149.9)).toEqual([]);
    expect(network.nextAt()).toBe(150);
    expect(drained(network, 150)).toEqual([
      { lane: 'unreliable', number: 1, atMs: 150 },
      { lane: 'reliable', number: 2, atMs: 150 },
    ]);
    expect(network.nextAt()).toBe(Number.POSITIVE_INFINITY);
    expect(drained(network, 1e6)).toEqual([]);
  });

  it('[BN2] the bytes are copied when they are sent, out of a Node Buffer too', () => {
    const network = new BadNetwork(1, { delayMs: 1, duplicate: 1 });
    for (const bytes of [Uint8Array.of(1, 2, 3), Buffer.from([1, 2, 3])]) {
      network.send('unreliable', bytes, 0);
      bytes.fill(9);
    }
    const arrived: Uint8Array[] = [];
    network.drain(10, (_lane, bytes) => {
      arrived.push(Uint8Array.from(bytes));
      // A receiver may write into what it was given: a second copy has bytes of its own.
      bytes.fill(7);
    });
    expect(arrived).toEqual(Array.from({ length: 4 }, () => Uint8Array.of(1, 2, 3)));
  });

  it('[BN2] what is sent at a time before the newest one seen is sent at that one', () => {
    const network = new BadNetwork(1, { delayMs: 50 });
    drained(network, 100);
    network.send('unreliable', numbered(1), 40);
    network.send('unreliable', numbered(2), Number.NaN);
    expect(network.nextAt()).toBe(150);
    expect(drained(network, 150)).toHaveLength(2);
  });

  it('[BN3] without jitter nothing overtakes, whatever is lost, doubled or queued', () => {
    const profile = { delayMs: 30, loss: 0.1, duplicate: 0.1, rateBytesPerSecond: 20_000 };
    const network = new BadNetwork(3, profile);
    const arrived = sendSteadily(network, 2000, ['unreliable'], 1).map((arrival) => arrival.number);
    expect(arrived).toEqual([...arrived].sort((one, other) => one - other));
    expect(arrived.length).toBeGreaterThan(1500);
  });

  it('[BN3] jitter is a bell from 0 to jitterMs around its half, and lets packets overtake', () => {
    const network = new BadNetwork(3, { delayMs: 100, jitterMs: 60 });
    const arrived = sendSteadily(network, 6000, ['unreliable'], 5);
    const extraMs = arrived.map((arrival) => arrival.atMs - arrival.number * 5 - 100);
    for (const extra of extraMs) expect(extra >= 0 && extra < 60).toBe(true);
    // The deviation of the mean of 6000 is 0.13 ms, of one value 10 ms.
    const mean = extraMs.reduce((sum, extra) => sum + extra, 0) / extraMs.length;
    const variance = extraMs.reduce((sum, extra) => sum + (extra - mean) * (extra - mean), 0) / extraMs.length;
    expect(mean).toBeGreaterThan(29);
    expect(mean).toBeLessThan(31);
    expect(Math.sqrt(variance)).toBeGreaterThan(9.3);
    expect(Math.sqrt(variance)).toBeLessThan(10.7);
    expect(overtaken(arrived)).toBeGreaterThan(500);
  });

  it('[BN4] the share of lost packets is the one asked for', () => {
    for (const loss of [0, 0.01, 0.2, 1]) {
      const network = new BadNetwork(4, { delayMs: 1, loss });
      const arrived = sendSteadily(network, 10_000, ['unreliable'], 1);
      // Four standard deviations of 10,000 coins.
      expect(Math.abs(10_000 - arrived.length - 10_000 * loss)).toBeLessThanOrEqual(4 * Math.sqrt(10_000 * loss * (1 - loss)));
      expect(network.counters.unreliable.lost).toBe(10_000 - arrived.length);
    }
  });

  it('[BN5] burst loss comes in runs of the length asked for, and at the average computed for the profile', () => {
    const burst = { enter: 0.02, leave: 0.25, loss: 1 };
    const profile = { delayMs: 1, burst };
    const arrived = new Set(sendSteadily(new BadNetwork(5, profile), 40_000, ['unreliable'], 1).map((arrival) => arrival.number));
    let lost = 0;
    let runs = 0;
    for (let number = 0; number < 40_000; number++) {
      if (arrived.has(number)) continue;
      lost++;
      if (arrived.has(number - 1) || number === 0) runs++;
    }
    const expectedLoss = averageLoss(completeProfile(profile));
    expect(expectedLoss).toBeCloseTo(0.02 / 0.27, 10);
    expect(lost / 40_000).toBeGreaterThan(0.9 * expectedLoss);
    expect(lost / 40_000).toBeLessThan(1.1 * expectedLoss);
    // 1 / leave packets.
    expect(lost / runs).toBeGreaterThan(3.6);
    expect(lost / runs).toBeLessThan(4.4);
  });

  it('[BN6] the share of packets that arrive twice is the one asked for, and none arrives three times', () => {
    const network = new BadNetwork(6, { delayMs: 10, jitterMs: 10, duplicate: 0.2 });
    const arrived = sendSteadily(network, 10_000, ['unreliable', 'reliable'], 1);
    const times = new Map<number, number>();
    for (const { lane, number } of arrived) if (lane === 'unreliable') times.set(number, (times.get(number) ?? 0) + 1);
    const twice = [...times.values()].filter((count) => count === 2).length;
    expect(times.size).toBe(10_000);
    expect(Math.max(...times.values())).toBe(2);
    // A standard deviation is 40.
    expect(Math.abs(twice - 2000)).toBeLessThan(160);
    expect(network.counters.unreliable.doubled).toBe(twice);
    expect(arrived.filter((arrival) => arrival.lane === 'reliable')).toHaveLength(10_000);
  });

  it('[BN7] the share of packets held back is the one asked for, each by reorderMs, and others overtake them', () => {
    const arrived = sendSteadily(new BadNetwork(7, { delayMs: 10, reorder: 0.1, reorderMs: 25 }), 10_000, ['unreliable'], 10);
    const held = arrived.filter((arrival) => arrival.atMs - arrival.number * 10 > 10);
    for (const { number, atMs } of held) expect(atMs - number * 10).toBeCloseTo(35, 6);
    // A standard deviation is 30.
    expect(Math.abs(held.length - 1000)).toBeLessThan(120);
    expect(overtaken(arrived)).toBeGreaterThan(800);
  });

  it('[BN8] the bottleneck passes so many bytes a second and no more', () => {
    const network = new BadNetwork(8, { delayMs: 5, rateBytesPerSecond: 10_000, queueBytes: 1_000_000 });
    for (let number = 0; number < 100; number++) network.send('unreliable', numbered(number, 200), 0);
    const arrived = steppedTo(network, 10_000);
    // 200 bytes take 20 ms each.
    expect(arrived.map((arrival) => arrival.atMs)).toEqual(Array.from({ length: 100 }, (_, number) => (number + 1) * 20 + 5));
  });

  it('[BN8] a full queue drops what comes last, on the unreliable lane only, and backlog says what waits', () => {
    const network = new BadNetwork(8, { delayMs: 5, rateBytesPerSecond: 1000, queueBytes: 1000 });
    const taken = Array.from({ length: 12 }, (_, number) => network.send('unreliable', numbered(number, 100), 0));
    expect(taken).toEqual([...Array.from({ length: 10 }, () => true), false, false]);
    expect(network.send('reliable', numbered(50, 300), 0)).toBe(true);
    expect([network.backlog('unreliable'), network.backlog('reliable')]).toEqual([1000, 300]);
    expect(network.counters.unreliable.droppedByQueue).toBe(2);
    // Five are through after 500 ms, which makes room again: 500 + 300 wait, so two of 100 fit.
    expect(Array.from({ length: 3 }, () => network.send('unreliable', numbered(60, 100), 500))).toEqual([true, true, false]);
    expect(steppedTo(network, 5000).map((arrival) => arrival.number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 50, 60, 60]);
    expect([network.backlog('unreliable'), network.backlog('reliable')]).toEqual([0, 0]);
  });

  it('[BN9] nothing that is sent in a blackout arrives, what was under way does, and reliable messages come after it', () => {
    const network = new BadNetwork(9, { delayMs: 20, retransmitMs: 100 });
    network.send('unreliable', numbered(1), 0);
    network.blackout(1000);
    for (let number = 2; number < 5; number++) {
      network.send('unreliable', numbered(number), 10);
      network.send('reliable', numbered(number + 100), 10);
    }
    network.send('unreliable', numbered(6), 1000);
    const arrived = steppedTo(network, 10_000);
    expect(arrived.map((arrival) => arrival.number)).toEqual([1, 6, 102, 103, 104]);
    // Tried at 10, 110, 310, 710 and, the first time that gets through, 1510.
    expect(arrived.at(-1)?.atMs).toBe(1530);
  });

  it('[BN10] the reliable lane is in order and complete on any network', () => {
    for (const [name, profile] of Object.entries(networkProfiles)) {
      const arrived = sendSteadily(new BadNetwork(10, profile), 300, ['reliable']).map((arrival) => arrival.number);
      expect(arrived, name).toEqual(Array.from({ length: 300 }, (_, number) => number));
    }
  });

  it('[BN10] a lost reliable message arrives a repetition later and holds up those behind it, but no unreliable one', () => {
    const network = new BadNetwork(10, { delayMs: 30, loss: 1, retransmitMs: 200 });
    network.send('reliable', numbered(0), 0);
    network.setProfile({ delayMs: 30, retransmitMs: 200 });
    for (let number = 1; number <= 3; number++) {
      network.send('reliable', numbered(number), number * 10);
      network.send('unreliable', numbered(number + 100), number * 10);
    }
    expect(steppedTo(network, 1000)).toEqual([
      { lane: 'unreliable', number: 101, atMs: 40 },
      { lane: 'unreliable', number: 102, atMs: 50 },
      { lane: 'unreliable', number: 103, atMs: 60 },
      ...[0, 1, 2, 3].map((number) => ({ lane: 'reliable', number, atMs: 230 })),
    ]);
  });

  it('[BN11] each further loss of a reliable message doubles the wait, up to 3 s, and a healed network lets it through', () => {
    const network = new BadNetwork(11, { delayMs: 10, loss: 1 });
    network.send('reliable', numbered(7), 0);
    const triedAtMs: number[] = [];
    while (triedAtMs.length < 8) {
      const atMs = network.nextAt();
      triedAtMs.push(atMs);
      expect(drained(network, atMs)).toEqual([]);
    }
    // 2 x 10 + 200 ms first.
    expect(triedAtMs).toEqual([220, 660, 1540, 3300, 6300, 9300, 12_300, 15_300]);
    network.setProfile({ delayMs: 10 });
    expect(steppedTo(network, 60_000)).toEqual([{ lane: 'reliable', number: 7, atMs: 18_310 }]);
  });

  it('[BN12] traffic on one lane leaves the fate of the other as it was', () => {
    const profile = { delayMs: 30, jitterMs: 20, loss: 0.1, burst: networkProfiles.badWifi.burst ?? expect.fail(), duplicate: 0.1, reorder: 0.1 };
    const alone = sendSteadily(new BadNetwork(12, profile), 500, ['unreliable']);
    const beside = sendSteadily(new BadNetwork(12, profile), 500, ['reliable', 'unreliable']);
    expect(beside.filter((arrival) => arrival.lane === 'unreliable')).toEqual(alone);
  });

  it('[BN12] one more kind of trouble leaves the others as they were', () => {
    const profile = { delayMs: 30, jitterMs: 20, loss: 0.1 };
    const plain = sendSteadily(new BadNetwork(12, profile), 500, ['unreliable']);
    const doubling = sendSteadily(new BadNetwork(12, { ...profile, duplicate: 0.5 }), 500, ['unreliable']);
    expect(new Set(doubling.map((arrival) => arrival.number))).toEqual(new Set(plain.map((arrival) => arrival.number)));
    const times = new Set(doubling.map((arrival) => arrival.atMs));
    for (const arrival of plain) expect(times.has(arrival.atMs)).toBe(true);
    const less = new Set(sendSteadily(new BadNetwork(12, { ...profile, loss: 0.05 }), 500, ['unreliable']).map((arrival) => arrival.number));
    for (const arrival of plain) expect(less.has(arrival.number)).toBe(true);
  });

  it('[BN12] repetitions draw from a stream of their own: when they come changes no later loss', () => {
    const lostAtOnce = (retransmitMs: number) => {
      const network = new BadNetwork(12, { delayMs: 30, loss: 0.3, retransmitMs });
      return Array.from({ length: 300 }, (_, number) => {
        steppedTo(network, number * 10);
        const before = network.counters.reliable.lost;
        network.send('reliable', numbered(number), number * 10);
        return network.counters.reliable.lost > before;
      });
    };
    expect(lostAtOnce(50)).toEqual(lostAtOnce(700));
  });

  it('[BN13] draining late gives the same messages in the same order as draining at every step', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const fill = () => {
          const network = new BadNetwork(seed, networkProfiles.everything);
          const random = new Random(seed);
          for (let number = 0; number < 60; number++) network.send(random.pick(['unreliable', 'reliable']), numbered(number, 100), number * 10);
          return network;
        };
        const stepped = steppedTo(fill(), 60_000).map(({ lane, number }) => ({ lane, number }));
        const late = drained(fill(), 60_000).map(({ lane, number }) => ({ lane, number }));
        expect(late).toEqual(stepped);
      }),
      { numRuns: 50 },
    );
  });

  it('[BN14] either lane keeps a bounded number of bytes, empty messages counted too, and takes more when some have arrived', () => {
    for (const lane of ['unreliable', 'reliable'] as const) {
      for (const size of [0, 1000, limits.packetBytes]) {
        const network = new BadNetwork(14, { delayMs: 10 });
        let taken = 0;
        while (taken < 20_000 && network.send(lane, new Uint8Array(size), 0)) taken++;
        expect(taken).toBe(Math.floor(limits.outboxBytes / (size + 64)));
        expect(network.counters[lane].droppedByQueue).toBe(1);
        expect(drained(network, 10)).toHaveLength(taken);
        expect(network.send(lane, new Uint8Array(size), 10)).toBe(true);
      }
    }
  });

  it('[BN14] a second copy counts as long as it is kept, and no longer', () => {
    const network = new BadNetwork(14, { delayMs: 10, duplicate: 1 });
    const fill = (atMs: number) => {
      let taken = 0;
      while (taken < 20_000 && network.send('unreliable', new Uint8Array(0), atMs)) taken++;
      return taken;
    };
    for (const atMs of [0, 100, 200]) {
      expect(fill(atMs)).toBe(limits.outboxBytes / 64 / 2);
      drained(network, atMs + 10);
    }
  });

  it('[BN14] lost, doubled and delivered messages give their memory back', () => {
    const network = new BadNetwork(14, { ...networkProfiles.everything, rateBytesPerSecond: 1e9 });
    const arrived = sendSteadily(network, 20_000, ['unreliable', 'reliable'], 5, 1000);
    expect(network.counters.unreliable.sent).toBe(20_000);
    expect(arrived.filter((arrival) => arrival.lane === 'reliable')).toHaveLength(20_000);
  });

  it('[BN15] a new profile counts for what leaves afterwards, and the queue empties at its rate', () => {
    const network = new BadNetwork(15, { delayMs: 100 });
    network.send('unreliable', numbered(1), 0);
    network.setProfile({ delayMs: 10, rateBytesPerSecond: 100 });
    for (const number of [2, 3, 4]) network.send('unreliable', numbered(number, 10), 0);
    network.setProfile({ delayMs: 10 });
    // The one that is being sent keeps its time of 100 ms; those behind it follow at once.
    network.send('unreliable', numbered(5), 20);
    expect(steppedTo(network, 1000).map(({ number, atMs }) => [number, atMs])).toEqual([
      [1, 100],
      [2, 110],
      [3, 110],
      [4, 110],
      [5, 110],
    ]);
  });

  it('[BN16] what is sent from within deliver waits for the next drain, even when it is due at once', () => {
    const network = new BadNetwork(16, { delayMs: 0 });
    network.send('unreliable', numbered(0), 5);
    const echo = (atMs: number) => {
      let count = 0;
      network.drain(atMs, (lane, bytes) => {
        count++;
        network.send(lane, bytes, atMs);
      });
      return count;
    };
    expect([echo(5), echo(5), echo(5)]).toEqual([1, 1, 1]);
    expect(network.nextAt()).toBe(5);
  });

  it('[BN17] the counters add up when the network is empty', () => {
    const network = new BadNetwork(17, networkProfiles.everything);
    let refused = 0;
    for (let number = 0; number < 3000; number++) {
      for (const lane of ['unreliable', 'reliable'] as const) if (!network.send(lane, numbered(number, 400), number * 2)) refused++;
    }
    const arrived = steppedTo(network, 1e6);
    const { unreliable, reliable } = network.counters;
    expect(unreliable.sent + reliable.sent + refused).toBe(6000);
    expect(unreliable.droppedByQueue + reliable.droppedByQueue).toBe(refused);
    expect(unreliable.sent + unreliable.doubled).toBe(unreliable.delivered + unreliable.lost);
    expect(reliable.sent).toBe(reliable.delivered);
    expect(unreliable.delivered + reliable.delivered).toBe(arrived.length);
    for (const count of [refused, unreliable.lost, unreliable.doubled, reliable.lost]) expect(count).toBeGreaterThan(0);
  });

  it('[BN18] the named networks are what they are called', () => {
    const arrivedOver = (profile: NetworkProfile) => sendSteadily(new BadNetwork(18, profile), 2000, ['unreliable'], 20);
    expect(arrivedOver(networkProfiles.clean).map((arrival) => arrival.atMs)).toEqual(Array.from({ length: 2000 }, (_, number) => number * 20));
    const far = arrivedOver(networkProfiles.far);
    const meanMs = far.reduce((sum, arrival) => sum + arrival.atMs - arrival.number * 20, 0) / far.length;
    expect(2 * meanMs).toBeGreaterThan(598);
    expect(2 * meanMs).toBeLessThan(602);
    expect(overtaken(arrivedOver(networkProfiles.reordering))).toBeGreaterThan(200);
    expect(arrivedOver(networkProfiles.duplicates).length).toBeGreaterThan(2400);
    expect(Math.abs(arrivedOver(networkProfiles.lossy20).length - 1600)).toBeLessThan(72);
    expect((networkProfiles.slow.rateBytesPerSecond ?? 0) * 8).toBe(100_000);
  });
});

/** Sends numbered messages at a steady pace, on the virtual clock that `nextAt` leads, until everything has arrived. Sending starts at 0. */
function sendSteadily(network: BadNetwork, count: number, lanes: readonly Lane[], everyMs = 10, size = 20): Arrival[] {
  const arrived: Arrival[] = [];
  for (let number = 0; number < count; number++) {
    arrived.push(...steppedTo(network, number * everyMs));
    for (const lane of lanes) network.send(lane, numbered(number, size), number * everyMs);
  }
  arrived.push(...steppedTo(network, 1e6));
  expect(network.nextAt()).toBe(Number.POSITIVE_INFINITY);
  return arrived;
}

/** Drains at every moment that the network names, up to `untilMs`. */
function steppedTo(network: BadNetwork, untilMs: number): Arrival[] {
  const arrived: Arrival[] = [];
  for (let atMs = network.nextAt(); atMs <= untilMs; atMs = network.nextAt()) arrived.push(...drained(network, atMs));
  return arrived;
}

function drained(network: BadNetwork, atMs: number): Arrival[] {
  const arrived: Arrival[] = [];
  network.drain(atMs, (lane, bytes) => arrived.push({ lane, number: ((bytes[0] ?? 0) << 8) | (bytes[1] ?? 0), atMs }));
  return arrived;
}

/** How many arrived after one that was sent later. */
function overtaken(arrived: readonly Arrival[]): number {
  let newest = -1;
  let count = 0;
  for (const { number } of arrived) {
    if (number < newest) count++;
    else newest = number;
  }
  return count;
}

function numbered(number: number, size = 2): Uint8Array {
  const bytes = new Uint8Array(size);
  bytes[0] = number >> 8;
  bytes[1] = number & 0xff;
  return bytes;
}
