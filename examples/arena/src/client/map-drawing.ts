// The floor with its grid and the walls on it: drawn once, never changed.
//
// Units: arena units.

import type * as Phaser from 'phaser';
import { arenaSize, walls } from '../arena-map.ts';
import { palette } from './palette.ts';

export function drawMap(scene: Phaser.Scene): void {
  drawFloor(scene.add.graphics().setDepth(0));
  drawWalls(scene.add.graphics().setDepth(2));
}

function drawFloor(pen: Phaser.GameObjects.Graphics): void {
  const { width, height } = arenaSize;
  pen.fillStyle(palette.edge).fillRoundedRect(-edge, -edge, width + 2 * edge, height + 2 * edge, edge + 6);
  pen.fillStyle(palette.floor).fillRoundedRect(0, 0, width, height, 6);
  for (let x = gridStep; x < width; x += gridStep) gridLine(pen, x).fillRect(x - 1, 0, 2, height);
  for (let y = gridStep; y < height; y += gridStep) gridLine(pen, y).fillRect(0, y - 1, width, 2);
}

function gridLine(pen: Phaser.GameObjects.Graphics, at: number): Phaser.GameObjects.Graphics {
  return pen.fillStyle(at % (5 * gridStep) === 0 ? palette.gridLineStrong : palette.gridLine);
}

/** Seen from slightly below: a dark foot, the block, and a lighter top. */
function drawWalls(pen: Phaser.GameObjects.Graphics): void {
  for (const { x, y, width, height } of walls) pen.fillStyle(palette.wallShadow, 0.55).fillRoundedRect(x + 5, y + 9, width, height, corner);
  // Blocks that meet are drawn one layer at a time, so that no seam shows between them.
  for (const { x, y, width, height } of walls) pen.fillStyle(palette.wall).fillRoundedRect(x, y, width, height, corner);
  for (const { x, y, width, height } of walls) pen.fillStyle(palette.wallTop).fillRoundedRect(x + 4, y + 4, width - 8, height - 12, corner - 2);
}

const gridStep = 50;
const corner = 8;
const edge = 14;
