import { describe, expect, it } from 'vitest';
import { f } from './fields.ts';

describe('Kinds that hold others', () => {
  it('[FK20] owner() and press() within a list or an optional are refused: they would be lost in it', () => {
    for (const make of [() => f.list(f.uint(3).owner(), 4), () => f.optional(f.string(4).owner())])
      expect(make).toThrow(/owner.* goes behind the whole field/);
    for (const make of [() => f.list(f.press(), 4), () => f.optional(f.press())]) expect(make).toThrow(/press/);
    expect(f.list(f.uint(3), 4).owner().ownerOnly).toBe(true);
  });

  it('[FK20] an optional of what may be null already is refused: its two nulls could not be told apart', () => {
    expect(() => f.optional(f.entity())).toThrow('optional (entity): its values may be null already');
    expect(() => f.optional(f.optional(f.bool()))).toThrow('optional (optional (bool))');
  });

  it('[FK21] a list is loaded into the array that is there, and its vectors into theirs', () => {
    const kind = f.list(f.vec2(0, 9), 3);
    const row = new Int32Array(kind.words);
    const into = [{ x: 1, y: 1 }];
    const [first] = into;
    kind.store(
      [
        { x: 2, y: 3 },
        { x: 4, y: 5 },
      ],
      row,
      0,
    );
    expect(kind.load(row, 0, into)).toBe(into);
    expect(into[0]).toBe(first);
    expect(into).toEqual([
      { x: 2, y: 3 },
      { x: 4, y: 5 },
    ]);
    kind.store([], row, 0);
    expect(kind.load(row, 0, into)).toEqual([]);
  });

  it('[FK21] a shorter value leaves nothing of a longer one in the row', () => {
    for (const [kind, long, short] of [
      [f.list(f.uint(7), 4), [1, 2, 3, 4], [5]],
      [f.string(8), 'abcdefgh', 'x'],
      [f.bytes(8), Uint8Array.of(1, 2, 3, 4, 5), Uint8Array.of(9)],
      [f.optional(f.uint(7)), 5, null],
    ] as const) {
      const reused = new Int32Array(kind.words);
      const fresh = new Int32Array(kind.words);
      kind.store(long as never, reused, 0);
      kind.store(short as never, reused, 0);
      kind.store(short as never, fresh, 0);
      expect(reused).toEqual(fresh);
    }
  });
});
