import { expect, it } from 'vitest';
import { measureReplay } from './replay-cpu.ts';

it('[PR15] the bench measures corrections of exactly 12 ticks, and throws at another one', () => {
  const { ownMs, ownP99Ms, everyoneMs, everyoneP99Ms } = measureReplay(20);
  expect([ownMs > 0, ownP99Ms >= ownMs, everyoneMs > 0, everyoneP99Ms >= everyoneMs]).toEqual([true, true, true, true]);
});
