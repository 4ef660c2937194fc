// A player as the arena draws him, small: his colour with his mark in it, for tables and lists.
//
// Invariant: the same mark as on the body in the arena, so that nobody needs the colour to find the one in the other. Units: pixels.

import { emblems } from './emblems.ts';
import { make } from './page.ts';
import { colourOf, cssColour } from './palette.ts';

/** Somebody who is spoken of. */
export interface Named {
  readonly name: string;
  /** Undefined when the player is gone already. */
  readonly player: { readonly colour: number } | undefined;
}

const drawn = new Map<number, string>();

/** @param player undefined for one who is not there any more. */
export function markOf(player: { readonly colour: number } | undefined): HTMLElement {
  const mark = make('span', 'mark');
  if (player) mark.style.backgroundImage = `url(${pictureOf(player.colour)})`;
  return mark;
}

/** A name in its player's colour, with the mark before it. */
export function nameTag({ name, player }: Named): HTMLElement {
  const tag = make('span', 'name tinted', name);
  if (player) tag.style.setProperty('--colour', cssColour(colourOf(player)));
  tag.prepend(markOf(player));
  return tag;
}

function pictureOf(colour: number): string {
  const kept = drawn.get(colour);
  if (kept !== undefined) return kept;
  const canvas = make('canvas');
  canvas.width = size;
  canvas.height = size;
  const pen = canvas.getContext('2d');
  if (pen) {
    pen.fillStyle = cssColour(colourOf({ colour }));
    pen.beginPath();
    pen.arc(size / 2, size / 2, size / 2 - 1, 0, 2 * Math.PI);
    pen.fill();
    pen.fillStyle = pen.strokeStyle = '#0d141f';
    pen.lineWidth = 9;
    // The marks are made for a square of 64.
    pen.translate((size - 64 * markScale) / 2, (size - 64 * markScale) / 2);
    pen.scale(markScale, markScale);
    emblems[colour]?.(pen);
  }
  const picture = canvas.toDataURL();
  drawn.set(colour, picture);
  return picture;
}

/** Sharp at three times the density of the 16 that it is shown at. */
const size = 48;
const markScale = 0.66;
