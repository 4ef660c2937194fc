// What the input queue does with what is missing or late, and with clients that are hidden or send too much.

import { defineGame, entity, f } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { InputQueue } from './input-queue.ts';

const parts = {
  name: 'inputs',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ x: f.uint(1) }) },
  input: { held: f.uint(1000), run: f.button(), fire: f.press(), jump: f.press() },
};
const game = defineGame(parts);
const neutralGame = defineGame({ ...parts, inputMissing: 'neutral' });

/** An input as a row: presses are running counts. */
function row(held: number, fire = 0, jump = 0): Int32Array {
  const words = new Int32Array(game.inputLayout.words);
  game.inputLayout.store({ held, run: held % 2 === 1, fire, jump }, words, 0);
  return words;
}

function seen(queue: InputQueue<typeof game>): [held: number, fire: number] {
  return [queue.input.held, queue.input.fire];
}

describe('InputQueue, late and idle', () => {
  it('[TM11] where the game wants it, a tick without an input has the initial levels; what is pressed is neither repeated nor lost', () => {
    const queue = new InputQueue(neutralGame);
    queue.accept(1, row(7, 2), 0, 1, 0.5);
    queue.take(1);
    expect(seen(queue)).toEqual([7, 2]);
    queue.take(2);
    expect([...seen(queue), queue.missed]).toEqual([0, 0, 1]);
    queue.accept(3, row(9, 3), 0, 3, 2.5);
    queue.hold(3, true);
    queue.take(3);
    queue.take(4);
    expect([...seen(queue), queue.missed]).toEqual([9, 0, 1]);
  });

  it('[HL1] an idle client presses nothing, has the initial levels and misses nothing, and goes on with what comes after', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(7, 2), 0, 1, 0.5);
    queue.accept(2, row(7, 5), 0, 1, 0.5);
    queue.take(1);
    queue.isIdle = true;
    for (let tick = 2; tick < 50; tick++) {
      queue.take(tick);
      expect(seen(queue)).toEqual([0, 0]);
    }
    expect(queue.missed).toBe(0);
    queue.isIdle = false;
    queue.take(50);
    expect([...seen(queue), queue.missed]).toEqual([0, 0, 1]);
    queue.accept(51, row(4, 6), 0, 51, 50.5);
    queue.take(51);
    expect(seen(queue)).toEqual([4, 1]);
  });

  it('[TM12] late presses count in the view in which they were made, and only they', () => {
    const queue = new InputQueue(game);
    queue.accept(1, row(1, 0), 100, 1, 0.5);
    queue.take(1);
    for (const tick of [2, 3, 4]) queue.take(tick);
    // A packet comes when 5 is next, newest first: pressed in tick 3.
    queue.accept(5, row(1, 1), 80, 5, 4.5);
    queue.accept(4, row(1, 1), 90, 5, 4.5);
    queue.accept(3, row(1, 1), 95, 5, 4.5);
    queue.accept(2, row(1, 0), 99, 5, 4.5);
    queue.take(5);
    // At tick 5 the view of tick 3 was 95 / 64 ticks before tick 3.
    expect([queue.input.fire, queue.viewLag]).toEqual([1, 95 + 64 * 2]);
    queue.accept(6, row(1, 1), 82, 6, 5.5);
    queue.take(6);
    expect([queue.input.fire, queue.viewLag]).toEqual([0, 82]);
    queue.accept(7, row(1, 2), 84, 7, 6.5);
    queue.take(7);
    expect([queue.input.fire, queue.viewLag]).toEqual([1, 84]);
    // Late without a press: the levels count, the view is that of the input in force.
    queue.take(8);
    queue.accept(8, row(3, 2), 88, 9, 8.5);
    queue.accept(9, row(3, 2), 86, 9, 8.5);
    queue.take(9);
    expect([queue.input.held, queue.viewLag]).toEqual([3, 86]);
  });

  it('[TM8] twice as many inputs, far ahead, or old ones again are one input a tick all the same', () => {
    const queue = new InputQueue(game);
    let fire = 0;
    let walked = 0;
    let newest = 0;
    for (let next = 1; next <= 300; next++) {
      for (let count = 0; count < 2; count++) queue.accept(++newest, row(1, Math.min(newest, next)), 0, next, next - 0.5);
      for (const old of [next - 1, next - 5, next - 40]) if (old > 0) queue.accept(old, row(1, ++fire), 0, next, next - 0.5);
      queue.take(next);
      walked += queue.input.held;
      // However many came: one, and its presses are a count of 15 at most.
      expect(queue.input.held).toBeLessThanOrEqual(1);
      expect(queue.input.fire).toBeLessThanOrEqual(15);
    }
    expect(walked).toBe(300);
  });
});
