// The independent decoder's msgpack: the one value of a message of kinds 4 to 7 (docs/PROTOCOL.md section 5.2).
//
// Owns the forms that a peer may send. Invariant: all bytes are used, and a form that the document excludes (64-bit integers, extensions) is refused.

import { textOf } from './independent-fields.ts';
import { Unreadable } from './independent-raw.ts';

export type Packed = number | string | boolean | null | Uint8Array | Packed[] | Map<Packed, Packed>;

export function unpack(bytes: Uint8Array): Packed {
  const reader = new PackedReader(bytes);
  const value = reader.value();
  if (!reader.isAtEnd()) throw new Unreadable('bytes behind the array');
  return value;
}

class PackedReader {
  readonly #view: DataView;
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length;
  }

  value(): Packed {
    const first = this.#whole(1);
    if (first < 0x80) return first;
    if (first < 0x90) return this.#map(first & 0x0f);
    if (first < 0xa0) return this.#array(first & 0x0f);
    if (first < 0xc0) return textOf(this.#take(first & 0x1f));
    if (first >= 0xe0) return first - 0x100;
    switch (first) {
      case 0xc0:
        return null;
      case 0xc2:
        return false;
      case 0xc3:
        return true;
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return this.#take(this.#whole(1 << (first - 0xc4)));
      case 0xca:
        return this.#view.getFloat32(this.#skip(4));
      case 0xcb:
        return this.#view.getFloat64(this.#skip(8));
      case 0xcc:
      case 0xcd:
      case 0xce:
        return this.#whole(1 << (first - 0xcc));
      case 0xd0:
        return this.#view.getInt8(this.#skip(1));
      case 0xd1:
        return this.#view.getInt16(this.#skip(2));
      case 0xd2:
        return this.#view.getInt32(this.#skip(4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return textOf(this.#take(this.#whole(1 << (first - 0xd9))));
      case 0xdc:
      case 0xdd:
        return this.#array(this.#whole(2 << (first - 0xdc)));
      case 0xde:
      case 0xdf:
        return this.#map(this.#whole(2 << (first - 0xde)));
      default:
        throw new Unreadable(`msgpack form ${first.toString(16)}`);
    }
  }

  #array(length: number): Packed[] {
    const items: Packed[] = [];
    while (items.length < length) items.push(this.value());
    return items;
  }

  #map(size: number): Map<Packed, Packed> {
    const map = new Map<Packed, Packed>();
    for (let i = 0; i < size; i++) map.set(this.value(), this.value());
    return map;
  }

  #whole(length: number): number {
    const at = this.#skip(length);
    return length === 1 ? this.#view.getUint8(at) : length === 2 ? this.#view.getUint16(at) : this.#view.getUint32(at);
  }

  #take(length: number): Uint8Array {
    const at = this.#skip(length);
    return this.#bytes.subarray(at, at + length);
  }

  /** The place before the bytes that are skipped. */
  #skip(length: number): number {
    const at = this.#at;
    this.#at += length;
    if (this.#at > this.#bytes.length) throw new Unreadable('beyond the end of the message');
    return at;
  }
}
