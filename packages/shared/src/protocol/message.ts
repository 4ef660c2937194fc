// The kinds of message, and the msgpack around the hot ones. Every message is one msgpack array `[kind, ...]`.
//
// Hot messages (snapshot, input) are `[kind, bin]` or `[kind, bin, bin]`; these few header bytes are written and read by hand so that nothing is
// allocated, and msgpackr reads the same bytes in the tests. All other messages are made and read whole by msgpackr (`plain.ts`).
// Invariant: readFrame never throws and accepts exactly what writeFrame writes. Units: bytes.

/** Raised whenever the bytes of any message change. Both ends must have the same. */
export const protocolVersion = 5;

/** First element of every message. Numbers are never used again for something else. */
export const messageKind = {
  snapshot: 1,
  input: 2,
  hello: 4,
  welcome: 5,
  events: 6,
  reliableAck: 7,
  drain: 8,
} as const;

/** Most bytes that the frame adds to its bodies: array and kind, and a bin16 header for each of two bodies. */
export const frameBytesMax = 8;

/** Writes `[kind, body]` at the start of `out` and returns the length. */
export function writeFrame(out: Uint8Array, kind: number, body: Uint8Array): number {
  const start = openFrame(out, kind, 1, body.length);
  out.set(body, start);
  return start + body.length;
}

/** Writes what stands before the first of a message's one or two bodies. @returns where that body belongs. */
export function openFrame(out: Uint8Array, kind: number, bodies: 1 | 2, length: number): number {
  out[0] = 0x91 + bodies;
  out[1] = kind;
  return openBody(out, 2, length);
}

/** Writes the head of a body, a msgpack bin8 or bin16, at `at`. @returns where the body belongs. */
export function openBody(out: Uint8Array, at: number, length: number): number {
  let start = at;
  if (length < 256) {
    out[start++] = 0xc4;
  } else {
    out[start++] = 0xc5;
    out[start++] = length >>> 8;
  }
  out[start++] = length & 0xff;
  return start;
}

/** Where the bodies of a hot message lie. Reused between calls. */
export interface Frame {
  kind: number;
  from: number;
  to: number;
  /** 0 and 0 when there is no second body. */
  secondFrom: number;
  secondTo: number;
}

/** Finds the bodies of a hot message. @returns false when the bytes are no such message. */
export function readFrame(bytes: Uint8Array, frame: Frame): boolean {
  const elements = bytes[0];
  if (elements !== 0x92 && elements !== 0x93) return false;
  frame.kind = bytes[1] ?? 0;
  if (frame.kind !== messageKind.snapshot && frame.kind !== messageKind.input) return false;
  frame.from = binStart(bytes, 2);
  if (frame.from < 0) return false;
  frame.to = frame.from + binLength(bytes, 2);
  frame.secondFrom = 0;
  frame.secondTo = 0;
  if (elements === 0x92) return frame.to === bytes.length;
  frame.secondFrom = binStart(bytes, frame.to);
  if (frame.secondFrom < 0) return false;
  frame.secondTo = frame.secondFrom + binLength(bytes, frame.to);
  return frame.secondTo === bytes.length;
}

function binStart(bytes: Uint8Array, at: number): number {
  if (bytes[at] === 0xc4 && at + 2 <= bytes.length) return at + 2;
  if (bytes[at] === 0xc5 && at + 3 <= bytes.length && bytes[at + 1] !== 0) return at + 3; // shorter than 256 is a bin8: one body, one way to write it
  return -1;
}

function binLength(bytes: Uint8Array, at: number): number {
  return bytes[at] === 0xc4 ? (bytes[at + 1] as number) : (bytes[at + 1] as number) * 256 + (bytes[at + 2] as number);
}
