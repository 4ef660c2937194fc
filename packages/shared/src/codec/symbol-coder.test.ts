import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { f } from '../schema/fields.ts';
import { contextPlaces, frequencySum, makeSymbolTable, SymbolDecoder, SymbolEncoder, Symbols, type SymbolTable } from './symbol-coder.ts';

const FOREIGN = 0xa5;

/** Frequencies of a context's 2 to 31 symbols: any, and some as uneven as can be. */
const frequencies = fc
  .oneof(
    fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 2, maxLength: 31 }),
    fc.array(fc.constantFrom(1, 1, 1, 2, 4000), { minLength: 2, maxLength: 31 }),
    fc.constantFrom([1, 4095], [4095, 1], [2048, 2048]),
  )
  .map(toSum);
const contexts = fc.array(frequencies, { minLength: 1, maxLength: 5 });

type Asked = { readonly context: number; readonly symbol: number } | { readonly value: number; readonly bits: number } | { readonly whole: number };
const whole = fc.oneof(fc.nat(40), fc.nat(2 ** 31 - 1), fc.constantFrom(0, 15, 16, 2 ** 31, 2 ** 32 - 1));
const raw = fc.tuple(whole, fc.nat(32)).map(([number, bits]) => ({ value: bits === 32 ? number : number % 2 ** bits, bits }));
const many = { maxLength: 400, size: 'max' } as const;

/** A table with a list of what is put in. */
const lists = contexts.chain((all) => {
  const symbol = fc.nat(all.length - 1).chain((context) => fc.nat((all[context] as number[]).length - 1).map((one) => ({ context, symbol: one })));
  const asked = fc.oneof(
    { weight: 5, arbitrary: symbol as fc.Arbitrary<Asked> },
    raw,
    whole.map((number) => ({ whole: number })),
  );
  return fc.array(asked, many).map((list) => ({ all, list }));
});

function toSum(given: readonly number[]): number[] {
  const sum = given.reduce((total, one) => total + one, 0);
  const scaled = given.map((one) => Math.max(1, Math.floor((one * (frequencySum - given.length)) / sum)));
  const left = frequencySum - scaled.reduce((total, one) => total + one, 0);
  const largest = scaled.indexOf(Math.max(...scaled));
  return scaled.with(largest, (scaled[largest] as number) + left);
}

function tableOf(all: readonly (readonly number[])[]): SymbolTable {
  return makeSymbolTable(all.flatMap((one) => [...one, 0]));
}

function listed(table: SymbolTable, list: readonly Asked[]): Symbols {
  const symbols = new Symbols(table);
  for (const one of list) {
    if ('context' in one) symbols.symbol(one.context * contextPlaces, one.symbol);
    else if ('bits' in one) symbols.write(one.value, one.bits);
    else symbols.writeVar(one.whole);
  }
  return symbols;
}

function coded({ list, length }: Symbols): Uint8Array {
  const out = new Uint8Array(length * 4 + 16);
  const encoder = new SymbolEncoder();
  encoder.begin(out, 0, out.length);
  encoder.put(list, 0, length);
  return out.slice(0, encoder.finish());
}

function decoderOf(table: SymbolTable, bytes: Uint8Array): SymbolDecoder {
  const decoder = new SymbolDecoder(table);
  decoder.reset(bytes, 0, bytes.length);
  return decoder;
}

function ask(decoder: SymbolDecoder, one: Asked): number {
  if ('context' in one) return decoder.symbol(one.context * contextPlaces);
  return 'bits' in one ? decoder.read(one.bits) : decoder.readVar();
}

function wanted(one: Asked): number {
  return 'context' in one ? one.symbol : 'bits' in one ? one.value : one.whole;
}

describe('the symbol coder', () => {
  it('[CD36] every list of symbols and numbers comes back, whatever the table is; then the decoder is done', () => {
    let longest = 0;
    fc.assert(
      fc.property(lists, ({ all, list }) => {
        const table = tableOf(all);
        const symbols = listed(table, list);
        longest = Math.max(longest, symbols.length);
        const decoder = decoderOf(table, coded(symbols));
        for (const [index, one] of list.entries()) if (ask(decoder, one) !== wanted(one)) throw new Error(`${index} of ${list.length} is wrong`);
        expect([decoder.done, decoder.failed]).toEqual([true, false]);
      }),
      { numRuns: 200 },
    );
    expect(longest).toBeGreaterThan(500);
  });

  it('[CD36] of bytes in which one is changed, missing or too many, a decoder is hardly ever done', () => {
    const table = tableOf([[1000, 2000, 1096]]);
    let done = 0;
    let tried = 0;
    for (let seed = 1; seed <= 60; seed++) {
      const list = Array.from({ length: 60 }, (_, index) => ({ context: 0, symbol: (Math.imul(seed * 77 + index, 0x9e3779b1) >>> 9) % 3 }));
      const bytes = coded(listed(table, list));
      const others = [
        bytes.subarray(0, -1),
        Uint8Array.from([...bytes, 1]),
        bytes.with(seed % bytes.length, (bytes[seed % bytes.length] as number) ^ 0x10),
      ];
      for (const other of others) {
        const decoder = decoderOf(table, other);
        for (const one of list) ask(decoder, one);
        tried++;
        if (decoder.done) done++;
      }
    }
    expect(tried).toBe(180);
    expect(done).toBeLessThan(4);
  });

  it('[CD37] the bytes are what the frequencies cost, and 20 bits more at most', () => {
    fc.assert(
      fc.property(lists, ({ all, list }) => {
        const symbols = listed(tableOf(all), list);
        let bits = 0;
        for (const one of symbols.list.subarray(0, symbols.length)) bits += 12 - Math.log2((one & 4095) + 1);
        // A state of 23 bits or more leaves 11 behind a division by 4096. The last symbol may cost 12 bits, and the last byte is filled.
        expect(coded(symbols).length * 8).toBeLessThanOrEqual(bits + symbols.length * 0.0008 + 20);
      }),
      { numRuns: 200 },
    );
  });

  it('[CD38] the encoder gives -1 when the bytes do not fit, else the same bytes wherever they begin, and touches nothing around its room', () => {
    fc.assert(
      fc.property(lists, fc.nat(5), ({ all, list }, at) => {
        const symbols = listed(tableOf(all), list);
        const bytes = coded(symbols);
        const encoder = new SymbolEncoder();
        for (const room of [0, 1, bytes.length - 3, bytes.length - 1, bytes.length, bytes.length + 1, bytes.length + 9].filter((one) => one >= 0)) {
          const out = new Uint8Array(at + room + 3).fill(FOREIGN);
          encoder.begin(out, at, at + room);
          encoder.put(symbols.list, 0, symbols.length);
          const length = encoder.finish();
          expect([...out.subarray(0, at), ...out.subarray(at + room)]).toEqual(Array(at + 3).fill(FOREIGN));
          expect(length).toBe(room < bytes.length ? -1 : bytes.length);
          if (length >= 0) expect(Buffer.from(out.subarray(at, at + length))).toEqual(Buffer.from(bytes));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('[CD48] a list that is put in by parts, the last part first, gives the bytes of the whole', () => {
    fc.assert(
      fc.property(lists, fc.nat(500), fc.nat(500), ({ all, list }, a, b) => {
        const symbols = listed(tableOf(all), list);
        const [first, second] = [Math.min(a, b, symbols.length), Math.min(Math.max(a, b), symbols.length)];
        const out = new Uint8Array(symbols.length * 4 + 16);
        const encoder = new SymbolEncoder();
        encoder.begin(out, 0, out.length);
        encoder.put(symbols.list, second, symbols.length);
        encoder.put(symbols.list, first, second);
        encoder.put(symbols.list, 0, first);
        expect(Buffer.from(out.subarray(0, encoder.finish()))).toEqual(Buffer.from(coded(symbols)));
      }),
    );
  });

  it('[CD4] any bytes are decoded without a throw, and bytes outside of the part that was given have no say', () => {
    const asked = fc.array(fc.oneof(fc.nat(4), fc.constant('var' as const), fc.constant('raw' as const)), { maxLength: 300, size: 'max' });
    fc.assert(
      fc.property(
        fc.array(frequencies, { minLength: 5, maxLength: 5 }),
        fc.uint8Array({ maxLength: 40 }),
        asked,
        fc.nat(9),
        (all, bytes, list, at) => {
          const table = tableOf(all);
          const alone = decoderOf(table, bytes);
          const amid = new SymbolDecoder(table);
          amid.reset(Uint8Array.from([...Array(at).fill(FOREIGN), ...bytes, ...Array(99).fill(FOREIGN)]), at, at + bytes.length);
          for (const one of list) {
            const read = (from: SymbolDecoder): number =>
              one === 'var' ? from.readVar() : one === 'raw' ? from.read(32) : from.symbol(one * contextPlaces);
            const value = read(alone);
            if (typeof one === 'number') expect(value).toBeLessThan((all[one] as number[]).length);
            expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32).toBe(true);
            expect([read(amid), amid.failed, amid.done]).toEqual([value, alone.failed, alone.done]);
          }
        },
      ),
    );
  });

  it('[CD6] long runs of zeros at the end are read back in full, and a text in them is not taken for one that is cut off', () => {
    const table = tableOf([[2048, 2048]]);
    for (const zeros of [1, 50, 64, 500, 1000]) {
      const kind = f.bytes(1000);
      const row = new Int32Array(kind.words);
      kind.store(new Uint8Array(zeros), row, 0);
      const symbols = new Symbols(table);
      kind.write(symbols, row, 0, 'step');
      const bytes = coded(symbols);
      expect(bytes.length).toBeLessThanOrEqual(2);
      const decoder = decoderOf(table, bytes);
      const back = new Int32Array(kind.words).fill(7);
      kind.read(decoder, back, 0, 'step');
      expect([back, decoder.failed, decoder.done]).toEqual([row, false, true]);
    }
    // And it goes on for ever, with the first symbol of every context.
    const empty = decoderOf(table, new Uint8Array(0));
    for (let time = 0; time < 1000; time++) expect([empty.symbol(0), empty.read(20), empty.readVar(), empty.done]).toEqual([0, 0, 0, true]);
  });

  it('[CD39] a number of a width costs its bits, in parts of 12; one of variable length that has no end fails', () => {
    const table = tableOf([[2048, 2048]]);
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 200, size: 'max' }), (values) => {
        const symbols = listed(table, values);
        expect(symbols.length).toBe(values.reduce((sum, { bits }) => sum + Math.ceil(bits / 12), 0));
        expect(coded(symbols).length).toBeLessThanOrEqual(Math.ceil(values.reduce((sum, { bits }) => sum + bits, 0) / 8) + 2);
      }),
    );
    const symbols = new Symbols(table);
    for (let group = 0; group < 8; group++) symbols.write(31, 5);
    const decoder = decoderOf(table, coded(symbols));
    expect([decoder.readVar(), decoder.failed]).toEqual([0, true]);
    decoder.reset(new Uint8Array(0), 0, 0);
    expect(decoder.failed).toBe(false);
  });

  it('[CD39] numbers that the platform codes apart with big integers are the same bytes', () => {
    // The encoder of the document, exactly: x grows by each number, backwards, and gives away its low bytes.
    const exact = (values: readonly { value: number; bits: number }[]): number[] => {
      const parts = values.flatMap(({ value, bits }) =>
        Array.from({ length: Math.ceil(bits / 12) }, (_, part) => {
          const width = Math.min(12, bits - 12 * part);
          return { symbol: Math.floor(value / 2 ** (12 * part)) % 2 ** width, width };
        }),
      );
      const bytes: number[] = [];
      let x = 0n;
      for (const { symbol, width } of parts.reverse()) {
        const frequency = 1n << BigInt(12 - width);
        for (; x >= frequency << 19n; x >>= 8n) bytes.unshift(Number(x & 255n));
        x = ((x / frequency) << 12n) + (x % frequency) + BigInt(symbol) * frequency;
      }
      for (; x > 0n; x >>= 8n) bytes.unshift(Number(x & 255n));
      return bytes;
    };
    const table = tableOf([[2048, 2048]]);
    fc.assert(
      fc.property(fc.array(raw, { maxLength: 60 }), (values) => {
        expect([...coded(listed(table, values))]).toEqual(exact(values));
      }),
    );
  });
});
