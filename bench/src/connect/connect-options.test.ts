// What `bench connect` takes.

import { expect, test } from 'vitest';
import { connectPlan } from './connect-options.ts';

test('[BE5] runs are a whole number, and `--no-lab` leaves the lab out', () => {
  expect(connectPlan({})).toEqual({ runs: 15, hasLab: true, reconnects: 50 });
  expect(connectPlan({ quick: true, lab: false })).toEqual({ runs: 3, hasLab: false, reconnects: 10 });
  for (const runs of [0, 1.5, 'many', -1]) expect(() => connectPlan({ runs })).toThrow('--runs');
});
