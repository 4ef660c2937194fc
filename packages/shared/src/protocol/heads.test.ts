import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitReader, BitWriter } from '../bits.ts';
import { limits } from '../limits.ts';
import type { Sequence } from '../sequence.ts';
import { emptyInputHead, readInputHead, readViewLag, writeInputHead, writeViewLag } from './input.ts';
import { emptyRecord, type Form, form, operation, type Record as RecordHead, readRecord, writeRecord } from './record.ts';
import { type EffectHead, emptySnapshotHead, readEffectHead, readSnapshotHead, writeEffectHead, writeSnapshotHead } from './snapshot.ts';

const bits16 = fc.integer({ min: 0, max: 65_535 }) as fc.Arbitrary<Sequence>;
const age = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1));

describe('Heads', () => {
  it('[MS3] the head of a snapshot packet comes back, ticks as their low 16 bits', () => {
    const acked = fc.record({
      ...{ sequence: bits16, tick: fc.nat(1_000_000), leads: fc.boolean(), ack: bits16, ackHoldMs: fc.nat(255), inputLead: fc.nat(63) },
      ...{ inputMargin: fc.integer({ min: -128, max: 127 }), inputsMissed: fc.nat(255) },
    });
    fc.assert(
      fc.property(acked, fc.boolean(), (head, hasAck) => {
        const wanted = hasAck ? head : { ...emptySnapshotHead(), sequence: head.sequence, tick: head.tick, leads: head.leads };
        const out = new BitWriter(64);
        writeSnapshotHead(out, wanted);
        expect(out.bitLength).toBe(hasAck ? 80 : 34);
        const back = { ...emptySnapshotHead(), ack: 5, inputLead: 9, inputsMissed: 3 };
        readSnapshotHead(readerOf(out), back);
        expect(back).toEqual({ ...wanted, tick: wanted.tick % 65_536 });
      }),
    );
  });

  it('[MS4] the head of an effect comes back', () => {
    fc.assert(
      fc.property(bits16, fc.nat(62), age, (id, event, ticks) => {
        const out = new BitWriter(64);
        writeEffectHead(out, { id, event, age: ticks });
        const back: EffectHead = { id: 0, event: 0, age: 0 };
        readEffectHead(readerOf(out), back);
        expect(back).toEqual({ id, event, age: ticks });
      }),
    );
  });

  it('[MS5] the head of a client packet comes back; without an ack or an input it is as short', () => {
    const whole = fc.record({
      ...{ sequence: bits16, ack: bits16, ackBits: fc.integer({ min: 0, max: 2 ** 32 - 1 }), ackHoldMs: fc.nat(255), resync: fc.nat(15) },
      ...{ count: fc.nat(limits.inputsPerPacket), newestTick: fc.nat(1_000_000) },
    });
    fc.assert(
      fc.property(whole, fc.boolean(), (head, hasAck) => {
        const wanted = hasAck ? head : { ...head, ack: -1, ackBits: 0, ackHoldMs: 0 };
        const out = new BitWriter(64);
        writeInputHead(out, wanted);
        expect(out.bitLength).toBe(26 + (hasAck ? 56 : 0) + (head.count > 0 ? 16 : 0));
        const back = { ...emptyInputHead(), ack: 5, newestTick: 77 };
        readInputHead(readerOf(out), back);
        expect(back).toEqual({ ...wanted, newestTick: head.count > 0 ? head.newestTick % 65_536 : 0 });
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

  it('[MS6] the records of a segment come back, their slots ascending from any slot to any other', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.nat(limits.worldSlots - 1), { maxLength: 12 }),
        fc.array(recordHead, { minLength: 12, maxLength: 12 }),
        fc.boolean(),
        (slots, heads, isPrivate) => {
          const records = slots.sort((a, b) => a - b).map((slot, index) => ({ ...(heads[index] as RecordHead), slot }));
          const out = new BitWriter(1024);
          let before = -1;
          for (const record of records) {
            writeRecord(out, record, before, isPrivate);
            before = record.slot;
          }
          const from = readerOf(out);
          before = -1;
          for (const record of records) {
            const back: RecordHead = { ...emptyRecord(), version: 7, type: 7, originKey: 7, baseAge: 7, restAge: 7 };
            readRecord(from, back, before, isPrivate);
            expect(whatCounts(back)).toEqual(whatCounts(isPrivate ? record : { ...record, form: form.seen }));
            before = back.slot;
          }
          expect(from.failed).toBe(false);
        },
      ),
    );
  });

  it('[MS6] records that do not ascend are an error of the writer', () => {
    const out = new BitWriter(64);
    for (const slot of [0, 4, 5]) expect(() => writeRecord(out, { ...emptyRecord(), slot }, 5, false)).toThrow(RangeError);
  });

  it('[MS7] any bits are read without a throw, and what does not fail is what is written', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), fc.integer({ min: -1, max: 2000 }), fc.boolean(), (bytes, before, isPrivate) => {
        const record = emptyRecord();
        rewritten(
          bytes,
          (from) => readRecord(from, record, before, isPrivate),
          (out) => writeRecord(out, record, before, isPrivate),
        );
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
        const effect: EffectHead = { id: 0, event: 0, age: 0 };
        rewritten(
          bytes,
          (from) => readEffectHead(from, effect),
          (out) => writeEffectHead(out, effect),
        );
        readViewLag(readerOf(bytes), before < 0 ? undefined : before);
      }),
      { numRuns: 1000 },
    );
  });

  it('[MS7] an operation that there is none of fails', () => {
    const out = new BitWriter(64);
    out.writeVar(0);
    out.write(3, 2);
    out.write(0, 32);
    const from = readerOf(out);
    readRecord(from, emptyRecord(), -1, false);
    expect(from.failed).toBe(true);
  });
});

const recordHead: fc.Arbitrary<RecordHead> = fc.record({
  ...{ slot: fc.constant(0), operation: fc.nat(2), version: bits16, type: fc.nat(63), form: fc.constantFrom<Form>(form.shared, form.owned) },
  ...{ originKey: fc.oneof(fc.constant(-1), fc.nat(65_535)), originAge: age, originNumber: fc.nat(99), baseAge: age, restAge: age },
});

/** The members that mean something for the operation. */
function whatCounts(record: RecordHead): Partial<RecordHead> {
  const { slot, operation: what, version, type, originKey, originAge, originNumber, baseAge, restAge } = record;
  if (what === operation.despawn) return { slot, operation: what, version };
  if (what === operation.delta) return { slot, operation: what, baseAge, restAge };
  const whole = { slot, operation: what, version, type, restAge, form: record.form };
  return record.form === form.owned && originKey >= 0 ? { ...whole, originKey, originAge, originNumber } : whole;
}

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
