// The bodies of one tick's records: made once, right, and at about the cost that is estimated.

import { type AnyGame, defineGame, entity, f } from '@tickwire/shared';
import {
  type Bases,
  codecTable,
  Decisions,
  type EntityType,
  encodeDecisions,
  type Form,
  form,
  History,
  type Identity,
  RangeDecoder,
  readChange,
  readIdentity,
  readRest,
  readWhole,
  stillness,
  World,
} from '@tickwire/shared/internal';
import { describe, expect, it } from 'vitest';
import { TickTable } from './tick-table.ts';

const mobFields = { pos: f.vec2(0, 2000, { wire: 1 / 16 }), aim: f.angle({ wire: 8 }), hp: f.uint(100), gold: f.uint(9999).owner() };
const game = defineGame({
  name: 'bodies',
  tickHz: 60,
  snapshotHz: 20,
  entities: { mob: entity(mobFields), ball: entity({ pos: f.vec2(0, 2000) }, { predict: 'everyone' }) },
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

  decisions(number: number): Decisions {
    const out = new Decisions();
    this.table.append(number, out);
    return out;
  }

  /** Reads a body as its receiver would, on the rows of the history. */
  read(slot: number, number: number): { row: Int32Array; restAge: number; identity: Identity | undefined } {
    const out = this.decisions(number);
    out.writeVar(5);
    const bytes = new Uint8Array(2000);
    const decoder = new RangeDecoder(codecTable);
    decoder.reset(bytes, 0, encodeDecisions(codecTable, out.list, 0, out.length, bytes, 0, bytes.length));
    const { layout } = game.types[this.world.typeAt(slot)] as EntityType;
    const row = new Int32Array(layout.words);
    const seenAs = this.table.formOf(number);
    const [precision, owner] = [seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned] as const;
    const newerTick = this.table.newerTick(number);
    const olderTick = this.table.olderTick(number);
    let restAge = 0;
    let identity: Identity | undefined;
    if (newerTick < 0) {
      identity = { version: 0, type: 0, form: form.seen, originKey: -1, originAge: 0, originNumber: 0 };
      readIdentity(decoder, identity, game.types.length, seenAs !== form.seen);
      restAge = readRest(decoder, 0);
      readWhole(decoder, layout, row, 0, precision, owner);
    } else {
      const rows = this.history.rows(slot);
      const at = (tick: number): number => (tick < 0 ? -1 : this.history.baseAt(slot, this.world.versionAt(slot), tick));
      const newerAge = this.world.tick - newerTick;
      const span = olderTick < 0 ? 0 : newerTick - olderTick;
      const bases: Bases = { newer: rows, newerAt: at(newerTick), older: rows, olderAt: at(olderTick), newerAge, span, interval: 3 };
      restAge = readRest(decoder, stillness(layout, bases, precision, owner));
      if (restAge < newerAge) readChange(decoder, layout, row, 0, bases, precision, owner);
      else row.set(rows.subarray(bases.newerAt, bases.newerAt + layout.words));
    }
    expect([decoder.readVar(), decoder.failed]).toEqual([5, false]);
    return { row, restAge, identity };
  }

  /** Bytes of bodies that are coded in one piece, and the bytes that were estimated. */
  sizes(numbers: readonly number[]): [coded: number, estimated: number] {
    const out = new Decisions();
    let cost = 0;
    for (const number of numbers) {
      this.table.append(number, out);
      cost += this.table.cost(number);
    }
    const bytes = new Uint8Array(out.length);
    return [encodeDecisions(codecTable, out.list, 0, out.length, bytes, 0, bytes.length), cost / 256 / 8];
  }
}

/** The bases that clients may have acknowledged: none, one, two; near and far. */
const basePairs = [
  [-1, -1],
  [3, -1],
  [3, 6],
  [6, 9],
  [3, 12],
  [30, 60],
] as const;

function rested(ticks: number): Stage {
  const stage = new Stage();
  const { world } = stage;
  for (let count = 0; count < 100; count++) {
    world.spawn('mob', { pos: { x: stage.random() * 2000, y: stage.random() * 2000 }, hp: count, gold: count * 7 }, { key: count });
    if (count % 10 === 0) world.spawn('ball', { pos: { x: 5, y: count } });
  }
  stage.tick(70);
  stage.tick(ticks, () => {
    for (const mob of world.all('mob')) {
      if (mob.id % 3 === 0) mob.pos.x += 2.5;
      if (mob.id % 3 === 1) mob.pos.y += stage.random() * 9;
      if (mob.id % 5 === 0) mob.aim += 0.3;
      if (stage.random() < 0.1) mob.hp = Math.floor(stage.random() * 100);
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
  for (let at = 0; at < table.liveCount; at++) {
    const slot = table.live[at] as number;
    const forms: Form[] = table.everyone[slot] === 1 ? [form.shared, form.owned] : [form.seen, form.owned];
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
    expect([stage.table.liveCount, stage.table.live[1]]).toEqual([110, 2]);
    const second = allBodies(stage);
    expect(second.map(({ number }) => number)).toEqual(second.map((_, index) => index));
  });

  it('[CD28] a body, read on its bases, is the entity as it is recorded, with the age of its rest and who it is', () => {
    for (const ticks of [1, 20, 70]) {
      const stage = rested(ticks);
      const { world, history, table } = stage;
      for (const { slot, number } of allBodies(stage)) {
        const { layout } = game.types[world.typeAt(slot)] as EntityType;
        const seenAs = table.formOf(number);
        const { row, restAge, identity } = stage.read(slot, number);
        const at = history.rowAt(slot, world.versionAt(slot), world.tick);
        expect(layout.same(row, 0, history.rows(slot), at, seenAs === form.seen ? 'wire' : 'step', seenAs === form.owned)).toBe(true);
        expect(restAge).toBe(world.tick - history.sinceNow(slot));
        if (!identity) continue;
        expect([identity.version, identity.type, identity.form]).toEqual([world.versionAt(slot), world.typeAt(slot), seenAs]);
        const origin = world.originAt(slot);
        expect(identity.originKey).toBe(seenAs === form.owned ? (origin?.key ?? -1) : -1);
      }
    }
  });

  it('[CD28] a base can be used while its row is in the history, or has held ever since', () => {
    const stage = rested(70);
    const { table, world } = stage;
    const [still, moving] = [0, (world.all('mob').find((mob) => mob.id % 3 === 0)?.id as number) & 0x3fff];
    for (const slot of [still, moving])
      expect([-1, world.tick - 63, world.tick].map((tick) => (table.baseFrom[slot] as number) <= tick)).toEqual([false, true, true]);
    expect([still, moving].map((slot) => (table.baseFrom[slot] as number) <= 30)).toEqual([true, false]);
    expect(stage.read(still, table.body(still, form.seen, 30, -1)).restAge).toBe(world.tick - 1);
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
