// A rotation in 32 bits: which of the four numbers is the largest, and the other three at 10 bits each.
//
// Invariant: the rotation is off by less than 0.005 rad (precision.ts measures it in the tests). Units: numbers of a unit quaternion, x y z w.

const most = Math.SQRT1_2;
const counts = 1023;

export function packQuat(values: readonly number[], at: number): number {
  let largest = 0;
  for (let axis = 1; axis < 4; axis++) if (Math.abs(values[at + axis] as number) > Math.abs(values[at + largest] as number)) largest = axis;
  const sign = (values[at + largest] as number) < 0 ? -1 : 1;
  let packed = largest;
  for (let axis = 0; axis < 4; axis++) {
    if (axis === largest) continue;
    const count = Math.round((((values[at + axis] as number) * sign + most) / (2 * most)) * counts);
    packed = packed * 1024 + Math.max(0, Math.min(counts, count));
  }
  return packed;
}

export function unpackQuat(packed: number): [number, number, number, number] {
  const largest = Math.floor(packed / 2 ** 30);
  const values: [number, number, number, number] = [0, 0, 0, 0];
  let rest = packed % 2 ** 30;
  let squares = 0;
  for (let axis = 3; axis >= 0; axis--) {
    if (axis === largest) continue;
    const value = ((rest % 1024) / counts) * 2 * most - most;
    rest = Math.floor(rest / 1024);
    values[axis] = value;
    squares += value * value;
  }
  values[largest as 0] = Math.sqrt(Math.max(0, 1 - squares));
  return values;
}
