// What a client has pressed, tick by tick: the same numbers for its own prediction as the server will use.

import { defineGame, entity, f, limits } from '@tickwire/shared';
import { BitReader, BitWriter, pressesBetween, readViewLag } from '@tickwire/shared/internal';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InputLog } from './input-log.ts';

const game = defineGame({
  name: 'log',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ x: f.uint(1) }) },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), aim: f.angle({ wire: 4 }), run: f.button(), fire: f.press(), jump: f.press() },
});
const layout = game.inputLayout;

/** Reads a packet's inputs as the server does, newest first. */
function readBack(log: InputLog<typeof game>, count: number): { rows: Int32Array[]; lags: number[] } {
  const out = new BitWriter(2000);
  log.write(out, count);
  const from = new BitReader();
  from.reset(out.finish());
  const rows: Int32Array[] = [];
  const lags: number[] = [];
  for (let index = 0; index < count; index++) {
    lags.push(readViewLag(from, lags.at(-1)));
    const row = new Int32Array(layout.words);
    const newer = rows.at(-1);
    if (!newer) layout.read(from, row, 0, 'wire', true);
    else if (from.read(1) === 0) row.set(newer);
    else layout.readDelta(from, row, 0, newer, 0, 'wire', true);
    rows.push(row);
  }
  expect(from.failed).toBe(false);
  expect(from.bitsLeft).toBeLessThan(8);
  return { rows, lags };
}

function fire(log: InputLog<typeof game>, from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => log.at(from + index).fire);
}

describe('InputLog', () => {
  it('[IL1] an input is used as the server will read it: on the wire grid, and what a sample leaves out has its initial value', () => {
    const log = new InputLog(game);
    log.add(7, { move: { x: 0.3, y: -5 }, aim: 3 }, 2);
    const input = log.at(7);
    expect(input.move).toEqual({ x: 0.25, y: -1 });
    expect(input.aim).toBeCloseTo(-Math.PI, 6);
    expect([input.run, input.fire, input.jump]).toEqual([false, 0, 0]);
  });

  it('[IL1] a sample of the wrong type is an error that names the field', () => {
    const log = new InputLog(game);
    expect(() => log.add(1, { run: 5 as unknown as boolean }, 0)).toThrow(/input\.run/);
    expect(() => log.add(1, { fire: -1 }, 0)).toThrow(/input\.fire/);
    expect(() => log.add(1, { move: { x: Number.NaN, y: 0 } }, 0)).toThrow(/input\.move/);
  });

  it('[IL2] a press is seen in its own tick and in no other, as a boolean or as a number, through the wrap at 16', () => {
    const log = new InputLog(game);
    const presses = Array.from({ length: 100 }, (_, tick) => [true, false, 0, 3, 1, 15][tick % 6] as boolean | number);
    presses.forEach((pressed, index) => {
      log.add(50 + index, { fire: pressed }, 0);
    });
    expect(fire(log, 50, 149)).toEqual(presses.map(Number));
    expect(fire(log, 150, 155)).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('[IL3] what is sent and what is used are the same, input by input', () => {
    const sample = fc.record({
      x: fc.integer({ min: -20, max: 20 }),
      run: fc.boolean(),
      fire: fc.nat(3),
      gap: fc.constantFrom(0, 0, 0, 0, 1, 3),
      lag: fc.nat(9),
    });
    fc.assert(
      fc.property(fc.array(sample, { minLength: 2, maxLength: 60 }), fc.nat(14), (samples, more) => {
        const log = new InputLog(game);
        let tick = 100;
        for (const { x, run, fire: pressed, gap, lag } of samples) {
          tick += 1 + gap;
          log.add(tick, { move: { x: x / 10, y: 0 }, run, fire: pressed }, tick - lag / 3);
        }
        const count = Math.min(2 + more, tick - 100 - (samples[0]?.gap ?? 0));
        const { rows } = readBack(log, count);
        rows.forEach((row, index) => {
          const values: Record<string, unknown> = {};
          layout.load(row, 0, values);
          const used = log.at(tick - index);
          expect([used.move, used.run]).toEqual([values['move'], values['run']]);
          const older = rows[index + 1];
          const at = layout.fields.find(({ name }) => name === 'fire')?.at ?? 0;
          if (older) expect(used.fire).toBe(pressesBetween(older[at] ?? 0, row[at] ?? 0));
        });
      }),
    );
  });

  it('[IL4] a tick that was left out repeats the levels and presses nothing, as on the server', () => {
    const log = new InputLog(game);
    log.add(10, { run: true, fire: 2 }, 0);
    log.add(14, { run: false, fire: 1 }, 0);
    expect(fire(log, 10, 14)).toEqual([2, 0, 0, 0, 1]);
    expect([11, 13, 14].map((tick) => log.at(tick).run)).toEqual([true, true, false]);
  });

  it('[IL4] beyond the newest input levels go on, and before the first there are the initial values', () => {
    const log = new InputLog(game);
    log.add(10, { run: true, fire: 2 }, 0);
    expect([log.at(11).run, log.at(11).fire, log.at(500).run]).toEqual([true, 0, true]);
    expect([log.at(9).run, log.at(9).fire]).toEqual([false, 0]);
    for (let tick = 11; tick <= 400; tick++) log.add(tick, { run: true, fire: 1 }, 0);
    expect([log.at(400 - 2 * limits.historyTicks).run, log.at(401 - 2 * limits.historyTicks).run]).toEqual([false, true]);
  });

  it('[IL5] a packet carries what is not acknowledged: 16 inputs at most, none of before the first', () => {
    const log = new InputLog(game);
    expect(log.unacknowledged).toBe(0);
    log.add(100, {}, 0);
    expect(log.unacknowledged).toBe(1);
    for (let tick = 101; tick <= 105; tick++) log.add(tick, {}, 0);
    expect(log.unacknowledged).toBe(6);
    log.ackedTick = 103;
    expect(log.unacknowledged).toBe(2);
    log.ackedTick = 200;
    expect(log.unacknowledged).toBe(0);
    for (let tick = 106; tick <= 300; tick++) log.add(tick, {}, 0);
    expect(log.unacknowledged).toBe(limits.inputsPerPacket);
  });

  it('[IL6] each input tells how far the view was behind it, in 64ths of a tick, never below 0 nor over 16 bits', () => {
    const log = new InputLog(game);
    log.add(10, {}, 4.5);
    log.add(11, {}, 5.507);
    log.add(12, {}, 60);
    log.add(13, {}, -2000);
    expect(readBack(log, 4).lags).toEqual([0xffff, 0, 352, 352]);
  });

  it('[IL7] a clock that is moved millions of ticks ahead costs no more than one that is moved a second', () => {
    const log = new InputLog(game);
    log.add(10, { run: true, fire: 3 }, 0);
    const startedAt = performance.now();
    for (let jump = 1; jump <= 20; jump++) log.add(jump * 100_000_000, { run: true, fire: 1 }, 0);
    expect(performance.now() - startedAt).toBeLessThan(200);
    expect(fire(log, 1_999_999_990, 2_000_000_000)).toEqual([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]);
    expect(log.at(1_999_999_950).run).toBe(true);
    const ring = 2 * limits.historyTicks; // the new input takes the place of the one before
    log.add(2_000_000_000 + ring, { run: false, fire: 2 }, 0);
    expect(fire(log, 2_000_000_000 + ring - 2, 2_000_000_000 + ring)).toEqual([0, 0, 2]);
    expect([log.at(2_000_000_000 + ring - 1).run, log.at(2_000_000_000 + ring).run]).toEqual([true, false]);
  });

  it('[IL8] an input holds when it is the one before it again; a press, a level or a first one does not', () => {
    const log = new InputLog(game);
    const holds: boolean[] = [];
    const samples = [{}, {}, { fire: 1 }, {}, { run: true }, { run: true, aim: 0.01 }, { run: true, jump: true }, { run: true, jump: true }];
    samples.forEach((sample, index) => {
      log.add(20 + index, sample, 10 + index / 2);
      holds.push(log.holds);
    });
    // Aim 0.01 is 0 on the wire. Of two presses in a row each is one.
    expect(holds).toEqual([false, true, false, true, false, true, false, false]);
    log.add(40, { run: true }, 0);
    expect(log.holds).toBe(true); // the gap repeats the levels
    log.add(40 + 2 * limits.historyTicks, { run: false }, 0);
    expect(log.holds).toBe(false);
  });

  it('[IL9] when the server knows that it holds, a change is sent with what came since, and nothing of before', () => {
    const log = new InputLog(game);
    for (let tick = 10; tick <= 30; tick++) log.add(tick, { run: tick >= 15 }, 0);
    expect([log.isKnown, log.unacknowledged]).toEqual([false, 16]);
    log.knownTick = 14; // of the stretch before
    expect(log.isKnown).toBe(false);
    log.knownTick = 16;
    expect(log.isKnown).toBe(true);
    log.add(31, { run: true }, 0);
    expect(log.isKnown).toBe(true);
    log.add(32, { run: true, fire: 1 }, 0);
    expect([log.isKnown, log.unacknowledged]).toEqual([false, 1]);
    log.add(33, { run: true }, 0);
    expect([log.isKnown, log.holds, log.unacknowledged]).toEqual([false, true, 2]);
    log.add(34, {}, 0);
    expect(log.unacknowledged).toBe(3);
    expect([log.newest(2), log.newest(90)]).toEqual([2, limits.inputsPerPacket]);
  });
});
