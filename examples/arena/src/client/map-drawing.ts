// The floor with its grid and the walls on it: painted once into textures, so that a frame costs a few rectangles whatever the map looks like.
//
// Units: arena units; textures have `paintScale` pixels to a unit.

import type * as Phaser from 'phaser';
import { arenaSize, type Rect, walls } from '../arena-map.ts';
import { cssColour, palette } from './palette.ts';

export function drawMap(scene: Phaser.Scene): void {
  drawFloor(scene);
  for (const [index, block] of joined(walls).entries()) drawBlock(scene, `block ${index}`, block);
}

/** The floor itself is the canvas' background: what is not drawn costs nothing, which software renderers and phones thank with twice the frames. */
function drawFloor(scene: Phaser.Scene): void {
  const { width, height } = arenaSize;
  const box = (colour: number, depth: number, x: number, y: number, w: number, h: number) =>
    scene.add.rectangle(x, y, w, h, colour).setOrigin(0).setDepth(depth);
  const lineColour = (at: number) => (at % (5 * gridStep) === 0 ? palette.gridLineStrong : palette.gridLine);
  for (let x = gridStep; x < width; x += gridStep) box(lineColour(x), 0, x - 1, 0, 2, height);
  for (let y = gridStep; y < height; y += gridStep) box(lineColour(y), 0, 0, y - 1, width, 2);
  for (const [colour, thick, depth] of [
    [palette.outside, outside, 1],
    [palette.edge, edge, 2],
  ] as const) {
    box(colour, depth, -thick, -thick, width + 2 * thick, thick);
    box(colour, depth, -thick, height, width + 2 * thick, thick);
    box(colour, depth, -thick, 0, thick, height);
    box(colour, depth, width, 0, thick, height);
  }
}

/** Seen from slightly below: a shadow, a dark foot, the block, and a lighter top. Walls that meet are painted layer by layer, so no seam shows. */
function drawBlock(scene: Phaser.Scene, name: string, block: readonly Rect[]): void {
  const left = Math.min(...block.map(({ x }) => x)) - margin;
  const top = Math.min(...block.map(({ y }) => y)) - margin;
  const right = Math.max(...block.map(({ x, width }) => x + width)) + margin;
  const bottom = Math.max(...block.map(({ y, height }) => y + height)) + margin;
  paint(scene, name, right - left, bottom - top, (pen) => {
    const layer = (fill: string, moved: number, inset: number, foot: number): void => {
      pen.fillStyle = fill;
      pen.beginPath();
      for (const { x, y, width, height } of block) {
        pen.roundRect(x - left + inset, y - top + inset + moved, width - 2 * inset, height - 2 * inset - foot, corner - inset / 2);
      }
      pen.fill();
    };
    pen.shadowColor = 'rgb(8 13 20 / 55%)';
    pen.shadowBlur = 12 * paintScale;
    pen.shadowOffsetY = 7 * paintScale;
    layer(cssColour(palette.wall), 0, 0, 0);
    pen.shadowColor = 'transparent';
    layer(cssColour(palette.wallFoot), 0, 0, 0);
    layer(cssColour(palette.wall), 0, 0, foot);
    layer(cssColour(palette.wallTop), 0, 3, foot);
  });
  scene.add
    .image(left, top, name)
    .setOrigin(0)
    .setScale(1 / paintScale)
    .setDepth(2);
}

function paint(scene: Phaser.Scene, name: string, width: number, height: number, draw: (pen: CanvasRenderingContext2D) => void): void {
  const texture = scene.textures.createCanvas(name, Math.ceil(width * paintScale), Math.ceil(height * paintScale));
  if (!texture) throw new Error(`the texture '${name}' exists already`);
  texture.context.scale(paintScale, paintScale);
  draw(texture.context);
  texture.refresh();
}

/** Walls that touch, together. */
function joined(rects: readonly Rect[]): Rect[][] {
  const blocks: Rect[][] = [];
  for (const rect of rects) {
    const touching = blocks.filter((block) => block.some((other) => touch(rect, other)));
    for (const block of touching) blocks.splice(blocks.indexOf(block), 1);
    blocks.push([...touching.flat(), rect]);
  }
  return blocks;
}

function touch(a: Rect, b: Rect): boolean {
  return a.x <= b.x + b.width && b.x <= a.x + a.width && a.y <= b.y + b.height && b.y <= a.y + a.height;
}

/** Two pixels to a unit: sharp up to a zoom of 2. */
const paintScale = 2;
const gridStep = 50;
const corner = 8;
/** How much of a block's side is seen. */
const foot = 7;
const edge = 14;
/** Farther than any screen sees. */
const outside = 2000;
/** Room for the shadow around a block. */
const margin = 28;
