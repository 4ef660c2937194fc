// Our reader and the one made from the document, side by side through whole sessions: whatever the server sends, they say the same of it.
//
// Sessions are played from a seed: bodies move, turn and rest, are spawned into slots that were left, come into view and leave it; packets are lost, come
// late and are acknowledged late. Invariant: a packet that one reader takes the other takes too, with the same meaning.

import { type EntityId, Random } from '@tickwire/shared';
import { slotOf } from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { goldenGame } from './golden-game.ts';
import { IndependentDecoder } from './independent-decoder.ts';
import { MissingBase } from './independent-states.ts';
import { SnapshotMeanings } from './our-readers.ts';
import { SnapshotStage } from './snapshot-stage.ts';

const snapshots = 150;
const entitiesMax = 24;

describe('two readers of one session', () => {
  for (const seed of [1, 2, 3, 4, 5, 6, 7, 8]) {
    const seesAll = seed % 2 === 1;
    it(`[GB9] say the same of every packet of session ${seed}, ${seesAll ? 'of the whole world' : 'of a part of it'}`, () => {
      const session = new PlayedSession(seed, seesAll);
      for (let count = 0; count < snapshots; count++) session.next();
      expect(session.taken).toBeGreaterThan(snapshots / 2);
      expect(session.missed).toBeLessThan(session.taken / 20);
      const kinds = ['"operation":"delta"', '"operation":"full"', '"operation":"despawn"', '"form":"owned"', '"form":"shared"', '"event":"spark"'];
      for (const kind of [...kinds, '"bases":[', '"isHashed":true', ...(seesAll ? [] : ['"handle":'])]) expect(session.said).toContain(kind);
    });
  }
});

interface Moved {
  readonly id: EntityId;
  readonly type: string;
}

class PlayedSession {
  taken = 0;
  missed = 0;
  /** Everything that was said. */
  said = '';
  readonly #random: Random;
  readonly #stage = new SnapshotStage(100, 40);
  readonly #ours = new SnapshotMeanings(goldenGame);
  readonly #theirs = new IndependentDecoder([...goldenGame.description], 100);
  readonly #seesAll: boolean;
  readonly #entities: Moved[] = [];
  readonly #speeds = new Map<EntityId, number>();
  /** Packets on the way that are late. */
  #late: Uint8Array[] = [];
  readonly #received = new Set<number>();
  #newest = -1;
  #newestTick = -1;

  constructor(seed: number, seesAll: boolean) {
    this.#random = new Random(seed);
    this.#seesAll = seesAll;
    const own = this.#stage.world.spawn('player', { hp: 100, ammo: 50, name: 'own' }, { key: seed, tick: this.#stage.world.tick, number: 0 });
    const body = this.#stage.world.spawn('body', { fuel: 900 });
    this.#stage.control(own);
    this.#stage.control(body);
    this.#entities.push(own, body);
  }

  /** Plays three ticks, with a snapshot at the end; what arrives of it is read and acknowledged. */
  next(): void {
    const { world } = this.#stage;
    for (let tick = 0; tick < 3; tick++) {
      this.#stage.record();
      world.tick++;
      this.#change();
    }
    if (!this.#seesAll)
      this.#stage.see(
        0,
        ...this.#entities.filter(({ id }, index) => index < 2 || (slotOf(id) + (world.tick >> 4)) % 3 > 0).map(({ id }) => slotOf(id)),
      );
    if (this.#random.chance(0.01)) this.#stage.startAgain();
    const arriving = this.#late;
    this.#late = [];
    for (const packet of this.#stage.snapshot()) {
      if (this.#random.chance(0.15)) continue;
      if (this.#random.chance(0.1)) this.#late.push(packet);
      else arriving.push(packet);
    }
    for (const packet of arriving) this.#read(packet);
    if (this.#newest >= 0 && this.#random.chance(0.8)) {
      let bits = 0;
      for (let back = 0; back < 32; back++) if (this.#received.has((this.#newest - 1 - back) & 0xffff)) bits |= 1 << back;
      this.#stage.acknowledge(this.#newest, bits >>> 0);
    }
  }

  #read(packet: Uint8Array): void {
    const near = this.#stage.world.tick;
    let theirs: Record<string, unknown> | undefined;
    try {
      theirs = this.#theirs.decode(packet).meaning;
    } catch (error) {
      if (!(error instanceof MissingBase)) throw error;
    }
    const ours = this.#ours.read(packet, near, near) as Record<string, unknown> | undefined;
    expect(ours).toEqual(theirs === undefined ? undefined : JSON.parse(JSON.stringify(theirs)));
    if (!ours) {
      this.missed++;
      // Only what comes late may lack a base.
      expect(tickOf(packet)).toBeLessThan(this.#newestTick);
      return;
    }
    this.taken++;
    this.said += JSON.stringify(ours);
    const { sequence, tick } = ours as { sequence: number; tick: number };
    this.#received.add(sequence);
    if (tick >= this.#newestTick) this.#newest = sequence;
    this.#newestTick = Math.max(this.#newestTick, tick);
  }

  #change(): void {
    const random = this.#random;
    const { world } = this.#stage;
    if (random.chance(0.1) && this.#entities.length < entitiesMax) this.#spawn();
    if (random.chance(0.07) && this.#entities.length > 8) {
      const [gone] = this.#entities.splice(2 + random.int(this.#entities.length - 2), 1);
      if (gone) world.despawn(gone.id);
    }
    if (random.chance(0.02)) this.#stage.control(this.#entities[1] as Moved, random.chance(0.6));
    if (random.chance(0.05)) this.#stage.spark({ x: random.range(0, 2000), y: 7 }, random.chance(0.5));
    if (random.chance(0.02)) world.state.endsAt = random.int(100_000);
    for (const entity of this.#entities) this.#move(entity as Moved & Record<string, never>);
  }

  #spawn(): void {
    const { world } = this.#stage;
    const type = this.#random.pick(['player', 'ball', 'thing', 'rock', 'body'] as const);
    this.#entities.push(type === 'rock' ? world.spawn(type, { size: 3 }) : world.spawn(type));
  }

  #move(entity: Moved & Record<string, unknown>): void {
    const random = this.#random;
    if (random.chance(0.05)) this.#speeds.set(entity.id, random.chance(0.4) ? 0 : random.range(-3, 3));
    const speed = this.#speeds.get(entity.id) ?? 1;
    if (speed === 0) return;
    const at = (entity['pos'] ?? entity['at']) as { x: number; y: number } | undefined;
    if (at) {
      at.x += speed;
      at.y += speed * speed * 0.1;
    }
    if ('angle' in entity) entity['angle'] = (entity['angle'] as number) + speed * 0.05;
    if ('spin' in entity) entity['spin'] = (entity['spin'] as number) + speed * 0.01;
    if ('pose' in entity) entity['pose'] = turnedOn(entity['pose'] as Quat, speed * 0.06, entity.id);
    if ('lift' in entity && random.chance(0.2)) entity['lift'] = random.range(0, 8);
    for (const count of ['fuel', 'ammo', 'hp', 'count', 'size']) {
      if (count in entity && random.chance(0.04)) entity[count] = Math.max(0, (entity[count] as number) - random.int(9));
    }
    if (entity.type === 'thing' && random.chance(0.1)) {
      Object.assign(entity, {
        label: `l${random.int(99)}`,
        target: random.chance(0.5) ? null : random.int(2 ** 30),
        height: random.range(-9, 9),
      });
      Object.assign(entity, {
        note: random.chance(0.5) ? null : 'n',
        path: [{ x: random.range(0, 15), y: 1 }],
        code: new Uint8Array(random.int(7)),
      });
    }
  }
}

/** The tick in a packet's head; these sessions have none of more than 16 bits. */
function tickOf(packet: Uint8Array): number {
  const view = new DataView(packet.buffer, packet.byteOffset + (packet[2] === 0xc4 ? 4 : 5));
  return view.getUint16(view.getUint16(0, true) % 32 === 0 ? 4 : 2, true);
}

interface Quat {
  x: number;
  y: number;
  z: number;
  w: number;
}

/** Turned on about the axis (1, 2, a). */
function turnedOn({ x, y, z, w }: Quat, angle: number, a: number): Quat {
  const lean = (a % 5) - 2;
  const scale = Math.sin(angle / 2) / Math.hypot(1, 2, lean);
  const [i, j, k, s] = [scale, 2 * scale, lean * scale, Math.cos(angle / 2)];
  return { x: s * x + i * w + j * z - k * y, y: s * y + j * w + k * x - i * z, z: s * z + k * w + i * y - j * x, w: s * w - i * x - j * y - k * z };
}
