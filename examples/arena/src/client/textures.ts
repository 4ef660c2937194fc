// The shapes that the arena is drawn with, painted once into textures: white where a player's colour is to be laid over them.
//
// Invariant: painted larger than they are shown and with powers of two, so that they stay smooth at every zoom.
// Units: texture pixels.

import type * as Phaser from 'phaser';

export const textureNames = { body: 'body', barrel: 'barrel', ring: 'ring', shadow: 'shadow', bullet: 'bullet', flash: 'flash', dot: 'dot' } as const;

export function paintTextures(textures: Phaser.Textures.TextureManager): void {
  paint(textures, textureNames.body, 128, 128, (pen) => {
    disc(pen, 64, 64, 60, '#ffffff');
    pen.lineWidth = 11;
    pen.strokeStyle = 'rgb(0 0 0 / 26%)';
    circle(pen, 64, 64, 54.5);
    pen.stroke();
    disc(pen, 64, 64, 17, 'rgb(0 0 0 / 16%)');
  });
  paint(textures, textureNames.barrel, 128, 64, (pen) => {
    pen.fillStyle = '#c3d0df';
    rounded(pen, 2, 8, 122, 48, 14);
    pen.fill();
    pen.fillStyle = '#8fa1b6';
    rounded(pen, 98, 8, 26, 48, 10);
    pen.fill();
  });
  paint(textures, textureNames.ring, 128, 128, (pen) => {
    pen.lineWidth = 5;
    pen.strokeStyle = '#ffffff';
    circle(pen, 64, 64, 59);
    pen.stroke();
  });
  paint(textures, textureNames.shadow, 128, 128, (pen) => {
    const shade = pen.createRadialGradient(64, 64, 40, 64, 64, 63);
    shade.addColorStop(0, 'rgb(8 13 20 / 50%)');
    shade.addColorStop(1, 'rgb(8 13 20 / 0%)');
    disc(pen, 64, 64, 63, shade);
  });
  paint(textures, textureNames.bullet, 128, 32, (pen) => {
    const tail = pen.createLinearGradient(0, 0, 110, 0);
    tail.addColorStop(0, 'rgb(255 255 255 / 0%)');
    tail.addColorStop(1, 'rgb(255 255 255 / 80%)');
    pen.fillStyle = tail;
    rounded(pen, 0, 9, 116, 14, 7);
    pen.fill();
    disc(pen, 111, 16, 13, '#ffffff');
  });
  paint(textures, textureNames.flash, 64, 64, (pen) => {
    const glow = pen.createRadialGradient(22, 32, 3, 22, 32, 32);
    glow.addColorStop(0, 'rgb(255 255 255 / 100%)');
    glow.addColorStop(0.35, 'rgb(255 236 170 / 90%)');
    glow.addColorStop(1, 'rgb(255 190 80 / 0%)');
    disc(pen, 28, 32, 28, glow);
  });
  paint(textures, textureNames.dot, 32, 32, (pen) => disc(pen, 16, 16, 14, '#ffffff'));
}

function paint(
  textures: Phaser.Textures.TextureManager,
  name: string,
  width: number,
  height: number,
  draw: (pen: CanvasRenderingContext2D) => void,
): void {
  const texture = textures.createCanvas(name, width, height);
  if (!texture) throw new Error(`the texture '${name}' exists already`);
  draw(texture.context);
  texture.refresh();
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
