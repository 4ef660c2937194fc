// Where bytes went: parts that add up to the whole.

import { defineGame, entity, f } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { CostTally, cellsPerType, Traffic, typeCell } from './traffic.ts';

const game = defineGame({ name: 'bytes', tickHz: 60, snapshotHz: 20, entities: { ship: entity({ n: f.uint(9) }), rock: entity({ n: f.uint(9) }) } });
const ship = cellsPerType;
const rock = 2 * cellsPerType;
const despawn = 3 * cellsPerType;

describe('Traffic', () => {
  it('[BF14] a part is divided by what its records cost, and everything adds up', () => {
    const traffic = new Traffic(game);
    const tally = new CostTally(3);
    tally.add(ship + typeCell.changed, 300);
    tally.add(ship + typeCell.changed, 300);
    tally.add(rock + typeCell.entered, 150);
    tally.add(despawn, 50);
    traffic.countPacket(100, 20);
    traffic.countPart(80, tally);
    expect(traffic.byReason()).toEqual({ group: 0, changed: 60, entered: 15, despawn: 5, effects: 0, head: 20, overhead: 93 });
    expect(traffic.byType()).toEqual({ state: 0, ship: 60, rock: 15 });
    expect([traffic.packets, traffic.bytes, traffic.of({})]).toEqual([1, 193, 193]);
    expect(traffic.of({ type: 'ship', reason: 'changed' })).toBe(60);
    expect([traffic.of({ type: 'ship', reason: 'entered' }), traffic.of({ type: 'ship', reason: 'head' }), traffic.of({ type: 'nobody' })]).toEqual([
      0, 0, 0,
    ]);
  });

  it('[BF14] a tally is used again; a part that names nothing is framing; totals are sums', () => {
    const one = new Traffic(game);
    const tally = new CostTally(3);
    tally.add(ship, 10);
    tally.reset();
    one.countPacket(30, 10);
    one.countPart(20, tally);
    expect(one.byReason()).toMatchObject({ group: 0, head: 30 });
    tally.add(rock + typeCell.group, 1);
    const other = new Traffic(game);
    other.countPacket(50, 8);
    other.countPart(42, tally);
    one.add(other);
    expect([one.packets, one.bytes, one.of({ type: 'rock', reason: 'group' })]).toEqual([2, 266, 42]);
  });
});
