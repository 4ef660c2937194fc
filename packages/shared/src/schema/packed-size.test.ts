import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { packPlain } from '../protocol/plain.ts';
import { f } from './fields.ts';
import type { Kind } from './kind.ts';

/** A kind, and a value of it that is as large as any. */
const largest: readonly (readonly [kind: Kind<never>, value: unknown])[] = [
  [f.bool(), true],
  ...[0, 1, 127, 128, 255, 256, 65_535, 65_536, 2 ** 31 - 1].flatMap((max) => (max > 0 ? [[f.uint(max), max] as const] : [])),
  ...[-1, -32, -33, -128, -129, -32_768, -32_769, -(2 ** 31) + 2].map((min) => [f.int(min, 0), min] as const),
  [f.int(-(2 ** 40), -(2 ** 40) + 9), -(2 ** 40)],
  [f.int(2 ** 32 - 2, 2 ** 32 + 5), 2 ** 32],
  [f.fixed(0, 1), 0.5],
  [f.fixed(-200, 100, { step: 1 }), -200],
  [f.fixed(0.5, 100.5, { step: 1 }), 1.5],
  [f.vec2(0, 1), { x: 0.5, y: 0.25 }],
  [f.vec3(0, 300, { step: 1 }), { x: 300, y: 300, z: 300 }],
  [f.angle(), 1],
  [f.float32(), 0.1],
  [f.tick(), 2 ** 31 - 1],
  [f.entity(), 2 ** 30 - 1],
  [f.quat(), { x: 0.5, y: 0.4, z: 0.3, w: 0.2 }],
  [f.enumOf('a', 'größte', 'b'), 'größte'],
  [f.enumOf('x'.repeat(40)), 'x'.repeat(40)],
  [f.flags('lit', 'größe'), { lit: true, größe: false }],
  [f.flags(...(Array.from({ length: 16 }, (_, index) => `f${index}`) as [string])), {}],
  ...[1, 31, 32, 255, 256, 1000].flatMap((size) => [
    [f.string(size), 'x'.repeat(size)] as const,
    [f.string(size), '€'.repeat(size / 3) + 'x'.repeat(size % 3)] as const,
    [f.bytes(size), new Uint8Array(size)] as const,
  ]),
  [f.list(f.vec2(0, 9), 15), Array.from({ length: 15 }, () => ({ x: 0.5, y: 0.5 }))],
  [f.list(f.string(40), 16), Array.from({ length: 16 }, () => 'x'.repeat(40))],
  [f.optional(f.string(40)), 'x'.repeat(40)],
] as never;

describe('Packed size', () => {
  it.each(largest.map(([kind, value]) => ({ text: kind.text.slice(0, 40), kind, value })))(
    '[GD13] the bound is the largest: $text',
    ({ kind, value }) => {
      expect(bytesOf(kind, value)).toBe(kind.packedBytesMax);
    },
  );

  it('[GD13] no value is larger than the bound', () => {
    const kinds = fc.constantFrom(...largest.map(([kind]) => kind));
    const values = fc.oneof(
      fc.double({ noNaN: true }),
      fc.integer(),
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.record({ x: fc.double({ noNaN: true }), y: fc.integer(), z: fc.integer(), w: fc.integer() }),
      fc.array(fc.oneof(fc.string({ maxLength: 60 }), fc.record({ x: fc.double({ noNaN: true }), y: fc.integer() })), { maxLength: 20 }),
    );
    let packed = 0;
    fc.assert(
      fc.property(kinds, values, (kind, value) => {
        try {
          kind.store(value as never, new Int32Array(kind.words), 0);
        } catch {
          return;
        }
        packed++;
        expect(bytesOf(kind, value)).toBeLessThanOrEqual(kind.packedBytesMax);
      }),
      { numRuns: 3000 },
    );
    expect(packed).toBeGreaterThan(300);
  });
});

function bytesOf(kind: Kind<never>, value: unknown): number {
  const row = new Int32Array(kind.words);
  kind.store(value as never, row, 0);
  return packPlain(kind.pack(kind.load(row, 0))).length;
}
