// What the screen shows of the arena: how near, around whom, and how it shakes.
//
// Invariant: every screen sees about as much of the arena, whatever its size and shape: nobody gains by a larger window. Who wants less motion gets none
// that the game does not need. Units: arena units; page pixels; `zoom` is page pixels in one arena unit; milliseconds.

import type { Vec2 } from '@tickwire/shared';
import type * as Phaser from 'phaser';
import { arenaSize } from '../arena-map.ts';
import { directionOf } from '../rules/direction.ts';

export class Eye {
  zoom = 1;
  pixelRatio = 1;
  readonly #camera: Phaser.Cameras.Scene2D.Camera;
  readonly #focus: Vec2 = { x: arenaSize.width / 2, y: arenaSize.height / 2 };
  readonly #ahead: Vec2 = { x: 0, y: 0 };
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');

  constructor(camera: Phaser.Cameras.Scene2D.Camera) {
    this.#camera = camera;
  }

  /** The canvas has a new size. */
  resize(width: number, height: number, pixelRatio: number): void {
    this.zoom = Math.sqrt((width * height) / unitsSeen);
    this.pixelRatio = pixelRatio;
    this.#camera.setZoom(this.zoom * pixelRatio);
  }

  /** Looks at the own player, and a little to where he aims. */
  follow(pos: Readonly<Vec2>, aim: number, frameMs: number): void {
    const way = directionOf(aim);
    const share = 1 - Math.exp(-frameMs / aheadMs);
    const ahead = this.#calm.matches ? 0 : aheadUnits;
    this.#ahead.x += (way.x * ahead - this.#ahead.x) * share;
    this.#ahead.y += (way.y * ahead - this.#ahead.y) * share;
    this.#focus.x = pos.x + this.#ahead.x;
    this.#focus.y = pos.y + this.#ahead.y;
    this.look();
  }

  /** Where nobody plays: drifts slowly around the middle. */
  drift(now: number): void {
    const angle = this.#calm.matches ? 0 : now / driftMs;
    this.#focus.x = arenaSize.width * (0.5 + 0.14 * Math.cos(angle));
    this.#focus.y = arenaSize.height * (0.5 + 0.14 * Math.sin(angle));
    this.look();
  }

  look(): void {
    const { x, y } = this.#centre();
    this.#camera.centerOn(x, y);
  }

  /** The nearer to the middle of the screen something happens, the more it shakes. @param strength page pixels. */
  shake(at: Readonly<Vec2>, strength: number, ms: number): void {
    const { x, y } = this.#centre();
    const share = 1 - Math.hypot(at.x - x, at.y - y) / shakeReach;
    if (this.#calm.matches || share <= 0) return;
    // Of the canvas' width; Phaser moves by as much of the height as well.
    this.#camera.shake(ms, (strength * share) / innerWidth, true);
  }

  /** The place of the arena under a point of the page. */
  placeUnder(page: Readonly<Vec2>): Vec2 {
    const { x, y } = this.#centre();
    return { x: x + (page.x - innerWidth / 2) / this.zoom, y: y + (page.y - innerHeight / 2) / this.zoom };
  }

  /** How much of the arena is on the screen, for the minimap. */
  get seen(): { readonly x: number; readonly y: number; readonly width: number; readonly height: number } {
    const { x, y } = this.#centre();
    const [width, height] = [innerWidth / this.zoom, innerHeight / this.zoom];
    return { x: x - width / 2, y: y - height / 2, width, height };
  }

  /** The middle of the screen: what is followed, but not so far out that the screen shows little else than what lies outside. */
  #centre(): Vec2 {
    return {
      x: held(this.#focus.x, innerWidth / 2 / this.zoom, arenaSize.width),
      y: held(this.#focus.y, innerHeight / 2 / this.zoom, arenaSize.height),
    };
  }
}

function held(at: number, half: number, size: number): number {
  const least = half - outsideSeen;
  const most = size - least;
  return least > most ? size / 2 : Math.min(Math.max(at, least), most);
}

/** As much as 1100 x 700 units, in whatever shape the screen has. */
const unitsSeen = 1100 * 700;
/** How far the screen reaches beyond the arena's edge. */
const outsideSeen = 60;
/** How far it looks to where the own player aims, and in what time about two thirds of the way there are done. */
const aheadUnits = 36;
const aheadMs = 220;
/** Of a turn around the middle, 1 / 2 pi. */
const driftMs = 9000;
/** Beyond this nothing shakes the screen. */
const shakeReach = 600;
