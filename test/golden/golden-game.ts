// The game of the golden messages: small, with every field kind in every place that a kind may stand in.
//
// Invariant: nothing here changes without new golden files; a new field kind gets a field here. Its steps do nothing: values are set by hand.

import { defineGame, entity, event, f, request } from '@tickwire/shared';

export const goldenGame = defineGame({
  name: 'golden',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity(
      { pos: f.vec2(0, 2000, { wire: 1 / 16 }), angle: f.angle({ wire: 8 }), hp: f.uint(100), ammo: f.uint(99).owner(), name: f.string(16) },
      { predict: 'owner' },
    ),
    ball: entity({ pos: f.vec2(-500, 500), spin: f.fixed(-10, 10, { step: 0.01, wire: 0.05 }) }, { predict: 'everyone' }),
    thing: entity({
      isOpen: f.bool(),
      count: f.uint(1000),
      depth: f.int(-50, 49),
      level: f.fixed(-1, 1, { step: 0.01, wire: 0.05 }),
      heading: f.angle({ step: 12, wire: 6 }),
      at: f.vec2(-100, 100, { step: 1 / 64, wire: 1 / 4 }),
      place: f.vec3(0, 10, { step: 1 / 8 }),
      pose: f.quat({ step: 12, wire: 8 }),
      height: f.float32(),
      mood: f.enumOf('calm', 'angry', 'gone'),
      marks: f.flags('lit', 'burning', 'shielded'),
      label: f.string(12),
      code: f.bytes(6),
      since: f.tick(),
      target: f.entity(),
      path: f.list(f.vec2(0, 15, { step: 1 / 4, wire: 1 }), 5),
      note: f.optional(f.string(12)),
      jumps: f.teleport(),
    }),
    rock: entity({ size: f.uint(7) }),
    page: entity({ ink: f.bytes(400) }),
    body: entity({ lift: f.fixed(0, 8, { wire: 1 / 32 }), pose: f.quat({ wire: 10 }), fuel: f.uint(1000).owner() }, { predict: 'owner' }),
  },
  state: { phase: f.enumOf('warmup', 'play', 'over'), endsAt: f.tick() },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), aim: f.angle({ wire: 10 }), fire: f.press(), run: f.button() },
  events: {
    hit: event({ target: f.entity(), damage: f.uint(100) }),
    chat: event({ text: f.string(200) }),
    spark: event({ at: f.vec2(0, 2000, { wire: 1 }), bright: f.bool() }, { expiresMs: 200 }),
    report: event({
      isOpen: f.bool(),
      depth: f.int(-50, 49),
      level: f.fixed(-1, 1, { step: 0.25 }),
      heading: f.angle({ step: 12 }),
      at: f.vec2(-100, 100, { step: 1 / 64 }),
      place: f.vec3(0, 10, { step: 1 / 8 }),
      pose: f.quat({ step: 12 }),
      height: f.float32(),
      mood: f.enumOf('calm', 'angry', 'gone'),
      marks: f.flags('lit', 'burning', 'shielded'),
      code: f.bytes(6),
      since: f.tick(),
      target: f.entity(),
      path: f.list(f.vec2(0, 15, { step: 1 / 4 }), 5),
      note: f.optional(f.string(12)),
    }),
  },
  requests: {
    buy: request({ item: f.uint(99), gift: f.entity() }, { left: f.uint(1000), price: f.fixed(0, 10, { step: 0.25 }) }),
    ping: request({}, {}),
  },
  steps: { player() {}, ball() {}, body() {} },
});

export type GoldenGame = typeof goldenGame;
