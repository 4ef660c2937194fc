// The game that is attacked, its room, and what an honest client of it must still see: everything, exactly.
//
// Invariant: the room's code checks nothing itself; whatever reaches it has passed the framework.

import { type Client, Room } from '@tickwire/server/core';
import { defineGame, entity, event, f } from '@tickwire/shared';
import { slotOf } from '@tickwire/shared/internal';
import type { Peer, Stepper } from '../stepper.ts';

export const hostileGame = defineGame({
  name: 'hostile',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity(
      { pos: f.vec2(-1000, 1000, { wire: 1 / 8 }), name: f.string(12), gold: f.uint(1000).owner(), presses: f.uint(60_000) },
      { predict: 'owner' },
    ),
    ball: entity({ pos: f.vec2(-500, 500), speed: f.fixed(-300, 300) }, { predict: 'everyone' }),
    mob: entity({
      pos: f.vec2(-500, 500, { wire: 1 / 8 }),
      mood: f.enumOf('calm', 'angry', 'gone'),
      path: f.list(f.int(-9, 9), 4),
      note: f.optional(f.string(9)),
    }),
  },
  state: { isCalm: f.bool() },
  // 0 to 10 in steps of 1 takes 4 bits, which hold 11 to 15 as well; the three choices take 2.
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), level: f.uint(10), mode: f.enumOf('a', 'b', 'c'), fire: f.press() },
  events: {
    chat: event({ text: f.string(40) }),
    rename: event({ name: f.string(12), rank: f.uint(5) }),
    told: event({ number: f.uint(1_000_000) }),
    spark: event({ at: f.vec2(-500, 500), n: f.uint(65_535) }, { expiresMs: 300 }),
  },
  steps: {
    walker(walker, input, { dt, world }) {
      if (world.state.isCalm) return;
      walker.pos.x += input.move.x * (60 + input.level) * dt;
      walker.pos.y += input.move.y * 60 * dt;
      walker.presses = (walker.presses + input.fire) % 60_000;
    },
    ball(ball, _input, { dt, random, world }) {
      if (world.state.isCalm) return;
      if (random.chance(0.05)) ball.speed = random.range(-200, 200);
      ball.pos.x += ball.speed * dt;
      if (Math.abs(ball.pos.x) > 490) ball.speed = -ball.speed;
    },
  },
});
export type HostileGame = typeof hostileGame;

export class HostileRoom extends Room<HostileGame> {
  override maxClients = 64;
  override autoDispose = false;
  /** Everything that reached the room from clients, in short. */
  readonly chats: string[] = [];
  readonly names: string[] = [];
  readonly left: string[] = [];
  told = 0;

  override onCreate(): void {
    for (let count = 0; count < 30; count++) this.world.spawn('mob', { pos: { x: count * 10, y: 0 } });
    this.world.spawn('ball', { speed: 100 });
    this.on('chat', (client, { text }) => {
      this.chats.push(`${client.sessionId}: ${text}`);
      if (this.chats.length > 5000) this.chats.shift();
    });
    this.on('rename', (client, { name, rank }) => {
      this.names.push(name);
      if (this.world.state.isCalm) return;
      for (const one of client.entities) if (one.type === 'walker') one.name = `${name}${rank}`;
    });
  }

  override onJoin(client: Client<HostileGame>): void {
    client.control(this.world.spawn('walker', { name: client.sessionId.slice(-12) }));
  }

  override onLeave(client: Client<HostileGame>, code: string): void {
    this.left.push(code);
    for (const one of client.entities) this.world.despawn(one);
  }

  override onTick(): void {
    if (this.world.state.isCalm) return;
    for (const mob of this.world.all('mob')) {
      if (mob.mood === 'angry') mob.pos.x += this.random.range(-2, 2);
      if (this.random.chance(0.02)) mob.mood = this.random.pick(['calm', 'angry', 'gone'] as const);
      if (this.random.chance(0.01)) mob.path = [this.random.int(9), this.random.int(9)];
      if (this.random.chance(0.002)) {
        this.world.despawn(mob);
        this.world.spawn('mob', { note: 'new' });
      }
    }
    if (this.tick % 30 === 0) this.emit('told', { number: ++this.told });
    if (this.random.chance(0.2)) this.emit('spark', { at: { x: 0, y: 0 }, n: this.tick % 65_536 });
  }
}

/** Everything in which an honest client's replica differs from a world that stands still. */
export function differences(stepper: Stepper<HostileGame>, peer: Peer<HostileGame>): string[] {
  const { world, history } = stepper.core;
  const { entities } = peer.room.received;
  const found: string[] = [];
  for (let slot = 0; slot < Math.max(world.slotCount, entities.length); slot++) {
    const there = world.at(slot);
    const here = entities[slot];
    if (there?.id !== here?.id) found.push(`slot ${slot}: the server has ${there?.id}, the client ${here?.id}`);
    if (!there || !here || there.id !== here.id) continue;
    const { layout } = here.type;
    const at = history.rowAt(slotOf(here.id), world.versionAt(slot), world.tick);
    const mine = here.rowAt(here.count - 1);
    if (!layout.same(here.rows, mine, history.rows(slot), at, here.form === 0 ? 'wire' : 'step', here.form === 2))
      found.push(`slot ${slot}: ${here.type.name}.${layout.firstDifference(here.rows, mine, history.rows(slot), at)} differs`);
  }
  return found;
}
