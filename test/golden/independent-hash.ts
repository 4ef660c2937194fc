// The independent decoder's hash of a packet: docs/PROTOCOL.md section 10.9.
//
// Owns which numbers a record is hashed as. Invariant: a value gives the numbers that it is raw, with their widths; the order of records has no say.

import { bitsFor, largestOf } from './independent-fields.ts';
import type { Precision, Raw } from './independent-raw.ts';
import type { Kind } from './independent-schema.ts';

export class PacketHash {
  #sum = 0;
  #isKnown = true;

  /** Null when it cannot be known. */
  get value(): number | null {
    return this.#isKnown ? this.#sum : null;
  }

  /** A record about a slot that is not known. */
  giveUp(): void {
    this.#isKnown = false;
  }

  /** A record about a slot, with the fields that it sends. */
  record(slot: number, fields: { kind: Kind; raw: Raw }[], precision: Precision): void {
    let hash = 0;
    const numbers = fields.flatMap(({ kind, raw }) => numbersOf(kind, precision, raw));
    for (const [number, width] of [[slot, 14] as const, ...numbers]) {
      const k = Math.imul(rotate(Math.imul(number + width, 0xcc9e2d51), 15), 0x1b873593);
      hash = (Math.imul(rotate(hash ^ k, 13), 5) + 0xe6546b64) | 0;
    }
    this.#sum = (this.#sum + ((hash ^ (hash >>> 16)) & 0xffff)) % 65536;
  }
}

/** A number and its width in bits. */
type Sized = [number: number, width: number];

function numbersOf(kind: Kind, precision: Precision, raw: Raw): Sized[] {
  switch (kind.is) {
    case 'bool':
    case 'button':
      return [[raw === true ? 1 : 0, 1]];
    case 'whole':
      return [[raw as number, bitsFor(kind.max - kind.min)]];
    case 'tick':
      return [[raw as number, 31]];
    case 'fixed':
      return (raw as number[]).map((count) => [count, bitsFor(largestOf(kind.grid, precision))]);
    case 'angle':
      return [[raw as number, precision === 'step' ? kind.stepBits : kind.wireBits]];
    case 'quat': {
      const [largest = 0, ...units] = raw as number[];
      const bits = precision === 'step' ? kind.stepBits : kind.wireBits;
      return [[largest, 2], ...units.map((unit): Sized => [unit + 2 ** (bits - 1), bits])];
    }
    case 'float32':
      return [[new Uint32Array(Float32Array.of(raw as number).buffer)[0] ?? 0, 32]];
    case 'press':
    case 'teleport':
      return [[raw as number, 4]];
    case 'enum':
      return [[raw as number, bitsFor(kind.names.length - 1)]];
    case 'flags':
      return [[(raw as boolean[]).reduce((sum, isSet, i) => sum + (isSet ? 2 ** i : 0), 0), kind.names.length]];
    case 'string':
      return numbersOfBytes(Buffer.from(raw as string, 'utf8'), kind.max);
    case 'bytes':
      return numbersOfBytes(raw as Uint8Array, kind.max);
    case 'entity':
      return raw === null
        ? [[0, 1]]
        : [
            [1, 1],
            [raw as number, 30],
          ];
    case 'list': {
      const items = raw as Raw[];
      return [[items.length, bitsFor(kind.max)], ...items.flatMap((item) => numbersOf(kind.item, precision, item))];
    }
    case 'optional':
      return raw === null ? [[0, 1]] : [[1, 1], ...numbersOf(kind.item, precision, raw)];
  }
}

function numbersOfBytes(bytes: Uint8Array, max: number): Sized[] {
  return [[bytes.length, bitsFor(max)], ...Array.from(bytes, (byte): Sized => [byte, 8])];
}

function rotate(number: number, bits: number): number {
  return (number << bits) | (number >>> (32 - bits));
}
