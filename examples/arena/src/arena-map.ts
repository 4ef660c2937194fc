// The place: its size, its walls and where players appear. Walls never change, so they are code on both ends and not entities.
//
// Invariant: the map looks the same turned by half a turn, so no side is better; no spawn point touches a wall.
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
  // The block in the middle, and the four pillars around it.
  { x: 900, y: 690, width: 200, height: 120 },
  { x: 660, y: 540, width: 80, height: 80 },
  { x: 1260, y: 540, width: 80, height: 80 },
  { x: 660, y: 880, width: 80, height: 80 },
  { x: 1260, y: 880, width: 80, height: 80 },
  // Long bars that cut the lines of fire.
  { x: 760, y: 300, width: 480, height: 60 },
  { x: 760, y: 1140, width: 480, height: 60 },
  { x: 420, y: 540, width: 60, height: 420 },
  { x: 1520, y: 540, width: 60, height: 420 },
  // A corner piece in each corner: two walls that meet.
  { x: 240, y: 240, width: 240, height: 60 },
  { x: 240, y: 240, width: 60, height: 200 },
  { x: 1520, y: 240, width: 240, height: 60 },
  { x: 1700, y: 240, width: 60, height: 200 },
  { x: 240, y: 1200, width: 240, height: 60 },
  { x: 240, y: 1060, width: 60, height: 200 },
  { x: 1520, y: 1200, width: 240, height: 60 },
  { x: 1700, y: 1060, width: 60, height: 200 },
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
