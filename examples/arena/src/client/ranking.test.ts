import { expect, test } from 'vitest';
import { ordinal, placeOf, ranked } from './ranking.ts';

const player = (name: string, score: number, deaths: number) => ({ name, score, deaths, hp: 100, colour: 0, isBot: false, mine: false });

test('[SX24] more points are better, then fewer deaths, then the name; the same points are the same place', () => {
  const players = [player('Bob', 3, 2), player('Eve', 0, 0), player('Ada', 3, 2), player('Cy', 3, 1), player('Dora', 5, 9)];
  const order = ranked(players);
  expect(order.map(({ name }) => name)).toEqual(['Dora', 'Cy', 'Ada', 'Bob', 'Eve']);
  expect(order.map((one) => placeOf(one, players))).toEqual([1, 2, 2, 2, 5]);
  // What the view owns stays as it is.
  expect(players[0]?.name).toBe('Bob');
});

test('[SX24] places are said as people say them', () => {
  const places = [1, 2, 3, 4, 10, 11, 12, 13, 21, 22, 23, 111];
  expect(places.map(ordinal)).toEqual(['1st', '2nd', '3rd', '4th', '10th', '11th', '12th', '13th', '21st', '22nd', '23rd', '111th']);
});
