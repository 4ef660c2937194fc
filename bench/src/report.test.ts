import { expect, test } from 'vitest';
import { exitStatus, type Gate, gateLines, judge, type Report, rounded, tableLines } from './report.ts';

const passed = judge('ticks skipped', 0, 'ticks', '= 0');

function report(rows: object[], gates: Gate[]): Report {
  const environment = {
    cpu: 'a CPU',
    cores: 2,
    os: 'an OS',
    node: 'v20',
    versions: {},
    loadavgBefore: [0],
    loadavg: [0],
    pinning: { server: null, generators: null },
  };
  return { suite: 'tick', seed: 1, environment, rows, gates };
}

test('[BE1] a gate holds within its bound and on it, and fails beyond', () => {
  expect([0, 1, 1.001].map((value) => judge('late', value, '%', '<= 1').ok)).toEqual([true, true, false]);
  expect([2, 1, 0.999].map((value) => judge('players', value, 'x', '>= 1').ok)).toEqual([true, true, false]);
  expect([0, 1].map((value) => judge('skipped', value, 'ticks', '= 0').ok)).toEqual([true, false]);
  expect(judge('bytes', 5, 'B', '<= 1.5', '<= 1')).toEqual({ name: 'bytes', value: 5, unit: 'B', gate: '<= 1.5', aim: '<= 1', ok: false });
});

test('[BE1] what could not be measured fails its gate, whatever the bound', () => {
  for (const gate of ['<= 1', '>= 0', '= 0'] as const) expect(judge('late', Number.NaN, '%', gate).ok).toBe(false);
});

test('[BE1] the exit status is 0 only when something was measured and every gate holds', () => {
  expect(exitStatus(report([{}], [passed]))).toBe(0);
  expect(exitStatus(report([{}], [passed, judge('late', 2, '%', '<= 1')]))).toBe(1);
  expect(exitStatus(report([], []))).toBe(1);
});

test('[BE2] a table has its columns aligned, and a gate says what was measured and what was wanted', () => {
  const columns = [
    { heading: 'players', text: (row: { n: number }) => `${row.n}` },
    { heading: 'x', text: (row: { n: number }) => rounded(row.n * 1000) },
  ];
  expect(tableLines(columns, [{ n: 5 }, { n: 50 }])).toEqual(['players      x', '      5   5000', '     50  50000']);
  expect(gateLines([passed, judge('late', 2.345, '%', '<= 1', '<= 0.1')])).toEqual([
    '  ok    ticks skipped: 0 ticks (gate = 0)',
    'FAILED  late: 2.35 % (gate <= 1, aim <= 0.1)',
  ]);
});

test('[BE2] numbers for people keep the digits that matter', () => {
  expect([0, 0.0123, 1.2345, 12.345, 1234.5, Number.NaN].map(rounded)).toEqual(['0', '0.012', '1.23', '12.3', '1235', '-']);
});
