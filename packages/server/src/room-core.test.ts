// A room in time: the order of a tick, its deadlines, stalls, timers, and what happens when the game's code throws. No client is needed for most of it.

import { defineGame, entity, event, f } from '@tickwire/shared';
import { describe, expect, it } from 'vitest';
import { Room } from './room.ts';
import { RoomCore } from './room-core.ts';

const log: string[] = [];

const game = defineGame({
  name: 'clockwork',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    first: entity({ x: f.fixed(-1000, 1000) }),
    second: entity({ x: f.fixed(-1000, 1000) }),
    ball: entity({ blob: f.bytes(900) }, { predict: 'everyone' }),
  },
  input: { go: f.button() },
  events: { ping: event({ number: f.uint(100) }) },
  steps: {
    first: () => void log.push('step first'),
    second: () => void log.push('step second'),
    ball: () => {},
  },
});
type Clockwork = typeof game;

class Quiet extends Room<Clockwork> {
  override autoDispose = false;
}

function start<R extends Room<Clockwork>>(
  room: R,
  now = 0,
  seed = 1,
): { core: RoomCore<Clockwork>; room: R; errors: [string, string][]; ends: number[] } {
  const errors: [string, string][] = [];
  const ends: number[] = [];
  const onError = (error: unknown, where: string): void => void errors.push([where, String(error)]);
  const core = new RoomCore<Clockwork>({ game, room, roomId: 'r', seed, onError, onDisposed: () => ends.push(core.world.tick) }, now);
  core.create({});
  return { core, room, errors, ends };
}

describe('the order of a tick', () => {
  it('[RM1] steps come in the order of the slots, then timers, then onTick, then everything is rounded and recorded', () => {
    class Ordered extends Quiet {
      override onCreate(): void {
        this.world.spawn('second');
        this.world.spawn('first');
        this.world.spawn('second');
        this.after(1, 'bell');
      }
      override onTimer(name: string): void {
        log.push(`timer ${name}`);
      }
      override onTick(): void {
        log.push(`tick ${this.tick}`);
        for (const one of this.world.all('first')) one.x = 0.1;
      }
    }
    const { core, room } = start(new Ordered());
    log.length = 0;
    core.advance(core.nextTickAt);
    expect(log).toEqual(['step second', 'step first', 'step second', 'timer bell', 'tick 1']);
    // 0.1 is not on the grid of 1/1024: after the tick the entity has the value that was recorded.
    expect(room.world.all('first')[0]?.x).toBe(Math.round(0.1 * 1024) / 1024);
    expect(core.history.rowAt(2, core.world.versionAt(2), 1)).toBeGreaterThanOrEqual(0);
  });
});

describe('time', () => {
  it('[RM2] tick n is made n / tickHz seconds after the start, over 100,000 ticks and however unevenly time is given', () => {
    const { core } = start(new Quiet(), 12_345.678);
    let now = 12_345.678;
    let step = 1;
    let wrong = 0;
    while (core.world.tick < 100_000) {
      step = (step * 7) % 101; // 1 to 100, all of them
      now += 0.1 + (step / 100) * 60;
      core.advance(now);
      const due = ((now - 12_345.678) * 60) / 1000;
      if (core.world.tick > due + 1e-6 || core.world.tick <= due - 1 - 1e-6) wrong++;
    }
    expect(wrong).toBe(0);
    expect(core.ticksSkipped).toBe(0);
    expect(Math.abs(core.nextTickAt - (12_345.678 + ((core.world.tick + 1) * 1000) / 60))).toBeLessThan(1e-3);
  });

  it('[RM2] the next deadline does not depend on when the last tick was made', () => {
    const early = start(new Quiet()).core;
    const late = start(new Quiet()).core;
    for (let tick = 1; tick <= 600; tick++) {
      early.advance((tick * 1000) / 60 + 0.001);
      late.advance((tick * 1000) / 60 + 15);
      expect(late.nextTickAt).toBe(early.nextTickAt);
    }
    expect(late.world.tick).toBe(600);
  });

  it('[RM3] after a stall five ticks are made up at once, the rest are left out and counted, and the rhythm stays', () => {
    const { core, room } = start(new Quiet());
    core.advance(1000);
    for (let tick = 1; tick <= 60; tick++) core.advance((tick * 1000) / 60);
    const skippedBefore = core.ticksSkipped;
    const tickBefore = core.world.tick;
    expect(core.advance(3000)).toBe(5);
    expect(core.world.tick).toBe(tickBefore + 5);
    expect(core.world.tick + core.ticksSkipped).toBe(180);
    expect(core.ticksSkipped - skippedBefore).toBe(180 - 5 - tickBefore - skippedBefore);
    expect(core.advance(3000 + 1000 / 60 - 0.01)).toBe(0);
    expect(core.advance(3000 + 1000 / 60 + 0.01)).toBe(1);
    expect(core.nextTickAt).toBeCloseTo(3000 + 2000 / 60, 6);
    // Room time is the time of its ticks: what was left out did not happen.
    expect(room.now).toBeCloseTo((core.world.tick * 1000) / 60, 6);
  });

  it('[RM3] being late by five ticks or fewer skips none', () => {
    const { core } = start(new Quiet());
    expect(core.advance((5 * 1000) / 60 + 0.001)).toBe(5);
    expect(core.ticksSkipped).toBe(0);
    expect(core.advance((11 * 1000) / 60 + 0.001)).toBe(5);
    expect(core.ticksSkipped).toBe(1);
  });
});

describe('timers', () => {
  class Bells extends Quiet {
    readonly rung: string[] = [];
    override onTimer(name: string, data: unknown): void {
      this.rung.push(`${this.tick} ${name} ${JSON.stringify(data)}`);
      if (name === 'again') this.after(0, 'at once');
    }
  }

  it('[RM4] fire in the order of their ticks, those of one tick in the order in which they were set, at least one tick later', () => {
    const { core, room } = start(new Bells());
    room.after(3, 'c', { why: [1, 'x'] });
    room.after(2, 'b1');
    room.after(1, 'a');
    room.after(2, 'b2', 7);
    room.after(0, 'zero');
    room.after(-5, 'minus');
    room.after(1.2, 'b3');
    room.after(5, 'again');
    for (let tick = 1; tick <= 7; tick++) core.advance((tick * 1000) / 60 + 0.001);
    expect(room.rung).toEqual([
      '1 a null',
      '1 zero null',
      '1 minus null',
      '2 b1 null',
      '2 b2 7',
      '2 b3 null',
      '3 c {"why":[1,"x"]}',
      '5 again null',
      '6 at once null',
    ]);
  });

  it('[RM4] a time that is no number is refused and holds up no other timer; so are too many', () => {
    const { core, room } = start(new Bells());
    expect(() => room.after(Number.NaN, 'never')).toThrow(/after\('never'\).*NaN/);
    room.after(1, 'bell');
    core.advance(20);
    expect(room.rung).toEqual(['1 bell null']);
    for (let count = 0; count < 4096; count++) room.after(10, 'many');
    expect(() => room.after(10, 'one more')).toThrow(RangeError);
  });
});

describe('code that throws', () => {
  const fail = (): never => {
    throw new Error('boom');
  };

  it('[RM5] a step that throws ends the room: told once, disposed once, and nothing of the room runs after it', () => {
    const calls: string[] = [];
    const broken = defineGame({ name: 'broken', tickHz: 60, snapshotHz: 20, entities: { bad: entity({ x: f.uint(1) }) }, steps: { bad: fail } });
    class Bad extends Room<typeof broken> {
      override onCreate(): void {
        this.world.spawn('bad');
        this.after(1, 'bell');
      }
      override onTimer(): void {
        calls.push('timer');
      }
      override onTick(): void {
        calls.push('tick');
      }
      override onDispose(): void {
        calls.push('dispose');
      }
    }
    const errors: string[] = [];
    let disposed = 0;
    const options = {
      game: broken,
      room: new Bad(),
      roomId: 'b',
      seed: 1,
      onError: (error: unknown, where: string) => void errors.push(`${where}: ${error}`),
    };
    const core = new RoomCore({ ...options, onDisposed: () => disposed++ }, 0);
    core.create({});
    core.advance(1000);
    expect(errors).toEqual(['a step: Error: boom']);
    expect(calls).toEqual(['dispose']);
    expect([core.isClosed, disposed, core.world.tick]).toEqual([true, 1, 1]);
    expect(core.advance(2000)).toBe(0);
  });

  it('[RM5] onCreate, onTick and onTimer that throw are told with their place', () => {
    const inCreate = start(
      new (class extends Quiet {
        override onCreate = fail;
      })(),
    );
    expect(inCreate.errors).toEqual([['onCreate', 'Error: boom']]);
    const inTick = start(
      new (class extends Quiet {
        override onTick = fail;
      })(),
    );
    inTick.core.advance(100);
    expect(inTick.errors).toEqual([['onTick', 'Error: boom']]);
    const ticks: number[] = [];
    const inTimer = start(
      new (class extends Quiet {
        override onTimer = fail;
        override onTick(): void {
          ticks.push(this.tick);
        }
      })(),
    );
    inTimer.room.after(3, 'bell');
    inTimer.room.after(3, 'bell');
    inTimer.core.advance(100);
    expect(inTimer.errors).toEqual([[`onTimer('bell')`, 'Error: boom']]);
    expect(ticks).toEqual([1, 2]);
    for (const { ends, core } of [inCreate, inTick, inTimer]) expect([ends.length, core.isClosed]).toEqual([1, true]);
  });

  it("[HO5] what an async method of a room rejects with ends this room, with its place, and is nobody else's", async () => {
    const failLater = async (): Promise<void> => {
      await Promise.resolve();
      throw new Error('boom');
    };
    const rooms = {
      onCreate: new (class extends Quiet {
        override onCreate = failLater;
      })(),
      onTick: new (class extends Quiet {
        override onTick = failLater;
      })(),
      "onTimer('bell')": new (class extends Quiet {
        override onTimer = failLater;
      })(),
      onDispose: new (class extends Quiet {
        override onDispose = failLater;
      })(),
    };
    for (const [where, room] of Object.entries(rooms)) {
      const { core, errors, ends } = start(room);
      room.after(1, 'bell');
      core.advance(20);
      if (where === 'onDispose') core.close('room-closed', 30);
      await new Promise((resolve) => setImmediate(resolve));
      expect(errors.slice(0, 1), where).toEqual([[where, 'Error: boom']]);
      expect([core.isClosed, ends.length], where).toEqual([true, 1]);
    }
  });

  it('[RM5] an onDispose that throws is told, and the room is over all the same', () => {
    const { core, errors, ends } = start(
      new (class extends Quiet {
        override onDispose = fail;
      })(),
    );
    core.close('room-closed', 5);
    expect(errors).toEqual([['onDispose', 'Error: boom']]);
    expect(ends.length).toBe(1);
  });

  it('[RM5] a value that is none ends the room with the name of its field', () => {
    const { core, errors, room } = start(new Quiet());
    room.world.spawn('first').x = Number.NaN;
    core.advance(20);
    expect(errors).toEqual([
      ['the recording of the tick', 'TypeError: first.x: expected fixed -1000..1000 step 0.0009765625 wire 0.0009765625, got NaN'],
    ]);
    expect(core.isClosed).toBe(true);
  });

  it('[RM5] a room is not usable before it was given its core, and says what to use instead', () => {
    class Early extends Quiet {
      readonly world0 = this.world;
    }
    expect(() => new Early()).toThrow(/use onCreate/);
  });

  it('[RM5] a room that ends itself in its tick does nothing any more', () => {
    const { core, errors, ends } = start(
      new (class extends Quiet {
        override onTimer(): void {
          this.close();
        }
        override onTick(): void {
          if (core.isClosed) throw new Error('onTick ran after the end');
        }
      })(),
    );
    core.room.after(2, 'end');
    core.advance(100);
    expect(errors).toEqual([]);
    expect(ends).toEqual([2]);
  });
});
