// UTF-8 to and from bytes without the platform's TextEncoder, which a core may not touch, and without allocating for the bytes.
//
// Invariant: decodeUtf8 never throws: what is no valid sequence becomes U+FFFD, as often as in the WHATWG decoder (once for each longest
// start of a valid sequence, else once for each byte).
// Units: bytes.

/** Writes `text` into `out` and returns the bytes used, at most `out.length`: what does not fit is cut before a whole character. Lone surrogates become U+FFFD. */
export function encodeUtf8(text: string, out: Uint8Array): number {
  let length = 0;
  for (let index = 0; index < text.length; index++) {
    const point = text.codePointAt(index) as number;
    if (point > 0xffff) index++;
    const code = point >= 0xd800 && point <= 0xdfff ? 0xfffd : point;
    const size = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (length + size > out.length) break;
    if (size === 1) {
      out[length++] = code;
      continue;
    }
    out[length++] = ((0xf00 >> size) & 0xff) | (code >> (6 * (size - 1)));
    for (let rest = size - 2; rest >= 0; rest--) out[length++] = 0x80 | ((code >> (6 * rest)) & 0x3f);
  }
  return length;
}

/** The text of `length` bytes from the start of `bytes`. */
export function decodeUtf8(bytes: Uint8Array, length: number): string {
  let text = '';
  let at = 0;
  while (at < length) {
    const sequence = sequenceAt(bytes, at, length);
    text += sequence > 0 ? String.fromCodePoint(codeAt(bytes, at, sequence)) : '\ufffd';
    at += Math.abs(sequence);
  }
  return text;
}

/** Whether `length` bytes from the start of `bytes` are what `encodeUtf8` writes for some text. */
export function isUtf8(bytes: Uint8Array, length: number): boolean {
  for (let at = 0; at < length; ) {
    const sequence = sequenceAt(bytes, at, length);
    if (sequence < 0) return false;
    at += sequence;
  }
  return true;
}

/** Bytes of the valid sequence at `at`; below 0, how many bytes are to be passed over as one error. (Unicode 15, tables 3-7 and 3-8.) */
function sequenceAt(bytes: Uint8Array, at: number, length: number): number {
  const first = bytes[at] as number;
  if (first < 0x80) return 1;
  const more = first < 0xc2 ? 0 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : 0;
  if (more === 0) return -1;
  // The second byte's range leaves out overlong forms, surrogates and what is beyond U+10FFFF.
  let low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  let high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  for (let next = 1; next <= more; next++) {
    const byte = at + next < length ? (bytes[at + next] as number) : 0;
    if (byte < low || byte > high) return -next;
    low = 0x80;
    high = 0xbf;
  }
  return more + 1;
}

function codeAt(bytes: Uint8Array, at: number, sequence: number): number {
  const first = bytes[at] as number;
  let code = sequence === 1 ? first : first & (0x7f >> sequence);
  for (let next = 1; next < sequence; next++) code = (code << 6) | ((bytes[at + next] as number) & 0x3f);
  return code;
}
