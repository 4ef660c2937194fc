// UTF-8 to and from bytes without the platform's TextEncoder, which a core may not touch, and without allocating for the bytes.
//
// Invariant: decodeUtf8 never throws: a byte that starts no valid sequence becomes U+FFFD, as in the WHATWG decoder.
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
    const first = bytes[at++] as number;
    if (first < 0x80) {
      text += String.fromCharCode(first);
      continue;
    }
    const more = first >= 0xc2 && first < 0xe0 ? 1 : first >= 0xe0 && first < 0xf0 ? 2 : first >= 0xf0 && first < 0xf5 ? 3 : 0;
    let code = first & (0x3f >> more);
    let taken = 0;
    while (taken < more && at + taken < length && ((bytes[at + taken] as number) & 0xc0) === 0x80)
      code = (code << 6) | ((bytes[at + taken++] as number) & 0x3f);
    const smallest = more === 1 ? 0x80 : more === 2 ? 0x800 : 0x10000;
    const valid = more > 0 && taken === more && code >= smallest && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff);
    text += valid ? String.fromCodePoint(code) : '\ufffd';
    if (valid) at += more;
  }
  return text;
}
