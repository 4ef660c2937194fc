// How many bytes a value takes in msgpack at most: what the size of an event is bounded by.
//
// Invariant: every kind has a bound, since every kind has a largest value; packed by `packPlain`, none is larger. Numbers on a grid with fractions are
// doubles. Units: bytes.

/** A double and its first byte: whatever the number, it is no longer. */
export const numberBytesMax = 9;

/** A whole number from `min` to `max`. */
export function wholeBytesMax(min: number, max: number): number {
  return Math.max(wholeBytes(min), wholeBytes(max));
}

/** A number from `min` to `max` in steps of `step`. */
export function gridBytesMax({ min, max, step }: { readonly min: number; readonly max: number; readonly step: number }): number {
  return [min, max, step].every(Number.isInteger) ? wholeBytesMax(min, max) : numberBytesMax;
}

/** Text of at most `bytes` bytes of UTF-8. */
export function textBytesMax(bytes: number): number {
  return (bytes < 32 ? 1 : bytes < 256 ? 2 : 3) + bytes;
}

/** Raw bytes, at most so many. */
export function binBytesMax(bytes: number): number {
  return (bytes < 256 ? 2 : 3) + bytes;
}

/** What stands before the items of an array, or before the pairs of a map. */
export function headBytes(items: number): number {
  return items < 16 ? 1 : 3;
}

function wholeBytes(value: number): number {
  if (value < -(2 ** 31) || value >= 2 ** 32) return numberBytesMax;
  const size = value < 0 ? -value - 1 : value;
  const [one, two, three] = value < 0 ? [2 ** 5, 2 ** 7, 2 ** 15] : [2 ** 7, 2 ** 8, 2 ** 16];
  return size < one ? 1 : size < two ? 2 : size < three ? 3 : 5;
}
