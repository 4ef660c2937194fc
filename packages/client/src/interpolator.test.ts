// What is drawn at a tick in the past: between the states around it, and never anything that no state says.

import { defineGame, entity, f } from '@tickwire/shared';
import { entityId, type Form, form, type Slot } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { InputLog } from './input-log.ts';
import { drawView } from './interpolator.ts';
import { Predictor } from './predictor.ts';
import { ReceivedWorld } from './received-world.ts';
import { Smoothing } from './smoothing.ts';
import { View } from './view.ts';

const game = defineGame({
  name: 'drawn',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    one: entity({ x: f.fixed(0, 1000, { step: 1 / 1024 }), look: f.enumOf('a', 'b') }),
    own: entity({ x: f.fixed(0, 1000, { step: 1 / 1024 }) }, { predict: 'owner' }),
  },
  state: { round: f.uint(10) },
  input: { go: f.button() },
  steps: {
    own(own, input) {
      own.x += input.go ? 1 : 0;
    },
  },
});

class Screen {
  readonly received = new ReceivedWorld(game);
  readonly view = new View(game);
  readonly smoothing = new Smoothing();
  /** Puts in a state with `x`; `since` says since when it has held. */
  state(slot: number, version: number, tick: number, x: number, since = tick, seenAs: Form = form.seen, type = 1): void {
    const { layout } = game.types[type] as (typeof game.types)[number];
    const row = new Int32Array(layout.words);
    const values = {};
    layout.initialise(values);
    layout.store({ ...values, x, look: tick % 2 === 0 ? 'a' : 'b' }, row, 0);
    this.received.full(slot, version, type, undefined, tick, since, seenAs, row, 0);
  }
  draw(viewTick: number): void {
    drawView(this.view, this.received, undefined, this.smoothing, viewTick, viewTick, 3);
  }
  xAt(viewTick: number): number | undefined {
    this.draw(viewTick);
    return this.view.all('one')[0]?.x;
  }
}

describe('drawView', () => {
  it('[VW1] an entity is drawn between the two states around the view, what has no between changes when the later one is reached', () => {
    const screen = new Screen();
    screen.state(1, 1, 10, 100);
    screen.state(1, 1, 13, 130);
    expect([10, 11, 12.5, 13].map((tick) => screen.xAt(tick))).toEqual([100, 110, 125, 130]);
    screen.draw(12.99);
    expect(screen.view.all('one')[0]?.look).toBe('a');
    screen.draw(13);
    expect(screen.view.all('one')[0]?.look).toBe('b');
  });

  it('[VW2] an entity that stood still is not drawn sliding before it starts', () => {
    const screen = new Screen();
    screen.state(1, 1, 10, 100, 4); // at rest, and then silence for a second
    screen.state(1, 1, 70, 115);
    for (const tick of [10, 20, 40, 66, 67]) expect(screen.xAt(tick)).toBe(100);
    expect(screen.xAt(68.5)).toBeCloseTo(107.5, 2);
    expect(screen.xAt(70)).toBe(115);
  });

  it('[VW2] the room was told of the rest late: what lies between is still no slide', () => {
    const screen = new Screen();
    screen.state(1, 1, 9, 100);
    screen.state(1, 1, 12, 110, 11); // it stopped at tick 11
    screen.state(1, 1, 60, 140);
    expect(screen.xAt(10)).toBeCloseTo(105, 2);
    for (const tick of [11, 11.5, 12, 30, 57]) expect(screen.xAt(tick)).toBe(110);
  });

  it('[VW3] a state that has held for a while was reached when it began to hold, not when the packet was made', () => {
    const screen = new Screen();
    screen.state(1, 1, 10, 100);
    screen.state(1, 1, 40, 130, 13); // ten packets were lost
    expect([10, 11, 12, 13, 20, 39].map((tick) => screen.xAt(tick))).toEqual([100, 110, 120, 130, 130, 130]);
  });

  it('[VW4] an entity appears when the view reaches its first state and goes when the view reaches its end', () => {
    const screen = new Screen();
    screen.state(1, 1, 10, 100);
    screen.state(1, 1, 13, 130, 12);
    screen.received.despawn(1, 16);
    expect([9.9, 10, 14, 15.9, 16, 20].map((tick) => screen.xAt(tick))).toEqual([undefined, 100, 130, 130, undefined, undefined]);
  });

  it('[VW4] of two entities that use a slot one after the other, each is drawn in its own time', () => {
    const screen = new Screen();
    screen.state(1, 1, 10, 100);
    screen.state(1, 2, 40, 500);
    screen.state(1, 2, 43, 530);
    expect([11, 39.9, 40, 41.5].map((tick) => screen.xAt(tick))).toEqual([100, 100, 500, 515]);
    expect(screen.view.all('one')[0]?.id).toBe(entityId(1 as Slot, 2));
    expect(screen.view.all('one').length).toBe(1);
  });

  it('[VW5] beyond the newest state an entity that rested stands, and another goes on for a moment', () => {
    const screen = new Screen();
    screen.state(1, 1, 10, 100);
    screen.state(1, 1, 13, 130, 12);
    expect([13.1, 20, 500].map((tick) => screen.xAt(tick))).toEqual([130, 130, 130]);
    screen.state(1, 1, 16, 160);
    expect([16, 25, 28, 500].map((tick) => Math.round(screen.xAt(tick) ?? 0))).toEqual([160, 216, 220, 220]);
  });

  it('[VW5] the state of the room is there from the beginning', () => {
    const screen = new Screen();
    const row = new Int32Array(1).fill(7);
    screen.received.full(0, 0, 0, undefined, 50, 50, form.seen, row, 0);
    screen.draw(1);
    expect(screen.view.state.round).toBe(7);
  });

  it('[VW6] a predicted entity is drawn between the last two predicted ticks, and is mine; the rest is not', () => {
    const screen = new Screen();
    const inputs = new InputLog(game);
    const predictor = new Predictor(game, screen.received, inputs, 1);
    screen.state(1, 1, 10, 100, 10, form.owned, 2);
    screen.state(2, 1, 10, 300);
    screen.received.leadTick = 10;
    screen.received.newestTick = 10;
    screen.received.changes++;
    predictor.reconcile(32);
    for (let tick = 11; tick <= 15; tick++) {
      inputs.add(tick, { go: true }, 5);
      predictor.advance(tick);
    }
    const drawn = (inputTick: number): number | undefined => {
      drawView(screen.view, screen.received, predictor, screen.smoothing, 10, inputTick, 3);
      return screen.view.all('own')[0]?.x;
    };
    expect([15, 15.5, 16, 19].map(drawn)).toEqual([104, 104.5, 105, 105]);
    expect([screen.view.all('own')[0]?.mine, screen.view.all('one')[0]?.mine]).toEqual([true, false]);
    expect(screen.view.mine('own')?.id).toBe(entityId(1 as Slot, 1));
    // What was the own entity's end is now: the present has no delay.
    screen.received.despawn(1, 12);
    screen.received.changes++;
    predictor.reconcile(32);
    expect(drawn(16)).toBeUndefined();
  });
});
