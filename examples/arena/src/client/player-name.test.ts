import { Random } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { cleanName } from '../rules/texts.ts';
import { playerName } from './player-name.ts';

test('[AR19] the address names the player, and without a name there chance does, within what the room lets through', () => {
  expect(playerName('?name=Ada', new Random(1))).toBe('Ada');
  expect(playerName('?room=x&name=%20Bob%20', new Random(1))).toBe('Bob');
  for (let seed = 0; seed < 200; seed++) {
    const name = playerName(seed % 2 ? '' : '?name=%20', new Random(seed));
    expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(cleanName(name, [])).toBe(name);
  }
});
