import { describe, expect, it } from 'vitest';
import { Prefixes } from './prefixes.ts';

describe('Prefixes', () => {
  it('[ME4] the view of a length is made once, and shows what the buffer holds now', () => {
    const bytes = Uint8Array.of(1, 2, 3, 4);
    const prefixes = new Prefixes(bytes);
    const three = prefixes.of(3);
    expect([...three]).toEqual([1, 2, 3]);
    bytes[1] = 9;
    expect(prefixes.of(3)).toBe(three);
    expect([...three]).toEqual([1, 9, 3]);
    expect([...prefixes.of(4)]).toEqual([1, 9, 3, 4]);
    expect(prefixes.of(0)).toHaveLength(0);
  });
});
