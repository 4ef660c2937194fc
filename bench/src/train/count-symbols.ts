// Counts the symbols that readers take while `run` runs: what a table is trained from.
//
// Invariant: counting changes nothing of what is read. Counts are kept by place: a context's number and the symbol.

import { contextPlaces, SymbolDecoder } from '@tickwire/shared/internal';

export class SymbolCounts {
  readonly counts: Float64Array = new Float64Array(contextPlaces);

  /** Runs something that reads snapshots, and counts its symbols, each as `weight`. */
  during(weight: number, run: () => void): void {
    const { symbol } = SymbolDecoder.prototype;
    const { counts } = this;
    SymbolDecoder.prototype.symbol = function counted(this: SymbolDecoder, context: number): number {
      const answer = symbol.call(this, context);
      counts[context + answer] = (counts[context + answer] as number) + weight;
      return answer;
    };
    try {
      run();
    } finally {
      SymbolDecoder.prototype.symbol = symbol;
    }
  }
}
