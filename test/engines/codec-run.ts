// What every engine must do alike: the codec's writers and readers on schemas, rows, bases and ages drawn from a seed, folded into one hash.
//
// It runs in Node and in pages, so it knows no platform. Invariant: the hash depends on the seed and the number of cases only, in any engine that
// follows the standard: all bytes written and all values read are in it.
// Units: ticks for ages; words for rows.

import { Random } from '@tickwire/shared';
import {
  type Bases,
  BitReader,
  BitWriter,
  codecTable,
  hashWord,
  hashWords,
  Layout,
  type Precision,
  planOf,
  readChange,
  readWhole,
  SymbolDecoder,
  SymbolEncoder,
  Symbols,
  writeChange,
  writeWhole,
} from '@tickwire/shared/internal';
import { engineKinds } from './engine-kinds.ts';

export interface CodecRun {
  readonly hash: number;
  readonly cases: number;
  readonly bytes: number;
  /** What was read and was not what was written, at most ten of them. */
  readonly faults: string[];
}

interface Case {
  readonly layout: Layout;
  readonly precision: Precision;
  readonly owner: boolean;
  /** The two bases and the state itself, as the server has them, and the bases as the client does. */
  readonly older: Int32Array;
  readonly newer: Int32Array;
  readonly row: Int32Array;
  readonly restAge: number;
  readonly mine: Bases;
  readonly theirs: Bases;
}

const symbols = new Symbols(codecTable);
const encoder = new SymbolEncoder();
const decoder = new SymbolDecoder(codecTable);
const buffer = new Uint8Array(8192);
/** Read behind each case: whatever was taken too much or too little shows in it. */
const mark = 51;

export function runCodec(seed: number, cases: number): CodecRun {
  const run = { hash: seed | 0, cases, bytes: 0, faults: [] as string[] };
  for (let index = 0; index < cases; index++) {
    const fault = (what: string): void => {
      if (run.faults.length < 10) run.faults.push(`case ${index} of seed ${seed}: ${what}`);
    };
    try {
      const random = new Random(seed).fork(index);
      const one = drawCase(random);
      tryWhole(run, one, fault);
      tryChange(run, one, fault);
      tryGarbage(run, one, random, fault);
    } catch (error) {
      fault(`threw ${String(error)}`);
    }
  }
  return run;
}

function drawCase(random: Random): Case {
  const chosen = Array.from({ length: random.int(9) }, () => ({ ...random.pick(engineKinds), isOwners: random.chance(0.2) }));
  const fields = chosen.map(({ kind, isOwners }, index) => [`f${index}`, isOwners ? kind.owner() : kind] as const);
  const layout = new Layout('any', Object.fromEntries(fields));
  const values: unknown[] = [];
  const stored = (changes: number): Int32Array => {
    const row = new Int32Array(layout.words);
    for (const [index, { kind, at }] of layout.fields.entries()) {
      if (values.length <= index || random.chance(changes)) values[index] = chosen[index]?.value(random, values[index]);
      kind.store(values[index], row, at);
    }
    return row;
  };
  const [older, newer] = [stored(1), stored(0.6)];
  const precision = random.pick(['step', 'wire'] as const);
  const owner = random.chance(0.4);
  const newerAge = random.chance(0.1) ? 1 + random.int(1_000_000) : 1 + random.int(12);
  const span = random.chance(0.3) ? 0 : 1 + random.int(20);
  const interval = random.pick([1, 3, 6]);
  const rests = random.chance(0.1);
  const row = rests ? newer.slice() : stored(0.6);
  const restAge = rests ? newerAge + random.int(100) : random.chance(0.7) ? 0 : random.int(newerAge);
  const basesOf = (newerRow: Int32Array, olderRow: Int32Array): Bases => {
    return { newer: newerRow, newerAt: 0, older: olderRow, olderAt: span === 0 ? -1 : 0, newerAge, span, interval };
  };
  const had = (from: Int32Array): Int32Array => quantised(layout, from, precision, owner);
  return { layout, precision, owner, older, newer, row, restAge, mine: basesOf(newer, older), theirs: basesOf(had(newer), had(older)) };
}

function tryWhole(run: { hash: number; bytes: number }, { layout, precision, owner, row }: Case, fault: (what: string) => void): void {
  symbols.reset();
  writeWhole(symbols, layout, row, 0, precision, owner);
  if (!coded(run)) fault('a whole state did not fit');
  const read = new Int32Array(layout.words);
  readWhole(decoder, layout, read, 0, precision, owner);
  if (!wasAll()) fault('a whole state was read longer or shorter than it was written');
  if (!layout.same(read, 0, row, 0, precision, owner)) fault('a whole state came back as another');
  if (precision === 'step' && owner && !alike(read, row)) fault('a whole state is not word for word what it was');
  run.hash = foldRow(run.hash, layout, read);
}

function tryChange(run: { hash: number; bytes: number }, one: Case, fault: (what: string) => void): void {
  const { layout, precision, owner, row, restAge } = one;
  const plan = planOf(layout, precision, owner);
  symbols.reset();
  writeChange(symbols, plan, row, 0, one.mine, restAge);
  if (!coded(run)) fault('a change did not fit');
  const read = new Int32Array(layout.words);
  const told = readChange(decoder, plan, read, 0, one.theirs);
  if (!wasAll()) fault('a change was read longer or shorter than it was written');
  if (told !== restAge) fault(`a rest of ${restAge} ticks came back as ${told}`);
  if (!alike(read, quantised(layout, row, precision, owner))) fault('a change came back as another');
  run.hash = foldRow(run.hash, layout, read);
  const between = {};
  layout.blend(one.theirs.newer, 0, read, 0, 0.3, between);
  run.hash = foldValue(run.hash, between);
}

/** Any bytes are some state or a failure, and the same one in every engine. */
function tryGarbage(run: { hash: number }, one: Case, random: Random, fault: (what: string) => void): void {
  const { layout, precision, owner } = one;
  const length = random.int(60);
  for (let at = 0; at < length; at++) buffer[at] = random.int(256);
  for (const isWhole of [true, false]) {
    const read = new Int32Array(layout.words);
    decoder.reset(buffer, 0, length);
    if (isWhole) readWhole(decoder, layout, read, 0, precision, owner);
    else readChange(decoder, planOf(layout, precision, owner), read, 0, one.theirs);
    const values = {};
    layout.load(read, 0, values);
    const again = new Int32Array(layout.words);
    layout.store(values, again, 0);
    if (!alike(read, again)) fault(`any bytes became a ${isWhole ? 'whole state' : 'change'} that cannot be stored again`);
    run.hash = foldRow(hashWord(run.hash, decoder.failed ? 1 : 0), layout, read);
  }
}

/** Codes the symbols and the mark behind them, and has the decoder at their beginning. */
function coded(run: { hash: number; bytes: number }): boolean {
  symbols.writeVar(mark);
  encoder.begin(buffer, 0, buffer.length);
  encoder.put(symbols.list, 0, symbols.length);
  const length = encoder.finish();
  for (let at = 0; at < length; at++) run.hash = hashWord(run.hash, buffer[at] as number);
  run.bytes += Math.max(0, length);
  decoder.reset(buffer, 0, Math.max(0, length));
  return length >= 0;
}

function wasAll(): boolean {
  return decoder.readVar() === mark && !decoder.failed && decoder.done;
}

/** A row as a receiver has it, by way of the plain bits that know no model: what is written must come back as this. */
function quantised(layout: Layout, row: Int32Array, precision: Precision, owner: boolean): Int32Array {
  const writer = new BitWriter(8192);
  layout.write(writer, row, 0, precision, owner);
  const reader = new BitReader();
  reader.reset(writer.finish());
  const into = new Int32Array(layout.words);
  layout.read(reader, into, 0, precision, owner);
  return into;
}

function alike(a: Int32Array, b: Int32Array): boolean {
  return a.every((word, index) => word === b[index]);
}

function foldRow(hash: number, layout: Layout, row: Int32Array): number {
  const values = {};
  layout.load(row, 0, values);
  return foldValue(hashWords(hash, row, 0, row.length), values);
}

const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/** Every bit of a number and every letter of a text counts. */
function foldValue(hash: number, value: unknown): number {
  if (typeof value === 'number') {
    double[0] = value;
    return hashWords(hash, halves, 0, 2);
  }
  if (typeof value === 'string') {
    let folded = hashWord(hash, value.length);
    for (let at = 0; at < value.length; at++) folded = hashWord(folded, value.charCodeAt(at));
    return folded;
  }
  if (typeof value === 'object' && value !== null) {
    let folded = hash;
    for (const part of Object.values(value)) folded = foldValue(folded, part);
    return folded;
  }
  return hashWord(hash, value === null ? 2 : value === true ? 1 : 0);
}
