// Percentiles of a run's samples.
//
// Invariant: the result is one of the samples (the nearest rank, no interpolation), NaN when there are none.

/** @param sorted ascending. @param percent 0 to 100. */
export function percentile(sorted: ArrayLike<number>, percent: number): number {
  if (sorted.length === 0) return Number.NaN;
  const rank = Math.ceil((percent / 100) * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] as number;
}
