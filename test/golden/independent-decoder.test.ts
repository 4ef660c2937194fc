// The golden files and the examples of docs/PROTOCOL.md as a decoder reads them that was written from the document alone.
//
// A failure here while golden.test.ts passes means that the document and our writers do not say the same. Each file is read after the packets
// that its `after` names, and from a reference tick that lies within half of the 16 bits of its own.

import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Decision } from './independent-bits.ts';
import { type Decoded, IndependentDecoder, OtherHash } from './independent-decoder.ts';
import { Unreadable } from './independent-raw.ts';
import { schemaHash } from './independent-schema.ts';
import { MissingBase } from './independent-states.ts';

interface GoldenFile {
  name: string;
  schema: string[];
  after?: string[];
  hex: string;
  meaning: Record<string, unknown>;
}

const files = readdirSync(new URL('.', import.meta.url))
  .filter((name) => name.endsWith('.json'))
  .map((name): GoldenFile => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8')));
const packets = files.filter(({ meaning }) => meaning['kind'] === 1 || meaning['kind'] === 2);
const document = readFileSync(new URL('../../docs/PROTOCOL.md', import.meta.url), 'utf8');

describe('a decoder made from the document', () => {
  for (const file of files) {
    it(`[GB7] gives ${file.name} its meaning, and nothing is left over`, () => {
      const { meaning, isWhole } = decoded(file);
      expect(meaning).toStrictEqual(file.meaning);
      expect(isWhole).toBe(true);
    });
  }

  it('[GB7] makes the schema hash of the request from the lines, and finds the lines in the refusal', () => {
    const { body } = named('join-request').meaning as { body: { schemaHash: string } };
    expect(schemaHash(named('join-request').schema)).toBe(body.schemaHash);
    const refusal = named('join-schema-mismatch');
    expect((refusal.meaning as { body: { description: string[] } }).body.description).toEqual(refusal.schema);
  });

  it('[GB7] sees a byte that is too much, in every part of a packet', () => {
    for (const file of packets) {
      expect(() => decoded(file, bytesOf(`${file.hex}01`)), file.name).toThrow(Unreadable);
      for (const longer of withByteInBody(bytesOf(file.hex))) expect(wholeMeaning(file, longer), file.name).not.toEqual(file.meaning);
    }
  });

  it('[GB7] sees a bit of the head or of a record that is wrong, in a packet with a hash', () => {
    const file = named('snapshot-turning');
    const bytes = bytesOf(file.hex);
    for (let bit = 16; bit < bytes.length * 8; bit++) {
      const changed = Uint8Array.from(bytes);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(wholeMeaning(file, changed), `bit ${bit}`).not.toEqual(file.meaning);
    }
  });

  it('[GB7] takes no packet that names a state of a packet that did not come', () => {
    const onOthers = files.filter(({ after, meaning }) => after && JSON.stringify(meaning).includes('"bases"'));
    expect(onOthers.length).toBeGreaterThan(0);
    for (const { after, ...file } of onOthers) expect(() => decoded(file), file.name).toThrow(MissingBase);
  });

  const examples = [...document.matchAll(/^```hex (snapshot-\S+)\n[^`]*```\n(.*?)(?=^```hex|^## )/gms)];
  it('[GB8] there are worked examples of snapshots to check', () => expect(examples.length).toBeGreaterThan(3));
  for (const [, name = '', text = ''] of examples) {
    it(`[GB8] takes the symbols that the document lists for ${name}`, () => {
      const listed = [...text.matchAll(/^\| symbols[^\n]*\n\|[-| ]*\n((?:\|[^\n]*\n)*)/gm)].map(([, rows = '']) => patternOf(rows));
      const coded = decoded(named(name)).coded.map(textOfDecisions);
      expect(coded.length).toBe(listed.length);
      for (const [i, decisions] of coded.entries()) expect(decisions).toMatch(new RegExp(`^${listed[i]}$`));
    });
  }
});

function decoded(file: GoldenFile, bytes: Uint8Array = bytesOf(file.hex)): Decoded {
  const before = (file.after ?? []).map(named);
  const first = [...before, file][0]?.meaning as { tick?: number; inputs?: { tick: number }[] };
  const tick = first.tick ?? first.inputs?.[0]?.tick ?? 0;
  const decoder = new IndependentDecoder(file.schema, Math.max(0, tick - 200));
  for (const { hex } of before) decoder.decode(bytesOf(hex));
  return decoder.decode(bytes);
}

/** Null for bytes that are no message from their first bit to their last. */
function wholeMeaning(file: GoldenFile, bytes: Uint8Array): unknown {
  try {
    const { meaning, isWhole } = decoded(file, bytes);
    return isWhole ? meaning : null;
  } catch (error) {
    if (error instanceof Unreadable || error instanceof OtherHash || error instanceof MissingBase) return null;
    throw error;
  }
}

/** The packet with one more byte at the end of its first body, and of its second. Headers of the other form are left alone. */
function withByteInBody(bytes: Uint8Array): Uint8Array[] {
  const longer: Uint8Array[] = [];
  for (let at = 2; at < bytes.length; ) {
    const isShort = bytes[at] === 0xc4;
    const length = isShort ? (bytes[at + 1] ?? 0) : (bytes[at + 1] ?? 0) * 256 + (bytes[at + 2] ?? 0);
    const end = at + (isShort ? 2 : 3) + length;
    const changed = [...bytes.subarray(0, end), 1, ...bytes.subarray(end)];
    const low = at + (isShort ? 1 : 2);
    changed[low] = (bytes[low] ?? 0) + 1;
    if (bytes[low] !== 0xff) longer.push(Uint8Array.from(changed));
    at = end;
  }
  return longer;
}

/** Symbols as text: `4:1;` in a context, `3/5;` for a raw number of 5 bits. */
function textOfDecisions(decisions: Decision[]): string {
  return decisions.map(({ context, symbol, bits }) => (context === null ? `${symbol}/${bits};` : `${context}:${symbol};`)).join('');
}

/** The first column of an example's table as a pattern of such a text. Where it gives no number, any will do. */
function patternOf(rows: string): string {
  const cells = rows.split('\n').map((row) => row.split('|')[1] ?? '');
  return cells.flatMap((cell) => cell.split(/[,;]/).map((words) => patternOfWords(words.trim()))).join('');
}

function patternOfWords(words: string): string {
  const ofContext = /^\d+:\d+$/.test(words);
  const raw = /^(\d+)\/(\d+)$/.exec(words);
  const variable = /^var (\d+)$/.exec(words);
  const text = /^"([^"]+)"$/.exec(words);
  const counted = /^(\d+) times (\d+) bits$/.exec(words);
  if (words === '') return '';
  if (ofContext) return `${words};`;
  if (raw) return rawPattern(Number(raw[1]), Number(raw[2]));
  if (variable)
    return groupsOf(Number(variable[1]))
      .map((group) => `${group}/5;`)
      .join('');
  if (text) return Array.from(Buffer.from(text[1] ?? '', 'utf8'), (byte) => `${byte}/8;`).join('');
  if (!counted) throw new Error(`the document's symbols have an unknown form: ${words}`);
  return `(?:\\d+/${counted[2]};){${counted[1]}}`;
}

/** Parts of 12 bits, the lowest first. */
function rawPattern(number: number, bits: number): string {
  const part = Math.min(12, bits);
  const rest = bits - part;
  return `${number % 2 ** part}/${part};${rest > 0 ? rawPattern(Math.floor(number / 2 ** part), rest) : ''}`;
}

function groupsOf(number: number): number[] {
  return number < 16 ? [number] : [(number % 16) + 16, ...groupsOf(Math.floor(number / 16))];
}

function named(name: string): GoldenFile {
  const file = files.find((candidate) => candidate.name === name);
  if (!file) throw new Error(`there is no golden file ${name}.json`);
  return file;
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex, 'hex'));
}
