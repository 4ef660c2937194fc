// The game that simulations play: small, but with every way in which state can change.
//
// Movers wander, rest, turn, leap and hide; sparks live and die within a few ticks, or within one; players, pets and a ball are predicted; pets change
// hands; slots are used again; fields of every kind change; the owner's fields are only the owner's.
// Invariant: all of it depends on the room's seed and the inputs alone.

import { type Client, Room } from '@tickwire/server/core';
import { type AnyEntity, defineGame, entity, event, f } from '@tickwire/shared';

export const simGame = defineGame({
  name: 'sim',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    player: entity(
      {
        pos: f.vec2(-500, 500, { wire: 1 / 16 }),
        facing: f.angle({ wire: 8 }),
        shots: f.uint(65535),
        secret: f.uint(1000).owner(),
        name: f.string(16),
      },
      { predict: 'owner' },
    ),
    pet: entity({ pos: f.vec2(-500, 500), tricks: f.uint(65535), tag: f.string(8).owner() }, { predict: 'owner' }),
    ball: entity({ pos: f.vec2(-500, 500), speed: f.vec2(-300, 300) }, { predict: 'everyone' }),
    mover: entity({
      pos: f.vec2(-500, 500, { wire: 1 / 8 }),
      heading: f.angle({ wire: 10 }),
      height: f.float32(),
      mood: f.enumOf('calm', 'angry', 'gone'),
      marks: f.flags('lit', 'burning', 'shielded'),
      path: f.list(f.int(-100, 100), 4),
      target: f.entity(),
      note: f.optional(f.string(12)),
      blob: f.bytes(6),
      spot: f.vec3(-10, 10, { step: 1 / 64 }),
      level: f.fixed(0, 1, { wire: 1 / 64 }),
    }),
    spark: entity({ pos: f.vec2(-500, 500, { wire: 1 }), born: f.tick() }),
  },
  state: { phase: f.enumOf('warmup', 'play', 'frozen'), round: f.uint(1000), sum: f.int(-1_000_000, 1_000_000) },
  input: { move: f.vec2(-1, 1, { wire: 1 / 8 }), aim: f.angle({ wire: 10 }), fire: f.press(), run: f.button() },
  events: {
    numbered: event({ number: f.uint(1_000_000), text: f.string(20) }),
    asked: event({ number: f.uint(1_000_000) }),
    flash: event({ at: f.vec2(-500, 500), number: f.uint(65535) }, { expiresMs: 200 }),
  },
  steps: {
    player(player, input, { dt, world }) {
      if (world.state.phase === 'frozen') return;
      const speed = input.run ? 160 : 90;
      player.pos.x += input.move.x * speed * dt;
      player.pos.y += input.move.y * speed * dt;
      player.facing = input.aim;
      player.shots = (player.shots + input.fire) % 65536;
    },
    pet(pet, input, { dt, world }) {
      if (world.state.phase === 'frozen') return;
      pet.pos.x += input.move.y * 70 * dt;
      pet.tricks = (pet.tricks + input.fire) % 65536;
    },
    ball(ball, _input, { dt, random, world }) {
      if (world.state.phase === 'frozen') return;
      if (random.chance(0.02)) {
        ball.speed.x = random.range(-200, 200);
        ball.speed.y = random.range(-200, 200);
      }
      ball.pos.x += ball.speed.x * dt;
      ball.pos.y += ball.speed.y * dt;
      if (ball.pos.x < -490 || ball.pos.x > 490) ball.speed.x = -ball.speed.x;
      if (ball.pos.y < -490 || ball.pos.y > 490) ball.speed.y = -ball.speed.y;
    },
  },
});

export type SimGame = typeof simGame;

/** What the room's own fields say about the reliable events that went through it. */
interface SimNotes {
  /** Numbered events sent to this client, and the newest number that the client asked with. */
  sent: number;
  asked: number;
  /** Asks that did not follow their predecessor. */
  outOfOrder: number;
}

export class SimRoom extends Room<SimGame> {
  override maxClients = 64;
  override autoDispose = false;
  /** Entities besides players. */
  movers = 40;
  notes: Map<string, SimNotes> = new Map();

  override onCreate(options: { readonly movers?: unknown }): void {
    if (typeof options.movers === 'number') this.movers = options.movers;
    this.world.state.phase = 'play';
    for (let count = 0; count < this.movers; count++) this.#spawnMover();
    this.world.spawn('ball', { speed: { x: 50, y: 80 } });
    this.on('asked', (client, { number }) => {
      const notes = this.#notesOf(client);
      if (number !== notes.asked + 1) notes.outOfOrder++;
      notes.asked = number;
    });
    this.after(60, 'round');
  }

  override onJoin(client: Client<SimGame>): void {
    client.control(
      this.world.spawn(
        'player',
        { name: client.sessionId.slice(-8), pos: { x: this.random.range(-400, 400), y: 0 } },
        { key: 7, tick: this.tick, number: 0 },
      ),
    );
  }

  override onLeave(client: Client<SimGame>): void {
    for (const one of client.entities) this.world.despawn(one);
  }

  override onTimer(name: string): void {
    if (name !== 'round' || this.world.state.phase === 'frozen') return;
    this.world.state.round = (this.world.state.round + 1) % 1000;
    this.after(60, 'round');
  }

  override onTick(): void {
    if (this.world.state.phase === 'frozen') return;
    this.#moveMovers();
    this.#renewEntities();
    this.#passPets();
    for (const player of this.world.all('player')) {
      if (this.random.chance(0.05)) player.secret = this.random.int(1000);
      if (this.random.chance(0.005)) player.pos = this.#anywhere();
    }
    this.world.state.sum += this.random.int(21) - 10;
    for (const client of this.clients) {
      if (!this.random.chance(0.1)) continue;
      const notes = this.#notesOf(client);
      notes.sent++;
      client.emit('numbered', { number: notes.sent, text: `event ${notes.sent}` });
    }
    if (this.random.chance(0.1)) this.emit('flash', { at: { x: this.random.range(-400, 400), y: 0 }, number: this.tick % 65536 });
  }

  /** Stops everything that moves, so that replicas can be compared with the world. */
  freeze(): void {
    this.world.state.phase = 'frozen';
  }

  #moveMovers(): void {
    for (const mover of this.world.all('mover')) {
      if (mover.mood !== 'angry') {
        if (this.random.chance(0.02)) mover.mood = this.random.pick(['angry', 'angry', 'calm', 'gone']);
        continue;
      }
      if (this.random.chance(0.05)) mover.mood = 'calm';
      if (this.random.chance(0.01)) mover.pos = this.#anywhere();
      mover.pos.x += this.random.range(-3, 3);
      mover.pos.y += 1.5;
      if (mover.pos.y > 490) mover.pos.y = -490;
      mover.heading += 0.1;
      mover.height = this.random.range(-1000, 1000);
      mover.level = this.random.next();
      mover.spot.z = this.random.range(-10, 10);
      this.#changeRarely(mover);
    }
  }

  #changeRarely(mover: ReturnType<SimRoom['world']['all']>[number] & { type: 'mover' }): void {
    const { random } = this;
    if (!random.chance(0.1)) return;
    mover.marks.burning = !mover.marks.burning;
    mover.path = Array.from({ length: random.int(5) }, () => random.int(200) - 100);
    mover.target = random.chance(0.5) ? (this.world.all('player')[0]?.id ?? null) : null;
    mover.note = random.chance(0.3) ? null : `n\u00f8te ${random.int(100)}`;
    mover.blob = Uint8Array.from({ length: random.int(7) }, () => random.int(256));
  }

  #renewEntities(): void {
    for (const spark of this.world.all('spark')) if (this.tick - spark.born > spark.id % 45) this.world.despawn(spark);
    if (this.random.chance(0.3)) this.world.spawn('spark', { born: this.tick, pos: { x: this.random.range(-500, 500), y: 0 } });
    // Gone before it is recorded.
    if (this.random.chance(0.05)) this.world.despawn(this.world.spawn('spark', { born: this.tick, pos: this.#anywhere() }));
    const movers = this.world.all('mover');
    if (movers.length > 0 && this.random.chance(0.03)) {
      this.world.despawn(this.random.pick(movers));
      this.#spawnMover();
    }
  }

  /** Pets come, go, run free and belong to one player after another. */
  #passPets(): void {
    const { random, world, clients } = this;
    const pets = world.all('pet');
    if (clients.length > 0 && pets.length < clients.length && random.chance(0.05))
      world.spawn('pet', { pos: this.#anywhere(), tag: 'pet' }, { key: 3, tick: this.tick, number: this.random.int(1000) });
    for (const pet of pets) {
      const what = random.int(1000);
      if (what < 10 && clients.length > 0) random.pick(clients).control(pet);
      else if (what < 14) for (const client of clients) client.release(pet);
      else if (what < 18) world.despawn(pet);
    }
  }

  #anywhere(): { x: number; y: number } {
    return { x: this.random.range(-400, 400), y: this.random.range(-400, 400) };
  }

  #spawnMover(): void {
    this.world.spawn('mover', {
      pos: this.#anywhere(),
      height: 1.5,
      mood: 'angry',
      spot: { x: 1, y: 2, z: 3 },
    });
  }

  #notesOf(client: Client<SimGame>): SimNotes {
    const notes = this.notes.get(client.sessionId) ?? { sent: 0, asked: 0, outOfOrder: 0 };
    this.notes.set(client.sessionId, notes);
    return notes;
  }
}

/** The same with limits to what is seen: what is near, and movers that are not gone. */
export class SightedRoom extends SimRoom {
  override interest = { radius: 200, leaveRadius: 260 };

  override visible(_client: Client<SimGame>, one: AnyEntity<SimGame['entities']>): boolean {
    return one.type !== 'mover' || one.mood !== 'gone';
  }
}
