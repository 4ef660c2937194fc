import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanLine, cleanName, lineLengthMax, nameLengthMax } from './texts.ts';

test('[AR13] a name is one trimmed line of at most 16 characters, whatever was sent', () => {
  expect(cleanName('  Ada\n\tLovelace ', [])).toBe('Ada Lovelace');
  expect(cleanName('x'.repeat(10_000), [])).toBe('x'.repeat(nameLengthMax));
  expect(cleanName('A\u202Eda\u0000\u200B', [])).toBe('Ada');
  fc.assert(
    fc.property(fc.anything(), fc.array(fc.string()), (wanted, taken) => {
      const name = cleanName(wanted, taken);
      expect(name).not.toBe('');
      expect(name).toBe(name.trim());
      expect([...name].length).toBeLessThanOrEqual(nameLengthMax);
      expect(taken).not.toContain(name);
    }),
  );
});

test('[AR13] a name that is no text or empty becomes Guest, and one that is taken gets a number', () => {
  expect([undefined, null, 7, {}, '', ' \n '].map((wanted) => cleanName(wanted, []))).toEqual(new Array(6).fill('Guest'));
  expect(cleanName('Ada', ['Ada'])).toBe('Ada 2');
  expect(cleanName('Ada', ['Ada', 'Ada 2', 'Ada 3'])).toBe('Ada 4');
  expect(cleanName('A name of sixteen', ['A name of sixtee'])).toBe('A name of six 2');
});

test('[AR14] a chat line is one line of at most 120 characters, without control characters, and may be empty', () => {
  expect(cleanLine(' hello\r\nthere\u0007 ')).toBe('hello there');
  expect(cleanLine('y'.repeat(500))).toHaveLength(lineLengthMax);
  expect(cleanLine('\u200B \n')).toBe('');
  expect(cleanLine(42)).toBe('');
});
