// The shapes that the arena is drawn with, painted once into one texture, so that the renderer draws hundreds of them in one go. White where a colour is to
// be laid over them.
//
// Invariant: painted larger than they are shown, with space between them, so that they stay smooth at every zoom.
// Units: texture pixels.

import type * as Phaser from 'phaser';
import { ballEmblem, emblems } from './emblems.ts';

/** The texture; each shape is a frame of it. */
export const shapes = 'shapes';

export type Shape =
  | 'body'
  | 'ring'
  | 'shadow'
  | 'rifle'
  | 'launcher'
  | 'flash'
  | 'dot'
  | 'smoke'
  | 'tracer'
  | 'rocket'
  | 'shock'
  | 'ball'
  | 'pad'
  | 'health'
  | 'rockets'
  | 'bar';

/** The mark of a colour: who sees few colours tells players apart by it. */
export function emblemOf(colour: number): string {
  return `emblem ${colour % emblems.length}`;
}

export function paintTextures(textures: Phaser.Textures.TextureManager): void {
  const texture = textures.createCanvas(shapes, size, size);
  if (!texture) throw new Error(`the texture '${shapes}' exists already`);
  const sheet = new Sheet(texture);
  sheet.paint('shock', 256, 256, (pen) => {
    const wave = pen.createRadialGradient(128, 128, 78, 128, 128, 126);
    wave.addColorStop(0, 'rgb(255 255 255 / 0%)');
    wave.addColorStop(0.82, 'rgb(255 255 255 / 90%)');
    wave.addColorStop(1, 'rgb(255 255 255 / 0%)');
    disc(pen, 128, 128, 126, wave);
  });
  sheet.paint('tracer', 256, 16, (pen) => {
    const tail = pen.createLinearGradient(0, 0, 256, 0);
    tail.addColorStop(0, 'rgb(255 255 255 / 0%)');
    tail.addColorStop(0.4, 'rgb(255 255 255 / 45%)');
    tail.addColorStop(1, 'rgb(255 255 255 / 100%)');
    pen.fillStyle = tail;
    rounded(pen, 0, 4, 256, 8, 4);
    pen.fill();
  });
  paintBodies(sheet);
  paintWeapons(sheet);
  paintThings(sheet);
  emblems.forEach((draw, number) => {
    sheet.paint(`emblem ${number}`, 64, 64, (pen) => {
      pen.fillStyle = pen.strokeStyle = 'rgb(10 16 26 / 78%)';
      pen.lineWidth = 9;
      pen.lineJoin = 'round';
      draw(pen);
    });
  });
  texture.refresh();
}

function paintBodies(sheet: Sheet): void {
  sheet.paint('body', 128, 128, (pen) => {
    disc(pen, 64, 64, 60, '#ffffff');
    const shade = pen.createRadialGradient(52, 46, 12, 64, 64, 60);
    shade.addColorStop(0, 'rgb(255 255 255 / 0%)');
    shade.addColorStop(0.7, 'rgb(0 0 0 / 10%)');
    shade.addColorStop(1, 'rgb(0 0 0 / 34%)');
    disc(pen, 64, 64, 60, shade);
    pen.lineWidth = 8;
    pen.strokeStyle = 'rgb(0 0 0 / 38%)';
    circle(pen, 64, 64, 56);
    pen.stroke();
  });
  sheet.paint('ring', 128, 128, (pen) => {
    pen.lineWidth = 6;
    pen.strokeStyle = '#ffffff';
    circle(pen, 64, 64, 59);
    pen.stroke();
  });
  sheet.paint('shadow', 128, 128, (pen) => {
    const shade = pen.createRadialGradient(64, 64, 40, 64, 64, 63);
    shade.addColorStop(0, 'rgb(6 10 16 / 55%)');
    shade.addColorStop(1, 'rgb(6 10 16 / 0%)');
    disc(pen, 64, 64, 63, shade);
  });
  sheet.paint('dot', 32, 32, (pen) => disc(pen, 16, 16, 14, '#ffffff'));
  sheet.paint('smoke', 64, 64, (pen) => {
    const puff = pen.createRadialGradient(32, 32, 4, 32, 32, 31);
    puff.addColorStop(0, 'rgb(255 255 255 / 80%)');
    puff.addColorStop(1, 'rgb(255 255 255 / 0%)');
    disc(pen, 32, 32, 31, puff);
  });
  sheet.paint('bar', 16, 16, (pen) => {
    pen.fillStyle = '#ffffff';
    pen.fillRect(0, 0, 16, 16);
  });
}

function paintWeapons(sheet: Sheet): void {
  sheet.paint('rifle', 128, 64, (pen) => {
    pen.fillStyle = '#c3d0df';
    rounded(pen, 2, 18, 122, 28, 8);
    pen.fill();
    pen.fillStyle = '#7e90a6';
    rounded(pen, 88, 14, 36, 36, 6);
    pen.fill();
    pen.fillStyle = 'rgb(0 0 0 / 25%)';
    pen.fillRect(2, 38, 122, 8);
  });
  sheet.paint('launcher', 128, 64, (pen) => {
    pen.fillStyle = '#8c9db2';
    rounded(pen, 2, 4, 118, 56, 10);
    pen.fill();
    pen.fillStyle = '#f0a010';
    rounded(pen, 92, 0, 34, 64, 8);
    pen.fill();
    pen.fillStyle = '#1b2635';
    rounded(pen, 112, 10, 14, 44, 5);
    pen.fill();
  });
  sheet.paint('flash', 64, 64, (pen) => {
    const glow = pen.createRadialGradient(22, 32, 3, 22, 32, 32);
    glow.addColorStop(0, 'rgb(255 255 255 / 100%)');
    glow.addColorStop(0.35, 'rgb(255 236 170 / 90%)');
    glow.addColorStop(1, 'rgb(255 190 80 / 0%)');
    disc(pen, 28, 32, 28, glow);
  });
  sheet.paint('rocket', 128, 64, (pen) => {
    const flame = pen.createLinearGradient(0, 0, 44, 0);
    flame.addColorStop(0, 'rgb(255 140 40 / 0%)');
    flame.addColorStop(1, 'rgb(255 226 140 / 100%)');
    pen.fillStyle = flame;
    polygon(pen, [0, 32, 44, 20, 44, 44]);
    pen.fill();
    pen.fillStyle = '#ffffff';
    polygon(pen, [40, 12, 58, 22, 58, 42, 40, 52]);
    pen.fill();
    rounded(pen, 44, 20, 58, 24, 4);
    pen.fill();
    polygon(pen, [100, 20, 126, 32, 100, 44]);
    pen.fill();
    pen.fillStyle = 'rgb(0 0 0 / 28%)';
    pen.fillRect(44, 34, 58, 10);
  });
}

function paintThings(sheet: Sheet): void {
  sheet.paint('ball', 128, 128, (pen) => {
    disc(pen, 64, 64, 61, '#f4f8fc');
    ballEmblem(pen);
    const shade = pen.createRadialGradient(48, 42, 14, 64, 64, 62);
    shade.addColorStop(0, 'rgb(255 255 255 / 25%)');
    shade.addColorStop(0.6, 'rgb(0 0 0 / 0%)');
    shade.addColorStop(1, 'rgb(10 18 30 / 45%)');
    disc(pen, 64, 64, 61, shade);
    pen.lineWidth = 5;
    pen.strokeStyle = '#141e2c';
    circle(pen, 64, 64, 59);
    pen.stroke();
  });
  sheet.paint('pad', 128, 128, (pen) => {
    pen.lineWidth = 5;
    pen.setLineDash([22, 15]);
    pen.strokeStyle = 'rgb(170 190 214 / 80%)';
    circle(pen, 64, 64, 56);
    pen.stroke();
  });
  sheet.paint('health', 128, 128, (pen) => {
    disc(pen, 64, 64, 56, '#eef6f2');
    pen.fillStyle = '#1a9f73';
    pen.fillRect(50, 22, 28, 84);
    pen.fillRect(22, 50, 84, 28);
    pen.lineWidth = 8;
    pen.strokeStyle = '#1a9f73';
    circle(pen, 64, 64, 56);
    pen.stroke();
  });
  sheet.paint('rockets', 128, 128, (pen) => {
    pen.fillStyle = '#2b2112';
    rounded(pen, 10, 10, 108, 108, 18);
    pen.fill();
    pen.lineWidth = 8;
    pen.strokeStyle = '#f0a010';
    pen.stroke();
    pen.fillStyle = '#ffc65c';
    for (const x of [40, 64, 88]) {
      polygon(pen, [x, 24, x + 9, 48, x + 9, 86, x + 15, 104, x - 15, 104, x - 9, 86, x - 9, 48]);
      pen.fill();
    }
  });
}

/** Places shapes on a texture, row by row. */
class Sheet {
  readonly #texture: Phaser.Textures.CanvasTexture;
  #x = gap;
  #y = gap;
  #rowHeight = 0;

  constructor(texture: Phaser.Textures.CanvasTexture) {
    this.#texture = texture;
  }

  paint(name: Shape | `emblem ${number}`, width: number, height: number, draw: (pen: CanvasRenderingContext2D) => void): void {
    if (this.#x + width + gap > size) {
      this.#x = gap;
      this.#y += this.#rowHeight + gap;
      this.#rowHeight = 0;
    }
    const pen = this.#texture.context;
    pen.save();
    pen.translate(this.#x, this.#y);
    draw(pen);
    pen.restore();
    this.#texture.add(name, 0, this.#x, this.#y, width, height);
    this.#x += width + gap;
    this.#rowHeight = Math.max(this.#rowHeight, height);
  }
}

function disc(pen: CanvasRenderingContext2D, x: number, y: number, radius: number, fill: string | CanvasGradient): void {
  pen.fillStyle = fill;
  circle(pen, x, y, radius);
  pen.fill();
}

function circle(pen: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  pen.beginPath();
  pen.arc(x, y, radius, 0, 2 * Math.PI);
}

function rounded(pen: CanvasRenderingContext2D, x: number, y: number, width: number, height: number, radius: number): void {
  pen.beginPath();
  pen.roundRect(x, y, width, height, radius);
}

/** @param points x and y in turns. */
function polygon(pen: CanvasRenderingContext2D, points: readonly number[]): void {
  pen.beginPath();
  for (let at = 0; at < points.length; at += 2) pen.lineTo(points[at] ?? 0, points[at + 1] ?? 0);
  pen.closePath();
}

/** A power of two, for mipmaps. */
const size = 1024;
/** So much that a small picture of one shape has nothing of its neighbour in it. */
const gap = 16;
