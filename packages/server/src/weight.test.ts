// How urgent an entity is to a client: by its type, how near it is, and what the room says.

import { type AnyEntity, defineGame, entity, f } from '@tickwire/shared';
import { slotOf } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { Client } from './client.ts';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';
import { weightOf } from './weight.ts';

const game = defineGame({
  name: 'weights',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    ship: entity({ pos: f.vec2(-1000, 1000) }, { priority: 4 }),
    rock: entity({ pos: f.vec2(-1000, 1000) }),
    clock: entity({ hours: f.uint(12) }, { priority: 0.5 }),
  },
});

class WeightRoom extends Room<typeof game> {
  override autoDispose = false;
}

class OwnWord extends WeightRoom {
  readonly asked: [string, unknown][] = [];

  override priority(entity: AnyEntity<(typeof game)['entities']>, client: Client<typeof game>): number {
    this.asked.push([entity.type, client]);
    return entity.type === 'rock' ? 3 : 1;
  }
}

function started<R extends Room<typeof game>>(room: R): { room: R; weigh: (entity: { id: number }, controls?: readonly { id: number }[]) => number } {
  const core = new RoomCore({ game, room, roomId: 'r', seed: 1, onError: () => {} }, 0);
  core.create({});
  const client = { sessionId: 'me' } as Client<typeof game>;
  return {
    room,
    weigh: (entity, controls = []) => weightOf(room, client, new Set(controls.map(({ id }) => slotOf(id as never))), slotOf(entity.id as never)),
  };
}

describe('weightOf', () => {
  it('[BF20] an entity has the priority of its type, 1 when it says none; the room state has 1', () => {
    const { room, weigh } = started(new WeightRoom());
    expect([weigh(room.world.spawn('ship')), weigh(room.world.spawn('rock')), weigh(room.world.spawn('clock')), weigh({ id: 0 })]).toEqual([
      4, 1, 0.5, 1,
    ]);
  });

  it('[BF20] with interest, what is near weighs more: all of it at the viewer, a quarter at the radius, by the nearest that the client controls', () => {
    const room = new WeightRoom();
    room.interest = { radius: 100 };
    const { weigh } = started(room);
    const [here, there] = [room.world.spawn('rock', { pos: { x: 0, y: 0 } }), room.world.spawn('rock', { pos: { x: 500, y: 0 } })];
    const at = (x: number, y: number) => room.world.spawn('rock', { pos: { x, y } });
    expect([weigh(here, [here]), weigh(at(100, 0), [here]), weigh(at(0, -100), [here])]).toEqual([1, 0.25, 0.25]);
    expect(weigh(at(50, 0), [here])).toBeCloseTo(1 / 1.75, 9);
    expect([weigh(at(500, 100), [here]), weigh(at(500, 100), [here, there])]).toEqual([1 / (1 + 3 * 26), 0.25]);
    expect([weigh(room.world.spawn('clock'), [here]), weigh(at(90, 0), [])]).toEqual([0.5, 1]);
    expect(weigh(room.world.spawn('ship', { pos: { x: 100, y: 0 } }), [here])).toBe(1);
  });

  it('[BF20] [BF7] the word of the room multiplies the rest; it is not asked about its state', () => {
    const { room, weigh } = started(new OwnWord());
    expect([weigh(room.world.spawn('ship')), weigh(room.world.spawn('rock')), weigh({ id: 0 })]).toEqual([4, 3, 1]);
    expect(room.asked.map(([type]) => type)).toEqual(['ship', 'rock']);
    expect(room.asked[0]?.[1]).toMatchObject({ sessionId: 'me' });
  });

  it('[BF17] a priority or a budget that cannot be is refused', () => {
    for (const priority of [0, -1, 65, Number.NaN])
      expect(() => defineGame({ name: 'g', tickHz: 60, snapshotHz: 20, entities: { a: entity({}, { priority }) } })).toThrow(
        /entity a: priority .* 1\/64 to 64/,
      );
    const errors: unknown[] = [];
    const room = new WeightRoom();
    room.budgetBytes = 4999;
    const core = new RoomCore({ game, room, roomId: 'r', seed: 1, onError: (error) => errors.push(error) }, 0);
    expect([core.create({}), core.isClosed]).toEqual([false, true]);
    expect(String(errors[0])).toMatch(/budgetBytes 4999 must be at least 5000/);
  });
});
