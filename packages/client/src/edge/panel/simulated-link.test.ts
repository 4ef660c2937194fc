// The simulated network on a link, on a virtual clock: what was set is what is measured, on both lanes and in both directions.

import { type CloseCode, type Lane, type Link, type LinkHandler, type LinkKind, networkProfiles } from '@tickwire/shared';
import { describe, expect, test } from 'vitest';
import { type Conditions, clean, conditionFields, presets, profileOf } from './network-presets.ts';
import { type Clock, NetworkSimulator } from './network-simulator.ts';

interface Passed {
  readonly lane: Lane;
  readonly number: number;
  readonly at: number;
}

/** A link that delivers at once, to whoever holds it, a clock with its timers, and the simulator on it. */
class Bench {
  now = 0;
  readonly arrived: Passed[] = [];
  readonly left: Passed[] = [];
  readonly closed: CloseCode[] = [];
  readonly timers: { readonly at: number; readonly task: () => void }[] = [];
  readonly clock: Clock = {
    // Another zero than that of the room's clock.
    now: () => this.now + 5000,
    after: (ms, task) => {
      const timer = { at: this.now + ms, task };
      this.timers.push(timer);
      return () => void (this.timers.includes(timer) && this.timers.splice(this.timers.indexOf(timer), 1));
    },
  };
  readonly simulator = new NetworkSimulator(this.clock);
  takes = true;
  #inner: LinkHandler | undefined;
  readonly real: Link;
  link: Link;

  constructor(conditions: Partial<Conditions>, kind: LinkKind = 'webrtc', up: Partial<Conditions> = conditions) {
    this.real = {
      kind,
      listen: (handler) => {
        this.#inner = handler;
      },
      send: (lane, bytes, now) => {
        if (this.takes) this.left.push({ lane, number: numberOf(bytes), at: now });
        return this.takes;
      },
      backlog: () => 0,
      maxBytes: () => 1100,
      close: (code, now) => this.#inner?.closed(code, now),
    };
    this.simulator.set({ ...clean, ...conditions }, { ...clean, ...up });
    this.link = this.join();
  }

  join(): Link {
    const link = this.simulator.join(this.real);
    link.listen({
      opened: () => {},
      received: (lane, bytes, now) => this.arrived.push({ lane, number: numberOf(bytes), at: now }),
      closed: (code) => this.closed.push(code),
    });
    return link;
  }

  /** The server sends. */
  come(lane: Lane, number: number): void {
    this.#inner?.received(lane, numbered(number), this.now);
  }

  send(lane: Lane, number: number): boolean {
    return this.link.send(lane, numbered(number), this.now);
  }

  run(ms: number): void {
    const until = this.now + ms;
    for (;;) {
      const next = this.timers.reduce<(typeof this.timers)[number] | undefined>(
        (first, timer) => (!first || timer.at < first.at ? timer : first),
        undefined,
      );
      if (!next || next.at > until) break;
      this.timers.splice(this.timers.indexOf(next), 1);
      this.now = Math.max(this.now, next.at);
      next.task();
    }
    this.now = until;
  }

  /** A message each way on each lane every 10 ms. */
  flow(count: number): void {
    for (let number = 0; number < count; number++) {
      for (const lane of ['unreliable', 'reliable'] as const) {
        this.come(lane, number);
        this.send(lane, number);
      }
      this.run(10);
    }
    this.run(60_000);
  }
}

function numbered(number: number): Uint8Array {
  return Uint8Array.of(number & 0xff, number >>> 8, 7);
}

function numberOf(bytes: Uint8Array): number {
  return (bytes[0] as number) + (bytes[1] as number) * 256;
}

const ways = ['arrived', 'left'] as const;
const inOrder = Array.from({ length: 1000 }, (_, number) => number);

function of(lane: Lane, list: readonly Passed[]): readonly Passed[] {
  return list.filter((passed) => passed.lane === lane);
}

describe('a simulated link', () => {
  test('[NS1] latency is what was set, on both lanes and in both directions', () => {
    const bench = new Bench({ delayMs: 80 }, 'webrtc', { delayMs: 30 });
    bench.flow(1000);
    for (const [way, delayMs] of [['arrived', 80] as const, ['left', 30] as const])
      for (const lane of ['unreliable', 'reliable'] as const) {
        expect(of(lane, bench[way]).map(({ number }) => number)).toEqual(inOrder);
        for (const { number, at } of of(lane, bench[way])) expect(at - number * 10).toBeCloseTo(delayMs, 6);
      }
  });

  test('[NS2] losses, bursts, duplicates and reordering are those that were set, and the reliable lane is whole and in order', () => {
    const bench = new Bench({ delayMs: 20, jitterMs: 30, loss: 0.1, burstLoss: 0.1, burstPackets: 4, duplicate: 0.2, reorder: 0.1 });
    bench.flow(1000);
    for (const way of ways) {
      const loose = of('unreliable', bench[way]);
      const distinct = new Set(loose.map(({ number }) => number));
      // 0.9 x 0.1 + 0.1, with the deviation that bursts give.
      expect(1 - distinct.size / 1000).toBeGreaterThan(0.12);
      expect(1 - distinct.size / 1000).toBeLessThan(0.27);
      expect(loose.length / distinct.size).toBeGreaterThan(1.14);
      expect(loose.length / distinct.size).toBeLessThan(1.26);
      expect(loose.filter(({ number }, index) => index > 0 && number < (loose[index - 1] as Passed).number).length).toBeGreaterThan(50);
      const solid = of('reliable', bench[way]);
      expect(solid.map(({ number }) => number)).toEqual(inOrder);
      // What was lost was sent again.
      expect(Math.max(...solid.map(({ number, at }) => at - number * 10))).toBeGreaterThan(200);
    }
  });

  test('[NS2] bursts are as long as they were set', () => {
    const bench = new Bench({ burstLoss: 0.1, burstPackets: 5 });
    for (let number = 0; number < 20_000; number++) {
      bench.come('unreliable', number);
      bench.run(1);
    }
    const arrived = new Set(bench.arrived.map(({ number }) => number));
    const lost = inOrderTo(20_000).filter((number) => !arrived.has(number));
    const runs = lost.filter((number) => arrived.has(number - 1) || number === 0).length;
    expect(lost.length / 20_000).toBeGreaterThan(0.08);
    expect(lost.length / 20_000).toBeLessThan(0.12);
    expect(lost.length / runs).toBeGreaterThan(4.3);
    expect(lost.length / runs).toBeLessThan(5.7);
  });

  test('[NS3] bandwidth: no more passes than was set, and backlog tells what waits', () => {
    const bench = new Bench({ kilobytesPerSecond: 1 });
    for (let number = 0; number < 100; number++) {
      bench.come('unreliable', number);
      bench.send('unreliable', number);
    }
    expect(bench.link.backlog('unreliable')).toBe(300);
    bench.run(150);
    for (const way of ways) expect(bench[way]).toHaveLength(50);
    expect(bench.link.backlog('unreliable')).toBe(150);
  });

  test('[NS4] in a blackout nothing passes, on links that open in it neither; afterwards the reliable lane comes whole and in order', () => {
    const bench = new Bench({ delayMs: 10 });
    bench.send('reliable', 0);
    bench.run(20);
    bench.simulator.blackout(3000);
    bench.link = bench.join();
    for (let number = 1; number <= 100; number++) {
      bench.send('unreliable', number);
      bench.send('reliable', number);
      bench.come('reliable', number);
      bench.run(10);
    }
    expect(bench.simulator.blackoutMs).toBeCloseTo(2000, 6);
    bench.run(1990);
    expect(bench.left).toEqual([{ lane: 'reliable', number: 0, at: 10 }]);
    expect(bench.arrived).toEqual([]);
    bench.run(10_000);
    expect(bench.simulator.blackoutMs).toBe(0);
    expect(of('unreliable', bench.left)).toEqual([]);
    for (const way of ways)
      expect(
        of('reliable', bench[way])
          .map(({ number }) => number)
          .filter((number) => number > 0),
      ).toEqual(inOrderTo(100, 1));
  });

  test('[NS4] a blackout ends in its time though no message has yet told the clock of the room', () => {
    const bench = new Bench({ delayMs: 10 });
    bench.simulator.blackout(3000);
    bench.send('unreliable', 1);
    bench.run(3100);
    bench.send('unreliable', 2);
    bench.run(20);
    expect(bench.left.map(({ number }) => number)).toEqual([2]);
  });

  test('[NS4] a blackout can be ended before its time', () => {
    const bench = new Bench({ delayMs: 10 });
    bench.simulator.blackout(3000);
    bench.simulator.blackout(0);
    bench.send('unreliable', 1);
    bench.run(20);
    expect(bench.left).toHaveLength(1);
  });

  test('[NS5] over a WebSocket a loss holds up both lanes, and nothing is lost', () => {
    const bench = new Bench({ delayMs: 20, loss: 0.1 }, 'websocket');
    bench.flow(1000);
    for (const way of ways) {
      for (const lane of ['unreliable', 'reliable'] as const) expect(of(lane, bench[way]).map(({ number }) => number)).toEqual(inOrder);
      const times = bench[way].map(({ at }) => at);
      expect(times).toEqual([...times].sort((one, other) => one - other));
      expect(Math.max(...of('unreliable', bench[way]).map(({ number, at }) => at - number * 10))).toBeGreaterThan(200);
    }
  });

  test('[NS6] when it ends, all that is under way arrives at once and in order, and afterwards links go straight; no timer stays', () => {
    const bench = new Bench({ delayMs: 500, loss: 1 });
    bench.simulator.blackout(1e9);
    for (let number = 0; number < 20; number++) {
      bench.send('reliable', number);
      bench.come('reliable', number);
    }
    bench.run(100);
    bench.simulator.end();
    for (const way of ways) expect(bench[way].map(({ number, at }) => `${number} ${at}`)).toEqual(inOrderTo(19, 0).map((number) => `${number} 100`));
    expect(bench.timers).toEqual([]);
    bench.send('unreliable', 20);
    bench.come('unreliable', 21);
    expect([bench.left.at(-1)?.number, bench.arrived.at(-1)?.number]).toEqual([20, 21]);
    expect(bench.timers).toEqual([]);
  });

  test('[NS6] a link that closes takes with it what was under way, in order, and leaves no timer', () => {
    const bench = new Bench({ delayMs: 500 });
    for (let number = 0; number < 5; number++) {
      bench.send('reliable', number);
      bench.come('reliable', number);
    }
    bench.link.close('left', 0);
    for (const way of ways) expect(bench[way].map(({ number }) => number)).toEqual([0, 1, 2, 3, 4]);
    expect([bench.closed, bench.timers]).toEqual([['left'], []]);
  });

  test.each(['webrtc', 'websocket'] as const)(
    '[NS6] when the other end closes a %s link, that comes as late as any message, behind those before it',
    (kind) => {
      const bench = new Bench({ delayMs: 200 }, kind);
      bench.come('reliable', 1);
      bench.come('unreliable', 2);
      bench.real.close('link-replaced', bench.now);
      bench.takes = false;
      expect(bench.send('unreliable', 3)).toBe(true);
      bench.run(199);
      expect([bench.arrived, bench.closed]).toEqual([[], []]);
      bench.run(1);
      expect([bench.arrived.map(({ number }) => number), bench.closed, bench.timers]).toEqual([[1, 2], ['link-replaced'], []]);
      bench.link.close('left', bench.now);
      bench.simulator.end();
      expect(bench.closed[0]).toBe('link-replaced');
    },
  );

  test('[NS6] an end that is under way when the simulation ends is told at once, behind the rest', () => {
    const bench = new Bench({ delayMs: 200 });
    bench.come('reliable', 1);
    bench.real.close('room-closed', 0);
    bench.simulator.end();
    expect([bench.arrived.map(({ number }) => number), bench.closed, bench.timers]).toEqual([[1], ['room-closed'], []]);
  });

  test('[NS6] a reliable message that the real link does not take ends that link, so that the session sends it again', () => {
    const bench = new Bench({ delayMs: 50 });
    bench.send('reliable', 1);
    bench.takes = false;
    bench.run(100);
    expect(bench.closed).toEqual(['link-lost']);
  });

  test('[NS7] the same seed gives the same fates, link after link; another seed others', () => {
    const fates = (seed: number): unknown => {
      const bench = new Bench({ delayMs: 20, jitterMs: 40, loss: 0.2 });
      bench.simulator.end();
      bench.simulator.seed = seed;
      bench.link = bench.join();
      bench.flow(100);
      bench.link = bench.join();
      bench.flow(100);
      return [bench.arrived, bench.left];
    };
    expect(fates(1)).toEqual(fates(1));
    expect(fates(2)).not.toEqual(fates(1));
    // Of one link after the other: what passed.
    const [passed] = fates(1) as readonly (readonly Passed[])[];
    const through = of('unreliable', passed ?? []);
    const numbersOf = (isSecond: boolean): number[] => through.filter(({ at }) => at > 60_000 === isSecond).map(({ number }) => number);
    expect(numbersOf(false).length).toBeGreaterThan(60);
    expect(numbersOf(true).length).toBeGreaterThan(60);
    expect(numbersOf(false)).not.toEqual(numbersOf(true));
  });

  test('[NS8] the presets lose and delay as the networks that they are named after, and any numbers make a network', () => {
    for (const [name, profile] of [['4g', networkProfiles['4g']] as const, ['badWifi', networkProfiles.badWifi] as const]) {
      const preset = presets.find((one) => one.name === name) ?? expect.fail();
      const { enter = 0, leave = 1, loss = 0 } = profile.burst ?? {};
      expect(preset.down).toMatchObject({ delayMs: profile.delayMs, jitterMs: profile.jitterMs, burstPackets: Math.round(1 / leave) });
      expect(preset.down.loss + preset.down.burstLoss).toBeCloseTo((profile.loss ?? 0) + (enter / (enter + leave)) * (loss - (profile.loss ?? 0)), 2);
    }
    expect(presets.map(({ title }) => title)).toEqual(['4G', 'Bad Wi-Fi', 'Train', 'Hotel']);
    const wild = Object.fromEntries(conditionFields.map(({ name }, index) => [name, [-5, 1e9, Number.NaN][index % 3]])) as unknown as Conditions;
    const bench = new Bench(profileOf(wild) && wild);
    bench.flow(3);
    for (const { down, up } of presets) for (const conditions of [down, up]) expect(() => new Bench(conditions)).not.toThrow();
  });
});

function inOrderTo(last: number, first = 0): number[] {
  return Array.from({ length: last + 1 - first }, (_, index) => first + index);
}
