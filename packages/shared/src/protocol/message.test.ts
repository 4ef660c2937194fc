import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { limits } from '../limits.ts';
import { type Frame, frameBytesMax, messageKind, openBody, openFrame, readFrame, writeFrame } from './message.ts';
import { unpackPlain } from './plain.ts';

const kind = fc.constantFrom(messageKind.snapshot, messageKind.input);
/** Bodies around the length at which msgpack's header changes, and any others. */
const body = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.constantFrom(0, 1, 255, 256, 257, 700).map((length) => new Uint8Array(length).fill(length)),
);

describe('Frames', () => {
  it('[MS1] a frame is one msgpack array that msgpackr reads: the kind and one or two bins', () => {
    fc.assert(
      fc.property(kind, body, fc.option(body, { nil: undefined }), (which, first, second) => {
        const bytes = framed(which, first, second);
        const message = unpackPlain(bytes) as unknown[];
        expect(message.length).toBe(second ? 3 : 2);
        expect(message[0]).toBe(which);
        expect([...(message[1] as Uint8Array)]).toEqual([...first]);
        if (second) expect([...(message[2] as Uint8Array)]).toEqual([...second]);
      }),
    );
  });

  it('[MS1] readFrame finds the bodies that writeFrame wrote, and a frame adds at most frameBytesMax', () => {
    fc.assert(
      fc.property(kind, body, fc.option(body, { nil: undefined }), (which, first, second) => {
        const bytes = framed(which, first, second);
        expect(bytes.length).toBeLessThanOrEqual(first.length + (second?.length ?? 0) + frameBytesMax);
        const frame = emptyFrame();
        expect(readFrame(bytes, frame)).toBe(true);
        expect(frame.kind).toBe(which);
        expect([...bytes.subarray(frame.from, frame.to)]).toEqual([...first]);
        if (second) expect([...bytes.subarray(frame.secondFrom, frame.secondTo)]).toEqual([...second]);
        else expect([frame.secondFrom, frame.secondTo]).toEqual([0, 0]);
      }),
    );
  });

  it('[MS1] the bytes of a frame, by hand', () => {
    expect([...framed(messageKind.snapshot, Uint8Array.of(7, 8))]).toEqual([0x92, 1, 0xc4, 2, 7, 8]);
    expect([...framed(messageKind.input, Uint8Array.of(), Uint8Array.of(9))]).toEqual([0x93, 2, 0xc4, 0, 0xc4, 1, 9]);
    expect([...framed(messageKind.input, new Uint8Array(300)).subarray(0, 5)]).toEqual([0x92, 2, 0xc5, 1, 44]);
  });

  it('[MS2] readFrame never throws, and takes only what writeFrame writes', () => {
    const header = fc.constantFrom(0x90, 0x91, 0x92, 0x93, 0x94, 0xdc, 1, 2, 4, 0xc4, 0xc5, 0xc6, 0, 1, 2, 3);
    const loose = fc.array(fc.oneof(header, fc.integer({ min: 0, max: 255 })), { maxLength: 12 }).map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(loose, (bytes) => onlyWritten(bytes)),
      { numRuns: 5000 },
    );
    // Frames with one byte changed, cut off or added.
    fc.assert(
      fc.property(
        kind,
        body,
        fc.option(body, { nil: undefined }),
        fc.nat(),
        fc.nat(255),
        fc.constantFrom(-1, 0, 1),
        (which, first, second, at, value, more) => {
          const bytes = framed(which, first, second);
          const changed = new Uint8Array(bytes.length + more);
          changed.set(bytes.subarray(0, changed.length));
          changed[at % Math.min(8, changed.length)] = value;
          onlyWritten(changed);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('[MS2] a frame of another kind, with a body too many or a longer header than needed is none', () => {
    const frame = emptyFrame();
    for (const bytes of [
      [],
      [0x92],
      [0x92, 1],
      [0x92, 1, 0xc4],
      [0x92, 1, 0xc4, 1],
      [0x92, 3, 0xc4, 0],
      [0x92, messageKind.events, 0xc4, 0],
      [0x91, 1, 0xc4, 0],
      [0x94, 1, 0xc4, 0, 0xc4, 0, 0xc4, 0],
      [0x92, 1, 0xc4, 0, 0],
      [0x92, 1, 0xc5, 0, 0],
      [0x92, 1, 0xc5, 0, 1, 7],
      [0x93, 1, 0xc4, 0, 0xc5, 0, 1, 7],
      [0x93, 1, 0xc4, 9, 0xc4, 0],
      [0xdc, 0, 2, 1, 0xc4, 0],
    ]) {
      expect(readFrame(Uint8Array.from(bytes), frame), `${bytes}`).toBe(false);
    }
  });
});

function onlyWritten(bytes: Uint8Array): void {
  const frame = emptyFrame();
  if (!readFrame(bytes, frame)) return;
  const hasSecond = bytes[0] === 0x93;
  expect([
    ...framed(frame.kind, bytes.subarray(frame.from, frame.to), hasSecond ? bytes.subarray(frame.secondFrom, frame.secondTo) : undefined),
  ]).toEqual([...bytes]);
  expect(unpackPlain(bytes)?.length).toBe(hasSecond ? 3 : 2);
}

function framed(which: number, first: Uint8Array, second?: Uint8Array): Uint8Array {
  const out = new Uint8Array(limits.packetBytes * 2);
  if (!second) return out.slice(0, writeFrame(out, which, first));
  const at = openFrame(out, which, 2, first.length);
  out.set(first, at);
  const secondAt = openBody(out, at + first.length, second.length);
  out.set(second, secondAt);
  return out.slice(0, secondAt + second.length);
}

function emptyFrame(): Frame {
  return { kind: -1, from: -1, to: -1, secondFrom: -1, secondTo: -1 };
}
