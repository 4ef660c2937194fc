// The game of the rewind tests: what moves, rests, leaps, lives a few ticks or a few dozen, changes hands and takes slots again; and for each input that a
// client made what its page drew then, to hold against what the server rebuilds for it.
//
// Invariant: all of it depends on the room's seed and the inputs alone. Units: ticks with fractions.

import { type Client, type Past, Room } from '@tickwire/server/core';
import { defineGame, entity, f } from '@tickwire/shared';
import type { ViewEntity } from '../../packages/client/src/view.ts';
import type { Peer, Stepper } from '../stepper.ts';

export const wireStep = 1 / 8;

export const rewindGame = defineGame({
  name: 'rewind',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    walker: entity({ pos: f.vec2(-500, 500, { wire: wireStep }), aim: f.angle({ wire: 8 }), hp: f.uint(100) }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(-500, 500) }, { predict: 'everyone' }),
    pet: entity({ pos: f.vec2(-500, 500, { wire: wireStep }), hunger: f.fixed(0, 1).owner() }),
    drone: entity({
      pos: f.vec2(-500, 500, { wire: wireStep }),
      pose: f.quat({ wire: 9 }),
      heading: f.angle({ wire: 10 }),
      name: f.string(8),
      path: f.list(f.vec2(-500, 500, { wire: wireStep }), 2),
    }),
    spark: entity({ pos: f.vec2(-500, 500, { wire: wireStep }) }),
  },
  state: { round: f.uint(1000), wind: f.fixed(-100, 100, { wire: wireStep }) },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), aim: f.angle({ wire: 8 }), fire: f.press() },
  steps: {
    walker(walker, input, { dt }) {
      walker.pos.x = Math.max(-490, Math.min(490, walker.pos.x + input.move.x * 260 * dt));
      walker.pos.y = Math.max(-490, Math.min(490, walker.pos.y + input.move.y * 260 * dt));
    },
    ball(ball, _input, { tick }) {
      ball.pos.x = (tick % 300) - 150;
    },
  },
});
export type RewindGame = typeof rewindGame;

/** What is shown of one entity: its type, its position and everything else of it. */
export interface Drawn {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly isPresent: boolean;
  /** In a client's picture: it was drawn beyond its newest state, or on its way from such a guess to what was true. */
  readonly isAhead?: boolean;
}

/** A view: what was drawn by id, and the room's state. */
export interface Picture {
  readonly tick: number;
  readonly drawn: ReadonlyMap<number, Drawn>;
  readonly wind: number;
}

const types = ['walker', 'ball', 'pet', 'drone', 'spark'] as const;

export class RewindRoom extends Room<RewindGame> {
  override maxRewindMs = 1000;
  override autoDispose = false;
  /** What each rewind shows, for each client in each tick. */
  looked: (client: Client<RewindGame>, picture: Picture) => void = () => {};

  override onCreate(): void {
    this.world.spawn('ball');
    for (let number = 0; number < 12; number++) this.world.spawn('drone', { pos: { x: 30 * number - 180, y: 100 }, name: `d${number}` });
  }

  override onJoin(client: Client<RewindGame>): void {
    client.control(this.world.spawn('walker', { hp: 100 }));
    client.control(this.world.spawn('pet'));
  }

  override onTick(): void {
    const { random, world, tick } = this;
    for (const drone of world.all('drone')) {
      const phase = (tick + 37 * drone.pos.y) % 400;
      if (phase > 300) continue;
      drone.pos.x = bounded(drone.pos.x + 4 * Math.sin(tick / 20 + drone.id));
      drone.pos.y = bounded(drone.pos.y + 3 * Math.cos(tick / 31 + drone.id));
      drone.pose = { x: Math.sin(tick / 50), y: Math.cos(tick / 50), z: 0.2, w: 0.5 };
      drone.heading += 0.03;
      drone.path = [{ x: drone.pos.x, y: 3 }];
      if (random.chance(0.002)) world.despawn(drone);
    }
    if (world.all('drone').length < 12) world.spawn('drone', { pos: { x: random.range(-400, 400), y: random.range(-400, 400) }, name: 'new' });
    for (const pet of world.all('pet')) {
      pet.pos.x = bounded(pet.pos.x + (tick % 100 < 50 ? 2.5 : -2.5));
      pet.hunger = (tick % 60) / 60;
    }
    if (tick % 3 === 0) world.spawn('spark', { pos: { x: random.range(-400, 400), y: 0 } });
    for (const spark of world.all('spark')) {
      spark.pos.y += 7;
      if (random.chance(0.04)) world.despawn(spark);
    }
    this.world.state.wind = 50 * Math.sin(tick / 40);
    if (tick % 500 === 0) this.#changeHands();
    for (const client of this.clients) this.rewind(client, (past) => this.looked(client, pictureOf(past, client)));
  }

  /** Everybody gets the next one's walker. */
  #changeHands(): void {
    const walkers = this.world.all('walker');
    const clients = this.clients;
    for (const [index, client] of clients.entries()) {
      const walker = walkers[(index + this.tick / 500) % walkers.length];
      if (walker) client.control(walker);
    }
  }
}

/** What a rewind shows. */
export function pictureOf(past: Past<RewindGame>, client: Client<RewindGame>): Picture {
  const own = new Set(client.entities.map(({ id }) => id));
  const drawn = new Map<number, Drawn>();
  for (const type of types)
    for (const { id, pos } of past.all(type))
      drawn.set(id, { type, x: pos.x, y: pos.y, isPresent: type === 'ball' || (type === 'walker' && own.has(id)) });
  return { tick: past.tick, drawn, wind: past.state.wind };
}

/** What each client had drawn when it made an input, by the input's tick: its frame before. */
export class Album {
  readonly #last = new Map<string, Picture>();
  readonly #pictures = new Map<string, Map<number, Picture>>();
  readonly #newest = new Map<string, number>();

  /** Call it after each frame. */
  note({ room }: Peer<RewindGame>): void {
    const { predictor, view } = room;
    if (!predictor || predictor.tick < 0) return;
    const before = this.#newest.get(room.sessionId) ?? predictor.tick;
    this.#newest.set(room.sessionId, predictor.tick);
    const seen = this.#last.get(room.sessionId);
    const drawn = new Map<number, Drawn>();
    for (const type of types)
      for (const { id, pos, extrapolated } of view.all(type) as readonly ViewEntity<RewindGame, 'walker'>[])
        drawn.set(id, {
          type,
          x: pos.x,
          y: pos.y,
          isPresent: predictor.isPredicted(id),
          isAhead: extrapolated,
        });
    this.#last.set(room.sessionId, { tick: view.tick, drawn, wind: view.state.wind });
    if (!seen) return;
    const pictures = this.#pictures.get(room.sessionId) ?? new Map<number, Picture>();
    this.#pictures.set(room.sessionId, pictures);
    for (let tick = before + 1; tick <= predictor.tick; tick++) pictures.set(tick, seen);
  }

  /** The picture behind the input of a tick; each is taken once. */
  take(sessionId: string, tick: number): Picture | undefined {
    const pictures = this.#pictures.get(sessionId);
    const picture = pictures?.get(tick);
    pictures?.delete(tick);
    return picture;
  }
}

/** Lets a client walk about at random, and turn all the time: no input is the one before again. */
export function walk(peer: Peer<RewindGame>): void {
  const held = { x: 0, y: 0 };
  let made = 0;
  peer.room.onInput(() => {
    if (peer.random.chance(0.05)) Object.assign(held, { x: peer.random.range(-1, 1), y: peer.random.range(-1, 1) });
    return { move: held, aim: ++made / 20, fire: peer.random.chance(0.1) };
  });
}

/** Where the server's own tick stands. */
export function tickOf(stepper: Stepper<RewindGame>): number {
  return stepper.core.world.tick;
}

function bounded(value: number): number {
  return Math.max(-499, Math.min(499, value));
}
