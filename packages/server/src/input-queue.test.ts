// The inputs of one client: one for each tick, whatever the network does to the packets.

import { defineGame, entity, f, limits } from '@tickwire/shared';
import { noMargin, pressesBetween } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputQueue } from './input-queue.ts';

const parts = {
  name: 'inputs',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ x: f.uint(1) }) },
  input: { held: f.uint(1000), run: f.button(), fire: f.press(), jump: f.press() },
};
const game = defineGame(parts);

/** An input as a row: presses are running counts. */
function row(held: number, fire = 0, jump = 0): Int32Array {
  const words = new Int32Array(game.inputLayout.words);
  game.inputLayout.store({ held, run: held % 2 === 1, fire, jump }, words, 0);
  return words;
}

const fireAt = game.inputLayout.fields.find(({ name }) => name === 'fire')?.at ?? 0;

function seen(queue: InputQueue<typeof game>): [held: number, fire: number] {
  return [queue.input.held, queue.input.fire];
}

describe('InputQueue', () => {
  it('[IQ1] each tick uses its own input, whatever order they came in', () => {
    const queue = new InputQueue(game);
    for (const tick of [5, 2, 4, 1, 3]) expect(queue.accept(tick, row(tick * 10), 0, 1, 0.5)).toBe(true);
    for (let tick = 1; tick <= 5; tick++) {
      queue.take(tick);
      expect([queue.input.held, queue.input.run]).toEqual([tick * 10, false]);
    }
    expect(queue.missed).toBe(0);
  });

  it('[IQ1] before the first input, levels are the initial ones and nothing is pressed or missed', () => {
    const queue = new InputQueue(game);
    for (let tick = 1; tick <= 3; tick++) queue.take(tick);
    expect(queue.input).toEqual({ held: 0, run: false, fire: 0, jump: 0 });
    expect([queue.missed, queue.newestTick]).toEqual([0, -1]);
  });

  it('[IQ2] the first input for a tick is final: a second one is refused, before the tick and after it', () => {
    const queue = new InputQueue(game);
    expect(queue.accept(1, row(7, 1), 0, 1, 0)).toBe(true);
    expect(queue.accept(1, row(8, 2), 0, 1, 0)).toBe(false);
    queue.take(1);
    expect(seen(queue)).toEqual([7, 1]);
    expect(queue.accept(1, row(9, 3), 0, 2, 1.2)).toBe(false);
    queue.take(2);
    expect(seen(queue)).toEqual([7, 0]);
  });

  it('[IQ3] a missing input repeats the levels and never a press, and is counted', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(7, 2), 0, 1, 0);
    queue.take(1);
    expect(seen(queue)).toEqual([7, 2]);
    for (let tick = 2; tick <= 100; tick++) {
      queue.take(tick);
      expect(seen(queue)).toEqual([7, 0]);
    }
    expect(queue.missed).toBe(99);
  });

  it('[IQ4] presses of a late input count once, at the next tick, and its levels hold from there', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(1, 0), 0, 1, 0);
    queue.take(1);
    queue.take(2);
    queue.take(3);
    expect(queue.accept(2, row(2, 3), 0, 4, 3.5)).toBe(true);
    queue.take(4);
    expect(seen(queue)).toEqual([2, 3]);
    queue.take(5);
    expect(seen(queue)).toEqual([2, 0]);
    // One that is older than what is in force says nothing new: counts run on.
    queue.accept(4, row(4, 5), 0, 6, 5.5);
    expect(queue.accept(3, row(3, 4), 0, 6, 5.5)).toBe(false);
    queue.take(6);
    expect(seen(queue)).toEqual([4, 2]);
  });

  it('[IQ4] a late input does not displace the one for the tick that is made', () => {
    const queue = new InputQueue(game);
    queue.accept(3, row(30, 4), 0, 1, 0);
    queue.take(1);
    queue.take(2);
    queue.accept(2, row(20, 1), 0, 3, 2.5);
    queue.take(3);
    expect(seen(queue)).toEqual([30, 4]);
  });

  it('[IQ5] presses are counted through the wrap at 16, each kind for itself', () => {
    const queue = new InputQueue(game);
    let fire = 0;
    let jump = 0;
    for (let tick = 1; tick <= 200; tick++) {
      const [fired, jumped] = [tick % 4, (tick * 7) % 16];
      fire += fired;
      jump += jumped;
      queue.accept(tick, row(tick, fire, jump), 0, tick, tick - 1);
      queue.take(tick);
      expect([queue.input.fire, queue.input.jump]).toEqual([fired, jumped]);
    }
  });

  it('[IQ6] inputs too far ahead are refused, and the queue keeps working', () => {
    const queue = new InputQueue(game);
    queue.accept(10, row(1), 0, 10, 9.5);
    expect(queue.accept(10 + limits.inputsQueued, row(2), 0, 10, 9.5)).toBe(false);
    expect(queue.accept(5_000_000, row(2), 0, 10, 9.5)).toBe(false);
    expect(queue.accept(9 + limits.inputsQueued, row(3), 0, 10, 9.5)).toBe(true);
    expect(queue.newestTick).toBe(9 + limits.inputsQueued);
    queue.take(10);
    expect(queue.input.held).toBe(1);
  });

  it('[IQ7] the margin is the least time by which an input came before its tick, in quarter ticks, below 0 when late, begins anew when taken, and is told apart from no input at all', () => {
    const queue = new InputQueue(game);
    expect(queue.takeMargin()).toBe(noMargin);
    queue.accept(12, row(1), 0, 10, 9.5);
    queue.accept(11, row(1), 0, 10, 9.6);
    expect(queue.takeMargin()).toBe(5); // 1.4 ticks
    expect(queue.takeMargin()).toBe(noMargin);
    queue.accept(15, row(1), 0, 11, 10.75);
    queue.accept(10, row(1), 0, 12, 11.2);
    expect(queue.takeMargin()).toBe(-5); // late by 1.2 ticks
    queue.accept(80, row(1), 0, 20, 19);
    expect(queue.takeMargin()).toBe(127);
    queue.accept(81, row(1), 0, 200, 199);
    expect(queue.takeMargin()).toBe(-127);
  });

  it('[IQ7] a repeated or refused input says nothing about the margin', () => {
    const queue = new InputQueue(game);
    queue.accept(12, row(1), 0, 10, 9);
    queue.accept(12, row(1), 0, 12, 11.9);
    queue.accept(900, row(1), 0, 12, 11.9);
    expect(queue.takeMargin()).toBe(12);
  });

  it('[IQ8] the lead counts the inputs that are here without a gap, 63 at most', () => {
    const queue = new InputQueue(game);
    expect(queue.lead(0)).toBe(0);
    for (const tick of [1, 2, 3, 5]) queue.accept(tick, row(tick), 0, 1, 0);
    expect([queue.lead(0), queue.lead(1), queue.lead(3), queue.lead(4)]).toEqual([3, 2, 0, 1]);
    for (let tick = 1; tick <= 64; tick++) queue.accept(tick, row(tick), 0, 1, 0);
    expect(queue.lead(0)).toBe(63);
  });

  it('[IQ9] the view lag in force is the one of the input in force', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(1), 40, 1, 0);
    queue.accept(2, row(1), 50, 1, 0);
    queue.take(1);
    expect(queue.viewLag).toBe(40);
    queue.take(2);
    queue.take(3);
    expect(queue.viewLag).toBe(50);
  });

  it('[IQ10] for any order of arrivals it does what a list of all first inputs would do', () => {
    const arrival = fc.record({ ahead: fc.integer({ min: -12, max: 80 }), held: fc.nat(1000), fire: fc.nat(15), takes: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(arrival, { maxLength: 120 }), (arrivals) => {
        const queue = new InputQueue(game);
        const model = { waiting: new Map<number, [number, number]>(), force: [0, 0] as [number, number], forceTick: -1, used: 0 };
        let next = 1;
        for (const { ahead, held, fire, takes } of arrivals) {
          const tick = next + ahead;
          if (tick >= 0) {
            const isLate = tick < next;
            const isTaken = isLate ? tick > model.forceTick : ahead < limits.inputsQueued && !model.waiting.has(tick);
            expect(queue.accept(tick, row(held, fire), 0, next, next - 0.5)).toBe(isTaken);
            if (isTaken && isLate) [model.force, model.forceTick] = [[held, fire], tick];
            else if (isTaken) model.waiting.set(tick, [held, fire]);
          }
          for (let take = 0; take < takes; take++, next++) {
            queue.take(next);
            const own = model.waiting.get(next);
            if (own) [model.force, model.forceTick] = [own, next];
            expect(seen(queue)).toEqual([model.force[0], (model.force[1] - model.used + 16) % 16]);
            model.used = model.force[1];
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  it('[IQ10] over a network that loses, repeats and delays packets of the last inputs, no press is lost or doubled and every input that came in time is used', () => {
    let exact = 0;
    const player = fc.record({ held: fc.nat(1000), presses: fc.nat(2), delay: fc.integer({ min: -3, max: 9 }), copies: fc.nat(2) });
    fc.assert(
      fc.property(fc.array(player, { minLength: 20, maxLength: 150 }), (ticks) => {
        const queue = new InputQueue(game);
        const counts: number[] = [];
        let total = 0;
        for (const { presses } of ticks) {
          total += presses;
          counts.push(total);
        }
        /** Packets by the tick before which they arrive; each holds the last four inputs. */
        const arrivals = new Map<number, number[]>();
        ticks.forEach(({ delay, copies }, tick) => {
          for (let copy = 0; copy < copies; copy++) {
            const at = Math.max(1, tick + delay + copy * 2);
            arrivals.set(at, [...(arrivals.get(at) ?? []), tick]);
          }
        });
        let pressed = 0;
        const arrived = new Set<number>();
        let inForce = 0;
        let wrapped = false;
        const inTime = new Set<number>();
        for (let tick = 1; tick < ticks.length + 30; tick++) {
          for (const newest of arrivals.get(tick) ?? []) {
            for (let of = newest; of > Math.max(0, newest - 4); of--) {
              queue.accept(of, row(ticks[of]?.held ?? 0, counts[of] ?? 0), 0, tick, tick - 0.5);
              arrived.add(of);
              if (of >= tick) inTime.add(of);
            }
          }
          queue.take(tick);
          pressed += queue.input.fire;
          if (inTime.has(tick)) expect(queue.input.held).toBe(ticks[tick]?.held);
          // What the player had pressed up to the newest input that is here by now; a silence of more than 15 presses is beyond a count of 4 bits.
          const newest = Math.max(0, ...[...arrived].filter((of) => of <= tick));
          const before = inForce === 0 ? 0 : (counts[inForce] ?? 0);
          wrapped ||= newest > 0 && (counts[newest] ?? 0) - before > 15;
          inForce = newest;
          if (!wrapped) expect(pressed).toBe(newest === 0 ? 0 : counts[newest]);
        }
        if (!wrapped) exact++;
        expect(pressed).toBeLessThanOrEqual(total);
      }),
      { numRuns: 300 },
    );
    expect(exact).toBeGreaterThan(150);
  });

  it('[IQ11] a held input is used for every tick until another comes: its levels go on, its presses are over, and nothing is missed', () => {
    const queue = new InputQueue(game);
    queue.accept(5, row(7, 2), 40, 5, 4.5);
    queue.hold(5, true);
    for (let tick = 5; tick <= 1000; tick++) {
      queue.take(tick);
      expect([...seen(queue), queue.viewLag]).toEqual([7, tick === 5 ? 2 : 0, 40]);
    }
    queue.bridge(1003, 1001);
    expect(queue.accept(1003, row(9, 3), 30, 1001, 1000.2)).toBe(true);
    queue.hold(1003, false);
    for (let tick = 1001; tick <= 1003; tick++) queue.take(tick);
    expect([...seen(queue), queue.viewLag, queue.missed]).toEqual([9, 1, 30, 0]);
    queue.take(1004);
    expect([...seen(queue), queue.missed]).toEqual([9, 0, 1]);
  });

  it('[IQ11] what an older packet says of its newest input is not believed', () => {
    const queue = new InputQueue(game);
    queue.accept(6, row(1), 0, 5, 4.5);
    queue.hold(6, false);
    queue.accept(5, row(1), 0, 5, 4.5);
    queue.hold(5, true);
    for (let tick = 5; tick <= 8; tick++) queue.take(tick);
    expect(queue.missed).toBe(2);
    queue.hold(900, true); // one that was refused
    queue.take(9);
    expect(queue.missed).toBe(3);
  });

  it('[IQ12] when a held input turns out to have changed too late, the ticks that it changed before are missed, each once', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(7, 1), 0, 1, 0.5);
    queue.hold(1, true);
    for (let tick = 1; tick <= 10; tick++) queue.take(tick);
    // It changed in tick 8; the packet came when 11 was next, and comes again.
    for (let repeat = 0; repeat < 2; repeat++) {
      for (const tick of [12, 11, 10, 9, 8]) queue.accept(tick, row(tick, 2), 0, 11, 10.5);
      queue.hold(12, true);
      expect(queue.missed).toBe(3);
    }
    queue.take(11);
    expect(seen(queue)).toEqual([11, 1]);
    queue.take(12);
    queue.take(13);
    expect([...seen(queue), queue.missed]).toEqual([12, 0, 3]);
    // A sign of life that comes late says the same: nothing is missed, but the margin tells.
    queue.takeMargin();
    queue.accept(13, row(12, 2), 0, 14, 13.75);
    queue.hold(13, true);
    expect([queue.missed, queue.takeMargin()]).toEqual([3, -3]);
  });

  it('[IQ13] the lead goes through ticks with a held input up to the newest one that came', () => {
    for (const taken of [1, 5]) {
      const queue = new InputQueue(game);
      queue.accept(5, row(7), 0, 1, 0.5);
      queue.hold(5, true);
      for (let tick = 1; tick <= taken; tick++) queue.take(tick);
      queue.bridge(9, taken + 1);
      for (const tick of [10, 9]) queue.accept(tick, row(8), 0, taken + 1, taken + 0.5);
      queue.hold(10, false);
      expect([queue.lead(5), queue.lead(8), queue.lead(10)]).toEqual([5, 2, 0]);
    }
    const queue = new InputQueue(game);
    queue.accept(5, row(7), 0, 5, 4.5);
    queue.hold(5, true);
    queue.bridge(1_000_000_000, 6); // a hostile one costs nothing
    expect(queue.lead(5)).toBe(0);
  });

  it('[IQ14] saved and restored, levels go on and presses are not counted again', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(7, 9), 0, 1, 0.5);
    queue.take(1);
    const restored = new InputQueue(game);
    restored.restore(queue.save());
    restored.take(2);
    expect(seen(restored)).toEqual([7, 0]);
    restored.accept(3, row(8, 11), 0, 3, 2.5);
    restored.take(3);
    expect([...seen(restored), restored.missed]).toEqual([8, 2, 0]);
  });

  it('[IQ15] over a network that loses, repeats and reorders packets of a client that goes quiet, every tick that could be known is made with its input', () => {
    let quietTicks = 0;
    const stretch = fc.record({
      length: fc.oneof(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 10, max: 120 })),
      held: fc.nat(3),
      fire: fc.nat(2),
    });
    const way = fc.option(fc.integer({ min: -4, max: 6 }), { nil: undefined, freq: 4 });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 3, maxLength: 12 }), fc.array(way, { minLength: 40, maxLength: 40 }), (stretches, ways) => {
        // What the player does, by tick: levels, presses so far, and since when both are the same.
        const player: { held: number; fire: number; since: number }[] = [{ held: 0, fire: 0, since: 0 }];
        for (const { length, held, fire } of stretches) {
          const since = player.length;
          const pressed = (player.at(-1)?.fire ?? 0) + fire;
          for (let count = 0; count < length; count++) player.push({ held, fire: pressed, since });
        }
        const queue = new InputQueue(game);
        /** By the tick before which they arrive. */
        const packets = new Map<number, { newest: number; oldest: number }[]>();
        let [known, acked, quietSince] = [-1, 0, 0];
        const came = new Set<number>();
        for (let next = 1; next < player.length + 30; next++) {
          // The client, which learns at once what arrived: a packet every other tick while it is not quiet, a sign of life every 20.
          const own = player[next];
          const isQuiet = own !== undefined && known >= own.since && next > own.since;
          if (own && !isQuiet && quietSince > 0) acked = Math.max(acked, own.since - 1);
          quietSince = isQuiet ? quietSince || next : 0;
          if (isQuiet) quietTicks++;
          if (own && next % (isQuiet ? 20 : 2) === 0) {
            const oldest = isQuiet ? next - 1 : Math.max(1, acked + 1, next - limits.inputsPerPacket + 1);
            for (const copy of [0, 1]) {
              const late = ways[(next + copy * 7) % ways.length];
              if (late === undefined || (copy === 1 && next % 3 > 0)) continue;
              const at = Math.max(next - 4, next + late, 1);
              packets.set(at, [...(packets.get(at) ?? []), { newest: next, oldest }]);
            }
          }
          // The server makes a tick four ticks after its input: packets come up to four ticks before their newest one is made, and up to six after it.
          const made = next - 4;
          for (const { newest, oldest } of packets.get(made) ?? []) {
            const holds = newest > (player[newest]?.since ?? 0);
            if (newest - oldest + 1 < limits.inputsPerPacket) queue.bridge(oldest, made);
            for (let tick = newest; tick >= oldest; tick--) {
              queue.accept(tick, row(player[tick]?.held ?? 0, player[tick]?.fire ?? 0), 0, made, made - 0.5);
              came.add(tick);
            }
            queue.hold(newest, holds);
            if (holds) known = Math.max(known, newest);
            acked = Math.max(acked, made + queue.lead(made));
          }
          if (made < 1 || made >= player.length) continue;
          queue.take(made);
          const { held = 0, since = 0, fire = 0 } = player[made] ?? {};
          let isKnown = false;
          for (let tick = since; tick <= made; tick++) isKnown ||= came.has(tick);
          if (isKnown) expect([queue.input.held, pressesBetween(queue.save()[fireAt] ?? 0, fire)]).toEqual([held, 0]);
        }
      }),
      { numRuns: 300 },
    );
    expect(quietTicks).toBeGreaterThan(1000);
  });
});
