import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Decisions, encodeDecisions, RangeDecoder } from './range-coder.ts';
import {
  type Form,
  firstOpening,
  form,
  type Identity,
  type Opening,
  operation,
  readIdentity,
  readOpening,
  readRest,
  writeIdentity,
  writeOpening,
  writeRest,
} from './record-model.ts';
import { codecTable } from './table.ts';

interface Named {
  readonly gap: number;
  readonly what: number;
  readonly newerAge: number;
  readonly span: number;
}

const gap = fc.oneof(fc.constantFrom(0, 0, 0, 1, 2, 3, 7, 8, 255, 256, 16_382, 32_767, 32_768, 65_535), fc.nat(300));
const age = fc.oneof(fc.constantFrom(3, 3, 6), fc.nat(70), fc.nat(2 ** 31 - 1));
const what = fc.constantFrom(operation.delta, operation.delta, operation.full, operation.despawn);
const named: fc.Arbitrary<Named> = fc.record({ gap, what, newerAge: age, span: age });

function emptyOpening(): Opening {
  const opening = { slot: 99, operation: 9, newerAge: 9, span: 9, gapped: 1 };
  firstOpening(opening);
  return opening;
}

function emptyIdentity(): Identity {
  return { version: 0, type: 0, form: form.seen, originKey: 5, originAge: 0, originNumber: 0 };
}

function decoderOf(out: Decisions): RangeDecoder {
  const bytes = new Uint8Array(out.length * 2 + 16);
  const decoder = new RangeDecoder(codecTable);
  decoder.reset(bytes, 0, encodeDecisions(codecTable, out.list, 0, out.length, bytes, 0, bytes.length));
  return decoder;
}

describe('record openings', () => {
  it('[CD12] a list of openings comes back: slots with any gaps, operations, and for deltas their bases', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 60, size: 'max' }), (list) => {
        const out = new Decisions();
        const writing = emptyOpening();
        let slot = -1;
        const slots = list.map((one) => {
          slot += one.gap + 1;
          return slot;
        });
        for (const [index, one] of list.entries()) {
          writeOpening(out, writing, slots[index] as number, one.what, one.newerAge, one.span);
          out.writeVar(index);
        }
        const decoder = decoderOf(out);
        const reading = emptyOpening();
        for (const [index, one] of list.entries()) {
          readOpening(decoder, reading);
          expect([reading.slot, reading.operation, decoder.readVar()]).toEqual([slots[index], one.what, index]);
          if (one.what === operation.delta) expect([reading.newerAge, reading.span]).toEqual([one.newerAge, one.span]);
        }
        expect([reading, decoder.failed]).toEqual([writing, false]);
      }),
      { numRuns: 200 },
    );
  });

  it('[CD13] deltas that follow each other without a gap and name the same bases take three decisions each', () => {
    const out = new Decisions();
    const opening = emptyOpening();
    writeOpening(out, opening, 5, operation.delta, 3, 3);
    writeOpening(out, opening, 6, operation.delta, 3, 3);
    const first = out.length;
    for (let slot = 7; slot < 107; slot++) writeOpening(out, opening, slot, operation.delta, 3, 3);
    expect(out.length - first).toBe(300);
    // A full state or a despawn between them changes nothing of that.
    writeOpening(out, opening, 107, operation.full, 0, 0);
    const second = out.length;
    writeOpening(out, opening, 108, operation.delta, 3, 3);
    expect(out.length - second).toBe(3);
  });

  it('[CD14] any bytes are openings, identities and rests, and what cannot be fails', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 64 }), fc.boolean(), (bytes, types, isPrivate) => {
        const decoder = new RangeDecoder(codecTable);
        decoder.reset(bytes, 0, bytes.length);
        const opening = emptyOpening();
        const identity = emptyIdentity();
        for (let count = 0; count < 30; count++) {
          const before = opening.slot;
          readOpening(decoder, opening);
          expect(opening.slot).toBeGreaterThan(before);
          readIdentity(decoder, identity, types, isPrivate);
          if (!decoder.failed) expect([identity.version <= 0xffff, identity.type < types]).toEqual([true, true]);
          expect(readRest(decoder, count % 2)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
    for (const [version, type] of [
      [0x10000, 0],
      [1, 3],
    ] as const) {
      const out = new Decisions();
      out.writeVar(version);
      out.write(type, 2);
      const decoder = decoderOf(out);
      readIdentity(decoder, emptyIdentity(), 3, false);
      expect(decoder.failed).toBe(true);
    }
  });
});

describe('identity and rest', () => {
  const identity: fc.Arbitrary<Identity> = fc.record({
    version: fc.nat(0xffff),
    type: fc.nat(63),
    form: fc.constantFrom<Form>(form.seen, form.shared, form.owned),
    originKey: fc.oneof(fc.constant(-1), fc.nat(0xffff)),
    originAge: fc.nat(2 ** 31 - 1),
    originNumber: fc.nat(1000),
  });

  it('[CD15] an identity comes back: version, type, form, and to the owner alone where it was spawned', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(identity, fc.nat(63)), { maxLength: 10 }), (list) => {
        const out = new Decisions();
        for (const [one, more] of list) writeIdentity(out, one, Math.min(64, one.type + 1 + more), one.form !== form.seen);
        out.writeVar(9);
        const decoder = decoderOf(out);
        const read = emptyIdentity();
        for (const [one, more] of list) {
          readIdentity(decoder, read, Math.min(64, one.type + 1 + more), one.form !== form.seen);
          expect([read.version, read.type, read.form]).toEqual([one.version, one.type, one.form]);
          const origin = one.form === form.owned ? one.originKey : -1;
          expect(read.originKey).toBe(origin);
          if (origin >= 0) expect([read.originAge, read.originNumber]).toEqual([one.originAge, one.originNumber]);
        }
        expect([decoder.readVar(), decoder.failed]).toEqual([9, false]);
      }),
    );
  });

  it('[CD15] to others an identity is the same whatever its origin is', () => {
    const decisions = (seenAs: Form, originKey: number): number[] => {
      const out = new Decisions();
      writeIdentity(out, { version: 3, type: 1, form: seenAs, originKey, originAge: originKey, originNumber: originKey }, 4, seenAs !== form.seen);
      return [...out.list.subarray(0, out.length)];
    };
    for (const seenAs of [form.seen, form.shared]) expect(decisions(seenAs, 77)).toEqual(decisions(seenAs, -1));
    expect(decisions(form.owned, 77)).not.toEqual(decisions(form.owned, -1));
  });

  it('[CD16] a rest comes back; a state that changed just now takes one decision', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1)), fc.nat(1)), { maxLength: 20 }), (rests) => {
        const out = new Decisions();
        for (const [rest, still] of rests) writeRest(out, rest, still);
        const decoder = decoderOf(out);
        for (const [rest, still] of rests) expect(readRest(decoder, still)).toBe(rest);
        expect(decoder.failed).toBe(false);
      }),
    );
    const out = new Decisions();
    writeRest(out, 0, 0);
    expect(out.length).toBe(1);
  });
});
