import { expect, test } from 'vitest';
import { tickCells } from './tick-options.ts';

test('[BE5] every combination of the lists is a cell, and without options there are the published ones', () => {
  const cells = tickCells({ players: '5,6', tickHz: '30,60', snapshotHz: 15, seconds: 4, seed: 9 });
  expect(cells.map(({ players, tickHz }) => [players, tickHz])).toEqual([
    [5, 30],
    [6, 30],
    [5, 60],
    [6, 60],
  ]);
  expect(cells[0]).toMatchObject({ snapshotHz: 15, seconds: 4, seed: 9 });
  expect(tickCells({}).map(({ players, tickHz, snapshotHz }) => [players, tickHz, snapshotHz])).toEqual([
    [10, 60, 20],
    [50, 60, 20],
  ]);
});

test('[BE5] quick runs are fewer and shorter, unless told otherwise', () => {
  expect(tickCells({ quick: true })).toMatchObject([{ players: 10, seconds: 3 }]);
  expect(tickCells({ quick: true, players: 2, seconds: 2 })).toMatchObject([{ players: 2, seconds: 2 }]);
});

test('[BE5] an option that cannot be is refused by name', () => {
  expect(() => tickCells({ players: '10,x' })).toThrow("--players: 'x' is not a whole number from 1 to 1000");
  expect(() => tickCells({ players: 0 })).toThrow('--players');
  expect(() => tickCells({ seconds: 1.5 })).toThrow('--seconds');
  expect(() => tickCells({ tickHz: '60,' })).toThrow('--tick-hz');
  expect(() => tickCells({ snapshotHz: 7 })).toThrow(/--tick-hz 60 with --snapshot-hz 7: .*divide/);
});
