// A whole state as symbols: for an entity of which the receiver has no base. A field that has its initial value says only that.
//
// Invariant: readWhole gives the row that writeWhole was given, at its precision; fields that only the owner gets have their initial value for others.

import type { Precision } from '../schema/kind.ts';
import type { Layout } from '../schema/layout.ts';
import { context } from './contexts.ts';
import type { SymbolDecoder, Symbols } from './symbol-coder.ts';

export function writeWhole(out: Symbols, layout: Layout, row: Int32Array, at: number, precision: Precision, owner: boolean): void {
  const { fields, initialRow: initial } = layout;
  for (const { kind, at: field } of fields) {
    if (kind.ownerOnly && !owner) continue;
    const same = kind.same(row, at + field, initial, field, precision);
    out.symbol(context.notInitial, same ? 0 : 1);
    if (!same) kind.write(out, row, at + field, precision);
  }
}

export function readWhole(from: SymbolDecoder, layout: Layout, row: Int32Array, at: number, precision: Precision, owner: boolean): void {
  const { fields, initialRow: initial } = layout;
  for (const { kind, at: field } of fields) {
    if ((owner || !kind.ownerOnly) && from.symbol(context.notInitial) === 1) kind.read(from, row, at + field, precision);
    else for (let word = 0; word < kind.words; word++) row[at + field + word] = initial[field + word] as number;
  }
}
