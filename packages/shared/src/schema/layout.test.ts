import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { packPlain, unpackPlain } from '../protocol/plain.ts';
import { f } from './fields.ts';
import type { Precision } from './kind.ts';
import { Layout } from './layout.ts';

const layout = new Layout('player', {
  pos: f.vec2(-50, 50, { wire: 1 / 4 }),
  ammo: f.uint(99).owner(),
  name: f.string(6),
  note: f.optional(f.fixed(0, 9, { wire: 1 })).owner(),
  path: f.list(f.vec2(0, 9, { wire: 1 }), 2),
  mood: f.enumOf('calm', 'angry'),
});
const coordinate = fc.oneof(
  fc.integer({ min: -60, max: 60 }),
  fc.integer({ min: -500, max: 3000 }).map((count) => count / 300),
);
const point = fc.record({ x: coordinate, y: coordinate });
const values = fc.record({
  pos: point,
  ammo: fc.nat(120),
  name: fc.string({ maxLength: 8 }),
  note: fc.option(coordinate),
  path: fc.array(point, { maxLength: 3 }),
  mood: fc.constantFrom('calm', 'angry'),
});
const rows = values.map((one) => rowOf(one));
const precision = fc.constantFrom<Precision>('step', 'wire');
/** Rows stand somewhere in larger arrays; what is beside them is none of a layout's business. */
const AT = 3;
const FOREIGN = 0x1234;

describe('Layout', () => {
  it('[LY1] fields lie one behind the other in the order written', () => {
    expect(layout.fields.map(({ name, at }) => [name, at])).toEqual([
      ['pos', 0],
      ['ammo', 2],
      ['name', 3],
      ['note', 6],
      ['path', 8],
      ['mood', 13],
    ]);
    expect([layout.words, new Layout('nothing', {}).words]).toEqual([14, 0]);
  });

  it('[LY2] values that are stored, loaded and stored again are the same row, within its own words', () => {
    fc.assert(
      fc.property(values, values, (one, other) => {
        const row = rowOf(one);
        const loaded = structuredClone(other);
        layout.load(row, AT, loaded);
        expect(rowOf(loaded)).toEqual(row);
        expect([row[AT - 1], row[AT + layout.words]]).toEqual([FOREIGN, FOREIGN]);
      }),
    );
  });

  it('[LY2] loading fills the vectors and lists that are there', () => {
    const entity = { pos: { x: 1, y: 1 }, ammo: 0, name: '', note: null, path: [{ x: 0, y: 0 }], mood: 'calm' };
    const { pos, path } = entity;
    layout.load(rowOf({ ...entity, pos: { x: 7, y: 8 }, path: [{ x: 2, y: 3 }] }), AT, entity);
    expect(entity.pos).toBe(pos);
    expect(entity.path).toBe(path);
    expect([pos, path]).toEqual([{ x: 7, y: 8 }, [{ x: 2, y: 3 }]]);
  });

  it('[LY3] a wrong value is a TypeError that names the record, the field and what was expected', () => {
    const right = { pos: { x: 0, y: 0 }, ammo: 1, name: 'a', note: null, path: [], mood: 'calm' };
    const row = new Int32Array(layout.words);
    for (const [wrong, message] of [
      [{ pos: { x: Number.NaN, y: 0 } }, /^player\.pos: expected vec2 .*, got NaN$/],
      [{ pos: undefined }, /^player\.pos: expected vec2/],
      [{ ammo: '3' }, /^player\.ammo: expected uint 99, got "3"$/],
      [{ name: 5 }, /^player\.name: expected string 6, got 5$/],
      [{ note: undefined }, /^player\.note: expected fixed/],
      [{ path: [{ x: 1, y: 1 }, null] }, /^player\.path: expected vec2.*, got null$/],
      [{ mood: 'sad' }, /^player\.mood: expected enum calm\|angry, got "sad"$/],
    ] as const) {
      expect(() => layout.store({ ...right, ...wrong }, row, 0)).toThrow(TypeError);
      expect(() => layout.store({ ...right, ...wrong }, row, 0)).toThrow(message);
    }
  });

  it('[LY4] a whole record comes back: word for word at step, the same at wire; what is not sent has its initial value', () => {
    fc.assert(
      fc.property(rows, precision, fc.boolean(), (row, at, owner) => {
        const { bytes, bits } = written((out) => layout.write(out, row, AT, at, owner));
        expect(bits).toBeLessThanOrEqual(layout.bitsMax(at, owner));
        const back = emptyRow();
        const reader = readerOf(bytes);
        layout.read(reader, back, AT, at, owner);
        expect([reader.failed, bytes.length * 8 - reader.bitsLeft]).toEqual([false, bits]);
        expect(layout.same(row, AT, back, AT, at, owner)).toBe(true);
        if (at === 'step' && owner) expect(back).toEqual(row);
        if (!owner) expect(valuesOf(back)).toMatchObject({ ammo: 0, note: null });
      }),
    );
  });

  it('[LY5] a delta on a base comes back as the whole record would; its bits are one for each field and the fields that differ', () => {
    fc.assert(
      fc.property(rows, rows, precision, fc.boolean(), fc.subarray(layout.fields.map(({ name }) => name)), (row, other, at, owner, kept) => {
        // What is kept differs by less than a wire step, where it can.
        const near = emptyRow();
        layout.read(readerOf(written((out) => layout.write(out, row, AT, 'wire', true)).bytes), near, AT, 'wire', true);
        const base = mixed(near, other, kept);
        const { bytes, bits } = written((out) => layout.writeDelta(out, row, AT, base, AT, at, owner));
        const back = emptyRow();
        const reader = readerOf(bytes);
        layout.readDelta(reader, back, AT, base, AT, at, owner);
        expect([reader.failed, bytes.length * 8 - reader.bitsLeft]).toEqual([false, bits]);
        expect(layout.same(row, AT, back, AT, at, owner)).toBe(true);
        if (at === 'step' && owner) expect(back).toEqual(row);
        // What the receiver may not see stays as its base has it.
        if (!owner) expect(valuesOf(back)).toMatchObject(pick(valuesOf(base), ['ammo', 'note']));
        const sent = layout.fields.filter(({ kind }) => owner || !kind.ownerOnly);
        const differ = sent.filter(({ kind, at: offset }) => !kind.same(row, AT + offset, base, AT + offset, at));
        expect(bits).toBe(sent.length + written((out) => differ.forEach(({ kind, at: offset }) => void kind.write(out, row, AT + offset, at))).bits);
      }),
    );
  });

  it('[LY6] a delta made on the exact base is read right on the coarse one that the receiver has', () => {
    fc.assert(
      fc.property(rows, rows, fc.subarray(layout.fields.map(({ name }) => name)), (row, other, kept) => {
        const exact = mixed(row, other, kept);
        const coarse = emptyRow();
        layout.read(readerOf(written((out) => layout.write(out, exact, AT, 'wire', false)).bytes), coarse, AT, 'wire', false);
        const back = emptyRow();
        layout.readDelta(
          readerOf(written((out) => layout.writeDelta(out, row, AT, exact, AT, 'wire', false)).bytes),
          back,
          AT,
          coarse,
          AT,
          'wire',
          false,
        );
        expect(layout.same(row, AT, back, AT, 'wire', false)).toBe(true);
        const whole = emptyRow();
        layout.read(readerOf(written((out) => layout.write(out, row, AT, 'wire', false)).bytes), whole, AT, 'wire', false);
        expect(back).toEqual(whole);
      }),
    );
  });

  it('[LY7] any bytes are read without a throw, into a row that can be stored again', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), rows, precision, fc.boolean(), (bytes, base, at, owner) => {
        const back = emptyRow();
        layout.read(readerOf(bytes), back, AT, at, owner);
        expect(rowOf(valuesOf(back))).toEqual(back);
        layout.readDelta(readerOf(bytes), back, AT, base, AT, at, owner);
        expect(rowOf(valuesOf(back))).toEqual(back);
        const short = readerOf(bytes);
        layout.read(short, back, AT, at, owner);
        layout.read(short, back, AT, at, owner);
        if (bytes.length < 4) expect(short.failed).toBe(true);
      }),
    );
  });

  it('[LY8] two rows are the same to a receiver when nothing that it is sent differs; the first difference is named', () => {
    const one = rowOf({ pos: { x: 1, y: 1 }, ammo: 1, name: 'a', note: null, path: [], mood: 'calm' });
    const secret = rowOf({ pos: { x: 1, y: 1 }, ammo: 2, name: 'a', note: null, path: [], mood: 'calm' });
    const near = rowOf({ pos: { x: 1.1, y: 1 }, ammo: 1, name: 'a', note: null, path: [], mood: 'angry' });
    expect(layout.same(one, AT, secret, AT, 'step', true)).toBe(false);
    expect(layout.same(one, AT, secret, AT, 'step', false)).toBe(true);
    expect(layout.same(one, AT, near, AT, 'wire', false)).toBe(false);
    expect(layout.firstDifference(one, AT, one, AT)).toBeUndefined();
    expect(layout.firstDifference(one, AT, secret, AT)).toBe('ammo');
    expect(layout.firstDifference(one, AT, near, AT)).toBe('pos');
    expect(layout.bitsMax('step', true) - layout.bitsMax('step', false)).toBe(7 + 1 + 14);
  });

  it('[LY9] packed values come back through msgpack, and any list of anything is refused or gives values that fit', () => {
    fc.assert(
      fc.property(rows, (row) => {
        const wanted = valuesOf(row);
        const message = unpackPlain(packPlain([7, ...layout.packRounded(wanted)]));
        expect(layout.unpack(message as unknown[], 1)).toEqual(wanted);
        expect(layout.unpack([...(message as unknown[]), 0], 1)).toBeUndefined();
        expect(layout.unpack((message as unknown[]).slice(0, -1), 1)).toBeUndefined();
      }),
    );
    const six = fc.array(fc.oneof(fc.anything(), fc.nat(9), fc.constantFrom<unknown>('calm', null, [1, 2], [])), { minLength: 5, maxLength: 7 });
    fc.assert(
      fc.property(six, (plain) => {
        const found = layout.unpack(plain, 0);
        if (found) rowOf(found);
      }),
    );
  });

  it('[LY9] what is packed is rounded and clamped', () => {
    const one = { pos: { x: 99, y: 1 / 3 }, ammo: 2.6, name: 'far too long', note: null, path: [], mood: 'calm' };
    expect(layout.packRounded(one)).toEqual([[50, 341 / 1024], 3, 'far to', null, [], 'calm']);
  });

  it('[LY12] what is packed is a copy, and a wrong value is refused', () => {
    const all = new Layout('said', { marks: f.flags('lit'), blob: f.bytes(4), path: f.list(f.vec2(0, 9), 3), at: f.optional(f.vec2(0, 9)) });
    const one = { marks: { lit: true }, blob: Uint8Array.of(1, 2), path: [{ x: 1, y: 2 }], at: { x: 3, y: 4 } };
    const packed = all.packRounded(one);
    one.marks.lit = false;
    one.blob.fill(9);
    (one.path[0] as { x: number }).x = 9;
    one.path.pop();
    one.at.x = 9;
    expect(packed).toEqual([{ lit: true }, Uint8Array.of(1, 2), [[1, 2]], [3, 4]]);
    expect(() => all.packRounded({ ...one, at: { x: Number.NaN, y: 0 } })).toThrow(/^said\.at: expected vec2/);
  });

  it('[LY10] blending fills each field with what its kind has between two rows', () => {
    const a = rowOf({ pos: { x: 0, y: 0 }, ammo: 1, name: 'old', note: 1, path: [], mood: 'calm' });
    const b = rowOf({ pos: { x: 4, y: 8 }, ammo: 3, name: 'new', note: 3, path: [{ x: 1, y: 1 }], mood: 'angry' });
    const into = valuesOf(b);
    layout.blend(a, AT, b, AT, 0.25, into);
    expect(into).toEqual({ pos: { x: 1, y: 2 }, ammo: 1, name: 'old', note: 1.5, path: [], mood: 'calm' });
  });

  it('[LY11] initialise gives every field its initial value, of its own', () => {
    const [one, other] = [{}, {}] as Record<string, unknown>[];
    layout.initialise(one as Record<string, unknown>);
    layout.initialise(other as Record<string, unknown>);
    expect(one).toEqual({ pos: { x: 0, y: 0 }, ammo: 0, name: '', note: null, path: [], mood: 'calm' });
    expect(one?.['pos']).not.toBe(other?.['pos']);
    expect(one?.['path']).not.toBe(other?.['path']);
  });
});

function emptyRow(): Int32Array {
  return new Int32Array(AT + layout.words + 1).fill(FOREIGN);
}

function rowOf(one: object): Int32Array {
  const row = emptyRow();
  layout.store(one, row, AT);
  return row;
}

function valuesOf(row: Int32Array): Record<string, unknown> {
  const found = {};
  layout.load(row, AT, found);
  return found;
}

/** A row with the named fields of one and the rest of the other. */
function mixed(one: Int32Array, other: Int32Array, kept: readonly string[]): Int32Array {
  return rowOf({ ...valuesOf(other), ...pick(valuesOf(one), kept) });
}

function pick(from: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(names.map((name) => [name, from[name]]));
}

function written(write: (out: BitWriter) => void): { bytes: Uint8Array; bits: number } {
  const out = new BitWriter(512);
  write(out);
  const bits = out.bitLength;
  return { bytes: out.finish().slice(), bits };
}

function readerOf(bytes: Uint8Array): BitReader {
  const reader = new BitReader();
  reader.reset(bytes);
  return reader;
}
