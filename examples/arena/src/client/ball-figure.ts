// The ball on the screen, with its shadow.
//
// Invariant: it turns as fast as it rolls. Units: arena units, milliseconds.

import type { ViewEntity } from '@tickwire/client';
import type * as Phaser from 'phaser';
import { balance } from '../balance.ts';
import type { game } from '../game.ts';
import { shapes } from './textures.ts';

export class BallFigure {
  readonly #shadow: Phaser.GameObjects.Image;
  readonly #ball: Phaser.GameObjects.Image;

  constructor(scene: Phaser.Scene) {
    const size = 2 * balance.ballRadius * (128 / 122);
    this.#shadow = scene.add.image(0, 0, shapes, 'shadow').setDisplaySize(84, 84).setDepth(3);
    this.#ball = scene.add.image(0, 0, shapes, 'ball').setDisplaySize(size, size).setDepth(6);
  }

  roll({ pos, velocity }: ViewEntity<typeof game, 'ball'>, frameMs: number): void {
    this.#shadow.setPosition(pos.x + 4, pos.y + 8);
    // Seen from above a ball that rolls shows other sides; turning says as much.
    const speed = (Math.abs(velocity.x) + Math.abs(velocity.y)) * Math.sign(velocity.x || 1);
    this.#ball.setPosition(pos.x, pos.y).setRotation(this.#ball.rotation + (speed * frameMs) / 1000 / balance.ballRadius / 2);
  }

  setVisible(isVisible: boolean): void {
    this.#shadow.setVisible(isVisible);
    this.#ball.setVisible(isVisible);
  }

  destroy(): void {
    this.#shadow.destroy();
    this.#ball.destroy();
  }
}
