// The ground with its lines and goals, and the walls on it: painted once into textures, so that a frame costs a few rectangles whatever the map looks like.
//
// Units: arena units; textures have `paintScale` pixels to a unit.

import type * as Phaser from 'phaser';
import { arenaSize, ballStart, goals, type Rect, walls } from '../arena-map.ts';
import { cssColour, palette } from './palette.ts';

type Pen = CanvasRenderingContext2D;

export function drawMap(scene: Phaser.Scene): void {
  drawFloor(scene);
  drawPitch(scene);
  for (const [index, goal] of goals.entries()) drawGoal(scene, `goal ${index}`, goal);
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

/** As on every pitch: a line through the middle, and a circle where the ball begins. */
function drawPitch(scene: Phaser.Scene): void {
  const { x, y } = ballStart;
  scene.add.rectangle(x, y, 5, arenaSize.height, palette.pitch).setDepth(0.2);
  const size = 2 * (circleRadius + 4);
  paint(scene, 'circle', { x: x - size / 2, y: y - size / 2, width: size, height: size }, 0.2, (pen) => {
    pen.strokeStyle = cssColour(palette.pitch);
    pen.lineWidth = 5;
    pen.beginPath();
    pen.arc(size / 2, size / 2, circleRadius, 0, 2 * Math.PI);
    pen.stroke();
    pen.fillStyle = cssColour(palette.pitch);
    pen.beginPath();
    pen.arc(size / 2, size / 2, 9, 0, 2 * Math.PI);
    pen.fill();
  });
}

/** A net over dark ground, a bright line to cross, and half a circle of chequers before it. */
function drawGoal(scene: Phaser.Scene, name: string, { x, y, width, height }: Rect): void {
  const isLeft = x === 0;
  const reach = width + goalArea;
  paint(scene, name, { x: isLeft ? 0 : x - goalArea, y, width: reach, height }, 0.4, (pen) => {
    // Painted for the left goal; the right one is its picture in a mirror.
    if (!isLeft) {
      pen.translate(reach, 0);
      pen.scale(-1, 1);
    }
    const glow = pen.createLinearGradient(width, 0, reach, 0);
    glow.addColorStop(0, `${cssColour(palette.goal)}3a`);
    glow.addColorStop(1, `${cssColour(palette.goal)}00`);
    pen.fillStyle = glow;
    pen.fillRect(width, 0, goalArea, height);
    pen.fillStyle = cssColour(palette.goalGround);
    pen.fillRect(0, 0, width, height);
    pen.strokeStyle = `${cssColour(palette.goal)}66`;
    pen.lineWidth = 1.6;
    for (let at = -height; at < width + height; at += netStep) {
      line(pen, at, 0, at + height, height, width);
      line(pen, at + height, 0, at, height, width);
    }
    pen.fillStyle = cssColour(palette.goal);
    pen.fillRect(width - 6, 0, 6, height);
  });
}

/** A line of the net, only over the ground of the goal. */
function line(pen: Pen, fromX: number, fromY: number, toX: number, toY: number, width: number): void {
  pen.save();
  pen.beginPath();
  pen.rect(0, 0, width, Math.max(fromY, toY));
  pen.clip();
  pen.beginPath();
  pen.moveTo(fromX, fromY);
  pen.lineTo(toX, toY);
  pen.stroke();
  pen.restore();
}

/** Seen from slightly below: a shadow, a dark foot, the block, and a lighter top. Walls that meet are painted layer by layer, so no seam shows. */
function drawBlock(scene: Phaser.Scene, name: string, block: readonly Rect[]): void {
  const left = Math.min(...block.map(({ x }) => x)) - margin;
  const top = Math.min(...block.map(({ y }) => y)) - margin;
  const right = Math.max(...block.map(({ x, width }) => x + width)) + margin;
  const bottom = Math.max(...block.map(({ y, height }) => y + height)) + margin;
  paint(scene, name, { x: left, y: top, width: right - left, height: bottom - top }, 2, (pen) => {
    const layer = (fill: string, inset: number, below: number): void => {
      pen.fillStyle = fill;
      pen.beginPath();
      for (const { x, y, width, height } of block) {
        pen.roundRect(x - left + inset, y - top + inset, width - 2 * inset, height - 2 * inset - below, corner - inset / 2);
      }
      pen.fill();
    };
    pen.shadowColor = 'rgb(5 9 15 / 62%)';
    pen.shadowBlur = 13 * paintScale;
    pen.shadowOffsetX = 4 * paintScale;
    pen.shadowOffsetY = 9 * paintScale;
    layer(cssColour(palette.wall), 0, 0);
    pen.shadowColor = 'transparent';
    layer(cssColour(palette.wallFoot), 0, 0);
    layer(cssColour(palette.wallEdge), 0, foot);
    layer(cssColour(palette.wallTop), 2.5, foot);
  });
}

/** A picture that lies at a rectangle of the arena. */
function paint(scene: Phaser.Scene, name: string, { x, y, width, height }: Rect, depth: number, draw: (pen: Pen) => void): void {
  const texture = scene.textures.createCanvas(name, Math.ceil(width * paintScale), Math.ceil(height * paintScale));
  if (!texture) throw new Error(`the texture '${name}' exists already`);
  texture.context.scale(paintScale, paintScale);
  draw(texture.context);
  texture.refresh();
  scene.add
    .image(x, y, name)
    .setOrigin(0)
    .setScale(1 / paintScale)
    .setDepth(depth);
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
const foot = 11;
const edge = 14;
/** Farther than any screen sees. */
const outside = 2000;
/** Room for the shadow around a block. */
const margin = 34;
const circleRadius = 120;
const goalArea = 90;
const netStep = 20;
