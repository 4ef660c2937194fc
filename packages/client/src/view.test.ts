// The picture's own objects: there as long as their entity is in view, in the order of the slots, and safe to loop over.

import { defineGame, entity, f } from '@tickwire/shared';
import { entityId, type Slot } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { View } from './view.ts';

const game = defineGame({
  name: 'view',
  tickHz: 60,
  snapshotHz: 20,
  entities: { one: entity({ pos: f.vec2(0, 10) }), two: entity({ x: f.uint(9) }) },
  state: { phase: f.enumOf('warm', 'play') },
});
const [stateType, one, two] = game.types as [(typeof game.types)[number], (typeof game.types)[number], (typeof game.types)[number]];

function id(slot: number, version = 1): ReturnType<typeof entityId> {
  return entityId(slot as Slot, version);
}

describe('View', () => {
  it('[VW7] lists the entities of a type by slot, whatever order they came in, and finds each by its id', () => {
    const view = new View(game);
    for (const slot of [5, 2, 9, 1]) view.show(id(slot), one);
    view.show(id(3), two);
    expect(view.all('one').map((entry) => entry.id)).toEqual([1, 2, 5, 9].map((slot) => id(slot)));
    expect(view.all('two').map((entry) => entry.id)).toEqual([id(3)]);
    expect(view.get(id(5))).toBe(view.all('one')[2]);
    expect([view.get(null), view.get(id(7)), view.get(id(5, 2)), view.get(0 as ReturnType<typeof id>)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(() => view.all('three' as 'one')).toThrow(/no entity type 'three'/);
  });

  it('[RC7] another type under the same id is another object, with its own fields', () => {
    const view = new View(game);
    const before = view.show(id(4), one);
    const after = view.show(id(4), two);
    expect([after === before, view.all('one').length, view.all('two').length, Object.keys(after)]).toEqual([
      false,
      0,
      1,
      ['id', 'type', 'mine', 'extrapolated', 'x'],
    ]);
  });

  it('[VW7] an object lives as long as its entity is in view; another entity in its slot is another object', () => {
    const view = new View(game);
    const shown = view.show(id(4), one);
    expect(view.show(id(4), one)).toBe(shown);
    const next = view.show(id(4, 2), two);
    expect(next).not.toBe(shown);
    expect([view.all('one'), view.all('two')]).toEqual([[], [next]]);
    view.hide(4);
    view.hide(4);
    view.hide(900);
    expect([view.all('two').length, view.get(id(4, 2))]).toEqual([0, undefined]);
  });

  it('[VW7] a list that was given out does not change under the loop that reads it', () => {
    const view = new View(game);
    for (const slot of [1, 2, 3]) view.show(id(slot), one);
    const seen: number[] = [];
    for (const entry of view.all('one')) {
      seen.push(entry.id);
      view.hide(2);
      view.show(id(7), one);
    }
    expect(seen).toEqual([id(1), id(2), id(3)]);
    expect(view.all('one').map((entry) => entry.id)).toEqual([id(1), id(3), id(7)]);
  });

  it('[VW7] the state of the room is one object for ever, with its initial values at first', () => {
    const view = new View(game);
    const { state } = view;
    expect(state.phase).toBe('warm');
    view.show(id(0, 0), stateType)['phase'] = 'play';
    expect([view.state, view.state.phase]).toEqual([state, 'play']);
  });
});
