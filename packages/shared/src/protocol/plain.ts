// Messages that msgpackr makes and reads whole: the handshake, events, reliable acks. Arrays in a fixed order, no learnt record structures
// (they would make one message depend on an earlier one).
//
// Invariant: unpackPlain never throws; whoever reads a message checks the type of each element.

import { Packr } from 'msgpackr';

const packr = new Packr({ useRecords: false, variableMapSize: true });

/** A value that msgpack carries as it is. */
export type Plain = null | boolean | number | string | Uint8Array | Plain[] | { [key: string]: Plain };

export function packPlain(value: unknown): Uint8Array {
  return packr.pack(value) as Uint8Array;
}

/** The message's elements, or undefined when the bytes are no msgpack array. */
export function unpackPlain(bytes: Uint8Array): unknown[] | undefined {
  const value = unpackAny(bytes);
  return Array.isArray(value) ? value : undefined;
}

/** Any packed value, or undefined when the bytes are not one value of msgpack. */
export function unpackAny(bytes: Uint8Array): unknown {
  try {
    return packr.unpack(bytes);
  } catch {
    return undefined;
  }
}
