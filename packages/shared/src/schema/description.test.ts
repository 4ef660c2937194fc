import { describe, expect, it } from 'vitest';
import { describeDifference, hashDescription } from './description.ts';
import { f } from './fields.ts';
import { defineGame, entity, event, type GameParts } from './game.ts';
import { request } from './request.ts';

type Parts = GameParts<
  Record<string, ReturnType<typeof entity>>,
  Record<string, never>,
  Record<string, never>,
  Record<string, never>,
  Record<string, never>
>;

const player = { pos: f.vec2(0, 100, { wire: 1 / 16 }), hp: f.uint(100), ammo: f.uint(9).owner() };
const parts = {
  name: 'arena',
  tickHz: 60,
  snapshotHz: 20,
  entities: { player: entity(player), rock: entity({ pos: f.vec2(0, 100) }) },
  state: { phase: f.enumOf('warmup', 'over') },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), fire: f.press() },
  events: { hit: event({ damage: f.uint(100) }), spark: event({ at: f.vec2(0, 100) }, { expiresMs: 200 }) },
};

function hashOf(changed: object): string {
  return defineGame({ ...parts, ...changed } as unknown as Parts).hash;
}

function withPlayer(fields: object): string {
  return hashOf({ entities: { ...parts.entities, player: entity({ ...player, ...fields }) } });
}

describe('Schema', () => {
  it('[GD7] the hash changes with everything that changes bytes or what they mean', () => {
    const { hp, pos, ammo } = player;
    const predicted = { player: entity(player, { predict: 'owner' }), rock: parts.entities.rock };
    const hashes = {
      same: hashOf({}),
      name: hashOf({ name: 'other' }),
      tickHz: hashOf({ tickHz: 120 }),
      snapshotHz: hashOf({ snapshotHz: 30 }),
      inputHz: hashOf({ inputHz: 60 }),
      range: withPlayer({ hp: f.uint(101) }),
      kind: withPlayer({ hp: f.int(0, 100) }),
      step: withPlayer({ pos: f.vec2(0, 100, { step: 1 / 512, wire: 1 / 16 }) }),
      wire: withPlayer({ pos: f.vec2(0, 100, { wire: 1 / 8 }) }),
      low: withPlayer({ pos: f.vec2(-1, 100, { wire: 1 / 16 }) }),
      dimensions: withPlayer({ pos: f.vec3(0, 100, { wire: 1 / 16 }) }),
      owner: withPlayer({ hp: hp.owner() }),
      everyone: withPlayer({ ammo: f.uint(9) }),
      more: withPlayer({ extra: f.bool() }),
      fewer: hashOf({ entities: { player: entity({ pos, hp }), rock: parts.entities.rock } }),
      fieldName: hashOf({ entities: { player: entity({ pos, life: hp, ammo }), rock: parts.entities.rock } }),
      fieldOrder: hashOf({ entities: { player: entity({ hp, pos, ammo }), rock: parts.entities.rock } }),
      typeOrder: hashOf({ entities: { rock: parts.entities.rock, player: parts.entities.player } }),
      typeName: hashOf({ entities: { player: parts.entities.player, stone: parts.entities.rock } }),
      emptyType: hashOf({ entities: { ...parts.entities, nothing: entity({}) } }),
      fieldsAsType: hashOf({ entities: { player: entity({}), rock: entity(player) } }),
      predict: hashOf({ entities: predicted, steps: { player: () => {} } }),
      names: hashOf({ state: { phase: f.enumOf('over', 'warmup') } }),
      moreNames: hashOf({ state: { phase: f.enumOf('warmup', 'over', 'play') } }),
      flags: hashOf({ state: { phase: f.flags('warmup', 'over') } }),
      noState: hashOf({ state: {} }),
      input: hashOf({ input: { move: f.vec2(-1, 1, { wire: 1 / 4 }), fire: f.press() } }),
      button: hashOf({ input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), fire: f.button() } }),
      bool: hashOf({ input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), fire: f.bool() } }),
      eventOrder: hashOf({ events: { spark: parts.events.spark, hit: parts.events.hit } }),
      effect: hashOf({ events: { hit: event({ damage: f.uint(100) }, { expiresMs: 200 }), spark: parts.events.spark } }),
      expiry: hashOf({ events: { hit: parts.events.hit, spark: event({ at: f.vec2(0, 100) }, { expiresMs: 201 }) } }),
      noEvents: hashOf({ events: {} }),
      request: hashOf({ requests: { buy: request({ item: f.uint(9) }, { left: f.uint(9) }) } }),
      requestName: hashOf({ requests: { sell: request({ item: f.uint(9) }, { left: f.uint(9) }) } }),
      requestField: hashOf({ requests: { buy: request({ item: f.uint(8) }, { left: f.uint(9) }) } }),
      answerField: hashOf({ requests: { buy: request({ item: f.uint(9) }, { left: f.uint(8) }) } }),
      answerAsRequest: hashOf({ requests: { buy: request({ item: f.uint(9), left: f.uint(9) }, {}) } }),
      requestOrder: hashOf({ requests: { buy: request({}, {}), sell: request({}, {}) } }),
      requestsTurned: hashOf({ requests: { sell: request({}, {}), buy: request({}, {}) } }),
      requestAsEvent: hashOf({ events: { ...parts.events, buy: event({}) }, requests: { sell: request({}, {}) } }),
      eventAsState: hashOf({ events: { hit: parts.events.hit }, state: { ...parts.state, at: f.vec2(0, 100) } }),
    };
    const seen = new Map<string, string>();
    for (const [what, hash] of Object.entries(hashes)) {
      expect(hash).toMatch(/^[0-9a-f]{16}$/);
      expect(seen.get(hash), what).toBeUndefined();
      seen.set(hash, what);
    }
  });

  it('[GD7] kinds that differ in size or meaning differ in the schema', () => {
    const kinds = [
      ...[
        f.bool(),
        f.uint(1),
        f.int(0, 1),
        f.fixed(0, 1),
        f.fixed(0, 1, { step: 1 }),
        f.float32(),
        f.tick(),
        f.entity(),
        f.angle(),
        f.angle({ wire: 8 }),
      ],
      ...[
        f.angle({ step: 8 }),
        f.string(4),
        f.string(5),
        f.bytes(4),
        f.enumOf('a'),
        f.flags('a'),
        f.enumOf('a', 'b'),
        f.enumOf('a|b'),
        f.enumOf('b', 'a'),
      ],
      ...[
        f.list(f.bool(), 2),
        f.list(f.bool(), 3),
        f.list(f.uint(1), 2),
        f.list(f.list(f.bool(), 3), 2),
        f.list(f.list(f.bool(), 2), 3),
        f.optional(f.bool()),
      ],
      ...[f.optional(f.list(f.bool(), 2)), f.list(f.optional(f.bool()), 2), f.vec2(0, 1), f.vec3(0, 1), f.list(f.vec2(0, 1), 2), f.bool().owner()],
    ];
    const hashes = kinds.map((kind) => withPlayer({ extra: kind }));
    expect(new Set(hashes).size).toBe(kinds.length);
  });

  it('[GD8] the hash does not change with code, nor with what is only written otherwise', () => {
    const same = hashOf({});
    expect(hashOf({ steps: { player: () => {} } })).toBe(same);
    expect(hashOf({ inputHz: 30 })).toBe(same);
    expect(withPlayer({ pos: f.vec2(0, 100, { step: 1 / 1024, wire: 1 / 16 }) })).toBe(same);
    expect(hashOf({ entities: { player: entity(player, { predict: 'never' }), rock: parts.entities.rock } })).toBe(same);
    expect(hashOf({ state: { ...parts.state } })).toBe(same);
  });

  it('[GD9] the hash is FNV-1a over the lines, from its own offset and from another', () => {
    // The first half of each: published vectors of FNV-1a, 32 bits.
    for (const [text, hash] of [
      ['', '811c9dc5'],
      ['a', 'e40c292c'],
      ['foobar', 'bf9cf968'],
    ] as const)
      expect(hashDescription([text]).slice(0, 8)).toBe(hash);
    expect(hashDescription(['foo', 'bar'])).toBe(hashDescription(['foo\nbar']));
    expect(hashDescription(['a']).slice(8)).not.toBe('e40c292c');
  });

  it('[GD10] two schemas that differ are explained by the lines that only one end has', () => {
    const client = defineGame(parts);
    const server = defineGame({ ...parts, entities: { ...parts.entities, player: entity({ ...player, hp: f.uint(200) }) } });
    expect(describeDifference(client.description, server.description)).toBe(
      'only the client has "entity player, field hp: uint 100"; only the server has "entity player, field hp: uint 200"',
    );
    const renamed = defineGame({ ...parts, state: { round: f.enumOf('warmup', 'over') }, tickHz: 120 });
    expect(describeDifference(client.description, renamed.description).split('; ')).toEqual([
      'only the client has "game arena: tickHz 60, snapshotHz 20, inputHz 30"',
      'only the client has "state, field phase: enum warmup|over"',
      'only the server has "game arena: tickHz 120, snapshotHz 20, inputHz 30"',
      'only the server has "state, field round: enum warmup|over"',
    ]);
  });

  it('[GD10] another order is said to be one, and a long difference is cut', () => {
    expect(describeDifference(['a', 'b'], ['b', 'a'])).toBe('the same lines in another order');
    const lines = Array.from({ length: 9 }, (_, index) => `field ${index}`);
    expect(describeDifference(lines, ['x'], 2)).toBe('only the client has "field 0"; only the server has "x"; and 8 more');
    expect(describeDifference(['x'], lines, 3)).toBe(
      'only the client has "x"; only the server has "field 0"; only the server has "field 1"; and 7 more',
    );
    expect(describeDifference([], ['x'])).toBe('only the server has "x"');
  });
});
