import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
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
import { SymbolDecoder, SymbolEncoder, Symbols } from './symbol-coder.ts';
import { codecTable } from './table.ts';

interface Named {
  readonly gap: number;
  readonly what: number;
  readonly newerAge: number;
  readonly span: number;
}

const gap = fc.oneof(fc.constantFrom(0, 0, 0, 1, 2, 3, 7, 8, 255, 256, 8191, 8192, 16_383), fc.nat(300));
const age = fc.oneof(fc.constantFrom(3, 3, 6), fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 2 ** 31 - 1 }));
const span = fc.oneof(fc.constantFrom(3, 3, 6, 0, 0), age);
const what = fc.constantFrom(operation.delta, operation.delta, operation.full, operation.despawn);
const named: fc.Arbitrary<Named> = fc.record({ gap, what, newerAge: age, span });

function emptyOpening(): Opening {
  const opening = { slot: 99, operation: 9, newerAge: 9, span: 9, spanBefore: 9, gapped: 1 };
  firstOpening(opening);
  return opening;
}

function emptyIdentity(): Identity {
  return { version: 0, type: 0, form: form.seen, originKey: 5, originAge: 0, originNumber: 0 };
}

function decoderOf(out: Symbols): SymbolDecoder {
  const bytes = new Uint8Array(out.length * 4 + 16);
  const encoder = new SymbolEncoder();
  encoder.begin(bytes, 0, bytes.length);
  encoder.put(out.list, 0, out.length);
  const decoder = new SymbolDecoder(codecTable);
  decoder.reset(bytes, 0, encoder.finish());
  return decoder;
}

describe('record openings', () => {
  it('[CD12] a list of openings comes back: slots with any gaps, operations, and for deltas their bases', () => {
    fc.assert(
      fc.property(fc.array(named, { maxLength: 60, size: 'max' }), (list) => {
        const out = new Symbols(codecTable);
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
        // The span is that of deltas only.
        expect([{ ...reading, span: 0 }, decoder.failed, decoder.done]).toEqual([{ ...writing, span: 0 }, false, true]);
      }),
      { numRuns: 200 },
    );
  });

  it('[CD43] a delta that names the bases of the one before, or the newer of them alone, takes one symbol besides its gap', () => {
    const out = new Symbols(codecTable);
    const opening = emptyOpening();
    const symbolsOf = (slot: number, newerAge: number, spanTold: number): number => {
      const before = out.length;
      writeOpening(out, opening, slot, operation.delta, newerAge, spanTold);
      return out.length - before;
    };
    expect(symbolsOf(5, 3, 0)).toBe(5); // itself, a gap's length and its other two bits, and two bases
    for (let slot = 6; slot < 20; slot++) expect(symbolsOf(slot, 3, 0)).toBe(1);
    expect(symbolsOf(20, 3, 6)).toBe(3);
    for (let slot = 21; slot < 100; slot++) expect(symbolsOf(slot, 3, slot % 2 === 0 ? 6 : 0)).toBe(1);
    // Neither a full state nor a despawn between them changes anything of that, nor does another newer base without an older one.
    writeOpening(out, opening, 100, operation.full, 0, 0);
    writeOpening(out, opening, 101, operation.despawn, 0, 0);
    expect([symbolsOf(102, 3, 6), symbolsOf(103, 9, 0), symbolsOf(104, 9, 6)]).toEqual([1, 3, 1]);
  });

  it('[CD14] any bytes are openings, identities and rests, and what cannot be fails', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), fc.integer({ min: 1, max: 64 }), fc.boolean(), (bytes, types, isPrivate) => {
        const decoder = new SymbolDecoder(codecTable);
        decoder.reset(bytes, 0, bytes.length);
        const opening = emptyOpening();
        const identity = emptyIdentity();
        for (let count = 0; count < 30; count++) {
          const before = opening.slot;
          readOpening(decoder, opening);
          expect(opening.slot).toBeGreaterThan(before);
          readIdentity(decoder, identity, types, isPrivate);
          if (!decoder.failed) expect([identity.version <= 0xffff, identity.type < types]).toEqual([true, true]);
          expect(readRest(decoder)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 200 },
    );
    for (const [version, type] of [
      [0x10000, 0],
      [1, 3],
    ] as const) {
      const out = new Symbols(codecTable);
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

  it('[CD15] an identity comes back: version, type, form, and to those who predict it where it was spawned', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(identity, fc.nat(63)), { maxLength: 10 }), (list) => {
        const out = new Symbols(codecTable);
        for (const [one, more] of list) writeIdentity(out, one, Math.min(64, one.type + 1 + more), one.form !== form.seen);
        out.writeVar(9);
        const decoder = decoderOf(out);
        const read = emptyIdentity();
        for (const [one, more] of list) {
          readIdentity(decoder, read, Math.min(64, one.type + 1 + more), one.form !== form.seen);
          expect([read.version, read.type, read.form]).toEqual([one.version, one.type, one.form]);
          const origin = one.form === form.seen ? -1 : one.originKey;
          expect(read.originKey).toBe(origin);
          if (origin >= 0) expect([read.originAge, read.originNumber]).toEqual([one.originAge, one.originNumber]);
        }
        expect([decoder.readVar(), decoder.failed]).toEqual([9, false]);
      }),
    );
  });

  it('[CD15] to others an identity is the same whatever its origin is', () => {
    const symbols = (seenAs: Form, originKey: number): number[] => {
      const out = new Symbols(codecTable);
      writeIdentity(out, { version: 3, type: 1, form: seenAs, originKey, originAge: originKey, originNumber: originKey }, 4, seenAs !== form.seen);
      return [...out.list.subarray(0, out.length)];
    };
    expect(symbols(form.seen, 77)).toEqual(symbols(form.seen, -1));
    for (const seenAs of [form.shared, form.owned]) expect(symbols(seenAs, 77)).not.toEqual(symbols(seenAs, -1));
  });

  it('[CD44] the rest of a whole state comes back; a state that changed just now takes one symbol', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.nat(20), fc.nat(2 ** 31 - 1)), { maxLength: 20 }), (rests) => {
        const out = new Symbols(codecTable);
        for (const rest of rests) writeRest(out, rest);
        const decoder = decoderOf(out);
        for (const rest of rests) expect(readRest(decoder)).toBe(rest);
        expect([decoder.failed, decoder.done]).toEqual([false, true]);
      }),
    );
    const out = new Symbols(codecTable);
    writeRest(out, 0);
    expect(out.length).toBe(1);
  });
});
