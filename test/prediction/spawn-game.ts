// A game whose steps spawn, despawn and tell of events: shooters, bullets that split at a wall, mines that lie still, and a ball that drops sparks.
//
// Everything is made in steps, so what a client makes ahead of the server is what the server will make. Units: as the arena's, ticks of 1/60 s.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, event, f } from '@tickwire/shared';

export const game = defineGame({
  name: 'spawns',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    shooter: entity({ pos: f.vec2(-500, 500), heat: f.uint(100), mines: f.uint(9) }, { predict: 'owner' }),
    bullet: entity({ pos: f.vec2(-500, 500), speed: f.vec2(-2000, 2000), age: f.uint(255), luck: f.fixed(0, 1) }, { predict: 'owner' }),
    shard: entity({ pos: f.vec2(-500, 500), age: f.uint(100) }, { predict: 'owner' }),
    mine: entity({ pos: f.vec2(-500, 500), fuse: f.uint(1000) }, { predict: 'owner' }),
    ball: entity({ x: f.fixed(-500, 500), speed: f.fixed(-300, 300) }, { predict: 'everyone' }),
    spark: entity({ x: f.fixed(-500, 500), age: f.uint(100) }, { predict: 'everyone' }),
    flag: entity({ y: f.fixed(0, 100) }),
  },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), fire: f.press(), lay: f.press() },
  events: {
    shot: event({ by: f.entity(), heat: f.uint(100) }),
    bang: event({ at: f.vec2(-500, 500) }, { expiresMs: 150 }),
    bounce: event({ x: f.fixed(-500, 500) }),
  },
  steps: {
    shooter(shooter, input, context) {
      shooter.pos.x = bounded(shooter.pos.x + input.move.x * 200 * context.dt);
      shooter.pos.y = bounded(shooter.pos.y + input.move.y * 200 * context.dt);
      if (shooter.heat > 0) shooter.heat--;
      for (let shot = 0; shot < input.fire; shot++) {
        if (shooter.heat > 60) break;
        shooter.heat += 10;
        context.spawn('bullet', { pos: { ...shooter.pos }, speed: { x: context.random.range(300, 1500), y: context.random.range(-200, 200) } });
        context.emit('shot', { by: shooter.id, heat: shooter.heat });
      }
      for (let mine = 0; mine < input.lay; mine++) context.spawn('mine', { pos: { ...shooter.pos }, fuse: 20 + context.random.int(60) });
    },
    bullet(bullet, _input, context) {
      bullet.age++;
      bullet.luck = context.random.next();
      bullet.pos.x += bullet.speed.x * context.dt;
      bullet.pos.y += bullet.speed.y * context.dt;
      if (bullet.pos.x < 490 && bullet.age < 80) return;
      context.despawn(bullet);
      context.emit('bang', { at: bullet.pos });
      // A chain: what a step has made makes something itself.
      if (context.random.chance(0.5)) for (let shard = 0; shard < 2; shard++) context.spawn('shard', { pos: { ...bullet.pos } });
    },
    shard(shard, _input, context) {
      shard.pos.y = bounded(shard.pos.y + context.random.range(-3, 3));
      if (++shard.age === 30) context.despawn(shard);
    },
    mine(mine, _input, context) {
      // At rest for most of its life: the server names it no more.
      if (mine.fuse === 1000) return;
      mine.fuse--;
      if (mine.fuse === 0) mine.fuse = 1000;
      else if (mine.fuse < 15 && context.random.chance(0.2)) context.despawn(mine);
    },
    ball(ball, _input, context) {
      ball.x += ball.speed * context.dt;
      if (Math.abs(ball.x) > 490) {
        ball.speed = -ball.speed;
        context.emit('bounce', { x: ball.x });
        context.spawn('spark', { x: ball.x });
      }
    },
    spark(spark, _input, context) {
      spark.x = bounded(spark.x + context.random.range(-9, 9));
      if (++spark.age === 60) context.despawn(spark);
    },
  },
});
export type Game = typeof game;

function bounded(value: number): number {
  return Math.max(-499, Math.min(499, value));
}

export class Range extends Room<Game> {
  override autoDispose = false;
  override onCreate(): void {
    this.world.spawn('ball', { speed: 250 });
    this.world.spawn('flag');
  }
  override onJoin(client: Client<Game>): void {
    client.control(this.world.spawn('shooter'));
  }
  override onTick(): void {
    // Old mines go: a client that predicts them is told of it.
    for (const mine of this.world.all('mine')) if (mine.fuse === 1000 && this.random.chance(0.01)) this.world.despawn(mine);
  }
  override onTimer(name: string): void {
    for (const shooter of this.world.all('shooter')) if (name === 'jam') shooter.heat = 100;
  }
}
