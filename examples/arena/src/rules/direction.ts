// From an angle to a unit vector, the same to the last digit in every engine: Math.sin and Math.cos differ between them, + - * / do not.
//
// Units: radians, from -pi up to pi (any other angle is turned into that range first).

import type { Vec2 } from '@tickwire/shared';

export function directionOf(angle: number): Vec2 {
  const quarters = Math.round(angle / quarterTurn);
  const rest = angle - quarters * quarterTurn;
  const cos = cosNearZero(rest);
  const sin = sinNearZero(rest);
  const quadrant = ((quarters % 4) + 4) % 4;
  if (quadrant === 0) return { x: cos, y: sin };
  if (quadrant === 1) return { x: -sin, y: cos };
  if (quadrant === 2) return { x: -cos, y: -sin };
  return { x: sin, y: -cos };
}

/** Taylor series, within pi / 4 of zero right to 3e-9. */
function sinNearZero(x: number): number {
  const square = x * x;
  return x * (1 - (square / 6) * (1 - (square / 20) * (1 - (square / 42) * (1 - square / 72))));
}

function cosNearZero(x: number): number {
  const square = x * x;
  return 1 - (square / 2) * (1 - (square / 12) * (1 - (square / 30) * (1 - (square / 56) * (1 - square / 90))));
}

const quarterTurn = 1.5707963267948966;
