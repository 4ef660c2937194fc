// The place: its size, its walls, the goals, and where players, pick-ups and the ball appear. None of it ever changes, so it is code on both ends and
// not entities.
//
// Invariant: the map looks the same turned by half a turn, so no side is better; nothing that appears touches a wall.
// Units: arena units, x to the right, y down.

import type { Vec2 } from '@tickwire/shared';

export interface Rect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export const arenaSize = { width: 2000, height: 1500 } as const;

export const walls: readonly Rect[] = [
  // Cover above and below the middle, and four pillars around it.
  { x: 900, y: 560, width: 200, height: 50 },
  { x: 900, y: 890, width: 200, height: 50 },
  { x: 660, y: 540, width: 80, height: 80 },
  { x: 1260, y: 540, width: 80, height: 80 },
  { x: 660, y: 880, width: 80, height: 80 },
  { x: 1260, y: 880, width: 80, height: 80 },
  // Long bars that cut the lines of fire.
  { x: 760, y: 300, width: 480, height: 60 },
  { x: 760, y: 1140, width: 480, height: 60 },
  // Two bars before each goal, with a gap between them that a well aimed ball goes through.
  { x: 420, y: 540, width: 60, height: 130 },
  { x: 420, y: 830, width: 60, height: 130 },
  { x: 1520, y: 540, width: 60, height: 130 },
  { x: 1520, y: 830, width: 60, height: 130 },
  // A corner piece in each corner: two walls that meet.
  { x: 240, y: 240, width: 240, height: 60 },
  { x: 240, y: 240, width: 60, height: 200 },
  { x: 1520, y: 240, width: 240, height: 60 },
  { x: 1700, y: 240, width: 60, height: 200 },
  { x: 240, y: 1200, width: 240, height: 60 },
  { x: 240, y: 1060, width: 60, height: 200 },
  { x: 1520, y: 1200, width: 240, height: 60 },
  { x: 1700, y: 1060, width: 60, height: 200 },
  // The posts of the goals.
  { x: 0, y: 610, width: 70, height: 30 },
  { x: 0, y: 860, width: 70, height: 30 },
  { x: 1930, y: 610, width: 70, height: 30 },
  { x: 1930, y: 860, width: 70, height: 30 },
];

/** Left and right: a ball whose centre is in one has scored. */
export const goals: readonly Rect[] = [
  { x: 0, y: 640, width: 70, height: 220 },
  { x: 1930, y: 640, width: 70, height: 220 },
];

export const ballStart: Readonly<Vec2> = { x: 1000, y: 750 };

export const pickupPlaces: readonly { readonly pos: Readonly<Vec2>; readonly kind: 'health' | 'rockets' }[] = [
  { pos: { x: 370, y: 370 }, kind: 'health' },
  { pos: { x: 1630, y: 1130 }, kind: 'health' },
  { pos: { x: 1630, y: 370 }, kind: 'rockets' },
  { pos: { x: 370, y: 1130 }, kind: 'rockets' },
  { pos: { x: 1000, y: 440 }, kind: 'rockets' },
  { pos: { x: 1000, y: 1060 }, kind: 'rockets' },
  { pos: { x: 700, y: 750 }, kind: 'health' },
  { pos: { x: 1300, y: 750 }, kind: 'health' },
];

export const spawnPoints: readonly Readonly<Vec2>[] = [
  { x: 120, y: 120 },
  { x: 1880, y: 1380 },
  { x: 1880, y: 120 },
  { x: 120, y: 1380 },
  { x: 1000, y: 180 },
  { x: 1000, y: 1320 },
  { x: 200, y: 750 },
  { x: 1800, y: 750 },
];
