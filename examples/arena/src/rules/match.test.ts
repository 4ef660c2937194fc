import { Random, type Vec2 } from '@tickwire/shared';
import { World } from '@tickwire/shared/internal';
import { expect, test } from 'vitest';
import { ballStart, goals } from '../arena-map.ts';
import { balance } from '../balance.ts';
import { game } from '../game.ts';
import { beginMatch, leader, passTime, scoreGoal } from './match.ts';
import { furnish, spawnPlayer } from './spawning.ts';

const random = new Random(3);

function begun(): World<typeof game> {
  const world = new World(game);
  furnish(world);
  for (const name of ['Ada', 'Bob', 'Cyd']) spawnPlayer(world, name, random);
  beginMatch(world, 100, 3600, random);
  return world;
}

test('[AR31] a match is over when its time is, or when somebody has 25 points; the result says who won', () => {
  const timed = begun();
  for (const [index, player] of timed.all('player').entries()) Object.assign(player, { score: [4, 7, 7][index], deaths: [0, 3, 2][index] });
  passTime(timed, 3699, 3600, random);
  expect(timed.state).toMatchObject({ phase: 'play', endsAt: 3700, winner: '' });
  passTime(timed, 3700, 3600, random);
  expect(timed.state).toMatchObject({ phase: 'result', endsAt: 3700 + balance.resultTicks, winner: 'Cyd' });

  const early = begun();
  Object.assign(early.all('player')[0] ?? {}, { score: 24 });
  passTime(early, 200, 3600, random);
  expect(early.state.phase).toBe('play');
  Object.assign(early.all('player')[0] ?? {}, { score: 25 });
  passTime(early, 201, 3600, random);
  expect(early.state).toMatchObject({ phase: 'result', winner: 'Ada' });

  const dull = begun();
  passTime(dull, 3700, 3600, random);
  expect(dull.state).toMatchObject({ phase: 'result', winner: '' });
  expect(leader([])).toBeUndefined();
});

test('[AR31] after the result everyone begins anew: no points, healthy, spread out, the ball in the middle and everything there', () => {
  const world = begun();
  passTime(world, 3700, 3600, random);
  for (const player of world.all('player')) Object.assign(player, { score: 9, deaths: 4, hp: 10, pos: { x: 500, y: 500 } });
  Object.assign(world.all('ball')[0] ?? {}, { pos: { x: 200, y: 300 }, velocity: { x: 50, y: 0 }, touchedBy: world.all('player')[0]?.id });
  world.spawn('rocket', { pos: { x: 700, y: 300 }, fuse: 20 });
  for (const pickup of world.all('pickup')) pickup.isThere = false;
  passTime(world, 3699 + balance.resultTicks, 3600, random);
  expect(world.state.phase).toBe('result');
  passTime(world, 3700 + balance.resultTicks, 3600, random);
  expect(world.state).toMatchObject({ phase: 'play', endsAt: 3700 + balance.resultTicks + 3600, winner: '' });
  for (const player of world.all('player')) expect(player).toMatchObject({ score: 0, deaths: 0, hp: balance.healthMax });
  expect(new Set(world.all('player').map(({ pos }) => `${pos.x} ${pos.y}`)).size).toBe(3);
  expect(world.all('ball')).toMatchObject([{ pos: ballStart, velocity: { x: 0, y: 0 }, touchedBy: null }]);
  expect([world.all('rocket').length, world.all('pickup').every(({ isThere }) => isThere)]).toEqual([0, true]);
});

test('[AR29] a ball whose middle is in a goal is three points to who touched it last, and goes back to the middle, nobody’s', () => {
  const world = begun();
  const [ball] = world.all('ball');
  const [ada] = world.all('player');
  if (!ball || !ada) throw new Error('the arena is empty');
  const put = (pos: Vec2, by = ada.id as typeof ball.touchedBy): void => void Object.assign(ball, { pos: { ...pos }, touchedBy: by });
  const [left, right] = goals as [(typeof goals)[number], (typeof goals)[number]];
  put({ x: left.x + left.width + 1, y: left.y + 100 });
  expect(scoreGoal(world)).toBeUndefined();
  put({ x: left.x + left.width - 1, y: left.y + 100 });
  ball.velocity.x = -300;
  expect(scoreGoal(world)).toEqual({ side: 'left', scorer: ada });
  expect(ada.score).toBe(balance.goalPoints);
  expect(ball).toMatchObject({ pos: ballStart, velocity: { x: 0, y: 0 }, touchedBy: null });
  expect(ball.jumps).toBeGreaterThan(0);
  put({ x: right.x + 1, y: right.y + 1 });
  expect(scoreGoal(world)).toMatchObject({ side: 'right' });
  put({ x: right.x + 1, y: right.y + 1 }, null);
  expect(scoreGoal(world)).toEqual({ side: 'right', scorer: undefined });
  expect(ada.score).toBe(2 * balance.goalPoints);
});
