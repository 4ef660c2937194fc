// The trend of a series of measurements: how fast it grows, and between which bounds that is certain.
//
// The slope is the median of the slopes of all pairs (Theil and Sen), so a third of the points may be anything. The bounds are Kendall's 95 % interval
// for points that do not depend on each other; where they do, as memory does, the interval is too narrow: hold the lower bound to more than 0.
// Invariant: the order of the points does not matter. Units: those of the points, y for each unit of x.

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Trend {
  readonly slope: number;
  /** It grows by at least so much: with 97.5 % certainty. */
  readonly low: number;
  readonly high: number;
}

/** Of a normal distribution, for 95 % between both bounds. */
const deviations = 1.96;

/** NaN of fewer than three points. */
export function trendOf(points: readonly Point[]): Trend {
  if (points.length < 3) return { slope: Number.NaN, low: Number.NaN, high: Number.NaN };
  const slopes: number[] = [];
  for (const [index, { x, y }] of points.entries())
    for (const other of points.slice(index + 1)) if (other.x !== x) slopes.push((other.y - y) / (other.x - x));
  slopes.sort((a, b) => a - b);
  const count = points.length;
  const spread = deviations * Math.sqrt((count * (count - 1) * (2 * count + 5)) / 18);
  const at = (rank: number): number => slopes[Math.min(slopes.length - 1, Math.max(0, Math.round(rank)))] as number;
  const middle = (slopes.length - 1) / 2;
  return {
    slope: (at(Math.floor(middle)) + at(Math.ceil(middle))) / 2,
    low: at(middle - spread / 2),
    high: at(middle + spread / 2),
  };
}
