import { describe, expect, it } from 'vitest';
import { SymbolDecoder, SymbolEncoder, Symbols } from '../codec/symbol-coder.ts';
import { codecTable } from '../codec/table.ts';
import { Random } from '../random.ts';
import { f } from './fields.ts';
import type { Kind, Precision } from './kind.ts';

/** Each kind with values of it. */
const kinds: readonly (readonly [Kind<unknown>, readonly unknown[]])[] = [
  [f.entity(), [null, 0, 1, 16_385, 2 ** 30 - 1]],
  [f.bytes(6), [new Uint8Array(0), new Uint8Array(6), Uint8Array.of(1, 0, 255, 0, 0)]],
  [f.string(12), ['', 'a', '\0\0\0', 'n\u00f8te']],
  [f.optional(f.string(12)), [null, '', '\0']],
  [f.list(f.entity(), 3), [[], [null, null], [1, 2 ** 29]]],
  [f.flags('a', 'b', 'c'), [{ a: true }, {}, { b: true, c: true }]],
  [f.float32(), [0, 1.5, -1e9]],
  [f.tick(), [0, 2 ** 31 - 1]],
  [
    f.vec3(-10, 10),
    [
      { x: 0, y: 0, z: 0 },
      { x: -10, y: 10, z: 3 },
    ],
  ],
];

describe('kinds in symbols', () => {
  it('[FK26] values come back through the coder as through bits, at the end of what is coded too, where zeros take no bytes', () => {
    const random = new Random(1);
    for (const precision of ['wire', 'step'] as const satisfies readonly Precision[]) {
      for (let run = 0; run < 500; run++) {
        const chosen = Array.from({ length: 1 + random.int(4) }, () => random.pick(kinds)).map(([kind, values]) => ({
          kind,
          value: random.pick(values),
        }));
        const symbols = new Symbols(codecTable);
        const rows = chosen.map(({ kind, value }) => {
          const row = new Int32Array(kind.words);
          kind.store(value, row, 0);
          kind.write(symbols, row, 0, precision);
          return row;
        });
        const bytes = new Uint8Array(500);
        const encoder = new SymbolEncoder();
        encoder.begin(bytes, 0, bytes.length);
        encoder.put(symbols.list, 0, symbols.length);
        const decoder = new SymbolDecoder(codecTable);
        decoder.reset(bytes, 0, encoder.finish());
        for (const [index, { kind, value }] of chosen.entries()) {
          const row = new Int32Array(kind.words);
          kind.read(decoder, row, 0, precision);
          expect([kind.text, value, kind.same(row, 0, rows[index] as Int32Array, 0, precision)]).toEqual([kind.text, value, true]);
        }
        expect([decoder.failed, decoder.done]).toEqual([false, true]);
      }
    }
  });
});
