// The tick suite's options, from the command line to cells.
//
// Invariant: what is wrong is said before anything starts, with the option's name. Lists are comma-separated; every combination is a cell.

import { gameAt } from './bench-game.ts';
import type { TickCell } from './tick-cell.ts';

/** As the command line gives them: numbers, or text where there is a comma. */
export interface TickOptions {
  players?: unknown;
  seconds?: unknown;
  tickHz?: unknown;
  snapshotHz?: unknown;
  seed?: unknown;
  quick?: boolean;
  cpuProfile?: unknown;
}

/** @throws RangeError that names the option. */
export function tickCells(options: TickOptions): TickCell[] {
  const quick = options.quick === true;
  const seconds = wholeNumbers('--seconds', options.seconds ?? (quick ? 3 : 10), 1, 3600)[0] as number;
  const seed = wholeNumbers('--seed', options.seed ?? 1, 0, 2 ** 31 - 1)[0] as number;
  const warmUpSeconds = quick ? 0.5 : 2;
  const profile = options.cpuProfile === undefined ? {} : { profileFolder: String(options.cpuProfile) };
  const cells: TickCell[] = [];
  for (const tickHz of wholeNumbers('--tick-hz', options.tickHz ?? 60, 1, 240)) {
    for (const snapshotHz of wholeNumbers('--snapshot-hz', options.snapshotHz ?? 20, 1, 240)) {
      checkRates(tickHz, snapshotHz);
      for (const players of wholeNumbers('--players', options.players ?? (quick ? 10 : '10,50'), 1, 1000)) {
        cells.push({ players, tickHz, snapshotHz, seconds, warmUpSeconds, seed, ...profile });
      }
    }
  }
  return cells;
}

function wholeNumbers(name: string, given: unknown, least: number, most: number): number[] {
  return String(given)
    .split(',')
    .map((text) => {
      const number = Number(text);
      if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number;
      throw new RangeError(`${name}: '${text}' is not a whole number from ${least} to ${most}`);
    });
}

function checkRates(tickHz: number, snapshotHz: number): void {
  try {
    gameAt({ tickHz, snapshotHz });
  } catch (error) {
    throw new RangeError(`--tick-hz ${tickHz} with --snapshot-hz ${snapshotHz}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
