// Circles against rectangles and against each other: pushing a circle out of walls, and where along a line a moving circle first touches something.
//
// Invariant: + - * / and sqrt only, so both ends of a predicted move get the same digits.
// Units: arena units; `along` is 0 at the start of a line and 1 at its end.

import type { Vec2 } from '@tickwire/shared';
import { arenaSize, type Rect } from '../arena-map.ts';

/** Moves a circle's centre to the nearest place where it is inside the arena and outside every wall. */
export function pushOut(centre: Vec2, radius: number, walls: readonly Rect[]): void {
  // Leaving one wall can push into its neighbour at an inner corner; the second pass settles that.
  for (let pass = 0; pass < 2; pass++) for (const wall of walls) pushOutOfRect(centre, radius, wall);
  centre.x = clamp(centre.x, radius, arenaSize.width - radius);
  centre.y = clamp(centre.y, radius, arenaSize.height - radius);
}

function pushOutOfRect(centre: Vec2, radius: number, rect: Rect): void {
  const right = rect.x + rect.width;
  const bottom = rect.y + rect.height;
  const nearestX = clamp(centre.x, rect.x, right);
  const nearestY = clamp(centre.y, rect.y, bottom);
  const dx = centre.x - nearestX;
  const dy = centre.y - nearestY;
  const squared = dx * dx + dy * dy;
  if (squared >= radius * radius) return;
  if (squared > 0) {
    const distance = Math.sqrt(squared);
    centre.x = nearestX + (dx / distance) * radius;
    centre.y = nearestY + (dy / distance) * radius;
    return;
  }
  // The centre itself is inside: leave by the nearest side.
  const toLeft = centre.x - rect.x;
  const toRight = right - centre.x;
  const toTop = centre.y - rect.y;
  const toBottom = bottom - centre.y;
  const least = Math.min(toLeft, toRight, toTop, toBottom);
  if (least === toLeft) centre.x = rect.x - radius;
  else if (least === toRight) centre.x = right + radius;
  else if (least === toTop) centre.y = rect.y - radius;
  else centre.y = bottom + radius;
}

/** Where a circle that moves from `from` to `to` first touches a wall or the arena's edge; undefined when it does not. Corners count as square. */
export function touchesWall(from: Readonly<Vec2>, to: Readonly<Vec2>, radius: number, walls: readonly Rect[]): number | undefined {
  let first = leavesArena(from, to, radius);
  for (const wall of walls) {
    const along = entersRect(from, to, wall.x - radius, wall.y - radius, wall.x + wall.width + radius, wall.y + wall.height + radius);
    if (along !== undefined && (first === undefined || along < first)) first = along;
  }
  return first;
}

/** Where a point that moves from `from` to `to` first is within `reach` of `centre`; undefined when it never is. */
export function touchesCircle(from: Readonly<Vec2>, to: Readonly<Vec2>, centre: Readonly<Vec2>, reach: number): number | undefined {
  const dx = to.x - from.x;
  const dy = to.y - from.y;
  const fx = from.x - centre.x;
  const fy = from.y - centre.y;
  const c = fx * fx + fy * fy - reach * reach;
  if (c <= 0) return 0;
  const a = dx * dx + dy * dy;
  const halfB = fx * dx + fy * dy;
  const discriminant = halfB * halfB - a * c;
  if (a === 0 || discriminant < 0) return undefined;
  const along = (-halfB - Math.sqrt(discriminant)) / a;
  return along >= 0 && along <= 1 ? along : undefined;
}

function leavesArena(from: Readonly<Vec2>, to: Readonly<Vec2>, radius: number): number | undefined {
  const inside = (point: Readonly<Vec2>) =>
    point.x >= radius && point.y >= radius && point.x <= arenaSize.width - radius && point.y <= arenaSize.height - radius;
  if (inside(to)) return undefined;
  if (!inside(from)) return 0;
  const alongX = crossing(from.x, to.x, radius, arenaSize.width - radius);
  const alongY = crossing(from.y, to.y, radius, arenaSize.height - radius);
  return Math.min(alongX, alongY);
}

/** When a coordinate that starts between two bounds crosses one of them; 1 when it stays between. */
function crossing(from: number, to: number, low: number, high: number): number {
  if (to < low) return (low - from) / (to - from);
  if (to > high) return (high - from) / (to - from);
  return 1;
}

function entersRect(from: Readonly<Vec2>, to: Readonly<Vec2>, left: number, top: number, right: number, bottom: number): number | undefined {
  const acrossX = slab(from.x, to.x, left, right);
  const acrossY = slab(from.y, to.y, top, bottom);
  if (!acrossX || !acrossY) return undefined;
  const enters = Math.max(acrossX.enters, acrossY.enters, 0);
  return enters <= Math.min(acrossX.leaves, acrossY.leaves, 1) ? enters : undefined;
}

/** The part of a movement along one axis that lies between two bounds. */
function slab(from: number, to: number, low: number, high: number): { enters: number; leaves: number } | undefined {
  const distance = to - from;
  if (distance === 0) return from > low && from < high ? { enters: Number.NEGATIVE_INFINITY, leaves: Number.POSITIVE_INFINITY } : undefined;
  const one = (low - from) / distance;
  const other = (high - from) / distance;
  return one < other ? { enters: one, leaves: other } : { enters: other, leaves: one };
}

function clamp(value: number, low: number, high: number): number {
  return value < low ? low : value > high ? high : value;
}
