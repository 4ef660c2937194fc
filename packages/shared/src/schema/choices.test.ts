import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pressesBetween } from './choices.ts';
import { f } from './fields.ts';

describe('Choice kinds', () => {
  it('[FK18] a press is a count of 4 bits; true is one press', () => {
    const row = new Int32Array(1);
    for (const [value, count] of [
      [0, 0],
      [15, 15],
      [16, 0],
      [37, 5],
      [true, 1],
      [false, 0],
    ] as const) {
      f.press().store(value as number, row, 0);
      expect(row[0]).toBe(count);
    }
    for (const wrong of ['1', null, -1, Number.NaN, [1], 2 ** 31]) expect(() => f.press().store(wrong as never, row, 0)).toThrow('expected press');
    expect(f.press().isPress).toBe(true);
  });

  it('[FK18] the presses between two counts are right across the wrap, for up to 15 of them', () => {
    fc.assert(
      fc.property(fc.nat(1000), fc.nat(15), (before, presses) => {
        expect(pressesBetween(before % 16, (before + presses) % 16)).toBe(presses);
      }),
    );
  });

  it('[FK19] no two lists of names read alike in the schema, whatever is in them', () => {
    const names = fc.uniqueArray(fc.oneof(fc.constantFrom('a', 'b', 'a|b', '"a"', 'a owner', 'a\nb', ''), fc.string()), {
      minLength: 1,
      maxLength: 3,
    });
    fc.assert(
      fc.property(names, names, (one, other) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        expect(textOf(one) === textOf(other)).toBe(same);
        expect(textOf(one)).not.toBe(f.enumOf(...(other as [string])).owner().text);
        expect(textOf(one)).not.toContain('\n');
      }),
    );
    expect(f.enumOf('warmup', 'game-over', 'round 2').text).toBe('enum warmup|game-over|"round 2"');
    expect(f.flags('lit', 'on fire').text).toBe('flags lit|"on fire"');
  });

  it('[FK19] flags cannot have a name that every object has', () => {
    for (const name of ['__proto__', 'constructor', 'toString', 'valueOf', 'hasOwnProperty']) expect(() => f.flags('lit', name)).toThrow(`'${name}'`);
  });

  it('[FK19] flags that are left out are off', () => {
    const kind = f.flags('lit', 'hot');
    const row = new Int32Array(1);
    kind.store({ hot: true } as never, row, 0);
    expect(kind.load(row, 0)).toEqual({ lit: false, hot: true });
  });
});

function textOf(names: readonly string[]): string {
  return f.enumOf(...(names as [string])).text;
}
