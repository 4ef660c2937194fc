import fc from 'fast-check';
import { expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { f } from '../schema/fields.ts';
import { Layout } from '../schema/layout.ts';
import { planOf } from './entity-plan.ts';
import { toWireRow } from './wire-row.ts';

const AT = 3;
const INTO = 5;
const point = fc.record({ x: fc.double({ min: -9, max: 9, noNaN: true }), y: fc.double({ min: -9, max: 9, noNaN: true }) });
const part = fc.integer({ min: -1000, max: 1000 });
const layout = new Layout('thing', {
  pos: f.vec2(-9, 9, { wire: 1 / 8 }),
  aim: f.angle({ wire: 8 }),
  fine: f.angle(),
  hp: f.int(-5, 100),
  gold: f.uint(60_000).owner(),
  spot: f.fixed(3, 7, { step: 0.1, wire: 0.3 }),
  pose: f.quat({ wire: 9 }),
  whole: f.quat(),
  heat: f.float32(),
  target: f.entity(),
  mode: f.enumOf('a', 'b', 'wire'),
  marks: f.flags('lit', 'up'),
  name: f.string(9),
  raw: f.bytes(12),
  path: f.list(f.vec2(-9, 9, { wire: 1 / 4 }), 3),
  goal: f.optional(f.vec2(-9, 9, { wire: 1 / 8 })),
  secret: f.optional(f.quat({ wire: 7 })).owner(),
});
const quat = fc.record({ x: part, y: part, z: part, w: part }).filter(({ x, y, z, w }) => x !== 0 || y !== 0 || z !== 0 || w !== 0);
const values = fc.record({
  pos: point,
  aim: fc.double({ min: -4, max: 4, noNaN: true }),
  fine: fc.double({ min: -4, max: 4, noNaN: true }),
  hp: fc.integer({ min: -5, max: 100 }),
  gold: fc.nat(60_000),
  spot: fc.double({ min: 3, max: 7, noNaN: true }),
  pose: quat,
  whole: quat,
  heat: fc.float({ noNaN: true, noDefaultInfinity: true }),
  target: fc.option(fc.nat(2 ** 30 - 1)),
  mode: fc.constantFrom('a', 'b', 'wire'),
  marks: fc.record({ lit: fc.boolean(), up: fc.boolean() }),
  name: fc.string({ unit: 'grapheme', maxLength: 9 }),
  raw: fc.uint8Array({ maxLength: 12 }),
  path: fc.array(point, { maxLength: 3 }),
  goal: fc.option(point),
  secret: fc.option(quat),
});

it('[RW6] a row as others see it is, word for word, what reading its wire form gives, whatever its kinds are', () => {
  fc.assert(
    fc.property(values, (set) => {
      const row = new Int32Array(AT + layout.words);
      layout.store(set, row, AT);
      const writer = new BitWriter(1024);
      layout.write(writer, row, AT, 'wire', false);
      const reader = new BitReader();
      reader.reset(writer.bytes, 0, writer.end());
      const received = new Int32Array(layout.words);
      layout.read(reader, received, 0, 'wire', false);
      const into = new Int32Array(INTO + layout.words + 1).fill(77);
      toWireRow(planOf(layout, 'wire', false), row, AT, into, INTO);
      expect([...into.subarray(INTO, INTO + layout.words)]).toEqual([...received]);
      expect([into[INTO - 1], into[INTO + layout.words]]).toEqual([77, 77]);
    }),
    { numRuns: 500 },
  );
});
