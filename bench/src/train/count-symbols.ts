// Counts the symbols that writers make while `run` runs: what a table is trained from.
//
// Invariant: counting changes nothing of what is written. Counts are kept by place: a context's number and the symbol.

import { contextCount, contextPlaces, Symbols } from '@tickwire/shared/internal';

export class SymbolCounts {
  readonly counts: Float64Array = new Float64Array(contextCount * contextPlaces);

  /** Runs something that writes snapshots, and counts its symbols. */
  during(run: () => void): void {
    const { symbol } = Symbols.prototype;
    const { counts } = this;
    Symbols.prototype.symbol = function counted(this: Symbols, context: number, said: number): void {
      counts[context + said] = (counts[context + said] as number) + 1;
      symbol.call(this, context, said);
    };
    try {
      run();
    } finally {
      Symbols.prototype.symbol = symbol;
    }
  }
}
