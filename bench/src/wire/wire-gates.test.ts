import { expect, test } from 'vitest';
import { arenaTrace } from './arena-trace.ts';
import { emptyRow } from './byte-rows.ts';
import { byteGates, cpuGates, idleGates } from './wire-gates.ts';
import { wirePlan } from './wire-options.ts';
import type { WireRow } from './wire-row.ts';

const trace = arenaTrace(1, 1);

function row(codec: string, ackAge: string, bytesMean: number, check = '1 ok'): WireRow {
  return { ...emptyRow(trace, codec, 'all', ackAge), bytesMean, lossRatio: codec === 'colyseus' ? null : 1.1, check };
}

test('[BW14] the byte gates hold Tickwire against Colyseus at both ack ages, and a wrong receiver fails the run', () => {
  const rows = [row('colyseus', '1', 1000), row('colyseus', '3', 1000), row('tickwire', '1', 240), row('tickwire', '3', 400)];
  const gates = byteGates(rows);
  expect(gates.map(({ value, ok }) => [value, ok])).toEqual([
    [0, true],
    [0.24, true],
    [1.1, true],
    [0.4, false],
    [1.1, true],
  ]);
  expect(byteGates([row('tickwire', '1', 240, 'FAIL: entity 1 is missing')])[0]?.ok).toBe(false);
});

test('[BW15] only what was measured has a gate, and each has a bound and an aim', () => {
  expect(byteGates([row('tickwire', '1', 240)]).map(({ name }) => name)).toEqual([
    'rows whose receivers differ from the truth',
    'bytes at 5 % loss (arena, next snapshot)',
  ]);
  const contest = { server: 1.5, serverEncodeOnly: 1, serverOwnViews: 4, decode: 0.5, manyOverOne: 15 };
  const gates = [...cpuGates([{ ...contest, trace: 'arena' }]), ...idleGates({ bytes: 1400, downPackets: 2, upPackets: 10 })];
  expect(gates.map(({ ok }) => ok)).toEqual([true, true, true, true, true]);
  for (const { gate, aim } of gates) expect([gate, aim]).toEqual([expect.stringMatching(/^<= /), expect.stringMatching(/^<= /)]);
  expect(cpuGates([{ ...contest, trace: 'crowd' }]).map(({ ok }) => ok)).toEqual([true, false]);
  expect(cpuGates([{ ...contest, trace: 'bodies', decode: Number.NaN }]).map(({ ok }) => ok)).toEqual([false]);
});

test('[BW16] a wrong option is refused by its name', () => {
  expect(wirePlan({})).toMatchObject({ seed: 1, traces: ['arena', 'crowd', 'bodies'], only: undefined, bytesOnly: false });
  expect(wirePlan({ trace: 'arena,bodies', only: 'tickwire', bytes: true, seed: '5' })).toMatchObject({
    traces: ['arena', 'bodies'],
    only: ['tickwire'],
    seed: 5,
  });
  expect(() => wirePlan({ trace: 'forest' })).toThrow("--trace: 'forest' is none of arena, crowd, bodies");
  expect(() => wirePlan({ only: 'tickwire,xml' })).toThrow('--only');
  expect(() => wirePlan({ seed: 'x' })).toThrow('--seed');
});
