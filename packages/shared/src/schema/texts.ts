// Kinds of bounded length in bytes: string and bytes. In a row: one word of length, then the bytes, four to a word.
//
// Invariant: unused words are 0, so equal values have equal rows and a row's size never depends on its content.
// Units: bytes of UTF-8, not characters.

import type { BitSink, BitSource } from '../bits.ts';
import { bitsFor, type Kind, makeKind, wrongValue } from './kind.ts';
import { binBytesMax, textBytesMax } from './packed-size.ts';
import { decodeUtf8, encodeUtf8, isUtf8 } from './utf8.ts';

/** Text of at most `maxBytes` bytes of UTF-8 (1 to 1000); longer text is cut before a whole character. */
export function string(maxBytes: number): Kind<string> {
  const text = `string ${maxBytes}`;
  const body = byteRow(text, maxBytes);
  const scratch = new Uint8Array(maxBytes);
  return makeKind<string>({
    text,
    ...body,
    packedBytesMax: textBytesMax(maxBytes),
    initial: () => '',
    store(value, row, at) {
      if (typeof value !== 'string') throw wrongValue(text, value);
      body.storeBytes(scratch, encodeUtf8(value, scratch), row, at);
    },
    load(row, at, into) {
      const length = body.loadBytes(row, at, scratch);
      return into !== undefined && sameAscii(into, scratch, length) ? into : decodeUtf8(scratch, length);
    },
    read(from, row, at) {
      body.read(from, row, at);
      if (isUtf8(scratch, body.loadBytes(row, at, scratch))) return;
      from.failed = true; // no text is written like this; a row of it would not survive being loaded and stored
      body.storeBytes(scratch, 0, row, at);
    },
  });
}

/** Raw bytes, at most `maxBytes` (1 to 1000); longer arrays are cut. */
export function bytes(maxBytes: number): Kind<Uint8Array> {
  const text = `bytes ${maxBytes}`;
  const body = byteRow(text, maxBytes);
  const scratch = new Uint8Array(maxBytes);
  return makeKind<Uint8Array>({
    text,
    ...body,
    packedBytesMax: binBytesMax(maxBytes),
    initial: () => new Uint8Array(0),
    store(value, row, at) {
      if (!(value instanceof Uint8Array)) throw wrongValue(text, value);
      body.storeBytes(value, Math.min(value.length, maxBytes), row, at);
    },
    load(row, at) {
      return scratch.slice(0, body.loadBytes(row, at, scratch));
    },
  });
}

function byteRow(text: string, maxBytes: number) {
  if (!Number.isInteger(maxBytes) || maxBytes < 1 || maxBytes > 1000) throw new RangeError(`${text}: the size must be 1 to 1000 bytes`);
  const lengthBits = bitsFor(maxBytes);
  const words = 1 + Math.ceil(maxBytes / 4);
  return {
    words,
    bitsMax: (): number => lengthBits + 8 * maxBytes,
    storeBytes(from: Uint8Array, length: number, row: Int32Array, at: number): void {
      row[at] = length;
      for (let word = 1; word < words; word++) row[at + word] = 0;
      for (let index = 0; index < length; index++) {
        const word = at + 1 + (index >> 2);
        row[word] = (row[word] as number) | ((from[index] as number) << ((index & 3) * 8));
      }
    },
    loadBytes(row: Int32Array, at: number, into: Uint8Array): number {
      const length = row[at] as number;
      for (let index = 0; index < length; index++) into[index] = ((row[at + 1 + (index >> 2)] as number) >>> ((index & 3) * 8)) & 0xff;
      return length;
    },
    write(out: BitSink, row: Int32Array, at: number): void {
      const length = row[at] as number;
      out.write(length, lengthBits);
      for (let index = 0; index < length; index++) out.write(((row[at + 1 + (index >> 2)] as number) >>> ((index & 3) * 8)) & 0xff, 8);
    },
    read(from: BitSource, row: Int32Array, at: number): void {
      const told = from.read(lengthBits);
      if (told > maxBytes) from.failed = true;
      const length = from.failed ? 0 : told;
      row[at] = length;
      for (let word = 1; word < words; word++) row[at + word] = 0;
      for (let index = 0; index < length; index++) {
        const word = at + 1 + (index >> 2);
        row[word] = (row[word] as number) | (from.read(8) << ((index & 3) * 8));
      }
    },
  };
}

function sameAscii(text: string, bytes: Uint8Array, length: number): boolean {
  if (text.length !== length) return false;
  for (let index = 0; index < length; index++) {
    const code = text.charCodeAt(index);
    if (code > 0x7f || code !== bytes[index]) return false;
  }
  return true;
}
