import { describe, expect, it } from 'vitest';
import { f } from '../schema/fields.ts';
import type { Kind, Precision } from '../schema/kind.ts';
import { Layout } from '../schema/layout.ts';
import type { Quat } from '../schema/rotations.ts';
import { context, shapeContext } from './contexts.ts';
import { type Bases, readChange, writeChange } from './entity-model.ts';
import { planOf } from './entity-plan.ts';
import { SymbolDecoder, SymbolEncoder, Symbols } from './symbol-coder.ts';
import { codecTable } from './table.ts';

const kind = f.quat({ wire: 10 });
const layout = new Layout('body', { pose: kind });

/** Turned by an angle about an axis. */
function turned(angle: number, axis: readonly [number, number, number]): Quat {
  const [x, y, z] = axis;
  const scale = Math.sin(angle / 2) / Math.hypot(x, y, z);
  return { x: x * scale, y: y * scale, z: z * scale, w: Math.cos(angle / 2) };
}

function rowOf(value: Quat, of: Kind<Quat> = kind): Int32Array {
  const row = new Int32Array(4);
  of.store(value, row, 0);
  return row;
}

function basesOf(older: Int32Array | undefined, newer: Int32Array, newerAge = 3, span = 3): Bases {
  return { newer, newerAt: 0, older: older ?? newer, olderAt: older ? 0 : -1, newerAge, span: older ? span : 0, interval: 3 };
}

function changed(row: Int32Array, bases: Bases, precision: Precision = 'wire'): Symbols {
  const out = new Symbols(codecTable);
  writeChange(out, planOf(layout, precision, false), row, 0, bases, 0);
  return out;
}

function decoderOf({ list, length }: Symbols): SymbolDecoder {
  const bytes = new Uint8Array(length * 4 + 16);
  const encoder = new SymbolEncoder();
  encoder.begin(bytes, 0, bytes.length);
  encoder.put(list, 0, length);
  const decoder = new SymbolDecoder(codecTable);
  decoder.reset(bytes, 0, encoder.finish());
  return decoder;
}

function applied(out: Symbols, bases: Bases, precision: Precision = 'wire'): Int32Array {
  const decoder = decoderOf(out);
  const row = new Int32Array(4);
  readChange(decoder, planOf(layout, precision, false), row, 0, bases);
  expect([decoder.failed, decoder.done]).toEqual([false, true]);
  return row;
}

/** Bits that a list costs. */
function costOf({ list, length }: Symbols): number {
  return [...list.subarray(0, length)].reduce((sum, one) => sum + 12 - Math.log2((one & 4095) + 1), 0);
}

const axes = [
  [1, 2, 3],
  [-3, 1, 0.5],
  [0, 0, 1],
  [1, -1, 0],
] as const;

describe('the rotation model', () => {
  it('[CD49] a body that turns evenly is expected where it is, within a unit or two, also where another number becomes the largest or the sign turns', () => {
    let largest = 0;
    for (const axis of axes) {
      for (const speed of [0.02, 0.1, -0.2]) {
        for (let angle = -7; angle < 7; angle += 0.37) {
          const [older, newer, row] = [0, 1, 2].map((time) => rowOf(turned(angle + time * speed, axis))) as [Int32Array, Int32Array, Int32Array];
          const bases = basesOf(older, newer);
          const out = changed(row, bases);
          expect(kind.same(applied(out, bases), 0, row, 0, 'wire')).toBe(true);
          largest = Math.max(largest, costOf(out));
          // Without an older base it costs as much as the turn is long.
          if (Math.abs(speed) > 0.05) expect(costOf(changed(row, basesOf(undefined, newer)))).toBeGreaterThan(costOf(out));
        }
      }
    }
    expect(largest).toBeLessThan(30); // whole it is 32
  });

  it('[CD49] the age of the bases counts: what turned in a third of the time goes on three times as far', () => {
    for (const axis of axes) {
      const [older, newer, row] = [0, 0.05, 0.2].map((angle) => rowOf(turned(1 + angle, axis))) as [Int32Array, Int32Array, Int32Array];
      const even = changed(row, basesOf(older, newer, 9, 3));
      expect(costOf(even)).toBeLessThan(costOf(changed(row, basesOf(older, newer, 3, 3))) - 4);
    }
  });

  it('[CD50] what stands is expected just where it is, however old the bases are, and takes one symbol', () => {
    for (const axis of axes) {
      for (let angle = 0; angle < 7; angle += 0.21) {
        const row = rowOf(turned(angle, axis));
        for (const bases of [basesOf(undefined, row), basesOf(row, row), basesOf(row, row, 1000, 3)]) {
          for (const precision of ['step', 'wire'] as const) {
            const out = changed(row, bases, precision);
            expect(out.length).toBe(1);
            expect(kind.same(applied(out, bases, precision), 0, row, 0, precision)).toBe(true);
          }
        }
      }
    }
  });

  it('[CD51] what others get of a rotation is the same whether it is read on fine bases or on those that they got', () => {
    const coarse = (fine: Int32Array): Int32Array =>
      applied(changed(fine, basesOf(undefined, rowOf(kind.initial()))), basesOf(undefined, rowOf(kind.initial())));
    for (const axis of axes) {
      for (let angle = -4; angle < 4; angle += 0.11) {
        const [older, newer, row] = [0, 0.07, 0.2].map((more) => rowOf(turned(angle + more, axis))) as [Int32Array, Int32Array, Int32Array];
        const out = changed(row, basesOf(older, newer));
        const read = applied(out, basesOf(coarse(older), coarse(newer)));
        expect(read).toEqual(coarse(row));
      }
    }
  });

  it('[CD52] numbers that no rotation has, or beyond those of its grid, fail, and leave a rotation', () => {
    const newer = rowOf(kind.initial());
    const off = (sizes: readonly number[]): SymbolDecoder => {
      const out = new Symbols(codecTable);
      out.symbol(shapeContext(0, 0, 0), 1);
      out.symbol(context.turned, 0);
      let neighbour = 0;
      for (const size of sizes) {
        // All of them large: 64 and more.
        out.symbol(context.off + (3 * 6 * 4 * 5 + neighbour) * 32, 23);
        const length = 31 - Math.clz32(size);
        out.symbol(context.large + 3 * 32, length - 6);
        out.write(size - 2 ** length, length);
        neighbour = 4;
      }
      return decoderOf(out);
    };
    const reading = (sizes: readonly number[]): boolean => {
      const decoder = off(sizes);
      const row = new Int32Array(4);
      readChange(decoder, planOf(layout, 'wire', false), row, 0, basesOf(undefined, newer));
      expect(rowOf(kind.load(row, 0))).toEqual(row);
      return decoder.failed;
    };
    expect(
      [
        [100, 100, 100],
        [400, 64, 64],
        [300, 300, 300],
      ].map(reading),
    ).toEqual([false, false, false]);
    expect(
      [
        [511, 511, 511],
        [512, 64, 64],
        [64, 64, 2 ** 30],
        [450, 450, 300],
      ].map(reading),
    ).toEqual([true, true, true, true]);
  });
});
