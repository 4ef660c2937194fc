import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { limits } from '../limits.ts';
import type { Sequence } from '../sequence.ts';
import { emptyInputHead, readInputHead, readViewLag, writeInputHead, writeViewLag } from './input.ts';
import {
  type EffectHead,
  emptySnapshotHead,
  hasHash,
  noMargin,
  patchHash,
  readEffectHead,
  readSnapshotHead,
  snapshotHeadBytes,
  writeEffectHead,
  writeSnapshotHead,
} from './snapshot.ts';

const bits16 = fc.integer({ min: 0, max: 65_535 }) as fc.Arbitrary<Sequence>;
const age = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1));

describe('Heads', () => {
  it('[MS3] the head of a snapshot packet comes back: ticks as their low 16 bits, the ack as its low 8, misses as their low 4', () => {
    const heads = fc.record({
      ...{
        sequence: fc.oneof(
          bits16,
          fc.nat(2047).map((count) => (count * 32) as Sequence),
        ),
        hash: fc.nat(0xffff),
        tick: fc.nat(1_000_000),
      },
      ...{ leads: fc.boolean(), hasPrivate: fc.boolean(), hasHandles: fc.boolean() },
      ...{ ack: fc.oneof(fc.constant(-1), bits16), ackHoldMs: fc.nat(255) },
      ...{ inputLead: fc.nat(63), inputMargin: fc.integer({ min: noMargin, max: 127 }), inputsMissed: fc.nat(255) },
    });
    fc.assert(
      fc.property(heads, (head) => {
        const [acks, hasInputs] = [head.ack >= 0, head.inputMargin !== noMargin];
        const out = new BitWriter(64);
        writeSnapshotHead(out, head);
        expect(out.bitLength).toBe(37 + (hasHash(head.sequence) ? 16 : 0) + (acks ? 16 : 0) + (hasInputs ? 18 : 0));
        const back = { ...emptySnapshotHead(), ack: 5, ackHoldMs: 5, inputLead: 9, inputMargin: 5, inputsMissed: 3 };
        readSnapshotHead(readerOf(out), back);
        expect(back).toEqual({
          ...head,
          tick: head.tick % 65_536,
          hash: head.sequence % 32 === 0 ? head.hash : 0,
          ...(acks ? { ack: head.ack % 256 } : { ack: -1, ackHoldMs: 0 }),
          ...(hasInputs ? { inputsMissed: head.inputsMissed % 16 } : { inputLead: 0, inputsMissed: 0 }),
        });
      }),
    );
  });

  it('[MS3] the bytes of a head are known from what it holds', () => {
    for (const sequence of [1, 32] as Sequence[]) {
      for (const ack of [-1, 5]) {
        for (const inputMargin of [noMargin, 3]) {
          const out = new BitWriter(64);
          const head = { ...emptySnapshotHead(), sequence, ack, inputMargin };
          writeSnapshotHead(out, head);
          expect(snapshotHeadBytes(head)).toBe(out.byteLength);
        }
      }
    }
  });

  it('[MS3] a hash that is put into a head afterwards is as if it had been there, in every 32nd packet', () => {
    fc.assert(
      fc.property(fc.nat(2047), fc.nat(0xffff), fc.nat(0xffff), (count, hash, tick) => {
        const head = { ...emptySnapshotHead(), sequence: (count * 32) as Sequence, tick, leads: true };
        const [with0, without] = [new BitWriter(64), new BitWriter(64)];
        writeSnapshotHead(with0, { ...head, hash });
        writeSnapshotHead(without, head);
        const bytes = without.finish().slice();
        patchHash(bytes, hash);
        expect([...bytes]).toEqual([...with0.finish()]);
      }),
    );
    expect(Array.from({ length: 65_536 }, (_, sequence) => sequence).filter((sequence) => hasHash(sequence as Sequence)).length).toBe(2048);
  });

  it('[MS4] the head of an effect comes back', () => {
    fc.assert(
      fc.property(bits16, fc.nat(62), age, fc.option(bits16), fc.nat(300), (id, event, ticks, key, count) => {
        const head: EffectHead = { id, event, age: ticks, originKey: key ?? -1, originNumber: key === null ? 0 : count };
        const out = new BitWriter(64);
        writeEffectHead(out, head);
        const back: EffectHead = { id: 0, event: 0, age: 0, originKey: 5, originNumber: 5 };
        readEffectHead(readerOf(out), back);
        expect(back).toEqual(head);
      }),
    );
  });

  it('[MS5] the head of a client packet comes back; without an ack or an input it is as short', () => {
    const whole = fc.record({
      ...{ sequence: bits16, ack: bits16, ackBits: fc.integer({ min: 0, max: 2 ** 32 - 1 }), ackHoldMs: fc.nat(255), resync: fc.nat(15) },
      ...{ count: fc.nat(limits.inputsPerPacket), newestTick: fc.nat(1_000_000), holds: fc.boolean(), quiet: fc.boolean() },
    });
    fc.assert(
      fc.property(whole, fc.boolean(), (head, hasAck) => {
        const wanted = hasAck ? head : { ...head, ack: -1, ackBits: 0, ackHoldMs: 0 };
        const out = new BitWriter(64);
        writeInputHead(out, wanted);
        const [hasInputs, isQuiet] = [head.count > 0, head.holds && head.quiet];
        expect(out.bitLength).toBe(26 + (hasAck ? 56 : 0) + (hasInputs ? 17 + (head.holds ? 1 : 0) : 0));
        const back = { ...emptyInputHead(), ack: 5, newestTick: 77, holds: true, quiet: true };
        readInputHead(readerOf(out), back);
        const inputs = hasInputs
          ? { newestTick: head.newestTick % 65_536, holds: head.holds, quiet: isQuiet }
          : { newestTick: 0, holds: false, quiet: false };
        expect(back).toEqual({ ...wanted, ...inputs });
      }),
    );
  });

  it('[MS5] view lags come back; one that is the same as the one before takes one bit', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(3), fc.nat(5000)), { minLength: 1, maxLength: limits.inputsPerPacket }), (lags) => {
        const out = new BitWriter(256);
        lags.forEach((lag, index) => {
          const before = out.bitLength;
          writeViewLag(out, lag, lags[index - 1]);
          if (lag === lags[index - 1]) expect(out.bitLength).toBe(before + 1);
        });
        const from = readerOf(out);
        const back: number[] = [];
        for (let index = 0; index < lags.length; index++) back.push(readViewLag(from, back.at(-1)));
        expect(back).toEqual(lags);
      }),
    );
  });

  it('[MS6] any bits are read without a throw, and what does not fail is what is written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.option(fc.nat(2000), { nil: undefined }), (bytes, newer) => {
        const snapshot = emptySnapshotHead();
        rewritten(
          bytes,
          (from) => readSnapshotHead(from, snapshot),
          (out) => writeSnapshotHead(out, snapshot),
        );
        const input = emptyInputHead();
        rewritten(
          bytes,
          (from) => readInputHead(from, input),
          (out) => writeInputHead(out, input),
        );
        const effect: EffectHead = { id: 0, event: 0, age: 0, originKey: -1, originNumber: 0 };
        rewritten(
          bytes,
          (from) => readEffectHead(from, effect),
          (out) => writeEffectHead(out, effect),
        );
        const lag = readViewLag(readerOf(bytes), newer);
        expect(Number.isInteger(lag) && lag >= 0 && lag < 2 ** 32).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

/** Reads; writes what was read; reads that; and expects to have read the same twice, from as many bits. */
function rewritten(bytes: Uint8Array, read: (from: BitReader) => void, write: (out: BitWriter) => void): void {
  const from = readerOf(bytes);
  read(from);
  if (from.failed) return;
  const taken = bytes.length * 8 - from.bitsLeft;
  const out = new BitWriter(128);
  write(out);
  // A number of variable length may have been sent longer than needed.
  expect(out.bitLength).toBeLessThanOrEqual(taken);
  const again = readerOf(out);
  read(again);
  expect(again.failed).toBe(false);
  const twice = new BitWriter(128);
  write(twice);
  expect([...twice.finish()]).toEqual([...out.finish()]);
}

function readerOf(from: BitWriter | Uint8Array): BitReader {
  const reader = new BitReader();
  reader.reset(from instanceof BitWriter ? from.finish().slice() : from);
  return reader;
}
