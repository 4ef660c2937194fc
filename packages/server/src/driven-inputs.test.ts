// Entities that the room plays: what their steps are given, and for how long.

import { defineGame, type EntityId, entity, f } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { DrivenInputs } from './driven-inputs.ts';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const game = defineGame({
  name: 'driven',
  tickHz: 60,
  snapshotHz: 20,
  input: { move: f.vec2(-1, 1, { step: 1 / 4 }), fire: f.button(), jump: f.press() },
  entities: { walker: entity({ x: f.fixed(-1000, 1000), fires: f.uint(1000), jumps: f.uint(1000) }, { predict: 'owner' }) },
  steps: {
    walker(walker, { move, fire, jump }) {
      walker.x += move.x;
      walker.fires += Number(fire);
      walker.jumps += jump;
    },
  },
});

class Hall extends Room<typeof game> {
  override autoDispose = false;
  play: () => void = () => {};
  override onTick(): void {
    this.play();
  }
}

function start(): { core: RoomCore<typeof game>; room: Hall; errors: unknown[]; ticks: (count: number) => void } {
  const room = new Hall();
  const errors: unknown[] = [];
  const core = new RoomCore({ game, room, roomId: 'hall', seed: 1, onError: (error) => errors.push(error) }, 0);
  core.create({});
  const ticks = (count: number): void => {
    for (let tick = 0; tick < count; tick++) core.advance(core.nextTickAt);
  };
  return { core, room, errors, ticks };
}

describe('what a room drives', () => {
  it('[DV1] steps with what it was given last: levels hold until the next, presses count in one tick', () => {
    const { room, ticks } = start();
    const walker = room.world.spawn('walker');
    const other = room.world.spawn('walker');
    ticks(2);
    expect(walker).toMatchObject({ x: 0, fires: 0, jumps: 0 });
    room.drive(walker, { move: { x: 0.5, y: 0 }, fire: true, jump: 2 });
    ticks(10);
    expect(walker).toMatchObject({ x: 5, fires: 10, jumps: 2 });
    room.drive(walker, { jump: true });
    ticks(3);
    expect(walker).toMatchObject({ x: 5, fires: 10, jumps: 3 });
    expect(other).toMatchObject({ x: 0, fires: 0, jumps: 0 });
    room.play = () => room.drive(other, { move: { x: room.tick % 2, y: 0 }, jump: true });
    ticks(9);
    expect(other.jumps).toBe(8);
    expect(other.x).toBe(4);
  });

  it('[DV2] goes over the grid of the wire, and what its field cannot hold is refused with a reason', () => {
    const { room, ticks } = start();
    const walker = room.world.spawn('walker');
    room.drive(walker, { move: { x: 0.3, y: 9 } });
    ticks(1);
    expect(walker.x).toBe(0.25);
    expect(() => room.drive(walker, { fire: 7 as never })).toThrow(TypeError);
  });

  it('[DV3] what takes the slot of one that was driven is driven by nobody, and one that is gone can be driven no more', () => {
    const { room, ticks } = start();
    const walker = room.world.spawn('walker');
    room.drive(walker, { move: { x: 1, y: 0 } });
    ticks(2);
    room.world.despawn(walker);
    ticks(120);
    const next = room.world.spawn('walker');
    ticks(5);
    expect([next.id === walker.id, walker.x, next.x]).toEqual([false, 2, 0]);
    expect(() => room.drive(walker, {})).toThrow('there is no entity');
  });

  it('[DV4] a client that is given control has the input, and the room can drive it no more', async () => {
    const { core, room, ticks } = start();
    const walker = room.world.spawn('walker');
    room.drive(walker, { move: { x: 1, y: 0 } });
    ticks(1);
    const member = core.reserve('ada', 'token', undefined, {}, 0);
    if (!member) throw new Error('no seat');
    member.client.control(walker);
    ticks(5);
    expect(walker.x).toBe(1);
    expect(() => room.drive(walker, {})).toThrow('a client controls entity');
    member.client.release(walker);
    ticks(5);
    expect(walker.x).toBe(1);
  });

  it('[DV5] driving takes no memory', () => {
    const driven = new DrivenInputs(game);
    const sample = { move: { x: 0, y: 0 }, fire: true };
    const drive = (ticks: number): void => {
      for (let tick = 0; tick < ticks; tick++) {
        for (let id = 1; id <= 20; id++) driven.drive(id as EntityId, sample);
        driven.stepped();
      }
    };
    drive(6000);
    const before = process.memoryUsage().heapUsed;
    drive(2000);
    // Of 40,000 inputs; with an object of 24 bytes for each it would be 960,000.
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200_000);
  });
});
