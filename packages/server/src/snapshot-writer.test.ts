// The writer's packets, read here by hand: what they name, for whom, and that work shared between clients changes no byte.

import { type AnyGame, defineGame, entity, f, limits } from '@tickwire/shared';
import {
  BitReader,
  codecTable,
  type EntityPlan,
  type EntityType,
  emptyOpening,
  emptySnapshotHead,
  type Frame,
  firstOpening,
  form,
  History,
  type Identity,
  messageKind,
  nextSequence,
  operation,
  plansOf,
  readChange,
  readFrame,
  readIdentity,
  readOpening,
  readRest,
  readSnapshotHead,
  readWhole,
  type Sequence,
  SymbolDecoder,
  slotBits,
  World,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import type { VisibleSlots } from './due-list.ts';
import { Effects } from './effects.ts';
import { Flight } from './flight.ts';
import { Priority } from './priority.ts';
import { Replica } from './replica.ts';
import { SentPackets } from './sent-packets.ts';
import { type Receiver, SnapshotWriter } from './snapshot-writer.ts';
import { Traffic } from './traffic.ts';

/** As many numbers as a record may have, none of which can be foreseen. */
const jumps = Object.fromEntries(Array.from({ length: 64 }, (_, index) => [`v${index}`, f.vec3(-(2 ** 20), 2 ** 20 - 1)]));
const game = defineGame({
  name: 'packets',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), aim: f.angle({ wire: 8 }), hp: f.uint(100), name: f.string(20) }),
    rock: entity({ kind: f.enumOf('grey', 'red', 'blue') }),
    swarm: entity(jumps, { predict: 'owner' }),
    hero: entity({ pos: f.vec2(0, 2000, { wire: 1 / 16 }), gold: f.uint(9999).owner() }, { predict: 'owner' }),
  },
  state: { round: f.uint(99) },
  steps: { swarm: () => {}, hero: () => {} },
});
const plans = plansOf(game.types);

interface Said {
  readonly slot: number;
  readonly operation: number;
  readonly version: number;
}

class Seer implements Receiver {
  readonly replica = new Replica();
  readonly sent = new SentPackets();
  readonly effects = new Effects();
  readonly controls = new Set<number>();
  visible: VisibleSlots | undefined = undefined;
  readonly flight = new Flight();
  readonly priority = new Priority();
  readonly traffic = new Traffic(game);
  sequence = 0 as Sequence;
  readonly slotOfHandle = new Map<number, number>([[0, 0]]);

  see(slots: readonly number[]): void {
    this.visible = { slots: Int32Array.from([...slots, 1, 2, 3]), count: slots.length };
  }
}

class Stage {
  readonly world = new World(game);
  readonly history = new History(game);
  readonly writer = this.another();
  #seed = 7;

  another(): SnapshotWriter {
    return new SnapshotWriter(this.world as unknown as World<AnyGame>, this.history);
  }

  random(below: number): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((this.#seed / 2 ** 32) * below);
  }

  tick(count: number, change: () => void = () => {}): void {
    for (let made = 0; made < count; made++) {
      this.world.tick++;
      change();
      for (let slot = 0; slot < this.world.slotCount; slot++) {
        const one = this.world.at(slot);
        if (one) this.history.record(slot, this.world.versionAt(slot), this.world.typeAt(slot), one, this.world.tick);
      }
    }
  }

  snapshot(to: Seer, packetsMax: number = limits.packetsPerSnapshot, writer = this.writer): Uint8Array[] {
    const packets: Uint8Array[] = [];
    const take = (): Sequence => {
      to.sequence = nextSequence(to.sequence);
      return to.sequence;
    };
    writer.write(to, emptySnapshotHead(), packetsMax, false, take, this.world.tick, (bytes) => packets.push(bytes.slice()));
    return packets;
  }

  /** The records of a packet; every state in it is held against the history. */
  read(to: Seer, packet: Uint8Array): Said[] {
    const { head, parts } = partsOf(packet);
    return parts.flatMap(({ from, to: end, isPrivate }) => this.#records(to, packet, from, end, isPrivate, head.hasHandles && !isPrivate));
  }

  #records(to: Seer, packet: Uint8Array, from: number, end: number, isPrivate: boolean, hasHandles: boolean): Said[] {
    if (from === end) return [];
    const decoder = new SymbolDecoder(codecTable);
    decoder.reset(packet, from, end);
    const opening = emptyOpening();
    firstOpening(opening);
    const said: Said[] = [];
    for (let left = decoder.readVar(); left > 0; left--) {
      readOpening(decoder, opening);
      const { slot: number, operation: what } = opening;
      const saysSlot = hasHandles && (what === operation.full || (what === operation.despawn && decoder.read(1) === 1));
      const slot = saysSlot ? decoder.read(slotBits) : hasHandles ? (to.slotOfHandle.get(number) as number) : number;
      if (hasHandles && what === operation.full) to.slotOfHandle.set(number, slot);
      said.push({ slot, operation: what, version: this.#body(decoder, slot, what, opening.newerAge, opening.span, isPrivate) });
    }
    if (isPrivate) expect(decoder.readVar()).toBe(0); // no effects
    expect([decoder.failed, decoder.done]).toEqual([false, true]);
    return said;
  }

  #body(decoder: SymbolDecoder, slot: number, what: number, newerAge: number, span: number, isPrivate: boolean): number {
    if (what === operation.despawn) return 0;
    const { world, history } = this;
    const { layout } = game.types[world.typeAt(slot)] as EntityType;
    const row = new Int32Array(layout.words);
    const rows = history.rows(slot);
    const version = world.versionAt(slot);
    const [precision, owner] = isPrivate ? (['step', true] as const) : (['wire', false] as const);
    if (what === operation.full) {
      const identity: Identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
      readIdentity(decoder, identity, game.types.length, isPrivate);
      expect([identity.version, identity.type]).toEqual([version, world.typeAt(slot)]);
      readRest(decoder);
      readWhole(decoder, layout, row, 0, precision, owner);
    } else {
      const newerAt = history.baseAt(slot, version, world.tick - newerAge, owner);
      const olderAt = span === 0 ? -1 : history.baseAt(slot, version, world.tick - newerAge - span, owner);
      expect([newerAt >= 0, olderAt >= 0]).toEqual([true, span > 0]);
      const bases = { newer: rows, newerAt, older: rows, olderAt, newerAge, span, interval: 3 };
      readChange(decoder, plans[world.typeAt(slot) * 3 + (isPrivate ? form.owned : form.seen)] as EntityPlan, row, 0, bases);
    }
    expect(layout.same(row, 0, rows, history.rowAt(slot, version, world.tick), precision, owner)).toBe(true);
    return version;
  }
}

function partsOf(packet: Uint8Array): { head: ReturnType<typeof emptySnapshotHead>; parts: { from: number; to: number; isPrivate: boolean }[] } {
  const frame: Frame = { kind: 0, from: 0, to: 0, secondFrom: 0, secondTo: 0 };
  const head = emptySnapshotHead();
  const reader = new BitReader();
  expect([packet.length <= limits.packetBytes, readFrame(packet, frame), frame.kind]).toEqual([true, true, messageKind.snapshot]);
  reader.reset(packet, frame.from, frame.to);
  readSnapshotHead(reader, head);
  const parts = [{ from: reader.nextByte, to: frame.to, isPrivate: head.hasPrivate }];
  if (head.hasPrivate && frame.secondTo > 0) parts.push({ from: frame.secondFrom, to: frame.secondTo, isPrivate: false });
  return { head, parts };
}

function segmentOf(packet: Uint8Array): Buffer {
  const segment = partsOf(packet).parts.find(({ isPrivate }) => !isPrivate);
  return Buffer.from(segment ? packet.slice(segment.from, segment.to) : []);
}

function acknowledge(to: Seer): void {
  to.sent.acknowledge(to.sequence, 0xffff_ffff, to.replica, () => {});
}

function populate(stage: Stage, mobs: number): void {
  for (let count = 0; count < mobs; count++)
    stage.world.spawn('mob', { pos: { x: stage.random(2000), y: stage.random(2000) }, hp: stage.random(100), name: `mob ${count}` });
}

function wander(stage: Stage): void {
  for (const mob of stage.world.all('mob')) {
    if (mob.id % 3 === 0) mob.pos.x += 1.25;
    if (mob.id % 3 === 1) mob.pos.y += stage.random(9);
    if (stage.random(20) === 0) mob.hp = stage.random(100);
  }
}

describe('segments', () => {
  it('[CD31] clients with the same bases get the same bytes, and what one client is sent from the work of another is what a writer of its own would send', () => {
    const stage = new Stage();
    populate(stage, 300);
    // Two of each: the second has a writer of its own.
    const seers = Array.from({ length: 4 }, () => [new Seer(), new Seer()] as const);
    const own = seers.map(() => stage.another());
    let same = 0;
    for (let snapshot = 0; snapshot < 40; snapshot++) {
      stage.tick(3, () => wander(stage));
      if (snapshot === 20) stage.world.despawn(stage.world.all('mob')[5]?.id as never);
      const sent = seers.map(([first, second], index) => {
        const [packets, alone] = [stage.snapshot(first), stage.snapshot(second, undefined, own[index])];
        expect(packets.map((bytes) => Buffer.from(bytes))).toEqual(alone.map((bytes) => Buffer.from(bytes)));
        return Buffer.concat(packets);
      });
      // The first two hear everything; the third loses now and then, the fourth often.
      expect(sent[0]).toEqual(sent[1]);
      if (sent[2]?.equals(sent[0] as Buffer)) same++;
      for (const [index, pair] of seers.entries()) if (index < 2 || stage.random(index === 2 ? 9 : 2) > 0) for (const one of pair) acknowledge(one);
    }
    expect([same > 3, same < 40]).toEqual([true, true]);
  });

  it('[CD54] two clients that see the whole room, and each control one of its entities, get the same segments', () => {
    const stage = new Stage();
    const seers = [new Seer(), new Seer()] as const;
    const heroes = seers.map(() => stage.world.spawn('hero', { pos: { x: 9, y: 9 } }));
    populate(stage, 60);
    for (const [index, seer] of seers.entries()) seer.controls.add((heroes[index]?.id as number) & 0x3fff);
    let named = 0;
    for (let snapshot = 0; snapshot < 40; snapshot++) {
      stage.tick(3, () => {
        wander(stage);
        for (const [index, hero] of heroes.entries()) {
          if ((snapshot >> 2) % 3 !== index) hero.pos.x += 1 + index;
          hero.gold = (hero.gold + 1 + index) % 9999;
        }
      });
      const sent = seers.map((seer) => stage.snapshot(seer));
      const [own = [], foreign = []] = seers.map((seer, index) => sent[index]?.flatMap((packet) => stage.read(seer, packet)).map(({ slot }) => slot));
      for (const one of seers) acknowledge(one);
      if (snapshot < 3) continue; // at first each is whole, to its owner in the private part only
      expect(sent[0]?.map(segmentOf)).toEqual(sent[1]?.map(segmentOf));
      expect([own.includes(1), foreign.includes(2)]).toEqual([true, true]);
      if (own.filter((slot) => slot === 1).length === 2 && foreign.filter((slot) => slot === 2).length === 2) named++;
    }
    expect(named).toBeGreaterThan(15);
  });

  it('[CD31] the ends of different entities are different segments, whatever else is alike', () => {
    const stage = new Stage();
    populate(stage, 9);
    const [ada, bob] = [new Seer(), new Seer()];
    const all = Array.from({ length: 10 }, (_, slot) => slot);
    for (const gone of [undefined, 4, 6]) {
      stage.tick(3); // all rests: a despawn is all that there is to say
      ada.see(all.filter((slot) => slot !== gone));
      bob.see(all.filter((slot) => slot !== (gone && gone + 1)));
      for (const [seer, left] of [
        [ada, gone],
        [bob, gone && gone + 1],
      ] as const) {
        const ends = stage.snapshot(seer).flatMap((packet) => stage.read(seer, packet).filter((said) => said.operation === operation.despawn));
        expect(ends.map(({ slot }) => slot)).toEqual(left === undefined ? [] : [left]);
        acknowledge(seer);
      }
    }
  });

  it('[CD32] packets are filled: what is estimated leaves less than a tenth of a packet empty', () => {
    for (const move of ['still', 'line', 'noise'] as const) {
      const stage = new Stage();
      const seer = new Seer();
      populate(stage, 3000);
      const sizes: number[] = [];
      for (let snapshot = 0; snapshot < 16; snapshot++) {
        stage.tick(3, () => {
          for (const mob of stage.world.all('mob')) {
            if (move === 'line') mob.pos.x += (mob.id % 7) / 4;
            if (move === 'noise') mob.pos.x += stage.random(9) - 4;
          }
        });
        const packets = stage.snapshot(seer);
        if (packets.length === limits.packetsPerSnapshot) sizes.push(...packets.slice(0, -1).map(({ length }) => length));
        acknowledge(seer);
      }
      const mean = sizes.reduce((sum, bytes) => sum + bytes, 0) / sizes.length;
      expect(mean, `${move}: ${sizes.length} packets`).toBeGreaterThan(limits.packetBytes * 0.9);
    }
  });

  it('[CD33] an entity of which every number jumps every tick fits its packet and gets through, seen or controlled', () => {
    for (const isControlled of [false, true]) {
      const stage = new Stage();
      const seer = new Seer();
      const swarm = stage.world.spawn('swarm') as Record<string, unknown> & { id: number };
      populate(stage, 20);
      if (isControlled) seer.controls.add(swarm.id & 0x3fff);
      for (let snapshot = 0; snapshot < 12; snapshot++) {
        stage.tick(3, () => {
          wander(stage);
          const far = (): number => stage.random(2 ** 21) - 2 ** 20 + 0.5;
          if (snapshot > 2) for (const name of Object.keys(jumps)) swarm[name] = { x: far(), y: far(), z: far() };
        });
        const named = stage.snapshot(seer).flatMap((packet) => stage.read(seer, packet));
        if (snapshot > 2) expect(named.map(({ slot }) => slot)).toContain(swarm.id & 0x3fff);
        acknowledge(seer);
      }
    }
  });
});

describe('views', () => {
  it('[CD34] what a client may not see is never named; what leaves its view is ended, and what enters begins with a full state', () => {
    const stage = new Stage();
    populate(stage, 60);
    const seer = new Seer();
    const held = new Map<number, number>();
    const counts = { full: 0, delta: 0, despawn: 0 };
    for (let snapshot = 0; snapshot < 120; snapshot++) {
      const { world } = stage;
      stage.tick(2, () => wander(stage));
      stage.tick(1, () => {
        if (snapshot % 10 !== 3) return;
        world.despawn(world.all('mob')[stage.random(30)]?.id as never);
        populate(stage, 1);
      });
      // Neighbours by number: a window that moves on, in jumps now and then.
      const middle = (snapshot * 2 + (snapshot % 17 === 0 ? 30 : 0)) % world.slotCount;
      const slots = [0, ...world.all('mob').map(({ id }) => id & 0x3fff)].filter((slot) => slot === 0 || Math.abs(slot - middle) < 12);
      seer.see(slots);
      const inView = new Set(slots);
      const packets = stage.snapshot(seer);
      const isLost = stage.random(4) === 0;
      for (const said of packets.flatMap((packet) => stage.read(seer, packet))) {
        const isHeld = held.get(said.slot) === said.version;
        expect([said.slot, inView.has(said.slot)]).toEqual([said.slot, said.operation !== operation.despawn]);
        if (said.operation === operation.delta) expect(isHeld).toBe(true);
        if (isLost) continue;
        if (said.operation === operation.despawn) {
          counts.despawn++;
          held.delete(said.slot);
        } else {
          counts[said.operation === operation.full ? 'full' : 'delta']++;
          held.set(said.slot, said.version);
        }
      }
      if (isLost) seer.flight.expire(world.tick + 1, 0);
      else seer.flight.acknowledge(seer.sequence, 0);
      if (isLost) continue;
      seer.sent.acknowledge(seer.sequence, 0, seer.replica, () => {});
      expect([...held.keys()].sort((a, b) => a - b)).toEqual(slots);
      for (const slot of slots) expect(held.get(slot)).toBe(world.versionAt(slot));
    }
    for (const count of Object.values(counts)) expect(count).toBeGreaterThan(60);
  });

  it('[CD35] a client gets the same bytes whatever happens to entities that it may not see', () => {
    const play = (hidden: 'rest' | 'move' | 'vanish'): Buffer[] => {
      const stage = new Stage();
      const { world } = stage;
      const rocks: { id: number; kind: string }[] = [];
      for (let count = 0; count < 40; count++) {
        populate(stage, 1);
        const rock = world.spawn('rock', { kind: hidden === 'rest' ? 'grey' : 'red' });
        rocks.push(rock);
      }
      const [seer, other] = [new Seer(), new Seer()];
      const mobs = world.all('mob').map(({ id }) => id & 0x3fff);
      const bytes: Buffer[] = [];
      for (let snapshot = 0; snapshot < 60; snapshot++) {
        stage.tick(2, () => {
          wander(stage);
          if (hidden === 'move') for (const rock of rocks) rock.kind = ['grey', 'red', 'blue'][(world.tick + rock.id) % 3] as string;
        });
        stage.tick(1, () => {
          if (hidden !== 'vanish') return;
          const rock = rocks[snapshot];
          if (rock) world.despawn(rock.id as never);
          if (snapshot < 20) for (let count = 0; count < 4; count++) world.spawn('rock');
        });
        // The view changes as well: the same in each play.
        seer.see([0, ...mobs.filter((slot) => (slot + snapshot) % 5 > 0)]);
        stage.snapshot(other); // who sees all of it, and whose segments are kept
        bytes.push(...stage.snapshot(seer).map((packet) => Buffer.from(packet)));
        if (snapshot % 4 > 0) for (const one of [seer, other]) acknowledge(one);
      }
      return bytes;
    };
    const wanted = play('rest');
    expect(wanted.length).toBeGreaterThanOrEqual(60);
    expect(play('move')).toEqual(wanted);
    expect(play('vanish')).toEqual(wanted);
  });
});
