// Codes a list of records: a count, then each record's opening and body, then what a caller adds behind them.
//
// Openings depend on the record before and are written for each list; bodies are the tick's, shared by all lists (law 10). The coder takes symbols from the
// last to the first, so the openings are kept, with where each ends, until the list is complete. Invariant: a list names its records in ascending order.
// Reused arrays only. Units: bytes; ticks.

import {
  codecTable,
  emptyOpening,
  firstOpening,
  type Opening,
  operation,
  SymbolEncoder,
  Symbols,
  slotBits,
  writeOpening,
} from '@tickwire/shared/internal';
import { isNamedDespawn } from './due-list.ts';
import type { TickTable } from './tick-table.ts';

// The engine looks up what a module imports or exports at every use, and compiles in what is the module's own.
const { delta, full, despawn } = operation;

export class RecordList {
  /** Counts and openings, and behind the last record whatever the caller writes. */
  readonly symbols: Symbols = new Symbols(codecTable);
  readonly #table: TickTable;
  readonly #encoder = new SymbolEncoder();
  readonly #opening: Opening = emptyOpening();
  #ends = new Int32Array(64);

  constructor(table: TickTable) {
    this.#table = table;
  }

  /**
   * Writes the openings of `count` records, from `first` on. @param numbers by which the receiver knows the entities. @param slots theirs; where they are
   * not the numbers, a whole state says its slot.
   */
  open(numbers: Int32Array, slots: Int32Array, bodies: Int32Array, first: number, count: number, tick: number): void {
    const { symbols } = this;
    const table = this.#table;
    const opening = this.#opening;
    if (this.#ends.length < count) this.#ends = new Int32Array(count * 2);
    const ends = this.#ends;
    symbols.reset();
    symbols.writeVar(count);
    firstOpening(opening);
    for (let index = 0; index < count; index++) {
      const body = bodies[first + index] as number;
      const number = numbers[first + index] as number;
      if (body < 0) {
        writeOpening(symbols, opening, number, despawn, 0, 0);
        if (numbers !== slots) {
          const isNamed = isNamedDespawn(body);
          symbols.write(isNamed ? 0 : 1, 1);
          if (!isNamed) symbols.write(slots[first + index] as number, slotBits);
        }
      } else {
        const newer = table.newerTick(body);
        const older = table.olderTick(body);
        if (newer >= 0) writeOpening(symbols, opening, number, delta, tick - newer, older < 0 ? 0 : newer - older);
        else writeOpening(symbols, opening, number, full, 0, 0);
        if (newer < 0 && numbers !== slots) symbols.write(slots[first + index] as number, slotBits);
      }
      ends[index] = symbols.length;
    }
  }

  /** Codes the records that were opened. @returns the length of the bytes in `into` from `at` on, -1 when they do not fit `bytesMax`. */
  encode(bodies: Int32Array, first: number, count: number, into: Uint8Array, at: number, bytesMax: number): number {
    const encoder = this.#encoder;
    const table = this.#table;
    const ends = this.#ends;
    const { list, length } = this.symbols;
    encoder.begin(into, at, at + bytesMax);
    let end = length;
    for (let index = count - 1; index >= 0; index--) {
      const opened = ends[index] as number;
      encoder.put(list, opened, end);
      const body = bodies[first + index] as number;
      if (body >= 0) table.put(body, encoder);
      end = opened;
    }
    encoder.put(list, 0, end);
    return encoder.finish();
  }
}
