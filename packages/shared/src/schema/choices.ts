// Kinds that choose: bool, enumOf, flags, and for inputs button (a level) and press (a counted edge); teleport, a counted edge of entities.
//
// Invariant: each is one word of at least 0.

import { bitsFor, type Kind, makeKind, wrongValue } from './kind.ts';
import { headBytes, textBytesMax } from './packed-size.ts';
import { encodeUtf8 } from './utf8.ts';

/** True or false. */
export function bool(): Kind<boolean> {
  return truth('bool');
}

/** An input that is held or not, such as a key. When an input is lost, the server repeats its level. */
export function button(): Kind<boolean> {
  return truth('button');
}

/** How often a press or a teleport may come before its count of 4 bits wraps: two inputs, or two states, that follow each other are never so many apart. */
const countCycle = 16;

/**
 * An input that happens, such as a shot: true (or how many times) in the tick it happens. It travels as a count that wraps at 16, so a lost
 * packet loses no press and a repeated one doubles none (law 14). `step` sees the number of presses since its last input.
 */
export function press(): Kind<number> & { readonly isPress: true } {
  return { ...wrappingCount('press', (value) => (typeof value === 'boolean' ? Number(value) : value)), isPress: true };
}

/** Presses that happened from count `before` to count `after`. */
export function pressesBetween(before: number, after: number): number {
  return (after - before + countCycle) % countCycle;
}

/**
 * How often an entity has jumped: add 1 where its `step` or the room puts it somewhere else, and nothing is drawn sliding from the one place to the other.
 * A count of 4 bits that wraps (law 14): it survives loss, and so does the jump.
 */
export function teleport(): Kind<number> {
  return wrappingCount('teleport', (value) => value);
}

/** A count of 4 bits. @param counted what a game wrote, as a number where it may be something else. */
function wrappingCount(text: string, counted: (value: unknown) => unknown): Kind<number> {
  return makeKind<number>({
    text,
    words: 1,
    bitsMax: () => 4,
    packedBytesMax: 1,
    initial: () => 0,
    store(value, row, at) {
      const count = counted(value);
      if (typeof count !== 'number' || !(count >= 0 && count < 2 ** 31)) throw wrongValue(text, value);
      row[at] = count % countCycle;
    },
    load: (row, at) => row[at] as number,
    write: (out, row, at) => out.write(row[at] as number, 4),
    read(from, row, at) {
      row[at] = from.read(4);
    },
  });
}

/** One of the given names. The first is the initial one. */
export function enumOf<const Names extends readonly [string, ...string[]]>(...names: Names): Kind<Names[number]> {
  if (new Set(names).size !== names.length) throw new RangeError(`enumOf: a name stands twice in ${names.join(', ')}`);
  const text = `enum ${listed(names)}`;
  const bits = bitsFor(names.length - 1);
  return makeKind<Names[number]>({
    text,
    words: 1,
    bitsMax: () => bits,
    packedBytesMax: Math.max(...names.map(nameBytes)),
    initial: () => names[0],
    store(value, row, at) {
      const index = names.indexOf(value);
      if (index < 0) throw wrongValue(text, value);
      row[at] = index;
    },
    load: (row, at) => names[row[at] as number] as Names[number],
    write: (out, row, at) => out.write(row[at] as number, bits),
    read(from, row, at) {
      const index = from.read(bits);
      if (index >= names.length) from.failed = true;
      row[at] = index < names.length ? index : 0;
    },
  });
}

/** Up to 31 named booleans in one field: `{ shielded: true, burning: false }`. */
export function flags<const Names extends readonly [string, ...string[]]>(...names: Names): Kind<{ [Name in Names[number]]: boolean }> {
  type Flags = { [Name in Names[number]]: boolean };
  if (names.length > 31) throw new RangeError('flags: at most 31 names');
  if (new Set(names).size !== names.length) throw new RangeError(`flags: a name stands twice in ${names.join(', ')}`);
  const inherited = names.find((name) => name in {});
  if (inherited !== undefined) throw new RangeError(`flags: the name '${inherited}' is reserved`);
  const text = `flags ${listed(names)}`;
  const load = (row: Int32Array, at: number, into?: Flags): Flags => {
    const value = into ?? ({} as Flags);
    for (let bit = 0; bit < names.length; bit++) value[names[bit] as Names[number]] = (((row[at] as number) >>> bit) & 1) === 1;
    return value;
  };
  return makeKind<Flags>({
    text,
    words: 1,
    bitsMax: () => names.length,
    packedBytesMax: headBytes(names.length) + names.reduce((sum, name) => sum + nameBytes(name) + 1, 0),
    initial: () => load(new Int32Array(1), 0),
    store(value, row, at) {
      if (typeof value !== 'object' || value === null) throw wrongValue(text, value);
      let word = 0;
      for (let bit = 0; bit < names.length; bit++) if (value[names[bit] as Names[number]]) word |= 1 << bit;
      row[at] = word;
    },
    load,
    write: (out, row, at) => out.write(row[at] as number, names.length),
    read(from, row, at) {
      row[at] = from.read(names.length);
    },
  });
}

/** Names as a kind's text has them: no two lists of names, and no list and another kind, read alike. */
function listed(names: readonly string[]): string {
  return names.map((name) => (/^[A-Za-z0-9_-]+$/.test(name) ? name : JSON.stringify(name))).join('|');
}

/** A name as it stands in an event. */
function nameBytes(name: string): number {
  return textBytesMax(encodeUtf8(name, new Uint8Array(3 * name.length)));
}

function truth(text: string): Kind<boolean> {
  return makeKind<boolean>({
    text,
    words: 1,
    bitsMax: () => 1,
    packedBytesMax: 1,
    initial: () => false,
    store(value, row, at) {
      if (typeof value !== 'boolean') throw wrongValue(text, value);
      row[at] = value ? 1 : 0;
    },
    load: (row, at) => row[at] === 1,
    write: (out, row, at) => out.write(row[at] as number, 1),
    read(from, row, at) {
      row[at] = from.read(1);
    },
  });
}
