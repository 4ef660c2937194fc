import { Random } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { cleanName } from '../rules/texts.ts';
import { playerName } from './player-name.ts';

test('[AR19] the address names the player, else the last visit does, and without a name there chance, within what the room lets through', () => {
  expect(playerName('?name=Ada', 'Eve', new Random(1))).toBe('Ada');
  expect(playerName('?room=x&name=%20Bob%20', null, new Random(1))).toBe('Bob');
  expect(playerName('?play=quick', ' Eve ', new Random(1))).toBe('Eve');
  for (let seed = 0; seed < 200; seed++) {
    const name = playerName(seed % 2 ? '' : '?name=%20', seed % 3 ? null : ' ', new Random(seed));
    expect(name).toMatch(/^[A-Z][a-z]+ [A-Z][a-z]+$/);
    expect(cleanName(name, [])).toBe(name);
  }
});
