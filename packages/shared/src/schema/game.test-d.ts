// Types that a game gets from its schema: what must compile and what must not. The type check runs this file; nothing executes it.

import { type AnswerOf, defineGame, type EntityOf, entity, event, f, type InputSample, type RequestOf, request } from '../index.ts';

const game = defineGame({
  name: 'types',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity(
      { pos: f.vec2(0, 2000), hp: f.uint(100), ammo: f.uint(99).owner(), mode: f.enumOf('walk', 'run'), target: f.entity() },
      { predict: 'owner' },
    ),
    wall: entity({ pos: f.vec2(0, 2000) }),
  },
  state: { phase: f.enumOf('warmup', 'over') },
  input: { move: f.vec2(-1, 1), fire: f.press(), run: f.button() },
  events: { hit: event({ damage: f.uint(100) }) },
  requests: { buy: request({ item: f.uint(99) }, { ok: f.bool(), left: f.uint(1000) }) },
  steps: {
    player(player, input, context) {
      const { world, dt } = context;
      const wall = context.spawn('wall', { pos: { ...player.pos } });
      player.target = wall.id;
      context.emit('hit', { damage: context.isExact(wall) ? player.hp : 0 });
      context.despawn(wall);
      context.despawn(wall.id);
      // @ts-expect-error walls have no hp
      context.spawn('wall', { hp: 3 });
      // @ts-expect-error no such type
      context.spawn('tree');
      // @ts-expect-error a hit has its damage
      context.emit('hit', {});
      // @ts-expect-error no such event
      context.emit('miss', {});
      player.pos.x += input.move.x * dt;
      player.hp -= input.fire;
      player.mode = input.run ? 'run' : 'walk';
      for (const wall of world.all('wall')) if (wall.pos.x > 3 && world.state.phase === 'over') player.target = wall.id;
      // @ts-expect-error no such name
      player.mode = 'fly';
      // @ts-expect-error no such type
      world.all('tree');
    },
  },
});

export const physical = defineGame({
  name: 'engine',
  tickHz: 60,
  snapshotHz: 20,
  entities: { box: entity({ x: f.fixed(0, 9) }) },
  engine: {
    create: () => ({ bodies: new Map<number, number>() }),
    save: (engine) => [...engine.bodies],
    restore: (saved) => ({ bodies: new Map(saved) }),
  },
  stepWorld({ world, dt }, engine) {
    for (const box of world.all('box')) box.x += (engine.bodies.get(box.id) ?? 0) * dt;
    // @ts-expect-error the engine has no such thing
    engine.gravity = 1;
  },
});

type Game = typeof game;
export const sample: InputSample<Game> = { fire: true, move: { x: 0, y: 1 } };
export const mode: EntityOf<Game, 'player'>['mode'] = 'run';
// @ts-expect-error a press is a boolean or a number
export const wrongSample: InputSample<Game> = { fire: 'x' };
// @ts-expect-error walls have no hp
export const wrongField: keyof EntityOf<Game, 'wall'> = 'hp';
// @ts-expect-error nobody of this name
export const wrongVisible: ReturnType<typeof entity> = entity({ hp: f.uint(9) }, { visible: 'friends' });
export const answer: AnswerOf<Game, 'buy'> = { ok: true, left: 3 };
export const asked: RequestOf<Game, 'buy'> = { item: 3 };
// @ts-expect-error nothing to sell
export const wrongRequest: RequestOf<Game, 'sell'> = {};
// @ts-expect-error how much is left is a number
export const wrongAnswer: AnswerOf<Game, 'buy'> = { ok: true, left: '3' };
export const rule = '[GD11] the types of entities, steps, samples and events follow from the schema';
