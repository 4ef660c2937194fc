// The source file that carries a table: two characters of base 64 for each frequency, in lines.
//
// Invariant: the file that is written decodes to the table that was given.

const digits = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const perLine = 70;

export function tableSource(table: readonly number[]): string {
  let text = '';
  for (const frequency of table) text += (digits[frequency >>> 6] as string) + (digits[frequency & 63] as string);
  const lines: string[] = [];
  for (let at = 0; at < text.length; at += perLine * 2) lines.push(`  '${text.slice(at, at + perLine * 2)}'`);
  return `// The static table of the codec: the frequency of each symbol of each context, in 1/4096. Written by \`npm run train\`; not to be edited by hand.
//
// Invariant: both ends have the same table; a change raises the protocol version. Two characters of base 64 for each frequency, 0 behind a context's last.

import { makeSymbolTable, type SymbolTable } from './symbol-coder.ts';

const digits = '${digits}';

// biome-ignore format: a table
const packed: string = [
${lines.join(',\n')},
].join('');

export const codecTable: SymbolTable = makeSymbolTable(
  Array.from({ length: packed.length / 2 }, (_, index) => digits.indexOf(packed[index * 2] as string) * 64 + digits.indexOf(packed[index * 2 + 1] as string)),
);
`;
}
