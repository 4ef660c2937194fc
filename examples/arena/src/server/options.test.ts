import { expect, test } from 'vitest';
import { readOptions } from './options.ts';

test('[AR38] the server is told how many players bots fill a room up to, and how long a match lasts', () => {
  expect(readOptions([])).toEqual({ bots: 6, matchSeconds: 300 });
  expect(readOptions(['--bots', '0', '--match=60'])).toEqual({ bots: 0, matchSeconds: 60 });
});

test('[AR38] what it cannot be told is refused with what it can', () => {
  expect(() => readOptions(['--bots', '17'])).toThrow('--bots 17: use a whole number from 0 to 16.');
  expect(() => readOptions(['--bots', 'many'])).toThrow('--bots many: use a whole number');
  expect(() => readOptions(['--match', '2.5'])).toThrow('from 5 to 3600');
  expect(() => readOptions(['--maps', '2'])).toThrow('--maps');
});
