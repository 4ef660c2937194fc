import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f } from '../schema/fields.ts';
import type { Precision } from '../schema/kind.ts';
import { Layout } from '../schema/layout.ts';
import { context } from './contexts.ts';
import { readWhole, writeWhole } from './spawn-model.ts';
import { SymbolDecoder, SymbolEncoder, Symbols } from './symbol-coder.ts';
import { codecTable } from './table.ts';

const AT = 2;
const FOREIGN = 0x5a5a5a5a;
const point = fc.record({ x: fc.double({ min: -9, max: 9, noNaN: true }), y: fc.double({ min: -9, max: 9, noNaN: true }) });

const part = fc.integer({ min: -1000, max: 1000 });

/** Fields of every shape with values; `undefined` stands for a field that nobody set. */
const layout = new Layout('thing', {
  pos: f.vec2(-9, 9, { wire: 1 / 8 }),
  aim: f.angle({ wire: 8 }),
  hp: f.uint(100),
  gold: f.uint(60_000).owner(),
  spot: f.fixed(3, 7, { step: 0.1 }),
  pose: f.quat({ wire: 9 }),
  heat: f.float32(),
  target: f.entity(),
  mode: f.enumOf('a', 'b', 'c'),
  marks: f.flags('lit', 'up'),
  name: f.string(9),
  diary: f.string(30).owner(),
  raw: f.bytes(12),
  path: f.list(f.vec2(-9, 9), 3),
  goal: f.optional(f.vec2(-9, 9, { wire: 1 / 8 })).owner(),
});
const values = fc.record(
  {
    pos: point,
    aim: fc.double({ min: -4, max: 4, noNaN: true }),
    hp: fc.nat(100),
    gold: fc.nat(60_000),
    spot: fc.double({ min: 3, max: 7, noNaN: true }),
    pose: fc.record({ x: part, y: part, z: part, w: part }).filter(({ x, y, z, w }) => x !== 0 || y !== 0 || z !== 0 || w !== 0),
    heat: fc.float({ noNaN: true, noDefaultInfinity: true }),
    target: fc.nat(2 ** 30 - 1),
    mode: fc.constantFrom('a', 'b', 'c'),
    marks: fc.record({ lit: fc.boolean(), up: fc.boolean() }),
    name: fc.string({ unit: 'grapheme', maxLength: 9 }),
    diary: fc.string({ maxLength: 30 }),
    raw: fc.uint8Array({ maxLength: 12 }),
    path: fc.array(point, { maxLength: 3 }),
    goal: point,
  },
  { requiredKeys: [] },
);
const precision = fc.constantFrom<Precision>('step', 'wire');

function rowOf(set: object): Int32Array {
  const all = {};
  layout.initialise(all);
  const row = new Int32Array(AT + layout.words + 1).fill(FOREIGN);
  layout.store(Object.assign(all, set), row, AT);
  return row;
}

function whole(row: Int32Array, as: Precision, owner: boolean): Symbols {
  const out = new Symbols(codecTable);
  writeWhole(out, layout, row, AT, as, owner);
  return out;
}

function decoderOf(out: Symbols): SymbolDecoder {
  const bytes = new Uint8Array(out.length * 4 + 16);
  const encoder = new SymbolEncoder();
  encoder.begin(bytes, 0, bytes.length);
  encoder.put(out.list, 0, out.length);
  const decoder = new SymbolDecoder(codecTable);
  decoder.reset(bytes, 0, encoder.finish());
  return decoder;
}

function read(out: Symbols, as: Precision, owner: boolean): Int32Array {
  out.writeVar(33);
  const decoder = decoderOf(out);
  const row = new Int32Array(AT + layout.words + 1).fill(FOREIGN);
  readWhole(decoder, layout, row, AT, as, owner);
  expect([decoder.readVar(), decoder.failed, decoder.done]).toEqual([33, false, true]);
  expect([row[AT - 1], row[AT + layout.words]]).toEqual([FOREIGN, FOREIGN]);
  return row;
}

describe('the spawn model', () => {
  it('[CD24] a whole state comes back: word for word at step, the same at wire', () => {
    fc.assert(
      fc.property(values, precision, fc.boolean(), (set, as, owner) => {
        const row = rowOf(set);
        const back = read(whole(row, as, owner), as, owner);
        expect(layout.same(back, AT, row, AT, as, owner)).toBe(true);
        if (as === 'step' && owner) expect(back).toEqual(row);
      }),
    );
  });

  it('[CD24] to others the fields of the owner have their initial value, and the same symbols are made whatever is in them', () => {
    fc.assert(
      fc.property(values, values, precision, (set, other, as) => {
        const { gold, diary, goal, ...seen } = set;
        const [mine, theirs] = [whole(rowOf(set), as, false), whole(rowOf({ ...other, ...rowless(seen) }), as, false)];
        expect(mine.list.subarray(0, mine.length)).toEqual(theirs.list.subarray(0, theirs.length));
        const back = read(mine, as, false);
        const initial = rowOf({});
        for (const { kind, at } of layout.fields)
          if (kind.ownerOnly) expect(back.slice(AT + at, AT + at + kind.words)).toEqual(initial.slice(AT + at, AT + at + kind.words));
      }),
    );
  });

  it('[CD47] a field that nobody set takes one symbol of a whole state', () => {
    const out = whole(rowOf({}), 'wire', true);
    expect(out.length).toBe(layout.fields.length);
    const decoder = decoderOf(out);
    for (const _ of layout.fields) expect(decoder.symbol(context.notInitial)).toBe(0);
    expect(decoder.done).toBe(true);
    expect(whole(rowOf({ hp: 5 }), 'wire', true).length).toBe(layout.fields.length + 1);
  });

  it('[CD26] any bytes are a whole state that can be loaded and stored again, or fail', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120, size: 'max' }), precision, fc.boolean(), (bytes, as, owner) => {
        const decoder = new SymbolDecoder(codecTable);
        decoder.reset(bytes, 0, bytes.length);
        const row = new Int32Array(AT + layout.words + 1).fill(FOREIGN);
        readWhole(decoder, layout, row, AT, as, owner);
        const values = {};
        layout.load(row, AT, values);
        expect(rowOf(values)).toEqual(row);
      }),
      { numRuns: 400 },
    );
  });
});

/** The fields that others see, those that nobody set included. */
function rowless(seen: object): object {
  const all: Record<string, unknown> = {};
  layout.initialise(all);
  for (const name of ['gold', 'diary', 'goal']) delete all[name];
  return { ...all, ...seen };
}
