import type { EntityId } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

const ada = { id: 1 as EntityId, name: 'Ada' };
const bob = { id: 2 as EntityId, name: 'Bob' };

test('[AR18] the page says who comes and who goes, and nothing about those who were there first', () => {
  const arrivals = new Arrivals();
  expect(arrivals.update([ada])).toEqual({ came: [], went: [] });
  expect(arrivals.update([ada, bob])).toEqual({ came: ['Bob'], went: [] });
  expect(arrivals.update([ada, bob])).toEqual({ came: [], went: [] });
  expect(arrivals.update([bob])).toEqual({ came: [], went: ['Ada'] });
  expect(arrivals.update([])).toEqual({ came: [], went: ['Bob'] });
  expect(arrivals.update([ada])).toEqual({ came: ['Ada'], went: [] });
});
