// The phases of a visit from its marks.

import { expect, test } from 'vitest';
import { phases, phasesOf, spreadOf } from './phases.ts';

test('[BC8] phases follow each other and add up to the first snapshot', () => {
  const marks = { begin: 100, joinEnd: 200, answerStart: 210, ice: 320, dtls: 500, sctp: 700, channel: 701, welcome: 800, snapshot: 810, drawn: 820 };
  const took = phasesOf(marks);
  expect(took.reduce((sum, ms) => sum + ms, 0)).toBe(810);
  expect(Object.fromEntries(phases.map(({ name }, index) => [name, took[index]]))).toMatchObject({
    page: 100,
    'HTTP offer': 0,
    ICE: 110,
    hello: 99,
    'first snapshot': 10,
  });
});

test('[BC8] a step that was seen before the one in front of it, or not at all, takes no time', () => {
  const took = phasesOf({ begin: 100, joinEnd: 90, welcome: 150, snapshot: 160 });
  expect(took).toEqual([100, 0, 0, 0, 0, 0, 0, 0, 50, 10]);
});

test('[BC8] a spread is the median with the least and the most', () => {
  expect(spreadOf([5, 1, 9])).toEqual({ p50: 5, min: 1, max: 9 });
});
