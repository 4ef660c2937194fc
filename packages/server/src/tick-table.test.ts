// The bodies of one tick's records: made once, right, and at about the cost that is estimated.

import { type AnyGame, defineGame, entity, f } from '@tickwire/shared';
import {
  type Bases,
  codecTable,
  type EntityPlan,
  type EntityType,
  entityId,
  type Form,
  form,
  History,
  type Identity,
  plansOf,
  readChange,
  readIdentity,
  readRest,
  readWhole,
  type Slot,
  SymbolDecoder,
  SymbolEncoder,
  World,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { keyOf, versionOfKey } from './replica.ts';
import { TickTable } from './tick-table.ts';

const mobFields = { pos: f.vec2(0, 2000, { wire: 1 / 16 }), aim: f.angle({ wire: 8 }), hp: f.uint(100), gold: f.uint(9999).owner() };
const game = defineGame({
  name: 'bodies',
  tickHz: 60,
  snapshotHz: 20,
  entities: {
    mob: entity(mobFields),
    ball: entity({ pos: f.vec2(0, 2000) }, { predict: 'everyone' }),
    swarm: entity(Object.fromEntries(Array.from({ length: 20 }, (_, index) => [`v${index}`, f.vec3(-(2 ** 20), 2 ** 20 - 1)]))),
  },
  state: { round: f.uint(99) },
  steps: { ball: () => {} },
});

class Stage {
  readonly world = new World(game);
  readonly history = new History(game);
  readonly table = new TickTable(this.world as unknown as World<AnyGame>, this.history);
  #seed = 1;

  random(): number {
    this.#seed = (Math.imul(this.#seed, 1_664_525) + 1_013_904_223) >>> 0;
    return this.#seed / 2 ** 32;
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

  formOf(number: number): Form {
    return ((this.table.keyOf(number) - 1) & 3) as Form;
  }

  /** Bodies one behind the other. @returns their bytes. */
  encode(numbers: readonly number[]): Uint8Array {
    const bytes = new Uint8Array(100_000);
    const encoder = new SymbolEncoder();
    encoder.begin(bytes, 0, bytes.length);
    for (const number of numbers.toReversed()) this.table.put(number, encoder);
    return bytes.subarray(0, encoder.finish());
  }

  /** Reads a body as its receiver would, on the rows of the history. */
  read(slot: number, number: number): { row: Int32Array; restAge: number; identity: Identity | undefined } {
    const bytes = this.encode([number]);
    const decoder = new SymbolDecoder(codecTable);
    decoder.reset(bytes, 0, bytes.length);
    const { layout } = game.types[this.world.typeAt(slot)] as EntityType;
    const row = new Int32Array(layout.words);
    const seenAs = this.formOf(number);
    const owner = seenAs === form.owned;
    const newerTick = this.table.newerTick(number);
    const olderTick = this.table.olderTick(number);
    let restAge = 0;
    let identity: Identity | undefined;
    if (newerTick < 0) {
      identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
      readIdentity(decoder, identity, game.types.length, seenAs !== form.seen);
      restAge = readRest(decoder);
      readWhole(decoder, layout, row, 0, seenAs === form.seen ? 'wire' : 'step', owner);
    } else {
      const rows = this.history.rows(slot);
      const at = (tick: number): number => (tick < 0 ? -1 : this.history.baseAt(slot, this.world.versionAt(slot), tick, owner));
      const newerAge = this.world.tick - newerTick;
      const span = olderTick < 0 ? 0 : newerTick - olderTick;
      const bases: Bases = { newer: rows, newerAt: at(newerTick), older: rows, olderAt: at(olderTick), newerAge, span, interval: 3 };
      restAge = readChange(decoder, plans[this.world.typeAt(slot) * 3 + seenAs] as EntityPlan, row, 0, bases);
    }
    expect([decoder.done, decoder.failed]).toEqual([true, false]);
    return { row, restAge, identity };
  }

  /** Bytes of bodies that are coded in one piece, and the bytes that were estimated. */
  sizes(numbers: readonly number[]): [coded: number, estimated: number] {
    const cost = numbers.reduce((sum, number) => sum + (this.table.costs[number] as number), 0);
    return [this.encode(numbers).length, cost / 256 / 8];
  }
}

const plans = plansOf(game.types);

/** The bases that clients may have acknowledged: none, one, two; near and far. */
const basePairs = [
  [-1, -1],
  [3, -1],
  [3, 6],
  [6, 9],
  [3, 12],
  [30, 60],
] as const;

function rested(ticks: number, earns = false): Stage {
  const stage = new Stage();
  const { world } = stage;
  for (let count = 0; count < 100; count++) {
    world.spawn(
      'mob',
      { pos: { x: stage.random() * 2000, y: stage.random() * 2000 }, hp: count, gold: count * 7 },
      { key: count, tick: world.tick, number: 0 },
    );
    if (count % 10 === 0) world.spawn('ball', { pos: { x: 5, y: count } });
  }
  stage.tick(70);
  stage.tick(ticks, () => {
    for (const mob of world.all('mob')) {
      if (mob.id % 3 === 0) mob.pos.x += 2.5;
      if (mob.id % 3 === 1) mob.pos.y += stage.random() * 9;
      if (mob.id % 15 === 0) mob.aim += 0.3;
      if (earns) mob.gold = (mob.gold + 1) % 9999;
      if (mob.id % 3 < 2 && stage.random() < 0.1) mob.hp = Math.floor(stage.random() * 100);
    }
    for (const ball of world.all('ball')) ball.pos.x += 1;
  });
  stage.table.begin();
  return stage;
}

/** Every body that the clients of a tick may ask for. */
function allBodies(stage: Stage): { slot: number; number: number; key: string }[] {
  const { world, table } = stage;
  const bodies: { slot: number; number: number; key: string }[] = [];
  for (let slot = 0; slot < table.slotCount; slot++) {
    if (table.keys[slot] === 0) continue;
    const common = ((table.keys[slot] as number) - 1) & 3;
    const forms: Form[] = [common as Form, form.owned];
    for (const seenAs of slot === 0 ? [form.seen] : forms) {
      for (const [newerAge, olderAge] of basePairs) {
        const [newer, older] = [newerAge < 0 ? -1 : world.tick - newerAge, olderAge < 0 ? -1 : world.tick - olderAge];
        bodies.push({ slot, number: table.body(slot, seenAs, newer, older), key: `${slot} ${seenAs} ${newer} ${older}` });
      }
    }
  }
  return bodies;
}

describe('TickTable', () => {
  it('[CD27] a body is made once for an entity, a form and a pair of bases, and forgotten with its tick', () => {
    const stage = rested(70);
    const first = allBodies(stage);
    expect(first.length).toBe((1 + 110 * 2) * basePairs.length);
    // Numbered as they were made: each is another one.
    expect(first.map(({ number }) => number)).toEqual(first.map((_, index) => index));
    expect(allBodies(stage)).toEqual(first);
    stage.tick(1, () => stage.world.despawn(stage.world.all('mob')[0]?.id as never));
    stage.table.begin();
    expect([stage.table.slotCount, stage.table.keys[1], stage.table.keys[2] === keyOf(1, form.shared)]).toEqual([111, 0, true]);
    const second = allBodies(stage);
    expect(second.map(({ number }) => number)).toEqual(second.map((_, index) => index));
  });

  it('[CD28] a body, read on its bases, is the entity as it is recorded, with the age of its rest and who it is', () => {
    for (const ticks of [1, 20, 70]) {
      const stage = rested(ticks);
      const { world, history, table } = stage;
      for (const { slot, number } of allBodies(stage)) {
        const { layout } = game.types[world.typeAt(slot)] as EntityType;
        const seenAs = stage.formOf(number);
        expect(versionOfKey(table.keyOf(number))).toBe(world.versionAt(slot));
        const { row, restAge, identity } = stage.read(slot, number);
        const at = history.rowAt(slot, world.versionAt(slot), world.tick);
        expect(layout.same(row, 0, history.rows(slot), at, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned)).toBe(true);
        expect(restAge).toBe(world.tick - history.sinceNow(slot, seenAs === form.owned));
        if (!identity) continue;
        expect([identity.version, identity.type, identity.form]).toEqual([world.versionAt(slot), world.typeAt(slot), seenAs]);
        const origin = world.originOf(entityId(slot as Slot, world.versionAt(slot)));
        expect(identity.originKey).toBe(seenAs === form.seen ? -1 : (origin?.key ?? -1));
      }
    }
  });

  it('[CD28] a base can be used while its row is in the history, or has held ever since, for who has it in that form', () => {
    const stage = rested(70, true);
    const { table, world } = stage;
    const slotOf = (rest: number): number => (world.all('mob').find((mob) => mob.id % 3 === rest)?.id as number) & 0x3fff;
    // The room's state holds; a mob earns gold, which only its owner is told; another one moves.
    const [still, earning, moving] = [0, slotOf(2), slotOf(0)];
    for (const slot of [still, earning, moving])
      for (const seenAs of [form.seen, form.owned])
        expect([-1, world.tick - 63, world.tick].map((tick) => table.baseFrom(slot, seenAs) <= tick)).toEqual([false, true, true]);
    expect(table.ringFrom).toBe(world.tick - 63);
    expect([still, earning, moving].map((slot) => [form.seen, form.owned].map((seenAs) => table.baseFrom(slot, seenAs) <= 30))).toEqual([
      [true, true],
      [true, false],
      [false, false],
    ]);
    expect([form.seen, form.owned].map((seenAs) => table.sinceAs(earning, seenAs))).toEqual([1, world.tick]);
    expect([form.seen, form.owned].map((seenAs) => table.heldSince(earning, world.tick - 9, seenAs))).toEqual([1, world.tick - 9]);
    for (const slot of [still, earning]) expect(stage.read(slot, table.body(slot, form.seen, 30, -1)).restAge).toBe(world.tick - 1);
  });

  it('[CD53] a change that costs more than the whole state is the whole state', () => {
    const stage = new Stage();
    const { world, table } = stage;
    const swarm = world.spawn('swarm') as unknown as Record<string, object> & { id: number };
    const slot = swarm.id & 0x3fff;
    const plan = plans[3 * 3 + form.seen] as EntityPlan;
    const far = (): number => stage.random() * 2 ** 21 - 2 ** 20;
    let wholes = 0;
    for (let tick = 0; tick < 60; tick++) {
      // It stands for a while, then every number of it jumps.
      stage.tick(1, () => {
        if (tick % 12 > 5) for (let index = 0; index < 20; index++) swarm[`v${index}`] = { x: far(), y: far(), z: far() };
      });
      if (tick < 10) continue;
      table.begin();
      const body = table.body(slot, form.seen, world.tick - 3, world.tick - 6);
      const isWhole = table.newerTick(body) < 0;
      if (isWhole) expect([table.olderTick(body), stage.read(slot, body).identity?.version]).toEqual([-1, 1]);
      else expect(table.costs[body] as number).toBeLessThanOrEqual(256 * (plan.wholeBits + 40));
      if (isWhole) wholes++;
    }
    expect([wholes > 10, wholes < 45]).toEqual([true, true]);
  });

  it('[CD29] what bodies are estimated to cost is within 3 % of what they are coded in', () => {
    const stage = rested(70);
    const bodies = allBodies(stage);
    for (const [name, pick] of [
      ['all', () => true],
      ['whole', (key: string) => key.endsWith(' -1 -1')],
      ['two bases', (key: string) => key.endsWith(` ${stage.world.tick - 3} ${stage.world.tick - 6}`)],
      ['old bases', (key: string) => key.endsWith(` ${stage.world.tick - 30} ${stage.world.tick - 60}`)],
    ] as const) {
      const [coded, estimated] = stage.sizes(bodies.filter(({ key }) => pick(key)).map(({ number }) => number));
      expect([name, coded > 250]).toEqual([name, true]);
      expect(Math.abs(estimated / coded - 1), `${name}: ${coded} bytes, estimated ${estimated}`).toBeLessThan(0.03);
    }
  });
});
