// Counts the answers to every decision that readers take while `run` runs: what a table is trained from.
//
// Invariant: counting changes nothing of what is read. Counts are kept per context: how often 0, how often 1.

import { contextCount, RangeDecoder } from '@tickwire/shared/internal';

export class DecisionCounts {
  readonly zeros: Float64Array = new Float64Array(contextCount);
  readonly ones: Float64Array = new Float64Array(contextCount);

  /** Runs something that reads snapshots, and counts its decisions, each as `weight`. */
  during(weight: number, run: () => void): void {
    const { bit } = RangeDecoder.prototype;
    const { zeros, ones } = this;
    RangeDecoder.prototype.bit = function counted(this: RangeDecoder, context: number): number {
      const answer = bit.call(this, context);
      const counts = answer === 0 ? zeros : ones;
      counts[context] = (counts[context] as number) + weight;
      return answer;
    };
    try {
      run();
    } finally {
      RangeDecoder.prototype.bit = bit;
    }
  }
}
