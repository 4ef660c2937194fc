// When an event is handed over: by what it is about, and never lost.

import { defineGame, type EntityId, entity, event, f } from '@tickwire/shared';
import { type EventType, entityId, form, type Slot } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { EventTimeline } from './event-timeline.ts';
import { ReceivedWorld } from './received-world.ts';

const game = defineGame({
  name: 'told',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ x: f.uint(9) }) },
  events: {
    hit: event({ who: f.entity(), by: f.entity(), number: f.uint(9999) }),
    said: event({ number: f.uint(9999) }),
    spark: event({ who: f.entity(), number: f.uint(9999) }, { expiresMs: 200 }),
    flash: event({ number: f.uint(9999) }, { expiresMs: 200 }),
  },
});
const [hit, said, spark, flash] = game.eventTypes as [EventType, EventType, EventType, EventType];

const id = (slot: number, version = 1): EntityId => entityId(slot as Slot, version);
const [own, other, stranger] = [id(1), id(2), id(3)];

/** A client that predicts entity 1, and sees entity 2 from tick 90 on; its view is at tick 100. */
class Stage {
  readonly received = new ReceivedWorld(game);
  readonly told: number[] = [];
  onTold: () => void = () => {};
  viewTick = 100;
  now = 0;
  readonly events = new EventTimeline(
    this.received,
    (one) => one === own,
    (_type, fields) => {
      this.told.push((fields as { number: number }).number);
      this.onTold();
    },
  );
  constructor() {
    this.state(1, 1, 90);
    this.state(2, 1, 90);
  }
  state(slot: number, version: number, tick: number): void {
    this.received.full(slot, version, 1, undefined, tick, tick, form.seen, new Int32Array(1), 0);
  }
  /** An event with this number comes. */
  comes(number: number, type: EventType, tick: number, who: EntityId | null = null, by: EntityId | null = null): this {
    this.events.arrived(type, { who, by, number }, tick, this.viewTick, this.now);
    return this;
  }
  /** What is told until then. */
  until(viewTick: number, now = this.now): number[] {
    this.viewTick = viewTick;
    this.now = now;
    this.events.advance(viewTick, now);
    return this.told.splice(0);
  }
}

describe('EventTimeline', () => {
  it('[ET1] what is about an entity in the past waits for the view, reliable or not', () => {
    const stage = new Stage().comes(1, hit, 110, other).comes(2, spark, 111, other, own);
    expect([100, 109.9, 110, 110.9, 111].map((tick) => stage.until(tick))).toEqual([[], [], [1], [], [2]]);
  });

  it('[ET1] an entity that comes into view after the tick of its event is waited for', () => {
    const stage = new Stage();
    stage.state(4, 1, 115);
    stage.comes(1, hit, 112, id(4));
    expect([112, 114.9, 115].map((tick) => stage.until(tick))).toEqual([[], [], [1]]);
  });

  it('[ET2] what is about a predicted entity, and what is reliable and about none, comes on arrival', () => {
    const stage = new Stage().comes(1, hit, 130, own).comes(2, spark, 130, own).comes(3, said, 130).comes(4, hit, 130, null, own);
    expect(stage.told).toEqual([1, 2, 3, 4]);
    // The first entity that is named counts.
    stage.comes(5, hit, 130, own, other).comes(6, hit, 130, other, own);
    expect(stage.until(129)).toEqual([1, 2, 3, 4, 5]);
    expect(stage.until(130)).toEqual([6]);
  });

  it('[ET3] an effect about none waits for the view', () => {
    const stage = new Stage().comes(1, flash, 110);
    expect([109, 110].map((tick) => stage.until(tick))).toEqual([[], [1]]);
  });

  it('[ET4] what names an unknown entity waits for it, in every field, and no longer than 250 ms', () => {
    const stage = new Stage().comes(1, hit, 90, stranger).comes(2, hit, 90, own, id(9)).comes(3, spark, 90, stranger);
    expect(stage.until(120, 100)).toEqual([]);
    stage.state(3, 1, 118);
    expect(stage.until(121, 200)).toEqual([1, 3]);
    expect([249, 250].map((now) => stage.until(121, now))).toEqual([[], [2]]);
  });

  it('[ET4] one that is gone is not waited for, nor one that another has taken the slot of', () => {
    const stage = new Stage();
    stage.received.despawn(2, 95);
    stage.received.despawn(5, 95);
    stage.state(6, 2, 97);
    stage.comes(1, hit, 94, other).comes(2, hit, 95, id(5)).comes(3, hit, 96, id(6)).comes(4, hit, 98, id(6, 3));
    expect(stage.until(100)).toEqual([1, 2, 3]);
    expect(stage.until(101, 250)).toEqual([4]);
    // Its end is known, and the view has not come there: it is still seen.
    stage.received.despawn(1, 120);
    stage.comes(5, hit, 118, other, id(1));
    expect([117, 118].map((tick) => stage.until(tick))).toEqual([[], [5]]);
  });

  it('[ET5] reliable ones that wait keep their order, what is due on arrival overtakes, effects go by themselves', () => {
    const stage = new Stage();
    stage.comes(1, hit, 120, other).comes(2, hit, 105, other).comes(3, said, 130).comes(4, spark, 106, other);
    expect(stage.told.splice(0)).toEqual([3]);
    expect([105, 106, 119.9, 120].map((tick) => stage.until(tick))).toEqual([[], [4], [], [1, 2]]);
    // An unknown entity holds up what is behind it for 250 ms.
    stage.comes(5, hit, 120, stranger).comes(6, hit, 120, other).comes(7, flash, 120);
    expect([0, 249, 250].map((now) => stage.until(121, now))).toEqual([[7], [], [5, 6]]);
  });

  it('[ET6] none waits for more than a second, in whatever order they came and wherever the view is', () => {
    const stage = new Stage()
      .comes(1, hit, 2 ** 31 - 1, other)
      .comes(2, flash, 2 ** 40)
      .comes(3, hit, 101, other);
    expect(stage.until(102, 999)).toEqual([]);
    expect(stage.until(102, 1000)).toEqual([1, 2, 3]);
  });

  it('[ET6] a page that draws nothing hears of what is old by what comes', () => {
    const stage = new Stage().comes(1, hit, 120, other);
    stage.now = 1000;
    stage.comes(2, hit, 180, other);
    expect(stage.told).toEqual([1]);
  });

  it('[ET6] with 1024 waiting the oldest is handed over, none is lost', () => {
    const stage = new Stage();
    for (let number = 0; number < 1030; number++) stage.comes(number, hit, 200, other);
    expect(stage.told).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stage.until(200).length).toBe(1030);
  });

  it('[ET6] at the end the reliable ones are handed over in order, and the effects dropped; also when a handler ends it', () => {
    const stage = new Stage().comes(1, hit, 120, other).comes(2, flash, 110).comes(3, hit, 110, other);
    stage.onTold = () => {
      stage.onTold = () => {};
      stage.events.end();
    };
    expect(stage.until(120)).toEqual([1, 3]);
    stage.events.end();
    expect(stage.until(200, 5000)).toEqual([]);
  });
});
