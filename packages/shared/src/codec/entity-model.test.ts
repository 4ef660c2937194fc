import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { f } from '../schema/fields.ts';
import type { Axis, Kind, Precision } from '../schema/kind.ts';
import { Layout } from '../schema/layout.ts';
import { type Bases, readChange, writeChange } from './entity-model.ts';
import { planOf } from './entity-plan.ts';
import { readWhole, writeWhole } from './spawn-model.ts';
import { SymbolDecoder, SymbolEncoder, Symbols } from './symbol-coder.ts';
import { codecTable } from './table.ts';

/** An entity at three ticks: rows of one layout. */
interface Life {
  readonly layout: Layout;
  readonly older: Int32Array;
  readonly newer: Int32Array;
  readonly row: Int32Array;
}
interface How {
  readonly precision: Precision;
  readonly owner: boolean;
  readonly newerAge: number;
  /** 0 for one base only. */
  readonly span: number;
  readonly interval: number;
  readonly restAge: number;
}
type Words = readonly [older: number[], newer: number[], row: number[]];
interface Field {
  readonly kind: Kind<unknown>;
  readonly words: Words;
}

const AT = 3;
const FOREIGN = 0x5a5a5a5a;

const movingKinds: readonly Kind<unknown>[] = [
  f.fixed(0, 2000, { wire: 1 / 16 }),
  f.fixed(0, 1, { step: 0.4 }),
  f.fixed(-10, 10, { step: 0.5, wire: 3 }),
  f.fixed(0, 1, { step: 1 / 64, wire: 5 }),
  f.fixed(-(2 ** 20), 2 ** 20 - 1),
  f.angle(),
  f.angle({ wire: 8 }),
  f.angle({ step: 2 }),
  f.angle({ step: 30, wire: 1 }),
  f.vec2(0, 2000, { wire: 1 / 16 }),
  f.vec2(-3, 5),
  f.vec3(-10, -1, { wire: 1 / 8 }),
];
const rotationKinds: readonly Kind<unknown>[] = [f.quat(), f.quat({ wire: 10 }), f.quat({ step: 6, wire: 4 }), f.quat({ step: 20, wire: 7 })];
const countKinds: readonly Kind<unknown>[] = [f.uint(100), f.uint(2 ** 31 - 1), f.int(-7, 9), f.int(2 ** 40, 2 ** 40 + 3), f.tick()];
const point = fc.record({ x: fc.double({ min: 0, max: 9, noNaN: true }), y: fc.double({ min: 0, max: 9, noNaN: true }) });
const flags = fc.record({ lit: fc.boolean(), up: fc.boolean() });
const otherKinds: readonly (readonly [Kind<unknown>, fc.Arbitrary<unknown>])[] = [
  [f.bool(), fc.boolean()],
  [f.float32(), fc.float({ noNaN: true, noDefaultInfinity: true })],
  [f.entity(), fc.option(fc.nat(2 ** 30 - 1))],
  [f.enumOf('a', 'b', 'c'), fc.constantFrom('a', 'b', 'c')],
  [f.flags('lit', 'up'), flags],
  [f.string(12), fc.string({ unit: 'binary', maxLength: 12 })],
  [f.bytes(70), fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.constant(new Uint8Array(70)))],
  [f.list(f.uint(5), 3), fc.array(fc.nat(5), { maxLength: 3 })],
  [f.list(f.vec2(0, 9, { step: 0.25, wire: 2 }), 2), fc.array(point, { maxLength: 2 })],
  [f.optional(f.vec2(0, 9, { step: 0.25, wire: 2 })), fc.option(point)],
  [f.optional(f.list(f.string(3), 2)), fc.option(fc.array(fc.string({ maxLength: 3 }), { maxLength: 2 }))],
].map(([kind, values]) => [kind as Kind<unknown>, values as fc.Arbitrary<unknown>]);

/** Steps from one number to the next: none, the same as before, small, anything. */
const stride = fc.oneof(
  fc.constantFrom(0, 0, 0, 'again' as const),
  fc.integer({ min: -3, max: 3 }),
  fc.integer({ min: -300, max: 300 }),
  fc.integer(),
);

function onAxis(axis: Axis, word: number): number {
  const turn = axis.turn?.step;
  return turn === undefined ? Math.max(0, Math.min(axis.max.step, word)) : ((word % turn) + turn) % turn;
}

function numbers(kind: Kind<unknown>): fc.Arbitrary<Words> {
  const axis = kind.axis as Axis;
  const start = fc.oneof(fc.nat(axis.max.step), fc.constantFrom(0, axis.max.step));
  const one = fc.tuple(start, stride, stride).map(([older, first, second]) => {
    const newer = onAxis(axis, older + (first === 'again' ? 0 : first));
    return [older, newer, onAxis(axis, newer + (second === 'again' ? newer - older : second))];
  });
  return fc
    .array(one, { minLength: kind.words, maxLength: kind.words })
    .map((words) => [0, 1, 2].map((at) => words.map((word) => word[at])) as never);
}

function values(kind: Kind<unknown>, value: fc.Arbitrary<unknown>): fc.Arbitrary<Words> {
  const stored = (one: unknown): number[] => {
    const row = new Int32Array(kind.words);
    kind.store(one, row, 0);
    return [...row];
  };
  const next = fc.option(value.map(stored));
  return fc.tuple(value.map(stored), next, next).map(([older, newer, row]) => [older, newer ?? older, row ?? newer ?? older]);
}

/** Rotations that stand, go on as before, or turn by anything. */
function rotations(kind: Kind<unknown>): fc.Arbitrary<Words> {
  const part = fc.integer({ min: -100, max: 100 });
  const quaternion = fc.tuple(part, part, part, part).filter((parts) => parts.some((one) => one !== 0));
  const stored = ([x, y, z, w]: readonly number[]): number[] => {
    const row = new Int32Array(4);
    kind.store({ x, y, z, w }, row, 0);
    return [...row];
  };
  const turn = fc.oneof(fc.constant([0, 0, 0, 0]), fc.tuple(part, part, part, part));
  return fc.tuple(quaternion, turn, fc.boolean(), quaternion).map(([older, step, goesOn, other]) => {
    const newer = older.map((one, axis) => one * 10 + (step[axis] as number));
    const next = older.map((one, axis) => one * 10 + 2 * (step[axis] as number));
    const isTurned = newer.some((one) => one !== 0) && next.some((one) => one !== 0);
    return [stored(older), stored(isTurned ? newer : older), stored(goesOn && isTurned ? next : other)];
  });
}

const field: fc.Arbitrary<Field> = fc
  .oneof(
    fc.constantFrom(...movingKinds).chain((kind) => numbers(kind).map((words) => ({ kind, words }))),
    fc.constantFrom(...countKinds).chain((kind) => numbers(kind).map((words) => ({ kind, words }))),
    fc.constantFrom(...rotationKinds).chain((kind) => rotations(kind).map((words) => ({ kind, words }))),
    fc.constantFrom(...otherKinds).chain(([kind, value]) => values(kind, value).map((words) => ({ kind, words }))),
  )
  .chain((one) => fc.boolean().map((ownerOnly) => (ownerOnly ? { ...one, kind: one.kind.owner() } : one)));

const life: fc.Arbitrary<Life> = fc.array(field, { maxLength: 8, size: 'max' }).map((fields) => {
  const layout = new Layout('any', Object.fromEntries(fields.map(({ kind }, index) => [`f${index}`, kind])));
  const [older, newer, row] = [0, 1, 2].map((at) => framed(fields.flatMap(({ words }) => words[at] as number[])));
  return { layout, older, newer, row } as Life;
});

const how: fc.Arbitrary<How> = fc.record({
  precision: fc.constantFrom<Precision>('step', 'wire'),
  owner: fc.boolean(),
  newerAge: fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 1e6 })),
  span: fc.oneof(fc.constantFrom(0, 1, 3), fc.integer({ min: 1, max: 100 })),
  interval: fc.constantFrom(1, 3, 6),
  restAge: fc.constant(0),
});

/** A row among words that are none of its own. */
function framed(words: readonly number[]): Int32Array {
  return Int32Array.from([...Array(AT).fill(FOREIGN), ...words, FOREIGN]);
}

function basesOf(older: Int32Array, newer: Int32Array, { newerAge, span, interval }: How): Bases {
  return { newer, newerAt: AT, older, olderAt: span === 0 ? -1 : AT, newerAge, span, interval };
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

/** A row as it is on the wire's own grid. */
function coarse(layout: Layout, row: Int32Array, { precision, owner }: How): Int32Array {
  const writer = new BitWriter(8192);
  layout.write(writer, row, AT, precision, owner);
  const reader = new BitReader();
  reader.reset(writer.finish());
  const into = framed(Array(layout.words).fill(FOREIGN));
  layout.read(reader, into, AT, precision, owner);
  return into;
}

/** A row as a client has it that was sent it whole: what is initial is so exactly. */
function received(layout: Layout, row: Int32Array, { precision, owner }: How): Int32Array {
  const out = new Symbols(codecTable);
  writeWhole(out, layout, row, AT, precision, owner);
  const into = framed(Array(layout.words).fill(FOREIGN));
  readWhole(decoderOf(out), layout, into, AT, precision, owner);
  return into;
}

function changed({ layout, older, newer, row }: Life, one: How): Symbols {
  const out = new Symbols(codecTable);
  writeChange(out, planOf(layout, one.precision, one.owner), row, AT, basesOf(older, newer, one), one.restAge);
  return out;
}

/** Reads a change on bases; expects that the reader takes exactly what was written. */
function applied(out: Symbols, layout: Layout, bases: Bases, { precision, owner, restAge }: How): Int32Array {
  out.writeVar(51);
  const decoder = decoderOf(out);
  const into = framed(Array(layout.words).fill(FOREIGN));
  expect(readChange(decoder, planOf(layout, precision, owner), into, AT, bases)).toBe(restAge);
  expect([decoder.readVar(), decoder.failed, decoder.done]).toEqual([51, false, true]);
  expect([into[AT - 1], into[AT + layout.words]]).toEqual([FOREIGN, FOREIGN]);
  return into;
}

describe('the entity model', () => {
  it('[CD17] a change read on the bases that it was written on says the same, whatever the schema, the rows and the ages are', () => {
    fc.assert(
      fc.property(life, how, (one, as) => {
        const { layout, older, newer, row } = one;
        const read = applied(changed(one, as), layout, basesOf(older, newer, as), as);
        expect(layout.same(read, AT, row, AT, as.precision, as.owner)).toBe(true);
        if (as.precision === 'step' && as.owner) expect(read).toEqual(row);
      }),
      { numRuns: 1000 },
    );
  });

  it('[CD45] written on the fine bases that a server has and read on the coarse ones of a client, a change gives the coarse row', () => {
    fc.assert(
      fc.property(life, how, fc.boolean(), (one, as, wereWhole) => {
        const { layout, older, newer, row } = one;
        const had = wereWhole ? received : coarse;
        const theirs = basesOf(had(layout, older, as), had(layout, newer, as), as);
        const read = applied(changed(one, as), layout, theirs, as);
        expect(layout.same(read, AT, row, AT, as.precision, as.owner)).toBe(true);
        if (!wereWhole) expect(read).toEqual(coarse(layout, row, as));
      }),
      { numRuns: 1000 },
    );
  });

  it('[CD44] the age of a rest comes back with the change, and one that began at the newer base or before says that nothing changed', () => {
    fc.assert(
      fc.property(life, how, fc.integer({ min: 1, max: 2e6 }), (one, as, restAge) => {
        const { layout, older, newer } = one;
        const resting = { ...as, restAge };
        if (restAge < as.newerAge) {
          const read = applied(changed(one, resting), layout, basesOf(older, newer, as), resting);
          expect(layout.same(read, AT, one.row, AT, as.precision, as.owner)).toBe(true);
          return;
        }
        const out = changed({ ...one, row: newer }, resting);
        const groups = Math.max(1, Math.ceil(Math.floor(Math.log2(restAge - 1) + 1) / 4));
        expect(out.length).toBe(1 + groups);
        expect(applied(out, layout, basesOf(older, newer, as), resting)).toEqual(newer);
      }),
      { numRuns: 300 },
    );
  });

  it('[CD19] what only the owner is sent has no say in what others get, and they keep what their base has', () => {
    fc.assert(
      fc.property(life, how, fc.array(fc.integer(), { minLength: 3, maxLength: 3 }), (one, as, noise) => {
        const { layout, newer } = one;
        const others = { ...as, owner: false };
        const other = [one.older, one.newer, one.row].map((row, index) => {
          const copy = row.slice();
          for (const { kind, at } of layout.fields) if (kind.ownerOnly) copy.fill(noise[index] as number, AT + at, AT + at + kind.words);
          return copy;
        }) as [Int32Array, Int32Array, Int32Array];
        const noisy = { layout, older: other[0], newer: other[1], row: other[2] };
        const [mine, theirs] = [changed(one, others), changed(noisy, others)];
        expect(theirs.list.subarray(0, theirs.length)).toEqual(mine.list.subarray(0, mine.length));
        const read = applied(mine, layout, basesOf(one.older, newer, others), others);
        for (const { kind, at } of layout.fields)
          if (kind.ownerOnly) expect(read.subarray(AT + at, AT + at + kind.words)).toEqual(newer.subarray(AT + at, AT + at + kind.words));
      }),
      { numRuns: 300 },
    );
  });

  it('[CD46] a state that goes on along the straight line takes one symbol, whatever is held', () => {
    const moving = fc.array(fc.constantFrom(...movingKinds), { minLength: 1, maxLength: 6 });
    const velocities = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 18, maxLength: 18 });
    const precision = fc.constantFrom<Precision>('step', 'wire');
    fc.assert(
      fc.property(moving, velocities, precision, fc.integer({ min: 1, max: 4 }), fc.boolean(), (kinds, speeds, at, age, isHeld) => {
        const fields = Object.fromEntries([...kinds, ...(isHeld ? [f.uint(9), f.string(5)] : [])].map((kind, index) => [`f${index}`, kind]));
        const layout = new Layout('line', fields);
        const words: number[][] = [];
        for (const [index, axis] of kinds.flatMap((kind) => Array(kind.words).fill(kind.axis as Axis) as Axis[]).entries()) {
          const turn = axis.turn?.[at];
          const middle = Math.floor(axis.max[at] / 2);
          // Half a turn is ambiguous, and a line ends where the range does.
          const most = turn === undefined ? Math.floor(middle / (age + 1)) : Math.floor((turn - 1) / 2);
          const speed = Math.max(-most, Math.min(most, speeds[index] as number));
          const on = (units: number): number => axis.word(turn === undefined ? units : ((units % turn) + turn) % turn, at);
          words.push([middle - speed, middle, middle + age * speed].map(on));
        }
        const rows = [0, 1, 2].map((row) => {
          const whole = new Int32Array(layout.words);
          for (const { kind, at: place } of layout.fields) kind.store(kind.initial(), whole, place);
          whole.set(words.map((word) => word[row] as number));
          return framed([...whole]);
        }) as [Int32Array, Int32Array, Int32Array];
        const as = { precision: at, owner: true, newerAge: age * 3, span: 3, interval: 3, restAge: 0 };
        const one = { layout, older: rows[0], newer: rows[1], row: rows[2] };
        expect(changed(one, as).length).toBe(1);
      }),
      { numRuns: 300 },
    );
    const none = { layout: new Layout('none', {}), older: framed([]), newer: framed([]), row: framed([]) };
    expect(changed(none, { precision: 'wire', owner: false, newerAge: 3, span: 3, interval: 3, restAge: 0 }).length).toBe(1);
  });

  it('[CD21] an angle goes on across the turn, both ways, and takes the shorter way round', () => {
    const as: How = { precision: 'wire', owner: false, newerAge: 3, span: 3, interval: 3, restAge: 0 };
    const layout = new Layout('turn', { a: f.angle({ step: 16, wire: 8 }) });
    const at = (older: number, newer: number, row: number): Life => {
      const on = (units: number): Int32Array => framed([((units + 256) % 256) * 256]);
      return { layout, older: on(older), newer: on(newer), row: on(row) };
    };
    for (const shift of [-4, -3, -2, -1, 0, 1, 2, 3]) {
      for (const speed of [2, -2, 7, -7]) expect(changed(at(shift - speed, shift, shift + speed), as).length).toBe(1);
      // Off by a little, it costs the same there as anywhere else.
      expect(changed(at(shift - 2, shift, shift + 3), as).length).toBe(changed(at(98, 100, 103), as).length);
      const one = { ...as, span: 0 };
      expect(changed(at(0, shift, shift + 5), one).length).toBe(changed(at(0, 100, 105), one).length);
      expect(changed(at(0, shift, shift - 5), one).length).toBe(changed(at(0, 100, 105), one).length);
      // Halfway on: what it did between the bases was the shorter way too.
      for (const speed of [8, -8]) expect(changed(at(shift - speed, shift, shift + speed / 2), { ...as, span: 6 }).length).toBe(1);
    }
  });

  it('[CD22] a line that would leave the range ends at its end', () => {
    const as: How = { precision: 'step', owner: false, newerAge: 6, span: 3, interval: 3, restAge: 0 };
    const layout = new Layout('ends', { x: f.fixed(0, 1000, { step: 1 }), y: f.fixed(0, 1000, { step: 1 }) });
    const at = (older: number[], newer: number[], row: number[]): Life => ({ layout, older: framed(older), newer: framed(newer), row: framed(row) });
    expect(changed(at([900, 100], [980, 20], [1000, 0]), as).length).toBe(1);
    expect(changed(at([500, 500], [520, 480], [560, 440]), as).length).toBe(1);
    expect(changed(at([500, 500], [520, 480], [540, 460]), as).length).toBeGreaterThan(1);
  });

  it('[CD23] any bytes on any bases give a row that can be loaded and stored again, or fail; nothing throws', () => {
    let failed = 0;
    const wild = fc.record({ newerAge: fc.nat(2 ** 32 - 1), span: fc.nat(2 ** 32 - 1) });
    fc.assert(
      fc.property(life, how, fc.option(wild), fc.uint8Array({ maxLength: 60 }), ({ layout, older, newer }, as, ages, bytes) => {
        const decoder = new SymbolDecoder(codecTable);
        decoder.reset(bytes, 0, bytes.length);
        const into = framed(Array(layout.words).fill(FOREIGN));
        readChange(decoder, planOf(layout, as.precision, as.owner), into, AT, { ...basesOf(older, newer, as), ...ages });
        if (decoder.failed) failed++;
        for (const { kind, at } of layout.fields) {
          const again = new Int32Array(kind.words);
          kind.store(kind.load(into, AT + at), again, 0);
          expect(again).toEqual(into.slice(AT + at, AT + at + kind.words));
        }
        expect([into[AT - 1], into[AT + layout.words]]).toEqual([FOREIGN, FOREIGN]);
      }),
      { numRuns: 1000 },
    );
    expect(failed).toBeGreaterThan(5);
  });
});
