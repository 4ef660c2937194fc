// Who may see a type of entity, as it is written in a game.

import { describe, expect, it } from 'vitest';
import { f } from './fields.ts';
import { defineGame, type EntityDefs, entity, type Predict, type Visible } from './game.ts';

const gameOf = (entities: EntityDefs) => defineGame({ name: 'seen', tickHz: 60, snapshotHz: 20, entities, steps: { one: () => {} } });

describe('visible', () => {
  it('[GD1] a visibility that is none, that everyone\u2019s prediction rules out, or a team without a field for it is refused by name', () => {
    const faults: readonly (readonly [object, { visible?: Visible; predict?: Predict }, RegExp])[] = [
      [{ x: f.uint(9) }, { visible: 'friends' as Visible }, /entity one: visible 'friends' must be one of 'everyone', 'team', 'owner'/],
      [{ x: f.uint(9) }, { visible: 'team' }, /entity one is visible to its 'team': give it a field 'team'/],
      [{ team: f.vec2(0, 9) }, { visible: 'team' }, /give it a field 'team', such as f.uint\(3\)/],
      [{ team: f.uint(9) }, { visible: 'team', predict: 'everyone' }, /predicted by everyone, so everyone must see it: visible 'team' cannot be/],
      [{ x: f.uint(9) }, { visible: 'owner', predict: 'everyone' }, /visible 'owner' cannot be/],
    ];
    for (const [fields, options, message] of faults) expect(() => gameOf({ one: entity(fields as never, options) })).toThrow(message);
  });

  it('[GD4] teams by number, name or flag pass, and owners with and without prediction', () => {
    for (const team of [f.uint(3), f.enumOf('red', 'blue'), f.bool(), f.string(8)])
      expect(gameOf({ one: entity({ team }, { visible: 'team' }) }).types[1]?.visible).toBe('team');
    expect(gameOf({ one: entity({ x: f.uint(9) }, { visible: 'owner', predict: 'owner' }) }).types.map(({ visible }) => visible)).toEqual([
      'everyone',
      'owner',
    ]);
  });

  it('[GD8] who may see it is no part of the schema: only the server asks', () => {
    const fields = { team: f.uint(3) };
    expect(gameOf({ one: entity(fields, { visible: 'team' }) }).hash).toBe(gameOf({ one: entity(fields) }).hash);
  });
});
