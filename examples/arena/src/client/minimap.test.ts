// The whole arena in a corner, drawn with a pen that only notes its circles.

import type { View } from '@tickwire/client';
import { afterEach, expect, test, vi } from 'vitest';
import { colourCount, type game } from '../game.ts';
import type { Eye } from './eye.ts';
import { Minimap } from './minimap.ts';
import { cssColour, playerColours } from './palette.ts';

const circles: string[] = [];

class Pen {
  fillStyle = '';
  arc(x: number, y: number): void {
    circles.push(`${x},${y} ${this.fillStyle}`);
  }
  scale(): void {}
  clearRect(): void {}
  drawImage(): void {}
  fillRect(): void {}
  strokeRect(): void {}
  beginPath(): void {}
  fill(): void {}
}

afterEach(() => vi.unstubAllGlobals());

test('[PH14] the living are on the minimap where they are, oneself with a ring and above all others, the dead are not', () => {
  vi.stubGlobal('document', { createElement: () => ({ getContext: () => new Pen(), setAttribute() {}, hidden: false }) });
  const player = (x: number, colour: number, hp = 100, mine = false) => ({ pos: { x, y: 2 * x }, colour: colour % colourCount, hp, mine });
  let players = [player(10, 0, 100, true), player(20, 1), player(30, 2, 0)];
  const lists: Record<string, () => object[]> = { player: () => players, ball: () => [{ pos: { x: 7, y: 8 } }], pickup: () => [] };
  const view = { all: (type: string) => lists[type]?.(), mine: () => players[0] } as unknown as View<typeof game>;
  const map = new Minimap({ append() {} } as unknown as HTMLElement);
  const eye = { seen: { x: 0, y: 0, width: 1, height: 1 } } as Eye;
  const colour = (number: number): string => cssColour(playerColours[number] ?? 0);
  const own = [`10,20 #ffffff`, `10,20 ${colour(0)}`];
  map.draw(view, eye, 1000);
  expect(circles).toEqual([`20,40 ${colour(1)}`, '7,8 #ffffff', ...own]);
  // A few times a second are enough.
  map.draw(view, eye, 1016);
  expect(circles.splice(0)).toHaveLength(4);
  players = [player(10, 0, 0, true), player(30, 2)];
  map.draw(view, eye, 1100);
  expect(circles).toEqual([`30,60 ${colour(2)}`, '7,8 #ffffff']);
});
