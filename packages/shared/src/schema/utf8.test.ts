import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUtf8, encodeUtf8, isUtf8 } from './utf8.ts';

const encoder = new TextEncoder();
// The platform's decoder drops a byte order mark unless it is told to keep it; a name that starts with one is the name that was sent.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** Any UTF-16 units, lone surrogates too, with those near the ends of each length in UTF-8 often. */
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.constantFrom(0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xfeff, 0xfffd, 0xffff),
);
const anyText = fc.oneof(
  fc.array(unit, { maxLength: 30 }).map((units) => String.fromCharCode(...units)),
  fc.string({ unit: 'binary', maxLength: 30 }),
);
/** Bytes that begin, go on and break off sequences often. */
const byte = fc.oneof(
  fc.integer({ min: 0, max: 255 }),
  fc.integer({ min: 0x80, max: 0xbf }),
  fc.constantFrom(0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0x9f, 0xa0, 0x8f, 0x90, 0x7f),
);
const anyBytes = fc.array(byte, { maxLength: 40 }).map((bytes) => Uint8Array.from(bytes));

describe('UTF-8', () => {
  it('[FK12] text is encoded as by the platform, lone surrogates as U+FFFD', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const out = new Uint8Array(text.length * 3);
        expect([...out.subarray(0, encodeUtf8(text, out))]).toEqual([...encoder.encode(text)]);
      }),
      { numRuns: 1000 },
    );
  });

  it('[FK12] text that does not fit is cut before a whole character, and nothing behind the end is written', () => {
    fc.assert(
      fc.property(anyText, fc.integer({ min: 0, max: 40 }), (text, room) => {
        const out = new Uint8Array(room + 4).fill(0xaa);
        const length = encodeUtf8(text, out.subarray(0, room));
        let fits = '';
        for (const character of decoder.decode(encoder.encode(text))) {
          if (encoder.encode(fits + character).length > room) break;
          fits += character;
        }
        expect([...out]).toEqual([...encoder.encode(fits), ...new Uint8Array(room + 4 - length).fill(0xaa)]);
      }),
    );
  });

  it('[FK13] any bytes are decoded as by the platform, one U+FFFD for the same errors', () => {
    fc.assert(
      fc.property(anyBytes, fc.nat(40), (bytes, cut) => {
        const length = Math.min(cut, bytes.length);
        expect(decodeUtf8(bytes, length)).toBe(decoder.decode(bytes.subarray(0, length)));
      }),
      { numRuns: 5000 },
    );
  });

  it('[FK13] each sequence of two bytes, and each begin of a longer one, is decoded as by the platform', () => {
    for (let first = 0x7f; first < 256; first++) {
      for (let second = 0; second < 256; second += 1) {
        for (const rest of [[], [0x80], [0x80, 0xbf], [0x41]]) {
          const bytes = Uint8Array.of(first, second, ...rest);
          if (decodeUtf8(bytes, bytes.length) !== decoder.decode(bytes)) throw new Error(`${[...bytes]}`);
        }
      }
    }
  });

  it('[FK13] bytes count as UTF-8 when they are what some text is encoded as', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          anyBytes,
          anyText.map((text) => encoder.encode(text)),
        ),
        (bytes) => {
          const again = encoder.encode(decoder.decode(bytes));
          expect(isUtf8(bytes, bytes.length)).toBe([...again].join() === [...bytes].join());
        },
      ),
      { numRuns: 1000 },
    );
  });
});
