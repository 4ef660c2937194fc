// A room in a scene that is no more than its events: what Phaser calls is called here by hand, and the view is filled as snapshots fill it.

import { EventEmitter } from 'node:events';
import { defineGame, entity, event, f } from '@tickwire/shared';
import { type EntityType, entityId, type Slot } from '@tickwire/shared/internal';
import type { Scene } from 'phaser';
import { describe, expect, it } from 'vitest';
import { ClientRoom } from '../../client-room.ts';
import type { Shown } from '../../view.ts';
import { tickwire } from './scene-net.ts';

const game = defineGame({
  name: 'yard',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    tank: entity({ pos: f.vec2(0, 100), heading: f.angle(), hp: f.uint(9) }),
    flag: entity({ pos: f.uint(9) }),
  },
  events: { hit: event({ damage: f.uint(9) }), spark: event({}, { expiresMs: 250 }) },
});
const [, tank] = game.types as readonly [EntityType, EntityType, EntityType];
const id = (slot: number): ReturnType<typeof entityId> => entityId(slot as Slot, 1);

/** A game object as Phaser's are, noting what is done to it. */
class Sprite {
  at = '';
  rotation = 0;
  state = '';
  tint = 0;
  destroyed = 0;
  setPosition(x: number, y: number): void {
    this.at = `${x},${y}`;
  }
  setRotation(radians: number): void {
    this.rotation = radians;
  }
  setTint(tint: number): void {
    this.tint = tint;
  }
  setActive(isActive: boolean): void {
    this.state = isActive ? 'active' : 'idle';
  }
  setVisible(isVisible: boolean): void {
    this.state += isVisible ? ' seen' : ' unseen';
  }
  destroy(): void {
    this.destroyed++;
  }
}

class Yard {
  readonly events = new EventEmitter();
  readonly room = new ClientRoom(game, { roomId: 'r', sessionId: 's', token: 't' } as never, 0);
  readonly framed: number[] = [];
  readonly made: Sprite[] = [];
  readonly log: string[] = [];
  readonly handlers = new Set<(fields: never) => unknown>();

  constructor() {
    this.room.frame = (now) => void this.framed.push(now);
    this.room.on = (_name, handler) => {
      this.handlers.add(handler);
      return () => this.handlers.delete(handler);
    };
  }

  net(options: Parameters<typeof tickwire>[2] = {}): ReturnType<typeof tickwire<typeof game>> {
    return tickwire({ events: this.events } as unknown as Scene, this.room, options);
  }

  make = (): Sprite => {
    const sprite = new Sprite();
    this.made.push(sprite);
    return sprite;
  };

  show(slot: number, x = 0, heading = 0): Shown {
    const shown = this.room.view.show(id(slot), tank);
    Object.assign(shown, { pos: { x, y: 2 * x }, heading });
    return shown;
  }

  /** An event, as the room hands it over. */
  deliver(): void {
    for (const handler of this.handlers) handler({ damage: 1 } as never);
  }

  /** A frame of Phaser. */
  step(): void {
    this.events.emit('update', 0, 16);
  }
}

describe('tickwire', () => {
  it('[PH1] each update of the scene is one frame of the room, and nobody else frames it while the scene runs', () => {
    const yard = new Yard();
    yard.net().bind('tank', {
      make: yard.make,
      update: () => void yard.log.push(`drawn after ${yard.framed.length}`),
    });
    yard.show(1);
    const before = performance.now();
    yard.step();
    yard.step();
    expect(yard.framed).toHaveLength(2);
    expect(yard.framed[0]).toBeGreaterThanOrEqual(before);
    expect(yard.framed[1]).toBeLessThanOrEqual(performance.now());
    expect(yard.log).toEqual(['drawn after 1', 'drawn after 2']);
    expect(yard.room.loop).toBe('manual');
  });

  it.each([
    ['pause', 'resume'],
    ['sleep', 'wake'],
  ])('[PH1] while the scene does not run after %s, the loop from before frames the room', (ends, begins) => {
    for (const loop of ['auto', 'manual'] as const) {
      const yard = new Yard();
      yard.room.loop = loop;
      yard.net();
      yard.events.emit(ends);
      expect(yard.room.loop).toBe(loop);
      yard.events.emit(begins);
      expect(yard.room.loop).toBe('manual');
      yard.events.emit('shutdown');
      expect(yard.room.loop).toBe(loop);
    }
  });

  it('[PH1] what is to be called instead of room.frame can be named', () => {
    const yard = new Yard();
    const frames: number[] = [];
    yard.net({ frame: (now) => frames.push(now) });
    yard.step();
    expect([frames.length, yard.framed.length]).toEqual([1, 0]);
  });

  it('[PH2] an entity has one object from its first frame to its last, and each step of its life is told with its fields', () => {
    const yard = new Yard();
    const tell = (what: string) => (sprite: Sprite, shown: { readonly pos: { x: number } }) =>
      void yard.log.push(`${what} ${yard.made.indexOf(sprite)} at ${shown.pos.x}`);
    const tanks = yard.net().bind('tank', { make: yard.make, add: tell('add'), update: tell('update'), remove: tell('remove') });
    const one = yard.show(1, 5);
    yard.step();
    Object.assign(one, { pos: { x: 6, y: 12 } });
    yard.show(2, 20);
    yard.step();
    expect(tanks.get(id(2))).toBe(yard.made[1]);
    Object.assign(one, { pos: { x: 7, y: 14 } });
    yard.room.view.hide(1);
    yard.step();
    expect(yard.log).toEqual(['add 0 at 5', 'update 0 at 5', 'add 1 at 20', 'update 0 at 6', 'update 1 at 20', 'remove 0 at 7', 'update 1 at 20']);
    expect([tanks.get(id(1)), tanks.get(null), tanks.mine]).toEqual([undefined, undefined, undefined]);
    (yard.room.view.get(id(2)) as unknown as Shown).mine = true;
    expect(tanks.mine).toBe(yard.made[1]);
  });

  it('[PH3] the object of an entity that has gone is out of sight, and shows the next one that comes', () => {
    const yard = new Yard();
    const tanks = yard.net().bind('tank', { make: yard.make, add: (sprite, { hp }) => sprite.setTint(hp) });
    yard.show(1);
    yard.show(2);
    yard.step();
    const [first] = yard.made;
    yard.room.view.hide(1);
    yard.step();
    expect(first?.state).toBe('idle unseen');
    yard.show(3)['hp'] = 7;
    yard.step();
    expect(tanks.get(id(3))).toBe(first);
    expect([first?.state, first?.tint, yard.made.length]).toEqual(['active seen', 7, 2]);
    // One that goes in the frame in which another comes makes room for it.
    yard.room.view.hide(3);
    yard.show(4);
    yard.step();
    expect([tanks.get(id(4)), yard.made.length]).toEqual([first, 2]);
    for (const slot of [5, 6]) yard.show(slot);
    yard.step();
    expect(yard.made).toHaveLength(4);
  });

  it('[PH4] an object stands where its entity is shown, turned by its angle, unless the game places it itself', () => {
    const yard = new Yard();
    const net = yard.net();
    net.bind('tank', { make: yard.make });
    yard.show(1, 5, 0.5);
    yard.step();
    expect([yard.made[0]?.at, yard.made[0]?.rotation]).toEqual(['5,10', 0.5]);
    // What has no vector and no angle, and what cannot be placed, stays where it was made.
    net.bind('flag', { make: yard.make });
    net.bind('tank', { make: () => ({ destroy() {} }) });
    yard.room.view.show(id(3), game.types[2] as EntityType);
    yard.step();
    expect([yard.made[1]?.at, yard.made[1]?.rotation]).toEqual(['', 0]);
    const other = new Yard();
    other.net().bind('tank', { make: other.make, place: (sprite, { pos }) => sprite.setPosition(-pos.x, 0) });
    other.show(1, 5, 0.5);
    other.step();
    expect([other.made[0]?.at, other.made[0]?.rotation]).toEqual(['-5,0', 0]);
    expect(() => net.bind('tanks' as 'tank', { make: yard.make })).toThrow(/no entity type 'tanks' in the game 'yard'/);
  });

  it("[PH5] what a step has spawned ahead keeps its object when the server's id arrives", () => {
    const yard = new Yard();
    const tanks = yard.net().bind('tank', { make: yard.make, remove: () => void yard.log.push('remove') });
    const guest = entityId(0 as Slot, 1);
    Object.assign(yard.room.view.show(guest, tank), { pos: { x: 1, y: 1 } });
    yard.step();
    const [made] = yard.made;
    expect(tanks.get(guest)).toBe(made);
    yard.room.view.rename(guest, id(4));
    yard.step();
    expect([tanks.get(guest), tanks.get(id(4)), yard.made.length, yard.log]).toEqual([undefined, made, 1, []]);
  });

  it.each(['shutdown', 'destroy', 'close()'])('[PH6] after %s nothing of the room is left in the scene, nor of the scene in the room', (end) => {
    const yard = new Yard();
    for (let starts = 1; starts <= 20; starts++) {
      const net = yard.net();
      net.bind('tank', { make: yard.make, remove: () => void yard.log.push('removed') });
      net.on('hit', () => void yard.log.push(`hit ${starts}`));
      for (const slot of [1, 2]) yard.show(slot);
      yard.step();
      yard.room.view.hide(1);
      yard.step();
      expect(yard.made).toHaveLength(2 * starts);
      yard.log.length = 0;
      yard.deliver();
      expect(yard.log).toEqual([`hit ${starts}`]);
      if (end === 'close()') net.close();
      else yard.events.emit(end);
      expect(yard.events.eventNames()).toEqual([]);
      yard.step();
      yard.deliver();
      expect(yard.log).toEqual([`hit ${starts}`]);
      expect([yard.framed.length, yard.room.loop]).toEqual([2 * starts, 'auto']);
      yard.room.view.hide(2);
    }
    expect(new Set(yard.made.map(({ destroyed }) => destroyed))).toEqual(new Set([1]));
  });

  it('[PH6] a handler that was taken off before the scene ends stays off', () => {
    const yard = new Yard();
    const off = yard.net().on('hit', () => void yard.log.push('hit'));
    off();
    yard.deliver();
    yard.events.emit('shutdown');
    expect(yard.log).toEqual([]);
  });

  it('[PH15] an effect that comes while nobody sees the scene is not handed over, any other event is', () => {
    const yard = new Yard();
    const net = yard.net();
    for (const name of ['hit', 'spark'] as const) net.on(name, () => void yard.log.push(name));
    const heard = (): string[] => {
      yard.log.length = 0;
      yard.deliver();
      return [...yard.log];
    };
    expect(heard()).toEqual(['hit', 'spark']);
    for (const [ends, begins] of [
      ['pause', 'resume'],
      ['sleep', 'wake'],
    ] as const) {
      yard.events.emit(ends);
      expect(heard()).toEqual(['hit']);
      yard.events.emit(begins);
      expect(heard()).toEqual(['hit', 'spark']);
    }
    yard.room.hidden = true;
    expect(heard()).toEqual(['hit']);
    yard.room.hidden = false;
    expect(heard()).toEqual(['hit', 'spark']);
  });
});
