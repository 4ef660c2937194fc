// The whole arena in a corner of the page: walls and goals, who is where, the ball, and what the screen shows of it.
//
// Invariant: it says nothing that the game does not: the dead are not on it. Drawn on a canvas of its own a few times a second, the walls only once.
// Units: arena units, drawn at `scale` canvas pixels each; milliseconds.

import type { View } from '@tickwire/client';
import { arenaSize, goals, type Rect, walls } from '../arena-map.ts';
import type { game } from '../game.ts';
import type { Eye } from './eye.ts';
import { colourOf, cssColour, palette } from './palette.ts';

export class Minimap {
  readonly #canvas: HTMLCanvasElement;
  readonly #pen: CanvasRenderingContext2D;
  readonly #ground: HTMLCanvasElement;
  #drawnAt = 0;

  constructor(parent: HTMLElement) {
    this.#canvas = canvas();
    this.#canvas.id = 'minimap';
    this.#canvas.hidden = true;
    this.#canvas.setAttribute('aria-hidden', 'true');
    parent.append(this.#canvas);
    this.#pen = penOf(this.#canvas);
    this.#ground = drawnGround();
  }

  draw(view: View<typeof game>, eye: Eye, now: number): void {
    if (now - this.#drawnAt < everyMs) return;
    this.#drawnAt = now;
    this.#canvas.hidden = false;
    const pen = this.#pen;
    pen.clearRect(0, 0, arenaSize.width, arenaSize.height);
    pen.drawImage(this.#ground, 0, 0, arenaSize.width, arenaSize.height);
    box(pen, eye.seen);
    for (const { pos, isThere, kind } of view.all('pickup')) {
      if (isThere) mark(pen, pos.x, pos.y, 18, cssColour(kind === 'health' ? palette.healthGood : palette.rocketMark));
    }
    for (const player of view.all('player')) if (player.hp > 0 && !player.mine) dot(pen, player.pos.x, player.pos.y, 38, cssColour(colourOf(player)));
    for (const { pos } of view.all('ball')) dot(pen, pos.x, pos.y, 34, '#ffffff');
    const me = view.mine('player');
    if (me && me.hp > 0) {
      dot(pen, me.pos.x, me.pos.y, 58, '#ffffff');
      dot(pen, me.pos.x, me.pos.y, 40, cssColour(colourOf(me)));
    }
  }

  hide(): void {
    this.#canvas.hidden = true;
  }
}

function drawnGround(): HTMLCanvasElement {
  const ground = canvas();
  const pen = penOf(ground);
  pen.fillStyle = 'rgb(20 30 44 / 82%)';
  pen.fillRect(0, 0, arenaSize.width, arenaSize.height);
  pen.fillStyle = cssColour(palette.wallTop);
  for (const wall of walls) pen.fillRect(wall.x, wall.y, wall.width, wall.height);
  pen.fillStyle = cssColour(palette.goal);
  for (const goal of goals) pen.fillRect(goal.x, goal.y, goal.width, goal.height);
  return ground;
}

function canvas(): HTMLCanvasElement {
  const made = document.createElement('canvas');
  made.width = arenaSize.width * scale;
  made.height = arenaSize.height * scale;
  return made;
}

function penOf(on: HTMLCanvasElement): CanvasRenderingContext2D {
  const pen = on.getContext('2d');
  if (!pen) throw new Error('This browser cannot draw on a canvas.');
  pen.scale(scale, scale);
  return pen;
}

function dot(pen: CanvasRenderingContext2D, x: number, y: number, radius: number, fill: string): void {
  pen.fillStyle = fill;
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
  pen.fill();
}

function mark(pen: CanvasRenderingContext2D, x: number, y: number, half: number, fill: string): void {
  pen.fillStyle = fill;
  pen.fillRect(x - half, y - half, 2 * half, 2 * half);
}

function box(pen: CanvasRenderingContext2D, { x, y, width, height }: Rect): void {
  pen.strokeStyle = 'rgb(234 241 249 / 30%)';
  pen.lineWidth = 9;
  pen.strokeRect(x, y, width, height);
}

/** 360 by 270 pixels: sharp at twice the density on the 180 that it is wide. */
const scale = 0.18;
const everyMs = 50;
