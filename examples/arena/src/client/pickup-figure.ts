// A pick-up on the screen: breathes while it is there; its place is marked while it is not.
//
// Units: arena units, milliseconds.

import type { ViewEntity } from '@tickwire/client';
import type * as Phaser from 'phaser';
import type { game } from '../game.ts';
import { shapes } from './textures.ts';

export class PickupFigure {
  readonly #pad: Phaser.GameObjects.Image;
  readonly #thing: Phaser.GameObjects.Image;

  constructor(scene: Phaser.Scene) {
    this.#pad = scene.add.image(0, 0, shapes, 'pad').setDisplaySize(54, 54).setDepth(1).setAlpha(0.55);
    this.#thing = scene.add.image(0, 0, shapes, 'health').setDepth(3);
  }

  lie({ pos, kind, isThere }: ViewEntity<typeof game, 'pickup'>, now: number): void {
    const size = pickupSize * (1 + 0.06 * Math.sin(now / 260 + pos.x));
    if (this.#thing.frame.name !== kind) this.#thing.setFrame(kind, false, false);
    this.#thing.setPosition(pos.x, pos.y).setDisplaySize(size, size).setVisible(isThere);
    this.#pad.setPosition(pos.x, pos.y).setRotation(now / 2600);
  }

  setVisible(isVisible: boolean): void {
    this.#pad.setVisible(isVisible);
    this.#thing.setVisible(isVisible);
  }

  destroy(): void {
    this.#pad.destroy();
    this.#thing.destroy();
  }
}

const pickupSize = 36;
