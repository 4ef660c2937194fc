import type { EntityId } from '@tickwire/shared';
import { expect, test } from 'vitest';
import { Arrivals } from './arrivals.ts';

const ada = { id: 1 as EntityId, name: 'Ada' };
const cleo = { id: 3 as EntityId, name: 'Cleo' };
const bob = { id: 2 as EntityId, name: 'Bob' };

test('[AR18] the page says who comes and who goes, and nothing about those who were there first', () => {
  const arrivals = new Arrivals();
  expect(arrivals.update([ada], 5000)).toEqual({ came: [], went: [] });
  expect(arrivals.update([ada, cleo], 5900)).toEqual({ came: [], went: [] });
  expect(arrivals.update([ada, cleo, bob], 6000)).toEqual({ came: ['Bob'], went: [] });
  expect(arrivals.update([ada, cleo, bob], 6016)).toEqual({ came: [], went: [] });
  expect(arrivals.update([cleo, bob], 6032)).toEqual({ came: [], went: ['Ada'] });
  expect(arrivals.update([], 7000)).toEqual({ came: [], went: ['Cleo', 'Bob'] });
  expect(arrivals.update([ada], 8000)).toEqual({ came: ['Ada'], went: [] });
});
