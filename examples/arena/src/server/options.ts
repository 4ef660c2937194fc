// What may be said to the arena's server when it is started.
//
// Units: players, seconds.

import { parseArgs } from 'node:util';
import { balance } from '../balance.ts';

export interface ArenaOptions {
  /** Players in all that bots fill a room up to; 0 for none. */
  readonly bots: number;
  readonly matchSeconds: number;
}

/** @throws Error that says what is wrong and what may be said. */
export function readOptions(args: readonly string[]): ArenaOptions {
  const { values } = parseArgs({ args: [...args], options: { bots: { type: 'string' }, match: { type: 'string' } } });
  return {
    bots: wholeNumber('--bots', values.bots, 6, [0, 16]),
    matchSeconds: wholeNumber('--match', values.match, balance.matchSeconds, [5, 3600]),
  };
}

function wholeNumber(name: string, text: string | undefined, otherwise: number, [least, most]: readonly [number, number]): number {
  if (text === undefined) return otherwise;
  const value = Number(text);
  if (text.trim() === '' || !Number.isInteger(value) || value < least || value > most)
    throw new Error(`${name} ${text}: use a whole number from ${least} to ${most}.`);
  return value;
}
