// Directions as counts of a 65536th of a turn, and their unit vectors, without the sines and cosines in which engines differ.
//
// Invariant: made of + - * / sqrt only, so the same in every engine. Units: counts 0 to 65535; vectors of length 1.

/** Vectors in a turn. */
const size = 1024;
const mask = size - 1;
const shift = 6;
const xs = new Float64Array(size);
const ys = new Float64Array(size);
fill();

export function directionX(count: number): number {
  return xs[(count >>> shift) & mask] as number;
}

export function directionY(count: number): number {
  return ys[(count >>> shift) & mask] as number;
}

/** Halves a quarter turn eight times, then walks round the circle with what that gives. */
function fill(): void {
  let cos = 0;
  let sin = 1;
  for (let angle = size / 4; angle > 1; angle /= 2) {
    const half = Math.sqrt((1 + cos) / 2);
    sin = sin / (2 * half);
    cos = half;
  }
  let x = 1;
  let y = 0;
  for (let index = 0; index < size; index++) {
    xs[index] = x;
    ys[index] = y;
    const length = Math.sqrt((x * cos - y * sin) * (x * cos - y * sin) + (x * sin + y * cos) * (x * sin + y * cos));
    const next = (x * cos - y * sin) / length;
    y = (x * sin + y * cos) / length;
    x = next;
  }
}
